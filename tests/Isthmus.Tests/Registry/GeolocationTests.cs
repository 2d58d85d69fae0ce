using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Tests.Registry;

/// <summary>Where addresses are said to be used: a witness of its own, which decides nothing unless it is asked.</summary>
public sealed class GeolocationTests
{
    [Theory]
    [InlineData("175.45.176.0,175.45.179.255,KP")]
    [InlineData("\"175.45.176.0\",\"175.45.179.255\",\"KP\"")]
    [InlineData("175.45.176.0/22,KP,KP-01,Pyongyang,")]
    [InlineData("ip_range_start, ip_range_end, country_code\n175.45.176.0, 175.45.179.255, kp")]
    [InlineData("# a geofeed\n175.45.176.0/23,KP,,,\n175.45.178.0/23,KP,,,")]
    public void A_table_of_ranges_and_a_geofeed_say_the_same(string text)
    {
        var layer = Read(text, out var faults);
        Assert.Empty(faults);
        Assert.Equal(WitnessKind.Geolocation, layer.Kind);
        Assert.Equal("KP", layer.CountryOf(Prefix.Parse("175.45.176.0/22")).ToString());
        Assert.Equal("KP", layer.CountryOf(Prefix.Parse("175.45.179.0/24")).ToString());
        Assert.True(layer.CountryOf(Prefix.Parse("175.45.180.0/24")).IsNone);
    }

    [Fact]
    public void Of_lines_that_overlap_the_most_specific_one_counts_in_any_order()
    {
        const string Inner = "10.0.1.0/24,KP", Outer = "10.0.0.0/22,CN", Innermost = "10.0.1.128,10.0.1.191,RU";
        foreach (string text in new[] { $"{Inner}\n{Outer}\n{Innermost}", $"{Innermost}\n{Outer}\n{Inner}" })
        {
            var layer = Read(text, out _);
            Assert.Equal(["CN", "KP", "RU", "KP", "CN"], layer.Ipv4.Select(range => range.Country.ToString()));
            Assert.Equal("KP", layer.CountryOf(Prefix.Parse("10.0.1.0/24")).ToString());
            Assert.Equal("CN", layer.CountryOf(Prefix.Parse("10.0.0.0/22")).ToString());
        }
    }

    [Fact]
    public void One_address_says_nothing_of_the_block_around_it()
    {
        var layer = Read("168.205.92.109,168.205.92.109,KP\n2001:db8::5,2001:db8::5,KP\n2001:db8:1::/48,KP", out var faults);
        Assert.Empty(faults);
        Assert.True(layer.CountryOf(Prefix.Parse("168.205.92.0/24")).IsNone);
        Assert.Equal("KP", layer.CountryOf(Prefix.Parse("168.205.92.109/32")).ToString());
        Assert.Equal("KP", layer.CountryOf(Prefix.Parse("2001:db8:1::/48")).ToString());
        Assert.True(layer.CountryOf(Prefix.Parse("2001:db8::/47")).IsNone is false);
        Assert.True(layer.CountryOf(Prefix.Parse("2001:db8::/46")).IsNone);
        Assert.True(layer.CountryOf(Prefix.Parse("2001:db8::/64")).IsNone);
    }

    [Fact]
    public void The_ends_of_the_address_space_are_addresses_like_others()
    {
        var layer = Read("0.0.0.0,255.255.255.255,US\n255.255.255.0/24,KP\n::/0,US\nffff::/16,KP", out _);
        Assert.Equal(["US", "KP"], layer.Ipv4.Select(range => range.Country.ToString()));
        Assert.Equal(["US", "KP"], layer.Ipv6.Select(range => range.Country.ToString()));
        Assert.Equal("KP", layer.CountryOf(Prefix.Parse("255.255.255.0/24")).ToString());
    }

    [Fact]
    public void What_is_no_row_is_named_with_its_line_and_a_row_without_a_country_is_sound()
    {
        Read("10.0.0.0/8,US\n10.1.0.0/16,EU\n10.2.0.0/16,\n10.3.0.0,10.3.0.9,ZZ\n10.9.0.0,10.3.0.9,US\nnonsense,more", out var faults);
        Assert.Collection(faults,
            fault => Assert.StartsWith("geo-20260601.csv: line 5: no range of addresses and country", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("geo-20260601.csv: line 6:", fault, StringComparison.Ordinal));
    }

    [Fact]
    public void Eight_digits_in_the_name_are_the_date() => Assert.Equal("2026-06-01", Read("10.0.0.0/8,US", out _).Date);

    [Fact]
    public void The_shipped_geolocation_puts_more_in_north_korea_than_is_delegated_to_it_and_decides_nothing()
    {
        // 102.129.128.0/24 is delegated to South Africa; a geofeed of its holder declares it North Korean.
        var registry = RegistrySnapshot.Shipped;
        var prefix = Prefix.Parse("102.129.128.0/24");
        Assert.Equal("KP", registry.CountryOf(prefix, WitnessKind.Geolocation).ToString());
        Assert.Equal("ZA", registry.CountryOf(prefix, WitnessKind.Delegation).ToString());
        Assert.Equal("ZA", registry.CountryOf(prefix).ToString());
        Assert.True(registry.IsSaidOf(prefix, Country.Parse("KP")));
        Assert.Equal("KP", registry.CountryOf(Prefix.Parse("175.45.176.0/22"), WitnessKind.Geolocation).ToString());
    }

    private static RegistryLayer Read(string text, out List<string> faults) =>
        GeolocationRanges.Read(new StringReader(text), "geo-20260601.csv", faults = []);
}
