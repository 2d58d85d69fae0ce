using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.App;

/// <summary>What must come out of the sample: Dyn's table, four outages, and nothing else.</summary>
public sealed class SampleStoryTests
{
    private const uint TransTeleCom = 20485;

    private static readonly string[] _three = ["175.45.176.0/24", "175.45.178.0/24", "175.45.179.0/24"];

    private static readonly string[] _four = ["175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"];

    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void The_second_link_appears_at_09_07_51_on_three_prefixes(string subject)
    {
        var change = Assert.Single(Sample.Of(subject).Json().Changes(), change => change.Kind() is "upstream-appeared");
        Near("2017-10-01T09:07:51Z", change.Time("time"));
        Assert.Equal(TransTeleCom, change.Upstream());
        Assert.Equal(_three, change.Prefixes());
        Assert.Equal("high", change.GetProperty("confidence").GetString());
    }

    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void It_is_gone_at_10_14_45(string subject)
    {
        var change = Vanishings(subject)[0];
        Near("2017-10-01T10:14:45Z", change.Time("first"));
        Within("2017-10-01T10:14:45Z", "2017-10-01T10:15:30Z", change.Time("time"));
        Assert.Equal(_three, change.Prefixes());
    }

    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void All_four_are_unstable_from_10_47_to_12_26(string subject)
    {
        var change = Assert.Single(Sample.Of(subject).Json().Changes(), change => change.Kind() is "unstable");
        Within("2017-10-01T10:46:59Z", "2017-10-01T10:52:48Z", change.Time("time"));
        Within("2017-10-01T12:09:40Z", "2017-10-01T12:27:00Z", change.Time("until"));
        Assert.Equal(_four, change.Prefixes());
    }

    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void All_four_are_down_four_times(string subject)
    {
        var outages = Sample.Of(subject).Json().Changes().Where(change => change.Kind() is "outage").ToArray();
        Assert.All(outages, outage => Assert.Equal(_four, outage.Prefixes()));
        Assert.Equal(4, outages.Length);
        (string Lost, string Down, string Back, string Up)[] periods =
        [
            ("10:52:10", "10:52:48", "10:56:30", "10:57:05"),
            ("11:13:40", "11:14:26", "11:18:20", "11:18:58"),
            ("11:37:05", "11:37:58", "11:40:50", "11:41:40"),
            ("12:04:20", "12:05:10", "12:09:40", "12:10:30"),
        ];
        foreach (var (outage, period) in outages.Zip(periods))
        {
            Within($"2017-10-01T{period.Lost}Z", $"2017-10-01T{period.Down}Z", outage.Time("time"));
            Within($"2017-10-01T{period.Back}Z", $"2017-10-01T{period.Up}Z", outage.Time("until"));
        }
    }

    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void It_is_back_at_12_21_55_on_the_same_three(string subject)
    {
        var change = Assert.Single(Sample.Of(subject).Json().Changes(), change => change.Kind() is "upstream-returned");
        Near("2017-10-01T12:21:55Z", change.Time("time"));
        Assert.Equal(TransTeleCom, change.Upstream());
        Assert.Equal(_three, change.Prefixes());
    }

    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void The_next_day_two_of_the_three_leave_it(string subject)
    {
        var vanishings = Vanishings(subject);
        Assert.Equal(3, vanishings.Length);
        Near("2017-10-02T07:56:39Z", vanishings[1].Time("first"));
        Within("2017-10-02T07:56:39Z", "2017-10-02T07:57:20Z", vanishings[1].Time("time"));
        Assert.Equal(["175.45.176.0/24"], vanishings[1].Prefixes());
        Near("2017-10-02T09:10:29Z", vanishings[2].Time("first"));
        Within("2017-10-02T09:10:29Z", "2017-10-02T09:11:15Z", vanishings[2].Time("time"));
        Assert.Equal(["175.45.179.0/24"], vanishings[2].Prefixes());
    }

    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void No_other_change_is_reported(string subject) =>
        Assert.Equal(
            ["outage*4", "unstable*1", "upstream-appeared*1", "upstream-returned*1", "upstream-vanished*3"],
            Sample.Of(subject).Json().Changes().GroupBy(change => change.Kind()).Select(kind => $"{kind.Key}*{kind.Count()}")
                .Order(StringComparer.Ordinal));

    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void The_prefix_177_is_never_carried_by_it(string subject)
    {
        var report = Sample.Of(subject).Json();
        Assert.DoesNotContain(report.Changes(), change =>
            change.Upstream() == TransTeleCom && change.Prefixes().Contains("175.45.177.0/24"));
        var prefixes = report.GetProperty("prefixes").EnumerateArray().ToDictionary(prefix => prefix.GetProperty("prefix").GetString()!);
        Assert.Equal(_four, prefixes.Keys.Order(StringComparer.Ordinal));
        Assert.Equal([4837u], prefixes["175.45.177.0/24"].Upstreams());
        Assert.Contains(TransTeleCom, prefixes["175.45.178.0/24"].Upstreams());
        Assert.DoesNotContain(TransTeleCom, prefixes["175.45.176.0/24"].Upstreams());
        Assert.DoesNotContain(TransTeleCom, prefixes["175.45.179.0/24"].Upstreams());
    }

