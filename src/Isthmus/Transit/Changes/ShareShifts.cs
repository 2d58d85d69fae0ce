using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>A lasting shift of an upstream's share that no other change explains.</summary>
internal sealed record ShareShift(Asn Upstream, Timestamp Around, double Before, double After);

/// <summary>Finds shifts of share (methods.md section 8.2, rule 3): the medians of the stretches before and after differ.</summary>
internal static class ShareShifts
{
    private const double ShiftMin = 0.15, DeviationsMin = 4, DeviationFloor = 0.01;

    private static readonly TimeSpan Grid = TimeSpan.FromSeconds(60), After = TimeSpan.FromMinutes(30), Before = TimeSpan.FromHours(24);

    /// <summary>Finds the shifts in the stretches between other changes.</summary>
    /// <param name="others">The other changes, each with the time that it takes to settle.</param>
    public static IReadOnlyList<ShareShift> Find(
        ShareSweep sweep, Timestamp from, Timestamp to, IEnumerable<(Timestamp From, Timestamp To)> others)
    {
        var shifts = new List<ShareShift>();
        var start = from;
        foreach (var (begun, settled) in others.Append((to, to)).OrderBy(other => other.Item1))
        {
            if (begun - start >= After * 2) shifts.AddRange(Find(sweep, start, begun));
            if (settled > start) start = settled;
        }
        return shifts;
    }

    /// <summary>So much of a shift must be peer ASes that moved; the rest may be who was counted.</summary>
    private const double MovedPartMin = 0.5;

    /// <summary>
    /// The shift with the peer ASes that made it. Null where it comes from who was counted, as when a collector stops, and
    /// not from who moved.
    /// </summary>
    /// <param name="wrongClocks">Collectors whose peers date nothing.</param>
    public static Finding? Witnessed(Sightings sightings, ShareShift shift, IReadOnlyDictionary<Collector, TimeSpan> wrongClocks)
    {
        int upstream = sightings.Upstreams.Index().First(entry => entry.Item == shift.Upstream).Index;
        bool gains = shift.After > shift.Before;
        var turns = new List<(Turn Turn, int Prefix, int Sign)>();
        foreach (var sighting in sightings.All)
            for (int i = 1; i < sighting.Runs.Length; i++)
            {
                var (before, run) = (sighting.Runs[i - 1], sighting.Runs[i]);
                if ((run.From - shift.Around).Duration() > OneChange.Within) continue;
                if (before.Holding is Holding.Unknown or Holding.Foreign || run.Holding is Holding.Unknown or Holding.Foreign) continue;
                if (sightings.IsBy(before.Holding, upstream) == sightings.IsBy(run.Holding, upstream)) continue;
                // What a dump says against updates is nobody's move.
                if (sightings.Seen.Peers[sighting.Peer].SendsUpdates && sightings.Seen.Histories[sighting.History].Steps[run.Step]
                    .Cause is Cause.RibEntry or Cause.RibAbsence) continue;
                if (wrongClocks.ContainsKey(sightings.Seen.Peers[sighting.Peer].Peer.Collector)) continue;
                turns.Add((new(sightings.PeerAs(sighting.Peer), run.From, sighting.History, run.Step), sighting.Prefix,
                    sightings.IsBy(run.Holding, upstream) == gains ? 1 : -1));
            }
        // On balance: who went and came back made no shift.
        var moved = turns.GroupBy(turn => turn.Turn.History).Where(session => session.Sum(turn => turn.Sign) > 0)
            .Select(session => session.Last(turn => turn.Sign > 0)).GroupBy(turn => (turn.Turn.PeerAs, turn.Prefix)).ToArray();
        // A peer AS uses an upstream while any of its sessions does.
        Turn[] first = [.. moved.Select(sessions => gains ? sessions.MinBy(turn => turn.Turn.Time) : sessions.MaxBy(turn => turn.Turn.Time))
            .Select(turn => turn.Turn).GroupBy(turn => turn.PeerAs).Select(group => group.MinBy(turn => turn.Time))
            .OrderBy(turn => turn.Time).ThenBy(turn => turn.PeerAs)];
        int counted = moved.Count(group => group.Any(turn => sightings.Counted[sightings.Seen.Histories[turn.Turn.History].Peer]));
        var watching = sightings.All.Where(sighting => sightings.Counted[sighting.Peer])
            .Select(sighting => (sightings.PeerAs(sighting.Peer), sighting.Prefix)).ToHashSet();
        if (first.Length < Presences.Threshold(watching.Count)) return null;
        if (counted < MovedPartMin * Math.Abs(shift.After - shift.Before) * watching.Count) return null;
        return new(new(ChangeKind.ShareShifted, 1, shift.Upstream, null), -1, first,
            watching.Select(entry => entry.Item1).Distinct().Count(), null);
    }

    /// <summary>True where changes in the second tier lie so near a shift that they are its doing.</summary>
    public static bool ShowsAbove(Finding shift, List<Finding> above) => above.Exists(finding =>
        finding.First >= shift.First - UpstreamFindings.After && finding.First <= shift.Last + UpstreamFindings.After);

    private static IEnumerable<ShareShift> Find(ShareSweep sweep, Timestamp from, Timestamp to)
    {
        int count = (int)((to - from) / Grid);
        var points = sweep.At(Enumerable.Range(0, count).Select(i => from + Grid * i)).ToArray();
        int after = (int)(After / Grid), before = (int)(Before / Grid);
        foreach (var asn in points.SelectMany(point => point.Upstreams.Keys).Distinct().Order())
        {
            double[] shares = SharesOf(asn, points);
            // What is usual is so since the last shift: one that goes back is a shift as the first was.
            for (int since = 0, i = after; i + after <= shares.Length; i++)
            {
                var past = shares.AsSpan(Math.Max(since, i - before)..i);
                double usual = Median(past), now = Median(shares.AsSpan(i, after));
                double deviation = Math.Max(DeviationFloor, Median(Array.ConvertAll(past.ToArray(), share => Math.Abs(share - usual))));
                if (Math.Abs(now - usual) < ShiftMin || Math.Abs(now - usual) < DeviationsMin * deviation) continue;
                // The medians part half a window early; the shift is where the share itself is first past the middle.
                int at = i;
                while (at < shares.Length - 1 && Math.Abs(shares[at] - now) > Math.Abs(shares[at] - usual)) at++;
                yield return new(asn, points[at].Time, usual, now);
                since = at;
                i = since + after - 1;
            }
        }
    }

    // Where nothing is known the last known share stands: a gap is no shift.
    private static double[] SharesOf(Asn asn, SeriesPoint[] points)
    {
        double[] shares = new double[points.Length];
        for (int i = 0; i < points.Length; i++)
            shares[i] = points[i].Upstreams.Count > 0 ? points[i].Upstreams.GetValueOrDefault(asn) : i > 0 ? shares[i - 1] : 0;
        return shares;
    }

    private static double Median(ReadOnlySpan<double> values)
    {
        double[] sorted = values.ToArray();
        Array.Sort(sorted);
        return sorted.Length == 0 ? 0 : sorted[sorted.Length / 2];
    }
}
