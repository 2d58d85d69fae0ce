using System.Text.Json;

using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Transit.Changes;

namespace Isthmus.Tests.Reports;

public sealed class ReportJsonTests
{
    [Theory]
    [InlineData("", "subject period coverage size upstreams prefixes changes series isthmus notice registry definitions")]
    [InlineData("subject", "kind text name country")]
    [InlineData("period", "from to")]
    [InlineData("coverage", "collectors peers peerAses fullFeedPeerAses files records faults gaps faultLines passedOver basis")]
    [InlineData("coverage.gaps.0", "collector from to why")]
    [InlineData("size", "prefixes ipv4Addresses ipv6Slash48s origins")]
    [InlineData("upstreams.0", "asn name country firstSeen lastSeen shares")]
    [InlineData("upstreams.0.shares", "route peerAs prefix address coverage hegemony")]
    [InlineData("prefixes.0", "prefix origin visibility upstreams")]
    [InlineData("prefixes.0.upstreams.0", "asn peerAs")]
    [InlineData("changes.0", "id identity settlesAt kind time first confirmed median last upstream prefixes subjectPrefixes peerAses peerAsesWatching " +
        "collectors confidence shareBefore shareAfter evidence")]
    [InlineData("changes.2", "until")]
    [InlineData("changes.3", "partOf until")]
    [InlineData("changes.0.evidence.0", "file sha256 record offset length peer time prefix")]
    [InlineData("series.0", "time visibility upstreams")]
    public void Every_key_of_the_contract_is_there(string where, string keys)
    {
        var element = At(Parse(KpStory.Full()), where);
        Assert.Equal([], keys.Split(' ').Where(key => !element.TryGetProperty(key, out _)));
    }

    [Fact]
    public void Kinds_times_and_peers_are_written_as_the_contract_has_them()
    {
        var change = At(Parse(KpStory.Full()), "changes.0");
        Assert.Equal("upstream-appeared", change.GetProperty("kind").GetString());
        Assert.Equal("2017-10-01T09:07:51Z", change.GetProperty("time").GetString());
        Assert.Equal(20485, change.GetProperty("upstream").GetInt32());
        Assert.Equal("route-views.linx AS64500 198.51.100.0", At(change, "evidence.0.peer").GetString());
    }

    [Fact]
    public void A_change_says_which_it_is_and_from_when_on_it_stays()
    {
        var report = Parse(KpStory.Full());
        Assert.Equal("upstream-appeared AS20485 #1", At(report, "changes.0.identity").GetString());
        // Three hours after the last peer AS, at 09:08:47.
        Assert.Equal("2017-10-01T12:08:47Z", At(report, "changes.0.settlesAt").GetString());
        Assert.Equal(2, report.GetProperty("changes").EnumerateArray()
            .Count(change => change.GetProperty("identity").GetString()!.StartsWith("upstream-vanished AS20485 #", StringComparison.Ordinal)));
        Assert.Equal("upstream-vanished AS20485 #2", report.GetProperty("changes").EnumerateArray().Last().GetProperty("identity").GetString());
    }

    [Fact]
    public void An_outage_that_goes_on_is_not_settled()
    {
        var story = KpStory.Full();
        var outage = story.Transit.Changes.First(change => change.Kind is ChangeKind.Outage) with { Until = null };
        var report = Parse(story with { Transit = story.Transit with { Changes = [outage] } });
        Assert.Equal(JsonValueKind.Null, At(report, "changes.0.settlesAt").ValueKind);
    }

    [Fact]
    public void An_identity_names_every_network_of_it_behind_its_word()
    {
        var identity = new ChangeIdentity(ChangeKind.PrefixVanished, 2, new(64500), new(64501), new(64502), new(64503), new(64504),
            new("rrc00", Project.Ris), FeedTroubleKind.FilesMissing, 3);
        Assert.Equal("prefix-vanished tier 2 AS64500 origin AS64501 between AS64502 above AS64503 gateway AS64504 feed rrc00 "
            + "files-missing #3", KindWords.Token(identity));
    }

    [Fact]
    public void A_bin_without_data_is_null_and_a_bin_without_routes_is_zero()
    {
        var series = Parse(KpStory.Full()).GetProperty("series").EnumerateArray().ToArray();
        Assert.Equal(JsonValueKind.Null, series[20 * 12].GetProperty("visibility").ValueKind);
        Assert.Equal(0, series[11 * 12].GetProperty("visibility").GetDouble());
    }

    [Fact]
    public void Shares_are_rounded_to_six_digits_and_keyed_by_plain_numbers()
    {
        var report = Parse(KpStory.Full());
        Assert.Equal("0.221111", At(report, "upstreams.1.shares.hegemony").GetRawText());
        Assert.Equal("0.6", At(report, "series.200.upstreams").GetProperty("20485").GetRawText());
    }

    [Fact]
    public void The_same_report_gives_the_same_bytes() => Assert.Equal(Bytes(KpStory.Full()), Bytes(KpStory.Full()));

    [Fact]
    public void A_report_of_nothing_is_sound_json() =>
        Assert.Equal(0, Parse(KpStory.Empty()).GetProperty("upstreams").GetArrayLength());

    private static JsonElement Parse(Report report)
    {
        using var document = JsonDocument.Parse(Bytes(report));
        return document.RootElement.Clone();
    }

    private static byte[] Bytes(Report report)
    {
        using var stream = new MemoryStream();
        ReportJson.Write(report, stream);
        return stream.ToArray();
    }

    private static JsonElement At(JsonElement element, string where) => where.Split('.', StringSplitOptions.RemoveEmptyEntries)
        .Aggregate(element, (at, step) => int.TryParse(step, out int index) ? at[index] : at.GetProperty(step));
}
