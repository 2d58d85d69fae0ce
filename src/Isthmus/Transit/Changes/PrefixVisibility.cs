using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// The part of the peer ASes with data that hold a route to some prefixes, whoever its origin: the mean over these prefixes. A peer AS
/// holds what any of its sessions does. It counts whom visibility counts elsewhere.
/// </summary>
internal sealed class PrefixVisibility
{
    private readonly Sightings _sightings;
    private readonly int[] _firstOf;
    private readonly (Asn PeerAs, int[] Sessions)[] _peerAses;

    public PrefixVisibility(Sightings sightings)
    {
        _sightings = sightings;
        _firstOf = new int[sightings.Prefixes.Length + 1];
        foreach (var sighting in sightings.All) _firstOf[sighting.Prefix + 1]++;
        for (int i = 1; i < _firstOf.Length; i++) _firstOf[i] += _firstOf[i - 1];
        _peerAses = [.. Enumerable.Range(0, sightings.Seen.Peers.Count).Where(peer => sightings.Counted[peer])
            .GroupBy(sightings.PeerAs).OrderBy(group => group.Key).Select(group => (group.Key, group.ToArray()))];
    }

    /// <summary>From 0 to 1; null where nothing is known of any of them.</summary>
    public double? Of(IReadOnlyList<int> prefixes, Timestamp time)
    {
        bool[] isUp = [.. _sightings.Seen.Peers.Select(feed => feed.Up.Any(up => up.From <= time
            && (up.To > time || up.To >= _sightings.Seen.To)))];
        double sum = 0;
        int known = 0;
        foreach (int prefix in prefixes.Where(prefix => prefix >= 0))
            if (Of(prefix, time, isUp) is { } visibility) (sum, known) = (sum + visibility, known + 1);
        return known == 0 ? null : sum / known;
    }

    private double? Of(int prefix, Timestamp time, bool[] isUp)
    {
        var holding = new Dictionary<int, int>();
        for (int i = _firstOf[prefix]; i < _firstOf[prefix + 1]; i++) holding[_sightings.All[i].Peer] = _sightings.All[i].At(time);
        int ases = 0, holders = 0;
        foreach (var (_, sessions) in _peerAses)
        {
            bool isKnown = false, isHeld = false;
            foreach (int peer in sessions)
            {
                if (!_sightings.Counts(peer, prefix)) continue;
                // A session whose table is known holds nothing of what it never spoke of; before it has spoken nothing is known.
                int state = holding.TryGetValue(peer, out int said) ? said : isUp[peer] ? Holding.None : Holding.Unknown;
                if (state == Holding.Unknown) continue;
                isKnown = true;
                isHeld |= state != Holding.None;
            }
            if (isKnown) ases++;
            if (isHeld) holders++;
        }
        return ases == 0 ? null : (double)holders / ases;
    }
}
