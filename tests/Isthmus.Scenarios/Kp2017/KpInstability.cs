using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>The restless hour and a half: four times all four prefixes are down, between they flap.</summary>
internal sealed class KpInstability(KpReenactment story)
{
    private static readonly Nlri[] All =
        [KpReenactment.P176, KpReenactment.P177, KpReenactment.P178, KpReenactment.P179];

    private readonly SeededRandom _random = story.Scenario.Random.Fork("instability");

    public void Play()
    {
        foreach (var start in KpSchedule.Bursts) Burst(start, story.Holders, All);
        foreach (var outage in KpSchedule.Outages) Outage(outage.Lost, outage.Back);
        // The first flap and the last return stand at the very ends, at one peer that the last bursts leave alone.
        var edge = story.Holders.First(peer => peer.Asn.Number == 4637);
        var others = story.Holders.Except(story.Takers).Where(peer => peer != edge).ToList();
        foreach (var start in KpSchedule.LastBursts)
        {
            Burst(start, story.Takers, [KpReenactment.P177]);
            Burst(start, others, All);
        }
        story.Scenario.At(KpSchedule.UnstableFrom).Withdraw(edge, All);
        story.Scenario.At(KpSchedule.UnstableFrom + TimeSpan.FromSeconds(21)).Announce(edge, story.China(edge), All);
        story.Scenario.At(KpSchedule.UnstableTo - TimeSpan.FromSeconds(33)).Withdraw(edge, KpReenactment.P177);
        story.Scenario.At(KpSchedule.UnstableTo).Announce(edge, story.China(edge), KpReenactment.P177);
    }

    private void Outage(Timestamp lost, Timestamp back)
    {
        var holders = story.Holders;
        var loss = story.Scenario.At(lost).Across(holders, TimeSpan.FromSeconds(40)).Steps(Hunting, All);
        var gain = story.Scenario.At(back).Across(holders, TimeSpan.FromSeconds(40)).Announce(story.China, All);
        story.Recorder.Outage(loss, gain);
    }

    private IReadOnlyList<string?> Hunting(ScenarioPeer peer) =>
        _random.Chance(0.5) && story.Paths(peer, KpPeers.ChinaUnicom) is [_, var second, ..]
            ? _random.Chance(0.4) && story.Paths(peer, KpPeers.ChinaUnicom) is [_, _, var third, ..]
                ? [second, third, null]
                : [second, null]
            : [null];

    /// <summary>Within a minute most sessions lose or change some prefixes, each for under forty seconds.</summary>
    private void Burst(Timestamp start, IReadOnlyList<ScenarioPeer> peers, Nlri[] prefixes)
    {
        foreach (var peer in peers)
        {
            Nlri[] some = [.. prefixes.Where(_ => _random.Chance(0.55))];
            if (some.Length == 0) continue;
            var time = start + TimeSpan.FromSeconds(_random.Between(2, 60));
            if (_random.Chance(0.7)) story.Scenario.At(time).Withdraw(peer, some);
            else story.Scenario.At(time).Announce(peer, story.Paths(peer, KpPeers.ChinaUnicom)[1], some);
            time += TimeSpan.FromSeconds(_random.Between(7, 38));
            story.Scenario.At(time).Announce(peer, story.China(peer), some);
        }
    }
}
