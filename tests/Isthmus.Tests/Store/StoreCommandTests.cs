using System.Text;

using DuckDB.NET.Data;

using Isthmus.Scenarios;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>The commands that fill a store and ask it, run as a user runs them (docs/store.md).</summary>
public sealed class StoreCommandTests : IDisposable
{
    private const string Sample = "samples/kp-2017-10";

    private readonly TemporaryFolder _folder = new();

    private string Store => _folder.Place("kp.duckdb");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_store_answers_as_its_files_do()
    {
        var filled = Cli.Run("ingest", Sample, "--store", Store, "--select", "KP");
        Assert.Equal(0, filled.ExitCode);
        Assert.StartsWith("1,172 files added, 0 stored before; ", filled.Out, StringComparison.Ordinal);
        Same(["report", "KP"], "--format", "json");
        Same(["report", "KP"], "--from", "2017-10-01T09:00", "--to", "2017-10-01T13:00", "--format", "json");
        Same(["report", "AS131279"], "--where", "not peer-as 3333");
        Same(["history", "KP"], "--upstream", "AS20485");
        Same(["check", "TransTeleCom began to carry North Korea's routes at 09:07:51 UTC on 1 October 2017."], "--format", "json");
    }

    [Fact]
    public void What_is_stored_is_not_stored_again()
    {
        Cli.Run("ingest", Sample, "--store", Store, "--select", "KP");
        var again = Cli.Run("ingest", Sample, "--store", Store);
        Assert.Equal(0, again.ExitCode);
        Assert.StartsWith("0 files added, 1,172 stored before; ", again.Out, StringComparison.Ordinal);
        var told = Cli.Run("store", Store, "--check");
        Assert.Equal(0, told.ExitCode);
        Assert.Contains("keeps the routes of KP", told.Out);
        Assert.Contains("SOUND", told.Out);
    }

    [Fact]
    public void A_store_of_somebody_else_is_refused()
    {
        Cli.Run("ingest", Sample, "--store", Store, "--select", "KP");
        var other = Cli.Run("report", "AS4837", "--store", Store);
        Assert.Equal((1, ""), (other.ExitCode, other.Out));
        Assert.Contains("keeps the routes of KP alone", other.Err);
        var mixed = Cli.Run("ingest", Sample, "--store", Store, "--select", "IR");
        Assert.Equal(1, mixed.ExitCode);
        Assert.Contains("keeps the routes of KP, and not of IR", mixed.Err);
        var both = Cli.Run("report", "KP", Sample, "--store", Store);
        Assert.Equal(2, both.ExitCode);
        Assert.Contains("--store and INPUT", both.Err);
    }

    [Fact]
    public void What_is_no_store_is_said_in_one_line()
    {
        Said("there is no store", _folder.Place("none.duckdb"));
        Said("no DuckDB file", _folder.Write("text.duckdb", [.. "not a database at all, but long enough to be one"u8]));
        Said("there is no kind of store as in", "sqlite://store");
        string other = _folder.Place("other.duckdb");
        Change(other, "CREATE TABLE mine (i INTEGER)");
        Said("no store of Isthmus", other);
        Cli.Run("ingest", Sample, "--store", Store, "--select", "KP");
        Change(Store, "UPDATE about SET value = '99' WHERE name = 'schema'");
        Said("is of schema 99", Store);

        static void Said(string what, string store)
        {
            var run = Cli.Run("report", "KP", "--store", store);
            Assert.Equal((1, ""), (run.ExitCode, run.Out));
            Assert.Contains(what, Assert.Single(run.ErrLines));
        }
    }

    [Fact]
    public void A_report_from_a_store_is_verified_by_the_files()
    {
        Cli.Run("ingest", Sample, "--store", Store, "--select", "KP");
        string report = _folder.Place("kp.json");
        Cli.Run("report", "KP", "--store", Store, "--from", "2017-10-01T09:00", "--to", "2017-10-01T13:00", "--format", "json", "--out", report);
        var alone = Cli.Run("verify", report);
        Assert.Equal(2, alone.ExitCode);
        Assert.Contains("made from a store", alone.Err);
        var run = Cli.Run("verify", report, Sample);
        Assert.True(run.ExitCode == 0, run.Out + run.Err);
        Assert.StartsWith("EQUAL", run.Out, StringComparison.Ordinal);
    }

