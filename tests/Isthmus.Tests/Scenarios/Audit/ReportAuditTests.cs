using System.Text.Json;

using Isthmus.Scenarios;

namespace Isthmus.Tests.Scenarios.Audit;

/// <summary>The examiner itself is examined: it must see each kind of false sentence, and let true ones pass.</summary>
public sealed class ReportAuditTests
{
    private const string Prefix = "102.18.0.0/24";

    // At ten o'clock AS3 carries it at four peer ASes; at half past ten all four have AS4.
    private static readonly string[] _table = [.. Peers.Select(
        peer => $"TABLE_DUMP2|1000000000|B|10.0.0.{peer}|{peer}|{Prefix}|{peer} 3 9|IGP|||||||")];
    private static readonly string[] _move = [.. Peers.Select(
        peer => $"BGP4MP|100000180{peer - 10}|A|10.0.0.{peer}|{peer}|{Prefix}|{peer} 4 9 9|IGP|||||||")];

    private static IEnumerable<int> Peers => Enumerable.Range(11, 4);

    [Theory]
    [InlineData("lead", "Three (AS3, France), there from the start of the period, carries 102.18.0.0/24 at the end.", "from the start", AuditVerdict.Holds)]
    [InlineData("lead", "Four (AS4), there from the start of the period, carries 102.18.0.0/24 at the end.", "from the start", AuditVerdict.Disproved)]
    [InlineData("lead", "No change was found in this period.", "no change", AuditVerdict.Disproved)]
    [InlineData("headline", "No route to Nine (AS9) is seen at the end", "no route", AuditVerdict.Disproved)]
    [InlineData("lead", "Four (AS4) carries all 1 prefixes at the end.", "carries N of M", AuditVerdict.Holds)]
    [InlineData("lead", "Three (AS3) carries all 1 prefixes at the end.", "carries N of M", AuditVerdict.Disproved)]
    [InlineData("lead", "Four (AS4) carries 1 of 2 prefixes, 102.18.0.0/24 at the end.", "carries N of M", AuditVerdict.Disproved)]
    [InlineData("headline", "All routes to Nine (AS9) go by Four", "headline", AuditVerdict.Holds)]
    [InlineData("headline", "Routes to Nine (AS9) go by Four (100%)", "headline", AuditVerdict.Holds)]
    [InlineData("lead", "This is how 9 full-feed peer ASes at 1 collector see it.", "full feeds", AuditVerdict.Disproved)]
    public void A_sentence_is_held_against_the_lines(string part, string text, string kind, AuditVerdict verdict)
    {
        var found = Assert.Single(Sentences(part, text, ""));
        Assert.Equal((kind, verdict), (found.Kind, found.Verdict));
    }

    [Theory]
    [InlineData("upstream-appeared", 4, "2001-09-09T02:16:41Z", 0.0, AuditVerdict.Holds)]
    [InlineData("upstream-appeared", 3, "2001-09-09T02:16:41Z", 0.0, AuditVerdict.Disproved)]
    [InlineData("upstream-returned", 4, "2001-09-09T02:16:41Z", 0.0, AuditVerdict.Disproved)]
    [InlineData("upstream-vanished", 3, "2001-09-09T02:16:42Z", 0.0, AuditVerdict.Holds)]
    [InlineData("upstream-vanished", 4, "2001-09-09T02:16:42Z", 0.0, AuditVerdict.Disproved)]
    [InlineData("prefix-appeared", 4, "2001-09-09T02:16:41Z", 0.0, AuditVerdict.Disproved)]
    [InlineData("outage", 0, "2001-09-09T02:16:41Z", 0.3, AuditVerdict.Disproved)]
    public void A_dated_change_is_held_against_the_lines(string kind, int upstream, string time, double after, AuditVerdict verdict)
    {
        string change = $$"""
            {"id":"c1","kind":"{{kind}}","tier":1,"time":"{{time}}","until":null,"upstream":{{upstream}},"prefixes":["{{Prefix}}"],"shareAfter":{{after}}}
            """;
        Assert.Equal(verdict, Sentences("lead", "It happened.", change)[^1].Verdict);
    }

