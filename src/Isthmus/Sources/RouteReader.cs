using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>Reads the records of one file into batches of route events. The only place where undecoded bytes become routes.</summary>
public sealed class RouteReader(RecordSource records)
{
    private readonly RouteEventReader _events = new();
    private uint[] _words = new uint[256];
    private long _losses;

    /// <summary>Route events read so far.</summary>
    public long Events { get; private set; }

    /// <summary>The view name of the file's peer index table; empty where there is none.</summary>
    public string ViewName => _events.ViewName;

    /// <summary>The time of a file's first record; null where it has none.</summary>
    public static Timestamp? FirstTime(string path)
    {
        using var first = RecordSource.Open(Decompression.Open(File.OpenRead(path)), new FaultLedger());
        return first.TryRead(out var record) ? record.Time : null;
    }

    /// <summary>The next batch, or null at the end. The reader of the batch disposes it.</summary>
    public RouteBatch? Read()
    {
        var batch = new RouteBatch();
        while (!batch.IsFull && records.TryRead(out var record)) Read(record, batch);
        if (batch.Rows.IsEmpty)
        {
            batch.Dispose();
            return null;
        }
        batch.Peers = _events.Peers;
        return batch;
    }

    private void Read(MrtRecord record, RouteBatch batch)
    {
        bool first = true;
        if (records.Losses > _losses)
        {
            batch.Add(records.PlaceOf(record) with { Length = 0 });
            batch.Add(new RouteRow(record.Time, default, -1, -1, 0, 0, RowKind.Lost, 0));
            _losses = records.Losses;
        }
        foreach (ref readonly var route in _events.Read(record))
        {
            if (first) batch.Add(records.PlaceOf(record));
            first = false;
            bool hasPath = route.Kind is RouteEventKind.RibEntry or RouteEventKind.Announcement;
            Events++;
            batch.Add(new RouteRow(route.Time, route.Prefix, route.Peer, hasPath ? PathOf(route, batch) : -1, 0, route.PathId,
                KindOf(route), (byte)Math.Min(route.NewState, (ushort)255)));
        }
        if (_events.Fault.Kind is not FaultKind.None and not FaultKind.Unknown) records.Enter(record, _events.Fault);
        if (_events.LostPeer is RouteEventReader.NoPeer) return;
        if (first) batch.Add(records.PlaceOf(record));
        batch.Add(new RouteRow(record.Time, default, Math.Max(-1, _events.LostPeer), -1, 0, 0, RowKind.Lost, 0));
    }

    private int PathOf(in RouteEvent route, RouteBatch batch)
    {
        var path = route.Attributes.AsPath;
        if (path.WordsMax > _words.Length) _words = new uint[path.WordsMax * 2];
        return batch.Paths.Intern(_words.AsSpan(0, Math.Max(0, path.Write(_words))));
    }

    private static RowKind KindOf(in RouteEvent route) => route.Kind switch
    {
        RouteEventKind.RibEntry => RowKind.RibEntry,
        RouteEventKind.Announcement => RowKind.Announcement,
        RouteEventKind.PeerState => RowKind.PeerState,
        _ => route.TreatedAsWithdrawn ? RowKind.TreatedAsWithdrawn : RowKind.Withdrawal,
    };
}
