using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>How many of the subject's prefixes one peer held by which upstream, up to the next one.</summary>
/// <param name="By">
/// Prefixes by upstream, in the order of the colours; those that cannot be counted under null. One that it holds by several at once
/// is there for each.
/// </param>
/// <param name="None">Prefixes that it is known not to hold.</param>
/// <param name="Unknown">Prefixes of which nothing is known.</param>
internal sealed record PeerMoment(Timestamp From, IReadOnlyList<(Asn? Upstream, int Prefixes)> By, int None, int Unknown);

/// <summary>One vantage point over the period.</summary>
internal sealed record PeerCourse(Peer Peer, Country Country, IReadOnlyList<PeerMoment> Moments)
{
    /// <summary>Upstreams that a moment names in words.</summary>
    private const int NamedMax = 6;

    /// <summary>
    /// The courses of all peers that ever held a route of the subject: by project, country, AS number, collector.
    /// </summary>
    public static IReadOnlyList<PeerCourse> Of(Report report, Sightings sightings, Palette palette) =>
    [
        .. sightings.All.GroupBy(sighting => sighting.Peer)
            .Where(group => group.Any(sighting => sighting.Runs.Any(run => Holding.IsSubject(run.Holding))))
            .Select(group => Trace(report, sightings, palette, [.. group]))
            .OrderBy(course => course.Peer.Collector.Project).ThenBy(course => course.Country)
            .ThenBy(course => course.Peer.Asn).ThenBy(course => course.Peer),
    ];

    private static PeerCourse Trace(Report report, Sightings sightings, Palette palette, Sighting[] own)
    {
        var holding = new Dictionary<int, int>();
        int[] now = [.. own.Select(sighting => sighting.At(report.From))];
        foreach (int held in now) holding[held] = holding.GetValueOrDefault(held) + 1;
        var moments = new List<PeerMoment> { Moment(report.From, holding, sightings, palette) };
        var steps = own.Index().SelectMany(entry => entry.Item.Runs
            .Where(run => run.From > report.From && run.From <= report.To).Select(run => (run.From, Of: entry.Index, run.Holding)));
        foreach (var at in steps.GroupBy(step => step.From).OrderBy(group => group.Key))
        {
            foreach (var (_, of, held) in at)
            {
                holding[now[of]]--;
                holding[held] = holding.GetValueOrDefault(held) + 1;
                now[of] = held;
            }
            moments.Add(Moment(at.Key, holding, sightings, palette));
        }
        var peer = report.Observations.Peers[own[0].Peer].Peer;
        return new(peer, report.Registry.CountryOf(peer.Asn), moments);
    }

    private static PeerMoment Moment(Timestamp from, Dictionary<int, int> holding, Sightings sightings, Palette palette) => new(
        from,
        [
            .. holding.Where(entry => Holding.IsSubject(entry.Key) && entry.Value > 0)
                .SelectMany(entry => entry.Key < 0 ? [(Upstream: (Asn?)null, entry.Value)]
                    : sightings.UpstreamsOf(entry.Key).Select(upstream => (Upstream: (Asn?)sightings.Upstreams[upstream], entry.Value)))
                .GroupBy(entry => entry.Upstream, entry => entry.Value).Select(group => (Upstream: group.Key, Prefixes: group.Sum()))
                .OrderBy(by => by.Upstream is { } asn ? palette.PlaceOf(asn) : int.MaxValue).ThenBy(by => by.Upstream),
        ],
        holding.GetValueOrDefault(Holding.None) + holding.GetValueOrDefault(Holding.Foreign), holding.GetValueOrDefault(Holding.Unknown));

    /// <summary>A moment in words: <c>3 AS20485, 1 AS4837</c>, <c>none</c>, <c>unknown</c>.</summary>
    public static string Words(PeerMoment moment)
    {
        var parts = moment.By.Take(NamedMax).Select(by => $"{Wording.Count(by.Prefixes)} {by.Upstream?.ToString() ?? "uncounted"}").ToList();
        if (moment.By.Count > NamedMax) parts.Add($"others by {Wording.Count(moment.By.Count - NamedMax)} more");
        if (moment.None > 0) parts.Add(parts.Count == 0 && moment.Unknown == 0 ? "none" : $"{Wording.Count(moment.None)} none");
        if (moment.Unknown > 0) parts.Add(parts.Count == 0 ? "unknown" : $"{Wording.Count(moment.Unknown)} unknown");
        return string.Join(", ", parts);
    }
}
