using System.IO.Compression;

using CsCheck;

using Isthmus.Registry;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Registry;

public sealed class RegistryTests
{
    [Theory]
    [InlineData(131279, "KP")]
    [InlineData(20485, "RU")]
    [InlineData(4837, "CN")]
    [InlineData(1299, "SE")]
    public void The_shipped_registry_knows_the_cast_of_the_story(uint asn, string country)
    {
        Assert.Equal(Country.Parse(country), RegistrySnapshot.Shipped.CountryOf(new Asn(asn)));
        Assert.NotNull(RegistrySnapshot.Shipped.NameOf(new(asn)));
    }

    [Fact]
    public void The_shipped_registry_holds_north_koreas_one_block_and_one_network()
    {
        Assert.Equal(Country.Parse("KP"), RegistrySnapshot.Shipped.CountryOf(Prefix.Parse("175.45.176.0/22")));
        Assert.Equal([new Asn(131279)], RegistrySnapshot.Shipped.AsesOf(Country.Parse("KP")));
    }

    [Fact]
    public void Every_source_says_its_date_and_licence() => Assert.All(RegistrySnapshot.Shipped.Sources, source =>
        Assert.Matches(@"\d{4}-\d\d-\d\d|MIT", source));

    [Fact]
    public void The_real_apnic_file_of_2017_gives_north_korea_one_as_and_a_thousand_addresses()
    {
        using var stored = File.OpenRead(RealData.Path("registry/delegated-apnic-20170123.gz"));
        using var reader = new StreamReader(new GZipStream(stored, CompressionMode.Decompress));
        var faults = new List<string>();
        var layer = DelegatedStats.Read(reader, "delegated-apnic-20170123", faults);
        Assert.Empty(faults);
        Assert.Contains("2017-01-2", Assert.Single(layer.Sources), StringComparison.Ordinal);
        Assert.Equal([new Asn(131279)], layer.Ases.Where(fact => fact.Country == Country.Parse("KP")).Select(fact => fact.Asn));
        var block = Assert.Single(layer.Ipv4, range => range.Country == Country.Parse("KP"));
        Assert.Equal(1024ul << 32, block.Last - block.First + 1);
    }

    [Fact]
    public void A_count_of_addresses_that_is_no_power_of_two_is_taken_as_it_is()
    {
        var layer = Delegated("apnic|CN|ipv4|10.0.0.0|768|20100101|allocated");
        Assert.Equal(Country.Parse("CN"), layer.CountryOf(Prefix.Parse("10.0.2.0/24")));
        Assert.Equal(Country.None, layer.CountryOf(Prefix.Parse("10.0.3.0/24")));
    }

    [Theory]
    [InlineData("ripencc|EU|asn|1|1|20100101|allocated")]
    [InlineData("apnic|AP|ipv4|10.0.0.0|256|20100101|allocated")]
    [InlineData("apnic|CN|ipv4|10.0.0.0|256|20100101|available")]
    [InlineData("apnic|*|asn|*|9000|summary")]
    public void Regions_free_blocks_and_summaries_are_no_holders_and_no_faults(string line)
    {
        var layer = Delegated(line);
        Assert.Empty(layer.Ases);
        Assert.Empty(layer.Ipv4);
    }

    [Theory]
    [InlineData("apnic|KP|asn|1|4294967295|2009|allocated")]
    [InlineData("apnic|KP|asn|4294967295|2|2009|allocated")]
    public void A_line_of_more_AS_numbers_than_there_can_be_is_told_and_not_taken_in_part(string line)
    {
        var faults = new List<string>();
        Assert.Empty(DelegatedStats.Read(new StringReader(line), "file.txt", faults).Ases);
        Assert.Single(faults);
    }

    [Fact]
    public void A_line_that_is_no_delegation_is_named_with_its_number()
    {
        var faults = new List<string>();
        DelegatedStats.Read(new StringReader("apnic|KP|asn|131279|1|2009|allocated\nnonsense\n"), "file.txt", faults);
        Assert.StartsWith("file.txt: line 2:", Assert.Single(faults), StringComparison.Ordinal);
    }

    [Fact]
    public void A_prefix_of_two_countries_is_where_most_of_its_addresses_are()
    {
        var layer = Delegated("apnic|CN|ipv4|10.0.0.0|256|20100101|allocated\napnic|KP|ipv4|10.0.1.0|768|20100101|allocated");
        Assert.Equal(Country.Parse("KP"), layer.CountryOf(Prefix.Parse("10.0.0.0/22")));
    }

