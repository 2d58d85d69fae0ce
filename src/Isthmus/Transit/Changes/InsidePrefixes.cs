using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// More-specifics of the subject's prefixes that other origins announce (methods.md, "Changes"): none of the subject's, but
/// packets follow the longest match, so that they go there. It says what is seen, not whether it was allowed.
/// </summary>
internal sealed class InsidePrefixes
{
    private readonly VantagePointCourt _court;
    private readonly Sightings _inside;

    /// <summary>The subject's own prefixes.</summary>
    public CoveringPrefixes Blocks { get; } = new();

    public InsidePrefixes(IRouteSpans seen, VantagePointCourt court)
    {
        _court = court;
        var heard = court.Heard;
        // A country's prefixes are followed whoever announces them: those that none of its networks did are others' like any.
        var own = new HashSet<Prefix>(heard.Prefixes.Length);
        List<RouteHistory> others = [];
        for (int from = 0, to; from < seen.Histories.Count; from = to)
        {
            var prefix = seen.Histories[from].Prefix;
            bool isOwn = false;
            for (to = from; to < seen.Histories.Count && seen.Histories[to].Prefix == prefix; to++)
                isOwn = isOwn || IsOwn(seen.Histories[to], heard.Paths);
            if (isOwn) own.Add(prefix);
            else for (int i = from; i < to; i++) others.Add(seen.Histories[i]);
        }
        foreach (var prefix in heard.Prefixes.Where(own.Contains)) Blocks.Add(prefix);
        var foreign = others.Where(history => Blocks.Above(history.Prefix) is not null);
        // Who the origin is, and not whose the prefix is: any path counts.
        var everybody = new Subject(SubjectKind.Prefix, "", null, default, default, default);
        var paths = new AttributedPaths(seen.Paths, everybody, heard.Paths.Registry, new PathCleaning());
        _inside = new(seen.With([.. seen.Inside, .. foreign]), paths, prefix => !PrefixFilter.IsBogon(prefix), heard);
    }

    private static bool IsOwn(RouteHistory history, AttributedPaths paths)
    {
        for (int i = 0; i < history.Steps.Count; i++)
            if (history.Steps[i].Path is >= 0 and var path && paths.Counts(history.Prefix, path)) return true;
        return false;
    }

    /// <summary>All that were seen in the period, sorted: prefix, then origin.</summary>
    public InsidePrefix[] All()
    {
        var found = new SortedDictionary<(Prefix Prefix, Asn Origin), InsidePrefix>();
        var peers = new Dictionary<(Prefix, Asn), (HashSet<Asn> Ever, HashSet<Asn> AtEnd)>();
        var seen = _inside.Seen;
        foreach (var sighting in _inside.All)
        {
            var history = seen.Histories[sighting.History];
            if (Blocks.Above(history.Prefix) is not { } block) continue;
            for (int i = 0; i < history.Steps.Count; i++)
            {
                var step = history.Steps[i];
                bool isLast = i + 1 == history.Steps.Count;
                var until = isLast ? seen.To : history.Steps[i + 1].Time;
                // What was over before the period is none of it.
                if (until <= seen.From && !isLast) continue;
                foreach (var origin in _inside.Paths.OriginsOf(step.Path))
                {
                    var key = (history.Prefix, origin);
                    if (!peers.TryGetValue(key, out var by)) peers[key] = by = ([], []);
                    by.Ever.Add(_inside.PeerAs(history.Peer));
                    if (isLast) by.AtEnd.Add(_inside.PeerAs(history.Peer));
                    var (first, last) = found.TryGetValue(key, out var known) ? (known.FirstSeen, known.LastSeen) : (step.Time, until);
                    (first, last) = (step.Time < first ? step.Time : first, until > last ? until : last);
                    found[key] = new(history.Prefix, block, origin, first, last, 0, 0);
                }
            }
        }
        return [.. found.Select(entry => entry.Value with
        {
            PeerAses = peers[entry.Key].Ever.Count,
            PeerAsesAtEnd = peers[entry.Key].AtEnd.Count,
        })];
    }

    /// <summary>Which came in the period, joined by origin.</summary>
    /// <param name="kept">What was found before on prefixes of which nothing has changed.</param>
    public IEnumerable<TransitChange> Changes(
        Func<int, ShareSweep> sweepOf, IReadOnlyList<TransitChange> problems, KeptByPrefix<FoundOnPrefix> kept)
    {
        var findings = new List<Finding>();
        kept.GoOnTo(_inside, _court.WrongClocks.Keys.ToHashSet(), whoCounts: true);
        foreach (var ofPrefix in _inside.ChangedPrefixes())
        {
            int[] heard = [.. ofPrefix
                .Where(sighting => !_court.WrongClocks.ContainsKey(_inside.Seen.Peers[sighting.Peer].Peer.Collector))
                .Select(sighting => sighting.History)];
            int prefix = ofPrefix[0].Prefix;
            var found = kept.Of(ofPrefix, PrefixCourse.EndOf(_inside, heard), [], () => new(
                new PrefixCourse(_inside, prefix, heard) is { IsMoved: true } course
                    ? [.. OriginFindings.MoreSpecific(new Levels(course))] : [], []));
            findings.AddRange(found.Findings.Where(finding => IsInside(finding, finding.First)).Select(WithWatchers));
        }
        var tale = new ChangeTale(_court, _inside, sweepOf, problems);
        foreach (var change in tale.Tell([.. OneChange.Join(findings, prefixesMin: 1).SelectMany(Parted)]))
            yield return change with { SubjectPrefixes = _court.Heard.Prefixes.Length, Covering = Blocks.Above(change.Prefixes) };
    }

    // Who never spoke of it could have seen it, too: all that count and were heard then.
    private Finding WithWatchers(Finding finding)
    {
        var heard = _court.Heard.Of(_inside.Prefixes[finding.Prefix].Family);
        int watching = Enumerable.Range(0, heard.Seen.Peers.Count)
            .Where(peer => heard.Counted[peer] && heard.Seen.Peers[peer].Up.Any(up => up.From <= finding.First && up.To >= finding.First))
            .Select(heard.PeerAs).Distinct().Count();
        return finding with { Watching = Math.Max(finding.Watching, watching) };
    }

    // A block that the subject no longer held when another announced a part of it had left the subject.
    private bool IsInside(Finding finding, Timestamp time) =>
        Blocks.Above(_inside.Prefixes[finding.Prefix]) is { } block && _court.Heard.IsHeld(block, time);

    // One date is of those whose blocks the subject held then.
    private IEnumerable<List<Finding>> Parted(List<Finding> group)
    {
        while (group.Count > 0)
        {
            var time = group.Min(finding => finding.First);
            yield return group.FindAll(finding => IsInside(finding, time));
            group = group.FindAll(finding => !IsInside(finding, time));
        }
    }
}
