using Isthmus.Routes;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>A shift of an upstream's share that no other change explains.</summary>
/// <param name="From">The beginning of the minute of its first step.</param>
/// <param name="To">The end of the minute of its last.</param>
internal sealed record ShareShift(Asn Upstream, Timestamp From, Timestamp To, ShareRamp Ramp);

/// <summary>Finds shifts of share (methods.md): settled levels that differ, whatever the time between them.</summary>
internal static class ShareShifts
{
    /// <summary>Finds the shifts of one address family, upstream by upstream.</summary>
    /// <param name="others">The other changes, with the time that they take to settle: what a share moves meanwhile is their doing.</param>
    /// <param name="slow">Upstreams that came or went slowly.</param>
    public static IEnumerable<ShareShift> Find(ShareSweep sweep, Timestamp from, Timestamp to,
        IEnumerable<(Timestamp From, Timestamp To)> others, IReadOnlyList<SlowMove> slow) =>
        ShareCourse.Of(sweep, from, to, others, slow).SelectMany(course => ShareRamps.Of(course).Select(ramp => new ShareShift(
            course.Upstream, from + ShareCourse.Grid * ramp.First, from + ShareCourse.Grid * (ramp.Last + 1), ramp)));

    /// <summary>So much of a shift must be peer ASes that moved; the rest may be who was counted.</summary>
    private const double MovedPartMin = 0.5;

    /// <summary>Single peer ASes move so much before and after what shows in the share.</summary>
    private static readonly TimeSpan Straggling = TimeSpan.FromSeconds(300);

    /// <summary>
    /// The shift with the peer ASes that made it. Null where it comes from who was counted, as when a collector stops, and
    /// not from who moved.
    /// </summary>
    /// <param name="others">What moves while another change goes on belongs to that.</param>
    /// <param name="wrongClocks">Collectors whose peers date nothing.</param>
    public static Finding? Witnessed(Sightings sightings, ShareShift shift, IReadOnlyList<(Timestamp From, Timestamp To)> others,
        IReadOnlyDictionary<Collector, TimeSpan> wrongClocks)
    {
        int upstream = sightings.Upstreams.Index().First(entry => entry.Item == shift.Upstream).Index;
        bool gains = shift.Ramp.Moved > 0;
        var turns = new List<(Turn Turn, int Prefix, int Sign)>();
        // A share is of those that count: who else moved dates it as little.
        foreach (var sighting in sightings.All.Where(sighting => sightings.Counted[sighting.Peer]))
            foreach (var (before, run) in Moves(sighting.Runs))
            {
                if (run.From < shift.From - Straggling || run.From > shift.To + Straggling) continue;
                if (!Holding.IsKnown(before.Holding) || !Holding.IsKnown(run.Holding)) continue;
                if (before.Holding is Holding.Foreign || run.Holding is Holding.Foreign) continue;
                if (sightings.IsBy(before.Holding, upstream) == sightings.IsBy(run.Holding, upstream)) continue;
                if (others.Any(other => run.From >= other.From && run.From <= other.To)) continue;
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
        var watching = sightings.All.Where(sighting => sightings.Counted[sighting.Peer])
            .Select(sighting => (sightings.PeerAs(sighting.Peer), sighting.Prefix)).ToHashSet();
        first = Together(first, watching.Select(entry => entry.Item1).Distinct().Count());
        if (first.Length < Presences.Threshold(watching.Count)) return null;
        if (moved.Length < MovedPartMin * Math.Abs(shift.Ramp.Moved) * watching.Count) return null;
        // Between the dumps that bound it the share is what they show, and nothing is usual.
        bool isByDumps = Array.TrueForAll(first, turn => sightings.Seen.Histories[turn.History].Steps[turn.Step].IsOfDump);
        // A peer AS that moves prefix after prefix goes on with the last of them.
        var movers = first.Select(turn => turn.PeerAs).ToHashSet();
        return new(new(ChangeKind.ShareShifted, 1, shift.Upstream, null), -1, first,
            watching.Select(entry => entry.Item1).Distinct().Count(), null,
            isByDumps ? shift.Ramp.Just : (shift.Ramp.Before, shift.Ramp.After))
        {
            End = moved.Where(sessions => movers.Contains(sessions.Key.PeerAs)).Max(sessions => sessions.Max(turn => turn.Turn.Time)),
        };
    }

    // Others that move within so small a part of a pause before them move at once.
    private const int AtOncePerPause = 10;

    // As few as may be stuck, that moved longer before all others than these took together, went their own way: three minutes before, or
    // one minute where the others moved at once.
    private static Turn[] Together(Turn[] turns, int watching)
    {
        for (int own = Math.Min(Presences.Zombies(watching), turns.Length - Presences.Threshold(watching)); own > 0; own--)
        {
            var pause = turns[own].Time - turns[own - 1].Time;
            var took = turns[^1].Time - turns[own].Time;
            bool isAtOnce = pause > OneChange.BorneOutWithin && pause > AtOncePerPause * took;
            if (isAtOnce || pause > Onset.GapMax && pause > took) return turns[own..];
        }
        return turns;
    }

    // From what was held, or not known, to what was held next: what is tried for a moment is neither.
    private static IEnumerable<(HoldingRun Before, HoldingRun Run)> Moves(HoldingRun[] runs)
    {
        for (int i = 1, before = 0; i < runs.Length; i++)
        {
            bool lasts = i + 1 == runs.Length || !Holding.IsKnown(runs[i].Holding) || runs[i + 1].From - runs[i].From >= Presences.Lasting;
            if (!lasts) continue;
            yield return (runs[before], runs[i]);
            before = i;
        }
    }

    /// <summary>True where changes in the second tier lie so near a shift that they are its doing.</summary>
    public static bool ShowsAbove(Finding shift, List<Finding> above) => above.Exists(finding =>
        finding.First >= shift.First - UpstreamFindings.After && finding.First <= shift.Last + UpstreamFindings.After);
}