    [Fact]
    public void A_later_layer_counts_before_an_earlier_one_fact_by_fact()
    {
        var below = new RegistryLayer(["below"], [new(new(1), Country.Parse("CN"), "One")], [], []);
        var above = new RegistryLayer(["above"], [new(new(1), Country.Parse("KP"), "")], [], []);
        var both = new RegistrySnapshot([below, above]);
        Assert.Equal((Country.Parse("KP"), "One"), (both.CountryOf(new Asn(1)), both.NameOf(new(1))));
        Assert.Equal(["below", "above"], both.Sources);
    }

    [Fact]
    public void A_registry_file_reads_back_as_it_was_written() =>
        Gen.Select(Gen.UInt, Gen.Char['A', 'Z'], Gen.String[Gen.Char['a', 'z'], 0, 9]).Array[0, 40].Sample(facts =>
    {
        var layer = new RegistryLayer(
            ["a source"], facts.Select(fact => new AsFact(new(fact.Item1), Country.Parse($"{fact.Item2}A"), fact.Item3)),
            facts.Select((fact, i) => new CountryRange((ulong)i << 40, ((ulong)i << 40) + uint.MaxValue, Country.Parse("KP"))), [])
        {
            Kind = WitnessKind.Geolocation,
            Date = "2026-06-17",
        };
        var file = new MemoryStream();
        RegistryFile.Write(file, [layer, Delegated("apnic|KP|asn|131279|1|2009|allocated")]);
        var layers = RegistryFile.Read(new MemoryStream(file.ToArray()));
        Assert.Equal(2, layers.Count);
        var back = layers[0];
        Assert.Equal((layer.Kind, layer.Date), (back.Kind, back.Date));
        Assert.Equal(layer.Ases, back.Ases);
        Assert.Equal(layer.Ipv4, back.Ipv4);
        Assert.Equal(layer.Sources, back.Sources);
    }, iter: 200);

    [Fact]
    public void A_registry_file_that_is_cut_off_is_told_and_not_read_in_part()
    {
        var written = new MemoryStream();
        RegistryFile.Write(written, [Delegated("apnic|KP|asn|131279|1|2009|allocated\napnic|KP|ipv4|175.45.176.0|1024|2009|allocated")]);
        byte[] plain = Plain(written.ToArray());
        Assert.Single(RegistryFile.Read(Packed(plain)));
        for (int kept = 0; kept < plain.Length; kept++)
        {
            var cut = Packed(plain[..kept]);
            Assert.Throws<InvalidDataException>(() => RegistryFile.Read(cut));
        }

        static byte[] Plain(byte[] packed)
        {
            using var plain = new MemoryStream();
            using (var brotli = new BrotliStream(new MemoryStream(packed), CompressionMode.Decompress)) brotli.CopyTo(plain);
            return plain.ToArray();
        }

        static MemoryStream Packed(byte[] plain)
        {
            var packed = new MemoryStream();
            using (var brotli = new BrotliStream(packed, CompressionLevel.Fastest, leaveOpen: true)) brotli.Write(plain);
            packed.Position = 0;
            return packed;
        }
    }

    [Theory]
    [InlineData("KP", "KP")]
    [InlineData("north korea", "KP")]
    [InlineData("DPRK", "KP")]
    [InlineData("Russian Federation", "RU")]
    [InlineData("turkey", "TR")]
    [InlineData("Turkiye", "TR")]
    [InlineData("TÜRKİYE", "TR")]
    [InlineData("Côte d'Ivoire", "CI")]
    [InlineData("cote d’ivoire", "CI")]
    [InlineData("Curaçao", "CW")]
    [InlineData("Åland Islands", "AX")]
    [InlineData("Viet Nam", "VN")]
    [InlineData("Iran, Islamic Republic of", "IR")]
    [InlineData("the Netherlands", "NL")]
    [InlineData("St. Lucia", "LC")]
    [InlineData("UK", "GB")]
    [InlineData("Korea", null)]
    [InlineData("AND", null)]
    [InlineData("Atlantis", null)]
    public void A_country_is_found_by_its_code_or_name(string text, string? code) =>
        Assert.Equal(code, CountryNames.Find(text)?.ToString());

