using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Incidents;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;

namespace Isthmus.Transit;

/// <summary>
/// Answers for a subject again and again while routes go on (methods.md, "While routes go on"). What it finds on a prefix it keeps, and
/// finds anew only where the prefix was touched since, or the end of the data still has a say in it; all else is made of that each time.
/// The answer at a time is that of <see cref="TransitAnalysis.Answer"/> on the same spans, whatever was asked before. It is not safe to ask
/// from several threads at once.
/// </summary>
/// <param name="paths">The paths of the spans, which are of one table all the time.</param>
/// <param name="weighting">Who has one vote in the shares.</param>
public sealed class RunningAnalysis(AttributedPaths paths, Weighting weighting = Weighting.PeerAs)
{
    /// <summary>So far before a period lies what is usual in it: of an answer on it nothing that was over before is asked for.</summary>
    public static readonly TimeSpan Lookback = Trailing.Horizon;

    private readonly KeptByPrefix<StuckStretch[]> _stuck = StuckStretches.Keep();
    private readonly KeptByPrefix<RestlessStretch[]> _restless = RestlessStretches.Keep();
    private readonly KeptFindings _findings = new();

    /// <summary>Prefixes on which changes were looked for anew, over all answers so far.</summary>
    public long PrefixesFound => _findings.Own.Found + _findings.Inside.Found;

    /// <summary>Prefixes of which what was found before stood, over all answers so far.</summary>
    public long PrefixesReused => _findings.Own.Reused + _findings.Inside.Reused;

    /// <summary>Prefixes of which something is kept: those at which anything changed in the spans of the last answer.</summary>
    public int PrefixesKept => _findings.Own.Count + _findings.Inside.Count;

    /// <summary>The answer as of the end of some spans.</summary>
    /// <param name="seen">What is known then: the same as before and what has come since.</param>
    /// <param name="bin">Width of the bins of the series.</param>
    public TransitAnswer At(IRouteSpans seen, TimeSpan bin)
    {
        seen = StaleDumps.LeftOut(seen);
        var groups = new VoteGroups(weighting, paths.Registry.CountryOf);
        var told = new Sightings(seen, paths);
        var court = new VantagePointCourt(told, groups, _stuck, _restless);
        // From here on a vantage point that has no vote is not heard.
        var heard = court.Heard;
        var families = heard.Families.Select(family => new FamilyAnalysis(heard.Of(family), family, groups, bin)).ToArray();
        // A single instant has no series.
        bool hasTime = seen.To > seen.From;
        var inside = new InsidePrefixes(seen, court);
        var changes = ChangeDetector.Find(court, prefix => families[Math.Min(families.Length - 1,
            prefix < families[0].Sightings.Prefixes.Length ? 0 : 1)].Sweep, inside, _findings);
        var apart = new Sightings(seen, paths, paths.StandsApart, heard);
        var headline = Array.Find(families, family => family.Answer.Prefixes > 0) ?? families[0];
        return new(
            PrefixUnion.SizeOf([.. families.SelectMany(family => family.Prefixes)]), headline.Answer.Upstreams,
            [.. families.SelectMany(family => family.Prefixes)], changes, headline.Answer.Series,
            hasTime ? [.. heard.Prefixes.Take(TransitAnalysis.PrefixSeriesMax).Select((prefix, index) =>
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
