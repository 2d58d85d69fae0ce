using Isthmus.Scenarios;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>A change that is settled does not change any more, whatever comes (methods.md, "When a change is settled").</summary>
public sealed class SettledChangeTests
{
    [Theory]
    [InlineData(ScenarioHalf.Clean, 1, 2)]
    [InlineData(ScenarioHalf.Traps, 101, 2)]
    [InlineData(ScenarioHalf.Hard, 204, 2)]
    [InlineData(ScenarioHalf.Wide, 301, 2)]
    [InlineData(ScenarioHalf.Parts, 406, 1)]
    public void What_is_said_of_a_settled_change_is_what_is_said_in_the_end(ScenarioHalf half, ulong seed, int count)
    {
        var steps = Settling.Run(seed, count, half, TimeSpan.FromMinutes(23));
        Assert.Equal([], steps.SelectMany(Settling.Broken));
        Assert.True(steps.Sum(of => of.Settled) > 0);
    }

    [Fact]
    public void It_is_settled_three_hours_after_its_last_or_its_end_or_as_long_as_it_took()
    {
        Assert.Equal(At(10 + 180), Change(ChangeKind.UpstreamAppeared, last: 10).SettlesAt);
        Assert.Equal(At(500 + 500), Change(ChangeKind.UpstreamVanished, last: 500).SettlesAt);
        Assert.Equal(At(90 + 180), (Change(ChangeKind.Outage, last: 1) with { Until = At(90) }).SettlesAt);
        Assert.Equal(At(10 + 24 * 60), Change(ChangeKind.ShareShifted, last: 10).SettlesAt);
    }

    [Theory]
    [InlineData(ChangeKind.Outage)]
    [InlineData(ChangeKind.PrefixVanished)]
    [InlineData(ChangeKind.MoreSpecificAppeared)]
    public void What_goes_on_is_not_settled(ChangeKind kind) => Assert.Null(Change(kind, last: 1).SettlesAt);

    [Fact]
    public void A_prefix_that_is_back_is_the_same_change_and_another_outage_of_it_is_another()
    {
        var gone = Change(ChangeKind.PrefixVanished, last: 1);
        var back = Change(ChangeKind.Outage, last: 1) with { Until = At(100) };
        Assert.True(gone.IsSameAs(back));
        Assert.False(gone.IsSameAs(back with { Episode = 2 }));
        Assert.False(gone.IsSameAs(back with { Prefixes = [Prefix.Parse("198.51.100.0/24")] }));
        Assert.False(gone.IsSameAs(Change(ChangeKind.UpstreamVanished, last: 1)));
    }

    private static TransitChange Change(ChangeKind kind, int last) => new("", kind, At(0), At(0), null, At(0), At(last),
        null, null, null, [Prefix.Parse("192.0.2.0/24")], 1, 5, 5, 2, Confidence.Medium, null, null, null, []);

    private static Timestamp At(int minutes) => Timestamp.Parse("2017-10-01T00:00:00Z") + TimeSpan.FromMinutes(minutes);
}
