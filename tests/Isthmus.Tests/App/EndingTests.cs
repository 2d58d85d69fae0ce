using System.Text;

using Isthmus.App;
using Isthmus.Tests.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>How runs end: on streams that are closed or full, by signals; and what a message says of addresses.</summary>
public sealed class EndingTests
{
    private static readonly string Updates =
        Path.Combine(RealData.Repository, Sample.Folder, "rrc00", "2017.10", "updates.20171001.0905.gz");

    [Theory]
    [InlineData("2> /dev/full")]
    [InlineData("2>&-")]
    [InlineData("<&- 2>&-")]
    public void Standard_error_that_takes_nothing_changes_no_answer_and_no_exit_code(string into)
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(Updates);
        string cut = folder.Write("updates.20171001.0905.gz", bytes[..(bytes.Length * 2 / 3)]);
        var told = Cli.Bash($"isthmus read {cut} --count");
        var run = Cli.Bash($"isthmus read {cut} --count {into}");
        Assert.Equal((3, told.Out), (run.ExitCode, run.Out));
        Assert.Equal(1, Cli.Bash($"isthmus read nothing.mrt {into}").ExitCode);
        Assert.Equal(2, Cli.Bash($"isthmus nothing {into}").ExitCode);
    }

    [Theory]
    [InlineData("read - --count")]
    [InlineData("read /dev/stdin --count")]
    [InlineData("read /proc/self/fd/0 --count")]
    [InlineData("report KP -")]
    [InlineData("check - {0}")]
    [InlineData("read {0} --where 'prefix within @/dev/stdin'")]
    [InlineData("report KP {0} --override /dev/stdin")]
    public void Standard_input_that_is_closed_is_told_and_nobody_waits_for_it(string line)
    {
        var run = Cli.Bash($"timeout 100 isthmus {string.Format(null, line, Updates)} <&-".Replace(
            "timeout 100 isthmus", $"timeout 100 dotnet {Cli.Program}", StringComparison.Ordinal));
        Assert.InRange(run.ExitCode, 1, 2);
        Assert.Contains("standard input is closed", run.Err, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("read {0} --count")]
    [InlineData("read {0} --count --out /dev/stdout")]
    [InlineData("man")]
    [InlineData("read --help")]
    public void Standard_output_that_is_closed_is_told_with_standard_input_closed_or_open(string line)
    {
        foreach (string into in (string[])[">&-", "<&- >&-"])
        {
            var run = Cli.Bash($"isthmus {string.Format(null, line, Updates)} {into}");
            Assert.Equal(1, run.ExitCode);
            Assert.Contains("standard output", run.Err, StringComparison.Ordinal);
        }
        Assert.Equal(1, Cli.Bash($"isthmus {string.Format(null, line, Updates)} <&- >&- 2>&-").ExitCode);
    }

    [Theory]
    [InlineData("read {0}")]
    [InlineData("read {0} --count")]
    [InlineData("read {0} --ledger")]
    [InlineData("read {0} --hex")]
    [InlineData("report KP {0}")]
    [InlineData("history KP {0}")]
    [InlineData("attribution KP")]
    [InlineData("completion bash")]
    [InlineData("man")]
    [InlineData("--version")]
    [InlineData("read --help")]
    public void Standard_output_without_room_is_named_in_one_line_with_the_way_out(string line)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        var run = Cli.Bash($"isthmus {string.Format(null, line, Updates)} > /dev/full");
        Assert.Equal(1, run.ExitCode);
        string told = run.ErrLines[^1];
        Assert.Equal("isthmus: standard output cannot be written further: no room is left where it is; make room, or name another place", told);
        Assert.DoesNotContain(run.ErrLines[..^1], other => other.Contains("space", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("read {1}", ">")]
    [InlineData("report KP {0}", ">>")]
    [InlineData("man", ">")]
    public void So_is_standard_output_that_goes_to_a_file_that_may_not_grow(string line, string into)
    {
        using var folder = new TemporaryFolder();
        string command = string.Format(null, line, Updates, $"{Sample.Folder}/rrc00");
        var run = Cli.Bash($"export DOTNET_EnableWriteXorExecute=0; ulimit -f 2; isthmus {command} {into} {folder.Place("out.txt")}");
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("isthmus: standard output cannot be written further: it would be larger than the system allows",
            run.ErrLines[^1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(255)]
    [InlineData(215)]
    public void A_file_may_have_a_name_as_long_as_the_file_system_allows(int bytes)
    {
        using var folder = new TemporaryFolder();
        foreach (string name in (string[])[new('n', bytes), new string('é', bytes / 2) + (bytes % 2 == 0 ? "" : "n")])
        {
            Assert.Equal(0, Cli.Run("read", Updates, "--count", "--out", folder.Place(name)).ExitCode);
            Assert.Equal(0, Cli.Run("read", Updates, "--count", "--out", "-", "--ledger-out", folder.Place("l" + name[1..])).ExitCode);
        }
        Assert.Equal(4, Directory.GetFiles(folder.Root).Length);
    }

    // Whoever started the program may have left its end so.
    [Fact]
    public void A_standard_output_that_does_not_wait_for_its_reader_gets_all_of_it()
    {
        Assert.SkipUnless(Cli.Bash("command -v perl").ExitCode == 0, "there is no perl here");
        const string NoWaiting = "perl -e 'use Fcntl; fcntl(STDOUT, F_SETFL, fcntl(STDOUT, F_GETFL, 0) | O_NONBLOCK); exec @ARGV' --";
        string folder = $"{Sample.Folder}/rrc00";
        var run = Cli.Bash($"{NoWaiting} dotnet {Cli.Program} read {folder} | (read -r first; cat) | wc -c");
        Assert.Equal("", run.Err);
        string all = Cli.Run("read", folder).Out;
        Assert.Equal(Encoding.UTF8.GetByteCount(all) - all.IndexOf('\n', StringComparison.Ordinal) - 1, int.Parse(run.Out, null));
    }

    [Fact]
    public void A_standard_input_that_has_nothing_yet_is_asked_again()
    {
        using var input = new PatientInput(new LateStream("late"u8.ToArray()));
        using var reader = new StreamReader(input);
        Assert.Equal("late", reader.ReadToEnd());
    }

    // Before each byte nothing is there, twice: EAGAIN of Linux and of macOS.
    private sealed class LateStream(byte[] bytes) : MemoryStream(bytes)
    {
        private int _asked;

        public override int Read(Span<byte> buffer) => (_asked++ % 3) switch
        {
            0 => throw new IOException("not now", 11),
            1 => throw new IOException("not now", 35),
            _ => base.Read(buffer[..1]),
        };
    }

    [Theory]
    [InlineData("--out")]
    [InlineData("--ledger-out")]
    public void A_file_that_cannot_be_made_is_called_by_the_name_that_was_given(string option)
    {
        Assert.SkipUnless(Directory.Exists("/proc/self"), "there is no /proc here");
        var run = Cli.Run("read", Updates, "--count", option, "/proc/isthmus.txt");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("/proc/isthmus.txt cannot be written: ", Assert.Single(run.ErrLines), StringComparison.Ordinal);
        Assert.DoesNotContain(".part", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void With_all_streams_closed_an_answer_still_goes_to_a_file_whole()
    {
        using var folder = new TemporaryFolder();
        string written = folder.Place("count.txt");
        Assert.Equal(0, Cli.Bash($"isthmus read {Updates} --count --out {written} <&- >&- 2>&-").ExitCode);
        Assert.Equal(Cli.Run("read", Updates, "--count").Out, File.ReadAllText(written));
    }

    [Theory]
    [InlineData("QUIT", 131)]
    [InlineData("USR1", 138)]
    [InlineData("ALRM", 142)]
    [InlineData("XCPU", 152)]
    [InlineData("RTMAX", 192)]
    public void Whatever_signal_ends_a_run_no_part_of_a_file_stays_and_nothing_that_it_kept(string signal, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the numbers are those of Linux");
        using var folder = new TemporaryFolder();
        var run = Cli.Bash($"""
            cd {folder.Root}; mkdir kept; mkfifo pipe
            eval "$(declare -f isthmus | sed 's/dotnet/exec env --default-signal=QUIT dotnet/')"
            DOTNET_EnableDiagnostics=0 TMPDIR=$PWD/kept isthmus read pipe {Updates} --out events.txt & started=$!
            exec 3> pipe; cat {Updates} >&3
            until compgen -G 'kept/isthmus-*/*' > none.txt; do kill -0 $started || break; done
            kill -{signal} $started; wait $started; echo $?; ls -A kept; ls -A | grep -F .part
            """);
        Assert.Equal($"{code}", run.Out.Trim());
    }

    [Fact]
    public void A_signal_that_is_ignored_at_the_start_is_ignored()
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Bash($"""
            cd {folder.Root}; mkfifo pipe; trap '' USR1
            eval "$(declare -f isthmus | sed 's/dotnet/exec dotnet/')"
            isthmus read pipe --count > out.txt & started=$!
            exec 3> pipe; cat {Updates} >&3; kill -USR1 $started; exec 3>&-; wait $started; echo $?
            """);
        Assert.Equal("0", run.Out.Trim());
    }

    [Theory]
    [InlineData("read {0} --out FILE")]
    [InlineData("report KP {0} --format json --out FILE")]
    public void A_file_that_grows_beyond_what_is_allowed_leaves_no_part_and_is_named(string line)
    {
        using var folder = new TemporaryFolder();
        string file = folder.Place("events.txt");
        string command = string.Format(null, line, $"{Sample.Folder}/rrc00").Replace("FILE", file, StringComparison.Ordinal);
        var run = Cli.Bash($"export DOTNET_EnableWriteXorExecute=0; ulimit -f 8; isthmus {command} > /dev/null");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains($"{file} cannot be written further", Assert.Single(run.ErrLines), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Fact]
    public void What_is_kept_of_a_pipe_beyond_what_a_file_may_hold_is_told_by_the_file_and_removed()
    {
        using var folder = new TemporaryFolder();
        var run = Cli.Bash($"export DOTNET_EnableWriteXorExecute=0 TMPDIR={folder.Root}; ulimit -f 8; head -c 100000 /dev/zero | tr '\\0' x"
            + $" | cat {Updates} {Updates} {Updates} {Updates} - | isthmus read - --count");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains(folder.Root, Assert.Single(run.ErrLines), StringComparison.Ordinal);
        Assert.Contains("ulimit -f", run.Err, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(folder.Root));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(100)]
    public void Too_few_files_that_may_be_open_are_told_in_one_line_with_the_way_out(int files)
    {
        var run = Cli.Bash($"ulimit -n {files}; isthmus read {Updates} --count");
        Assert.Equal(1, run.ExitCode);
        Assert.Empty(run.Out);
        Assert.Contains("ulimit -n", Assert.Single(run.ErrLines), StringComparison.Ordinal);
        Assert.Equal(0, Cli.Bash($"ulimit -n 128; isthmus report KP {Sample.Folder} > /dev/null").ExitCode);
    }

    [Theory]
    [InlineData("read {0} --out")]
    [InlineData("read {0} --count --ledger-out")]
    [InlineData("report KP {0} --html")]
    [InlineData("report KP {0} --registry")]
    [InlineData("report KP {0} --override")]
    [InlineData("verify")]
    [InlineData("check")]
    [InlineData("read")]
    public void An_address_where_a_file_should_be_gives_no_secret_away(string line)
    {
        using var server = new FaultyServer((_, _) => FaultyServer.Answer("HTTP/1.1 404 Not Found\nContent-Length: 0"));
        string[] before = string.Format(null, line, Updates).Split(' ');
        foreach (string secret in (string[])["PASSW0RD", "PASS W0RD", "PA'SS\"W0RD"])
        {
            var run = Cli.Run([.. before, $"http://somebody:{secret}@{server.Address}/x?SECRETSIG"]);
            Assert.NotEqual(0, run.ExitCode);
            AssertNoSecret(run);
        }
    }

    [Theory]
    [InlineData("origin @\"http://somebody:PASSW0RD@127.0.0.1:1/x?SECRETSIG\"")]
    [InlineData("origin @http://somebody:PASSW0RD@127.0.0.1:1/x?SECRETSIG")]
    [InlineData("origin @\"http://somebody:PASSW0RD@127.0.0.1:1/x?SECRETSIG")]
    [InlineData("prefix within @http:/somebody:PASSW0RD@127.0.0.1:1/x?SECRETSIG and")]
    public void So_does_one_in_a_filter(string filter)
    {
        var run = Cli.Run("read", Updates, "--where", filter);
        Assert.Equal(2, run.ExitCode);
        AssertNoSecret(run);
    }

    private static void AssertNoSecret(CliRun run)
    {
        foreach (string part in (string[])["W0RD", "SECRETSIG", "somebody"])
            Assert.DoesNotContain(part, run.Out + run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void What_is_wrong_with_a_file_beside_the_inputs_is_said_with_its_name()
    {
        using var folder = new TemporaryFolder();
        byte[] bytes = File.ReadAllBytes(Updates);
        string cut = folder.Write("delegated-apnic.gz", bytes[..200]);
        Assert.Contains("delegated-apnic.gz", Cli.Run("report", "KP", Updates, "--registry", cut).Err, StringComparison.Ordinal);
        Assert.Contains("is a folder", Cli.Run("read", Updates, "--where", $"prefix within @{folder.Root}").Err, StringComparison.Ordinal);
        string few = folder.Write("delegated-few", Encoding.ASCII.GetBytes(
            "2|apnic|20171001|5|19830101|20171001|+1000\napnic|KP|asn|131279|1|20091221|allocated\n"));
        Assert.Contains("its header states 5 records, and it holds 1: it may be cut off",
            Cli.Run("attribution", "KP", "--registry", few).Err, StringComparison.Ordinal);
    }

    [Fact]
    public void A_format_of_events_that_are_not_printed_is_refused()
    {
        Assert.Equal(2, Cli.Run("read", Updates, "--count", "--format", "json").ExitCode);
        Assert.Equal(2, Cli.Run("read", Updates, "--ledger", "text", "--format", "json").ExitCode);
    }
}
