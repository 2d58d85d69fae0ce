using Isthmus.Routes;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>
/// Judges every vantage point from the data alone: what it sends, how often it was lost, whether it is stuck, whether its
/// clock is right, how far it agrees. Who is stuck or whose clock is wrong has no vote; who disagrees has.
/// </summary>
internal sealed class VantagePointCourt
{
    /// <summary>A peer of whose routes so many are stuck at the end is stuck itself; below that only the routes are.</summary>
    public const double StuckPartMax = 0.1;

    private readonly Sightings _told;
    private readonly VoteGroups _groups;
    private readonly ClockSkews _clocks;
    private readonly IReadOnlyList<StuckStretch> _stuck;
    private readonly IReadOnlyList<RestlessStretch> _restless;
    private readonly (int Stuck, int Held)[] _atEnd;
    private readonly HashSet<int> _struck = [];

    /// <param name="told">All that the peers say.</param>
    /// <param name="stuck">Stuck routes that were found before, from <see cref="StuckStretches.Keep"/>.</param>
    /// <param name="restless">The same of restless ones.</param>
    public VantagePointCourt(Sightings told, VoteGroups groups,
        KeptByPrefix<StuckStretch[]>? stuck = null, KeptByPrefix<RestlessStretch[]>? restless = null)
    {
        (_told, _groups) = (told, groups);
        _stuck = StuckStretches.Find(told, stuck);
        _restless = RestlessStretches.Find(told, restless);
        // What a peer does alone, again and again, is at no two collectors alike and dates nothing.
        _clocks = new(told.Without(new HashSet<int>(), Spans(_restless)));
        _atEnd = new (int, int)[told.Seen.Peers.Count];
        foreach (var sighting in told.All)
            if (Holding.IsSubject(sighting.At(told.Seen.To))) _atEnd[sighting.Peer].Held++;
        foreach (var stretch in _stuck)
            if (stretch.To is null) _atEnd[told.All[stretch.Sighting].Peer].Stuck++;
        for (int peer = 0; peer < _atEnd.Length; peer++)
            if (IsStuck(peer) || ClockOf(peer).IsWrong) _struck.Add(peer);
        Heard = told.Without(_struck, _stuck.Select(stretch => (stretch.Sighting, Span: (stretch.From, stretch.To)))
            .Concat(_restless.Select(stretch => (stretch.Sighting, Span: (stretch.From, (Timestamp?)stretch.To))))
            .ToLookup(stretch => stretch.Sighting, stretch => stretch.Span));
    }

    /// <summary>How far the clock of each collector that is wrong is off, and no more than that: positive for late.</summary>
    public static IReadOnlyDictionary<Collector, TimeSpan> WrongClocksOf(Sightings told) =>
        new ClockSkews(told.Without(new HashSet<int>(), Spans(RestlessStretches.Find(told)))).Wrong;

    private static ILookup<int, (Timestamp From, Timestamp? To)> Spans(IReadOnlyList<RestlessStretch> restless) =>
        restless.ToLookup(stretch => stretch.Sighting, stretch => (stretch.From, (Timestamp?)stretch.To));

    /// <summary>All that the peers say, whoever is believed.</summary>
    public Sightings Told => _told;

    /// <summary>
    /// What is left of it: who has no vote does not count, and nothing is known of a route that is stuck, or of one on
    /// which a peer changes its mind without end.
    /// </summary>
    public Sightings Heard { get; }

    /// <summary>How far the clock of each collector that is wrong is off: positive for late. Its peers date nothing.</summary>
    public IReadOnlyDictionary<Collector, TimeSpan> WrongClocks => _clocks.Wrong;

    /// <summary>Who is not heard on some prefixes in a stretch of time.</summary>
    /// <param name="prefixes">Indexes into <see cref="Sightings.Prefixes"/>; none for all of them.</param>
    public IEnumerable<LeftOutWitness> LeftOut(IReadOnlySet<int> prefixes, Timestamp from, Timestamp to)
    {
        foreach (var (collector, offset) in WrongClocks)
            yield return new(collector, offset, null);
        foreach (var peerAs in _restless.Where(stretch => stretch.From <= to && stretch.To >= from
                && (prefixes.Count == 0 || prefixes.Contains(_told.All[stretch.Sighting].Prefix)))
            .Select(stretch => _told.PeerAs(_told.All[stretch.Sighting].Peer)).Distinct().Order())
            yield return new(null, default, peerAs);
    }

