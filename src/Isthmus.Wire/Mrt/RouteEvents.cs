using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>
/// The route events of one record, decoded while they are walked, once and before its reader is given another. Good as long as the
/// record's bytes are.
/// </summary>
public ref struct RouteEvents
{
    private readonly RouteEventReader _file;
    private readonly Timestamp _time;
    private Part _part;

    // RIB records: entries one after the other; of one prefix in the second version.
    private ByteReader _entries;
    private ReadOnlySpan<byte> _rib;
    private readonly AttributeBlocks? _blocks;
    private readonly RouteSieve? _sieve;
    private readonly int _entriesEnd;
    private int _entriesLeft;
    private readonly TableDump.Head _head;
    private readonly bool _v6, _wide;

    // Updates: four lists one after the other.
    private readonly BgpUpdate _update;
    private readonly int _peer;
    private NlriList _list;
    private NlriList.Enumerator _walk;

    private RouteEvent _current;

    private enum Part : byte
    {
        None,
        Single,
        RibV1,
        RibV2,
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

    internal RouteEvents(RouteEventReader file, Timestamp time, RouteEvent single) : this(file, time)
    {
        _current = single;
        _part = Part.Single;
    }

    internal RouteEvents(RouteEventReader file, Timestamp time, ByteReader entries, TableDump.Head head, int count) : this(file, time)
    {
        _entriesEnd = entries.Offset + entries.Left;
        _rib = entries.Rest();
        _entriesLeft = count;
        _head = head;
        _blocks = file.Blocks;
        _sieve = file.Sieve;
        _part = Part.RibV2;
        _current.Kind = RouteEventKind.RibEntry;
        _current.Time = time;
        _current.Prefix = head.Prefix;
    }

    internal RouteEvents(RouteEventReader file, Timestamp time, ByteReader entries, bool v6, bool wide) : this(file, time)
    {
        _entries = entries;
        _v6 = v6;
        _wide = wide;
        _blocks = file.Blocks;
        _part = Part.RibV1;
    }

    internal RouteEvents(RouteEventReader file, Timestamp time, BgpUpdate update, int peer) : this(file, time)
    {
        _update = update;
        _peer = peer;
        _list = update.Withdrawn;
        _walk = _list.GetEnumerator();
        _part = Part.Withdrawn;
        file.UnsaidAddPath = update.IsUnsaidAddPath;
        if (update.IsUnsaidAddPath) file.Tally.UnsaidAddPath++;
        if (update.IsOtherWidth) file.Tally.OtherWidth++;
        if (update.IsEndOfRib) file.Tally.EndOfRibMarks++;
    }

    /// <summary>The walk itself, for <c>foreach</c>.</summary>
    public readonly RouteEvents GetEnumerator() => this;

    /// <summary>The event that was moved to; good until the next move.</summary>
    [UnscopedRef]
    public readonly ref readonly RouteEvent Current => ref _current;

    /// <summary>False after the last event; the record's fault is known in full then.</summary>
    public bool MoveNext()
    {
        // Asked first: most events of the world are entries of dumps.
        bool moved = _part is Part.RibV2 ? NextOfV2() : NextOfOther();
        if (!moved) return false;
        _file.Tally.Count(_current.Kind);
        if (_current.TreatedAsWithdrawn) _file.Tally.TreatedAsWithdrawn++;
        return true;
    }

    private bool NextOfOther() => _part switch
    {
        Part.None => false,
        Part.Single => NextSingle(),
        Part.RibV1 => NextOfV1(),
        _ => NextOfUpdate(),
    };

    private bool NextSingle()
    {
        _part = Part.None;
        return true;
    }

    private bool NextOfV2()
    {
        // Index of the peer, seconds, path identifier where there is one, length of the attributes.
        int headBytes = _head.EntryPathIds ? 12 : 8;
        while (_entriesLeft > 0)
        {
            var entry = _rib;
            if (entry.Length < headBytes) return EndRibWithin();
            int length = BinaryPrimitives.ReadUInt16BigEndian(entry[(headBytes - 2)..]);
            if (entry.Length - headBytes < length) return EndRibWithin();
            var attributes = entry.Slice(headBytes, length);
            _rib = entry[(headBytes + length)..];
            _entriesLeft--;
            int peer = _file.NumberAt(BinaryPrimitives.ReadUInt16BigEndian(entry));
            if (peer < 0)
            {
                _file.Report(new(_file.PeerIndex.Length > 0 ? FaultKind.BadValue : FaultKind.NoPeerIndex, _entriesEnd - entry.Length));
                continue;
            }
            // Kind, time and prefix are those of the record.
            _current.Peer = peer;
            _current.Originated = Timestamp.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(entry[2..]));
            _current.PathId = _head.EntryPathIds ? BinaryPrimitives.ReadUInt32BigEndian(entry[6..]) : _head.PathId;
            if (Judge(new(attributes, wide: true, abbreviated: true), _entriesEnd - _rib.Length - length, _sieve)) return true;
        }
        _entries = new(_rib, _entriesEnd - _rib.Length);
        return EndRib();
    }

    // Reads the entry that is cut off field by field, for the fault to say which one is.
    private bool EndRibWithin()
    {
        _entries = new(_rib, _entriesEnd - _rib.Length);
        _entries.U16();
        _entries.U32();
        if (_head.EntryPathIds) _entries.U32();
        _entries.Take(_entries.U16());
        return EndRib();
    }

    private bool NextOfV1()
    {
        if (!_entries.More && _entriesLeft > 0) return EndRib();
        int at = _entries.Offset, left = _entries.Left;
        var address = _v6 ? _entries.V6() : IpAddress.V4(_entries.U32());
        byte bits = _entries.U8(), status = _entries.U8();
        uint originated = _entries.U32();
        var from = _v6 ? _entries.V6() : IpAddress.V4(_entries.U32());
        var asn = new Asn(_wide ? _entries.U32() : _entries.U16());
        var bytes = _entries.Take(_entries.U16());
        // A second entry is an oddity of January 2000; every status there is 1.
        if (_entriesLeft++ > 0 && (status != 1 || bits > (_v6 ? 128 : 32)))
        {
            _file.Report(new(FaultKind.Trailing, at, 0, (uint)left, Treatment.None));
            _part = Part.None;
            return false;
        }
        if (_entries.Ok && bits > (_v6 ? 128 : 32))
            _entries.FailBehind(_entries.Offset - at - (_v6 ? 16 : 4), FaultKind.BadPrefix, _v6 ? 128u : 32u, bits);
        if (!_entries.Ok) return EndRib();
        _current = new()
        {
            Kind = RouteEventKind.RibEntry,
            Time = _time,
            Originated = Timestamp.FromSeconds(originated),
            Peer = _file.NumberOf(from, asn),
            Prefix = new(address, bits),
        };
        Judge(new(bytes, _wide), _entries.Offset - bytes.Length, sieve: null);
        return true;
    }

    private bool EndRib()
    {
        _part = Part.None;
        _file.Report(_entries.Fault);
        _file.ReportTrailing(_entries);
        return false;
    }

    // False for an entry that is not wanted. The attributes are handed on before they are stored: reading back what was
    // just written in other pieces stalls.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Judge(in PathAttributes attributes, int offset, RouteSieve? sieve)
    {
        int slot = _blocks!.Find(attributes, _current.Peer, sieve);
        ref readonly var judged = ref _blocks[slot];
        if (judged.IsUnwanted) return false;
        _current.Attributes = attributes;
        _current.Block = new(slot, judged.Version);
        _current.TreatedAsWithdrawn = false;
        if (!judged.IsSound) Fault(_blocks.FaultOf(slot), judged.IsOtherWidth, offset);
        return true;
    }

    private void Fault(Fault fault, bool otherWidth, int offset)
    {
        if (otherWidth) _file.Tally.OtherWidth++;
        if (fault.Kind is FaultKind.None) return;
        _file.Report(fault with { Offset = offset + fault.Offset });
        _current.TreatedAsWithdrawn = fault.Treatment >= Treatment.TreatAsWithdraw;
    }

    private bool NextOfUpdate()
    {
        while (true)
        {
            if (_walk.MoveNext())
            {
                bool announces = _part >= Part.Announced;
                bool malformed = announces && _update.Fault.Treatment is Treatment.TreatAsWithdraw;
                _current = new()
                {
                    Kind = announces && !malformed ? RouteEventKind.Announcement : RouteEventKind.Withdrawal,
                    Time = _time,
                    Originated = _time,
                    Peer = _peer,
                    Prefix = _walk.Current,
                    PathId = _walk.PathId,
                    Attributes = announces ? _update.Attributes : default,
                    TreatedAsWithdrawn = malformed,
                };
                return true;
            }
            if (_walk.Fault.Kind is not FaultKind.None) LoseRest();
            if (_part is Part.MpAnnounced)
            {
                _part = Part.None;
                return false;
            }
            _part++;
            _list = _part switch
            {
                Part.MpWithdrawn => _update.MpWithdrawn,
                Part.Announced => _update.Announced,
                _ => _update.MpAnnounced,
            };
            _walk = _list.GetEnumerator();
        }
    }

    // A prefix that cannot be one hides how many would have followed it (RFC 7606 section 3 j).
    private readonly void LoseRest()
    {
        var fault = _walk.Fault;
        _file.Report(fault with { Offset = _update.OffsetOf(_list.Bytes) + fault.Offset });
        _file.LostPeer = _peer;
    }
}
