using System.Text;
using System.Text.RegularExpressions;

using Isthmus.Reports.Verification;
using Isthmus.Sources;
using Isthmus.Tests.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>A report that somebody has is made again from its inputs: equal, or said where not.</summary>
public sealed class VerifyTests(VerifyTests.Made made) : IClassFixture<VerifyTests.Made>
{
    /// <summary>Two hours of one collector around the appearance of the second link, and the reports of it.</summary>
    public sealed class Made : IDisposable
    {
        private readonly TemporaryFolder _folder = new();

        public Made()
        {
            string rrc00 = Path.Combine(RealData.Repository, Sample.Folder, "rrc00/2017.10");
            // From the dump on, as a gap behind it would leave the report incomplete.
            string[] names = ["bview.20171001.0800.gz",
                .. Enumerable.Range(0, 22).Select(i => $"updates.20171001.{800 + 100 * (i / 12) + 5 * (i % 12):0000}.gz")];
            foreach (string name in names) _folder.Write($"archive/rrc00/{name}", File.ReadAllBytes(Path.Combine(rrc00, name)));
            Assert.Equal(0, Cli.Run("report", "KP", Archive, "--format", "json", "--out", Json, "--html", Page).ExitCode);
        }

        public string Archive => _folder.Place("archive");

        public string Json => _folder.Place("kp.json");

        public string Page => _folder.Place("kp.html");

        public void Dispose() => _folder.Dispose();
    }

