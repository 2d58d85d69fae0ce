using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>An upstream and its shares under some choice of witnesses, at the end of the period.</summary>
public sealed record EffectUpstream(Asn Asn, Country Country, UpstreamShares Shares);

/// <summary>The peer-AS share of all upstreams of one country.</summary>
/// <param name="Country">None for upstreams whose country nobody says.</param>
public sealed record CountryShare(Country Country, double PeerAs);

/// <summary>Why nothing can be said of a choice of witnesses.</summary>
public enum EffectUnknown
{
    /// <summary>No source says which organisation runs an AS.</summary>
    NoOrganisations,
    /// <summary>No source says where addresses are used.</summary>
    NoGeolocation,
    /// <summary>More than <see cref="AttributedPaths.DisputedMax"/> prefixes are the country's by other witnesses alone.</summary>
    TooMany,
    /// <summary>The same; a question by this witness alone follows them.</summary>
    TooManyBeside,
}

/// <summary>What the answer would be under one choice of witnesses, from the same observations.</summary>
/// <param name="Overrides">Whether the user's overrides count.</param>
/// <param name="IsChosen">True for the choice that the answer rests on.</param>
/// <param name="NotKnown">Why nothing can be said; null where something is.</param>
/// <param name="Size">How large the subject would be; null where not known.</param>
/// <param name="Upstreams">Who would carry it, the largest peer-AS share first.</param>
/// <param name="Countries">The same by the country of the upstream under this choice.</param>
public sealed record AttributionEffect(
    CountryRule Rule, bool Overrides, bool IsChosen, EffectUnknown? NotKnown, SubjectSize? Size,
    IReadOnlyList<EffectUpstream> Upstreams, IReadOnlyList<CountryShare> Countries)
{
    /// <summary>The answer's size and shares under every rule, and without the user's overrides where there are any.</summary>
    /// <param name="chosen">What the answer rests on.</param>
    /// <param name="answer">The answer by it: its row says the same as the headline.</param>
    /// <param name="leftOut">Prefixes that only other witnesses ask for were too many to follow.</param>
    public static IReadOnlyList<AttributionEffect> Of(
        IRouteSpans seen, AttributedPaths chosen, TransitAnswer answer, Weighting weighting, bool leftOut)
    {
        var registry = chosen.Registry;
        var measured = new Measured(answer.Size, [.. answer.Upstreams.Where(upstream => upstream.PeerAses > 0)
            .Select(upstream => (upstream.Asn, upstream.Shares))]);
        var effects = new List<AttributionEffect>();
        foreach (var rule in Enum.GetValues<CountryRule>())
        {
            bool isChosen = rule == chosen.View.Rule, overrides = registry.Overrides is not null;
            EffectUnknown? notKnown = WhyNotKnown(rule, chosen, leftOut);
            effects.Add(notKnown is not null ? new(rule, overrides, isChosen, notKnown, null, [], [])
                : Of(Under(rule, registry), measured) with { Overrides = overrides, IsChosen = isChosen });
        }
        if (registry.Overrides is not null) effects.Add(leftOut
            ? new(chosen.View.Rule, false, false, EffectUnknown.TooMany, null, [], [])
            : Of(Under(chosen.View.Rule, registry.With((OverrideFile?)null)), measured));
        return effects;

        AttributedPaths Under(CountryRule rule, RegistrySnapshot by) =>
            new(seen.Paths, chosen.Subject, by, new PathCleaning(), rule) { Alike = chosen };

        // Of a network or a prefix no rule changes what is its own: only the countries of its upstreams differ.
        AttributionEffect Of(AttributedPaths paths, Measured own) =>
            (chosen.Subject.Kind is SubjectKind.Country && !CountAlike(seen, paths, chosen)
                ? Measure(seen, paths, weighting) : own).Under(paths.View);
    }

    // The same prefixes and the same ASes on the way out give the same figures.
    private static bool CountAlike(IRouteSpans seen, AttributedPaths paths, AttributedPaths others) =>
        paths.HasTheAsesOf(others) && seen.Histories.All(history => history.Steps.All(
            step => step.Path < 0 || paths.Counts(history.Prefix, step.Path) == others.Counts(history.Prefix, step.Path)));

    // By the same weighting, court and family as the answer itself.
    private static Measured Measure(IRouteSpans seen, AttributedPaths paths, Weighting weighting)
    {
        var groups = new VoteGroups(weighting, paths.Registry.CountryOf);
        var heard = new VantagePointCourt(new(seen, paths), groups).Heard;
        var families = heard.Families.Select(heard.Of)
            .Select(ofFamily => (Sightings: ofFamily, Counted: SharesAt.Counted(ofFamily, seen.To), AtEnd: SharesAt.AtEnd(ofFamily)))
            .Select(of => (of.Sightings, of.Counted, of.AtEnd, Prefixes: PrefixStates.Of(of.Sightings, groups, of.Counted, of.AtEnd)))
            .ToArray();
        var (sightings, counted, atEnd, _) = families.OrderByDescending(family => family.Prefixes.Length > 0).First();
        var voting = SharesAt.OfVoters(sightings, counted);
        var weights = SharesAt.Weights(sightings.Prefixes);
        var votes = new Votes(voting, sightings.Upstreams, weights).All;
        var shares = new ShareTally(votes, sightings.Upstreams.Count, weights, often: true).Shares(groups.Weigh(votes));
        return new(PrefixUnion.SizeOf([.. families.SelectMany(family => family.Prefixes)]), [.. atEnd
            .Select(held => held.Upstream).Distinct()
            .Select(upstream => (Asn: sightings.Upstreams[upstream], Shares: shares[upstream]))
            .OrderByDescending(entry => Math.Round(entry.Shares.PeerAs, 9)).ThenBy(entry => entry.Asn)]);
    }

    private static EffectUnknown? WhyNotKnown(CountryRule rule, AttributedPaths chosen, bool leftOut)
    {
        if (rule is CountryRule.Organisation && !chosen.Registry.Has(WitnessKind.Organisation)) return EffectUnknown.NoOrganisations;
        if (rule is CountryRule.Geolocation && !chosen.Registry.Has(WitnessKind.Geolocation)) return EffectUnknown.NoGeolocation;
        bool isFollowed = rule == chosen.View.Rule || chosen.View.Rule is CountryRule.Origin && rule is CountryRule.Delegation;
        return !leftOut || isFollowed ? null : EffectUnknown.TooManyBeside;
    }

    /// <summary>What does not depend on the countries of upstreams.</summary>
    private sealed record Measured(SubjectSize Size, IReadOnlyList<(Asn Asn, UpstreamShares Shares)> Upstreams)
    {
        public AttributionEffect Under(CountryView view)
        {
            EffectUpstream[] upstreams = [.. Upstreams
                .Select(entry => new EffectUpstream(entry.Asn, view.CountryOf(entry.Asn), entry.Shares))];
            return new(view.Rule, false, false, null, Size, upstreams, [.. upstreams.GroupBy(upstream => upstream.Country)
                .Select(group => new CountryShare(group.Key, group.Sum(upstream => upstream.Shares.PeerAs)))
                .OrderByDescending(share => share.PeerAs).ThenBy(share => share.Country)]);
        }
    }
}
