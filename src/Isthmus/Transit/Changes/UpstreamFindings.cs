using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Finds on one prefix when an upstream came, went and came back (methods.md section 8.2, rules 1 and 2). What an
/// outage or an unstable time explains is left to it.
/// </summary>
internal sealed class UpstreamFindings(Sightings sightings, Levels levels, IReadOnlyList<Disturbance> disturbances)
{
    /// <summary>An upstream is gone when it stays away so long.</summary>
    private static readonly TimeSpan AwayMin = TimeSpan.FromSeconds(900);

    /// <summary>It has come when enough peer ASes use it for so long.</summary>
    private static readonly TimeSpan ConfirmedAfter = TimeSpan.FromSeconds(300);

    /// <summary>The part of the peer ASes, or the number of them, that makes it more than a blip.</summary>
    private const double ShareMin = 0.05;

    /// <inheritdoc cref="ShareMin"/>
    private const int PeerAsesEnough = 10;

    /// <summary>A peer AS belongs to a change when it changed this long before, or after, enough others had.</summary>
    private static readonly TimeSpan Before = TimeSpan.FromSeconds(600), After = TimeSpan.FromSeconds(900);

    /// <summary>An outage ends by degrees; an upstream that is back this long after it came back with it.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(300);

    public IEnumerable<Finding> Find(int upstream)
    {
        var stays = Presences.Stays(sightings, levels.Indexes, holding => holding == upstream, levels.End);
        var asn = sightings.Upstreams[upstream];
        bool known = false;
        foreach (var presence in Presences.Of(stays, levels.Watching, AwayMin, IsExplained))
        {
            var came = Came(presence);
            bool isNews = came.Count >= Presences.Threshold(levels.Watching) && WasVisible(presence.From);
            bool counts = IsConfirmed(presence);
            if (isNews && counts) yield return Of(known ? ChangeKind.UpstreamReturned : ChangeKind.UpstreamAppeared, asn, came);
            // What was there from the start, or came with its prefix, is known without being news.
            known |= counts;
            var went = Went(presence);
            if (counts && !presence.IsOpen && levels.End - presence.To >= AwayMin
                && went.Count >= Presences.Threshold(levels.Watching) && IsVisible(presence.To))
                yield return Of(ChangeKind.UpstreamVanished, asn, went);
        }
    }

    private Finding Of(ChangeKind kind, Asn asn, IReadOnlyList<Turn> turns) =>
        new(kind, levels.Prefix, asn, null, turns, levels.Watching, null);

    private bool IsConfirmed(Presence presence) =>
        presence.To - presence.From >= ConfirmedAfter
        && (presence.PeerAsesMax >= PeerAsesEnough || presence.PeerAsesMax >= ShareMin * levels.Watching);

    private static List<Turn> Came(Presence presence) => [.. presence.Stays
        .Where(stay => stay.From >= presence.From - Before && stay.From <= presence.From + After
            && (stay.IsOpen || stay.To - stay.From >= Presences.Lasting))
        .GroupBy(stay => stay.PeerAs).Select(stays => stays.MinBy(stay => stay.From)!)
        .Where(stay => stay.FromKnown)
        .Select(stay => new Turn(stay.PeerAs, stay.From, stay.Begin.Sighting, stay.Begin.Place))];

    private static List<Turn> Went(Presence presence) => [.. presence.Stays
        .Where(stay => !stay.IsOpen && stay.To >= presence.To - After && stay.To <= presence.To + After)
        .GroupBy(stay => stay.PeerAs).Select(stays => stays.MaxBy(stay => stay.To)!)
        .Where(stay => stay.ToKnown)
        .Select(stay => new Turn(stay.PeerAs, stay.To, stay.End.Sighting, stay.End.Place))];

    private bool IsExplained(Timestamp from, Timestamp to) => disturbances.Any(disturbance =>
        from >= disturbance.From - Recovery && to <= disturbance.To + Recovery);

    private bool WasVisible(Timestamp time) => levels.BestBetween(time - After, time) >= Disturbances.DownBelow * levels.Usual;

    private bool IsVisible(Timestamp time) => levels.BestBetween(time, time + After) >= Disturbances.DownBelow * levels.Usual;
}
