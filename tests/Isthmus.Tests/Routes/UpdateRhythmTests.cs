using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Tests.Routes;

/// <summary>A collector that fell silent has stopped where it used to speak often; one whose few routes do not move has not.</summary>
public sealed class UpdateRhythmTests
{
    private static readonly Timestamp _start = Timestamp.Parse("2017-10-01T00:00:00Z");
    private static readonly TimeSpan _day = TimeSpan.FromDays(1);

    private static UpdateRhythm Every(TimeSpan interval, TimeSpan length)
    {
        var rhythm = new UpdateRhythm();
        rhythm.Dump(_start);
        for (var at = interval; at <= length; at += interval) rhythm.Update(_start + at);
        return rhythm;
    }

    [Fact]
    public void A_collector_that_wrote_every_ten_minutes_and_then_nothing_for_hours_has_stopped()
    {
        var rhythm = Every(TimeSpan.FromMinutes(10), TimeSpan.FromHours(9));
        Assert.True(rhythm.HasStopped(_start + _day));
        Assert.Equal(_start + TimeSpan.FromHours(9), rhythm.Last);
        Assert.False(rhythm.HasStopped(_start + TimeSpan.FromHours(9.9)));
    }

    [Fact]
    public void One_burst_of_news_after_hours_of_silence_tells_of_no_rhythm()
    {
        var rhythm = new UpdateRhythm();
        rhythm.Dump(_start);
        for (int i = 0; i < 100; i++) rhythm.Update(_start + TimeSpan.FromHours(9) + TimeSpan.FromSeconds(i));
        Assert.False(rhythm.HasStopped(_start + 10 * _day));
    }

    [Fact]
    public void A_burst_without_a_dump_before_it_tells_of_no_rhythm_either()
    {
        var rhythm = new UpdateRhythm();
        for (int i = 0; i < 100; i++) rhythm.Update(_start + TimeSpan.FromSeconds(i));
        Assert.False(rhythm.HasStopped(_start + _day));
    }

    [Fact]
    public void A_dump_behind_the_last_update_is_news()
    {
        var rhythm = Every(TimeSpan.FromMinutes(1), TimeSpan.FromHours(9));
        rhythm.Dump(_start + TimeSpan.FromHours(16));
        Assert.False(rhythm.HasStopped(_start + _day));
    }

    [Fact]
    public void What_was_silent_as_long_before_has_not_stopped()
    {
        var rhythm = Every(TimeSpan.FromMinutes(1), TimeSpan.FromHours(9));
        rhythm.Update(_start + TimeSpan.FromHours(13));
        Assert.False(rhythm.HasStopped(_start + _day));
    }
}