    [Fact]
    public void Of_a_peer_as_whatever_any_of_its_sessions_holds_is_carried_and_longer_prefixes_and_bogons_are_none_of_the_count()
    {
        string[] more =
        [
            $"TABLE_DUMP2|1000000000|B|10.0.0.99|11|{Prefix}|11 3 9|IGP|||||||", "BGP4MP|1000001900|A|10.0.0.11|11|102.18.0.128/25|11 4 9|IGP|||||||",
            "BGP4MP|1000001901|A|10.0.0.11|11|100.64.1.0/24|11 4 9|IGP|||||||",
        ];
        using var report = Report("lead", "Three (AS3) carries all 1 prefixes at the end; Four (AS4) carries all 1 prefixes.", "");
        var lines = Lines([.. _table, more[0], .. _move, more[1], more[2]]);
        var found = new ReportAudit(report.RootElement, lines, 9, hadTable: true).Sentences();
        Assert.Equal(AuditVerdict.Holds, Assert.Single(found).Verdict);
    }

    [Fact]
    public void A_set_at_the_end_that_names_the_subject_may_be_its_prefix()
    {
        string set = "BGP4MP|1000001900|A|10.0.0.11|11|102.19.0.0/24|11 4 {9,10}|IGP|||||||";
        using var report = Report("lead", "Four (AS4) carries 1 of 2 prefixes, 102.18.0.0/24 at the end.", "");
        var found = new ReportAudit(report.RootElement, Lines([.. _table, .. _move, set]), 9, hadTable: true).Sentences();
        Assert.Equal(AuditVerdict.Holds, Assert.Single(found).Verdict);
    }

    [Fact]
    public void Without_a_table_nothing_is_from_the_start_and_no_feed_is_full()
    {
        var lines = Lines(_move);
        using var report = Report("lead", "Four (AS4), there from the start of the period, carries it: this is how 4 full-feed peer ASes see it.", "");
        var verdicts = new ReportAudit(report.RootElement, lines, 9, hadTable: false).Sentences()
            .Select(each => (each.Kind, each.Verdict)).Order();
        Assert.Equal([("from the start", AuditVerdict.Disproved), ("full feeds", AuditVerdict.Unproven)], verdicts);
    }

    [Theory]
    [InlineData("1 2 3", 3u, 2u, false)]
    [InlineData("1 2 3 3 3", 3u, 2u, false)]
    [InlineData("1 3", 3u, 1u, true)]
    [InlineData("3", 3u, null, false)]
    [InlineData("1 2 {3,4}", null, null, false)]
    [InlineData("1 (65001 65002) 2 3", 3u, 2u, false)]
    [InlineData("1 2 3 64512", 3u, 2u, false)]
    [InlineData("1 2 3 23456", null, null, false)]
    [InlineData("1 2 3 65535", null, null, false)]
    [InlineData("1 2 3 7 3", 3u, 2u, false)]
    [InlineData("1 23456 3", 3u, null, true)]
    public void A_path_is_judged_by_its_text(string path, uint? origin, uint? upstream, bool isLink)
    {
        var held = HeldPath.Of(path);
        Assert.Equal((origin, upstream), (held.Origin, held.Upstream));
        if (upstream is not null) Assert.Equal(isLink, held.IsLink);
    }

    private static AuditedSentence[] Sentences(string part, string text, string change)
    {
        using var report = Report(part, text, change);
        return [.. new ReportAudit(report.RootElement, Lines([.. _table, .. _move]), 9, hadTable: true).Sentences()];
    }

    private static JsonDocument Report(string part, string text, string change) => JsonDocument.Parse($$"""
        {"period":{"from":"2001-09-09T01:46:40Z","to":"2001-09-09T02:46:40Z"},"upstreams":[{"asn":4,"shares":{"peerAs":1} }],
         "sentences":[{"part":"{{part}}","text":"{{text}}","changes":[]}],"changes":[{{change}}]}
        """);

    private static RouteLines Lines(IEnumerable<string> text)
    {
        var lines = new RouteLines();
        foreach (string line in text) lines.Add(line, "");
        return lines;
    }
}
