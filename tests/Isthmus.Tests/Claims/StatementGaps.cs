using Isthmus.Reports;
using Isthmus.Wire;

namespace Isthmus.Tests.Claims;

/// <content>
/// Archives in which what was held is not known, or cannot be told, for a while: lost sessions and files, refused paths, other origins,
/// wrong clocks, uneven feeds.
/// </content>
internal static partial class StatementWorlds
{
    private const string Day = "2019-03-04T", Next = "2019-03-05T";

    private static Report OfGap(string name) => name switch
    {
        "reset-hides-change" or "reset-hides-change-country" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers[..4])
            {
                scenario.At(Day + "11:00:00Z").ResetSession(peer, TimeSpan.FromMinutes(30));
                scenario.At(Day + "11:10:00Z").Announce(peer, Path(peer, Russia), _all);
            }
        }, subject: name.EndsWith("country", StringComparison.Ordinal) ? "KP" : "AS131279"),
        "resets-in-turn" => Play(China, (scenario, peers) =>
        {
            for (int i = 0; i < peers.Length; i++)
            {
                var down = Timestamp.Parse(Day + "10:00:00Z") + i * TimeSpan.FromMinutes(5);
                scenario.At(down).ResetSession(peers[i], TimeSpan.FromMinutes(10));
                scenario.At(down + TimeSpan.FromMinutes(3)).Announce(peers[i], Path(peers[i], Russia), _all);
            }
        }),
        "lost-file" => Play(China, (scenario, peers) =>
            Move(scenario, [.. peers.Where((_, i) => i % 2 == 1)], Day + "09:20:00Z", Russia),
            file => file.IsDump || file.Collector.Name != "rrc03" || file.Start < Timestamp.Parse(Day + "09:00:00Z")
                || file.Start >= Timestamp.Parse(Day + "10:00:00Z"), Start),
        "one-collector-of-dumps" => Play(China, (scenario, peers) =>
            Move(scenario, [.. peers.Where((_, i) => i % 2 == 1)], Day + "09:20:00Z", Russia),
            file => file.IsDump || file.Collector.Name != "rrc03", Start),
        "lost-outage" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers, Day + "09:20:00Z", _all);
            Move(scenario, peers, Day + "20:20:00Z", China);
        }, file => file.IsDump || !IsIn(file.Start, "09:00", "10:00") && !IsIn(file.Start, "20:00", "21:00"), Start),
        "another-origin-by-the-same" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers) scenario.At(Day + "15:00:00Z").Announce(peer, $"{peer.Asn.Number} 1299 {China} 9318", P176, P177);
        }),
        "gone-then-another" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers, Day + "08:00:00Z", _all);
            foreach (var peer in peers) scenario.At(Day + "09:00:00Z").Announce(peer, $"{peer.Asn.Number} 3356 9318", P176);
        }),
        "becomes-a-set" => Play(China, (scenario, peers) => scenario.At(Day + "10:00:00Z").Across(peers, TimeSpan.FromSeconds(40))
            .Announce(peer => $"{peer.Asn.Number} 1299 {China} {{131279,328000}}", _all)),
        "half-becomes-a-set" => Play(China, (scenario, peers) => scenario.At(Day + "10:00:00Z").Across(peers[..6], TimeSpan.FromSeconds(40))
            .Announce(peer => $"{peer.Asn.Number} 1299 {China} {{131279,328000}}", _all)),
        "refused-first" => Play("65010", (scenario, peers) => Move(scenario, peers, Day + "10:00:00Z", Russia)),
        "second-upstream" => Play(China, (scenario, peers) => scenario.At(Day + "10:00:00Z").Across(peers, TimeSpan.FromSeconds(40))
            .Announce(peer => $"{peer.Asn.Number} 3356 {China} 131279", _all)),
        "lost-at-end" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers[..4]) scenario.At(Day + "11:00:00Z").ResetSession(peer, TimeSpan.FromHours(40));
            Move(scenario, peers[4..], Day + "12:00:00Z", Russia);
        }),
        "one-of-forty" => Play(China, (scenario, peers) =>
        {
            peers[7].Hold(Path(peers[7], Russia), _all);
        }, fullFeeds: 40, more: 28),
        "country-lost" => Play(China, (scenario, peers) => scenario.At(Day + "12:00:00Z").Across(peers, TimeSpan.FromSeconds(20)).Withdraw(_all),
            subject: "KP"),
        "stairs" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers, Day + "06:00:00Z", _all);
            for (int i = 0; i < _all.Length; i++) Move(scenario, peers, $"{Day}{7 + i:00}:00:00Z", China, _all[i]);
        }),
        "half-back-and-gone" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers, Day + "06:00:00Z", _all);
            Move(scenario, peers, Day + "08:00:00Z", China, P176, P177);
            Withdraw(scenario, peers, Day + "10:00:00Z", P176, P177);
            Move(scenario, peers, Day + "12:00:00Z", China);
        }),
        "neighbours" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers[..8]) peer.Hold($"{peer.Asn.Number} 131279", _all);
            Move(scenario, peers[..8], Next + "10:00:00Z", China);
        }),
        "wrong-clock" => Play(China, (scenario, peers) =>
        {
            peers[3].Collector.ClockError = TimeSpan.FromSeconds(-400);
            Move(scenario, peers, Day + "09:00:00Z", Russia);
            Move(scenario, peers, Day + "13:00:00Z", China);
            Move(scenario, peers, Day + "17:00:00Z", Russia);
        }, collectorNames: ["rrc00", "rrc01", "rrc04", "rrc03"]),
        "uneven-feeds" => Play(China, (scenario, peers) =>
        {
            for (int i = 6; i < peers.Length; i++) peers[i].Hold($"{peers[i].Asn.Number} 3356 1299 131279", P176);
        }, fullFeeds: 6),
        "own-more-specific" => Play(China, (scenario, peers) =>
        {
            scenario.At(Day + "09:00:00Z").Across(peers, TimeSpan.FromSeconds(40)).Announce(peer => Path(peer, Russia), "175.45.176.0/25");
            scenario.At(Day + "15:00:00Z").Across(peers, TimeSpan.FromSeconds(40)).Withdraw("175.45.176.0/25");
        }),
        "one-table-missing" => Play(China, (scenario, peers) => Move(scenario, peers, Day + "09:00:00Z", Russia),
            file => !file.IsDump || file.Collector.Name != "rrc03", Start, collectorNames: ["rrc00", "rrc01", "rrc03"]),
        "one-peer-ipv6" => Play(China, (scenario, peers) =>
        {
            peers[0].Hold(Path(peers[0], China), "2400:8900::/32");
            scenario.At(Day + "14:00:00Z").Announce(peers[0], Path(peers[0], Russia), "2400:8900::/32");
            scenario.At(Next + "10:00:00Z").ResetSession(peers[0], TimeSpan.FromHours(2));
            scenario.At(Next + "11:00:00Z").Announce(peers[0], Path(peers[0], China), "2400:8900::/32");
        }, holdsIpv4: false),
        "gap-at-start-and-end" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers[..6]) peer.Hold(Path(peer, Russia), _all);
            Move(scenario, peers, Day + "14:00:00Z", "9498");
            Move(scenario, peers, Next + "23:00:00Z", Russia);
        }, file => file.Start >= Timestamp.Parse(Day + "08:00:00Z") && file.Start < Timestamp.Parse(Next + "22:00:00Z"), Start),
        _ => OfWindow(name),
    };

    private static bool IsIn(Timestamp time, string from, string to) =>
        time >= Timestamp.Parse($"{Day}{from}:00Z") && time < Timestamp.Parse($"{Day}{to}:00Z");
}
