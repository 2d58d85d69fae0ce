using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Transit.Timelines;

namespace Isthmus.Transit.Shares;

/// <summary>The shares at the end of the period, how sure they are, and how they differ over countries.</summary>
internal sealed class ShareReckoning
{
    private readonly UpstreamShares[] _shares, _balanced;
    private readonly ShareIntervals?[] _intervals;
    private readonly (Country Country, int PeerAses)[] _countries;
    private readonly double[][] _byCountry;
    private readonly bool[] _used;

    /// <param name="counted">Every counted route, whatever its upstream, sorted by prefix.</param>
    public ShareReckoning(Sightings sightings, HeldRoute[] counted, VoteGroups groups)
    {
        var weights = SharesAt.Weights(sightings.Prefixes);
        int upstreams = sightings.Upstreams.Count;
        Votes = new(counted, sightings.Upstreams, weights);
        var votes = Votes.All;
        var tally = new ShareTally(votes, upstreams, weights, often: true);
        _shares = tally.Shares(groups.Weigh(votes));
        _balanced = groups.By is Weighting.Country ? _shares
            : tally.Shares(new VoteGroups(Weighting.Country, groups.CountryOf).Weigh(votes));

        _used = new bool[upstreams];
        var countries = votes.GroupBy(vote => groups.CountryOf(vote.PeerAs)).OrderBy(country => country.Key).ToArray();
        _countries = [.. countries.Select(country => (country.Key, country.Count()))];
        _byCountry = [.. countries.Select(_ => new double[upstreams])];
        foreach (var (place, country) in countries.Index())
            foreach (var part in country.SelectMany(vote => vote.ByUpstream))
            {
                _byCountry[place][part.Upstream] += part.Part / _countries[place].PeerAses;
                _used[part.Upstream] = true;
            }

        var collectors = Collectors(sightings);
        UpstreamShares[] Left(Vote[] left) => new ShareTally(left, upstreams, weights, often: false).Shares(groups.Weigh(left));
        _intervals = ShareBootstrap.Intervals(votes, tally, groups, _shares, collectors.Length < 2 ? [] : [.. collectors
            .Select(collector => Votes.Without(peer => CollectorOf(sightings, peer) == collector))
            // Without the only collector of all votes nothing is left to say.
            .Where(left => left.Length > 0).Select(Left)]);
        Basis = new(groups.By, votes.Length, _countries.Count(country => !country.Country.IsNone), collectors.Length,
            votes.Length < ShareBasis.PeerAsesLeast ? 0 : ShareBootstrap.Draws, ShareBootstrap.Seed);
    }

    public Votes Votes { get; }

    public ShareBasis Basis { get; }

    private Collector[] Collectors(Sightings sightings) =>
        [.. Votes.SessionsBeside.Keys.Select(peer => CollectorOf(sightings, peer)).Distinct().Order()];

    private static Collector CollectorOf(Sightings sightings, int peer) => sightings.Seen.Peers[peer].Peer.Collector;

    public UpstreamShares Of(int upstream) => _shares[upstream];

    /// <summary>Null for an upstream that no vote is for.</summary>
    public ShareIntervals? IntervalsOf(int upstream) => _used[upstream] ? _intervals[upstream] : null;

    /// <summary>The same over countries; null for an upstream that no vote is for.</summary>
    public CountrySpread? SpreadOf(int upstream)
    {
        if (!_used[upstream]) return null;
        SpreadPart[] shares = [.. _countries
            .Select((country, place) => new SpreadPart(country.Country, country.PeerAses, _byCountry[place][upstream]))
            .OrderBy(share => share.Share).ThenBy(share => share.Country)];
        double[] sorted = [.. shares.Select(share => share.Share)];
        return new(_balanced[upstream], sorted[0], ShareBootstrap.Quantile(sorted, 0.5), sorted[^1], shares);
    }
}
