using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Finds and dates what changed (methods.md, "Changes"), by those whom the court believes. It reads downward: first
/// trouble of the feeds; then each prefix by itself; then what has one cause is joined over prefixes; then shifts of
/// share that nothing else explains; at last each change is told with its witnesses.
/// </summary>
internal static class ChangeDetector
{
    /// <summary>A change that touches a smaller part of a large subject's prefixes is not reported.</summary>
    private const double PrefixPartMin = 0.05;

    /// <summary>Around another change a shift of share is that change's doing.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(300);

    /// <summary>Before a route is lost, other paths to it are tried.</summary>
    private static readonly TimeSpan Hunting = TimeSpan.FromSeconds(120);

    /// <param name="sweepOf">The shares of the address family of a prefix, by its index; those of the first family for -1.</param>
    /// <param name="inside">What other origins announced inside the subject's prefixes.</param>
    /// <param name="kept">What was found before on prefixes of which nothing has changed.</param>
    public static IReadOnlyList<TransitChange> Find(VantagePointCourt court, Func<int, ShareSweep> sweepOf, InsidePrefixes inside,
        KeptFindings kept)
    {
        var sightings = court.Heard;
        var seen = sightings.Seen;
        if (seen.To <= seen.From) return [];
        var wrongClocks = court.WrongClocks;
        var problems = FeedProblems.Find(court.Told, wrongClocks);
        var findings = Findings(sightings, inside.Blocks, wrongClocks, kept.Own);
        int prefixesMin = (int)Math.Ceiling(PrefixPartMin * sightings.Prefixes.Length);
        var groups = OneChange.Join(findings, prefixesMin)
            .Where(group => group.Count > 0 && (group[0].Of.Kind is ChangeKind.MoreSpecificAppeared || group.Count >= prefixesMin))
            .Select(group => OneChange.Lost(group, sightings)).ToList();
        // What changes above an upstream explains no shift of its share; it is the shift that shows there.
        var own = groups.Where(group => group[0].Of.Tier == 1).ToArray();
        (Timestamp From, Timestamp To)[] others = [.. own.Where(group => !RollOut.IsSlow(group)).Select(Around)];
        // What takes hours explains no more than what that upstream gains or loses, and others by it.
        SlowMove[] slow = [.. own.Where(RollOut.IsSlow).Select(group => new SlowMove(group[0].Of.Upstream!.Value, Around(group)))];
        Finding[] shifts = [.. ShareShifts.Find(sweepOf(-1), seen.From, seen.To, others, slow)
            .Select(shift => ShareShifts.Witnessed(sightings, shift, others, wrongClocks)).OfType<Finding>()];
        groups.RemoveAll(group => group[0].Of.Tier > 1 && Array.Exists(shifts, shift => ShareShifts.ShowsAbove(shift, group)));
        groups.AddRange(shifts.Select(shift => new List<Finding> { shift }));
        var tale = new ChangeTale(court, sightings, sweepOf, problems);
        return Counted([.. Named(tale.Tell(groups).Select(change => change.Kind is not ChangeKind.MoreSpecificAppeared ? change
                : change with { Covering = inside.Blocks.Above(change.Prefixes) }).Concat(inside.Changes(sweepOf, problems, kept.Inside))
            .Where(change => change.Time >= seen.From || GoesOnAt(change, seen.From)).Concat(problems)
            .OrderBy(change => change.Time).ThenBy(change => change.Kind).ThenBy(change => change.Upstream)
            .ThenBy(change => change.Id, StringComparer.Ordinal))]);
    }

    // In order of time, so that what comes later gives no other number to what was before.
    private static TransitChange[] Counted(TransitChange[] changes)
    {
        var episodes = new Dictionary<(ChangeIdentity, Prefix), int>();
        for (int i = 0; i < changes.Length; i++)
        {
            var alike = changes[i].Identity with { Episode = 0 };
            IReadOnlyList<Prefix> prefixes = changes[i].Prefixes.Count > 0 ? changes[i].Prefixes : [default];
            int episode = 1 + prefixes.Max(prefix => episodes.GetValueOrDefault((alike, prefix)));
            foreach (var prefix in prefixes) episodes[(alike, prefix)] = episode;
            changes[i] = changes[i] with { Episode = episode };
        }
        return changes;
    }

    // What began before the period, and went on in it, is a part of it: what had not ended, and what half of the peer ASes did later.
    private static bool GoesOnAt(TransitChange change, Timestamp from) =>
        change.Median >= from || change is { Kind: ChangeKind.Outage or ChangeKind.Unstable } && !(change.Until <= from);

    private static (Timestamp From, Timestamp To) Around(List<Finding> group) =>
        (group.Min(finding => finding.First) - Hunting, OneChange.EndOf(group) + Settling);

    // Of changes that are alike in kind, second and network each has an id of its own.
    private static IEnumerable<TransitChange> Named(IEnumerable<TransitChange> changes)
    {
        var alike = new Dictionary<string, int>(StringComparer.Ordinal);
        foreach (var change in changes)
        {
            int count = alike[change.Id] = alike.GetValueOrDefault(change.Id) + 1;
            yield return count == 1 ? change : change with { Id = FormattableString.Invariant($"{change.Id}-{count}") };
        }
    }

