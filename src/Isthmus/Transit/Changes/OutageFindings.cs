using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>Dates an outage or unstable time of one prefix by the peer ASes that show it.</summary>
internal static class OutageFindings
{
    /// <summary>A loss belongs to an outage when it came this long before half were lost: path hunting draws it out.</summary>
    private static readonly TimeSpan LossBefore = TimeSpan.FromSeconds(900);

    /// <summary>Bad news is dated by each peer AS's last loss before the outage ended.</summary>
    public static Finding? Outage(Sightings sightings, Levels levels, Disturbance outage)
    {
        var runs = Runs(sightings, levels);
        Turn[] losses = [.. runs
            .Where(run => run.ToKnown && run.To >= outage.From - LossBefore && run.To <= outage.To)
            .GroupBy(run => run.PeerAs)
            // The loss that opened the low: the last one before half were lost, or the first after.
            .Select(group => group.Where(run => run.To <= outage.From + Presences.Lasting).MaxBy(run => run.To)
                ?? group.MinBy(run => run.To)!)
            .Select(run => new Turn(run.PeerAs, run.To, run.End.Sighting, run.End.Place))];
        if (losses.Length == 0) return null;
        var median = Finding.Median([.. losses.Select(turn => turn.Time)]);
        Timestamp? until = outage.IsOpen ? null : runs.Where(run => run.From > median && run.From <= outage.To)
            .Select(run => (Timestamp?)run.From).DefaultIfEmpty(outage.To).Min();
        return new(ChangeKind.Outage, levels.Prefix, null, null, losses, levels.Watching, until);
    }

    /// <summary>An unstable time begins with its first change and ends with its last.</summary>
    public static Finding? Unstable(Sightings sightings, Levels levels, Disturbance unstable)
    {
        var turns = levels.Indexes
            .SelectMany(index => sightings.All[index].Runs.Select((run, place) =>
                new Turn(sightings.PeerAs(sightings.All[index].Peer), run.From, index, place)))
            .Where(turn => turn.Time >= unstable.From && turn.Time <= unstable.To)
            .GroupBy(turn => turn.PeerAs).Select(group => group.MinBy(turn => turn.Time)).ToArray();
        return turns.Length == 0 ? null : new(ChangeKind.Unstable, levels.Prefix, null, null, turns, levels.Watching, unstable.To);
    }

    // Without closing gaps: an outage may be shorter than what makes a change lasting.
    private static List<Stay> Runs(Sightings sightings, Levels levels) => [.. levels.Indexes
        .GroupBy(index => sightings.PeerAs(sightings.All[index].Peer)).OrderBy(group => group.Key)
        .SelectMany(group => Presences.Runs(sightings, group, Levels.IsHeld, levels.End))];
}
