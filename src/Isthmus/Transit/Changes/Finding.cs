using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>A lasting change of one peer AS: when, and the step that shows it.</summary>
/// <param name="History">Index into <see cref="Routes.Observations.Histories"/>.</param>
/// <param name="Step">The step of it.</param>
internal readonly record struct Turn(Asn PeerAs, Timestamp Time, int History, int Step);

/// <summary>What makes findings of several prefixes one change.</summary>
internal readonly record struct Matter(
    ChangeKind Kind, int Tier, Asn? Upstream, Asn? Origin, Asn? Between = null, Asn? Above = null, Asn? Gateway = null);

/// <summary>A change of one prefix before those of one cause are joined.</summary>
/// <param name="Turns">One for each peer AS that changed for good.</param>
/// <param name="Share">Part of the peer ASes with data, before and after; null where the subject's own share tells more.</param>
internal sealed record Finding(
    Matter Of, int Prefix, IReadOnlyList<Turn> Turns, int Watching, Timestamp? Until, (double Before, double After)? Share = null)
{
    /// <summary>Of what came, the peer ASes that used it before, as few as may be stuck.</summary>
    public IReadOnlyList<Asn> UsersBefore { get; init; } = [];

    /// <summary>Of what came, the peer ASes of which was known what they used before.</summary>
    public int Known { get; init; }

    /// <summary>
    /// The date, where it is not the first or the median of all: of what went slowly, when no more used it than may be stuck.
    /// </summary>
    public Timestamp? Date { get; init; }

    /// <summary>The date (methods.md, "Dates"): good news by the first lasting change, bad news by the median of the last.</summary>
    public Timestamp Time => Date ?? (IsBadNews(Of.Kind) ? Median : First);

    public Timestamp First => Turns.Min(turn => turn.Time);

    public Timestamp Last => Turns.Max(turn => turn.Time) is var last && End > last ? End.Value : last;

    /// <summary>
    /// When the last peer AS had done it on the last prefix, where a finding is of all prefixes; null where it is of one.
    /// </summary>
    public Timestamp? End { get; init; }

    public Timestamp Median => MedianOf([.. Turns.Select(turn => turn.Time)]);

    /// <summary>Path hunting draws out a loss, so that its first message is not its date.</summary>
    public static bool IsBadNews(ChangeKind kind) => kind is ChangeKind.UpstreamVanished or ChangeKind.Outage or ChangeKind.PrefixVanished;

    /// <summary>The time when half of them had come.</summary>
    public static Timestamp MedianOf(IReadOnlyCollection<Timestamp> times) => times.Order().ElementAt((times.Count - 1) / 2);
}