    private static List<Finding> Findings(Sightings sightings, CoveringPrefixes blocks,
        IReadOnlyDictionary<Collector, TimeSpan> wrongClocks, KeptByPrefix<FoundOnPrefix> kept)
    {
        var findings = new List<Finding>();
        var gateways = new Lazy<Gateways>(() => new(sightings));
        kept.GoOnTo(sightings, wrongClocks.Keys.ToHashSet(), whoCounts: true);
        foreach (var ofPrefix in sightings.ChangedPrefixes())
        {
            // Whose clock is wrong dates nothing.
            int[] heard = [.. ofPrefix
                .Where(sighting => !wrongClocks.ContainsKey(sightings.Seen.Peers[sighting.Peer].Peer.Collector))
                .Select(sighting => sighting.History)];
            int prefix = ofPrefix[0].Prefix;
            int block = blocks.Above(sightings.Prefixes[prefix]) is { } above ? Array.BinarySearch(sightings.Prefixes, above) : -1;
            var found = kept.Of(ofPrefix, PrefixCourse.EndOf(sightings, heard), block < 0 ? [] : sightings.OfPrefix(block),
                () => FindOn(sightings, blocks, new(sightings, prefix, heard), gateways),
                before => before.Asked.Count == 0 || gateways.Value.Holds(before.Asked));
            findings.AddRange(found.Findings);
        }
        return findings;
    }

    private static FoundOnPrefix FindOn(Sightings sightings, CoveringPrefixes blocks, PrefixCourse course, Lazy<Gateways> gateways)
    {
        if (!course.IsMoved) return new([], []);
        var ofCountry = sightings.Paths.Subject.Kind is SubjectKind.Country ? gateways.Value : null;
        Finding[] found = [.. WithMoreSpecifics(sightings, blocks, new(course), ofCountry)];
        return new(found, ofCountry?.Asked() ?? []);
    }

    // What another origin announced inside a prefix of the subject is not the subject's news, and is told once.
    private static IEnumerable<Finding> WithMoreSpecifics(
        Sightings sightings, CoveringPrefixes blocks, Levels levels, Gateways? gateways)
    {
        var course = levels.Course;
        var found = PrefixFindings.Of(levels, gateways);
        if (blocks.Above(sightings.Prefixes[course.Prefix]) is not { } block) return found;
        Finding[] came = [.. OriginFindings.MoreSpecific(levels).Where(finding =>
            !found.Any(own => own.Of.Kind is ChangeKind.OriginChanged or ChangeKind.OriginAdded && own.Of.Origin == finding.Of.Origin))];
        Finding[] others = [.. came.Where(finding => sightings.IsHeld(block, finding.First) && IsOthers(sightings, finding, block))];
        if (others.Length > 0) return [.. found.Where(finding => finding.Of.Kind is not ChangeKind.PrefixAppeared), .. others];
        // The subject's own more-specific takes packets too, however short it is there, and whoever forged its path.
        return found.Any(finding => finding.Of.Kind is ChangeKind.PrefixAppeared) ? found : [.. found, .. came.Take(1)
            .Where(finding => !Presences.Held(course).Any(stay => stay.From < finding.First)
                && finding.Turns.Count(turn => IsAbsentBefore(sightings, turn)) >= Presences.Threshold(course.Watching))
            .Select(finding => finding with { Of = new(ChangeKind.PrefixAppeared, 1, null, null) })];
    }

    // Known to hold none for as long as what is new must have been away.
    private static bool IsAbsentBefore(Sightings sightings, Turn turn)
    {
        var history = sightings.Seen.Histories[turn.History];
        if (turn.Step == 0 || history.Steps[turn.Step - 1] is not { Path: RouteStep.NoRoute, Time: var since }) return false;
        var table = sightings.Seen.Peers[history.Peer].TableSince(history.Prefix.Family);
        return turn.Time - (table > since ? table.Value : since) >= Presences.Lasting;
    }

    // Of a prefix that is the subject itself, its origins are those that it was seen by.
    private static bool IsOthers(Sightings sightings, Finding finding, Prefix block)
    {
        if (sightings.Paths.Subject.Kind is not SubjectKind.Prefix)
            return finding.Turns.All(turn => !sightings.Paths.Counts(sightings.Prefixes[finding.Prefix],
                sightings.Seen.Histories[turn.History].Steps[turn.Step].Path));
        bool isKnown = false;
        foreach (var sighting in sightings.OfPrefix(Array.BinarySearch(sightings.Prefixes, block)))
            foreach (var step in sightings.Seen.Histories[sighting.History].Steps)
            {
                foreach (var origin in sightings.Paths.OriginsOf(step.Path))
                {
                    if (origin == finding.Of.Origin) return false;
                    isKnown = true;
                }
            }
        return isKnown;
    }
}
