using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>
/// A route that a peer AS kept after nearly all others had withdrawn theirs (methods.md, "The vantage-point court"): no sign of life.
/// </summary>
/// <param name="Until">When the last of its prefixes went too, or the end of the data.</param>
/// <param name="ToEnd">It is there when the data end.</param>
public sealed record StuckUpstream(Asn PeerAs, Timestamp Until, bool ToEnd, IReadOnlyList<Prefix> Prefixes);

/// <summary>
/// A stretch in which somebody held a route of the subject by one upstream, short gaps closed. What was stuck is none of it.
/// </summary>
/// <param name="From">When the first route of it is seen.</param>
/// <param name="To">When the last one goes; where only a dump shows that, by when it had gone.</param>
/// <param name="FromStart">It was there when the data begin: when it came is not known.</param>
/// <param name="ToEnd">It is there when the data end.</param>
/// <param name="PeerAses">The most peer ASes that held one at once.</param>
/// <param name="Prefixes">The prefixes concerned, sorted.</param>
/// <param name="First">The record that shows the beginning.</param>
public sealed record UpstreamEpisode(
    Timestamp From, Timestamp To, bool FromStart, bool ToEnd, int PeerAses, IReadOnlyList<Prefix> Prefixes, Witness First)
{
    /// <summary>Where only a dump shows that it came, the dump before it: it came after this time. Null where updates date it.</summary>
    public Timestamp? FromEarliest { get; init; }

    /// <summary>The same of its end: the last dump that shows a route of it.</summary>
    public Timestamp? ToEarliest { get; init; }

    /// <summary>
    /// Where nothing is known of the time right before <see cref="From"/> of a peer that then shows it: since when. It began by then at
    /// the latest. Null where the step is seen.
    /// </summary>
    public Timestamp? UnknownSince { get; init; }

    /// <summary>
    /// Where nothing is known of the time right after <see cref="To"/> of a peer that showed it until then: until when. It ended then at
    /// the earliest. Null where the step is seen.
    /// </summary>
    public Timestamp? UnknownUntil { get; init; }

    /// <summary>The one peer AS that ever held a route of it; null where several did.</summary>
    public Asn? OnlyPeerAs { get; init; }

    /// <summary>Who kept a route of it when it was over, by peer AS.</summary>
    public IReadOnlyList<StuckUpstream> Stuck { get; init; } = [];

    /// <summary>How long it is proved to have lasted: between dumps alone from the first to the last that show it.</summary>
    public TimeSpan Length => (ToEarliest ?? To) - From;

    /// <summary>How long it lasted at most; the same where updates date both ends.</summary>
    public TimeSpan LengthMax => (UnknownUntil ?? To) - (UnknownSince ?? FromEarliest ?? From);
}

/// <summary>When one AS was an upstream of the subject.</summary>
/// <param name="Episodes">In order of time.</param>
public sealed record UpstreamHistory(Asn Upstream, IReadOnlyList<UpstreamEpisode> Episodes)
{
    /// <summary>How long in all, as far as it is proved.</summary>
    public TimeSpan Total => Episodes.Aggregate(TimeSpan.Zero, (sum, episode) => sum + episode.Length);

    /// <summary>How long in all at most.</summary>
    public TimeSpan TotalMax => Episodes.Aggregate(TimeSpan.Zero, (sum, episode) => sum + episode.LengthMax);
}

/// <summary>How much of a period was really looked at.</summary>
/// <param name="Followed">Time in which at least one vantage point was followed change by change.</param>
/// <param name="ByDumps">Time that rests on dumps alone: between two of them what came and went is not seen.</param>
public sealed record SearchedTime(
    Timestamp From, Timestamp To, TimeSpan Followed, TimeSpan ByDumps, int Collectors, int PeerAses, int Files)
{
    /// <summary>The part of the period that was followed change by change, 0 to 1.</summary>
    public double Part => To > From ? Math.Min(1, Followed / (To - From)) : 0;
}

/// <summary>
/// Was X ever an upstream of the subject, when, and how long: everything that any vantage point held counts, however
/// short and however few saw it, as a search must not pass over what a detector would call a blip. A route that is stuck counts until
/// nearly all others had withdrawn theirs; how long it was kept stands beside.
/// </summary>
public static class UpstreamSearch
{
    /// <summary>Two stretches with less between them are one episode.</summary>
    public static readonly TimeSpan GapMax = TimeSpan.FromMinutes(15);