    /// <summary>One prefix, first of another origin at one collector, later the network's own at another.</summary>
    [Fact]
    public void Of_a_part_of_the_period_only_what_it_shows_is_the_subjects()
    {
        const string Other = "TABLE_DUMP2|1506816000|B|10.9.0.2|200|203.0.112.0/24|200 9|IGP|10.9.0.2|0|0||NAG||\n";
        const string Table = "TABLE_DUMP2|1506816000|B|10.9.0.1|100|175.45.176.0/24|100 4837 131279|IGP|10.9.0.1|0|0||NAG||\n";
        _folder.Write("m/rrc01/bview.20171001.0000.txt", Encoding.ASCII.GetBytes(Other));
        _folder.Write("m/rrc00/bview.20171001.0000.txt", Encoding.ASCII.GetBytes(Table));
        _folder.Write("m/rrc00/updates.20171001.0005.txt", Encoding.ASCII.GetBytes(
            "BGP4MP|1506816500|A|10.9.0.1|100|203.0.112.0/24|100 131279|IGP|10.9.0.1|0|0||NAG||\n"));
        Cli.Run("ingest", _folder.Place("m"), "--store", Store, "--select", "AS131279");
        foreach (string[] part in (string[][])[[], ["--to", "2017-10-01T00:05:00"], ["--where", "collector rrc01"], ["--where", "collector rrc00"]])
        {
            string[] options = [.. part, "--format", "json"];
            var files = Cli.Run(["report", "AS131279", _folder.Place("m"), .. options]);
            var store = Cli.Run(["report", "AS131279", "--store", Store, .. options]);
            Assert.Equal(Told(files), Told(store));
        }

        static string Told(CliRun run) =>
            run.ExitCode + run.Out[run.Out.IndexOf("\"subject\"", StringComparison.Ordinal)..].Replace("\r", "", StringComparison.Ordinal);
    }

    [Fact]
    public void A_country_is_asked_by_the_words_that_the_store_was_filled_by()
    {
        Cli.Run("ingest", Sample, "--store", Store, "--select", "KP");
        string own = _folder.Write("own.txt", [.. "AS3005 KP because of a test"u8]);
        var run = Cli.Run("report", "KP", "--store", Store, "--override", own);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("by other words", run.Err);
        var rule = Cli.Run("report", "KP", "--store", Store, "--country-by", "delegation");
        Assert.Equal(1, rule.ExitCode);
        Assert.Contains("the same --country-by", rule.Err);
    }

    [Fact]
    public void A_store_without_files_is_no_answer()
    {
        string none = _folder.Write("none.txt", [.. "nothing that is a route\n"u8]);
        Cli.Run("ingest", none, "--store", Store);
        if (!File.Exists(Store)) return;
        var run = Cli.Run("report", "KP", "--store", Store);
        Assert.Equal((1, ""), (run.ExitCode, run.Out));
        Assert.Contains("holds no files yet", run.Err);
    }

    /// <summary>Identifiers of paths (RFC 7911) take all of 32 bits.</summary>
    [Fact]
    public void Paths_with_identifiers_of_any_size_are_stored()
    {
        var run = Cli.Run("ingest", RealData.Path("updates/lab.bird_bgp.mrt"), "--store", Store);
        Assert.StartsWith("1 file added", run.Out, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run("store", Store, "--check").ExitCode);
    }

