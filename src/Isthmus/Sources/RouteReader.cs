using System.Numerics;

using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>Reads the records of one file into batches of route events. The only place where undecoded bytes become routes.</summary>
/// <param name="named">The start of what the file holds, by its name; null where that does not tell.</param>
/// <param name="first">The time at which the file begins, from <see cref="FirstTime"/>; null where nobody has looked.</param>
public sealed class RouteReader(RecordSource records, Timestamp? named = null, Timestamp? first = null)
{
    // States of RFC 4271 section 8.2.2.
    private const byte Idle = 1, Established = 6;

    /// <summary>The first batch of a file is made for so many rows: most files of a folder of small ones have no more.</summary>
    private const int FirstRows = 64;

    private int _room = FirstRows;
    private readonly RouteEventReader _events = new();
    private uint[] _words = new uint[256];
    private long _losses;
    private readonly RecordTimes _times = new(named ?? first, isDated: named is not null);
    private RecordPlace? _eventless;
    private bool _hasRows, _hasEnded, _isTableLost;

    // The path of each attribute block that a dump repeats, in the batch that is filled; grown as slots are met, as most dumps have few.
    private (ulong Version, int Batch, int Path)[] _ofBlocks = [];
    private int _batch;

    /// <summary>
    /// Which of a dump's tables are taken, by the name of the view and the peer, null for whether any peer's is; where it is null, all are.
    /// </summary>
    public Func<string, MrtPeer?, bool>? Takes { get; init; }

    // By the peer's index whether its table of the view is taken: 0 not asked yet, 1 not, 2 it is.
    private readonly List<byte> _taken = [];
    private string? _askedView;
    private int _listed;

    private bool IsTaken(int peer)
    {
        if (Takes is null) return true;
        if (_askedView != _events.ViewName)
        {
            _taken.Clear();
            _askedView = _events.ViewName;
        }
        while (_taken.Count <= peer) _taken.Add(0);
        if (_taken[peer] == 0) _taken[peer] = (byte)(Takes(_askedView, _events.Peers.Span[peer]) ? 2 : 1);
        return _taken[peer] == 2;
    }

    /// <summary>Route events read so far.</summary>
    public long Events { get; private set; }

    /// <summary>The view name of the file's peer index table; empty where there is none.</summary>
    public string ViewName => _events.ViewName;

    /// <summary>
    /// When a file begins: the first of the times that most of its first records are near to; null where it has no record.
    /// </summary>
    public static Timestamp? FirstTime(InputFile file)
    {
        using var plain = file.Unpack();
        using var head = RecordSource.Open(plain, new FaultLedger());
        var times = new List<Timestamp>(RecordTimes.HeadRecords);
        while (times.Count < RecordTimes.HeadRecords && head.TryRead(out var record)) times.Add(record.Time);
        return RecordTimes.FirstOf(times);
    }

    /// <summary>The next batch, or null at the end. The reader of the batch disposes it.</summary>
    public RouteBatch? Read()
    {
        var batch = new RouteBatch(_room);
        _batch++;
        // A record whose time is in doubt waits for the next one in the same batch.
        while ((!batch.IsFull || _times.Strays.Count > 0) && records.TryRead(out var record))
        {
            if (!_hasRows) _eventless ??= records.PlaceOf(record);
            if (_times.Judge(record.Time)) Mend(batch);
            int from = batch.Rows.Length;
            Read(record, batch);
            _times.Take(new(records.PlaceOf(record), record.Time, from..batch.Rows.Length));
        }
        if (_times.JudgeLast()) Mend(batch);
        _times.Clear();
        if (batch.Rows.IsEmpty && !_hasRows && _eventless is { } place && _times.Clock is { } time)
        {
            batch.Add(place);
            batch.Add(new RouteRow(time, default, -1, -1, 0, 0, RowKind.Listed, 0));
        }
        _hasRows = true;
        if (batch.IsFull) _room = RouteBatch.RowsMax;
        if (batch.Rows.IsEmpty)
        {
            batch.Dispose();
            if (!_hasEnded && _times.StepsBack() is { } steps) records.Enter(steps);
            _hasEnded = true;
            return null;
        }
        batch.Peers = _events.Peers;
        return batch;
    }

    private void Mend(RouteBatch batch)
    {
        foreach (var stray in _times.Strays)
        {
            batch.Redate(stray.Rows, _times.Clock!.Value);
            records.Enter(stray.Place, stray.Time, new(FaultKind.StrayTime, 0, Treatment: Treatment.None));
        }
        _times.Clear();
    }