    [Theory]
    [InlineData("PRK", "KP")]
    [InlineData("and", "AD")]
    [InlineData("Korea", "KP KR")]
    [InlineData("congo", "CD CG")]
    [InlineData("Virgin Islands", "VG VI")]
    [InlineData("Korea, North", "KP")]
    [InlineData("Korea (the Republic of)", "KR")]
    [InlineData("Korea (the Democratic People's Republic of)", "KP")]
    [InlineData("Congo (the Democratic Republic of the)", "CD")]
    [InlineData("Bahamas (the)", "BS")]
    [InlineData("Netherlands (Kingdom of the)", "NL")]
    [InlineData("Netherlands, Kingdom of the", "NL")]
    [InlineData("Falkland Islands (the) [Malvinas]", "FK")]
    [InlineData("Taiwan (Province of China)", "TW")]
    [InlineData("Tanzania, the United Republic of", "TZ")]
    [InlineData("Moldova (the Republic of)", "MD")]
    [InlineData("United States of America (the)", "US")]
    [InlineData("United Kingdom of Great Britain and Northern Ireland (the)", "GB")]
    [InlineData("Virgin Islands (British)", "VG")]
    [InlineData("Micronesia (Federated States of)", "FM")]
    [InlineData("Gambia, The", "GM")]
    [InlineData("Virgin Islands, British", "VG")]
    [InlineData("Congo, Democratic Republic", "CD")]
    [InlineData("São Tomé", "ST")]
    [InlineData("U.S.", "US")]
    [InlineData("the U.S.", "US")]
    [InlineData("U S A", "US")]
    [InlineData("U.K.", "GB")]
    [InlineData("U.A.E.", "AE")]
    [InlineData("D.R.C.", "CD")]
    [InlineData("D. R. Congo", "CD")]
    [InlineData("PRC", "CN")]
    [InlineData("P.R.C.", "CN")]
    [InlineData("P. R. China", "CN")]
    [InlineData("ROK", "KR")]
    [InlineData("S. Korea", "KR")]
    [InlineData("D.P.R.K.", "KP")]
    [InlineData("South-Korea", "KR")]
    [InlineData("Việt Nam", "VN")]
    [InlineData("Saint-Barthélemy", "BL")]
    [InlineData("Guinea Bissau", "GW")]
    [InlineData("R.O.C.", "CG TW")]
    [InlineData("Virgin Is.", "VG VI")]
    [InlineData("A. B.", "")]
    [InlineData("Korea, Atlantis", "")]
    [InlineData("Atlantis", "")]
    public void Who_is_asked_for_a_country_may_give_three_letters_and_is_asked_back_where_a_name_is_shared(string text, string codes) =>
        Assert.Equal(codes, string.Join(' ', CountryNames.Called(text)));

    [Theory]
    [InlineData("Deutschland", "DE")]
    [InlineData("Österreich", "AT")]
    [InlineData("españa", "ES")]
    [InlineData("Россия", "RU")]
    [InlineData("日本", "JP")]
    [InlineData("مصر", "EG")]
    [InlineData("Zealand", "NZ")]
    [InlineData("Federal Republic of Germany", "DE")]
    [InlineData("Kingdom of Spain", "ES")]
    [InlineData("Frannce", "FR")]
    public void A_country_by_its_own_name_or_a_part_of_its_name_is_offered_and_not_chosen(string text, string first)
    {
        Assert.Empty(CountryNames.Called(text));
        Assert.StartsWith(first, string.Join(' ', CountryNames.Near(text, 3)), StringComparison.Ordinal);
    }

    [Fact]
    public void Every_country_of_ISO_3166_is_found_by_each_of_its_names_and_codes()
    {
        foreach (var country in CountryNames.All) Assert.Equal([country], CountryNames.Called(country.ToString()));
        foreach (var country in CountryNames.All.Where(one => one.ToString() is not "MF"))
            Assert.Equal([country], CountryNames.Called(CountryNames.NameOf(country)));
    }

    [Fact]
    public void A_registry_file_that_says_UK_means_the_United_Kingdom()
    {
        var layer = Delegated("ripencc|UK|ipv4|175.45.176.0|1024|19940101|allocated|b\nripencc|UK|asn|131279|1|19940101|allocated|b\n");
        Assert.Equal("GB", layer.Ases.Single().Country.ToString());
        Assert.Equal("GB", layer.Ipv4.Single().Country.ToString());
    }

    private static RegistryLayer Delegated(string lines)
    {
        var faults = new List<string>();
        var layer = DelegatedStats.Read(new StringReader(lines), "test", faults);
        Assert.Empty(faults);
        return layer;
    }
}
