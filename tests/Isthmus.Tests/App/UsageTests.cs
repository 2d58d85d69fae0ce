using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>A wrong command line gets one line that says what is wrong and what to do.</summary>
public sealed class UsageTests
{
    [Theory]
    [InlineData("reprot KP", "there is no command 'reprot'; did you mean report?")]
    [InlineData("frobnicate", "there is no command 'frobnicate'; there are report, verify, check, history, table, depend, exposure, rank, whatif, resilience, fetch, ingest, store, read, attribution, completion, man; see isthmus --help")]
    [InlineData("-x", "there is no option -x; see isthmus --help")]
    [InlineData("report KP -x", "there is no option -x; see isthmus report --help")]
    [InlineData("report", "report needs a SUBJECT: a network as AS131279, a country as KP, or a prefix")]
    [InlineData("read", "read needs an INPUT: a file, a folder, a glob or - for standard input")]
    [InlineData("read --ledger updates.mrt", "--ledger: 'updates.mrt' is not known; there are text, json; with neither it stands behind INPUT")]
    [InlineData("report KP --frm 2017-10-01", "there is no option --frm; did you mean --from?")]
    [InlineData("read -- -x", "no such file or folder: -x; behind -- all words are names and none an option: leave -- out where an option is meant")]
    [InlineData("read --count -- --count", "no such file or folder: --count; behind -- all words are names")]
    [InlineData("verify -- -x.json", "no such file or folder: -x.json; behind -- all words are names")]
    [InlineData("read --cuont x", "there is no option --cuont; did you mean --count?")]
    [InlineData("report KP --from yesterday", "--from: 'yesterday' is no time; write it like 2017-10-01 or 2017-10-01T09:07:51Z, in UTC")]
    [InlineData("report KP --to 2017-13-01", "--to: '2017-13-01' is no time; write it like 2017-10-01 or 2017-10-01T09:07:51Z, in UTC")]
    [InlineData("report KP --from 2017-10-02 --to 2017-10-01",
        "--to 2017-10-01 is not after --from 2017-10-02T00:00:00Z; give a period that has some length")]
    [InlineData("report KP --to 9999-12-31", "--to: the day after 9999-12-31 has no date; give an earlier one")]
    [InlineData("report KP --from 2017-10-01T09:00Z --to 2017-10-01T09:00Z",
        "--to 2017-10-01T09:00Z is not after --from 2017-10-01T09:00:00Z; give a period that has some length")]
    [InlineData("report KP --bin 5", "--bin: '5' is no length of time; write it like 30s, 5m, 1h or 1d")]
    [InlineData("report KP --bin 0m", "--bin: '0m' is no length of time; write it like 30s, 5m, 1h or 1d")]
    [InlineData("report KP --bin 99999999999d", "--bin: '99999999999d' is no length of time; write it like 30s, 5m, 1h or 1d")]
    [InlineData("report KP --format xml", "--format: 'xml' is not known; there are text, json, html")]
    [InlineData("read x --format xml", "--format: 'xml' is not known; there are line, json, csv")]
    [InlineData("report KP --out no/such/folder/a.txt", "--out: there is no folder ")]
    [InlineData("report KP --html docs", "--html: 'docs' is a folder; name a file in it")]
    [InlineData("report Atlantis", "'Atlantis' is no AS number, country or prefix")]
    [InlineData("check", "check needs a TEXT: a file that holds the text, - for standard input, or the text itself in quotes")]
    [InlineData("history", "history needs a SUBJECT: a network (AS131279), a country (KP, or its name) or a prefix")]
    [InlineData("completion", "completion needs a SHELL: bash, zsh or fish")]
    [InlineData("report KP samples --out", "--out needs a FILE; see isthmus report --help")]
    [InlineData("report KP samples --from", "--from needs a TIME; see isthmus report --help")]
    [InlineData("check x --country-by", "--country-by needs one of delegation, geolocation, organisation, origin; see isthmus check --help")]
    [InlineData("history KP --upstream", "--upstream needs an ASN; see isthmus history --help")]
    [InlineData("report KP --from 2017-10-01 --from 2017-10-02", "--from is given 2 times; give it once")]
    [InlineData("attribution KP IR", "'IR' is too much: attribution takes one SUBJECT; see isthmus attribution --help")]
    [InlineData("man read", "'read' is too much: man takes no argument; see isthmus man --help")]
    [InlineData("report KP --country-by organisation", "--country-by organisation: no file says which organisation runs an AS;"
        + " give one with --registry, as CAIDA's as-org2info.txt")]
    [InlineData("attribution KP --country-by organisation", "--country-by organisation: no file says which organisation runs an AS")]
    [InlineData("report KP ", "one of the arguments is empty")]
    [InlineData("report KP --override ", "one of the arguments is empty")]
    [InlineData("report KP --from 2017-10-01", "no INPUT is given, and --from without --to: give both to ask the public archives, or INPUT")]
    [InlineData("report KP --to 2017-10-01", "no INPUT is given, and --to without --from: give both to ask the public archives, or INPUT")]
    [InlineData("report KP --offline", "--offline is about the public archives, which are asked for a period: give --from and --to")]
    [InlineData("history KP samples --collector rrc00", "--collector is about the public archives, which are asked where no INPUT is given")]
    [InlineData("fetch --frm 2017-10-01", "there is no option --frm; did you mean --from?")]
    [InlineData("fetch --collectors none", "--collectors: 'none' is no number of collectors; write it like 8")]
    [InlineData("fetch --from 2017-10-01", "fetch needs a period: give --from and --to")]
    [InlineData("fetch --from 2017-10-01 --to 2017-10-02 --cache-size 5", "--cache-size: '5' is no size; write it like 500MB, 50GB or 2TB")]
    [InlineData("fetch --from 2017-10-01 --to 2017-10-02 --project pch", "--project: 'pch' is not known; there are ris, routeviews")]
    [InlineData("fetch --from 2017-10-01 --to 2017-10-02 --archive ftp://x.example/", "ftp://x.example/ is no archive: give the http(s) address")]
    [InlineData("report korea", "'korea' may be KP (North Korea) or KR (South Korea); say which")]
    [InlineData("report Frnace", "did you mean FR (France)")]
    [InlineData("report AS0", "AS0 is reserved")]
    [InlineData("report 175.45.176.1/22", "did you mean 175.45.176.0/22?")]
    [InlineData("report 1.2.3/99", "'1.2.3/99' is no prefix; give one as 175.45.176.0/22")]
    public void Wrong_usage_is_told_in_one_line_with_exit_code_2(string line, string message)
    {
        var run = Cli.Run(line.Split(' '));
        Assert.Contains(message, Assert.Single(run.ErrLines), StringComparison.Ordinal);
        Assert.StartsWith("isthmus: ", run.Err, StringComparison.Ordinal);
        Assert.Equal("", run.Out);
        Assert.Equal(2, run.ExitCode);
    }