    /// <summary>Collectors whose clock is found wrong, and by how much: positive for late.</summary>
    public static IReadOnlyDictionary<Collector, TimeSpan> WrongClocks(IRouteSpans seen, AttributedPaths paths) =>
        VantagePointCourt.WrongClocksOf(new(seen, paths));

    /// <summary>All upstreams with their episodes, the one that was there longest first.</summary>
    /// <param name="wrongClocks">What their collectors show dates nothing that others show as well.</param>
    public static IReadOnlyList<UpstreamHistory> Of(
        IRouteSpans seen, AttributedPaths paths, IReadOnlyDictionary<Collector, TimeSpan>? wrongClocks = null)
    {
        // A search must not pass over a prefix that is too long to count.
        var sightings = new Sightings(seen, paths, prefix => paths.IsInScope(prefix) || paths.StandsApart(prefix), fromTables: false);
        var stretches = new List<Stretch>[sightings.Upstreams.Count];
        for (int i = 0; i < stretches.Length; i++) stretches[i] = [];
        var stuck = StuckStretches.Find(sightings).ToLookup(stretch => stretch.Sighting);
        for (int index = 0; index < sightings.All.Length; index++)
        {
            var runs = sightings.All[index].Runs;
            for (int place = 0; place < runs.Length; place++)
            {
                var to = place + 1 < runs.Length ? runs[place + 1].From : seen.To;
                var from = runs[place].From;
                // From when on it is stuck; a run that begins later is another route of the same peer, and none of the old one's.
                var alive = stuck[index].Where(stretch => stretch.From > from && stretch.From < to).Select(stretch => stretch.From)
                    .DefaultIfEmpty(to).Min();
                foreach (int upstream in sightings.UpstreamsOf(runs[place].Holding))
                    stretches[upstream].Add(new(from, alive, to, index, place));
            }
        }
        if (wrongClocks is { Count: > 0 }) foreach (var ofUpstream in stretches) LeaveToOthers(sightings, ofUpstream, wrongClocks);
        return [.. sightings.Upstreams.Index()
            .Select(entry => new UpstreamHistory(entry.Item, [.. Episodes(sightings, stretches[entry.Index])]))
            .OrderByDescending(history => history.Total).ThenBy(history => history.Upstream)];
    }

    // What others date is left to them; what a collector of a wrong clock alone shows stays, as it would be passed over else.
    private static void LeaveToOthers(
        Sightings sightings, List<Stretch> stretches, IReadOnlyDictionary<Collector, TimeSpan> wrongClocks)
    {
        Stretch[] dated = [.. stretches.Where(stretch => OffsetOf(stretch) is null)];
        stretches.RemoveAll(stretch => OffsetOf(stretch) is { } offset && Array.Exists(dated, other =>
            other.From < stretch.To - offset + GapMax && other.To > stretch.From - offset - GapMax));

        TimeSpan? OffsetOf(Stretch stretch) => wrongClocks.TryGetValue(
            sightings.Seen.Peers[sightings.All[stretch.Sighting].Peer].Peer.Collector, out var offset) ? offset : null;
    }

    /// <summary>How much of the period was looked at.</summary>
    public static SearchedTime Searched(IRouteSpans seen)
    {
        var followed = Union(seen.Peers.Where(feed => feed.SendsUpdates).SelectMany(feed => feed.Up));
        return new(seen.From, seen.To, followed, Union(seen.Peers.SelectMany(feed => feed.Up)) - followed,
            seen.Peers.Select(feed => feed.Peer.Collector).Distinct().Count(), seen.Peers.Select(feed => feed.Peer.Asn).Distinct().Count(),
            seen.Files.Count);

        TimeSpan Union(IEnumerable<SessionSpan> spans)
        {
            var known = TimeSpan.Zero;
            var reached = seen.From;
            foreach (var span in spans.OrderBy(span => span.From))
            {
                var (from, to) = (span.From > reached ? span.From : reached, span.To < seen.To ? span.To : seen.To);
                if (to <= from) continue;
                known += to - from;
                reached = to;
            }
            return known;
        }
    }

