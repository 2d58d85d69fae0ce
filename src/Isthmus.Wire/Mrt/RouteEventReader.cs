using System.Buffers.Binary;
using System.Globalization;

using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>
/// Turns the records of one file into route events, in the order in which <c>bgpdump -m</c> prints them. It keeps
/// what later records refer to: the peer index table (RFC 6396 section 4.3.1), and a number for each peer. One for each file, used by
/// one thread at a time. Damaged bytes throw nothing: they are told by <see cref="Fault"/>.
/// </summary>
public sealed class RouteEventReader
{
    internal const int TypeOffset = 4, SubtypeOffset = 6;

    /// <summary>Peers tell in turns; so many are found again without the dictionary: 2 to this power.</summary>
    private const int RecentPeersBits = 8;

    private readonly Dictionary<MrtPeer, int> _numbers = [];

    // By a hash of the peer the number of the one met last, plus 1.
    private readonly int[] _recent = new int[1 << RecentPeersBits];
    private MrtPeer[] _peers = new MrtPeer[64];
    private int _peerCount;
    private GeoPosition[] _positions = [];
    private AttributeBlocks? _blocks;

    // Only dumps have a use for it.
    internal AttributeBlocks Blocks => _blocks ??= new();

    /// <summary>Every peer that the file has shown; a peer's place never changes, and what was given before stays good.</summary>
    public ReadOnlyMemory<MrtPeer> Peers => _peers.AsMemory(0, _peerCount);

    /// <summary>
    /// The view name of the last peer index table (RFC 6396 section 4.3.1), or the view number of the last route of TABLE_DUMP
    /// (RFC 6396 section 4.2); empty where there is none, and for number 0, which dumps of a single view have.
    /// </summary>
    public string ViewName { get; internal set; } = "";

    // Names are made where the number changes, not for each route.
    internal void SetView(ushort number)
    {
        if (number == _view) return;
        _view = number;
        ViewName = number == 0 ? "" : number.ToString(CultureInfo.InvariantCulture);
    }

    private ushort _view;

    /// <summary>
    /// Where the collector stands, by the file's GEO_PEER_TABLE (RFC 6397 section 4.1); <see cref="GeoPosition.None"/> where not told.
    /// </summary>
    public GeoPosition CollectorPosition { get; internal set; } = GeoPosition.None;

    /// <summary>
    /// Where a peer stands, by the file's GEO_PEER_TABLE (RFC 6397 section 4.1); <see cref="GeoPosition.None"/> where not told.
    /// </summary>
    /// <param name="peer">Index into <see cref="Peers"/>.</param>
    public GeoPosition PositionOf(int peer) => (uint)peer < (uint)_positions.Length ? _positions[peer] : GeoPosition.None;

    /// <summary>
    /// The gravest thing wrong with the record read last, the first of equally grave ones; known in full when its
    /// events have been walked, <c>default</c> for none. Its offset counts from the start of the record.
    /// </summary>
    public Fault Fault { get; private set; }

    /// <summary>
    /// The peer whose message in the record read last was given up, so that its routes are no longer known: an index
    /// into <see cref="Peers"/>, <see cref="AnyPeer"/> where the damage hides whose it was, <see cref="NoPeer"/> for none.
    /// </summary>
    public int LostPeer { get; internal set; } = NoPeer;

    /// <inheritdoc cref="LostPeer"/>
    public const int NoPeer = -1;

    /// <inheritdoc cref="LostPeer"/>
    public const int AnyPeer = -2;

    /// <summary>
    /// True where the record read last is of a dump and routes in it could not be read, or are to be treated as withdrawn (RFC 7606), so
    /// that what peers without another entry hold of <see cref="LostPrefix"/> is not known; known in full when its events have been walked.
    /// </summary>
    public bool LosesRoutes { get; private set; }

    /// <summary>The prefix of the routes that could not be read; null where the damage hides it, so that it may be any.</summary>
    public Prefix? LostPrefix { get; private set; }

