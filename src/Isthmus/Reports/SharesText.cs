using Isthmus.Transit;

namespace Isthmus.Reports;

/// <summary>The shares with how sure they are, as lines of a table.</summary>
internal static class SharesText
{
    private const int LabelWidth = 16, ColumnWidth = 14;

    /// <summary>The names of the measures over their columns.</summary>
    public static string Head { get; } =
        new string(' ', LabelWidth) + string.Concat(Definitions.Shares.Select(share => share.Name.PadLeft(ColumnWidth)));

    /// <summary>An upstream: who sees it, its shares, their range over collectors, and where each country weighs the same.</summary>
    public static IEnumerable<string> Lines(UpstreamState upstream, string name, ShareBasis? basis)
    {
        string spread = upstream.Countries is { ByCountry.Count: > 1 } over
            ? $"; {ShareWords.Range(over.Min, over.Max)} over {over.ByCountry.Count} countries, median {Wording.Percent(over.Median)}" : "";
        yield return $"  {name}: {Wording.Count(upstream.PeerAses, "peer AS", "peer ASes")}{spread}";
        var intervals = upstream.Intervals;
        yield return Row("share", Six(upstream.Shares).Zip(Six(intervals), (share, interval) =>
            interval is null ? Wording.PercentFine(share) : ShareWords.WithInterval(share, interval)));
        if (intervals?.PeerAs.LeaveOneOutLow is not null)
            yield return Row("collectors", Six(intervals).Select(interval => ShareWords.Range(
                interval!.Value.LeaveOneOutLow!.Value, interval.Value.LeaveOneOutHigh!.Value)));
        if (upstream.Countries is { ByCountry.Count: > 1, Balanced: var balanced } && basis?.By is Weighting.PeerAs)
            yield return Row("countries", Six(balanced).Select(Wording.Percent));
    }

    private static string Row(string label, IEnumerable<string> cells) =>
        $"    {label}".PadRight(LabelWidth) + string.Concat(cells.Select(cell => cell.PadLeft(ColumnWidth)));

    private static double[] Six(UpstreamShares of) => [of.Route, of.PeerAs, of.Prefix, of.Address, of.Coverage, of.Hegemony];

    private static ShareInterval?[] Six(ShareIntervals? of) => of is null ? new ShareInterval?[6]
        : [of.Route, of.PeerAs, of.Prefix, of.Address, of.Coverage, of.Hegemony];
}
