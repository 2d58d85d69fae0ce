using Isthmus.Registry;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Registry;

/// <summary>Witnesses of a country are kept apart, each with its source and date.</summary>
public sealed class WitnessTests
{
    [Fact]
    public void North_koreas_network_and_block_have_witnesses_of_three_sources_and_dates()
    {
        var faults = new List<string>();
        var registry = RegistrySnapshot.Shipped.With(RegistryFiles.Read(
            [RealData.Path("registry/delegated-apnic-20170123.gz"), RealData.Path("registry/as-org2info.20260601.txt.gz")], faults));
        Assert.Empty(faults);

        Assert.Equal(
            [(WitnessKind.Delegation, "KP", "2017-01-23"), (WitnessKind.Organisation, "KP", "2026-06"),
            (WitnessKind.OriginatedAddresses, "KP", "2026-06-17")],
            Told(registry.WitnessesOf(new Asn(131279))));
        // The later file first: it counts before what ships.
        Assert.Equal(
            [(WitnessKind.Delegation, "KP", "2017-01-23"), (WitnessKind.Delegation, "KP", "2026-06-17"),
            (WitnessKind.Geolocation, "KP", "2026-06-17")],
            Told(registry.WitnessesOf(Prefix.Parse("175.45.176.0/22"))));
        Assert.All(registry.WitnessesOf(new Asn(131279)), witness => Assert.Contains(witness.Source, registry.Sources));
    }

    [Fact]
    public void A_delegation_counts_before_the_organisation_and_that_before_the_addresses_in_whatever_order_they_are_laid()
    {
        RegistryLayer delegated = Of(WitnessKind.Delegation, "RU"), addresses = Of(WitnessKind.OriginatedAddresses, "ZA");
        var organisation = new RegistryLayer(["organisation"], [], [], [])
        {
            Holdings = [new(new(1), new("ORG", "One", Country.Parse("US")))],
        };
        foreach (RegistryLayer[] layers in new[] { new[] { delegated, organisation, addresses }, [addresses, organisation, delegated] })
        {
            var registry = new RegistrySnapshot(layers);
            Assert.Equal(["RU", "US", "ZA"], registry.WitnessesOf(new Asn(1)).Select(witness => witness.Country.ToString()));
            Assert.Equal("RU", registry.CountryOf(new Asn(1)).ToString());
            Assert.Equal([new Asn(1)], registry.AsesSaidOf(Country.Parse("ZA")));
            Assert.Empty(registry.AsesOf(Country.Parse("ZA")));
        }
        Assert.Equal("US", new RegistrySnapshot([addresses, organisation]).CountryOf(new Asn(1)).ToString());
    }

    [Fact]
    public void A_name_that_nobody_has_is_that_of_the_organisation() => Assert.Equal("One", new RegistrySnapshot([
        new(["organisation"], [], [], []) { Holdings = [new(new(1), new("ORG", "One", Country.None))] }]).NameOf(new(1)));

    private static RegistryLayer Of(WitnessKind kind, string country) =>
        new([kind.ToString()], [new(new(1), Country.Parse(country), "")], [], []) { Kind = kind };

    private static IEnumerable<(WitnessKind, string, string)> Told(IEnumerable<CountryWitness> witnesses) =>
        witnesses.Select(witness => (witness.Kind, witness.Country.ToString(), witness.Date));
}
