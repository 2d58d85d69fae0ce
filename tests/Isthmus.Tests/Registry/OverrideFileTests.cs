using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Tests.Registry;

/// <summary>What a user knows better, in a file that he keeps.</summary>
public sealed class OverrideFileTests
{
    private static readonly Country _kp = Country.Parse("KP"), _cn = Country.Parse("CN");

    [Fact]
    public void A_line_names_an_as_or_a_prefix_a_country_and_the_reason()
    {
        var file = Read("""
            # seen from the inside
            AS134544 CN because the cable lands in Dandong

              175.45.176.0/22   kp   because   the delegation says so
            """);
        Assert.Equal([new(2, new Asn(134544), null, _cn, "the cable lands in Dandong"),
            new(4, null, Prefix.Parse("175.45.176.0/22"), _kp, "the delegation says so")], file.Lines);
    }

    [Theory]
    [InlineData("AS134544", "line 1, column 9: AS134544 has no country; write AS134544 KP because …")]
    [InlineData("AS134544 China because of it", "line 1, column 10: 'China' is no country; write its two letters, as KP")]
    [InlineData("AS134544 EU because of it", "line 1, column 10: 'EU' is no country; write its two letters, as KP")]
    [InlineData("\n  Cenbong CN because of it", "line 2, column 3: 'Cenbong' is no AS number and no prefix; write one as AS134544 or 175.45.176.0/22")]
    [InlineData("175.45.176.1/22 KP because of it", "line 1, column 1: '175.45.176.1/22' is no AS number and no prefix")]
    [InlineData("AS134544 CN", "line 1, column 12: the reason is missing; write AS134544 CN because …")]
    [InlineData("AS134544 CN as I know", "line 1, column 13: the reason is missing; write AS134544 CN because …")]
    [InlineData("AS134544 CN because  ", "nothing stands behind because; say why")]
    [InlineData("AS1 CN because a\n1 KP because b", "line 2, column 1: AS1 has a country by line 1 already; keep one of the two")]
    public void A_wrong_line_is_told_with_line_and_column(string text, string message)
    {
        var wrong = Assert.Throws<OverrideException>(() => Read(text));
        Assert.StartsWith("mine.txt: line ", wrong.Message, StringComparison.Ordinal);
        Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
        Assert.EndsWith("^", wrong.Picture, StringComparison.Ordinal);
    }

    [Fact]
    public void The_most_specific_line_that_covers_a_prefix_counts_and_a_wider_prefix_is_not_touched()
    {
        var registry = new RegistrySnapshot([]).With(Read("10.0.0.0/8 CN because a\n10.1.0.0/16 KP because b"));
        Assert.Equal(_cn, registry.CountryOf(Prefix.Parse("10.2.0.0/24")));
        Assert.Equal(_kp, registry.CountryOf(Prefix.Parse("10.1.7.0/24")));
        Assert.Equal(Country.None, registry.CountryOf(Prefix.Parse("8.0.0.0/5")));
    }

    [Fact]
    public void An_override_wins_over_every_layer_that_comes_later_too()
    {
        var below = new RegistrySnapshot([]).With(Read("AS134544 CN because a"));
        var registry = below.With([new RegistryLayer(["above"], [new(new(134544), _kp, "")], [], [])]);
        Assert.Equal(_cn, registry.CountryOf(new Asn(134544)));
        Assert.Equal([new Asn(134544)], registry.AsesOf(_cn));
        Assert.Empty(registry.AsesOf(_kp));
        Assert.Equal(["above", "Overrides of a user: mine.txt"], registry.Sources);
    }

    private static OverrideFile Read(string text) => OverrideFile.Read(new StringReader(text), "mine.txt");
}
