using Isthmus.Reports;
using Isthmus.Tests.Support;
using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Reports;

/// <summary>Numbers, times and paths in words.</summary>
public sealed class WordingTests
{
    [Theory]
    [InlineData(0, "0%")]
    [InlineData(0.004, "<1%")]
    [InlineData(0.005, "1%")]
    [InlineData(0.6, "60%")]
    [InlineData(0.994, "99%")]
    [InlineData(0.9999, ">99%")]
    [InlineData(0.9999999999, "100%")]
    [InlineData(1, "100%")]
    [InlineData(double.NaN, "–")]
    public void A_share_that_is_something_never_reads_as_nothing_nor_as_all(double share, string text) =>
        Assert.Equal(text, Wording.Percent(share));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(58, "58 s")]
    [InlineData(252, "4 min 12 s")]
    [InlineData(3600, "1 h")]
    [InlineData(5940, "1 h 39 min")]
    [InlineData(183600, "2 d 3 h")]
    public void A_length_has_its_two_largest_units(int seconds, string text) =>
        Assert.Equal(text, Wording.Length(TimeSpan.FromSeconds(seconds)));

    [Fact]
    public void Prefixes_say_their_common_half_once()
    {
        Prefix[] all = KpStory.Prefixes;
        Assert.Equal("175.45.176.0/24, .178.0/24, .179.0/24", Wording.Prefixes([all[0], all[2], all[3]], 8));
        Assert.Equal("175.45.176.0/24 and 3 more", Wording.Prefixes(all, 1));
        Assert.Equal("10.0.0.0/8, 2001:db8::/32", Wording.Prefixes([Prefix.Parse("10.0.0.0/8"), Prefix.Parse("2001:db8::/32")], 8));
    }

    [Fact]
    public void A_path_shows_its_sets_in_braces_and_confederations_in_brackets() => Assert.Equal(
        "3356 20485 {1,2} (3 4)",
        new PathWords(ParsedPath.Of("3356 20485 {1,2} (3 4)")).ToString());

    [Fact]
    public void A_part_of_a_change_is_numbered_below_its_whole_and_without_it_stands_for_itself()
    {
        var changes = KpStory.Full().Transit.Changes;
        Assert.Equal("1 2 3 3.1 4 5", string.Join(' ', NumberedChange.Order(changes).Select(change => change.Number)));
        var orphan = changes.First(change => change.PartOf is not null);
        Assert.False(Assert.Single(NumberedChange.Order([orphan])).IsPart);
    }
}
