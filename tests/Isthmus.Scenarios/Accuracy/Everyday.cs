using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>
/// The rest of the drawn Internet: prefixes of other origins at every session, with everyday churn; and a little of
/// it on the subject's own, one session at a time and over within two minutes.
/// </summary>
internal sealed class Everyday(Story story, SeededRandom random, AddressFamily family)
{
    private const int Origins = 24;

    private static readonly int[] _lasts = [5, 9, 16, 28, 50, 90];

    private static readonly TimeSpan _awayFromActs = TimeSpan.FromMinutes(20);

    private readonly Dictionary<ScenarioPeer, List<(Prefix Prefix, string Held, string? Other)>> _held = [];

    public void Write()
    {
        FillTables();
        foreach (var session in Sessions) ChurnBackground(session);
        foreach (var collector in story.Scenario.Collectors) KeepTalking(collector);
        ChurnSubject();
    }

    private void FillTables()
    {
        int block = 0;
        foreach (uint origin in random.Shuffle(story.Ases).Take(Origins))
        {
            var travel = new Propagation(story.Graph, random.Next());
            travel.Originate(default, origin, Origination.To(story.Graph.Neighbours(origin).Keys));
            travel.Run(new(long.MaxValue));
            Prefix[] prefixes = [.. Enumerable.Range(0, random.Between(2, 9)).Select(_ => PrefixAt(block++))];
            foreach (var session in Sessions)
            {
                if (travel.ChoicesOf(session.Asn) is not [.., { Path: { } path }]) continue;
                var shown = session.IsRouteServer ? path.Skip(1) : path;
                string? other = session.IsRouteServer ? null : travel.AlternativesOf(session.Asn).Select(PathText.Of).FirstOrDefault();
                foreach (var prefix in prefixes)
                {
                    double place = (SeededRandom.Hash($"{session.Asn} {prefix}") >> 11) * (1.0 / (1UL << 53));
                    // Even a full feed lacks a little that others have.
                    if (place >= session.Peer.Feed * 0.99) continue;
                    session.Peer.Hold(PathText.Of(shown), prefix);
                    if (!_held.TryGetValue(session.Peer, out var routes)) _held[session.Peer] = routes = [];
                    routes.Add((prefix, PathText.Of(shown), other));
                }
            }
        }
    }

    private Session[] Sessions => [.. story.Observatory.Sessions.Where(session => session.Family == family)];

    private Prefix PrefixAt(int block) => Prefix.Parse(family is AddressFamily.IPv6
        ? $"2a10:{block:x}::/32" : $"{185 + block / 256}.{block % 256}.0.0/22");

    private void ChurnBackground(Session session)
    {
        if (!_held.TryGetValue(session.Peer, out var routes)) return;
        var scenario = story.Scenario;
        for (var time = scenario.From; (time += TimeSpan.FromSeconds(30 + random.Below(1200))) < scenario.To;)
        {
            var (prefix, held, other) = random.Pick(routes);
            double kind = random.Fraction();
            if (kind < 0.4) scenario.At(time).Withdraw(session.Peer, prefix);
            else scenario.At(time).Announce(session.Peer, kind < 0.8 && other is not null ? other : held, prefix);
            scenario.At(time + TimeSpan.FromSeconds(random.Pick(_lasts))).Announce(session.Peer, held, prefix);
        }
    }

    // No collector of the real Internet writes an empty file: an empty one means that something was lost.
    private void KeepTalking(ScenarioCollector collector)
    {
        var talkers = collector.Peers.Where(_held.ContainsKey).ToArray();
        if (talkers.Length == 0) return;
        for (var time = story.Scenario.From; time < story.Scenario.To; time += TimeSpan.FromMinutes(2))
        {
            var peer = random.Pick(talkers);
            var (prefix, held, _) = random.Pick(_held[peer]);
            story.Scenario.At(time + TimeSpan.FromSeconds(random.Below(120))).Announce(peer, held, prefix);
        }
    }

    private void ChurnSubject()
    {
        var scenario = story.Scenario;
        PrefixGroup[] groups = [.. story.Groups.Where(group => group.Family == family)];
        for (int left = groups.Length == 0 ? 0 : random.Below(8); left > 0; left--)
        {
            var time = scenario.From + TimeSpan.FromSeconds(random.Below((int)(scenario.To - scenario.From).TotalSeconds - 300));
            var session = random.Pick(Sessions);
            var group = random.Pick(groups);
            var last = time + TimeSpan.FromSeconds(random.Pick(_lasts));
            if (!story.IsQuiet(time, _awayFromActs) || story.Showing.By(session, group, time) is not { } path
                || story.Showing.IsSilenced(session.Asn)) continue;
            if (random.Chance(0.6)) scenario.At(time).Withdraw(session.Peer, group.Nlri);
            else scenario.At(time).Announce(session.Peer, PathText.Of([.. path, path[^1], path[^1]]), group.Nlri);
            scenario.At(last).Announce(session.Peer, PathText.Of(story.Showing.By(session, group, last) ?? path), group.Nlri);
        }
    }
}