    [Fact]
    public void Every_change_leads_back_to_the_bytes_that_prove_it()
    {
        foreach (var change in Sample.Of("KP").Json().Changes())
        {
            var evidence = change.GetProperty("evidence").EnumerateArray().ToArray();
            Assert.NotEmpty(evidence);
            foreach (var proof in evidence.Take(3))
            {
                string file = Path.Combine(RealData.Repository, Sample.Folder, proof.GetProperty("file").GetString()!);
                byte[] stored = File.ReadAllBytes(file);
                Assert.Equal(proof.GetProperty("sha256").GetString(),
                    Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(stored)));
                Assert.True(proof.GetProperty("record").GetInt64() > 0);
                Assert.True(proof.GetProperty("length").GetInt64() >= 12);
            }
        }
    }

    [Theory]
    [InlineData("text")]
    [InlineData("json")]
    [InlineData("html")]
    public void Every_output_says_that_the_sample_is_a_reenactment(string format) =>
        Assert.Contains("e-enactment", Sample.Of("KP", format).Out, StringComparison.Ordinal);

    [Fact]
    public void The_answer_does_not_depend_on_the_order_of_the_inputs()
    {
        string[] folders = [.. Directory.GetDirectories(Path.Combine(RealData.Repository, Sample.Folder)).Order(StringComparer.Ordinal)];
        var forward = Cli.Run(["report", "KP", .. folders, "--format", "json"]).Json().GetProperty("changes").GetRawText();
        var backward = Cli.Run(["report", "KP", .. folders.Reverse(), "--format", "json"]).Json().GetProperty("changes").GetRawText();
        Assert.Equal(forward, backward);
    }

    [Fact]
    public void The_page_is_one_file_that_asks_the_network_for_nothing()
    {
        using var folder = new TemporaryFolder();
        string page = folder.Place("kp.html");
        var run = Cli.Run("report", "KP", Sample.Folder, "--html", page);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("AS20485", run.Out, StringComparison.Ordinal);
        string html = File.ReadAllText(page);
        Assert.DoesNotMatch("""(?:src|href)\s*=\s*["']?(?:https?:)?//|@import|url\(\s*["']?https?:""", html);
        Assert.Contains("<svg", html, StringComparison.Ordinal);
    }

    private static System.Text.Json.JsonElement[] Vanishings(string subject) =>
    [
        .. Sample.Of(subject).Json().Changes().Where(change => change.Kind() is "upstream-vanished" && change.Upstream() == TransTeleCom)
            .OrderBy(change => change.Time("first")),
    ];

    private static void Near(string expected, Timestamp actual)
    {
        var away = actual - Timestamp.Parse(expected);
        Assert.True(away.Duration() <= TimeSpan.FromSeconds(1), $"{actual} is not {expected}");
    }

    private static void Within(string from, string to, Timestamp actual) =>
        Assert.True(actual >= Timestamp.Parse(from) && actual <= Timestamp.Parse(to), $"{actual} is not from {from} to {to}");
}
