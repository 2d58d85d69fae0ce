using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Incidents;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;

namespace Isthmus.Transit;

/// <summary>From what the peers held to who carried the subject: shares, size, series and changes.</summary>
public static class TransitAnalysis
{
    /// <summary>Prefixes with a series of their own; a report of thousands would drown in them.</summary>
    public const int PrefixSeriesMax = 32;

    /// <summary>Answers for a subject.</summary>
    /// <param name="bin">Width of the bins of the series.</param>
    /// <param name="weighting">Who has one vote in the shares.</param>
    public static TransitAnswer Answer(
        IRouteSpans seen, AttributedPaths paths, TimeSpan bin, Weighting weighting = Weighting.PeerAs)
    {
        seen = StaleDumps.LeftOut(seen);
        var groups = new VoteGroups(weighting, paths.Registry.CountryOf);
        var told = new Sightings(seen, paths);
        var court = new VantagePointCourt(told, groups);
        // From here on a vantage point that has no vote is not heard.
        var heard = court.Heard;
        var families = heard.Families.Select(family => new FamilyAnalysis(heard.Of(family), family, groups, bin)).ToArray();
        // A single instant has no series.
        bool hasTime = seen.To > seen.From;
        var inside = new InsidePrefixes(seen, court);
        var changes = ChangeDetector.Find(court, prefix => families[Math.Min(families.Length - 1,
            prefix < families[0].Sightings.Prefixes.Length ? 0 : 1)].Sweep, inside);
        var apart = new Sightings(seen, paths, paths.StandsApart, heard);
        var headline = Array.Find(families, family => family.Answer.Prefixes > 0) ?? families[0];
        return new(
            PrefixUnion.SizeOf([.. families.SelectMany(family => family.Prefixes)]), headline.Answer.Upstreams,
            [.. families.SelectMany(family => family.Prefixes)], changes, headline.Answer.Series,
            hasTime ? [.. heard.Prefixes.Take(PrefixSeriesMax).Select((prefix, index) =>
                new PrefixSeries(prefix, new ShareSweep(heard, index, groups).Bins(seen.From, seen.To, bin)))] : [],
            headline.Answer.Basis, headline.Answer.FullFeedPeerAses)
        {
            Incidents = IncidentLog.Of(changes, seen.To, families.SelectMany(family => family.Answer.Upstreams)
                .Where(upstream => upstream.Shares.PeerAs > Others.StuckShare).Select(upstream => upstream.Asn).ToHashSet()),
            Families = [.. families.Select(family => family.Answer)],
            MoreSpecifics = apart.Prefixes.Length == 0 ? []
                : [.. apart.Families.SelectMany(family => PrefixStates.Of(apart.Of(family), groups))],
            Inside = inside.All(),
            LeftInsideOut = seen.LeftInsideOut,
            Heard = heard,
            Shares = headline.Answer.Shares,
            VantagePoints = court.Verdicts(headline.Sightings, headline.Votes,
                [.. families.Select(family => (family.Answer.Family, family.Votes))]),
        };
    }
}
