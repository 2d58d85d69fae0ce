using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Attribution;

/// <summary>Of which country prefixes and ASes are, by whose word, before any route is read.</summary>
public sealed class AttributionLedgerTests
{
    private static readonly Country _kp = Country.Parse("KP");

    [Fact]
    public void The_shipped_registries_differ_on_all_but_north_koreas_own_block_and_network()
    {
        var ledger = Registered("KP", RegistrySnapshot.Shipped);
        Assert.Equal(["AS131279", "175.45.176.0/22"], ledger.Entries.Where(entry => !entry.Conflict).Select(entry => entry.Of));
        Assert.Equal(ledger.Entries.Count - 2, ledger.Conflicts);
        var declared = Assert.Single(ledger.Entries, entry => entry.Of == "102.129.128.0/24");
        Assert.Equal(("ZA", WitnessKind.Delegation), (declared.Chosen.ToString(), declared.ChosenBy));
        Assert.Equal(1024, Claim(ledger, WitnessKind.Delegation).Ipv4Addresses);
        Assert.True(Claim(ledger, WitnessKind.Geolocation).Ipv4Addresses > 1024);
        Assert.Equal(1, Claim(ledger, WitnessKind.OriginatedAddresses).Ases);
        Assert.Null(Claim(ledger, WitnessKind.OriginatedAddresses).Ipv4Addresses);
    }

    [Fact]
    public void A_block_is_cut_where_a_witness_changes_its_mind()
    {
        // Three quarters of the block are said to be used at home: a look at the whole would hide the rest.
        var registry = new RegistrySnapshot(
            [Ranges(WitnessKind.Delegation, ("10.0.0.0/22", "KP")), Ranges(WitnessKind.Geolocation, ("10.0.0.0/23", "KP"),
                ("10.0.2.0/25", "KP"), ("10.0.2.128/25", "CN"), ("10.0.3.0/24", "KP"), ("10.0.8.0/24", "KP"))]);
        var ledger = Registered("KP", registry);
        Assert.Equal(["10.0.0.0/23", "10.0.2.0/25", "10.0.2.128/25", "10.0.3.0/24", "10.0.8.0/24"], ledger.Entries.Select(entry => entry.Of));
        Assert.Equal(["10.0.2.128/25"], ledger.Entries.Where(entry => entry.Conflict).Select(entry => entry.Of));
        Assert.Equal(1024 + 256 - 128, Claim(ledger, WitnessKind.Geolocation).Ipv4Addresses);
        Assert.Equal(1024, Claim(ledger, WitnessKind.Delegation).Ipv4Addresses);
    }

    [Fact]
    public void The_rule_chooses_and_an_override_wins_under_every_rule()
    {
        var registry = RegistrySnapshot.Shipped.With(OverrideFile.Read(new StringReader(
            "AS131279 CN because a\n102.129.128.0/24 FR because it is announced from Paris\nAS1 US because of nothing"), "mine.txt"));
        foreach (var rule in Enum.GetValues<CountryRule>())
        {
            var ledger = Registered("KP", registry, rule);
            Assert.Equal("CN", Assert.Single(ledger.Entries, entry => entry.Asn is not null).Chosen.ToString());
            var declared = Assert.Single(ledger.Entries, entry => entry.Of == "102.129.128.0/24");
            Assert.Equal(("FR", WitnessKind.Override, "it is announced from Paris"),
                (declared.Chosen.ToString(), declared.ChosenBy, declared.Witnesses[0].Why));
            Assert.Equal([true, true, false], ledger.Overrides.Select(use => use.Used));
            var other = Assert.Single(ledger.Entries, entry => entry.Of == "2406:840:996f::/48");
            Assert.Equal(rule is CountryRule.Geolocation ? "KP" : "CN", other.Chosen.ToString());
        }
    }

    [Fact]
    public void Of_a_large_country_the_conflicts_are_listed_and_the_rest_is_counted()
    {
        var registry = new RegistrySnapshot([
            new(["delegated"], Enumerable.Range(1, 3000).Select(asn => new AsFact(new((uint)asn), _kp, "")), [], []),
            new(["addresses"], [new(new(2999), Country.Parse("CN"), "")], [], []) { Kind = WitnessKind.OriginatedAddresses }]);
        var ledger = Registered("KP", registry);
        Assert.Equal((AttributionLedger.EntriesMax, 1000, 1), (ledger.Entries.Count, ledger.LeftOut, ledger.Conflicts));
        Assert.Contains(ledger.Entries, entry => entry.Asn == new Asn(2999));
    }

    [Fact]
    public void Where_the_origin_is_foreign_it_is_itself_the_first_foreign_as_on_the_way_out()
    {
        var paths = new PathTable();
        int id = paths.Intern(ParsedPath.Of("3333 174 2856"));
        var registry = new RegistrySnapshot([Ranges(WitnessKind.Geolocation, ("10.0.0.0/24", "KP"))]);
        var subject = Subjects.Resolve("KP", registry, out _)!;
        var byOrigin = new AttributedPaths(paths, subject, registry, new());
        var byPlace = new AttributedPaths(paths, subject, registry, new(), CountryRule.Geolocation);
        Assert.False(byOrigin.Counts(Prefix.Parse("10.0.0.0/24"), id));
        Assert.True(byPlace.Counts(Prefix.Parse("10.0.0.0/24"), id));
        Assert.False(byPlace.Counts(Prefix.Parse("10.0.1.0/24"), id));
        Assert.Equal((new Asn(2856), new Asn(174), true), (byPlace[id].Upstream, byPlace[id].SecondUpstream, byPlace[id].IsTransit));
    }

    [Fact]
    public void Prefixes_that_only_another_witness_asks_for_are_followed_up_to_a_bound_and_those_of_the_rule_without()
    {
        var registry = new RegistrySnapshot([Ranges(WitnessKind.Geolocation, ("10.0.0.0/8", "KP"))]);
        var subject = Subjects.Resolve("KP", registry, out _)!;
        Prefix[] prefixes = [.. Enumerable.Range(0, AttributedPaths.DisputedMax + 1).Select(i => Prefix.Parse($"10.{i / 256}.{i % 256}.0/24"))];

        var byOrigin = new AttributedPaths(new(), subject, registry, new());
        Assert.Equal(AttributedPaths.DisputedMax, prefixes.Count(byOrigin.Follows));
        Assert.True(byOrigin.LeftDisputedOut);
        Assert.True(byOrigin.Follows(prefixes[0]));

        var byPlace = new AttributedPaths(new(), subject, registry, new(), CountryRule.Geolocation);
        Assert.Equal(prefixes.Length, prefixes.Count(byPlace.Follows));
        Assert.False(byPlace.LeftDisputedOut);
    }

    private static RegistryLayer Ranges(WitnessKind kind, params (string Prefix, string Country)[] ranges) =>
        new([kind.ToString()], [], [.. ranges.Select(range => new CountryRange(Prefix.Parse(range.Prefix).High,
            Prefix.Parse(range.Prefix).High | ulong.MaxValue >> Prefix.Parse(range.Prefix).Length, Country.Parse(range.Country)))], [])
        { Kind = kind };

    private static AttributionLedger Registered(string subject, RegistrySnapshot registry, CountryRule rule = CountryRule.Origin) =>
        AttributionLedger.Of(Subjects.Resolve(subject, registry, out _)!, new(registry, rule), registry);

    private static CountryClaim Claim(AttributionLedger ledger, WitnessKind kind) =>
        Assert.Single(ledger.Claims, claim => claim.Kind == kind);
}
