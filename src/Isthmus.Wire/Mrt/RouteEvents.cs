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
    private RouteEventReader _file;
    private Part _part;

    // What is left of the entries of a RIB record, or of the list of an update that is being walked.
    private ReadOnlySpan<byte> _rest;

    // RIB records: entries one after the other; of one prefix in the second version.
    private AttributeBlocks? _blocks;
    private RouteSieve? _sieve;
    private ReadOnlySpan<int> _peerIndex;
    private int _entriesEnd, _entriesLeft;
    private bool _v6, _wide, _isWanted, _pathIds;

    // Updates: four lists one after the other. Of what an update holds no more is kept: this is made anew for each record.
    private ReadOnlySpan<byte> _mpWithdrawn, _announced, _mpAnnounced;
    private AddressFamily _family, _mpWithdrawnFamily, _mpAnnouncedFamily;
    private bool _mpPathIds, _isMalformed, _mpWithdrawnMulticast, _mpAnnouncedMulticast;
    private PathAttributes _attributes;

    // Of an update of which no event was walked how many it holds, where that is known without walking.
    private int _withdrawals, _announcements;

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

    /// <summary>
    /// What fills it, where it lies: as it is large, to hand it on would cost as much as to read a record. Without events until it is
    /// started.
    /// </summary>
    internal RouteEventReader Reader { set => _file = value; }

    internal void Start(RouteEvent single)
    {
        _current = single;
        _part = Part.Single;
    }

    /// <summary>The entries of a TABLE_DUMP_V2 record.</summary>
    /// <param name="end">Where they end, in what faults count from.</param>
    /// <param name="withPathIds">True where each entry has its own path identifier.</param>
    /// <param name="pathId">Of all entries, where not each has its own.</param>
    /// <param name="count">So many entries there are to be.</param>
    /// <param name="isWanted">True where a sieve wants all of them.</param>
    /// <param name="isMulticast">True for routes of the multicast table.</param>
    internal void Start(
        Timestamp time, ReadOnlySpan<byte> entries, int end, in Prefix prefix, bool withPathIds, uint pathId, int count, bool isWanted,
        bool isMulticast)
    {
        Start(time, entries, end);
        _current.IsMulticast = isMulticast;
        _entriesLeft = count;
        _sieve = _file.Sieve;
        _peerIndex = _file.PeerIndex;
        _isWanted = isWanted;
        _pathIds = withPathIds;
        _part = Part.RibV2;
        _current.Prefix = prefix;
        _current.PathId = pathId;
    }

    /// <summary>The entries of a TABLE_DUMP record.</summary>
    /// <param name="end">Where they end, in what faults count from.</param>
    internal void Start(Timestamp time, ReadOnlySpan<byte> entries, int end, bool v6, bool wide)
    {
        Start(time, entries, end);
        _v6 = v6;
        _wide = wide;
        _part = Part.RibV1;
    }

    private void Start(Timestamp time, ReadOnlySpan<byte> entries, int end)
    {
        _rest = entries;
        _entriesEnd = end;
        _blocks = _file.Blocks;
        _current.Kind = RouteEventKind.RibEntry;
        _current.Time = time;
    }

    /// <summary>The prefixes of an update whose lists are sound.</summary>
    internal void Start(Timestamp time, scoped in BgpUpdate update, int peer)
    {
        var withdrawn = update.Withdrawn;
        _rest = withdrawn.Bytes;
        _family = AddressFamily.IPv4;
        _pathIds = withdrawn.WithPathIds;
        var mpWithdrawn = update.MpWithdrawn;
        _mpWithdrawn = mpWithdrawn.Bytes;
        _mpWithdrawnFamily = mpWithdrawn.Family;
        _mpWithdrawnMulticast = update.MpUnreach.Safi == MpReach.Multicast;
        var mpAnnounced = update.MpAnnounced;
        _mpAnnounced = mpAnnounced.Bytes;
        _mpAnnouncedFamily = mpAnnounced.Family;
        _mpAnnouncedMulticast = update.MpReach.Safi == MpReach.Multicast;
        _mpPathIds = mpWithdrawn.WithPathIds || mpAnnounced.WithPathIds;
        _announced = update.AnnouncedBytes;
        _attributes = update.Attributes;
        _isMalformed = update.Fault.Treatment is Treatment.TreatAsWithdraw;
        _withdrawals = update.WithdrawnCount;
        _announcements = update.AnnouncedCount;
        _part = Part.Withdrawn;
        _current.Kind = RouteEventKind.Withdrawal;
        _current.Time = _current.Originated = time;
        _current.Peer = peer;
        _file.UnsaidAddPath = update.IsUnsaidAddPath;
        if (update.IsUnsaidAddPath) _file.Tally.UnsaidAddPath++;
        if (update.IsOtherWidth) _file.Tally.OtherWidth++;
        if (update.IsEndOfRib) _file.Tally.EndOfRibMarks++;
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

    /// <summary>Walks the events that are left, and says how many they are: for who wants no more of them it costs less.</summary>
    public long Count()
    {
        long count = 0;
        if (_part < Part.Withdrawn)
        {
            while (MoveNext()) count++;
            return count;
        }
        if (_withdrawals != BgpUpdate.Uncounted) return CountUnwalked();
        // The lists were held to be sound before: their lengths tell how many prefixes they are.
        do
        {
            long held = NlriList.CountOf(_rest, _pathIds);
            _file.Tally.Count(_current.Kind, held);
            if (_current.TreatedAsWithdrawn) _file.Tally.TreatedAsWithdrawn += held;
            count += held;
        }
        while (ToNextList());
        return count;
    }

    private long CountUnwalked()
    {
        _part = Part.None;
        _file.Tally.Count(RouteEventKind.Withdrawal, _withdrawals);
        _file.Tally.Count(_isMalformed ? RouteEventKind.Withdrawal : RouteEventKind.Announcement, _announcements);
        if (_isMalformed) _file.Tally.TreatedAsWithdrawn += _announcements;
        return _withdrawals + _announcements;
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
        int headBytes = _pathIds ? 12 : 8;
        while (_entriesLeft > 0)
        {
            var entry = _rest;
            if (entry.Length < headBytes) return EndWithin();
            ulong head = BinaryPrimitives.ReadUInt64BigEndian(entry);
            int place = (int)(head >> 48), length = (int)(head & 0xFFFF);
            if (_pathIds)
            {
                _current.PathId = BinaryPrimitives.ReadUInt32BigEndian(entry[6..]);
                length = BinaryPrimitives.ReadUInt16BigEndian(entry[10..]);
            }
            if (entry.Length - headBytes < length) return EndWithin();
            _rest = entry[(headBytes + length)..];
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

    private readonly ByteReader Entries => new(_rest, _entriesEnd - _rest.Length);

    // Reads the entry that is cut off field by field, for the fault to say which one is.
    private bool EndWithin()
    {
        var reader = Entries;
        reader.U16();
        reader.U32();
        if (_pathIds) reader.U32();
        reader.Take(reader.U16());
        _file.Lose(_current.Prefix);
        return End(reader);
    }

    private bool End() => _rest.IsEmpty ? EndPart() : End(Entries);

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
        while (_part is Part.RibV1)
            if (TryTakeV1()) return true;
        return false;
    }

    // False for an entry that is skipped, and at the end.
    private bool TryTakeV1()
    {
        var entry = _rest;
        if (entry.IsEmpty && _entriesLeft > 0) return EndPart();
        // Prefix, its length, status, seconds, peer, AS number, length of the attributes.
        int address = _v6 ? 16 : 4, from = address + 6, asn = from + address, block = asn + (_wide ? 6 : 4);
        if (entry.Length < block || entry[address] > 8 * address || _entriesLeft > 0 && entry[address + 1] != 1) return TryTakeV1ByField();
        int length = BinaryPrimitives.ReadUInt16BigEndian(entry[(block - sizeof(ushort))..]);
        if (length > entry.Length - block) return TryTakeV1ByField();
        _entriesLeft++;
        _rest = entry[(block + length)..];
        _current.Originated = Timestamp.FromSeconds(BinaryPrimitives.ReadUInt32BigEndian(entry[(address + 2)..]));
        _current.Prefix = new(AddressAt(entry), entry[address]);
        var number = entry[asn..];
        var peerAs = new Asn(_wide ? BinaryPrimitives.ReadUInt32BigEndian(number) : BinaryPrimitives.ReadUInt16BigEndian(number));
        return Judge(entry.Slice(block, length), ReadingOfV1, _file.NumberOf(AddressAt(entry[from..]), peerAs), sieve: null);
    }

    private readonly AttributeBlocks.Reading ReadingOfV1 => _wide ? AttributeBlocks.Reading.Wide : AttributeBlocks.Reading.None;

    private readonly IpAddress AddressAt(ReadOnlySpan<byte> bytes) =>
        _v6 ? IpAddress.V6(bytes) : IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(bytes));

    // An entry that is cut off, or that cannot be one, to tell which field is wrong.
    private bool TryTakeV1ByField()
    {
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
        _rest = entry.Unread;
        _current.Originated = Timestamp.FromSeconds(originated);
        _current.Prefix = new(address, bits);
        return Judge(block, ReadingOfV1, _file.NumberOf(from, asn), sieve: null);
    }

    // False for an entry that is not wanted, or is skipped.
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
        return isUsual || TakeFault(known);
    }

    // False where the entry is skipped.
    private bool TakeFault(in AttributeBlocks.Known known)
    {
        if (known.Is(AttributeBlocks.Traits.OtherWidth)) _file.Tally.OtherWidth++;
        var fault = _blocks!.FaultOf(known);
        var block = _current.Attributes.Bytes;
        if (fault.Kind is FaultKind.None || block.IsEmpty && _file.IsCollector(_current.Peer)) return true;
        _file.Report(fault with { Offset = _entriesEnd - _rest.Length - block.Length + fault.Offset });
        _current.TreatedAsWithdrawn = fault.Treatment >= Treatment.TreatAsWithdraw;
        // Nobody keeps a route that is to be withdrawn: what the peer held is not what stands here.
        if (_current.TreatedAsWithdrawn && !_current.IsMulticast) _file.Lose(_current.Prefix);
        return fault.Treatment is not Treatment.SkipEntry;
    }

    private bool NextOfUpdate()
    {
        _withdrawals = BgpUpdate.Uncounted;
        while (_rest.IsEmpty)
            if (!ToNextList()) return false;
        int at = _pathIds ? sizeof(uint) : 0;
        _current.PathId = _pathIds ? BinaryPrimitives.ReadUInt32BigEndian(_rest) : 0;
        _current.Prefix = NlriList.PrefixAt(_rest, at, _family, out int length);
        _rest = _rest[(at + length)..];
        return true;
    }

    private bool ToNextList()
    {
        switch (_part)
        {
            case Part.Withdrawn:
                _rest = _mpWithdrawn;
                _family = _mpWithdrawnFamily;
                _current.IsMulticast = _mpWithdrawnMulticast;
                break;
            case Part.MpWithdrawn:
                _rest = _announced;
                _family = AddressFamily.IPv4;
                _current.IsMulticast = false;
                _current.Kind = _isMalformed ? RouteEventKind.Withdrawal : RouteEventKind.Announcement;
                _current.Attributes = _attributes;
                _current.TreatedAsWithdrawn = _isMalformed;
                break;
            case Part.Announced:
                _rest = _mpAnnounced;
                _family = _mpAnnouncedFamily;
                _current.IsMulticast = _mpAnnouncedMulticast;
                break;
            default:
                return EndPart();
        }
        // Those of the fields of RFC 4271 have identifiers all or none, and those of RFC 4760 likewise.
        (_pathIds, _mpPathIds) = (_mpPathIds, _pathIds);
        _part++;
        return true;
    }
}
