using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>An instant of a scenario, and what happens at it or spreads from it.</summary>
public sealed class Moment(Scenario scenario, Timestamp time)
{
    public Timestamp Time => time;

    public Moment Announce(ScenarioPeer peer, string path, params Nlri[] prefixes)
    {
        scenario.Add(new(time, peer, ChangeAct.Announce, [.. prefixes.Select(nlri => nlri.Prefix)], path));
        return this;
    }

    public Moment Withdraw(ScenarioPeer peer, params Nlri[] prefixes)
    {
        scenario.Add(new(time, peer, ChangeAct.Withdraw, [.. prefixes.Select(nlri => nlri.Prefix)]));
        return this;
    }

    /// <summary>
    /// Session down, up again after a while, and the whole table sent again over some seconds. STATE records where
    /// the project keeps them; elsewhere only the re-sending shows.
    /// </summary>
    public Moment ResetSession(ScenarioPeer peer, TimeSpan down, int resendSeconds = 30)
    {
        scenario.Add(new(time, peer, ChangeAct.SessionDown, []));
        scenario.Add(new(time + down, peer, ChangeAct.SessionUp, []));
        for (int i = 0; i < resendSeconds; i++)
        {
            var at = time + down + TimeSpan.FromSeconds(i + 1);
            scenario.Add(new(at, peer, ChangeAct.Resend, [], Slice: (i, resendSeconds)));
        }
        return this;
    }

    /// <summary>News that starts here and reaches peers one after another.</summary>
    /// <param name="over">By when the last peer AS has heard it.</param>
    /// <param name="first">The peer AS that hears it at this very instant; a drawn one where none is named.</param>
    public Wave Across(IEnumerable<ScenarioPeer> peers, TimeSpan over, uint? first = null) =>
        new(scenario, time, [.. peers], over, first);
}

/// <summary>When the peer ASes of a wave took their last steps: the earliest, the middle, the latest.</summary>
/// <param name="End">The very last session's; an AS counts by its first session.</param>
/// <param name="FirstPeer">The AS that was first.</param>
public sealed record WaveSpan(
    Timestamp First, Timestamp Median, Timestamp Last, Timestamp End, Asn FirstPeer, int PeerAses);

/// <summary>News on its way: one peer AS hears it at once, the others later, most of them soon.</summary>
public sealed class Wave
{
    private readonly Scenario _scenario;
    private readonly SeededRandom _random;
    private readonly List<(ScenarioPeer Peer, Timestamp Time)> _arrivals = [];

    internal Wave(Scenario scenario, Timestamp start, IReadOnlyList<ScenarioPeer> peers, TimeSpan over, uint? first)
    {
        _scenario = scenario;
        _random = scenario.ForkForWave(start);
        int span = (int)over.TotalSeconds;
        var order = _random.Shuffle(peers.Select(peer => peer.Asn).Distinct());
        if (first is { } number) order = [new(number), .. order.Where(asn => asn.Number != number)];
        for (int i = 0; i < order.Count; i++)
        {
            // Squared, as news comes quickly to most and late to a few.
            double late = _random.Fraction();
            int offset = i == 0 ? 0 : 1 + (int)(late * late * Math.Max(0, span - 2));
            foreach (var peer in peers.Where(peer => peer.Asn == order[i]))
            {
                _arrivals.Add((peer, start + TimeSpan.FromSeconds(offset)));
                offset = Math.Min(offset + _random.Between(0, 2), Math.Max(span, 0));
            }
        }
    }

    /// <summary>Each peer takes a path of its own.</summary>
    public WaveSpan Announce(Func<ScenarioPeer, string> path, params Nlri[] prefixes) =>
        Steps(peer => [path(peer)], prefixes);

    public WaveSpan Withdraw(params Nlri[] prefixes) => Steps(_ => [null], prefixes);

    /// <summary>
    /// Path hunting: each peer goes through some paths, a few seconds on each, and stays with the last; null stands
    /// for no route.
    /// </summary>
    public WaveSpan Steps(Func<ScenarioPeer, IReadOnlyList<string?>> steps, params Nlri[] prefixes)
    {
        var settled = new SortedDictionary<Asn, Timestamp>();
        Timestamp end = default;
        foreach (var (peer, arrival) in _arrivals)
        {
            var time = arrival;
            var taken = steps(peer);
            for (int i = 0; i < taken.Count; i++)
            {
                if (i > 0) time += TimeSpan.FromSeconds(_random.Between(3, 11));
                if (taken[i] is { } path) _scenario.At(time).Announce(peer, path, prefixes);
                else _scenario.At(time).Withdraw(peer, prefixes);
            }
            end = time > end ? time : end;
            if (!settled.TryGetValue(peer.Asn, out var before) || time < before) settled[peer.Asn] = time;
        }
        var times = settled.Values.Order().ToList();
        if (times.Count == 0) return new(default, default, default, default, default, 0);
        var firstPeer = settled.First(pair => pair.Value == times[0]).Key;
        return new(times[0], times[(times.Count - 1) / 2], times[^1], end, firstPeer, times.Count);
    }
}
