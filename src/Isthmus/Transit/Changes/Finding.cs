using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>A lasting change of one peer AS: when, and the step that shows it.</summary>
internal readonly record struct Turn(Asn PeerAs, Timestamp Time, int Sighting, int Place);

/// <summary>A change of one prefix before those of one cause are joined.</summary>
/// <param name="Turns">One for each peer AS that changed for good.</param>
internal sealed record Finding(
    ChangeKind Kind, int Prefix, Asn? Upstream, Asn? Origin, IReadOnlyList<Turn> Turns, int Watching, Timestamp? Until)
{
    /// <summary>The date by the rule of 8.2: good news by the first lasting change, bad news by the median of the last.</summary>
    public Timestamp Time =>
        Kind is ChangeKind.UpstreamVanished or ChangeKind.Outage ? Median([.. Turns.Select(turn => turn.Time)]) : First;

    public Timestamp First => Turns.Min(turn => turn.Time);

    public Timestamp Last => Turns.Max(turn => turn.Time);

    /// <summary>The time when half of them had come.</summary>
    public static Timestamp Median(IReadOnlyCollection<Timestamp> times) => times.Order().ElementAt((times.Count - 1) / 2);
}
