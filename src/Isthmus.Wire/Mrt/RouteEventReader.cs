namespace Isthmus.Wire.Mrt;

/// <summary>
/// Turns the records of one file into route events, in the order in which <c>bgpdump -m</c> prints them. It keeps
/// what later records refer to: the peer index table (RFC 6396 section 4.3.1), and a number for each peer.
/// </summary>
public sealed class RouteEventReader
{
    private readonly Dictionary<MrtPeer, int> _numbers = [];
    private MrtPeer[] _peers = new MrtPeer[64];
    private int _peerCount;
    private int _lastPeer = -1;
    private int[] _index = [];

    /// <summary>Every peer that the file has shown; a peer's place never changes.</summary>
    public ReadOnlyMemory<MrtPeer> Peers => _peers.AsMemory(0, _peerCount);

    /// <summary>The view name of the last peer index table; empty where there is none.</summary>
    public string ViewName { get; private set; } = "";

    /// <summary>What is wrong with the record read last, known in full when its events have been walked.</summary>
    public Fault Fault { get; internal set; }

    /// <summary>
    /// The peer whose message in the record read last was given up, so that its routes are no longer known: an index
    /// into <see cref="Peers"/>, <see cref="AnyPeer"/> where the damage hides whose it was, <see cref="NoPeer"/> for none.
    /// </summary>
    public int LostPeer { get; internal set; } = NoPeer;

    /// <inheritdoc cref="LostPeer"/>
    public const int NoPeer = -1;

    /// <inheritdoc cref="LostPeer"/>
    public const int AnyPeer = -2;

    /// <summary>True when the record read last held ADD-PATH prefixes that its subtype does not announce.</summary>
    public bool UnsaidAddPath { get; internal set; }

    /// <summary>The events of a record. Walk them before the next record is read.</summary>
    public RouteEvents Read(MrtRecord record)
    {
        Fault = default;
        UnsaidAddPath = false;
        LostPeer = NoPeer;
        return record.Type switch
        {
            MrtType.TableDumpV2 when record.Subtype == 1 => ReadPeerIndex(record),
            MrtType.TableDumpV2 => RouteEvents.OfRib(this, record),
            MrtType.TableDump => RouteEvents.OfTableDump(this, record),
            MrtType.Bgp4Mp or MrtType.Bgp4MpEt => RouteEvents.OfBgp4Mp(this, record),
            _ => Unknown(record),
        };
    }

    internal RouteEvents Unknown(MrtRecord record)
    {
        Fault = new(FaultKind.Unknown, 4, 0, 0, Treatment.SkipRecord);
        return new(this, record.Time);
    }

    internal int NumberOf(IpAddress address, Asn asn)
    {
        var peer = new MrtPeer(address, asn);
        if (_lastPeer >= 0 && _peers[_lastPeer] == peer) return _lastPeer;
        if (!_numbers.TryGetValue(peer, out int number))
        {
            // Grown by copying, so that memory handed out before stays what it was.
            if (_peerCount == _peers.Length) _peers = [.. _peers, .. new MrtPeer[_peerCount]];
            number = _peerCount;
            _peers[_peerCount++] = peer;
            _numbers.Add(peer, number);
        }
        return _lastPeer = number;
    }

    /// <summary>The number of the peer at a place in the peer index table; -1 for none.</summary>
    internal int NumberAt(int place) => (uint)place < (uint)_index.Length ? _index[place] : -1;

    internal bool HasPeerIndex => _index.Length > 0;

    private RouteEvents ReadPeerIndex(MrtRecord record)
    {
        var reader = new ByteReader(record.Body, record.BodyOffset);
        reader.U32();
        ViewName = System.Text.Encoding.UTF8.GetString(reader.Take(reader.U16()));
        int count = reader.U16();
        var index = new List<int>();
        while (index.Count < count && reader.More)
        {
            byte type = reader.U8();
            reader.U32();
            var address = (type & 1) != 0 ? V6(ref reader) : IpAddress.V4(reader.U32());
            var asn = new Asn((type & 2) != 0 ? reader.U32() : reader.U16());
            if (reader.Ok) index.Add(NumberOf(address, asn));
        }
        _index = [.. index];
        Fault = reader.Fault;
        if (reader.Ok && index.Count < count)
            Fault = new(FaultKind.Truncated, reader.Offset, (uint)(count - index.Count) * 13, 0);
        return new(this, record.Time);
    }

    internal static IpAddress V6(ref ByteReader reader) => reader.Take(16) is { Length: 16 } bytes ? IpAddress.V6(bytes) : default;
}
