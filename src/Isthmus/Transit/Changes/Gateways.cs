using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// When each AS of a country first led routes abroad, over all its prefixes: one that did so for any of them is no new
/// gateway for another.
/// </summary>
internal sealed class Gateways
{
    private readonly Dictionary<Asn, Timestamp[]> _first;
    private List<(Asn Gateway, Timestamp Time, bool IsNew)> _asked = [];

    public Gateways(Sightings sightings)
    {
        // Of each path the first use: a path belongs to one peer AS, as it begins with it.
        var uses = new Dictionary<int, Timestamp>();
        foreach (var history in sightings.Seen.Histories)
            for (int i = 0; i < history.Steps.Count; i++)
                foreach (int path in sightings.Paths.Each(history.Steps[i].Path))
                    if (!(uses.TryGetValue(path, out var known) && known <= history.Steps[i].Time)) uses[path] = history.Steps[i].Time;
        _first = uses.Select(use => (Said: sightings.Paths[use.Key], Time: use.Value))
            .Where(use => use.Said is { OfSubject: true, IsTransit: true, Gateway: not null })
            .GroupBy(use => use.Said.Gateway!.Value)
            .ToDictionary(group => group.Key, group => group.GroupBy(use => use.Said.Clean.FirstAs)
                .Select(ofPeerAs => ofPeerAs.Min(use => use.Time)).Order().Take(Presences.PeerAsesMin).ToArray());
    }

    /// <summary>True where fewer than three peer ASes saw the AS lead routes abroad well before a time.</summary>
    public bool IsNew(Asn gateway, Timestamp time)
    {
        bool isNew = Says(gateway, time);
        _asked.Add((gateway, time, isNew));
        return isNew;
    }

    /// <summary>What was asked since this was called last, and what was said.</summary>
    public IReadOnlyList<(Asn Gateway, Timestamp Time, bool IsNew)> Asked()
    {
        var asked = _asked;
        _asked = [];
        return asked;
    }

    /// <summary>True where the same is said now.</summary>
    public bool Holds(IEnumerable<(Asn Gateway, Timestamp Time, bool IsNew)> asked) =>
        asked.All(question => Says(question.Gateway, question.Time) == question.IsNew);

    private bool Says(Asn gateway, Timestamp time) =>
        _first.GetValueOrDefault(gateway) is not [_, _, var third, ..] || third >= time - UpstreamFindings.Before;

    /// <summary>The foreign AS that most of those who came to a gateway use with it.</summary>
    public static Asn? UpstreamOf(PrefixCourse course, Finding finding) => finding.Turns
        .Select(turn => course.PathAt(Array.IndexOf(course.Sessions, turn.History), finding.Last)?.Upstream).OfType<Asn>()
        .GroupBy(asn => asn).OrderByDescending(group => group.Count()).ThenBy(group => group.Key)
        .Select(group => (Asn?)group.Key).FirstOrDefault();
}
