using System.Diagnostics.CodeAnalysis;

using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>The route events of one record, decoded while they are walked.</summary>
public ref struct RouteEvents
{
    private readonly RouteEventReader _file;
    private readonly Timestamp _time;
    private Part _part;

    // RIB records: entries one after the other, of one prefix.
    private ByteReader _entries;
    private int _entriesLeft;
    private readonly Prefix _prefix;
    private readonly bool _entryPathIds;
    private readonly uint _recordPathId;

    // Updates: four lists one after the other.
    private readonly BgpUpdate _update;
    private readonly int _peer;
    private NlriList.Enumerator _list;

    private RouteEvent _current;

    private enum Part : byte
    {
        None,
        Single,
        Rib,
        Withdrawn,
        MpWithdrawn,
        Announced,
        MpAnnounced,
    }

    internal RouteEvents(RouteEventReader file, Timestamp time)
    {
        _file = file;
        _time = time;
    }

    private RouteEvents(RouteEventReader file, Timestamp time, RouteEvent single) : this(file, time)
    {
        _current = single;
        _part = Part.Single;
    }

    private RouteEvents(RouteEventReader file, Timestamp time, ByteReader entries, RibHead head) : this(file, time)
    {
        _entriesLeft = entries.U16();
        _entries = entries;
        _prefix = head.Prefix;
        _entryPathIds = head.EntryPathIds;
        _recordPathId = head.PathId;
        _part = Part.Rib;
    }

    private RouteEvents(RouteEventReader file, Timestamp time, BgpUpdate update, int peer) : this(file, time)
    {
        _update = update;
        _peer = peer;
        _list = update.Withdrawn.GetEnumerator();
        _part = Part.Withdrawn;
        file.Fault = update.Fault;
        file.UnsaidAddPath = update.IsUnsaidAddPath;
    }

    public readonly RouteEvents GetEnumerator() => this;

    [UnscopedRef]
    public readonly ref readonly RouteEvent Current => ref _current;

    public bool MoveNext()
    {
        switch (_part)
        {
            case Part.None:
                return false;
            case Part.Single:
                _part = Part.None;
                return true;
            case Part.Rib:
                return NextEntry();
            default:
                return NextOfUpdate();
        }
    }

    private bool NextEntry()
    {
        while (_entriesLeft > 0)
        {
            _entriesLeft--;
            int at = _entries.Offset;
            int place = _entries.U16();
            uint originated = _entries.U32();
            uint pathId = _entryPathIds ? _entries.U32() : _recordPathId;
            var attributes = _entries.Take(_entries.U16());
            if (!_entries.Ok)
            {
                _entriesLeft = 0;
                _file.Fault = _entries.Fault;
                return false;
            }
            int peer = _file.NumberAt(place);
            if (peer < 0)
            {
                _file.Fault = new(_file.HasPeerIndex ? FaultKind.BadValue : FaultKind.NoPeerIndex, at, 0, 0, Treatment.SkipRecord);
                continue;
            }
            _current = new()
            {
                Kind = RouteEventKind.RibEntry,
                Time = _time,
                Originated = Timestamp.FromSeconds(originated),
                Peer = peer,
                Prefix = _prefix,
                PathId = pathId,
                Attributes = new(attributes, wide: true, abbreviated: true),
            };
            return true;
        }
        return false;
    }

    private bool NextOfUpdate()
    {
        while (true)
        {
            if (_list.MoveNext())
            {
                bool announces = _part >= Part.Announced, malformed = announces && _update.Fault.Treatment is Treatment.TreatAsWithdraw;
                _current = new()
                {
                    Kind = announces && !malformed ? RouteEventKind.Announcement : RouteEventKind.Withdrawal,
                    Time = _time,
                    Originated = _time,
                    Peer = _peer,
                    Prefix = _list.Current,
                    PathId = _list.PathId,
                    Attributes = announces ? _update.Attributes : default,
                    TreatedAsWithdrawn = malformed,
                };
                return true;
            }
            if (_list.Fault.Kind is not FaultKind.None) LoseRest();
            if (_part is Part.MpAnnounced)
            {
                _part = Part.None;
                return false;
            }
            _part++;
            _list = _part switch
            {
                Part.MpWithdrawn => _update.MpWithdrawn.GetEnumerator(),
                Part.Announced => _update.Announced.GetEnumerator(),
                _ => _update.MpAnnounced.GetEnumerator(),
            };
        }
    }

    // A prefix that cannot be one hides how many would have followed it.
    private readonly void LoseRest()
    {
        if (_file.Fault.Kind is FaultKind.None) _file.Fault = _list.Fault;
        _file.LostPeer = _peer;
    }

    private readonly record struct RibHead(Prefix Prefix, bool EntryPathIds, uint PathId);

    /// <summary>TABLE_DUMP_V2 (RFC 6396 section 4.3, RFC 8050 section 4): one prefix, an entry for each peer that holds it.</summary>
    internal static RouteEvents OfRib(RouteEventReader file, MrtRecord record)
    {
        var reader = new ByteReader(record.Body, record.BodyOffset);
        reader.U32();
        AddressFamily family;
        bool pathIds = record.Subtype is >= 8 and <= 12;
        switch (record.Subtype)
        {
            case 2 or 3 or 8 or 9:
                family = AddressFamily.IPv4;
                break;
            case 4 or 5 or 10 or 11:
                family = AddressFamily.IPv6;
                break;
            case 6 or 12:
                ushort afi = reader.U16();
                reader.U8();
                if (reader.Ok && afi is not (1 or 2)) return file.Unknown(record);
                family = afi is 2 ? AddressFamily.IPv6 : AddressFamily.IPv4;
                break;
            default:
                return file.Unknown(record);
        }
        // RIB_GENERIC_ADDPATH packs the identifier with the prefix; the others with each entry (RFC 8050 section 4.3).
        uint pathId = record.Subtype is 12 ? reader.U32() : 0;
        var prefix = NlriList.ReadPrefix(ref reader, family, family is AddressFamily.IPv4 ? 32 : 128);
        if (!reader.Ok)
        {
            file.Fault = reader.Fault;
            return new(file, record.Time);
        }
        return new(file, record.Time, reader, new(prefix, pathIds && record.Subtype != 12, pathId));
    }

    /// <summary>TABLE_DUMP (RFC 6396 section 4.2): one prefix of one peer, AS numbers of two octets.</summary>
    internal static RouteEvents OfTableDump(RouteEventReader file, MrtRecord record)
    {
        var reader = new ByteReader(record.Body, record.BodyOffset);
        if (record.Subtype is not (1 or 2)) return file.Unknown(record);
        bool v6 = record.Subtype is 2;
        reader.U32();
        var address = v6 ? RouteEventReader.V6(ref reader) : IpAddress.V4(reader.U32());
        byte bits = reader.U8();
        reader.U8();
        uint originated = reader.U32();
        var from = v6 ? RouteEventReader.V6(ref reader) : IpAddress.V4(reader.U32());
        var asn = new Asn(reader.U16());
        var attributes = reader.Take(reader.U16());
        if (reader.Ok && bits > (v6 ? 128 : 32)) reader.Fail(FaultKind.BadValue, bits);
        file.Fault = reader.Fault;
        if (!reader.Ok) return new(file, record.Time);
        return new(file, record.Time, new RouteEvent
        {
            Kind = RouteEventKind.RibEntry,
            Time = record.Time,
            Originated = Timestamp.FromSeconds(originated),
            Peer = file.NumberOf(from, asn),
            Prefix = new(address, bits),
            Attributes = new(attributes, wide: false),
        });
    }

    /// <summary>BGP4MP and BGP4MP_ET (RFC 6396 sections 4.4 and 3, RFC 8050 section 3).</summary>
    internal static RouteEvents OfBgp4Mp(RouteEventReader file, MrtRecord record)
    {
        if (record.Subtype is not (0 or 1 or 4 or 5 or 6 or 7 or 8 or 9 or 10 or 11)) return file.Unknown(record);
        bool wide = record.Subtype is 4 or 5 or 7 or 9 or 11;
        var reader = new ByteReader(record.Body, record.BodyOffset);
        var asn = new Asn(wide ? reader.U32() : reader.U16());
        reader.Take(wide ? 4u : 2u);
        reader.U16();
        ushort afi = reader.U16();
        if (reader.Ok && afi is not (1 or 2)) reader.Fail(FaultKind.BadValue, 2);
        var address = afi is 2 ? RouteEventReader.V6(ref reader) : IpAddress.V4(reader.U32());
        reader.Take(afi is 2 ? 16u : 4u);
        if (record.Subtype is 0 or 5)
        {
            ushort before = reader.U16(), after = reader.U16();
            file.Fault = reader.Fault;
            if (!reader.Ok) return new(file, record.Time);
            return new(file, record.Time, new RouteEvent
            {
                Kind = RouteEventKind.PeerState,
                Time = record.Time,
                Originated = record.Time,
                Peer = file.NumberOf(address, asn),
                OldState = before,
                NewState = after,
            });
        }
        return OfMessage(file, record, ref reader, (address, asn, wide));
    }

    private static RouteEvents OfMessage(
        RouteEventReader file, MrtRecord record, scoped ref ByteReader reader, (IpAddress Address, Asn Asn, bool Wide) peer)
    {
        reader.Take(16);
        ushort length = reader.U16();
        var type = (BgpMessageType)reader.U8();
        if (reader.Ok && length < BgpUpdate.HeaderBytes) reader.Fail(FaultKind.BadLength, BgpUpdate.HeaderBytes);
        int at = reader.Offset;
        var body = reader.Take((uint)Math.Max(0, length - BgpUpdate.HeaderBytes));
        file.Fault = reader.Fault;
        // What the collector itself sent (_LOCAL) is no route of the peer.
        bool local = record.Subtype is 6 or 7 or 10 or 11;
        if (!reader.Ok) file.LostPeer = at > record.BodyOffset && peer.Address.Family is not AddressFamily.None
            ? file.NumberOf(peer.Address, peer.Asn) : RouteEventReader.AnyPeer;
        if (!reader.Ok || type is not BgpMessageType.Update || local) return new(file, record.Time);
        var update = new BgpUpdate(body, peer.Wide, record.Subtype is 8 or 9, at);
        if (update.Fault.Treatment is >= Treatment.SkipRecord)
        {
            file.Fault = update.Fault;
            file.LostPeer = file.NumberOf(peer.Address, peer.Asn);
            return new(file, record.Time);
        }
        return new(file, record.Time, update, file.NumberOf(peer.Address, peer.Asn));
    }
}
