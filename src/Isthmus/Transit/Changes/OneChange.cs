using Isthmus.Routes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>Joins findings of one kind and carrier over prefixes into one change.</summary>
internal static class OneChange
{
    /// <summary>Findings of one kind and upstream within this time have one cause.</summary>
    public static readonly TimeSpan Within = TimeSpan.FromSeconds(300);

    /// <summary>News reaches a second collector within this.</summary>
    public static readonly TimeSpan BorneOutWithin = TimeSpan.FromSeconds(60);

    /// <summary>An outage without an end is a loss of prefixes where at least this part of the subject stays.</summary>
    private const double StayingPartMin = 0.2;

    /// <summary>
    /// Unstable times of one cause overlap; the others begin within minutes of each other, and outages end so, too.
    /// </summary>
    /// <param name="prefixesMin">Of so many prefixes, or more, a change is told.</param>
    public static IEnumerable<List<Finding>> Join(List<Finding> findings, int prefixesMin) => ByCause(findings)
        .SelectMany(group => group[0] is { Of.Kind: ChangeKind.Outage, Until: not null } ? ByEnd(group, prefixesMin) : [group]);

    // Prefixes that come back one after another were not away together until the last of them. Those that are too few to be told alone
    // stand with the ones that came back before them, or else after.
    private static List<List<Finding>> ByEnd(List<Finding> outage, int prefixesMin)
    {
        var groups = new List<List<Finding>>();
        foreach (var finding in outage.OrderBy(finding => finding.Until).ThenBy(finding => finding.Time).ThenBy(finding => finding.Prefix))
        {
            if (groups is not [.., var open] || finding.Until - open[0].Until > Within) groups.Add(open = []);
            open.Add(finding);
        }
        for (int i = groups.Count - 1; i >= 0 && groups.Count > 1; i--)
        {
            if (groups[i].Count >= prefixesMin) continue;
            groups[i > 0 ? i - 1 : 1].AddRange(groups[i]);
            groups.RemoveAt(i);
        }
        return groups;
    }

    /// <summary>When what the findings tell was over: an outage with the first prefix that is back, else with the last.</summary>
    public static Timestamp? UntilOf(List<Finding> group) => group[0].Of.Kind is ChangeKind.Outage
        ? group.Exists(part => part.Until is null) ? null : group.Min(part => part.Until) : group.Max(part => part.Until);

    private static IEnumerable<List<Finding>> ByCause(List<Finding> findings)
    {
        foreach (var kind in findings.GroupBy(finding => finding.Of))
        {
            // What ends and what does not may begin at once: neither parts the other.
            var groups = new List<List<Finding>>();
            foreach (var finding in kind.OrderBy(finding => finding.Time).ThenBy(finding => finding.Prefix))
            {
                var joined = groups.FindLast(group => IsOf(group, finding));
                if (joined is null) groups.Add(joined = []);
                joined.Add(finding);
            }
            foreach (var group in groups) yield return NewToAll(group);
        }
    }

    private static bool IsOf(List<Finding> group, Finding finding) => finding.Of.Kind is ChangeKind.Unstable
        ? finding.First <= group.Max(other => other.Until)
        : finding.Time - group[0].Time <= Within && finding.Until is null == group[0].Until is null
            || group.Exists(other => RollOut.IsOne(other, finding));

    // What few used before on each of several prefixes more may have used on all of them: then it came to those that nobody used
    // it for.
    private static List<Finding> NewToAll(List<Finding> group)
    {
        if (group[0].Of.Kind is not ChangeKind.UpstreamAppeared) return group;
        int before = group.SelectMany(finding => finding.UsersBefore).Distinct().Count();
        return before <= Presences.UsersBeforeMax(group.Min(finding => finding.Known)) ? group
            : group.FindAll(finding => finding.UsersBefore.Count == 0);
    }

    /// <summary>Prefixes that do not come back are lost, where the subject stays; where nearly all of it goes that is an outage.</summary>
    public static List<Finding> Lost(List<Finding> group, Sightings sightings)
    {
        if (group[0].Of.Kind is not ChangeKind.Outage || group[0].Until is not null) return group;
        int zombies = Presences.Zombies(group.Max(finding => finding.Watching));
        int held = Held(sightings, TimeOf(group, sightings) + Presences.AwayMin, zombies)
            .Except(group.Select(finding => finding.Prefix)).Count();
        bool stays = held >= Math.Max(1, StayingPartMin * (held + group.Count));
        bool lasts = sightings.Seen.To - TimeOf(group, sightings) >= Presences.AwayMin;
        return stays && lasts
            ? [.. group.Select(finding => finding with { Of = finding.Of with { Kind = ChangeKind.PrefixVanished } })] : group;
    }

