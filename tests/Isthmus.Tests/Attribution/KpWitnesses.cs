using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Attribution;

/// <summary>
/// North Korea as two views of it have it: four /24 that are delegated there and originated by its one network, and eleven
/// more of hosting and VPN networks abroad that a geolocation table puts there, as CAIDA's data of 2020 had fifteen in all.
/// </summary>
internal sealed class KpWitnesses : IDisposable
{
    /// <summary>A geolocation table as a user would give it.</summary>
    public const string Places = """
        first,last,country
        175.45.176.0,175.45.179.255,KP
        193.60.1.0,193.60.11.255,KP
        193.60.12.0,193.60.255.255,GB
        """;

    /// <summary>Delegations as an RIR writes them.</summary>
    public const string Delegated = """
        2|ripencc|20171001|2|19830101|20171001|+0000
        ripencc|GB|ipv4|193.60.0.0|65536|20000101|allocated
        ripencc|GB|asn|2856|1|19930101|allocated
        """;

    private readonly TemporaryFolder _folder = new();

    /// <summary>Twelve full-feed peers at three collectors; of the four /24 .178 goes by the second link at half of them.</summary>
    public KpWitnesses()
    {
        var scenario = Scenario.Create(seed: 1, "2017-10-01T08:00", "2017-10-01T08:10");
        Nlri[] foreign = [.. Enumerable.Range(1, 11).Select(third => (Nlri)$"193.60.{third}.0/24")];
        uint asn = 3333;
        foreach (var (name, project) in new[]
            { ("rrc00", Project.Ris), ("rrc01", Project.Ris), ("route-views2", Project.RouteViews) })
        {
            var collector = scenario.Collector(name, project);
            for (int i = 0; i < 4; i++, asn++)
                collector.Peer($"192.0.2.{i + 1}", asn)
                    .Hold($"{asn} 1299 4837 131279", "175.45.176.0/24", "175.45.177.0/24", "175.45.179.0/24")
                    .Hold(i % 2 == 0 ? $"{asn} 1299 20485 131279" : $"{asn} 1299 4837 131279", "175.45.178.0/24")
                    .Hold($"{asn} 1299 174 2856", foreign);
        }
        scenario.WriteTo(Archive);
        File.WriteAllText(PlacesFile, Places);
        File.WriteAllText(DelegatedFile, Delegated);
    }

    public string Archive => _folder.Place("archive");

    public string PlacesFile => _folder.Place("places-20171001.csv");

    public string DelegatedFile => _folder.Place("delegated-ripencc-20171001");

    /// <summary>The shipped registry with both files on top, and what a user says.</summary>
    public RegistrySnapshot Registry(string? overrides = null)
    {
        var faults = new List<string>();
        var registry = RegistrySnapshot.Shipped.With(RegistryFiles.Read([DelegatedFile, PlacesFile], faults));
        Assert.Empty(faults);
        return overrides is null ? registry : registry.With(OverrideFile.Read(new StringReader(overrides), "mine.txt"));
    }

    public Report Report(RegistrySnapshot registry, CountryRule rule = CountryRule.Origin, string subject = "KP")
    {
        using var inputs = new Inputs();
        var files = inputs.Resolve([Archive], Stream.Null, TestContext.Current.CancellationToken);
        var of = Subjects.Resolve(subject, registry, out _)!;
        var stop = TestContext.Current.CancellationToken;
        return Isthmus.Reports.Report.Of(Survey.Run(new(of, null, null, null, rule), files, registry, new(), stop));
    }

    public string Write(string name, string text)
    {
        File.WriteAllText(_folder.Place(name), text);
        return _folder.Place(name);
    }

    public void Dispose() => _folder.Dispose();
}
