using Isthmus.Archives;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Tests.Archives;

/// <summary>Which files a period needs: the last dump before it, and all that changed since.</summary>
public sealed class ArchiveSelectionTests
{
    private static readonly ArchiveCollector _collector = ArchiveCollector.In("<a href=\"rrc00/\">x</a>", new("https://mirror.example/")).Single();

    private static ArchiveFile File(FileKind kind, string time) => _collector.FileOf(
        $"rrc00/2017.10/{(kind is FileKind.Rib ? "bview" : "updates")}.{time.Replace("-", "").Replace("T", ".").Replace(":", "")}.gz", null)!;

    // Dumps each eight hours and updates each five minutes, from 30 September to 2 October.
    private static List<ArchiveFile> Month()
    {
        var begin = new DateTime(2017, 9, 30);
        return
        [
            .. Enumerable.Range(0, 9).Select(i => File(FileKind.Rib, begin.AddHours(8 * i).ToString("yyyy-MM-ddTHH:mm"))),
            .. Enumerable.Range(0, 864).Select(i => File(FileKind.Updates, begin.AddMinutes(5 * i).ToString("yyyy-MM-ddTHH:mm"))),
        ];
    }

    private static ArchivePeriod Period(string from, string to) => new(Timestamp.Parse(from), Timestamp.Parse(to));

    private static string Ribs(ArchiveSelection selection) =>
        string.Join(' ', selection.Files.Where(file => file.Kind is FileKind.Rib).Select(file => file.Start.ToString()[5..16]));

    private static string Updates(ArchiveSelection selection)
    {
        ArchiveFile[] updates = [.. selection.Files.Where(file => file.Kind is FileKind.Updates)];
        return updates is [] ? "none" : $"{updates.Length} from {updates[0].Start.ToString()[5..16]} to {updates[^1].Start.ToString()[5..16]}";
    }

    [Theory]
    [InlineData("2017-10-01T00:00Z", "2017-10-02T00:00Z", "10-01T00:00", "288 from 10-01T00:00 to 10-01T23:55")]
    [InlineData("2017-10-01T09:00Z", "2017-10-01T10:00Z", "10-01T08:00", "24 from 10-01T08:00 to 10-01T09:55")]
    [InlineData("2017-10-01T08:02Z", "2017-10-01T08:03Z", "10-01T08:00", "1 from 10-01T08:00 to 10-01T08:00")]
    [InlineData("2017-09-30T20:00Z", "2017-10-02T12:00Z", "09-30T16:00 10-01T00:00 10-02T00:00", "528 from 09-30T16:00 to 10-02T11:55")]
    public void The_last_dump_at_or_before_the_start_and_the_first_of_each_later_day_and_all_updates_since_the_first(
        string from, string to, string ribs, string updates)
    {
        var selection = ArchiveSelection.Of(Month(), Period(from, to));
        Assert.Equal((ribs, updates), (Ribs(selection), Updates(selection)));
    }

    [Theory]
    [InlineData(RibChoice.First, "10-01T00:00")]
    [InlineData(RibChoice.Daily, "10-01T00:00 10-02T00:00")]
    [InlineData(RibChoice.All, "10-01T00:00 10-01T08:00 10-01T16:00 10-02T00:00 10-02T08:00")]
    [InlineData(RibChoice.None, "")]
    public void Dumps_within_the_period_are_those_that_are_asked_for(RibChoice choice, string ribs) => Assert.Equal(
        ribs, Ribs(ArchiveSelection.Of(Month(), Period("2017-10-01T00:00Z", "2017-10-02T12:00Z") with { Ribs = choice })));

    [Fact]
    public void Without_dumps_updates_are_those_that_overlap_the_period() => Assert.Equal("3 from 10-01T09:00 to 10-01T09:10",
        Updates(ArchiveSelection.Of(Month(), Period("2017-10-01T09:03Z", "2017-10-01T09:12Z") with { Ribs = RibChoice.None })));

    [Fact]
    public void Updates_alone_may_be_left_out() => Assert.Equal("none",
        Updates(ArchiveSelection.Of(Month(), Period("2017-10-01T09:03Z", "2017-10-01T09:12Z") with { Updates = false })));

    [Fact]
    public void Where_no_dump_begins_before_the_period_the_first_in_it_is_taken()
    {
        var listed = Month().Where(file => file.Kind is FileKind.Updates || file.Start > Timestamp.Parse("2017-10-01T12:00Z")).ToList();
        var selection = ArchiveSelection.Of(listed, Period("2017-10-01T00:00Z", "2017-10-01T18:00Z") with { Ribs = RibChoice.First });
        Assert.Null(selection.First);
        Assert.Equal(("10-01T16:00", "216 from 10-01T00:00 to 10-01T17:55"), (Ribs(selection), Updates(selection)));
    }

    [Fact]
    public void An_earlier_dump_than_one_that_holds_nothing_needs_the_updates_since_then()
    {
        var selection = ArchiveSelection.Of(Month(), Period("2017-10-01T09:00Z", "2017-10-01T10:00Z"), Timestamp.Parse("2017-10-01T08:00Z"));
        Assert.Equal(("10-01T00:00", "120 from 10-01T00:00 to 10-01T09:55"), (Ribs(selection), Updates(selection)));
    }

    [Fact]
    public void Dumps_off_the_hour_and_updates_each_quarter_of_an_hour_are_taken_as_they_are()
    {
        ArchiveFile[] listed =
        [
            File(FileKind.Rib, "2002-07-22T15:37"), File(FileKind.Rib, "2002-07-22T23:37"),
            .. new[] { "15:23", "15:38", "15:53", "16:08", "16:23" }.Select(time => File(FileKind.Updates, $"2002-07-22T{time}")),
        ];
        var selection = ArchiveSelection.Of(listed, Period("2002-07-22T16:00Z", "2002-07-22T16:10Z"));
        Assert.Equal(("07-22T15:37", "4 from 07-22T15:23 to 07-22T16:08"), (Ribs(selection), Updates(selection)));
    }

    [Fact]
    public void A_period_touches_the_months_up_to_its_end_which_is_not_of_it()
    {
        Assert.Equal("2017-12-01T00:00:00Z 2018-01-01T00:00:00Z",
            string.Join(' ', Period("2017-12-31T23:00Z", "2018-02-01T00:00Z").Months));
        Assert.Equal("2017-09-01T00:00:00Z", ArchivePeriod.Before(Timestamp.Parse("2017-10-01")).ToString());
    }
}
