using System.Text;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>Inputs that are not there, not archives, or damaged.</summary>
public sealed class InputTests
{
    [Fact]
    public void A_file_that_is_not_there_fails_with_its_name()
    {
        var run = Cli.Run("read", "no-such-file.mrt");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("no-such-file.mrt", Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_without_files_fails_with_its_name()
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Run("report", "KP", folder.Root);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(folder.Root, Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_that_is_no_archive_fails_with_its_name()
    {
        var run = Cli.Run("report", "KP", "global.json");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("global.json", Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Fact]
    public void A_glob_that_fits_nothing_fails_with_its_text()
    {
        var run = Cli.Run("read", "samples/*.nothing");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("samples/*.nothing", Assert.Single(run.ErrLines), StringComparison.Ordinal);
    }

    [Fact]
    public void In_a_folder_what_is_no_archive_is_named_and_passed_over()
    {
        using var folder = new TemporaryFolder();
        folder.Write("updates.20171001.0905.gz", File.ReadAllBytes(SampleUpdates));
        folder.Write("notes.txt", Encoding.UTF8.GetBytes("seen at the exchange, ask again\n"));
        var run = Cli.Run("read", folder.Root, "--count");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Cli.Run("read", SampleUpdates, "--count").Out, run.Out);
        Assert.Contains("notes.txt", run.Err, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("bview.20171001.0000.gz", 3)]
    [InlineData("updates.20171001.0910.bz2", 3)]
    [InlineData("notes.20171001.gz", 0)]
    public void A_file_of_an_archive_by_its_name_that_holds_no_records_makes_the_answer_incomplete(string name, int code)
    {
        using var folder = new TemporaryFolder();
        File.Copy(Path.Combine(RealData.Repository, "samples/kp-2017-10/rrc00/2017.10/updates.20171001.0905.gz"),
            folder.Place("updates.20171001.0905.gz"));
        folder.Write(name, new byte[5000]);
        var run = Cli.Run("read", folder.Root, "--count");
        Assert.Equal(code, run.ExitCode);
        Assert.Contains($"{name} is neither MRT nor", run.Err, StringComparison.Ordinal);
        var report = Cli.Run("report", "KP", folder.Root, "--format", "json").Json().GetProperty("coverage");
        Assert.Equal(code == 3 ? 1 : 0, report.GetProperty("unread").GetArrayLength());
    }

    [Fact]
    public void Standard_input_is_read_like_a_file()
    {
        byte[] bytes = File.ReadAllBytes(SampleUpdates);
        var run = Cli.Feed(bytes, "read", "-", "--count");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal(Cli.Run("read", SampleUpdates, "--count").Out, run.Out);
        Assert.NotEqual("0", run.Out.Trim());
    }

    [Theory]
    [InlineData("read - {0} --count < {0}")]
    [InlineData("read {0} - --count < {0}")]
    [InlineData("read - - --count < {0}")]
    [InlineData("read - /dev/stdin --count < {0}")]
    [InlineData("read /dev/fd/7 - {0} --count < {0} 7< {0}")]
    [InlineData("read - FOLDER --count < {0}")]
    [InlineData("read FOLDER {0} FOLDER/symbolic.gz FOLDER/hard.gz --count")]
    public void A_file_that_is_given_twice_by_any_names_is_read_once(string line)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Write("updates.20171001.0905.gz", File.ReadAllBytes(SampleUpdates));
        File.CreateSymbolicLink(folder.Place("symbolic.gz"), file);
        Assert.Equal(0, Cli.Bash($"ln {file} {folder.Place("hard.gz")}").ExitCode);
        var run = Cli.Bash("isthmus " + string.Format(null, line.Replace("FOLDER", folder.Root, StringComparison.Ordinal), file));
        Assert.Equal((0, Cli.Run("read", SampleUpdates, "--count").Out, ""), (run.ExitCode, run.Out, run.Err));
    }

    [Fact]
    public void A_pipe_that_is_given_twice_is_read_once_and_nobody_waits()
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Bash($"cd {folder.Root}; mkfifo pipe; cat {Path.GetFullPath(SampleUpdates, RealData.Repository)} > pipe & isthmus read pipe pipe --count");
        Assert.Equal((0, Cli.Run("read", SampleUpdates, "--count").Out), (run.ExitCode, run.Out));
    }

    [Fact]
    public void What_is_left_of_a_file_on_standard_input_does_not_stand_for_the_file()
    {
        using var folder = new TemporaryFolder();
        byte[] updates = File.ReadAllBytes(SampleUpdates);
        string file = folder.Write("two.gz", [.. updates, .. updates]);
        var run = Cli.Bash($"{{ head -c {updates.Length} > /dev/null; isthmus read - {file} --count; }} < {file}");
        int one = int.Parse(Cli.Run("read", SampleUpdates, "--count").Out, null);
        Assert.Equal($"{3 * one}", run.Out.Trim());
    }

    [Fact]
    public void A_cut_file_gives_what_came_before_the_cut_and_exit_code_3()
    {
        byte[] bytes = File.ReadAllBytes(SampleUpdates);
        using var folder = new TemporaryFolder();
        string cut = folder.Write("updates.20171001.0905.gz", bytes[..(bytes.Length * 2 / 3)]);
        var run = Cli.Run("read", cut);
        Assert.Equal(3, run.ExitCode);
        Assert.NotEqual("", run.Out);
        Assert.StartsWith(run.Out, Cli.Run("read", SampleUpdates).Out, StringComparison.Ordinal);
        Assert.Matches(@"updates\.20171001\.0905\.gz: .*byte \d+", run.Err);
    }

    [Fact]
    public void A_report_on_damaged_data_answers_and_says_what_is_missing()
    {
        byte[] bytes = File.ReadAllBytes(SampleUpdates);
        using var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(SampleFolder, "*.gz")) File.Copy(file, folder.Place(Path.GetFileName(file)));
        folder.Write(Path.GetFileName(SampleUpdates), bytes[..(bytes.Length / 2)]);
        var run = Cli.Run("report", "KP", folder.Root, "--format", "json");
        Assert.Equal(3, run.ExitCode);
        Assert.True(run.Json().GetProperty("coverage").GetProperty("faults").GetInt32() > 0);
        string text = Cli.Run("report", "KP", folder.Root).Out;
        Assert.Matches(@"updates\.20171001\.0905\.gz: .*byte \d+", text);
    }

    [Theory]
    [InlineData("--from 2019-10-02 --to 2019-10-03")]
    [InlineData("--from 2015-10-02 --to 2015-10-03")]
    public void Of_a_period_that_the_input_does_not_reach_nothing_is_said(string period)
    {
        var run = Cli.Run(["report", "KP", SampleFolder, .. period.Split(' '), "--format", "json"]);
        Assert.Equal(3, run.ExitCode);
        var report = run.Json();
        Assert.Equal(0, report.GetProperty("upstreams").GetArrayLength());
        Assert.NotEqual(0, report.GetProperty("coverage").GetProperty("gaps").GetArrayLength());
        string text = Cli.Run(["report", "KP", SampleFolder, .. period.Split(' ')]).Out;
        Assert.Contains("Nothing is known of the routes", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_period_that_goes_on_after_the_input_is_answered_until_it_ends()
    {
        var run = Cli.Run("report", "KP", SampleFolder, "--to", "2017-10-05", "--format", "json");
        Assert.Equal(3, run.ExitCode);
        Assert.Equal("2017-10-02T12:00:00Z", run.Json().GetProperty("period").GetProperty("to").GetString());
        var gap = Assert.Single(run.Json().GetProperty("coverage").GetProperty("gaps").EnumerateArray());
        Assert.Equal("2017-10-02T12:00:00Z", gap.GetProperty("from").GetString());
        Assert.Equal("2017-10-06T00:00:00Z", gap.GetProperty("to").GetString());
    }

    [Theory]
    [InlineData("2017-10-01", "2017-10-02T00:00:00Z")]
    [InlineData("2017-10-01T10:00", "2017-10-01T10:00:00Z")]
    [InlineData("2017-10-01T10:00:30Z", "2017-10-01T10:00:30Z")]
    public void A_date_as_the_end_of_a_period_is_that_whole_day_and_a_time_ends_it(string to, string end)
    {
        var run = Cli.Run("report", "KP", SampleFolder, "--from", "2017-10-01", "--to", to, "--format", "json");
        Assert.Equal(end, run.Json().GetProperty("period").GetProperty("to").GetString());
    }

    // Once its peers went on with what they held last, and halved every share of the others.
    [Fact]
    public void A_collector_whose_files_end_early_says_nothing_of_later_hours()
    {
        using var folder = new TemporaryFolder();
        foreach (string collector in new[] { "rrc00", "rrc03" })
        {
            string archive = Path.Combine(RealData.Repository, Sample.Folder, collector, "2017.10");
            foreach (string file in Directory.GetFiles(archive, "*.20171001.*"))
                if (collector is "rrc03" || string.CompareOrdinal(Path.GetFileName(file).Split('.')[2], "0900") < 0)
                    folder.Write($"{collector}/2017.10/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        }
        var report = Cli.Run("report", "KP", folder.Root, "--format", "json").Json();
        var appeared = Assert.Single(report.Changes(), change => change.Kind() is "upstream-appeared");
        Assert.Equal(0.75, appeared.GetProperty("shareAfter").GetDouble(), 0.01);
        var gap = Assert.Single(report.GetProperty("coverage").GetProperty("gaps").EnumerateArray());
        Assert.Equal("2017-10-01T09:00:00Z", gap.GetProperty("from").GetString());
    }

    [Fact]
    public void An_empty_file_of_an_archive_is_a_gap_and_not_silence()
    {
        using var folder = new TemporaryFolder();
        foreach (string minute in new[] { "0900", "0905", "0910", "0915" })
            folder.Write($"rrc00/updates.20171001.{minute}.gz",
                minute is "0910" ? [] : File.ReadAllBytes(Path.Combine(SampleFolder, $"updates.20171001.{minute}.gz")));
        var run = Cli.Run("report", "KP", folder.Root, "--format", "json");
        Assert.Equal(3, run.ExitCode);
        var gap = Assert.Single(run.Json().GetProperty("coverage").GetProperty("gaps").EnumerateArray());
        Assert.Equal("2017-10-01T09:10:00Z", gap.GetProperty("from").GetString());
        Assert.Contains("0910.gz is empty", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_file_alone_fails_with_its_name()
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Run("read", folder.Write("updates.20171001.0905.gz", []), "--count");
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"updates\.20171001\.0905\.gz is empty", Assert.Single(run.ErrLines));
    }

    [Fact]
    public void A_subject_that_no_watching_peer_holds_is_not_seen_which_is_not_unknown()
    {
        string text = Cli.Run("report", "192.88.99.0/24", SampleFolder).Out;
        Assert.Contains("No route to 192.88.99.0/24 is seen", text, StringComparison.Ordinal);
        Assert.Matches(@"\d+ peer ASes with a full table watched", text);
    }

    [Fact]
    public void A_reader_that_has_enough_is_no_failure()
    {
        var run = Cli.Bash($"set -o pipefail; isthmus read {Sample.Folder}/rrc00 | head -n 1");
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Err);
        Assert.Single(run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public void An_output_file_appears_whole_or_not_at_all()
    {
        using var folder = new TemporaryFolder();
        string written = folder.Place("count.txt");
        Assert.Equal(0, Cli.Run("read", SampleUpdates, "--out", written).ExitCode);
        Assert.Equal(Cli.Run("read", SampleUpdates).Out, File.ReadAllText(written));
        Assert.Equal(1, Cli.Run("read", "no-such-file.mrt", "--out", folder.Place("none.txt")).ExitCode);
        Assert.Equal(["count.txt"], Directory.GetFiles(folder.Root).Select(Path.GetFileName));
    }

    // Once a finished part was renamed over whatever the name led to: as root, over a device. A link stands for it here.
    [Fact]
    public void An_output_that_is_a_link_is_written_to_and_not_replaced()
    {
        using var folder = new TemporaryFolder();
        string target = folder.Write("target.txt", []);
        File.CreateSymbolicLink(folder.Place("link.txt"), target);
        Assert.Equal(0, Cli.Run("read", SampleUpdates, "--out", folder.Place("link.txt")).ExitCode);
        Assert.Equal(Cli.Run("read", SampleUpdates).Out, File.ReadAllText(target));
        Assert.Equal(target, new FileInfo(folder.Place("link.txt")).LinkTarget);
    }

    [Fact]
    public void On_a_terminal_long_work_shows_how_far_it_is()
    {
        Assert.SkipUnless(File.Exists("/usr/bin/script"), "script(1), which makes a terminal, is not here: apt-get install bsdutils");
        using var folder = new TemporaryFolder();
        var run = Cli.Bash($"export -f isthmus; SHELL=/bin/bash TERM=xterm script -qec 'isthmus report KP {Sample.Folder} --format json --out {folder.Place("kp.json")}' {folder.Place("log")}");
        Assert.Matches(@"\d+/\d+ files  .* records", run.Out);
    }

    private static string SampleFolder => Path.Combine(RealData.Repository, Sample.Folder, "rrc00", "2017.10");

    private static string SampleUpdates => Path.Combine(SampleFolder, "updates.20171001.0905.gz");
}
