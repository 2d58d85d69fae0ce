using Isthmus.Attribution;
using Isthmus.Filters;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus;

internal sealed partial class ReplayRun
{
    /// <summary>Where the reading of one file stands.</summary>
    /// <param name="byRow">True where of the peers only those are wanted of which there are rows: others may be of another view.</param>
    private sealed class Cursor(PlannedFile plan, int order, FileReading reading, FileFilter? where, bool byRow, UpdateRhythm rhythm)
    {
        private readonly List<int> _peers = [];
        private byte[] _standings = [];

        public PlannedFile Plan { get; } = plan;
        public int Order { get; } = order;
        public FileReading Reading { get; } = reading;
        public UpdateRhythm Rhythm { get; } = rhythm;
        public RouteBatch? Batch { get; private set; }
        public int Row { get; private set; }
        public RibUnderway? Rib { get; set; }
        public Timestamp? First { get; set; }

        /// <summary>When its first event took effect; null for none yet.</summary>
        public Timestamp? Opens { get; set; }

        /// <summary>Time of the first event of the file, in its own order.</summary>
        public Timestamp? Begins { get; private set; }
        public bool LostWithin { get; set; }
        public bool Stopped { get; private set; }

        /// <summary>The latest time in the file so far: a record out of order does not turn the clock back.</summary>
        public Timestamp Clock { get; private set; } = plan.Start;

        public void Tick(Timestamp time) => Clock = time > Clock ? time : Clock;

        public void Advance()
        {
            if (Batch is not null && ++Row < Batch.Rows.Length) return;
            Batch?.Dispose();
            Row = 0;
            Batch = Reading.Next();
            if (Batch is null) return;
            if (!Batch.Rows.IsEmpty) Begins ??= Batch.Rows[0].Time;
            Batch.Order();
            if (_standings.Length < Batch.Paths.Count) _standings = new byte[Batch.Paths.Count * 2];
            Array.Clear(_standings);
        }

        /// <summary>Passes over what was played before a time.</summary>
        public void GoOnFrom(Timestamp time, RoutingState table)
        {
            for (; Batch is { } batch; Advance())
            {
                var row = batch.Rows[Row];
                Tick(row.Time);
                if (Clock >= time) return;
                First ??= Begins;
                Opens ??= Clock;
                if (row.Peer >= 0) PeerOf(row.Peer, batch.Peers.Span, table);
                LostWithin |= row.Kind is RowKind.Lost && row.Peer < 0;
            }
        }

        public void Stop()
        {
            Stopped = true;
            Batch?.Dispose();
            Batch = null;
        }

        public int PeerOf(int named, ReadOnlySpan<MrtPeer> peers, RoutingState table)
        {
            while (_peers.Count <= named) _peers.Add(byRow ? Unmet : Met(peers[_peers.Count], table));
            if (_peers[named] == Unmet) _peers[named] = Met(peers[named], table);
            return _peers[named];
        }

        private int Met(MrtPeer peer, RoutingState table)
        {
            var glimpse = new RouteGlimpse { Kinds = RouteEventKinds.RibEntry, HasPeer = true, Peer = peer };
            return where is null || where.Decide(glimpse) is not Verdict.No
                ? table.PeerOf(new(Plan.Collector, peer.Address, peer.Asn), Clock) : Unwanted;
        }

        // Judged once for each different path of a batch: 0 not yet, else one more than the standing.
        public Standing StandingOf(int id, PathWords path, Selection subject)
        {
            if (_standings[id] == 0) _standings[id] = (byte)(subject.StandingOf(path) + 1);
            return (Standing)(_standings[id] - 1);
        }
    }
}