    [Fact]
    public void A_wrong_filter_is_told_with_its_column_and_a_caret()
    {
        var run = Cli.Run("read", "x", "--where", "origin 131279 and pth ~ \"4837 131279$\"");
        Assert.Equal(2, run.ExitCode);
        Assert.Equal(
        [
            "isthmus: --where: column 19: 'pth' is no field; did you mean 'path'?",
            "  origin 131279 and pth ~ \"4837 131279$\"",
            "                    ^",
        ], run.ErrLines);
    }

    [Fact]
    public void A_notice_alone_is_no_data()
    {
        var run = Cli.Run("read", $"{Sample.Folder}/NOTICE.txt");
        Assert.Equal(1, run.ExitCode);
        Assert.Equal("isthmus: all that was given is a NOTICE.txt, which holds no routes; give RIB or updates files\n", run.Err);
    }

    [Fact]
    public void No_arguments_at_all_get_the_help_on_standard_error()
    {
        var run = Cli.Run();
        Assert.Equal(2, run.ExitCode);
        Assert.Equal("", run.Out);
        Assert.Contains("report", run.Err, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--help", "Exit codes:")]
    [InlineData("report --help", "Examples:")]
    [InlineData("read --help", "Examples:")]
    [InlineData("--version", "0.1.0")]
    public void Help_and_version_are_data(string line, string part)
    {
        var run = Cli.Run(line.Split(' '));
        Assert.Equal(0, run.ExitCode);
        Assert.Equal("", run.Err);
        Assert.Contains(part, run.Out, StringComparison.Ordinal);
    }
}
