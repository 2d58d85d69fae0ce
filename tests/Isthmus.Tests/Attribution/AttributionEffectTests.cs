using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Transit;

namespace Isthmus.Tests.Attribution;

/// <summary>What the choice of witness does to the answer, from one reading of the routes.</summary>
public sealed class AttributionEffectTests : IDisposable
{
    private readonly KpWitnesses _kp = new();

    public void Dispose() => _kp.Dispose();

    [Fact]
    public void Four_prefixes_are_delegated_and_originated_and_fifteen_geolocated()
    {
        var report = _kp.Report(_kp.Registry());
        Assert.Equal(4, report.Transit.Size.Prefixes);
        Assert.Equal((4, 1024L), Size(report, CountryRule.Origin));
        Assert.Equal((4, 1024L), Size(report, CountryRule.Delegation));
        Assert.Equal((15, 15L * 256), Size(report, CountryRule.Geolocation));

        var ledger = report.Attribution!;
        var conflicts = ledger.Entries.Where(entry => entry.Conflict).ToArray();
        Assert.Equal(11, conflicts.Length);
        Assert.All(conflicts, entry =>
        {
            Assert.Equal((false, "GB", WitnessKind.OriginRegistration), (entry.Counts, entry.Chosen.ToString(), entry.ChosenBy));
            Assert.Equal(
                [(WitnessKind.Delegation, "GB", "2017-10-01"), (WitnessKind.OriginRegistration, "GB", "2017-10-01"),
                (WitnessKind.Geolocation, "KP", "2017-10-01")],
                entry.Witnesses.Where(witness => witness.Date == "2017-10-01").Select(
                    witness => (witness.Kind, witness.Country.ToString(), witness.Date)));
        });
    }

    [Fact]
    public void The_shares_of_the_upstreams_shrink_with_what_is_put_beside_them()
    {
        var report = _kp.Report(_kp.Registry());
        // By its origin: half of the peers have one of four by the second link.
        Assert.Equal([(4837u, 3.5 / 4), (20485u, 0.5 / 4)], Shares(report, CountryRule.Origin));
        // By geolocation: eleven of fifteen come from a network in Britain, which is then the one that carries the country.
        Assert.Equal([(2856u, 11.0 / 15), (4837u, 3.5 / 15), (20485u, 0.5 / 15)], Shares(report, CountryRule.Geolocation));
        Assert.Equal(["GB", "CN", "RU"], Effect(report, CountryRule.Geolocation).Countries.Select(share => share.Country.ToString()));
    }

    [Theory]
    [InlineData(CountryRule.Delegation)]
    [InlineData(CountryRule.Geolocation)]
    public void What_an_effect_says_is_what_asking_by_that_rule_gives(CountryRule rule)
    {
        var registry = _kp.Registry();
        var said = Effect(_kp.Report(registry), rule);
        var asked = _kp.Report(registry, rule);
        Assert.Equal(asked.Transit.Size, said.Size);
        Assert.Equal(
            asked.Transit.Upstreams.Where(upstream => upstream.PeerAses > 0).Select(upstream => (upstream.Asn, upstream.Shares)),
            said.Upstreams.Select(upstream => (upstream.Asn, upstream.Shares)));
        Assert.True(Effect(asked, rule).IsChosen);
        Assert.Equal(Effect(asked, CountryRule.Origin).Size, _kp.Report(registry).Transit.Size);
    }

