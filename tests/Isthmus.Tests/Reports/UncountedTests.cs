using System.Text.Json;

using Isthmus.Reports;
using Isthmus.Tests.Support;
using Isthmus.Tests.Transit;

namespace Isthmus.Tests.Reports;

/// <summary>What is not counted is not told as none, and what a part of the peers shows is told as that.</summary>
public sealed class UncountedTests
{
    private const string One = "175.45.176.0/24";

    [Fact]
    public void Where_nobody_votes_no_share_and_no_visibility_is_zero()
    {
        // One session's table is known, and it never held a route; what the others announce is seen, and no table of theirs.
        var archive = new Observed(4, TimeSpan.FromHours(2)).Hold(3, One, null, Observed.Start);
        for (int peer = 0; peer < 3; peer++) archive.TableSince(peer, null).Hold(peer, One, 4837, Observed.At("01:00:00"));
        string text = Text(archive.Report());
        Assert.DoesNotContain("0.0%  ", text, StringComparison.Ordinal);
        Assert.DoesNotContain("AS4837 0%", text, StringComparison.Ordinal);
        Assert.Contains("by AS4837 (3 peer ASes)", text, StringComparison.Ordinal);
        Assert.Contains("None of 4 peers votes on the shares.", text, StringComparison.Ordinal);
        using var written = new MemoryStream();
        ReportJson.Write(archive.Report(), written);
        using var json = JsonDocument.Parse(written.ToArray());
        var upstream = Assert.Single(json.RootElement.GetProperty("upstreams").EnumerateArray());
        Assert.All(upstream.GetProperty("shares").EnumerateObject(), share => Assert.Equal(JsonValueKind.Null, share.Value.ValueKind));
        var prefix = Assert.Single(json.RootElement.GetProperty("prefixes").EnumerateArray());
        Assert.Equal(JsonValueKind.Null, prefix.GetProperty("visibility").ValueKind);
        Assert.Equal(JsonValueKind.Null, prefix.GetProperty("upstreams")[0].GetProperty("peerAs").ValueKind);
    }

    [Fact]
    public void Of_a_peer_that_spoke_late_and_whose_table_is_not_known_it_is_not_said_that_it_came_too_late_for_a_change()
    {
        var archive = new Observed(4, TimeSpan.FromHours(2));
        for (int peer = 0; peer < 4; peer++) archive.TableSince(peer, null).Hold(peer, One, 4837, Observed.At("01:57:00"));
        Assert.DoesNotContain("too short to call a change", FivePeers.Said(archive.Report()), StringComparison.Ordinal);
    }

    [Fact]
    public void Several_that_carry_one_prefix_are_told_with_the_peer_ASes_that_each_carries_it_for()
    {
        var archive = new Observed(8, TimeSpan.FromHours(2)).FromTheStart(4837, One);
        for (int peer = 0; peer < 3; peer++) archive.Hold(peer, One, 20485, Observed.Start);
        string said = FivePeers.Said(archive.Report());
        Assert.Contains($"carries {One} for 5 of 8 peer ASes at the end", said, StringComparison.Ordinal);
        Assert.Contains($"carries {One} for 3 of 8 peer ASes.", said, StringComparison.Ordinal);
    }

    [Fact]
    public void Of_full_feeds_that_watch_those_are_counted_that_hold_routes()
    {
        var archive = new Observed(8, TimeSpan.FromHours(2));
        for (int peer = 0; peer < 5; peer++) archive.Hold(peer, One, 4837, Observed.Start);
        Assert.Contains("This is how 8 full-feed peer ASes at 4 collectors see it (5 of them have a vote)",
            FivePeers.Said(archive.Report()), StringComparison.Ordinal);
    }

    [Fact]
    public void One_voter_is_one() =>
        Assert.Contains("One peer AS votes: no interval can be drawn.",
            Text(new Observed(1, TimeSpan.FromHours(2)).FromTheStart(4837, One).Report()), StringComparison.Ordinal);

    private static string Text(Report report)
    {
        var output = new StringWriter { NewLine = "\n" };
        ReportText.Write(report, output, 200);
        return output.ToString();
    }
}
