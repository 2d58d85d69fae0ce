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
    private readonly bool _v6, _wide, _isWanted;
    private readonly ReadOnlySpan<int> _peerIndex;

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

    internal RouteEvents(
        RouteEventReader file, Timestamp time, ByteReader entries, TableDump.Head head, int count, bool isWanted) : this(file, time)
    {
        _isWanted = isWanted;
        _peerIndex = file.PeerIndex;
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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool NextOfV2()
    {
        // Index of the peer, seconds, path identifier where there is one, length of the attributes.
        int headBytes = _head.EntryPathIds ? 12 : 8;
        while (_entriesLeft > 0)
        {
            var entry = _rib;
            if (entry.Length < headBytes) return EndRibWithin();
            ulong head = BinaryPrimitives.ReadUInt64BigEndian(entry);
            int place = (int)(head >> 48), length = (int)(head & 0xFFFF);
            uint pathId = _head.PathId;
            if (_head.EntryPathIds)
            {
                pathId = BinaryPrimitives.ReadUInt32BigEndian(entry[6..]);
                length = BinaryPrimitives.ReadUInt16BigEndian(entry[10..]);
            }
            if (entry.Length - headBytes < length) return EndRibWithin();
            _rib = entry[(headBytes + length)..];
            _entriesLeft--;
            if (place >= _peerIndex.Length)
            {
                ReportPeer(_entriesEnd - entry.Length);
                continue;
            }
            // Kind, time and prefix are those of the record.
            _current.Originated = Timestamp.FromSeconds((uint)(head >> 16 & uint.MaxValue));
            _current.PathId = pathId;
            var reading = AttributeBlocks.Reading.Wide | AttributeBlocks.Reading.Abbreviated;
            if (Judge(entry.Slice(headBytes, length), reading, _peerIndex[place], _sieve)) return true;
        }
        _entries = new(_rib, _entriesEnd - _rib.Length);
        return EndRib();
    }

    private readonly void ReportPeer(int offset) =>
        _file.Report(new(_peerIndex.IsEmpty ? FaultKind.NoPeerIndex : FaultKind.BadValue, offset));

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
            Prefix = new(address, bits),
        };
        Judge(bytes, _wide ? AttributeBlocks.Reading.Wide : AttributeBlocks.Reading.None, _file.NumberOf(from, asn), sieve: null);
        return true;
    }

    private bool EndRib()
    {
        _part = Part.None;
        _file.Report(_entries.Fault);
        _file.ReportTrailing(_entries);
        return false;
    }

    // False for an entry that is not wanted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Judge(ReadOnlySpan<byte> block, AttributeBlocks.Reading reading, int peer, RouteSieve? sieve)
    {
        ref readonly var known = ref _blocks!.Find(block, reading, peer, sieve);
        _current.Peer = peer;
        _current.Attributes = new(
            block, (reading & AttributeBlocks.Reading.Wide) != 0, (reading & AttributeBlocks.Reading.Abbreviated) != 0);
        _current.Block = known.Key;
        _current.IsWanted = _isWanted || known.Traits is AttributeBlocks.Traits.Wanted;
        _current.TreatedAsWithdrawn = false;
        return known.Traits <= AttributeBlocks.Traits.Wanted || TakeFault(known);
    }
    // False where the entry is not wanted; otherwise what is wrong with its attributes is told.
    private bool TakeFault(in AttributeBlocks.Known known)
    {
        if (known.Is(AttributeBlocks.Traits.Unwanted)) return false;
        if (known.Is(AttributeBlocks.Traits.OtherWidth)) _file.Tally.OtherWidth++;
        var fault = _blocks!.FaultOf(known);
        if (fault.Kind is FaultKind.None) return true;
        int end = _part is Part.RibV2 ? _entriesEnd - _rib.Length : _entries.Offset;
        _file.Report(fault with { Offset = end - _current.Attributes.Bytes.Length + fault.Offset });
        _current.TreatedAsWithdrawn = fault.Treatment >= Treatment.TreatAsWithdraw;
        return true;
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
