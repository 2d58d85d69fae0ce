using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>Size, shares, visibility and series of one address family: nothing of the other family counts.</summary>
internal sealed class FamilyAnalysis
{
    /// <param name="sightings">Of the family alone.</param>
    public FamilyAnalysis(Sightings sightings, AddressFamily family, VoteGroups groups, TimeSpan bin)
    {
        Sightings = sightings;
        var seen = sightings.Seen;
        Sweep = new(sightings, null, groups);
        HeldRoute[] all = SharesAt.AtEnd(sightings), counted = SharesAt.Counted(sightings, seen.To);
        Prefixes = PrefixStates.Of(sightings, groups, counted, all);
        var voting = SharesAt.OfVoters(sightings, counted);
        var shares = new ShareReckoning(sightings, voting, groups);
        Votes = shares.Votes;
        double? visibility = Sweep.At([seen.To]).First().Visibility;
        Asn[] voters = [.. voting.Select(route => route.PeerAs).Distinct().Order()];
        int full = voting.Where(route => sightings.IsFull(seen.Peers[route.Peer])).Select(route => route.PeerAs).Distinct().Count();
        Answer = new(family, PrefixUnion.SizeOf(Prefixes), Prefixes.Length, visibility, RoutesOf(sightings, visibility),
            seen.Peers.Where(sightings.IsFull).Select(feed => feed.Peer.Asn).Distinct().Count(), full, voters,
            Upstreams(sightings, all, shares), shares.Basis,
            seen.To > seen.From ? Sweep.Bins(seen.From, seen.To, bin) : [], Left(sightings, voters))
        {
            UnknownPrefixes = [.. sightings.All.GroupBy(sighting => sighting.Prefix)
                .Where(ofPrefix => ofPrefix.All(sighting => sighting.At(seen.To) == Holding.Unknown) && ofPrefix.Any(WasHeld))
                .Select(ofPrefix => sightings.Prefixes[ofPrefix.Key])],
        };
    }

    // Held when it was last known.
    private static bool WasHeld(Sighting sighting)
    {
        int last = Array.FindLastIndex(sighting.Runs, run => run.Holding != Holding.Unknown);
        return last >= 0 && Holding.IsSubject(sighting.Runs[last].Holding);
    }

    public Sightings Sightings { get; }

    public ShareSweep Sweep { get; }

    public Votes Votes { get; }

    public PrefixState[] Prefixes { get; }

    public FamilyAnswer Answer { get; }

    // Who counts and holds something, and has no vote all the same.
    private static CountedPeers Left(Sightings sightings, Asn[] voters)
    {
        Asn[] left = [.. sightings.All.Where(sighting => sightings.Counted[sighting.Peer] && sighting.At(sightings.Seen.To) >= 0)
            .Select(sighting => sightings.PeerAs(sighting.Peer)).Distinct().Except(voters)];
        int unknown = left.Intersect(SharesAt.MayVote(sightings).Select(sightings.PeerAs)).Count();
        return sightings.Basis with { HoldTooFew = left.Length - unknown, KnownOfTooFew = unknown };
    }

    private static HeldRoutes RoutesOf(Sightings sightings, double? visibility)
    {
        var held = sightings.All.Select(sighting => (sighting.Peer, sighting.History, Holding: sighting.AtEnd))
            .Where(route => Holding.IsSubject(route.Holding)).ToArray();
        UncountedRoutes[] uncounted = [.. held.Where(route => route.Holding < 0)
            .GroupBy(route => WhyNot(sightings, route.Peer, route.History, route.Holding))
            .Select(group => new UncountedRoutes(
                group.Key, group.Count(), group.Select(route => sightings.PeerAs(route.Peer)).Distinct().Count()))
            .OrderByDescending(routes => routes.Routes).ThenBy(routes => routes.Why)];
        var state = held.Length == 0 ? visibility is null ? RouteState.Unknown : RouteState.Absent
            : Array.Exists(held, route => route.Holding >= 0) ? RouteState.Carried : RouteState.WithoutUpstream;
        return new(state, held.Length, held.Select(route => sightings.PeerAs(route.Peer)).Distinct().Count(), uncounted);
    }

    private static NoUpstream WhyNot(Sightings sightings, int peer, int history, int holding)
    {
        if (holding == Holding.Contradicted) return NoUpstream.Contradicted;
        if (sightings.IsInside(peer)) return NoUpstream.InsideCountry;
        var clean = sightings.Paths[sightings.Seen.Histories[history].PathAt(sightings.Seen.To)].Clean;
        return clean.CountsForShares ? NoUpstream.DirectNeighbour
            : clean.Origins.Count > 1 ? NoUpstream.OriginSet : NoUpstream.RefusedPath;
    }

    private static UpstreamState[] Upstreams(Sightings sightings, HeldRoute[] all, ShareReckoning shares)
    {
        var seen = Seen(sightings);
        var peerAses = all.GroupBy(held => held.Upstream)
            .ToDictionary(group => group.Key, group => group.Select(held => held.PeerAs).Distinct().Count());
        return [.. sightings.Upstreams.Index().Where(entry => seen[entry.Index] is not null).Select(entry => new UpstreamState(
            entry.Item, seen[entry.Index]!.Value.First, seen[entry.Index]!.Value.Last,
            peerAses.GetValueOrDefault(entry.Index), shares.Of(entry.Index))
            {
                Intervals = shares.IntervalsOf(entry.Index),
                Countries = shares.SpreadOf(entry.Index),
            })
            // Shares that differ by rounding alone are equal, and no order.
            .OrderByDescending(state => Math.Round(state.Shares.PeerAs, 9))
            .ThenByDescending(state => state.PeerAses).ThenBy(state => state.Asn)];
    }

    // The first and last time that any peer held a route by each upstream; null for one of the other family alone.
    private static (Timestamp First, Timestamp Last)?[] Seen(Sightings sightings)
    {
        var seen = new (Timestamp First, Timestamp Last)?[sightings.Upstreams.Count];
        foreach (var sighting in sightings.All)
        {
            for (int i = 0; i < sighting.Runs.Length; i++)
                foreach (int upstream in sightings.UpstreamsOf(sighting.Runs[i].Holding)) See(upstream, sighting.Runs[i].From,
                    i + 1 < sighting.Runs.Length ? sighting.Runs[i + 1].From : sightings.Seen.To);
            // What is proved of a session without a table alone.
            if (sighting.Runs is not [.., { Holding: Holding.Unknown }]) continue;
            foreach (int upstream in sightings.UpstreamsOf(sighting.AtEnd)) See(upstream,
                sightings.Seen.Histories[sighting.History].Steps.Last(step => step.Time <= sightings.Seen.To).Time, sightings.Seen.To);
        }
        return seen;

        void See(int upstream, Timestamp from, Timestamp to)
        {
            var (first, last) = seen[upstream] ?? (sightings.Seen.To, sightings.Seen.From);
            seen[upstream] = (from < first ? from : first, to > last ? to : last);
        }
    }
}
