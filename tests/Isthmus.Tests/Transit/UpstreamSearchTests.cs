using Isthmus.Reports;
using Isthmus.Scenarios;
using Isthmus.Tests.Claims;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>Was X ever an upstream: every stretch that anybody saw, and how much was searched.</summary>
public sealed class UpstreamSearchTests
{
    private static readonly Asn _ttk = new(20485), _intelsat = new(22351);

    [Fact]
    public void Every_stretch_of_an_upstream_is_found_with_the_record_that_begins_it()
    {
        var search = SearchResult.Of(SampleReport.KpSeen, _ttk);
        var history = Assert.Single(search.Upstreams);
        Assert.Equal(2, history.Episodes.Count);
        var (trial, stay) = (history.Episodes[0], history.Episodes[1]);
        Assert.Equal(Timestamp.Parse("2017-10-01T09:07:51Z"), trial.From);
        Assert.Equal(Timestamp.Parse("2017-10-01T10:15:23Z"), trial.To);
        Assert.Equal(Timestamp.Parse("2017-10-01T12:21:55Z"), stay.From);
        Assert.True(stay.ToEnd && !trial.ToEnd && !trial.FromStart);
        Assert.Equal(3, trial.Prefixes.Count);
        Assert.True(trial.First.Step.Place.Record > 0);
    }

    [Fact]
    public void One_that_was_there_when_the_data_begin_is_said_to_have_been()
    {
        var search = SearchResult.Of(SampleReport.KpSeen, null);
        var longest = search.Upstreams[0];
        Assert.Equal(new Asn(4837), longest.Upstream);
        Assert.True(Assert.Single(longest.Episodes) is { FromStart: true, ToEnd: true });
    }

    [Fact]
    public void One_that_is_never_seen_has_no_episode_and_the_answer_says_what_was_searched()
    {
        var search = SearchResult.Of(SampleReport.KpSeen, _intelsat);
        Assert.Empty(Assert.Single(search.Upstreams).Episodes);
        var output = new StringWriter { NewLine = "\n" };
        HistoryText.Write(search, output);
        Assert.Contains("is not seen as an upstream of North Korea in what was searched", Unwrapped(output.ToString()), StringComparison.Ordinal);
        Assert.Contains("was followed change by change", Unwrapped(output.ToString()), StringComparison.Ordinal);
        Assert.InRange(search.Searched.Part, 0.99, 1);
    }

    [Fact]
    public void The_program_answers_as_text_and_JSON()
    {
        var text = Cli.Run("history", "KP", "samples/kp-2017-10", "--upstream", "AS20485");
        Assert.Equal(0, text.ExitCode);
        Assert.Contains("was an upstream of North Korea: first seen 2017-10-01 09:07:51 UTC, 2 episodes", Unwrapped(text.Out), StringComparison.Ordinal);
        var json = Cli.Run("history", "KP", "samples/kp-2017-10", "--upstream", "22351", "--format", "json").Json();
        Assert.Empty(json.GetProperty("upstreams")[0].GetProperty("episodes").EnumerateArray());
        Assert.InRange(json.GetProperty("searched").GetProperty("part").GetDouble(), 0.99, 1);
        Assert.Equal(2, Cli.Run("history", "KP", "--upstream", "TTK").ExitCode);
    }

    [Fact]
    public void What_rests_on_dumps_alone_is_not_said_to_have_been_followed()
    {
        string dump = RealData.Path("rib/routeviews.jinx.rib.20140530.2200.bz2");
        var json = Cli.Run("history", "KP", dump, "--format", "json").Json();
        Assert.Equal(0, json.GetProperty("searched").GetProperty("followedSeconds").GetDouble());
        Assert.Equal(4837u, json.GetProperty("upstreams")[0].GetProperty("asn").GetUInt32());
    }

