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
    private ReadOnlySpan<byte> _entries;
    private readonly int _entriesEnd;
    private int _entriesLeft;
    private readonly AttributeBlocks? _blocks;
    private readonly RouteSieve? _sieve;
    private readonly ReadOnlySpan<int> _peerIndex;
    private readonly bool _v6, _wide, _isWanted, _entryPathIds;

    // Updates: four lists one after the other. Of what an update holds no more is kept: this is made anew for each record.
    private readonly NlriList _withdrawn, _mpWithdrawn, _announced, _mpAnnounced;
    private readonly PathAttributes _attributes;
    private readonly bool _isMalformed;
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

    private RouteEvents(RouteEventReader file, Timestamp time, scoped in ByteReader entries) : this(file, time)
    {
        _entries = entries.Unread;
        _entriesEnd = entries.Offset + entries.Left;
        _blocks = file.Blocks;
    }

    internal RouteEvents(RouteEventReader file, Timestamp time, scoped in ByteReader entries, scoped in TableDump.Head head)
        : this(file, time, entries)
    {
        _entriesLeft = head.Entries;
        _sieve = file.Sieve;
        _peerIndex = file.PeerIndex;
        _isWanted = head.IsWanted;
        _entryPathIds = head.EntryPathIds;
        _part = Part.RibV2;
        _current.Kind = RouteEventKind.RibEntry;
        _current.Time = time;
        _current.Prefix = head.Prefix;
        _current.PathId = head.PathId;
    }

    internal RouteEvents(RouteEventReader file, Timestamp time, scoped in ByteReader entries, bool v6, bool wide)
        : this(file, time, entries)
    {
        _v6 = v6;
        _wide = wide;
        _part = Part.RibV1;
    }

    internal RouteEvents(RouteEventReader file, Timestamp time, scoped in BgpUpdate update, int peer) : this(file, time)
    {
        _withdrawn = update.Withdrawn;
        _mpWithdrawn = update.MpWithdrawn;
        _announced = update.Announced;
        _mpAnnounced = update.MpAnnounced;
        _attributes = update.Attributes;
        _isMalformed = update.Fault.Treatment is Treatment.TreatAsWithdraw;
        _walk = _withdrawn.GetEnumerator();
        _part = Part.Withdrawn;
        _current.Kind = RouteEventKind.Withdrawal;
        _current.Time = _current.Originated = time;
        _current.Peer = peer;
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
        int headBytes = _entryPathIds ? 12 : 8;
        while (_entriesLeft > 0)
        {
            var entry = _entries;
            if (entry.Length < headBytes) return EndWithin();
            ulong head = BinaryPrimitives.ReadUInt64BigEndian(entry);
            int place = (int)(head >> 48), length = (int)(head & 0xFFFF);
            if (_entryPathIds)
            {
                _current.PathId = BinaryPrimitives.ReadUInt32BigEndian(entry[6..]);
                length = BinaryPrimitives.ReadUInt16BigEndian(entry[10..]);
            }
            if (entry.Length - headBytes < length) return EndWithin();
            _entries = entry[(headBytes + length)..];
            _entriesLeft--;
            if (place >= _peerIndex.Length)
            {
                ReportPeer(_entriesEnd - entry.Length, place);
                _file.Lose(_current.Prefix);
                continue;
            }
            // Kind, time and prefix are those of the record.
            _current.Originated = Timestamp.FromSeconds((uint)(head >> 16 & uint.MaxValue));
            var reading = AttributeBlocks.Reading.Wide | AttributeBlocks.Reading.Abbreviated;
            if (Judge(entry.Slice(headBytes, length), reading, _peerIndex[place], _sieve)) return true;
        }
        return End();
    }

    private readonly void ReportPeer(int offset, int place) => _file.Report(_peerIndex.IsEmpty ? new(FaultKind.NoPeerIndex, offset)
        : new(FaultKind.BadPeerIndex, offset, (uint)_peerIndex.Length, (uint)place, Treatment.SkipEntry));

    private readonly ByteReader Entries => new(_entries, _entriesEnd - _entries.Length);

    // Reads the entry that is cut off field by field, for the fault to say which one is.
    private bool EndWithin()
    {
        var reader = Entries;
        reader.U16();
        reader.U32();
        if (_entryPathIds) reader.U32();
        reader.Take(reader.U16());
        _file.Lose(_current.Prefix);
        return End(reader);
    }

    private bool End() => _entries.IsEmpty ? EndPart() : End(Entries);

    private bool End(in ByteReader reader)
    {
        _file.Report(reader.Fault);
        _file.ReportTrailing(reader);
        return EndPart();
    }

    private bool EndPart()
    {
        _part = Part.None;
        return false;
    }

    private bool NextOfV1()
    {
        if (_entries.IsEmpty && _entriesLeft > 0) return EndPart();
        var entry = Entries;
        int at = entry.Offset, left = entry.Left;
        var address = _v6 ? entry.V6() : IpAddress.V4(entry.U32());
        byte bits = entry.U8();
        bool hasPrefix = entry.Ok && bits <= (_v6 ? 128 : 32);
        byte status = entry.U8();
        uint originated = entry.U32();
        var from = _v6 ? entry.V6() : IpAddress.V4(entry.U32());
        var asn = new Asn(_wide ? entry.U32() : entry.U16());
        var block = entry.Take(entry.U16());
        // A second entry is an oddity of January 2000; every status there is 1.
        if (_entriesLeft++ > 0 && (status != 1 || bits > (_v6 ? 128 : 32)))
        {
            _file.Report(new(FaultKind.Trailing, at, 0, (uint)left, Treatment.None));
            return EndPart();
        }
        if (entry.Ok && bits > (_v6 ? 128 : 32))
            entry.FailBehind(entry.Offset - at - (_v6 ? 16 : 4), FaultKind.BadPrefix, _v6 ? 128u : 32u, bits);
        if (!entry.Ok)
        {
            _file.Lose(hasPrefix ? new Prefix(address, bits) : null);
            return End(entry);
        }
        _entries = entry.Unread;
        _current = new()
        {
            Kind = RouteEventKind.RibEntry,
            Time = _time,
            Originated = Timestamp.FromSeconds(originated),
            Prefix = new(address, bits),
        };
        Judge(block, _wide ? AttributeBlocks.Reading.Wide : AttributeBlocks.Reading.None, _file.NumberOf(from, asn), sieve: null);
        return true;
    }

    // False for an entry that is not wanted.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Judge(ReadOnlySpan<byte> block, AttributeBlocks.Reading reading, int peer, RouteSieve? sieve)
    {
        ref readonly var known = ref _blocks!.Find(block, reading, peer, sieve);
        bool isUsual = known.Traits <= AttributeBlocks.Traits.Wanted;
        if (!isUsual && known.Is(AttributeBlocks.Traits.Unwanted)) return false;
        _current.Peer = peer;
        _current.Attributes = new(
            block, (reading & AttributeBlocks.Reading.Wide) != 0, (reading & AttributeBlocks.Reading.Abbreviated) != 0);
        _current.Block = known.Key;
        _current.IsWanted = _isWanted || known.Traits is AttributeBlocks.Traits.Wanted;
        _current.TreatedAsWithdrawn = false;
        if (!isUsual) TakeFault(known);
        return true;
    }
    private void TakeFault(in AttributeBlocks.Known known)
    {
        if (known.Is(AttributeBlocks.Traits.OtherWidth)) _file.Tally.OtherWidth++;
        var fault = _blocks!.FaultOf(known);
        if (fault.Kind is FaultKind.None) return;
        int block = _entriesEnd - _entries.Length - _current.Attributes.Bytes.Length;
        _file.Report(fault with { Offset = block + fault.Offset });
        _current.TreatedAsWithdrawn = fault.Treatment >= Treatment.TreatAsWithdraw;
    }

    private bool NextOfUpdate()
    {
        while (!_walk.MoveNext())
        {
            if (_part is Part.MpAnnounced) return EndPart();
            _part++;
            _walk = List.GetEnumerator();
            if (_part is not Part.Announced) continue;
            _current.Kind = _isMalformed ? RouteEventKind.Withdrawal : RouteEventKind.Announcement;
            _current.Attributes = _attributes;
            _current.TreatedAsWithdrawn = _isMalformed;
        }
        _current.Prefix = _walk.Current;
        _current.PathId = _walk.PathId;
        return true;
    }

    private readonly NlriList List => _part switch
    {
        Part.Withdrawn => _withdrawn,
        Part.MpWithdrawn => _mpWithdrawn,
        Part.Announced => _announced,
        _ => _mpAnnounced,
    };
}