    [Fact]
    public void Files_of_a_packed_folder_are_read_again_from_it()
    {
        Cli.Bash($"cp -r {Sample}/rrc03 '{_folder.Place("rrc03")}'; cd '{_folder.Root}'; ls rrc03/*/* | head -n 1 > early; "
            + "mkdir first; mv $(cat early) first; tar czf all.tgz rrc03");
        string early = Directory.GetFiles(_folder.Place("first"))[0];
        string moved = _folder.Place("more/rrc03/2017.10/" + Path.GetFileName(early));
        Directory.CreateDirectory(Path.GetDirectoryName(moved)!);
        File.Move(early, moved);
        Assert.Equal(0, Cli.Run("ingest", _folder.Place("all.tgz"), "--store", Store, "--select", "KP").ExitCode);
        Assert.Equal(3, Cli.Run("ingest", _folder.Place("more"), "--store", Store).ExitCode);
        var both = Cli.Run("ingest", _folder.Place("more"), _folder.Place("all.tgz"), "--store", Store);
        Assert.Equal((0, ""), (both.ExitCode, both.Err));
        Assert.StartsWith("1 file added", both.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Changed_rows_are_found()
    {
        Cli.Run("ingest", Sample, "--store", Store, "--select", "KP");
        Change(Store, "UPDATE route_rows SET path_id = path_id + 1 WHERE rowid = 7");
        var told = Cli.Run("store", Store, "--check");
        Assert.Equal(1, told.ExitCode);
        Assert.Contains("NOT SOUND", told.Out);
    }

    [Fact]
    public void A_file_that_is_other_than_the_one_stored_is_told_and_not_mixed()
    {
        var drawn = AccuracyRun.Draw(ScenarioHalf.Clean, 2009)!;
        drawn.WriteTo(_folder.Place("archive"), AccuracyRun.PartsOf(ScenarioHalf.Clean, drawn));
        Cli.Run("ingest", _folder.Place("archive"), "--store", Store);
        string[] files = [.. Directory.GetFiles(_folder.Place("archive"), "updates.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        var before = Cli.Run("store", Store).Out;
        File.Copy(files[1], files[0], overwrite: true);
        var again = Cli.Run("ingest", files[0], "--store", Store);
        // The bytes of another file under its name: that other file is stored, and this one is not taken for new.
        Assert.Contains("0 files added", again.Out);
        Assert.Equal(before, Cli.Run("store", Store).Out);
    }

    [Fact]
    public void Files_that_have_to_be_read_again_and_are_gone_are_named()
    {
        var drawn = AccuracyRun.Draw(ScenarioHalf.Clean, 2009)!;
        drawn.WriteTo(_folder.Place("archive"), AccuracyRun.PartsOf(ScenarioHalf.Clean, drawn));
        string[] files = [.. Directory.GetFiles(_folder.Place("archive"), "updates.*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)];
        string[] ofOne = [.. files.Where(file => Path.GetDirectoryName(file) == Path.GetDirectoryName(files[0]))];
        Assert.Equal(0, Cli.Run(["ingest", .. ofOne[1..], "--store", Store]).ExitCode);
        string moved = _folder.Place("moved");
        Directory.CreateDirectory(moved);
        foreach (string file in ofOne[1..]) File.Move(file, Path.Combine(moved, Path.GetFileName(file)));
        var gone = Cli.Run("ingest", ofOne[0], "--store", Store);
        Assert.Equal(3, gone.ExitCode);
        Assert.Contains("have to be read with them", gone.Err);
        Assert.StartsWith("0 files added", gone.Out, StringComparison.Ordinal);
    }

    private void Same(string[] command, params string[] options)
    {
        // A text to check is no name of a file.
        var files = Cli.Run([.. command, Sample, .. options]);
        var store = Cli.Run([.. command, "--store", Store, .. options]);
        Assert.Equal((files.ExitCode, Without(files.Out)), (store.ExitCode, Without(store.Out)));
        Assert.NotEmpty(files.Out);

        static string Without(string answer) => string.Join('\n', answer.Split('\n')
            .Where(line => !line.Contains("--store", StringComparison.Ordinal) && !line.Contains(Sample, StringComparison.Ordinal)
                && !line.Contains(".duckdb", StringComparison.Ordinal)));
    }

    private static void Change(string path, string sql)
    {
        using var connection = new DuckDBConnection($"Data Source={path}");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