    [Fact]
    public void Between_two_dumps_no_second_is_given_at_which_an_upstream_came_or_went()
    {
        var seen = new FivePeers().In(Bview("0000")).Dump("00:00:00", FivePeers.China).In(Bview("0800")).Dump("08:00:00", FivePeers.China)
            .In(Bview("1600")).Dump("16:00:00", FivePeers.Russia).In(Bview("2000")).Dump("20:00:00", FivePeers.China).Seen();
        var ttk = Assert.Single(Assert.Single(SearchResult.Of(seen, _ttk).Upstreams).Episodes);
        Assert.Equal((FivePeers.At("08:00:00"), FivePeers.At("16:00:00")), (ttk.FromEarliest!.Value, ttk.From));
        Assert.Equal((FivePeers.At("16:00:00"), FivePeers.At("20:00:00")), (ttk.ToEarliest!.Value, ttk.To));
        Assert.Equal((TimeSpan.Zero, TimeSpan.FromHours(12)), (ttk.Length, ttk.LengthMax));
        var output = new StringWriter { NewLine = "\n" };
        HistoryText.Write(SearchResult.Of(seen, null), output, 200);
        string text = output.ToString();
        Assert.Contains("from between 2017-10-01 08:00:00 and 2017-10-01 16:00:00 to between 2017-10-01 16:00:00 and 2017-10-01 20:00:00 (at most 12 h)",
            text, StringComparison.Ordinal);
        Assert.Contains("from the start of the data to between 2017-10-01 08:00:00 and 2017-10-01 16:00:00 (8 h to 16 h)", text, StringComparison.Ordinal);
        Assert.Contains("1 episode, at most 12 h in all", text, StringComparison.Ordinal);
    }

    [Fact]
    public void What_an_update_shows_is_dated_by_it_though_dumps_lie_around()
    {
        var seen = new FivePeers().In(Bview("0000")).Dump("00:00:00", FivePeers.China)
            .In("rrc00/updates.20171001.0455").Announce("05:00:00", FivePeers.Russia)
            .In(Bview("0800")).Dump("08:00:00", FivePeers.Russia).Seen();
        var ttk = Assert.Single(Assert.Single(SearchResult.Of(seen, _ttk).Upstreams).Episodes);
        Assert.Equal((FivePeers.At("05:00:00"), null), (ttk.From, ttk.FromEarliest));
        Assert.Equal(ttk.Length, ttk.LengthMax);
    }

