using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Transit.Court;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Finds and dates what changed (methods.md section 8.2), by those whom the court believes. It reads downward: first
/// trouble of the feeds; then each prefix by itself; then what has one cause is joined over prefixes; then shifts of
/// share that nothing else explains; at last each change is told with its witnesses.
/// </summary>
internal static class ChangeDetector
{
    /// <summary>A change that touches a smaller part of a large subject's prefixes is not reported.</summary>
    private const double PrefixPartMin = 0.05;

    /// <summary>Around another change a shift of share is that change's doing.</summary>
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(300);

    /// <param name="sweepOf">The shares of the address family of a prefix, by its index; those of the first family for -1.</param>
    public static IReadOnlyList<TransitChange> Find(VantagePointCourt court, Func<int, ShareSweep> sweepOf)
    {
        var sightings = court.Heard;
        var seen = sightings.Seen;
        if (seen.To <= seen.From) return [];
        var wrongClocks = court.WrongClocks;
        var problems = FeedProblems.Find(court.Told, wrongClocks);
        var findings = Findings(sightings, wrongClocks);
        var groups = OneChange.Join(findings)
            .Where(group => group.Count >= PrefixPartMin * sightings.Prefixes.Length)
            .Select(group => OneChange.Lost(group, sightings)).ToList();
        // What changes above an upstream explains no shift of its share; it is the shift that shows there.
        var others = groups.Where(group => group[0].Of.Tier == 1)
            .Select(group => (From: group.Min(finding => finding.First), To: OneChange.EndOf(group) + Settling));
        Finding[] shifts = [.. ShareShifts.Find(sweepOf(-1), seen.From, seen.To, others)
            .Select(shift => ShareShifts.Witnessed(sightings, shift, wrongClocks)).OfType<Finding>()];
        groups.RemoveAll(group => group[0].Of.Tier > 1 && Array.Exists(shifts, shift => ShareShifts.ShowsAbove(shift, group)));
        groups.AddRange(shifts.Select(shift => new List<Finding> { shift }));
        var tale = new ChangeTale(court, sweepOf, problems);
        return [.. tale.Tell(groups).Where(change => change.Time >= seen.From).Concat(problems)
            .OrderBy(change => change.Time).ThenBy(change => change.Kind).ThenBy(change => change.Upstream)
            .ThenBy(change => change.Id, StringComparer.Ordinal)];
    }

    private static List<Finding> Findings(Sightings sightings, IReadOnlyDictionary<Collector, TimeSpan> wrongClocks)
    {
        var findings = new List<Finding>();
        Gateways? gateways = null;
        foreach (var ofPrefix in sightings.ChangedPrefixes())
        {
            // Whose clock is wrong dates nothing.
            var heard = ofPrefix.Where(sighting => !wrongClocks.ContainsKey(sightings.Seen.Peers[sighting.Peer].Peer.Collector));
            var course = new PrefixCourse(sightings, ofPrefix[0].Prefix, heard.Select(sighting => sighting.History));
            if (!course.IsMoved) continue;
            if (sightings.Paths.Subject.Kind is SubjectKind.Country) gateways ??= new(sightings);
            findings.AddRange(PrefixFindings.Of(course, gateways));
        }
        return findings;
    }
}
