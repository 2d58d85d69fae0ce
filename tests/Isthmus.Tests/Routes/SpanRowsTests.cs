using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Tests.Claims;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Routes;

/// <summary>Analysis asks for spans and not for whoever kept them: rows of a store serve as the memory of a run does.</summary>
public sealed class SpanRowsTests
{
    /// <summary>A span as a store may keep it: no number in it means anything outside of its row.</summary>
    /// <param name="Place">Its place in order of time among those of its peer and prefix.</param>
    /// <param name="State">The path's id where there is no path: none is held, or nothing is known.</param>
    /// <param name="Paths">The words of each path that is held.</param>
    private sealed record Row(Peer Peer, Prefix Prefix, int Place, RouteStep Step, int State, uint[][] Paths);

    [Fact]
    public void Rows_of_spans_in_any_order_give_the_report_that_the_replay_gives()
    {
        var seen = SampleReport.KpSeen;
        var paths = new PathTable();
        var spans = seen.Spans;
        var kept = new Observations(spans.From, spans.To, spans.Peers, paths,
            Histories(spans, Shuffled(RowsOf(spans, spans.Histories)), paths), spans.Files)
        {
            Inside = Histories(spans, Shuffled(RowsOf(spans, spans.Inside)), paths),
            LeftInsideOut = spans.LeftInsideOut,
        };
        Assert.Equal(spans.Histories.Sum(history => history.Count), kept.Histories.Sum(history => history.Count));
        Assert.Equal(JsonOf(SampleReport.Kp), JsonOf(Report.Of(Survey.Analyse(seen with { Spans = kept }))));
    }

    private static Row[] RowsOf(IRouteSpans spans, IEnumerable<RouteHistory> histories) => [.. histories
        .SelectMany(history => Enumerable.Range(0, history.Count).Select(place => (Span: history[place], place)))
        .Select(entry => new Row(spans.Peers[entry.Span.Peer].Peer, entry.Span.Prefix, entry.place, entry.Span.Began, entry.Span.Path,
            [.. spans.Paths.Each(entry.Span.Path).Select(path => spans.Paths[path].Span.ToArray())]))];

    private static Row[] Shuffled(Row[] rows)
    {
        new Random(7).Shuffle(rows);
        return rows;
    }

    private static RouteHistory[] Histories(IRouteSpans spans, Row[] rows, PathTable paths)
    {
        var peers = spans.Peers.Index().ToDictionary(entry => entry.Item.Peer, entry => entry.Index);
        var steps = rows.Select(row => (Row: row, Step: row.Step with
        {
            Path = row.Paths.Length == 0 ? row.State
                : paths.InternUnnumbered([.. row.Paths.Select(words => paths.Intern(new PathWords(words)))]),
        })).ToArray();
        return [.. steps.GroupBy(step => (step.Row.Prefix, Peer: peers[step.Row.Peer]))
            .OrderBy(history => history.Key.Prefix).ThenBy(history => history.Key.Peer)
            .Select(history => new RouteHistory(history.Key.Peer, history.Key.Prefix,
                [.. history.OrderBy(step => step.Row.Place).Select(step => step.Step)]))];
    }

    private static string JsonOf(Report report)
    {
        using var output = new MemoryStream();
        ReportJson.Write(report, output);
        return System.Text.Encoding.UTF8.GetString(output.ToArray());
    }
}
