using System.Text;
using System.Text.RegularExpressions;

using Isthmus.App;
using Isthmus.Export.Dissection;
using Isthmus.Reports;
using Isthmus.Tests.Reports;
using Isthmus.Tests.Support;
using Isthmus.Text;

namespace Isthmus.Tests.App;

/// <summary>What reaches a terminal fits it, and nothing that a stranger wrote speaks to it.</summary>
public sealed partial class TerminalTests
{
    /// <summary>ESC, BEL, the one-byte CSI, a line separator, an override, an isolate, a mark of direction, a byte order mark.</summary>
    private const string Hostile = "a\e[31mb\u0007c\u009bd\u2028e\u202Ef\u2066g\u200Fh\uFEFFi";

    [Theory]
    [InlineData("Télécom", "Télécom")]
    [InlineData("می\u200Cرود", "می\u200Cرود")]
    [InlineData("a\u202Eb\u2069c\u200Ed\u061Ce", "a\uFFFDb\uFFFDc\uFFFDd\uFFFDe")]
    [InlineData("\e]0;title\u0007", "\uFFFD]0;title\uFFFD")]
    [InlineData("tag\U000E0041", "tag\uFFFD")]
    [InlineData("emoji\U0001F600", "emoji\U0001F600")]
    public void What_speaks_to_a_terminal_is_replaced_and_names_stay(string text, string printable) =>
        Assert.Equal(printable, Wording.Printable(text));

    [Theory]
    [InlineData(0, 100)]
    [InlineData(80, 80)]
    [InlineData(60, 60)]
    [InlineData(10, 40)]
    [InlineData(300, 120)]
    public void Text_is_as_wide_as_the_terminal_within_bounds(int window, int columns) => Assert.Equal(columns, Terminal.ColumnsOf(window));

    [Theory]
    [InlineData("report KP samples/kp-2017-10/rrc00")]
    [InlineData("history KP samples/kp-2017-10/rrc00")]
    [InlineData("attribution KP")]
    [InlineData("read samples/kp-2017-10/rrc00/2017.10/updates.20171001.0905.gz --hex")]
    [InlineData("read samples/kp-2017-10/rrc00/2017.10/updates.20171001.0905.gz --ledger")]
    [InlineData("--help")]
    [InlineData("report --help")]
    [InlineData("verify --help")]
    [InlineData("check --help")]
    [InlineData("history --help")]
    [InlineData("read --help")]
    [InlineData("attribution --help")]
    [InlineData("completion --help")]
    [InlineData("man --help")]
    public void Every_line_fits_a_terminal_of_80_columns(string line)
    {
        var run = Cli.Bash($"export -f isthmus; SHELL=/bin/bash TERM=xterm script -qec 'stty cols 80 rows 50; isthmus {line} 2>/dev/null' /dev/null");
        string[] lines = [.. KeypadMode().Replace(run.Out, "").Split('\n').Select(text => text.TrimEnd('\r'))];
        Assert.True(lines.Length > 2, run.Out);
        Assert.Equal([], lines.Where(text => text.Length > 80));
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(100)]
    public void A_record_taken_apart_fits_its_width(int width)
    {
        using var output = new StringWriter { NewLine = "\n" };
        byte[] bytes = [.. Enumerable.Range(0, 40).Select(one => (byte)one)];
        string words = string.Join(' ', Enumerable.Repeat("64496", 40));
        DissectedField[] fields =
        [
            .. Enumerable.Range(0, 6).Select(depth => new DissectedField(0, bytes.Length, depth, "ASes", words)),
            new(0, 4, 4, new string('x', 200), ""),
        ];
        var text = new HexText(output, width);
        text.Write(new(new string('f', 130) + ".gz", 1, 0, IsLine: false), bytes, fields, (3, words));
        text.WriteLost(string.Join(' ', Enumerable.Repeat("lost", 60)), 100, bytes);
        Assert.Equal([], output.ToString().Split('\n').Where(line => line.Length > width));
        Assert.Contains("27", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(40)]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(120)]
    public void A_report_fits_its_width_with_all_its_tables(int width)
    {
        using var output = new StringWriter { NewLine = "\n" };
        ReportText.Write(KpStory.Full(), output, width);
        Assert.Equal([], output.ToString().Split('\n').Where(line => line.Length > width));
    }

    [Theory]
    [InlineData("report", Hostile)]
    [InlineData("report", "KP", Hostile)]
    [InlineData("report", "KP", "--where", Hostile)]
    [InlineData("report", "KP", "--from", Hostile)]
    [InlineData("report", "KP", "--registry", Hostile)]
    [InlineData("report", "KP", "--override", Hostile)]
    [InlineData("report", "KP", "--out", "no/" + Hostile)]
    [InlineData("read", Hostile)]
    [InlineData("verify", Hostile)]
    [InlineData("check", Hostile)]
    [InlineData(Hostile)]
    public void No_message_speaks_to_the_terminal(params string[] line)
    {
        var run = Cli.Run(line);
        Assert.NotEqual(0, run.ExitCode);
        AssertPrintable(run.Err);
        AssertPrintable(run.Out);
    }

    [Fact]
    public void A_long_argument_is_cut_in_a_message()
    {
        var run = Cli.Run("report", new string('x', 50_000));
        Assert.Equal(2, run.ExitCode);
        Assert.InRange(run.Err.Length, 20, Terminal.MessageCharactersMax + 2);
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    public void A_text_that_is_checked_does_not_speak_to_the_terminal(string format)
    {
        string story = $"On 1 October 2017 TransTeleCom {Hostile} (AS20485) began to carry North Korea's routes at 09:07:51 UTC.";
        using var folder = new TemporaryFolder();
        string file = folder.Write("story.txt", Encoding.UTF8.GetBytes(story));
        var run = Cli.Run("check", file, "--format", format);
        AssertPrintable(run.Out);
        AssertPrintable(run.Err);
    }

    private static void AssertPrintable(string text) =>
        Assert.Equal([], text.Split('\n').Where(line => Wording.Printable(line) != line));

    // What the base library sends to a terminal before and after the program's own text.
    [GeneratedRegex(@"\e\[\?1[hl]\e[=>]")]
    private static partial Regex KeypadMode();
}
