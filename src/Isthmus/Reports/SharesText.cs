using Isthmus.Text;
using Isthmus.Transit.Shares;

namespace Isthmus.Reports;

/// <summary>
/// The shares with how sure they are, as lines of a table: a measure a column where the page is wide enough, else a measure a row.
/// </summary>
/// <param name="width">Columns of the page.</param>
internal sealed class SharesText(ShareBasis? basis, int width)
{
    private const int LabelWidth = 16, ColumnWidth = 14;

    private static readonly string _wideHead =
        new string(' ', LabelWidth) + string.Concat(Definitions.Shares.Select(share => share.Name.PadLeft(ColumnWidth)));

    /// <summary>The names of the measures over their columns; null where each has a row.</summary>
    public string? Head => width >= _wideHead.Length ? _wideHead : null;

    /// <summary>An upstream: who sees it, its shares, their range over collectors, and where each country weighs the same.</summary>
    public IEnumerable<string> Lines(UpstreamState upstream, string name)
    {
        string spread = upstream.Countries is { ByCountry.Count: > 1 } over
            ? $"; {ShareWords.Range(over.Min, over.Max)} over {over.ByCountry.Count} countries, median {Wording.Percent(over.Median)}" : "";
        yield return $"  {name}: {Wording.Count(upstream.PeerAses, "peer AS", "peer ASes")}{spread}";
        var columns = Columns(upstream).ToArray();
        if (Head is not null)
        {
            foreach (var (label, cells) in columns) yield return Row(label, cells);
            yield break;
        }
        yield return Row("", columns.Select(column => column.Label));
        foreach (var (index, share) in Definitions.Shares.Index())
            yield return Row(share.Name, columns.Select(column => column.Cells[index]));
    }

    private IEnumerable<(string Label, string[] Cells)> Columns(UpstreamState upstream)
    {
        var intervals = upstream.Intervals;
        yield return ("share", [.. Six(upstream.Shares).Zip(Six(intervals), (share, interval) =>
            ShareWords.Cell(share, interval, basis))]);
        if (intervals?.PeerAs.LeaveOneOutLow is not null)
            yield return ("collectors", [.. Six(intervals).Select(interval => ShareWords.Range(
                interval!.Value.LeaveOneOutLow!.Value, interval.Value.LeaveOneOutHigh!.Value))]);
        if (upstream.Countries is { ByCountry.Count: > 1, Balanced: var balanced } && basis?.By is Weighting.PeerAs)
            yield return ("countries", [.. Six(balanced).Select(Wording.Percent)]);
    }

    private static string Row(string label, IEnumerable<string> cells) =>
        $"    {label}".PadRight(LabelWidth) + string.Concat(cells.Select(cell => cell.PadLeft(ColumnWidth)));

    private static double[] Six(UpstreamShares of) => [of.Route, of.PeerAs, of.Prefix, of.Address, of.Coverage, of.Hegemony];

    private static ShareInterval?[] Six(ShareIntervals? of) => of is null ? new ShareInterval?[6]
        : [of.Route, of.PeerAs, of.Prefix, of.Address, of.Coverage, of.Hegemony];
}
