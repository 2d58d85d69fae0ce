using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Claims;

/// <summary>The archives that the files under <c>statements</c> speak of: each file's first line says what happened in them.</summary>
internal static partial class StatementWorlds
{
    private const string Start = "2019-03-04T00:00:00Z", End = "2019-03-06T00:00:00Z";
    private const string China = "4837", Russia = "20485";

    private static readonly Nlri P176 = "175.45.176.0/24", P177 = "175.45.177.0/24", P178 = "175.45.178.0/24", P179 = "175.45.179.0/24";
    private static readonly Nlri[] _all = [P176, P177, P178, P179];
    private static readonly uint[] _peers = [3333, 3257, 7018, 4608, 50304, 22652, 8758, 6881, 39351, 2914, 13030, 6453];

    /// <summary>The report that a file's statements are held against; skips the test where its real data are not there.</summary>
    public static Report Of(string name) => name switch
    {
        "kp-2017-10" or "kp-2017-10-newsroom" => SampleReport.Kp,
        "drawn-91012" => Drawn(91012),
        "drawn-91016" => Drawn(91016),
        "drawn-91024" => Drawn(91024),
        "drawn-91026" => Drawn(91026),
        "migration" => Play(China, (scenario, peers) => Move(scenario, peers, "2019-03-04T14:00:00Z", Russia)),
        "outage" or "outage-counted" or "outage-words" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers, "2019-03-04T10:00:00Z", _all);
            Move(scenario, peers, "2019-03-04T10:30:00Z", China);
            Withdraw(scenario, peers, "2019-03-05T02:00:00Z", P176);
            Move(scenario, peers, "2019-03-05T03:00:00Z", China, P176);
        }),
        "partial-outage" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers[..8], "2019-03-04T12:00:00Z", _all);
            Move(scenario, peers[..8], "2019-03-04T18:00:00Z", China);
        }),
        "shift" or "shift-measured" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers[..3]) peer.Hold(Path(peer, Russia), _all);
            scenario.At(Timestamp.Parse("2019-03-04T06:00:00Z")).Across(peers[3..9], TimeSpan.FromMinutes(5))
                .Announce(peer => Path(peer, Russia), _all);
        }),
        "flapping" => Play(China, (scenario, peers) =>
        {
            for (int i = 0; i < 14; i++)
                Move(scenario, peers, $"2019-03-04T08:{i:00}:00Z", i % 2 == 0 ? Russia : China);
        }),
        "return-behind-another" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers, "2019-03-04T09:00:00Z", _all);
            Move(scenario, peers, "2019-03-05T09:00:00Z", Russia);
        }),
        "dual-stack" or "dual-stack-words" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers) peer.Hold(Path(peer, Russia), "2400:8900::/32");
        }),
        "two-origins" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers[..6])
                scenario.At(Timestamp.Parse("2019-03-04T15:00:00Z")).Announce(peer, $"{peer.Asn.Number} 3356 9318", P178);
        }),
        "another-origin" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers)
                scenario.At(Timestamp.Parse("2019-03-04T15:00:00Z")).Announce(peer, $"{peer.Asn.Number} 3356 9318", P178);
        }),
        "part-moves" or "part-moves-measured" => Play(China, (scenario, peers) =>
        {
            Move(scenario, peers, "2019-03-04T09:00:00Z", Russia, P177, P178);
            Move(scenario, peers, "2019-03-04T15:00:00Z", China, P178);
            Withdraw(scenario, peers, "2019-03-04T20:00:00Z", P179);
            Move(scenario, peers, "2019-03-04T20:30:00Z", China, P179);
        }),
        "slow-outage" => Play(China, (scenario, peers) =>
        {
            for (int i = 0; i < peers.Length; i++)
            {
                scenario.At(Timestamp.Parse("2019-03-04T08:00:00Z") + i * TimeSpan.FromMinutes(10)).Withdraw(peers[i], _all);
                scenario.At(Timestamp.Parse("2019-03-04T14:00:00Z") + i * TimeSpan.FromMinutes(10))
                    .Announce(peers[i], Path(peers[i], China), _all);
            }
        }),
        "two-steps" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers[..7], "2019-03-04T11:00:00Z", _all);
            Withdraw(scenario, peers[7..], "2019-03-04T11:05:00Z", _all);
            Move(scenario, peers, "2019-03-04T12:00:00Z", China);
        }),
        "departure" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers[..6]) peer.Hold(Path(peer, Russia), _all);
            Move(scenario, peers[6..], "2019-03-05T10:00:00Z", Russia);
        }),
        "comes-and-goes" or "comes-and-goes-counted" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers[..6]) peer.Hold(Path(peer, Russia), _all);
            for (int i = 0; i < 9; i++)
                Move(scenario, peers[..6], $"2019-03-04T{1 + i / 3:00}:{i % 3 * 20:00}:00Z", i % 2 == 0 ? China : Russia);
        }),
        "handover" or "handover-lasting" or "handover-words" => Play(China, (scenario, peers) =>
        {
            Move(scenario, peers, "2019-03-04T09:00:00Z", Russia);
            Move(scenario, peers, "2019-03-04T15:00:00Z", China);
            Move(scenario, peers, "2019-03-04T20:00:00Z", "9498");
            Move(scenario, peers, "2019-03-05T06:00:00Z", Russia);
            Move(scenario, peers, "2019-03-05T06:06:00Z", "9498");
        }),
        "swap" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers) peer.Hold(Path(peer, Russia), P178, P179);
            Move(scenario, peers, "2019-03-04T10:00:00Z", Russia, P176, P177);
            Move(scenario, peers, "2019-03-04T10:00:00Z", China, P178, P179);
        }),
        "slow-move" => Play(China, (scenario, peers) =>
        {
            for (int i = 0; i < peers.Length; i++)
                scenario.At(Timestamp.Parse("2019-03-04T02:05:00Z") + i * TimeSpan.FromMinutes(70)).Announce(peers[i], Path(peers[i], Russia), _all);
        }),
        "set-of-origins" => Play(China, (scenario, peers) => scenario.At(Timestamp.Parse("2019-03-04T10:00:00Z"))
            .Across(peers, TimeSpan.FromSeconds(40)).Announce(peer => $"{peer.Asn.Number} 1299 {Russia} {{131279,328000}}", P178, P179)),
        "silent-peers" => Play(China, (scenario, peers) =>
        {
            foreach (var peer in peers[..9]) scenario.At("2019-03-04T20:00:00Z").ResetSession(peer, TimeSpan.FromHours(40));
        }),
        "dumps-alone" => Play(China, (scenario, peers) =>
        {
            Move(scenario, peers, "2019-03-04T18:00:00Z", Russia, P178, P179);
            Withdraw(scenario, peers, "2019-03-05T07:00:00Z", _all);
            Move(scenario, peers, "2019-03-05T09:00:00Z", China);
        }, file => file.IsDump, Start),
        "no-table" => Play(China, (scenario, peers) =>
        {
            Withdraw(scenario, peers, "2019-03-04T09:00:00Z", _all);
            Move(scenario, peers, "2019-03-05T09:00:00Z", Russia);
        }, file => !file.IsDump && file.Start >= Timestamp.Parse("2019-03-04T14:00:00Z")),
        "real-jinx-2014" => Real("KP", "rib/routeviews.jinx.rib.20140530.2200.bz2"),
        "real-rrc06-2018" => Real("KP", "rib/ris.rrc06.rib.20180424.from-json.gz"),
        "real-jinx-updates" => Real("IR", "../cases/real/began-to-carry/route-views.jinx/updates.20140501.0000.txt"),
        "real-jinx-with-table" => Real("IR", "../cases/real/began-to-carry/route-views.jinx"),
        "real-youtube-2008" => Real("AS36561", "../cases/real/subprefix-hijack-2008"),
        "real-rrc00-updates-2015" => Real("AS54543", "updates/ris.rrc00.updates.20150401.1400.gz"),
        _ => OfGap(name),
    };

    private static Report Drawn(ulong seed) => AccuracyRun.Survey(DrawnScenario.TryDrawHard(seed)!);

    private static string Path(ScenarioPeer peer, string carrier) => $"{peer.Asn.Number} 1299 {carrier} 131279";

    private static void Move(Scenario scenario, ScenarioPeer[] peers, string time, string carrier, params Nlri[] prefixes) =>
        scenario.At(Timestamp.Parse(time)).Across(peers, TimeSpan.FromSeconds(40))
            .Announce(peer => Path(peer, carrier), prefixes is [] ? _all : prefixes);

    private static void Withdraw(Scenario scenario, ScenarioPeer[] peers, string time, params Nlri[] prefixes) =>
        scenario.At(Timestamp.Parse(time)).Across(peers, TimeSpan.FromSeconds(40)).Withdraw(prefixes);

    // Peers behind the full feeds hold a tenth of what is beside the subject, and none of it.
    private static Report Play(string carrier, Action<Scenario, ScenarioPeer[]> story, Func<ArchiveFile, bool>? keep = null,
        string? from = null, string subject = "AS131279", string[]? collectorNames = null, int fullFeeds = 12, bool holdsIpv4 = true, int more = 0)
    {
        var scenario = Scenario.Create(7, Start, End);
        ScenarioCollector[] collectors =
            [.. (collectorNames ?? ["rrc00", "rrc03"]).Select(name => scenario.Collector(name, Project.Ris))];
        var ases = _peers[..(holdsIpv4 ? 12 : 1)].Concat(Enumerable.Range(50001, more).Select(number => (uint)number));
        ScenarioPeer[] peers = [.. ases.Select(
            (asn, i) => collectors[i % collectors.Length].Peer($"192.0.2.{i + 1}", asn))];
        foreach (var (place, peer) in peers.Index())
        {
            if (holdsIpv4 && place < fullFeeds) peer.Hold(Path(peer, carrier), _all);
            for (int i = 0; i < (place < fullFeeds ? 40 : 4); i++) peer.Hold($"{peer.Asn.Number} 3356 {64496 + i % 8}", $"198.{18 + i}.0.0/16");
        }
        story(scenario, peers);
        // Sessions that speak now and then: one that falls silent is lost, and the period of a report ends with its last record.
        for (var time = scenario.To - TimeSpan.FromSeconds(10); time > scenario.From; time -= TimeSpan.FromMinutes(10))
            foreach (var peer in peers) scenario.At(time).Announce(peer, $"{peer.Asn.Number} 3356 64496", "198.18.0.0/16");
        using var folder = new TemporaryFolder(inMemory: true);
        foreach (var file in scenario.Files().Where(file => keep?.Invoke(file) ?? true)) folder.Write(file.Path, file.Packed(small: true));
        return Read(subject, folder.Root, from ?? (keep is null ? Start : "2019-03-04T14:00:00Z"), End);
    }

    private static Timestamp? At(string? time) => time is null ? null : Timestamp.Parse(time);

    private static Report Real(string subject, string name) => Read(subject, RealData.Path(name));

    private static Report Read(string about, string path, string? from = null, string? to = null)
    {
        var registry = RegistrySnapshot.Shipped;
        var subject = Subjects.Resolve(about, registry, out _)!;
        using var inputs = new Inputs();
        var files = inputs.Resolve([path], Stream.Null, CancellationToken.None);
        return Report.Of(Survey.Run(new(subject, At(from), At(to), null), files, registry, new ReadProgress(), CancellationToken.None));
    }
}
