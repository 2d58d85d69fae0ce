using Isthmus.Registry;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Registry;

/// <summary>Who runs an AS: a file that a user lays on top, as the program may not ship one.</summary>
public sealed class OrganisationTests
{
    private const string Tables = """
        # name: AS Org
        # date: 202606
        # format:org_id|changed|org_name|country|source
        ORG-A|20200101|Alpha|CN|APNIC
        ORG-B||Beta|EU|RIPE
        # format:aut|changed|aut_name|org_id|opaque_id|source
        4837|20240206|CHINA169|ORG-A|x_APNIC|APNIC
        4134|20240206|CHINANET|ORG-A|y_APNIC|APNIC
        1299||ARELION|ORG-B||RIPE
        """;

    [Fact]
    public void An_as_has_the_organisation_that_the_second_table_points_to()
    {
        var registry = new RegistrySnapshot([Read(Tables, out var faults)]);
        Assert.Empty(faults);
        Assert.Equal(new("ORG-A", "Alpha", Country.Parse("CN")), registry.OrganisationOf(new(4837)));
        Assert.Equal(registry.OrganisationOf(new(4134)), registry.OrganisationOf(new(4837)));
        Assert.Null(registry.OrganisationOf(new(20485)));
        Assert.Contains("2026-06", Assert.Single(registry.Sources), StringComparison.Ordinal);
    }

    [Fact]
    public void An_organisation_of_a_region_is_of_no_country() =>
        Assert.True(Read(Tables, out _).OrganisationOf(new(1299))!.Country.IsNone);

    [Fact]
    public void What_is_no_row_of_its_table_is_named_with_its_line_and_the_rest_is_kept()
    {
        var layer = Read(Tables + "\n20485|2020\nx|1|2|ORG-A|5|6\n7||NAME|ORG-Z||RIPE\n", out var faults);
        Assert.Equal(3, layer.Holdings.Count);
        Assert.Collection(faults,
            fault => Assert.StartsWith("test: line 10: 2 fields, not 6", fault, StringComparison.Ordinal),
            fault => Assert.StartsWith("test: line 11: no AS number", fault, StringComparison.Ordinal),
            fault => Assert.Equal("test: line 12: AS7 is of an organisation that the file does not hold: ORG-Z", fault));
    }

    [Fact]
    public void The_shipped_registry_knows_no_organisation() => Assert.Null(RegistrySnapshot.Shipped.OrganisationOf(new(4837)));

    [Fact]
    public void The_real_file_of_caida_is_told_by_its_content_and_names_the_cast_of_the_story()
    {
        string path = RealData.Path("registry/as-org2info.20260601.txt.gz");
        var faults = new List<string>();
        var registry = RegistrySnapshot.Shipped.With(RegistryFiles.Read([path], faults));
        Assert.Empty(faults);
        Assert.Equal("Star Joint Venture Co. Ltd.", registry.OrganisationOf(new(131279))!.Name);
        Assert.Equal(Country.Parse("HK"), registry.OrganisationOf(new(134544))!.Country);
        // China Unicom's backbone is filed under an organisation of its own number's, not under the carrier's.
        Assert.Equal("@aut-17789-APNIC", registry.OrganisationOf(new(4837))!.Id);
    }

    [Fact]
    public void Of_a_folder_a_link_that_leads_in_a_circle_and_broken_json_are_named_in_words_without_paths()
    {
        using var folder = new TemporaryFolder();
        File.CreateSymbolicLink(folder.Place("circle"), "circle");
        File.CreateSymbolicLink(folder.Place("gone"), "nothing");
        folder.Write("names.json", "{\"1\":\n \"a\u001bb\"}"u8.ToArray());
        var faults = new List<string>();
        Assert.Empty(RegistryFiles.Read([folder.Root], faults));
        Assert.Collection(faults,
            fault => Assert.Equal("passed over: circle is a link that leads to no file", fault),
            fault => Assert.Equal("passed over: gone is a link that leads to no file", fault),
            fault => Assert.Equal("passed over: names.json is no JSON from line 2, byte 4 on", fault));
    }

    private static RegistryLayer Read(string text, out List<string> faults) =>
        AsOrganisations.Read(new StringReader(text), "test", faults = []);
}
