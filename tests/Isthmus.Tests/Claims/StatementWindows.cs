using Isthmus.Reports;
using Isthmus.Scenarios;

namespace Isthmus.Tests.Claims;

/// <content>
/// Archives of which a part is asked for, or in which what is stated happened at the edge of the period, at few peers, or in several steps.
/// </content>
internal static partial class StatementWorlds
{
    private static Report OfWindow(string name) => name switch
    {
        "window-in-outage" => Play(China, OutThenRussia, from: Day + "11:00:00Z"),
        "window-after-outage" => Play(China, OutThenRussia, from: Day + "13:00:00Z"),
        "window-at-move" => Play(China, (scenario, peers) => MoveAtOnce(scenario, peers, Day + "11:00:00Z", Russia), from: Day + "11:00:00Z"),
        "move-in-last-second" => Play(China, (scenario, peers) => MoveAtOnce(scenario, peers, Next + "23:59:50Z", Russia)),
        "one-peer-for-two-hours" => Play(China, (scenario, peers) =>
        {
            Move(scenario, peers[..1], Day + "10:00:00Z", Russia);
            Move(scenario, peers[..1], Day + "12:00:00Z", China);
        }),
        "two-peers-through-outage" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers[2..], Day + "10:00:00Z", _all);
            Move(scenario, peers[..2], Day + "10:00:00Z", Russia);
            Move(scenario, peers, Day + "12:00:00Z", China);
        }),
        "three-minutes" => Play(China, (scenario, peers) =>
        {
            MoveAtOnce(scenario, peers, Day + "10:00:00Z", Russia);
            MoveAtOnce(scenario, peers, Day + "10:03:00Z", China);
        }),
        "prefix-by-prefix" => Play(China, (scenario, peers) =>
        {
            Move(scenario, peers, Day + "08:00:00Z", Russia, P176);
            Move(scenario, peers, Day + "10:00:00Z", Russia, P177);
            Move(scenario, peers, Day + "14:00:00Z", China, P176);
        }),
        "out-and-back" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers, Day + "10:00:00Z", _all);
            Move(scenario, peers, Day + "12:00:00Z", China);
        }),
        "prefix-of-another-origin" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers, Day + "10:00:00Z", P176);
            foreach (var peer in peers) scenario.At(Day + "11:00:00Z").Announce(peer, $"{peer.Asn.Number} 1299 {Russia} 134544", P176);
            Move(scenario, peers, Day + "12:00:00Z", China, P176);
        }, subject: "175.45.176.0/24"),
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "no such archive"),
    };

    private static void OutThenRussia(Scenario scenario, ScenarioPeer[] peers)
    {
        Withdraw(scenario, peers, Day + "10:00:00Z", _all);
        Move(scenario, peers, Day + "12:00:00Z", Russia);
    }

    private static void MoveAtOnce(Scenario scenario, ScenarioPeer[] peers, string time, string carrier)
    {
        foreach (var peer in peers) scenario.At(time).Announce(peer, Path(peer, carrier), _all);
    }
}
