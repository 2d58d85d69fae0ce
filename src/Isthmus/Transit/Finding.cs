using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>A lasting change of one peer AS: when, and the step that shows it.</summary>
internal readonly record struct Turn(Asn PeerAs, Timestamp Time, int Sighting, int Place);

/// <summary>A change of one prefix before those of one cause are joined.</summary>
/// <param name="Turns">One for each peer AS that changed for good.</param>
internal sealed record Finding(
    ChangeKind Kind, int Prefix, Asn? Upstream, Asn? Origin, IReadOnlyList<Turn> Turns, int Watching, Timestamp? Until)
{
    public Timestamp First => Turns.Min(turn => turn.Time);

    public Timestamp Last => Turns.Max(turn => turn.Time);
}