    // To: when it went, or was stuck from; Kept: when the peer let go of it.
    private readonly record struct Stretch(Timestamp From, Timestamp To, Timestamp Kept, int Sighting, int Place)
    {
        public bool IsStuck => Kept > To;
    }

    private static IEnumerable<UpstreamEpisode> Episodes(Sightings sightings, List<Stretch> stretches)
    {
        var open = new List<Stretch>();
        Timestamp until = default;
        stretches.Sort((one, other) => (one.From, one.Sighting, one.Place).CompareTo((other.From, other.Sighting, other.Place)));
        foreach (var stretch in stretches)
        {
            if (open.Count > 0 && stretch.From - until >= GapMax)
            {
                yield return Close(sightings, open, until);
                open.Clear();
            }
            until = open.Count == 0 || stretch.To > until ? stretch.To : until;
            open.Add(stretch);
        }
        if (open.Count > 0) yield return Close(sightings, open, until);
    }

    private static UpstreamEpisode Close(Sightings sightings, List<Stretch> stretches, Timestamp until)
    {
        var first = stretches[0];
        var sighting = sightings.All[first.Sighting];
        var history = sightings.Seen.Histories[sighting.History];
        // A run that begins with what is first known of its peer did not come then.
        bool fromStart = first.From - sightings.Seen.From <= Coverage.TableLateMin && stretches
            .TakeWhile(stretch => stretch.From == first.From)
            .Any(stretch => IsFirstKnown(sightings, sightings.All[stretch.Sighting], stretch.Place));
        // What goes in the last second is not there at the end.
        bool toEnd = stretches.Exists(stretch => stretch.To >= sightings.Seen.To && !stretch.IsStuck
            && stretch.Place + 1 == sightings.All[stretch.Sighting].Runs.Length);
        return new(first.From, until, fromStart, toEnd, MostAtOnce(sightings, stretches),
            [.. stretches.Select(stretch => sightings.Prefixes[sightings.All[stretch.Sighting].Prefix]).Distinct().Order()],
            new(sighting.Peer, history.Prefix, history.Steps[sighting.Runs[first.Place].Step]))
        {
            FromEarliest = fromStart ? null : FromEarliest(sightings, stretches),
            ToEarliest = toEnd ? null : ToEarliest(sightings, stretches, until),
            UnknownSince = fromStart ? null : UnknownSince(sightings, stretches),
            UnknownUntil = toEnd ? null : UnknownUntil(sightings, stretches, until),
            OnlyPeerAs = PeerAses(sightings, stretches) is [var only] ? only : null,
            Stuck = [.. stretches.Where(stretch => stretch.IsStuck)
                .GroupBy(stretch => sightings.PeerAs(sightings.All[stretch.Sighting].Peer)).OrderBy(ofPeerAs => ofPeerAs.Key)
                .Select(ofPeerAs => new StuckUpstream(ofPeerAs.Key, ofPeerAs.Max(stretch => stretch.Kept),
                    ofPeerAs.Any(stretch => stretch.Kept >= sightings.Seen.To
                        && stretch.Place + 1 == sightings.All[stretch.Sighting].Runs.Length),
                    [.. ofPeerAs.Select(stretch => sightings.Prefixes[sightings.All[stretch.Sighting].Prefix]).Distinct().Order()]))],
        };
    }

    private static Asn[] PeerAses(Sightings sightings, List<Stretch> stretches) =>
        [.. stretches.Select(stretch => sightings.PeerAs(sightings.All[stretch.Sighting].Peer)).Distinct().Take(2)];

    // Between two dumps nothing tells when a route came or went. What an update shows is dated; of several the first to come counts.
    private static Timestamp? FromEarliest(Sightings sightings, List<Stretch> stretches)
    {
        var earliest = stretches.Min(stretch => DumpBefore(sightings, stretch.Sighting, stretch.Place) ?? stretch.From);
        return earliest < stretches[0].From ? earliest : null;
    }

    private static Timestamp? ToEarliest(Sightings sightings, List<Stretch> stretches, Timestamp until)
    {
        var earliest = stretches.Max(stretch =>
            (stretch.IsStuck ? null : DumpBefore(sightings, stretch.Sighting, stretch.Place + 1)) ?? stretch.To);
        return earliest < until ? earliest : null;
    }

