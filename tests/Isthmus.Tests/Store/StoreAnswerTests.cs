using System.Text;

using DuckDB.NET.Data;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Store;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Store;

/// <summary>
/// What a store answers is what its files answer, byte for byte (docs/store.md), whatever it was filled with: of whole periods and of
/// parts, of one subject and of every prefix, of any order and number of runs.
/// </summary>
public sealed class StoreAnswerTests
{
    [Theory]
    [InlineData(ScenarioHalf.Clean, 2001, 1)]
    [InlineData(ScenarioHalf.Traps, 2101, 3)]
    [InlineData(ScenarioHalf.Parts, 2401, 1)]
    [InlineData(ScenarioHalf.Untabled, 2501, 1)]
    [InlineData(ScenarioHalf.Dumps, 2601, 2)]
    [InlineData(ScenarioHalf.LateTables, 2701, 1)]
    public void Drawn_scenarios_give_the_same_report(ScenarioHalf half, ulong seed, int count)
    {
        int played = 0;
        for (ulong at = seed; at < seed + (ulong)count; at++)
        {
            if (AccuracyRun.Draw(half, at) is not { } drawn) continue;
            using var folder = new TemporaryFolder(inMemory: true);
            drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(half, drawn));
            var registry = drawn.Registry is { } layer ? RegistrySnapshot.Shipped.With([layer]) : RegistrySnapshot.Shipped;
            Compare(folder, [folder.Place("archive")], drawn.Subject.ToString(), registry, at % 2 == 0);
            played++;
        }
        Assert.True(played > 0);
    }

    [Fact]
    public void The_sample_gives_the_same_report()
    {
        using var folder = new TemporaryFolder();
        Compare(folder, [_sample], "KP", RegistrySnapshot.Shipped, isAll: false);
    }

    [Theory]
    [InlineData("IR", "rib/ris.rrc05.bview.20020722.2337.gz", "updates/ris.updates.20020722.2238.gz")]
    [InlineData("IR", "updates/ris.rrc00.updates.20150401.1400.gz", "updates/ris.rrc00.updates.20150401.1405.gz",
        "updates/routeviews.jinx.updates.20150401.0000.bz2")]
    [InlineData("AS15169", "updates/routeviews.updates.20260222.1530.bz2", "updates/ris.rrc24.updates.20200809.0320.gz")]
    [InlineData("IR", "damaged/routeviews2.rib.20140523.0600.first-1MB.bz2", "damaged/ris.rrc15.updates.20100227.1600.gz")]
    [InlineData("GB", "rib/bview.ipv4_unicast_add_path.gz")]
    public void Real_files_give_the_same_report(string subject, params string[] files)
    {
        using var folder = new TemporaryFolder();
        Compare(folder, [.. files.Select(RealData.Path)], subject, RegistrySnapshot.Shipped, isAll: true);
    }

    [Theory]
    [InlineData(ScenarioHalf.Traps, 2103, true)]
    [InlineData(ScenarioHalf.Traps, 2104, false)]
    [InlineData(ScenarioHalf.Dumps, 2602, true)]
    public void Files_in_any_order_and_number_of_runs_give_the_same_rows(ScenarioHalf half, ulong seed, bool isAll)
    {
        var drawn = AccuracyRun.Draw(half, seed)!;
        using var folder = new TemporaryFolder(inMemory: true);
        drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(half, drawn));
        using var inputs = new Inputs();
        var files = inputs.Resolve([folder.Place("archive")], Stream.Null, TestContext.Current.CancellationToken);
        string subject = drawn.Subject.ToString();
        var (once, often) = (new DuckAddress(folder.Place("once.duckdb")), new DuckAddress(folder.Place("often.duckdb")));
        Fill(once, files, subject, RegistrySnapshot.Shipped, isAll);
        var random = new Random((int)seed);
        var shuffled = files.Files.ToArray();
        random.Shuffle(shuffled);
        foreach (var part in shuffled.Chunk(1 + shuffled.Length / 4))
            Fill(often, files with { Files = part }, subject, RegistrySnapshot.Shipped, isAll);
        Assert.Equal(Rows(once), Rows(often));
        Assert.Empty(StoreSummary.Check(often));
    }

    [Theory]
    [InlineData(ScenarioHalf.Clean, 2001, true)]
    [InlineData(ScenarioHalf.Traps, 2103, false)]
    [InlineData(ScenarioHalf.Untabled, 2501, true)]
    public void Files_that_come_later_are_added_without_the_earlier_ones(ScenarioHalf half, ulong seed, bool isAll)
    {
        var drawn = AccuracyRun.Draw(half, seed)!;
        using var folder = new TemporaryFolder(inMemory: true);
        drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(half, drawn));
        using var inputs = new Inputs();
        var files = inputs.Resolve([folder.Place("archive")], Stream.Null, TestContext.Current.CancellationToken);
        string subject = drawn.Subject.ToString();
        var (once, often) = (new DuckAddress(folder.Place("once.duckdb")), new DuckAddress(folder.Place("often.duckdb")));
        Fill(once, files, subject, RegistrySnapshot.Shipped, isAll);
        var ordered = ArchivePlan.Order(files.Files.Select(Survey.PlanOf)).Select(file => files.Files[file.Index]).ToArray();
        // What starts at one time comes together, as of one collector a dump and updates go on at once.
        var parts = ordered.GroupBy(file => file.Time).Select(group => group.ToArray()).ToArray();
        foreach (var part in parts.Chunk(1 + parts.Length / 5).Select(some => some.SelectMany(files => files).ToArray()))
        {
            Fill(often, files with { Files = part }, subject, RegistrySnapshot.Shipped, isAll);
            foreach (var file in part) File.Delete(file.Path);
        }
        Assert.Equal(Rows(once), Rows(often));
        Assert.Empty(StoreSummary.Check(often));
    }

    private static readonly string _sample = Path.Combine(RealData.Repository, "samples", "kp-2017-10");

    private static void Compare(TemporaryFolder folder, string[] given, string subject, RegistrySnapshot registry, bool isAll) =>
        Compare(new DuckAddress(folder.Place("store.duckdb")), given, subject, registry, isAll);

    /// <summary>Fills a store with files at once, and holds answers of whole periods and of parts against those of the files.</summary>
    internal static void Compare(StoreAddress address, string[] given, string subject, RegistrySnapshot registry, bool isAll)
    {
        using var inputs = new Inputs();
        var files = inputs.Resolve(given, Stream.Null, TestContext.Current.CancellationToken);
        Fill(address, files, subject, registry, isAll);
        using var stored = StoredRoutes.Open(address);
        var question = new Question(Subjects.Resolve(subject, registry, out _)!, null, null, null);
        var whole = Ask(question);
        // A part that begins and ends inside, and one that no record is of.
        var length = whole.To - whole.From;
        if (length == TimeSpan.Zero) return;
        Ask(question with { From = whole.From + length * 0.3 });
        Ask(question with { To = whole.From + length * 0.6 });
        Ask(question with { To = whole.To + TimeSpan.FromHours(3) });
        Ask(question with { From = whole.To + TimeSpan.FromDays(1), To = whole.To + TimeSpan.FromDays(2) });

        (Timestamp From, Timestamp To) Ask(Question asked)
        {
            var read = Survey.Analyse(Survey.Replay(asked, files, registry, new(), TestContext.Current.CancellationToken));
            Assert.Equal(Json(read), Json(Survey.Analyse(Survey.Recall(asked, stored, registry))));
            return (read.Seen.Spans.From, read.Seen.Spans.To);
        }
    }

    /// <summary>Adds files that are all new.</summary>
    internal static void Fill(StoreAddress address, InputSet files, string subject, RegistrySnapshot registry, bool isAll)
    {
        var result = Ingest.Run(address, files, isAll ? null : new([subject], CountryRule.Origin),
            text => Subjects.Resolve(text, registry, out _)!, registry, "", new(), TestContext.Current.CancellationToken);
        Assert.Equal(files.Files.Count, result.Added);
    }

    private static string Json(Answer answer)
    {
        using var bytes = new MemoryStream();
        ReportJson.Write(Report.Of(answer), bytes);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }

    private static string[] Rows(DuckAddress address)
    {
        using var connection = new DuckDBConnection($"Data Source={address.Path};ACCESS_MODE=READ_ONLY");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = """
            SELECT concat_ws('|', prefix, collector, peer_as, peer_address, began, ended, state, path, cause, sha256, record, byte_offset,
                length)
            FROM route_spans ORDER BY ALL
            """;
        using var rows = command.ExecuteReader();
        var found = new List<string>();
        while (rows.Read()) found.Add(rows.GetString(0));
        Assert.NotEmpty(found);
        return [.. found];
    }
}
