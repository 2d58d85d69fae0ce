using System.Text;

using Isthmus.Registry;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Registry;

/// <summary>Of a source that is given in several editions the one of the data's date counts, and the report says which.</summary>
public sealed class EditionTests
{
    private static readonly Asn _russia = new(20485);

    [Theory]
    [InlineData("2016-06-30", "RU", "the earliest, as all are after 2016-06-30")]
    [InlineData("2017-09-01", "RU", "the latest that is not after 2017-09-01")]
    [InlineData("2017-10-01", "CN", "the latest that is not after 2017-10-01")]
    [InlineData("2017-12-31", "CN", "the latest that is not after 2017-12-31")]
    [InlineData("2026-01-01", "KP", "the latest that is not after 2026-01-01")]
    public void The_latest_edition_that_is_not_after_the_day_counts(string day, string country, string why)
    {
        var registry = Editions().At(DateOnly.Parse(day, System.Globalization.CultureInfo.InvariantCulture));
        Assert.Equal(Country.Parse(country), registry.CountryOf(_russia));
        Assert.Contains(registry.Sources, source => source.StartsWith("Of 3 editions of RIR delegated statistics of apnic", StringComparison.Ordinal)
            && source.Contains(why, StringComparison.Ordinal));
        // What another edition says is no witness of that day.
        Assert.Equal([Country.Parse(country)], registry.WitnessesOf(_russia)
            .Where(witness => witness.Source.Contains("apnic", StringComparison.Ordinal)).Select(witness => witness.Country));
    }

    [Fact]
    public void Without_a_day_the_latest_edition_counts() =>
        Assert.Equal(Country.Parse("KP"), Editions().At(null).CountryOf(_russia));

    [Fact]
    public void A_report_takes_the_edition_of_its_data_and_says_which()
    {
        var report = new FivePeers().Dump("00:00:00", FivePeers.Russia).Until("02:00:00").Report(registry: Editions());
        Assert.Equal(Country.Parse("CN"), report.Registry.CountryOf(_russia));
        Assert.Contains("Of 3 editions of RIR delegated statistics of apnic that of 2017-10-01 is used: the latest that is not after 2017-10-01.",
            report.Registry.Sources);
        using var text = new StringWriter();
        Isthmus.Reports.ReportText.Write(report, text);
        Assert.Contains("(CN)", text.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("(RU)", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Names_are_those_of_the_data_s_date_where_the_files_names_have_days()
    {
        using var folder = new TemporaryFolder();
        folder.Write("as-names.20170901.json", """{"20485":"Of that time"}"""u8.ToArray());
        folder.Write("as-names.20260101.json", """{"20485":"Of today"}"""u8.ToArray());
        folder.Write("others.20260101.json", """{"4837":"Another list"}"""u8.ToArray());
        var registry = RegistrySnapshot.Shipped.With(RegistryFiles.Read([folder.Root], [])).At(new(2017, 10, 1));
        Assert.Equal("Of that time", registry.NameOf(_russia));
        // Another list is another source, in one edition.
        Assert.Equal("Another list", registry.NameOf(new(4837)));
    }

    [Fact]
    public void Two_registries_are_two_sources_and_one_edition_stays_whatever_its_date()
    {
        using var folder = new TemporaryFolder();
        folder.Write("delegated-apnic-20260101", Delegated("apnic", "20260101", "CN"));
        folder.Write("delegated-ripencc-20160101", Delegated("ripencc", "20160101", "RU"));
        var laid = RegistrySnapshot.Shipped.With(RegistryFiles.Read([folder.Root], []));
        Assert.Equal(laid.Sources, laid.At(new(2017, 10, 1)).Sources);
    }

    private static RegistrySnapshot Editions()
    {
        using var folder = new TemporaryFolder();
        folder.Write("delegated-apnic-20170701", Delegated("apnic", "20170701", "RU"));
        folder.Write("delegated-apnic-20171001", Delegated("apnic", "20171001", "CN"));
        folder.Write("delegated-apnic-20260101", Delegated("apnic", "20260101", "KP"));
        return RegistrySnapshot.Shipped.With(RegistryFiles.Read([folder.Root], []));
    }

    private static byte[] Delegated(string registry, string day, string country) => Encoding.ASCII.GetBytes(
        $"2|{registry}|{day}|1|19830101|{day}|+1000\n{registry}|{country}|asn|20485|1|20090101|allocated\n");
}
