using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>Finds when another AS than the subject came to originate one of its prefixes.</summary>
internal static class OriginFindings
{
    public static IEnumerable<Finding> Find(Sightings sightings, Levels levels)
    {
        var stays = Presences.Stays(sightings, levels.Indexes, holding => holding == Holding.Foreign, levels.End);
        foreach (var presence in Presences.Of(stays, levels.Watching, Presences.Lasting, (_, _) => false))
        {
            Turn[] turns = [.. presence.Stays
                .Where(stay => stay.FromKnown && (stay.IsOpen || stay.To - stay.From >= Presences.Lasting))
                .GroupBy(stay => stay.PeerAs).Select(group => group.MinBy(stay => stay.From)!)
                .Select(stay => new Turn(stay.PeerAs, stay.From, stay.Begin.Sighting, stay.Begin.Place))];
            if (turns.Length < Presences.Threshold(levels.Watching)) continue;
            var origins = turns.Select(turn => OriginOf(sightings, turn)).OfType<Asn>()
                .GroupBy(asn => asn).OrderByDescending(group => group.Count()).ThenBy(group => group.Key);
            yield return new(ChangeKind.OriginChanged, levels.Prefix, null, origins.FirstOrDefault()?.Key, turns, levels.Watching,
                presence.IsOpen ? null : presence.To);
        }
    }

    private static Asn? OriginOf(Sightings sightings, Turn turn)
    {
        var sighting = sightings.All[turn.Sighting];
        int path = sightings.Seen.Histories[sighting.History].Steps[sighting.Runs[turn.Place].Step].Path;
        return path < 0 ? null : sightings.Paths[path].Origin;
    }
}
