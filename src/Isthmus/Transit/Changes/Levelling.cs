using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// At which level carriers are others than before: a new AS number of the same organisation, or of another one in the
/// same country, is no geopolitics (methods.md, "Levels").
/// </summary>
internal static class Levelling
{
    public static ChangeLevel? Of(Sightings sightings, List<Finding> group, Timestamp first, Timestamp last)
    {
        var of = group[0].Of;
        if (of is not { Tier: 1, Upstream: { } carrier, Gateway: null } || of.Kind is ChangeKind.ShareShifted) return null;
        // What came is held against those that carried before, what went against those that carry after.
        // Behind an intermediary the carrier stays, wherever the one in between is registered.
        if (of.Between is { } behind)
            return AreOne(sightings.Paths.Registry, carrier, behind) ? ChangeLevel.As : ChangeLevel.Organisation;
        bool gone = of.Kind is ChangeKind.UpstreamVanished;
        var others = Carriers(sightings, group, gone ? last + Presences.Lasting : first - Presences.Lasting, gone)
            .Where(asn => asn != carrier);
        return Highest(sightings.Paths.Registry, carrier, [.. others]);
    }

    private static ChangeLevel? Highest(RegistrySnapshot registry, Asn carrier, Asn[] others)
    {
        if (others.Length == 0) return null;
        if (Array.Exists(others, other => AreOne(registry, carrier, other))) return ChangeLevel.As;
        var country = registry.CountryOf(carrier);
        if (country.IsNone) return null;
        return !Array.Exists(others, other => registry.CountryOf(other) == country) ? ChangeLevel.Country : ChangeLevel.Organisation;
    }

    private static bool AreOne(RegistrySnapshot registry, Asn one, Asn other) =>
        registry.OrganisationOf(one) is { } organisation && registry.OrganisationOf(other)?.Id == organisation.Id;

    // Those that enough peer ASes used on the same prefixes, whether these changed or not.
    private static IEnumerable<Asn> Carriers(Sightings sightings, List<Finding> group, Timestamp time, bool later)
    {
        var users = new Dictionary<Asn, HashSet<Asn>>();
        foreach (int prefix in group.Select(finding => finding.Prefix).Distinct())
            foreach (var sighting in sightings.OfPrefix(prefix))
            {
                int path = PathNear(sightings.Seen.Histories[sighting.History], time, later);
                // Of another origin's route it says nothing who carries it, nor does a vantage point's own link.
                if (path < 0 || sightings.Paths[path] is not { OfSubject: true, IsTransit: true, Upstream: { } upstream }) continue;
                if (!users.TryGetValue(upstream, out var of)) users[upstream] = of = [];
                of.Add(sightings.PeerAs(sighting.Peer));
            }
        int enough = Math.Min(Presences.PeerAsesMin, users.Values.SelectMany(of => of).Distinct().Count());
        return users.Where(entry => entry.Value.Count >= enough).Select(entry => entry.Key);
    }

    // In an outage nothing is held: who carried last, or who carries next.
    private static int PathNear(RouteHistory history, Timestamp time, bool later)
    {
        int path = history.PathAt(time);
        if (path >= 0) return path;
        foreach (var step in history.Steps)
        {
            if (step.Time > time && (!later || path >= 0)) break;
            if (step.Time > time == later && step.Path >= 0) path = step.Path;
        }
        return path;
    }
}
