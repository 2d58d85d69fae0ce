using Isthmus.Reports;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Reports;

public sealed class ReportTextTests
{
    [Fact]
    public void The_story_reads_as_it_was_reviewed() => Golden.Check("report-kp.txt", Write(KpStory.Full()));

    [Fact]
    public void The_notice_stands_first() => Assert.StartsWith("*** Re-enactment", Write(KpStory.Full()), StringComparison.Ordinal);

    [Theory]
    [InlineData(80)]
    [InlineData(110)]
    public void Sentences_keep_to_the_width(int width)
    {
        // The table of six shares, which comes next, has its own width.
        var story = Write(KpStory.Full(), width).Split("Who carries it at the end")[0];
        Assert.Equal([], story.Split('\n').Where(line => line.Length > width));
    }

    [Fact]
    public void Nothing_known_is_not_said_as_nothing_happened()
    {
        string text = Write(KpStory.Empty());
        Assert.Contains("Nothing is known", text, StringComparison.Ordinal);
        Assert.DoesNotContain("No change was found", text, StringComparison.Ordinal);
    }

    [Fact]
    public void A_quiet_period_with_a_gap_says_that_the_gap_is_not_known() =>
        Assert.Contains("what happened there is not known", Write(KpStory.Quiet(), 400), StringComparison.Ordinal);

    [Fact]
    public void One_instant_promises_nothing_of_before_and_after() =>
        Assert.Contains("One instant is shown", Write(KpStory.Instant(), 400), StringComparison.Ordinal);

    [Fact]
    public void Hundreds_of_prefixes_are_capped_with_their_number()
    {
        string text = Write(KpStory.ManyPrefixes(236));
        Assert.Contains("… and 212 more prefixes; the JSON form has all", text, StringComparison.Ordinal);
    }

    private static string Write(Report report, int width = 100)
    {
        using var output = new StringWriter { NewLine = "\n" };
        ReportText.Write(report, output, width);
        return output.ToString();
    }
}
