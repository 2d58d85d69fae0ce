using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Timelines;

/// <summary>How far the places of a prefix have moved since something was found on it, as other prefixes and routes came.</summary>
/// <param name="Prefix">Index into <see cref="Sightings.Prefixes"/> now.</param>
/// <param name="Histories">To add to indexes into <see cref="Observations.Histories"/>.</param>
/// <param name="Sightings">To add to indexes into <see cref="Sightings.All"/>.</param>
internal readonly record struct Shift(int Prefix, int Histories, int Sightings);

/// <summary>
/// What was found on each prefix, kept from one time to the next (methods.md, "While routes go on"): it is found anew only where
/// something that it is a function of is another. All of that is compared: the spans of the prefix, what is known of the sessions that
/// hold it, who counts, and the end of the data as far as it has a say.
/// </summary>
/// <typeparam name="T">What is found.</typeparam>
/// <param name="moved">The same with its places moved.</param>
internal sealed class KeptByPrefix<T>(Func<T, Shift, T> moved)
{
    private Dictionary<Prefix, Kept> _kept = [], _before = [];
    private Sightings _sightings = null!;
    private Peer[] _peers = [];
    private bool[][] _counted = [];
    private Facts[] _facts = [];
    private long[] _changed = [];
    private long _time;

    /// <summary>Prefixes on which something was found anew, since the beginning.</summary>
    public long Found { get; private set; }

    /// <summary>Prefixes of which what was found stood, since the beginning.</summary>
    public long Reused { get; private set; }

    /// <summary>Prefixes of which something is kept.</summary>
    public int Count => _kept.Count;

    private sealed record Kept(
        T Found, RouteHistory[] Of, RouteHistory[] Beside, Timestamp End, int FirstHistory, int FirstSighting, int Prefix, long Time);

    // What is asked of a peer beside what it held.
    private readonly record struct Facts(
        bool Transparent, bool SendsUpdates, Timestamp? Ipv4Since, Timestamp? Ipv6Since, bool IsLeftOut, IReadOnlyList<SessionLoss> Losses)
    {
        public bool Are(in Facts other) => this with { Losses = [] } == other with { Losses = [] } && Losses.SequenceEqual(other.Losses);
    }

    /// <summary>Goes on to what is known at a later time: what was kept of prefixes that were not asked for since is dropped.</summary>
    /// <param name="leftOut">Collectors whose peers are not heard.</param>
    /// <param name="whoCounts">True where what is found depends on who counts.</param>
    public void GoOnTo(Sightings sightings, IReadOnlySet<Collector> leftOut, bool whoCounts)
    {
        (_sightings, _before, _kept) = (sightings, _kept, new(_kept.Count));
        _time++;
        var feeds = sightings.Seen.Peers;
        Peer[] peers = [.. feeds.Select(feed => feed.Peer)];
        bool[][] counted = whoCounts ? [.. sightings.Families.Select(family => sightings.Of(family).Counted)] : [];
        Facts[] facts = [.. feeds.Select(feed => new Facts(feed.Transparent, feed.SendsUpdates, feed.Ipv4Since, feed.Ipv6Since,
            leftOut.Contains(feed.Peer.Collector), feed.Losses))];
        bool isSame = peers.AsSpan().SequenceEqual(_peers) && counted.Length == _counted.Length
            && counted.Zip(_counted).All(of => of.First.AsSpan().SequenceEqual(of.Second))
            && Array.Exists(facts, of => of.SendsUpdates) == Array.Exists(_facts, of => of.SendsUpdates);
        if (!isSame)
        {
            _before = [];
            _changed = new long[peers.Length];
        }
        else
        {
            for (int peer = 0; peer < facts.Length; peer++)
                if (!facts[peer].Are(_facts[peer])) _changed[peer] = _time;
        }
        (_peers, _counted, _facts) = (peers, counted, facts);
    }

    /// <summary>What is found on a prefix.</summary>
    /// <param name="ofPrefix">All sightings of it.</param>
    /// <param name="end">The end of the data, where it has a say.</param>
    /// <param name="beside">The sightings of another prefix that is looked at with it; else empty.</param>
    /// <param name="find">Finds it anew.</param>
    /// <param name="holds">False where something else that it rests on is another.</param>
    public T Of(ArraySegment<Sighting> ofPrefix, Timestamp end, ReadOnlySpan<Sighting> beside, Func<T> find, Func<T, bool>? holds = null)
    {
        var first = ofPrefix[0];
        var prefix = _sightings.Prefixes[first.Prefix];
        int place = ofPrefix.Offset;
        if (_before.TryGetValue(prefix, out var kept) && kept.End == end && IsSame(kept, kept.Of, ofPrefix)
            && IsSame(kept, kept.Beside, beside) && holds?.Invoke(kept.Found) is not false)
        {
            var shift = new Shift(first.Prefix, first.History - kept.FirstHistory, place - kept.FirstSighting);
            if (shift is not { Histories: 0, Sightings: 0 } || kept.Prefix != first.Prefix) kept = kept with
            {
                Found = moved(kept.Found, shift),
                FirstHistory = first.History,
                FirstSighting = place,
                Prefix = first.Prefix,
            };
            Reused++;
        }
        else
        {
            kept = new(find(), HistoriesOf(ofPrefix), HistoriesOf(beside), end, first.History, place, first.Prefix, _time);
            Found++;
        }
        _kept[prefix] = kept;
        return kept.Found;
    }

    private RouteHistory[] HistoriesOf(ReadOnlySpan<Sighting> sightings)
    {
        var histories = new RouteHistory[sightings.Length];
        for (int i = 0; i < histories.Length; i++) histories[i] = _sightings.Seen.Histories[sightings[i].History];
        return histories;
    }

    private bool IsSame(Kept kept, RouteHistory[] was, ReadOnlySpan<Sighting> now)
    {
        if (was.Length != now.Length) return false;
        for (int i = 0; i < was.Length; i++)
        {
            var history = _sightings.Seen.Histories[now[i].History];
            if (_changed[history.Peer] > kept.Time || !IsSame(was[i], history)) return false;
        }
        return true;
    }

    private static bool IsSame(RouteHistory one, RouteHistory other) => ReferenceEquals(one, other)
        || one.Peer == other.Peer && one.Prefix == other.Prefix && (ReferenceEquals(one.Steps, other.Steps)
            || one.Steps.Count == other.Steps.Count && one.Steps.SequenceEqual(other.Steps));
}
