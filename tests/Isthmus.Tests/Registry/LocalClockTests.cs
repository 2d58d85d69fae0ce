using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Tests.Registry;

public sealed class LocalClockTests
{
    [Theory]
    [InlineData("KP", "2017-10-01T09:07:51Z", "2017-10-01T17:37:51+08:30", "Pyongyang")]
    [InlineData("KP", "2015-08-14T12:00:00Z", "2015-08-14T21:00:00+09:00", "Pyongyang")]
    [InlineData("KP", "2018-05-05T00:00:00Z", "2018-05-05T09:00:00+09:00", "Pyongyang")]
    [InlineData("RU", "2017-10-01T09:07:51Z", "2017-10-01T12:07:51+03:00", "Moscow")]
    [InlineData("RU", "2013-01-01T00:00:00Z", "2013-01-01T04:00:00+04:00", "Moscow")]
    [InlineData("US", "2017-07-01T00:00:00Z", "2017-06-30T20:00:00-04:00", "New York")]
    [InlineData("US", "2017-12-01T00:00:00Z", "2017-11-30T19:00:00-05:00", "New York")]
    [InlineData("NP", "2017-10-01T00:00:00Z", "2017-10-01T05:45:00+05:45", "Kathmandu")]
    public void Clocks_are_those_of_the_date(string country, string time, string local, string place)
    {
        var clock = LocalClock.Of(Country.Parse(country))!;
        Assert.Equal(DateTimeOffset.Parse(local, null), clock.At(Timestamp.Parse(time)));
        Assert.Equal(DateTimeOffset.Parse(local, null).Offset, clock.OffsetAt(Timestamp.Parse(time)));
        Assert.Equal(place, clock.Place);
    }

    [Theory]
    [InlineData("KP", 1)]
    [InlineData("DE", 1)]
    [InlineData("RU", 11)]
    [InlineData("AU", 6)]
    public void A_country_with_several_times_says_how_many(string country, int count) =>
        Assert.Equal(count, LocalClock.Of(Country.Parse(country))!.OffsetsAt(Timestamp.Parse("2017-10-05T00:00:00Z")));

    [Fact]
    public void Where_no_country_is_known_there_is_no_local_time()
    {
        Assert.Null(LocalClock.Of(Country.None));
        Assert.Null(LocalClock.Of(Country.Parse("XK")));
    }

    [Fact]
    public void Every_country_with_a_zone_has_one_whose_name_is_known()
    {
        foreach (var country in CountryNames.All) Assert.DoesNotContain('_', LocalClock.Of(country)?.Place ?? "");
    }

    [Fact]
    public void The_edition_of_the_time_zones_is_named() => Assert.Matches(@"^IANA time zones 20\d\d[a-z]", LocalClock.Source);
}
