using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>Reads the records of one file into batches of route events. The only place where undecoded bytes become routes.</summary>
/// <param name="named">The start of what the file holds, by its name; null where that does not tell.</param>
public sealed class RouteReader(RecordSource records, Timestamp? named = null)
{
    /// <summary>Records further apart than this are no neighbours in time, if a third lies beside the first.</summary>
    private static readonly TimeSpan Near = TimeSpan.FromHours(1);

    // States of RFC 4271 section 8.2.2.
    private const byte Idle = 1, Established = 6;

    private readonly RouteEventReader _events = new();
    private uint[] _words = new uint[256];
    private long _losses;
    private readonly bool _isDated = named is not null;
    private Timestamp? _clock = named;
    private Stray? _stray;

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
        // A record whose time is in doubt waits for the next one in the same batch.
        while ((!batch.IsFull || _stray is not null) && records.TryRead(out var record))
        {
            Judge(record.Time, batch);
            int from = batch.Rows.Length;
            Read(record, batch);
            if (_clock is { } clock && (record.Time - clock).Duration() > Near)
                _stray = new(records.PlaceOf(record), record.Time, from..batch.Rows.Length);
            else _clock = record.Time;
        }
        // The last of a file that an archive has dated, with nothing behind it to bear it out.
        if (_stray is { } last && _isDated) Mend(last, batch);
        _stray = null;
        if (batch.Rows.IsEmpty)
        {
            batch.Dispose();
            return null;
        }
        batch.Peers = _events.Peers;
        return batch;
    }

    /// <summary>A record dated far from the one before it, until the next one tells which of them is right.</summary>
    private readonly record struct Stray(RecordPlace Place, Timestamp Time, Range Rows);

    // Time may leap where a file begins or falls silent, and then goes on from there. A wrong bit leaps and is back at once.
    private void Judge(Timestamp next, RouteBatch batch)
    {
        if (_stray is not { } stray) return;
        bool isBack = (next - _clock!.Value).Duration() <= Near;
        bool goesOn = (next - stray.Time).Duration() <= Near || next >= stray.Time && stray.Time >= _clock;
        if (isBack || !goesOn) Mend(stray, batch);
        else _clock = stray.Time;
        _stray = null;
    }

    private void Mend(Stray stray, RouteBatch batch)
    {
        batch.Redate(stray.Rows, _clock!.Value);
        records.Enter(stray.Place, stray.Time, new(FaultKind.StrayTime, 0, Treatment: Treatment.None));
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