    [Fact]
    public void An_override_moves_prefixes_in_and_out_and_the_answer_without_it_stands_beside()
    {
        var registry = _kp.Registry("""
            193.60.1.0/24   KP because the holder's office is in Pyongyang
            175.45.179.0/24 CN because it is leased
            AS20485         CN because of a test
            AS7             GB because it is never seen
            """);
        var report = _kp.Report(registry);
        Assert.Equal(["175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "193.60.1.0/24"],
            report.Transit.Prefixes.Select(prefix => prefix.Prefix.ToString()));
        Assert.Equal([(4837u, 2.5 / 4), (2856u, 1.0 / 4), (20485u, 0.5 / 4)], Shares(report, CountryRule.Origin));
        Assert.Equal([("CN", 3.0 / 4), ("GB", 1.0 / 4)],
            Effect(report, CountryRule.Origin).Countries.Select(share => (share.Country.ToString(), Math.Round(share.PeerAs, 9))));

        var without = Assert.Single(report.AttributionEffects, effect => !effect.Overrides);
        Assert.Equal((CountryRule.Origin, false, 4), (without.Rule, without.IsChosen, without.Size!.Prefixes));
        Assert.Equal(["CN", "RU"], without.Countries.Select(share => share.Country.ToString()));

        var moved = Assert.Single(report.Attribution!.Entries, entry => entry.Of == "175.45.179.0/24");
        Assert.Equal(("CN", WitnessKind.Override, false, true), (moved.Chosen.ToString(), moved.ChosenBy, moved.Counts, moved.Conflict));
        Assert.Equal([true, true, true, false], report.Attribution.Overrides.Select(use => use.Used));
    }

    [Fact]
    public void What_no_source_says_is_not_known()
    {
        var effect = Effect(_kp.Report(_kp.Registry()), CountryRule.Organisation);
        Assert.Null(effect.Size);
        Assert.Contains("as-org2info", AttributionWords.NotKnown(effect), StringComparison.Ordinal);
    }

    [Fact]
    public void Organisations_decide_when_they_are_asked()
    {
        var registry = _kp.Registry().With([new RegistryLayer(["organisations"], [], [], [])
        {
            Holdings = [new(new(2856), new("ORG-BT", "British Telecommunications", Country.Parse("KP")))],
        }]);
        var report = _kp.Report(registry);
        Assert.Equal(4, report.Transit.Size.Prefixes);
        Assert.Equal(15, Effect(report, CountryRule.Organisation).Size!.Prefixes);
        // Where the last AS of the country is the origin's own, the next one carries it: no longer the origin itself.
        Assert.Equal([(174u, 11.0 / 15), (4837u, 3.5 / 15), (20485u, 0.5 / 15)], Shares(report, CountryRule.Organisation));
    }

    [Fact]
    public void Of_a_network_no_choice_changes_what_is_its_own()
    {
        var report = _kp.Report(_kp.Registry("AS20485 CN because of a test"), subject: "AS131279");
        Assert.All(report.AttributionEffects.Where(effect => effect.NotKnown is null),
            effect => Assert.Equal(report.Transit.Size, effect.Size));
        Assert.Equal(["CN"], Effect(report, CountryRule.Origin).Countries.Select(share => share.Country.ToString()));
        Assert.Equal(["CN", "RU"],
            Assert.Single(report.AttributionEffects, effect => !effect.Overrides).Countries.Select(share => share.Country.ToString()));
    }

    private static (int, long) Size(Report report, CountryRule rule) =>
        Effect(report, rule).Size is { } size ? (size.Prefixes, size.Ipv4Addresses) : default;

    private static IEnumerable<(uint, double)> Shares(Report report, CountryRule rule) => Effect(report, rule).Upstreams
        .Select(upstream => (upstream.Asn.Number, Math.Round(upstream.Shares.PeerAs, 9)))
        .Select(share => (share.Number, Nearest(share.Item2)));

    // Back to the fraction that the test writes: sums of parts differ from it in the last digits.
    private static double Nearest(double share) => Enumerable.Range(1, 120).Select(n => n / 120.0)
        .First(fraction => Math.Abs(fraction - share) < 1e-8);

    private static AttributionEffect Effect(Report report, CountryRule rule) =>
        Assert.Single(report.AttributionEffects, effect => effect.Rule == rule
            && effect.Overrides == (report.Registry.Overrides is not null));
}
