using System.Diagnostics;
using System.Text.RegularExpressions;

using Isthmus.Registry;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Store;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>What holds of a store of any engine: what it answers is what its files answer, byte for byte (docs/store.md).</summary>
public sealed partial class StoreContractTests : IClassFixture<ClickHouseServers>
{
    private readonly ClickHouseServers _servers;

    public StoreContractTests(ClickHouseServers servers) => _servers = servers;

    [Theory]
    [InlineData("duckdb")]
    [InlineData("18.16")]
    [InlineData("26")]
    public void Drawn_scenarios_give_the_report_of_their_files(string engine)
    {
        foreach (var (half, seed) in ((ScenarioHalf, ulong)[])[(ScenarioHalf.Traps, 2101), (ScenarioHalf.LateTables, 2701)])
        {
            var drawn = AccuracyRun.Draw(half, seed)!;
            using var folder = new TemporaryFolder(inMemory: true);
            drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(half, drawn));
            var registry = drawn.Registry is { } layer ? RegistrySnapshot.Shipped.With([layer]) : RegistrySnapshot.Shipped;
            StoreAnswerTests.Compare(StoreAddress.Parse(_servers.New(engine, folder)), [folder.Place("archive")], drawn.Subject.ToString(),
                registry, seed % 2 == 0);
        }
    }

    [Theory]
    [InlineData("18.16")]
    [InlineData("26")]
    public void Paths_by_identifiers_give_the_report_of_their_files(string engine)
    {
        using var folder = new TemporaryFolder();
        StoreAnswerTests.Compare(StoreAddress.Parse(_servers.New(engine, folder)), [RealData.Path("rib/bview.ipv4_unicast_add_path.gz")], "GB",
            RegistrySnapshot.Shipped, isAll: true);
    }

    [Theory]
    [InlineData("duckdb")]
    [InlineData("18.16")]
    [InlineData("26")]
    public void The_order_of_the_files_makes_no_difference(string engine)
    {
        var drawn = AccuracyRun.Draw(ScenarioHalf.Dumps, 2602)!;
        using var folder = new TemporaryFolder(inMemory: true);
        drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(ScenarioHalf.Dumps, drawn));
        using var inputs = new Inputs();
        var files = inputs.Resolve([folder.Place("archive")], Stream.Null, TestContext.Current.CancellationToken);
        string subject = drawn.Subject.ToString();
        var (once, often) = (StoreAddress.Parse(_servers.New(engine, folder)), StoreAddress.Parse(_servers.New(engine, folder)));
        StoreAnswerTests.Fill(once, files, subject, RegistrySnapshot.Shipped, isAll: false);
        foreach (var part in files.Files.Reverse().Chunk(1 + files.Files.Count / 3))
            StoreAnswerTests.Fill(often, files with { Files = part }, subject, RegistrySnapshot.Shipped, isAll: false);
        Assert.Equal(StoreKills.RowsOf(once), StoreKills.RowsOf(often));
        Assert.Empty(StoreSummary.Check(once));
        Assert.Empty(StoreSummary.Check(often));
    }

    [Theory]
    [InlineData("18.16")]
    [InlineData("26")]
    public void The_commands_answer_from_a_server_as_from_files(string engine)
    {
        const string Sample = "samples/kp-2017-10/rrc00";
        using var folder = new TemporaryFolder();
        string store = _servers.New(engine, folder);
        Assert.StartsWith("437 files added, 0 stored before; ", Cli.Run("ingest", Sample, "--store", store, "--select", "KP").Out, StringComparison.Ordinal);
        Assert.StartsWith("0 files added, 437 stored before; ", Cli.Run("ingest", Sample, "--store", store).Out, StringComparison.Ordinal);
        Same("report", "KP");
        Same("history", "KP", "--upstream", "AS20485");
        Same("check", "TransTeleCom began to carry North Korea's routes at 09:07:51 UTC on 1 October 2017.");
        var told = Cli.Run("store", store, "--check");
        Assert.Equal((0, ""), (told.ExitCode, told.Err));
        Assert.Contains("SOUND", told.Out);
        string[] questions = [.. Question().Matches(File.ReadAllText(Path.Combine(RealData.Repository, "docs", "store.md")))
            .Select(match => match.Groups[1].Value)];
        Assert.Equal(2, questions.Length);
        using (var server = new ClickHouseServer((ClickHouseAddress)StoreAddress.Parse(store)))
            Assert.All(questions, question => Assert.NotEmpty(server.Lines(question)));

        void Same(string command, string subject, params string[] options)
        {
            var files = Cli.Run([command, subject, Sample, .. options, "--format", "json"]);
            var kept = Cli.Run([command, subject, "--store", store, .. options, "--format", "json"]);
            Assert.Equal((files.ExitCode, Without(files.Out)), (kept.ExitCode, Without(kept.Out)));
            Assert.NotEmpty(files.Out);
        }

        static string Without(string answer) => string.Join('\n', answer.Split('\n')
            .Where(line => !line.Contains("--store", StringComparison.Ordinal)
            && !line.Contains(Sample, StringComparison.Ordinal) && !line.Contains("clickhouse:", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("18.16")]
    [InlineData("26")]
    public void What_every_peer_held_is_told_as_by_the_files(string engine)
    {
        var drawn = AccuracyRun.Draw(ScenarioHalf.Parts, 2401)!;
        using var folder = new TemporaryFolder(inMemory: true);
        drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(ScenarioHalf.Parts, drawn));
        TableTests.Compare(StoreAddress.Parse(_servers.New(engine, folder)), [folder.Place("archive")], 0.0, 0.1, 0.37, 1.0, 1.5);
    }

    [Fact]
    public void Two_who_add_the_same_files_at_once_store_each_once()
    {
        using var folder = new TemporaryFolder();
        string store = _servers.New("18.16", folder);
        string[] command = [Cli.Program, "ingest", "samples/kp-2017-10", "--store", store, "--select", "KP"];
        var runs = new[] { Begin(), Begin() };
        string[] said = [.. runs.Select(run => run.StandardOutput.ReadToEnd() + run.StandardError.ReadToEnd())];
        foreach (var run in runs) run.WaitForExit();
        int added = said.Sum(text => int.TryParse(text.Split(' ')[0], System.Globalization.NumberStyles.AllowThousands,
            System.Globalization.CultureInfo.InvariantCulture, out int count) ? count : throw new InvalidOperationException(text));
        Assert.Equal(1172, added);
        Assert.All(runs, run => Assert.Equal(0, run.ExitCode));
        Assert.Empty(StoreSummary.Check(StoreAddress.Parse(store)));
        foreach (var run in runs) run.Dispose();

        Process Begin() => Process.Start(new ProcessStartInfo("dotnet", command)
        {
            WorkingDirectory = RealData.Repository,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
    }

    [Fact]
    public void Who_comes_back_late_cannot_store_over_another()
    {
        var drawn = AccuracyRun.Draw(ScenarioHalf.Clean, 2001)!;
        using var folder = new TemporaryFolder(inMemory: true);
        drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(ScenarioHalf.Clean, drawn));
        using var inputs = new Inputs();
        var files = inputs.Resolve([folder.Place("archive")], Stream.Null, TestContext.Current.CancellationToken);
        var address = (ClickHouseAddress)StoreAddress.Parse(_servers.New("18.16", folder));
        StoreAnswerTests.Fill(address, files, "", RegistrySnapshot.Shipped, isAll: true);
        using var late = new ClickHouseWriter(address);
        var collector = files.Files[0].Collector;
        Assert.True(late.Claim(collector, waits: false, TestContext.Current.CancellationToken));
        var mine = files.Files.Where(file => file.Collector == collector).ToArray();
        var collected = Collected.Of(mine, new([]), [], null, new(), TestContext.Current.CancellationToken);
        var before = StoreKills.RowsOf(address);
        using (var server = new ClickHouseServer(address))
            server.Do($"INSERT INTO claims SELECT max(edition) + 1, '{collector.Name}', 'another', 1, 1, 30 FROM claims", isSafe: false);
        StoredSource[] sources = [.. mine.Select(file => new StoredSource(file, file.Hash()))];
        var refused = Assert.Throws<StoreException>(() => late.Write(collected, sources, isAll: true));
        Assert.Contains("was taken by another", refused.Message);
        Assert.Equal(before, StoreKills.RowsOf(address));
        // A second one who does not wait is told that somebody has it.
        using var other = new ClickHouseWriter(address);
        Assert.False(other.Claim(collector, waits: false, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_node_that_is_lost_while_files_are_added_loses_nothing()
    {
        var nodes = _servers.Replicas;
        string store = nodes.AddressOf("lost");
        var first = Cli.Run("ingest", "samples/kp-2017-10/rrc00", "--store", store, "--select", "KP");
        Assert.True(first.ExitCode == 0, first.Out + first.Err);
        var before = StoreKills.RowsOf(StoreAddress.Parse(store));
        nodes.Kill(0);
        // The other one has all, and takes more.
        Assert.Equal(before, StoreKills.RowsOf(StoreAddress.Parse(store)));
        var alone = Cli.Run("ingest", "samples/kp-2017-10/rrc03", "--store", store);
        Assert.True(alone.ExitCode == 0, alone.Out + alone.Err);
        nodes.StartNode(0);
        using (var server = new ClickHouseServer((ClickHouseAddress)StoreAddress.Parse(store)))
            foreach (string table in (string[])["editions", "all_route_rows", "all_path_prefixes", "all_paths", "all_sources", "all_peers", "all_collectors"])
                server.Do($"SYSTEM SYNC REPLICA {table}", isSafe: true);
        Assert.Empty(StoreSummary.Check(StoreAddress.Parse(store)));
        Assert.True(StoreKills.RowsOf(StoreAddress.Parse(store)).Count > before.Count);
    }

    // A minute and a half, most of it the starts of servers and programs: it runs where it is asked for.
    [Fact(Explicit = true)]
    public void A_few_kills_of_the_program_and_of_a_node_lose_nothing()
    {
        var result = StoreKills.Run(["dotnet", Cli.Program], 41, 2, _servers.Replicas);
        Assert.Equal([], result.Wrong);
        Assert.Equal(2, result.Kills);
    }

    [Fact]
    public void What_a_server_refuses_is_said_in_one_line()
    {
        int port = ClickHouseNodes.FreePorts(1)[0];
        Said("no server answers there", $"clickhouse://127.0.0.1:{port}/none");
        Said("a password in the address", "clickhouse://me:secret@127.0.0.1/none");
        Said("no address of a store", "clickhouse://127.0.0.1");
        string there = $"127.0.0.1:{_servers.Shards.PortOf(0)}";
        Said("there is no", $"clickhouse://{there}/none");
        Said("the user or the password is not right", $"clickhouse://guarded@{there}/none");
        var guarded = Cli.Run("ingest", "samples/kp-2017-10/rrc03", "--store", $"clickhouse://reader@{there}/none");
        Assert.Equal((1, ""), (guarded.ExitCode, guarded.Out));
        Assert.Contains("the user may not do this", Assert.Single(guarded.ErrLines));
        var cluster = Cli.Run("ingest", "samples/kp-2017-10/rrc00", "--store", $"clickhouse://{there}/none?cluster=unknown");
        Assert.Equal(1, cluster.ExitCode);
        Assert.Contains("know no cluster", Assert.Single(cluster.ErrLines));

        static void Said(string what, string store)
        {
            var run = Cli.Run("report", "KP", "--store", store);
            Assert.Equal((1, ""), (run.ExitCode, run.Out));
            Assert.Contains(what, Assert.Single(run.ErrLines));
            Assert.DoesNotContain("secret", run.Err);
        }
    }

    [Fact]
    public void A_store_of_a_newer_schema_is_refused()
    {
        using var folder = new TemporaryFolder();
        string store = _servers.New("26", folder);
        string[] command = ["ingest", "samples/kp-2017-10/rrc03", "--store", store];
        Assert.Equal(0, Cli.Run(command).ExitCode);
        using (var server = new ClickHouseServer((ClickHouseAddress)StoreAddress.Parse(store)))
        {
            server.Do("TRUNCATE TABLE about", isSafe: true);
            server.Do("INSERT INTO about VALUES ('schema', '99')", isSafe: false);
        }
        foreach (string[] asked in (string[][])[command, ["report", "KP", "--store", store]])
        {
            var run = Cli.Run(asked);
            Assert.Equal((1, ""), (run.ExitCode, run.Out));
            Assert.Contains("is of schema 99", Assert.Single(run.ErrLines));
        }
    }

    [GeneratedRegex("```clickhouse\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Question();
}