    private void Read(MrtRecord record, RouteBatch batch)
    {
        bool first = true;
        // The prefixes that one message announces have one path.
        int announced = -1;
        if (Sources.ViewName.IsIndex(record.Bytes)) _isTableLost = records.IsStandIn;
        if (records.Losses > _losses)
        {
            batch.Add(records.PlaceOf(record) with { Length = 0 });
            batch.Add(new RouteRow(record.Time, default, -1, -1, 0, 0, RowKind.Lost, 0));
            _losses = records.Losses;
        }
        var multicast = AddressFamily.None;
        foreach (ref readonly var route in _events.Read(record))
        {
            // Packets are not forwarded by it: the unicast route of the prefix stands beside it.
            if (route.IsMulticast)
            {
                multicast = route.Prefix.Family;
                continue;
            }
            Events++;
            // An entry of a dump that is to be treated as withdrawn is no route; the record tells that routes of its prefix are lost.
            if (route.Kind is RouteEventKind.RibEntry && (route.TreatedAsWithdrawn || !IsTaken(route.Peer))) continue;
            if (first) batch.Add(records.PlaceOf(record));
            first = false;
            int path = route.Kind switch
            {
                RouteEventKind.RibEntry => OfEntry(route, batch),
                RouteEventKind.Announcement => announced >= 0 ? announced : announced = PathOf(route, batch),
                _ => -1,
            };
            batch.Add(new RouteRow(route.Time, route.Prefix, route.Peer, path, 0, route.PathId,
                KindOf(route), (byte)Math.Min(route.NewState, (ushort)255)));
        }
        if (_events.SessionPeer is not RouteEventReader.NoPeer)
        {
            // A NOTIFICATION ends the session, an OPEN begins a new one (RFC 4271 section 6), with or without a STATE record.
            if (first) batch.Add(records.PlaceOf(record));
            first = false;
            byte state = _events.SessionMessage is BgpMessageType.Open ? Established : Idle;
            batch.Add(new RouteRow(record.Time, default, _events.SessionPeer, -1, 0, 0, RowKind.PeerState, state));
        }
        if (_events.Fault.Kind is not FaultKind.None and not FaultKind.Unknown) records.Enter(record, _events.Fault);
        if (!_events.PassedOver.IsNone) records.Pass(_events.PassedOver);
        if (multicast is not AddressFamily.None) records.Pass(PassedOver.Multicast(record, multicast));
        if (Takes is not null)
        {
            // Of a table that is taken the peers are listed, whether it has routes of them or not.
            for (; _listed < _events.Peers.Length; _listed++)
            {
                if (!Sources.ViewName.IsIndex(record.Bytes) || !IsTaken(_listed)) continue;
                if (first) batch.Add(records.PlaceOf(record));
                first = false;
                batch.Add(new RouteRow(record.Time, default, _listed, -1, 0, 0, RowKind.Listed, 0));
            }
        }
        // Behind a table that is lost they may be of any view.
        if (_events.LosesRoutes && (_isTableLost || Takes?.Invoke(_events.ViewName, null) is not false))
        {
            if (first) batch.Add(records.PlaceOf(record));
            first = false;
            batch.Add(new RouteRow(record.Time, _events.LostPrefix ?? default, -1, -1, 0, 0, RowKind.LostRoutes,
                _events.LostPrefix is null ? RouteRow.AnyPrefix : (byte)0));
        }
        if (_events.LostPeer is RouteEventReader.NoPeer) return;
        if (first) batch.Add(records.PlaceOf(record));
        batch.Add(new RouteRow(record.Time, default, Math.Max(-1, _events.LostPeer), -1, 0, 0, RowKind.Lost, 0));
    }

    private int OfEntry(in RouteEvent route, RouteBatch batch)
    {
        var (slot, version) = route.Block;
        if (version == 0) return PathOf(route, batch);
        if (slot >= _ofBlocks.Length) Array.Resize(ref _ofBlocks, (int)BitOperations.RoundUpToPowerOf2((uint)slot + 1));
        ref var known = ref _ofBlocks[slot];
        if (known.Version != version || known.Batch != _batch) known = (version, _batch, PathOf(route, batch));
        return known.Path;
    }

    private int PathOf(in RouteEvent route, RouteBatch batch)
    {
        var path = route.Attributes.AsPath;
        if (path.WordsMax > _words.Length) _words = new uint[path.WordsMax * 2];
        return batch.Paths.Intern(path.ToWords(_words));
    }

    private static RowKind KindOf(in RouteEvent route) => route.Kind switch
    {
        RouteEventKind.RibEntry => RowKind.RibEntry,
        RouteEventKind.Announcement => RowKind.Announcement,
        RouteEventKind.PeerState => RowKind.PeerState,
        _ => route.TreatedAsWithdrawn ? RowKind.TreatedAsWithdrawn : RowKind.Withdrawal,
    };
}
