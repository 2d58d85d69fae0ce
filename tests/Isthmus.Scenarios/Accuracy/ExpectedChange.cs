using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>A change that an analyst would report (methods.md, "Changes"), known from the script and the graph.</summary>
/// <param name="Time">Good news by the first peer AS that changed for good, bad news by the median of the last changes.</param>
/// <param name="About">The upstream, intermediary or new origin; null where the kind has none.</param>
/// <param name="Prefixes">Sorted; empty for a shift of share, which is the subject's.</param>
/// <param name="Until">When it was over; null for what has no end.</param>
public sealed record ExpectedChange(ChangeKind Kind, Timestamp Time, Asn? About, IReadOnlyList<Prefix> Prefixes, Timestamp? Until = null)
{
    /// <summary>The latest date that is right, where a change is drawn out and no rule names one second; null where one does.</summary>
    public Timestamp? Latest { get; init; }

    /// <summary>When the last peer AS had moved; null where that is not scored.</summary>
    public Timestamp? Last { get; init; }

    /// <summary>The share before and after; null where that is not scored.</summary>
    public (double Before, double After)? Share { get; init; }

    /// <summary>For a more-specific of another origin, the subject's prefix that it lies in; null for any other change.</summary>
    public Prefix? Covering { get; init; }

    /// <summary>In the second tier, the upstream whose upstream it is; null in the first.</summary>
    public Asn? Above { get; init; }

    /// <summary>How far the carriers are others than before; null where that is not scored.</summary>
    public ChangeLevel? Level { get; init; }

    /// <summary>Dumps alone show it: no second is right, but the dump before it and the dump behind it.</summary>
    public bool Between { get; init; }

    /// <summary>What it is, without the time: equal for changes that differ in their date alone.</summary>
    public string Identity => $"{Kind} {About}{(Above is { } above ? $" above {above}" : "")} {string.Join(' ', Prefixes)}";

    public override string ToString() =>
        $"{Time} {Kind} {About}{(Above is { } above ? $" above {above}" : "")} [{string.Join(' ', Prefixes)}]" + (Until is { } until ? $" until {until}" : "");
}