    // Of two prefixes neither can be named alone.
    internal void Lose(Prefix? prefix) => (LosesRoutes, LostPrefix) = (true, LosesRoutes && LostPrefix != prefix ? null : prefix);

    /// <summary>
    /// What the record read last holds that is defined and not decoded, such as routes of a VPN; <c>default</c> for nothing. It is no
    /// fault.
    /// </summary>
    public PassedOver PassedOver { get; internal set; }

    /// <summary>
    /// The peer whose OPEN or NOTIFICATION message the record read last holds (RFC 4271 sections 4.2 and 4.5): an index into
    /// <see cref="Peers"/>; <see cref="NoPeer"/> for any other record. The message is no route event and no change of state.
    /// </summary>
    public int SessionPeer { get; internal set; } = NoPeer;

    /// <summary>The type of that message; without meaning where there is none.</summary>
    public BgpMessageType SessionMessage { get; internal set; }

    /// <summary>True when the record read last held ADD-PATH prefixes that its subtype does not announce (docs/standards.md).</summary>
    public bool UnsaidAddPath { get; internal set; }

    /// <summary>
    /// Asked before something is decoded, to spare the work; null to decode everything. Of a dump's attributes it is asked
    /// once for all entries that repeat them: its answers may not change from one record to the next.
    /// </summary>
    public RouteSieve? Sieve
    {
        get;
        set
        {
            field = value;
            _blocks = null;
        }
    }

    /// <summary>What was read so far.</summary>
    public DecodeTally Tally { get; } = new();

    /// <summary>The events of a record; none for one that holds no routes. Walk them before the next record is read.</summary>
    public RouteEvents Read(scoped in MrtRecord record)
    {
        Read(record, out var events);
        return events;
    }

    /// <summary>The same, for who reads many small records: the walk is filled where it lies, and not copied.</summary>
    public void Read(scoped in MrtRecord record, out RouteEvents events)
    {
        events = default;
        events.Reader = this;
        Fault = default;
        PassedOver = default;
        UnsaidAddPath = false;
        LostPeer = NoPeer;
        SessionPeer = NoPeer;
        (LosesRoutes, LostPrefix) = (false, null);
        Tally.Records++;
        var type = record.Type;
        switch (type)
        {
            case MrtType.TableDumpV2:
                ReadOfDump(record, ref events);
                break;
            case MrtType.TableDump:
                TableDump.ReadV1(this, record, ref events);
                break;
            case MrtType.Bgp4Mp or MrtType.Bgp4MpEt:
                if (type is MrtType.Bgp4MpEt) JudgeHeader(record);
                Bgp4Mp.Read(this, record, ref events);
                break;
            case MrtType.Bgp or MrtType.Bgp4Plus or MrtType.Bgp4Plus01:
                EarlyBgp.Read(this, record, ref events);
                break;
            case (>= (MrtType)1 and <= (MrtType)8) or MrtType.Ospf2 or MrtType.Isis or MrtType.IsisEt or MrtType.Ospf3 or MrtType.Ospf3Et:
                PassOver(record, FaultKind.Unknown);
                break;
            default:
                ReportUndefined(TypeOffset, (ushort)type);
                break;
        }
    }

    private void ReadOfDump(scoped in MrtRecord record, scoped ref RouteEvents events)
    {
        if (record.Subtype is 1) PeerTables.ReadIndex(this, record);
        else if (record.Subtype is 7) PeerTables.ReadPositions(this, record);
        else TableDump.ReadV2(this, record, ref events);
    }

    // The microseconds are part of the length, and of a second (RFC 6396 section 3).
    private void JudgeHeader(scoped in MrtRecord record)
    {
        if (record.Bytes.Length >= MrtRecord.HeaderBytes + sizeof(uint)
            && BinaryPrimitives.ReadUInt32BigEndian(record.Bytes[MrtRecord.HeaderBytes..]) >= Timestamp.PerSecond)
            Report(new(FaultKind.BadMicroseconds, MrtRecord.HeaderBytes, sizeof(uint), sizeof(uint), Treatment.None));
        uint said = BinaryPrimitives.ReadUInt32BigEndian(record.Bytes[8..]);
        uint there = (uint)(record.Bytes.Length - MrtRecord.HeaderBytes);
        if (there - (long)said == sizeof(uint)) Report(new(FaultKind.BadLength, 8, there, said, Treatment.None));
    }