    // A route whose upstream cannot be told may go by anybody.
    private static bool IsTold(int holding) => Holding.IsKnown(holding) && holding != Holding.Uncounted;

    // A route that is there when a peer is first known, or known again, may have come before: where it is the first of all, or where that
    // gap began before the first of all.
    private static Timestamp? UnknownSince(Sightings sightings, List<Stretch> stretches)
    {
        var first = stretches[0].From;
        Timestamp? since = null;
        bool isDated = false;
        int told = 0, lost = 0;
        foreach (var stretch in stretches)
        {
            if (DumpBefore(sightings, stretch.Sighting, stretch.Place) is not null) continue;
            var runs = sightings.All[stretch.Sighting].Runs;
            bool isKnown = stretch.Place > 0 && IsTold(runs[stretch.Place - 1].Holding);
            var unknown = stretch.Place > 1 ? runs[stretch.Place - 1].From : sightings.Seen.From;
            // What is known of others dates it, where they are more than those that were lost then; who was never known before is no gap.
            isDated |= isKnown && stretch.From == first;
            told += isKnown ? 1 : 0;
            if (isKnown || unknown >= first || stretch.Place <= 1 && stretch.From != first) continue;
            lost++;
            if (!(since < unknown)) since = unknown;
        }
        return isDated && told > lost ? null : since;
    }

    private static Timestamp? UnknownUntil(Sightings sightings, List<Stretch> stretches, Timestamp until)
    {
        Timestamp? end = null;
        bool isDated = false;
        int told = 0, lost = 0;
        foreach (var stretch in stretches)
        {
            if (stretch.IsStuck || DumpBefore(sightings, stretch.Sighting, stretch.Place + 1) is not null) continue;
            var runs = sightings.All[stretch.Sighting].Runs;
            bool isKnown = stretch.Place + 1 >= runs.Length || IsTold(runs[stretch.Place + 1].Holding);
            var known = stretch.Place + 2 < runs.Length ? runs[stretch.Place + 2].From : sightings.Seen.To;
            isDated |= isKnown && stretch.To == until;
            told += isKnown ? 1 : 0;
            if (isKnown || known <= until || stretch.Place + 2 >= runs.Length && stretch.To != until) continue;
            lost++;
            if (!(end > known)) end = known;
        }
        return isDated && told > lost ? null : end;
    }

    // The dump before the one that begins a run at a session of which there are only dumps; null for a run that a message begins.
    private static Timestamp? DumpBefore(Sightings sightings, int index, int place)
    {
        var sighting = sightings.All[index];
        if (place >= sighting.Runs.Length || sightings.Seen.Peers[sighting.Peer] is not { SendsUpdates: false } feed) return null;
        var run = sighting.Runs[place];
        return sightings.Seen.Histories[sighting.History].Steps[run.Step].IsOfDump ? feed.DumpBefore(run.From) : null;
    }

    // An update that is the first of its peer proves nothing of the time before it; a dump does, and the first second.
    private static bool IsFirstKnown(Sightings sightings, Sighting sighting, int place)
    {
        var step = sightings.Seen.Histories[sighting.History].Steps[sighting.Runs[place].Step];
        return (place == 0 || place == 1 && !Holding.IsKnown(sighting.Runs[0].Holding))
            && (step.Cause is Cause.RibEntry || step.Time - sightings.Seen.From <= TimeSpan.FromSeconds(1));
    }

    private static int MostAtOnce(Sightings sightings, List<Stretch> stretches)
    {
        var held = new Dictionary<Asn, int>();
        int most = 0;
        var steps = stretches
            .SelectMany(stretch => new[] { (Time: stretch.From, Change: 1, stretch), (Time: stretch.To, Change: -1, stretch) })
            .OrderBy(step => step.Time).ThenByDescending(step => step.Change);
        foreach (var (_, change, stretch) in steps)
        {
            var asn = sightings.PeerAs(sightings.All[stretch.Sighting].Peer);
            if ((held[asn] = held.GetValueOrDefault(asn) + change) == 0) held.Remove(asn);
            most = Math.Max(most, held.Count);
        }
        return most;
    }
}