    [Fact]
    public void An_episode_that_a_lost_session_hides_began_at_the_latest_and_ended_at_the_earliest()
    {
        // All sessions are down from 06:00 to 08:00, and come back with another upstream.
        var seen = new FivePeers().In(Bview("0000")).Dump("00:00:00", FivePeers.China).In("rrc00/updates.20171001.0555")
            .States("06:00:00", SessionState.Established, SessionState.Idle)
            .States("08:00:00", SessionState.OpenConfirm, SessionState.Established)
            .Announce("08:00:10", FivePeers.Russia).Until("09:00:00").Seen();
        var search = SearchResult.Of(seen, null);
        var ttk = Assert.Single(search.Upstreams.Single(history => history.Upstream == _ttk).Episodes);
        var china = Assert.Single(search.Upstreams.Single(history => history.Upstream != _ttk).Episodes);
        Assert.Equal((FivePeers.At("08:00:10"), FivePeers.At("06:00:00")), (ttk.From, ttk.UnknownSince));
        Assert.Equal((FivePeers.At("06:00:00"), FivePeers.At("08:00:10")), (china.To, china.UnknownUntil));
        Assert.Equal((TimeSpan.FromHours(6), TimeSpan.FromHours(8) + TimeSpan.FromSeconds(10)), (china.Length, china.LengthMax));
        var output = new StringWriter { NewLine = "\n" };
        HistoryText.Write(search, output, 200);
        Assert.Contains("from 2017-10-01 08:00:10 at the latest (before, the upstream of those that show it is not known, since 2017-10-01 06:00:00)",
            output.ToString(), StringComparison.Ordinal);
        Assert.Contains("to 2017-10-01 06:00:00 at the earliest", output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(3, true)]
    [InlineData(1, false)]
    public void What_few_show_while_most_sessions_are_lost_dates_nothing(int lost, bool isOpen)
    {
        // Some sessions are down from 04:00 to 06:00; the others change at 05:00, and those are back with the new upstream.
        var seen = new FivePeers().In(Bview("0000")).Dump("00:00:00", FivePeers.China).In("rrc00/updates.20171001.0355")
            .States("04:00:00", SessionState.Established, SessionState.Idle, peers: lost)
            .Announce("05:00:00", FivePeers.Russia, from: lost)
            .States("06:00:00", SessionState.OpenConfirm, SessionState.Established, peers: lost)
            .Announce("06:00:10", FivePeers.Russia, peers: lost).Until("09:00:00").Seen();
        var search = SearchResult.Of(seen, null);
        var ttk = Assert.Single(search.Upstreams.Single(history => history.Upstream == _ttk).Episodes);
        var china = Assert.Single(search.Upstreams.Single(history => history.Upstream != _ttk).Episodes);
        Assert.Equal((FivePeers.At("05:00:00"), FivePeers.At("05:00:00")), (ttk.From, china.To));
        Assert.Equal(isOpen ? FivePeers.At("04:00:00") : (Timestamp?)null, ttk.UnknownSince);
        Assert.Equal(isOpen ? FivePeers.At("06:00:10") : (Timestamp?)null, china.UnknownUntil);
    }

    [Fact]
    public void A_stuck_route_makes_no_episode_longer_and_is_told_beside_it()
    {
        const string One = "175.45.176.0/24";
        // All hold it by AS4837; a leak gives it AS20485 for ten minutes, and one of them keeps that route for eleven hours.
        var story = new Observed(12, TimeSpan.FromHours(24)).FromTheStart(4837, One, "175.45.177.0/24");
        for (int peer = 0; peer < 12; peer++) story.Hold(peer, One, 20485, Observed.At("06:00:00"));
        for (int peer = 1; peer < 12; peer++) story.Hold(peer, One, null, Observed.At("06:10:00"));
        story.Hold(0, One, null, Observed.At("17:10:00"));
        var search = SearchResult.Of(story.SeenRoutes(), _ttk);
        var episode = Assert.Single(Assert.Single(search.Upstreams).Episodes);
        Assert.Equal((Observed.At("06:00:00"), Observed.At("06:10:00"), 12), (episode.From, episode.To, episode.PeerAses));
        var stuck = Assert.Single(episode.Stuck);
        Assert.Equal((new Asn(1001), Observed.At("17:10:00"), false), (stuck.PeerAs, stuck.Until, stuck.ToEnd));
        var output = new StringWriter { NewLine = "\n" };
        HistoryText.Write(search, output, 200);
        Assert.Contains("stuck at AS1001 after that, until 2017-10-01 17:10:00 (11 h more, in no figure): 175.45.176.0/24", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void An_episode_that_one_peer_alone_saw_names_it()
    {
        var story = new Observed(12, TimeSpan.FromHours(24)).FromTheStart(4837, "175.45.176.0/24");
        story.Hold(3, "175.45.176.0/24", 20485, Observed.At("06:00:00")).Hold(3, "175.45.176.0/24", 4837, Observed.At("06:40:00"));
        var search = SearchResult.Of(story.SeenRoutes(), _ttk);
        Assert.Equal(new Asn(1004), Assert.Single(Assert.Single(search.Upstreams).Episodes).OnlyPeerAs);
        var output = new StringWriter { NewLine = "\n" };
        HistoryText.Write(search, output, 200);
        Assert.Contains("(40 min), seen by AS1004 alone", output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_collector_whose_clock_is_wrong_dates_no_episode_that_others_show()
    {
        // Peers of the third of four collectors say all 400 seconds too soon.
        var story = new Observed(16, TimeSpan.FromHours(24)).FromTheStart(4837, "175.45.176.0/24", "175.45.177.0/24");
        foreach (var (place, time) in new[] { "09:00:00", "13:00:00", "17:00:00" }.Index())
            for (int peer = 0; peer < 16; peer++)
            {
                var off = TimeSpan.FromSeconds(peer % 4 == 2 ? -400 : peer / 4);
                foreach (string prefix in new[] { "175.45.176.0/24", "175.45.177.0/24" })
                    story.Hold(peer, prefix, place % 2 == 0 ? 20485 : 4837, Observed.At(time) + off);
            }
        var search = SearchResult.Of(story.SeenRoutes(), _ttk);
        Assert.Equal(["09:00:00", "17:00:00"],
            Assert.Single(search.Upstreams).Episodes.Select(episode => $"{episode.From.ToDateTimeOffset():HH:mm:ss}"));
        var output = new StringWriter { NewLine = "\n" };
        HistoryText.Write(search, output, 200);
        Assert.Matches(@"The clock of rrc01 is 39\d s early: what others show as well is dated by them\.|The clock of rrc01 is 40\d s early", output.ToString());
    }

    private static string Bview(string time) => $"rrc00/bview.20171001.{time}";

    // Where a line ends depends on the width.
    private static string Unwrapped(string text) => text.ReplaceLineEndings(" ");
}