    /// <summary>The record is not one to decode.</summary>
    internal void PassOver(scoped in MrtRecord record, FaultKind kind)
    {
        if (kind is FaultKind.Unknown) Tally.WithoutRoutes++;
        if (kind is FaultKind.Unknown) PassedOver = PassedOver.Of(record);
        Report(new(kind, TypeOffset));
    }

    /// <summary>No standard knows the type or subtype, so that a record of any peer may be hidden.</summary>
    /// <param name="unit">What the value is: <see cref="Fault.FamilyNumbers"/> for AFI and SAFI.</param>
    internal void ReportUndefined(int offset, uint value, uint unit = 0)
    {
        Report(new(FaultKind.Undefined, offset, unit, value));
        // A record of a dump is of one prefix, and no word of a session.
        if (PeerIndex.Length == 0) LostPeer = AnyPeer; else Lose(null);
    }

    /// <summary>The record is sound, and of a kind that holds no routes.</summary>
    internal void TellWithoutRoutes(scoped in MrtRecord record, BgpMessageType message = default)
    {
        Tally.WithoutRoutes++;
        PassedOver = PassedOver.Of(record) with { Message = message };
    }

    internal void Report(Fault fault)
    {
        if (fault.Kind is FaultKind.None) return;
        Tally.Count(fault.Kind);
        if (Fault.Kind is FaultKind.None || fault.Treatment > Fault.Treatment) Fault = fault;
    }

    internal int NumberOf(IpAddress address, Asn asn)
    {
        var peer = new MrtPeer(address, asn);
        ulong mixed = unchecked((address.High ^ ulong.RotateLeft(address.Low, 32) ^ asn.Number) * 0x9E3779B97F4A7C15);
        ref int recent = ref _recent[mixed >> 64 - RecentPeersBits];
        if (recent > 0 && _peers[recent - 1] == peer) return recent - 1;
        if (!_numbers.TryGetValue(peer, out int number))
        {
            // Grown by copying, so that memory handed out before stays what it was.
            if (_peerCount == _peers.Length) _peers = [.. _peers, .. new MrtPeer[_peerCount]];
            number = _peerCount;
            _peers[_peerCount++] = peer;
            _numbers.Add(peer, number);
        }
        recent = number + 1;
        return number;
    }

    /// <summary>
    /// True for the entry of a peer index table that stands for the collector itself, without address and AS. Its routes came in no
    /// message, and need no attributes (docs/standards.md).
    /// </summary>
    internal bool IsCollector(int peer) =>
        _peers[peer].Asn.Number == 0 && _peers[peer].Address is { High: 0, Low: var low } && (low & uint.MaxValue) == 0;

    /// <summary>The number of the peer at a place in the peer index table; -1 for none.</summary>
    internal int NumberAt(int place) => (uint)place < (uint)PeerIndex.Length ? PeerIndex[place] : -1;

    /// <summary>The numbers of the peers in the order of the last peer index table.</summary>
    internal int[] PeerIndex { get; set; } = [];

    internal void SetPosition(int peer, GeoPosition position)
    {
        int known = _positions.Length;
        if (peer >= known)
        {
            Array.Resize(ref _positions, _peers.Length);
            _positions.AsSpan(known).Fill(GeoPosition.None);
        }
        _positions[peer] = position;
    }

    /// <summary>Bytes after the last field could be anything; they are told, and do no harm.</summary>
    internal void ReportTrailing(in ByteReader reader)
    {
        if (reader.Ok && reader.More) Report(new(FaultKind.Trailing, reader.Offset, 0, (uint)reader.Left, Treatment.None));
    }
}