    /// <summary>The findings and the weights, in the order of the peers.</summary>
    /// <param name="heard">What is heard of the headline's address family.</param>
    /// <param name="votes">Who voted on its shares at the end of the period.</param>
    /// <param name="families">The votes on the shares of each family.</param>
    public IReadOnlyList<VantagePoint> Verdicts(Sightings heard, Votes votes, (AddressFamily Family, Votes Votes)[] families)
    {
        double?[] ipv4 = WeightsOf(AddressFamily.IPv4, families), ipv6 = WeightsOf(AddressFamily.IPv6, families);
        var peers = _told.Seen.Peers;
        var agreement = Agreement.Of(_told);
        var beside = votes.SessionsBeside;
        var sessions = peers.GroupBy(feed => feed.Peer.Asn).ToDictionary(group => group.Key, group => group.Count());
        var stuck = _stuck.ToLookup(stretch => _told.All[stretch.Sighting].Peer);
        var restless = _restless.ToLookup(stretch => _told.All[stretch.Sighting].Peer);
        var groups = votes.All.GroupBy(vote => _groups.Of(vote.PeerAs)).ToDictionary(group => group.Key, group => group.Count());
        var known = KnownAtEnd(heard);
        var mayVote = SharesAt.MayVote(heard);
        bool[] sees = new bool[peers.Count];
        foreach (var sighting in heard.All)
            sees[sighting.Peer] |= Array.Exists(sighting.Runs, run => Holding.IsSubject(run.Holding));
        return [.. peers.Select((feed, peer) =>
        {
            var (gaps, unknown) = Gaps(feed);
            int sharing = beside.GetValueOrDefault(peer);
            int group = sharing > 0 && _groups.By is Weighting.Country ? groups[_groups.Of(feed.Peer.Asn)] : 1;
            return new VantagePoint(
                feed.Peer, _groups.CountryOf(feed.Peer.Asn), SizeOf(heard, feed),
                feed.Ipv4Prefixes, feed.Ipv6Prefixes, sessions[feed.Peer.Asn],
                feed.Losses.Count(loss => loss.Cause is Cause.PeerState && loss.From >= _told.Seen.From && loss.From <= _told.Seen.To),
                gaps, unknown,
                [.. stuck[peer].Select(StuckRouteOf)],
                _clocks.OfPeer(peer), ClockOf(peer), agreement[peer], sharing == 0 ? 0 : 1.0 / sharing / group,
                sharing == 0 ? WhyNot(heard, peer, (known[peer], sees[peer], mayVote.Contains(peer))) : VoteReason.Votes)
            {
                SessionsSharing = sharing,
                PeerAsesSharing = group,
                AtEnd = _atEnd[peer],
                Ipv4Weight = ipv4[peer],
                Ipv6Weight = ipv6[peer],
                RestlessRoutes = [.. restless[peer].Select(stretch =>
                    new RestlessRoute(_told.Prefixes[_told.All[stretch.Sighting].Prefix], stretch.From, stretch.To))],
            };
        })];
    }

    private double?[] WeightsOf(AddressFamily family, (AddressFamily Family, Votes Votes)[] families)
    {
        double?[] weights = new double?[_told.Seen.Peers.Count];
        if (Array.Find(families, of => of.Family == family).Votes is not { } votes) return weights;
        Array.Fill(weights, 0);
        var groups = votes.All.GroupBy(vote => _groups.Of(vote.PeerAs)).ToDictionary(group => group.Key, group => group.Count());
        foreach (var (peer, sharing) in votes.SessionsBeside)
            weights[peer] = 1.0 / sharing / (_groups.By is Weighting.Country ? groups[_groups.Of(_told.PeerAs(peer))] : 1);
        return weights;
    }

    private StuckRoute StuckRouteOf(StuckStretch stretch) =>
        new(_told.Prefixes[_told.All[stretch.Sighting].Prefix], stretch.From, stretch.To);

    private bool IsStuck(int peer) => _atEnd[peer].Stuck > 0 && _atEnd[peer].Stuck >= StuckPartMax * _atEnd[peer].Held;

    private ClockSkew ClockOf(int peer) => _clocks.OfCollector(_told.Seen.Peers[peer].Peer.Collector);

    private static FeedSize SizeOf(Sightings heard, PeerFeed feed) => heard.IsFull(feed) ? FeedSize.Full
        : heard.PrefixesOf(feed) > 0 ? FeedSize.Partial : FeedSize.None;

    // Stretches of the period in which the session was not known to be up.
    private (int Count, TimeSpan Length) Gaps(PeerFeed feed)
    {
        var (from, to) = (_told.Seen.From, _told.Seen.To);
        int count = 0;
        var length = TimeSpan.Zero;
        foreach (var span in feed.Up.Append(new(to, to)))
        {
            if (span.From > from)
            {
                var end = span.From < to ? span.From : to;
                if (end > from) (count, length) = (count + 1, length + (end - from));
            }
            if (span.To > from) from = span.To;
        }
        return (count, length);
    }

    // What each peer says of the subject when the period ends, the best of its prefixes.
    private int?[] KnownAtEnd(Sightings heard)
    {
        int?[] known = new int?[_told.Seen.Peers.Count];
        foreach (var sighting in _told.All)
        {
            int holding = sighting.At(_told.Seen.To);
            if (known[sighting.Peer] is not { } best || Rank(holding) > Rank(best)) known[sighting.Peer] = holding;
        }
        return known;

        static int Rank(int holding) => holding >= 0 ? 4
            : holding switch { Holding.Uncounted => 3, Holding.Unknown or Holding.Contradicted => 2, Holding.None => 1, _ => 0 };
    }

    private VoteReason WhyNot(Sightings heard, int peer, (int? Known, bool Sees, bool MayVote) of)
    {
        var feed = _told.Seen.Peers[peer];
        if (ClockOf(peer) is { IsWrong: true, Offset: not null }) return VoteReason.WrongClock;
        if (IsStuck(peer)) return VoteReason.Stuck;
        if (SizeOf(heard, feed) is FeedSize.None) return VoteReason.NoRoutes;
        if (feed.TableSince(heard.Families[0]) is null) return VoteReason.NoTable;
        if (of.Known is not { } known) return Gaps(feed).Length > TimeSpan.Zero ? VoteReason.NotKnownToHold : VoteReason.NeverHeld;
        if (_told.IsInside(peer)) return VoteReason.InsideCountry;
        if (!heard.Counted[peer]) return of.Sees ? VoteReason.PartialFeed : VoteReason.NotKnownToHold;
        return known switch
        {
            >= 0 when of.MayVote => VoteReason.TooLittleKnown,
            >= 0 when heard.All.Any(sighting => sighting.Peer == peer && sighting.At(heard.Seen.To) >= 0) => VoteReason.TooFewHeld,
            >= 0 => VoteReason.RoutesStuck,
            Holding.Uncounted => VoteReason.NoUpstream,
            Holding.Unknown or Holding.Contradicted => VoteReason.NotKnownAtEnd,
            _ => VoteReason.HoldsNone,
        };
    }
}