    [Fact]
    public void A_report_is_equal_to_what_its_inputs_give()
    {
        foreach (string report in new[] { made.Json, made.Page })
        {
            var run = Cli.Run("verify", report, "--trust-arguments");
            Assert.Equal((0, ""), (run.ExitCode, run.Err));
            Assert.StartsWith("EQUAL", run.Out, StringComparison.Ordinal);
            Assert.Contains("23 of 23 are there", run.Out, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_report_of_text_is_equal_to_what_its_lines_give()
    {
        using var folder = new TemporaryFolder();
        string lines = folder.Place("lines.txt"), json = folder.Place("text.json");
        Assert.Equal(0, Cli.Run("read", made.Archive, "--where", "not kind rib or origin 131279", "--out", lines).ExitCode);
        var report = Cli.Run("report", "AS131279", lines, "--format", "json", "--out", json);
        Assert.Equal((0, ""), (report.ExitCode, report.Err));
        Assert.Equal((0, ""), Cli.Run("verify", json, "--trust-arguments") is var equal ? (equal.ExitCode, equal.Err) : default);
        // Of a line that proves something one digit is changed.
        string proof = Encoding.ASCII.GetString(StatedReport.Read(json, File.ReadAllBytes(json)).Records[0].Bytes);
        string other = proof.Replace("131279", "131278", StringComparison.Ordinal);
        File.WriteAllText(lines, File.ReadAllText(lines).Replace(proof, other, StringComparison.Ordinal));
        var changed = Cli.Run("verify", json, lines);
        Assert.Equal(1, changed.ExitCode);
        Assert.Contains("other bytes, from byte", changed.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Names_and_folders_of_the_inputs_do_not_matter()
    {
        using var folder = new TemporaryFolder();
        foreach (var (index, file) in Directory.GetFiles(made.Archive, "*", SearchOption.AllDirectories).Index())
            File.Copy(file, folder.Place($"{index}.renamed"));
        Assert.Equal(0, Cli.Run("verify", made.Json, folder.Root).ExitCode);
    }

    [Theory]
    [InlineData("\"time\": \"2017-10-01T09:07:51Z\",\n      \"earliest\"", "\"time\": \"2017-10-01T09:07:52Z\",\n      \"earliest\"", "changes[0].time")]
    [InlineData("\"headline\": \"Routes", "\"headline\": \"All routes", "headline")]
    [InlineData("\"kind\": \"upstream-appeared\"", "\"sort\": \"upstream-appeared\"", "changes[0].kind: the report lacks it")]
    public void A_value_that_was_changed_is_named(string written, string changed, string key)
    {
        var run = Altered(made.Json, text => text.Replace(written, changed, StringComparison.Ordinal));
        Assert.Equal(1, run.ExitCode);
        Assert.StartsWith("NOT EQUAL", run.Out, StringComparison.Ordinal);
        Assert.Contains(key, run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sentence_that_was_changed_on_the_page_alone_is_found()
    {
        var run = Altered(made.Page, text => new Regex("began to carry").Replace(text, "ceased to carry", 1));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("content  equal", run.Out, StringComparison.Ordinal);
        Assert.Contains("page     1 line differs", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_record_with_other_bytes_is_named_with_the_first_that_differs()
    {
        // Byte 17 of the last record, in hexadecimal.
        var run = Altered(made.Json, text =>
        {
            int at = text.LastIndexOf("\"bytes\": \"", StringComparison.Ordinal) + 10 + 2 * 17;
            return text[..at] + (text[at] == 'a' ? 'b' : 'a') + text[(at + 1)..];
        });
        Assert.Equal(1, run.ExitCode);
        Assert.Matches(@"record r\d+, rrc00/\S+, byte \d+: other bytes, from byte 17 of the record on", run.Out);
    }

    [Fact]
    public void An_input_with_other_bytes_is_named_with_both_hashes()
    {
        using var folder = Copied();
        string file = folder.Place("rrc00/updates.20171001.0940.gz");
        byte[] bytes = File.ReadAllBytes(file);
        bytes[4] ^= 1;
        File.WriteAllBytes(file, bytes);
        var run = Cli.Run("verify", made.Json, folder.Root);
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("22 of 23 are there", run.Out, StringComparison.Ordinal);
        Assert.Matches("updates.20171001.0940.gz: other bytes, SHA-256 [0-9a-f]{64} and not [0-9a-f]{64}", run.Out);
        Assert.Contains("inputs[21].sha256", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_input_is_named_and_the_answer_is_incomplete()
    {
        using var folder = Copied();
        File.Delete(folder.Place("rrc00/updates.20171001.0910.gz"));
        var run = Cli.Run("verify", made.Json, folder.Root);
        Assert.Equal(3, run.ExitCode);
        Assert.StartsWith("NOT ALL CHECKED", run.Out, StringComparison.Ordinal);
        Assert.Contains("updates.20171001.0910.gz: missing", run.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_from_standard_input_is_checked_against_the_file_that_was_piped_in()
    {
        using var folder = new TemporaryFolder();
        string report = folder.Place("piped.json"), dump = Path.Combine(made.Archive, "rrc00/bview.20171001.0800.gz");
        Assert.Equal(0, Cli.Feed(File.ReadAllBytes(dump), "report", "KP", "-", "--format", "json", "--out", report).ExitCode);
        var alone = Cli.Run("verify", report, "--trust-arguments");
        Assert.Equal(2, alone.ExitCode);
        Assert.Contains("give the file that was piped in", alone.Err, StringComparison.Ordinal);
        Assert.Equal(0, Cli.Run("verify", report, dump).ExitCode);
    }

    [Fact]
    public void What_is_no_report_is_said_in_a_line()
    {
        using var folder = new TemporaryFolder();
        foreach (string text in new[] { "", "{}", "{\"isthmus\":", "<html></html>", "\u0000" })
            Assert.Throws<InputException>(() => StatedReport.Read("none.json", Encoding.UTF8.GetBytes(text)));
        var run = Cli.Run("verify", folder.Write("none.json", "{}"u8.ToArray()));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("is no report of isthmus", Assert.Single(run.ErrLines), StringComparison.Ordinal);
        Assert.Contains("no such file", Cli.Run("verify", folder.Place("absent")).Err, StringComparison.Ordinal);
        Assert.Equal(2, Cli.Run("verify").ExitCode);
    }

    [Theory]
    [InlineData("\"command\": \"isthmus report KP", "\"command\": \"isthmus report IR")]
    [InlineData("\"arguments\": [\n    \"report\",\n    \"KP\"", "\"arguments\": [\n    \"report\",\n    \"North Korea\"")]
    public void A_command_that_was_forged_is_told(string stated, string forged)
    {
        var run = Altered(made.Json, text => text.Replace(stated, forged, StringComparison.Ordinal));
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("command  does not say what its arguments say", run.Out, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\"command\": \"isthmus report KP", "\"command\": \"isthmus report KP ADDRESS")]
    [InlineData("\"command\": \"isthmus report KP", "\"command\": \"isthmus ADDRESS", true)]
    [InlineData("\"arguments\": [\n    \"report\",\n    \"KP\"", "\"arguments\": [\n    \"report\",\n    \"KP\",\n    \"ADDRESS\"")]
    [InlineData("\"arguments\": [\n    \"report\",\n    \"KP\"", "\"arguments\": [\n    \"rapport\",\n    \"ADDRESS\"", true)]
    [InlineData("\"file\": \"rrc00", "\"file\": \"ADDRESS")]
    public void No_secret_of_an_address_in_a_forged_report_is_printed(string stated, string forged, bool isRefused = false)
    {
        using var server = new FaultyServer((_, _) => FaultyServer.Answer("HTTP/1.1 404 Not Found\nContent-Length: 0"));
        string address = $"http://somebody:PASSW0RD@{server.Address}/x?SECRETSIG";
        using var folder = new TemporaryFolder();
        string text = File.ReadAllText(made.Json), changed = text.Replace(
            stated, forged.Replace("ADDRESS", address, StringComparison.Ordinal), StringComparison.Ordinal);
        if (isRefused) changed = changed.Replace("\n    \"report\",", "\n    \"rapport\",", StringComparison.Ordinal);
        Assert.NotEqual(text, changed);
        string report = folder.Write("kp.json", Encoding.UTF8.GetBytes(changed));
        foreach (string[] how in (string[][])[[made.Archive], ["--trust-arguments"]])
        {
            var run = Cli.Run(["verify", report, .. how]);
            foreach (string secret in (string[])["PASSW0RD", "SECRETSIG", "somebody"])
                Assert.DoesNotContain(secret, run.Out + run.Err, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("--registry", "http://192.0.2.1/registry")]
    [InlineData("--override", "/etc/hostname")]
    [InlineData("--where", "peer-as @/etc/hostname")]
    public void Nothing_outside_that_a_report_names_is_opened_without_being_told(string option, string value)
    {
        using var folder = new TemporaryFolder();
        string text = File.ReadAllText(made.Json)
            .Replace("\"report\",\n    \"KP\",", $"\"report\",\n    \"KP\",\n    \"{option}\",\n    \"{value}\",", StringComparison.Ordinal);
        Assert.Contains(option, text, StringComparison.Ordinal);
        var run = Cli.Run("verify", folder.Write("kp.json", Encoding.UTF8.GetBytes(text)), made.Archive);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(value.Split('@')[^1], Assert.Single(run.ErrLines), StringComparison.Ordinal);
        Assert.Contains("--trust-arguments", run.Err, StringComparison.Ordinal);
    }

    [Fact]
    public void Inputs_that_only_the_report_names_are_not_opened_without_being_told()
    {
        var run = Cli.Run("verify", made.Json);
        Assert.Equal((2, ""), (run.ExitCode, run.Out));
        Assert.Contains(made.Archive, run.Err, StringComparison.Ordinal);
    }

    private static CliRun Altered(string report, Func<string, string> change)
    {
        using var folder = new TemporaryFolder();
        string before = File.ReadAllText(report), after = change(before);
        Assert.NotEqual(before, after);
        return Cli.Run("verify", folder.Write(Path.GetFileName(report), Encoding.UTF8.GetBytes(after)), "--trust-arguments");
    }

    private TemporaryFolder Copied()
    {
        var folder = new TemporaryFolder();
        foreach (string file in Directory.GetFiles(made.Archive, "*", SearchOption.AllDirectories))
            folder.Write($"rrc00/{Path.GetFileName(file)}", File.ReadAllBytes(file));
        return folder;
    }
}
