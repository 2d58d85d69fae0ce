using System.Globalization;

using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>The rest of the Internet: prefixes that stay as they are but for everyday churn.</summary>
/// <param name="routes">Prefixes with the ends of paths to them.</param>
public sealed class Background(Topology topology, IReadOnlyList<(Prefix Prefix, IReadOnlyList<uint> Tail)> routes)
{
    // Seconds. Most disturbances are short, a few last an hour; whole numbers, as logarithms differ between machines.
    private static readonly int[] Gaps = [5, 9, 16, 28, 50, 90, 160];
    private static readonly int[] Detours = [6, 15, 40, 100, 250, 630, 1600, 4000];

    /// <summary>Reads lines of a prefix and a path's end, <c>1.227.82.0/24 9318 9849</c>; # opens a comment.</summary>
    public static Background Read(Topology topology, TextReader lines)
    {
        var routes = new List<(Prefix, IReadOnlyList<uint>)>();
        while (lines.ReadLine() is { } line)
        {
            if (line.StartsWith('#') || line.Split(' ') is not [var prefix, .. { Length: > 0 } tail]) continue;
            routes.Add((Prefix.Parse(prefix), [.. tail.Select(hop => uint.Parse(hop, CultureInfo.InvariantCulture))]));
        }
        return new(topology, routes);
    }

    /// <summary>Gives a peer the part of the background that its feed and its address family call for.</summary>
    public void Fill(ScenarioPeer peer)
    {
        foreach (var (prefix, tail) in routes)
        {
            if (prefix.Family != peer.Address.Family) continue;
            double place = (SeededRandom.Hash($"{peer.Asn} {prefix}") >> 11) * (1.0 / (1UL << 53));
            // Even a full feed lacks a little that others have.
            if (place >= peer.Feed * 0.996) continue;
            if (topology.Paths(peer.Asn.Number, tail).FirstOrDefault() is { } best) peer.Hold(best, prefix);
        }
    }

    /// <summary>
    /// Everyday churn at every peer, independent of any other: a prefix moves to another path and back, goes for a
    /// moment, or is announced again as it is.
    /// </summary>
    /// <param name="meanGap">Between two such events at one collector.</param>
    public void Churn(Scenario scenario, TimeSpan meanGap)
    {
        foreach (var collector in scenario.Collectors)
        {
            var random = scenario.Random.Fork("churn " + collector.Name);
            var peers = collector.Peers
                .Where(peer => routes.Any(route => peer.Held.ContainsKey(route.Prefix))).ToList();
            for (var time = scenario.From + Wait(random, meanGap); time < scenario.To; time += Wait(random, meanGap))
            {
                var (prefix, tail) = random.Pick(routes);
                var peer = random.Pick(peers);
                if (peer.Held.TryGetValue(prefix, out string? held))
                    Disturb(scenario, random, time, (peer, prefix, held, tail));
            }
        }
    }

    /// <summary>A background prefix gone from every peer for a while, as happens somewhere every minute.</summary>
    public static void FlapEverywhere(Scenario scenario, Timestamp time, TimeSpan gone, Prefix prefix)
    {
        var holders = scenario.Peers.Where(peer => peer.Held.ContainsKey(prefix)).ToList();
        scenario.At(time).Across(holders, TimeSpan.FromSeconds(50)).Withdraw(prefix);
        scenario.At(time + gone).Across(holders, TimeSpan.FromSeconds(50)).Announce(peer => peer.Held[prefix], prefix);
    }

    /// <summary>The background's prefixes in a fixed order.</summary>
    public IReadOnlyList<Prefix> Prefixes => [.. routes.Select(route => route.Prefix)];

    private void Disturb(
        Scenario scenario, SeededRandom random, Timestamp time,
        (ScenarioPeer Peer, Prefix Prefix, string Held, IReadOnlyList<uint> Tail) at)
    {
        double kind = random.Fraction();
        if (kind < 0.15)
        {
            scenario.At(time).Announce(at.Peer, at.Held, at.Prefix);
            return;
        }
        var lasting = TimeSpan.FromSeconds(random.Pick(kind < 0.5 ? Gaps : Detours) + random.Below(7));
        var others = topology.Paths(at.Peer.Asn.Number, at.Tail).Take(4).Where(path => path != at.Held).ToList();
        if (kind < 0.5 || others.Count == 0) scenario.At(time).Withdraw(at.Peer, at.Prefix);
        else scenario.At(time).Announce(at.Peer, random.Pick(others), at.Prefix);
        scenario.At(time + lasting).Announce(at.Peer, at.Held, at.Prefix);
    }

    private static TimeSpan Wait(SeededRandom random, TimeSpan mean) =>
        TimeSpan.FromSeconds(1 + random.Below(2 * (int)mean.TotalSeconds));
}
