using System.Text.Json;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Scenarios.Audit;

/// <summary>
/// Cuts the table away from archives, of all collectors or of one: whatever is said without it stays true with it. What was held is
/// known from the scenario, or from the lines of the files that were taken away.
/// </summary>
public sealed class CutTableTests
{
    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(3, true)]
    [InlineData(4, true)]
    [InlineData(5, true)]
    public void Nothing_that_is_said_of_a_drawn_archive_without_dumps_is_disproved_by_them(ulong seed, bool withTraps)
    {
        var scenario = Drawn(seed, withTraps);
        using var folder = new TemporaryFolder();
        scenario.WriteTo(folder.Root, ArchiveParts.Updates);
        AssertStands(ReportOn(scenario.Subject, folder), scenario, folder.Root, hadTable: false);
    }

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(6, false)]
    [InlineData(7, true)]
    [InlineData(8, true)]
    public void Nothing_that_is_said_of_a_drawn_archive_without_the_dumps_of_one_collector_is_disproved_by_them(ulong seed, bool withTraps)
    {
        var scenario = Drawn(seed, withTraps);
        using var folder = new TemporaryFolder();
        scenario.WriteTo(folder.Root);
        var whole = ReportOn(scenario.Subject, folder);
        var dumps = Directory.EnumerateFiles(folder.Root, "*", SearchOption.AllDirectories).Where(IsDump)
            .GroupBy(file => Path.GetRelativePath(folder.Root, file).Split('/')[0])
            .OrderBy(collector => collector.Key, StringComparer.Ordinal);
        foreach (string dump in dumps.First()) File.Delete(dump);
        var cut = ReportOn(scenario.Subject, folder);
        Assert.NotEmpty(cut.Coverage.CollectorsWithoutTable);
        Assert.False(cut.Coverage.Complete);
        AssertStands(cut, scenario, folder.Root, hadTable: true);
        Assert.All(cut.Transit.Changes.Where(change => change.Kind is not ChangeKind.FeedProblem), change =>
            Assert.Contains(whole.Transit.Changes, known => IsSame(known, change)));
    }

    [Theory]
    [InlineData("updates/ris.updates.20071015.1505.gz")]
    [InlineData("updates/ris.updates.20100722.2015.gz")]
    [InlineData("updates/routeviews.jinx.updates.20150401.0000.bz2")]
    public void Nothing_that_is_said_of_half_a_real_file_is_disproved_by_a_table_made_of_the_other(string name)
    {
        string[] text = Cli.Run("read", RealData.Path(name)).Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var whole = Lines(text);
        long middle = (whole.Period.From + (whole.Period.To - whole.Period.From) / 2) / 1_000_000 * 1_000_000;
        string[] second = [.. text.Where(line => TimeOf(line) >= middle)];
        using var folder = new TemporaryFolder();
        string alone = folder.Write("updates.txt", System.Text.Encoding.UTF8.GetBytes(string.Join('\n', second) + '\n'));
        var movers = Lines(second).Movers(10);
        Assert.NotEmpty(movers);
        AssertNone(AuditRun.Run([alone], whole, movers, hasTable: false));
    }

    private static DrawnScenario Drawn(ulong seed, bool withTraps)
    {
        var scenario = DrawnScenario.TryDraw(seed, withTraps);
        Assert.SkipWhen(scenario is null, $"no clear story of seed {seed}: put one that draws a story in its place");
        return scenario;
    }

    private static bool IsDump(string file) =>
        Path.GetFileName(file) is var name
        && (name.StartsWith("bview", StringComparison.Ordinal) || name.StartsWith("rib", StringComparison.Ordinal));

    private static Report ReportOn(Asn subject, TemporaryFolder folder)
    {
        using var inputs = new Inputs();
        return Report.Of(Survey.Run(new(Subjects.Resolve(subject.ToString(), RegistrySnapshot.Shipped, out _)!, null, null, null),
            inputs.Resolve([folder.Root], Stream.Null, default), RegistrySnapshot.Shipped, new(), default));
    }

    private static void AssertStands(Report report, DrawnScenario scenario, string folder, bool hadTable)
    {
        using var output = new MemoryStream();
        ReportJson.Write(report, output);
        using var json = JsonDocument.Parse(output.ToArray());
        AssertNone(new ReportAudit(json.RootElement, scenario.TruthLines(), scenario.Subject.Number, hadTable,
            scenario.Traps.Count == 0 ? null : AccuracyRun.ShownLines(folder)).Sentences());
    }

    private static void AssertNone(IEnumerable<AuditedSentence> sentences) => Assert.Equal([], sentences
        .Where(sentence => sentence.Verdict is AuditVerdict.Disproved)
        .Select(sentence => $"AS{sentence.Subject}, {sentence.Kind}: {sentence.Text}: {sentence.Why}"));

    // Fewer witnesses may date it later, and see fewer of its prefixes.
    private static bool IsSame(TransitChange known, TransitChange change) => known.Kind == change.Kind && known.Upstream == change.Upstream
        && (known.Time - change.Time).Duration() <= TimeSpan.FromMinutes(15) && known.Prefixes.Intersect(change.Prefixes).Any()
        || known.Kind == change.Kind && change.Prefixes.Count == 0;

    private static RouteLines Lines(IEnumerable<string> text)
    {
        var lines = new RouteLines();
        foreach (string line in text) lines.Add(line, "");
        return lines;
    }

    private static long TimeOf(string line) => RouteLines.TryTime(line.Split('|', 3)[1], out long time) ? time : 0;
}