    // The prefixes that more peer ASes hold than may be stuck: what one makes up is none of the subject's.
    private static IEnumerable<int> Held(Sightings sightings, Timestamp time, int zombies) => sightings.All
        .Where(sighting => Holding.IsSubject(sighting.At(time)))
        .GroupBy(sighting => sighting.Prefix, sighting => sightings.PeerAs(sighting.Peer))
        .Where(holders => holders.Distinct().Count() > zombies)
        .Select(holders => holders.Key);

    /// <summary>
    /// The date of the whole: bad news by the median of the peer ASes, good news by the first that a second collector
    /// bears out. What one collector alone hears before all others its clock may have made up.
    /// </summary>
    public static Timestamp TimeOf(List<Finding> group, Sightings sightings)
    {
        var turns = TurnsByPeerAs(group);
        // What went from all of several prefixes has gone with the last.
        if (group.Max(finding => finding.Date) is { } date) return date;
        if (Finding.IsBadNews(group[0].Of.Kind)) return Finding.MedianOf([.. turns.Select(turn => turn.Time)]);
        if (group[0].Of.Kind is ChangeKind.PrefixAppeared && AfterMadeUp(turns, sightings) is { } born) return born;
        return Enumerable.Range(0, turns.Length).TakeWhile(at => turns[at].Time - turns[0].Time <= UpstreamFindings.After)
            .Where(at => IsBorneOut(turns, at, sightings)).Select(at => turns[at]).Append(turns[0]).First().Time;
    }

    // A prefix comes to all in one wave. As few as may be stuck that had it over a minute before all others, and by an upstream that none
    // of these comes to, made it up. Null where there are none.
    private static Timestamp? AfterMadeUp(Turn[] turns, Sightings sightings)
    {
        for (int before = 1; before < turns.Length && before <= Presences.Zombies(turns.Length); before++)
        {
            if (turns[before].Time - turns[before - 1].Time <= BorneOutWithin) continue;
            var own = turns[..before].Select(turn => UpstreamOf(turn, sightings)).ToHashSet();
            var wave = turns[before..].Where(turn => turn.Time <= turns[before].Time + Onset.GapMax);
            bool isWave = 2 * wave.Count() >= turns.Length;
            return isWave && !Array.Exists(turns[before..], turn => own.Contains(UpstreamOf(turn, sightings))) ? turns[before].Time : null;
        }
        return null;
    }

    private static Asn? UpstreamOf(Turn turn, Sightings sightings) =>
        sightings.Seen.Histories[turn.History].Steps[turn.Step] is { Path: >= 0 } step ? sightings.Paths[step.Path].Upstream : null;

    // Another collector shows it, too; and where some were before, they have the clock of one collector, which is early by so much: none
    // of it is with the others. Where one is, or there is no such wave as half of all, those before are the beginning.
    private static bool IsBorneOut(Turn[] turns, int at, Sightings sightings)
    {
        var (time, collector) = (turns[at].Time, CollectorOf(turns[0], sightings));
        return Array.Exists(turns, other => (other.Time - time).Duration() <= BorneOutWithin
                && CollectorOf(other, sightings) != CollectorOf(turns[at], sightings))
            && (at == 0 || turns[at - 1].Time - turns[0].Time <= BorneOutWithin
                && 2 * turns.Count(turn => turn.Time >= time && turn.Time <= time + Onset.GapMax) >= turns.Length
                && turns.Index().All(turn => CollectorOf(turn.Item, sightings) == collector == turn.Index < at));
    }

    private static Collector CollectorOf(Turn turn, Sightings sightings) =>
        sightings.Seen.Peers[sightings.Seen.Histories[turn.History].Peer].Peer.Collector;

    public static Timestamp EndOf(List<Finding> group) =>
        group.Max(finding => finding.Until is { } until && until > finding.Last ? until : finding.Last);

    /// <summary>One time for each peer AS: its first on any of the prefixes.</summary>
    public static Turn[] TurnsByPeerAs(List<Finding> group) => [.. group
        .SelectMany(finding => finding.Turns).GroupBy(turn => turn.PeerAs)
        .Select(turns => turns.MinBy(turn => turn.Time)).OrderBy(turn => turn.Time).ThenBy(turn => turn.PeerAs)];
}
