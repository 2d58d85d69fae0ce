using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>
/// North Korea's second link, 1 and 2 October 2017, played from Dyn Research's published timeline. The
/// dates, the prefixes and the two carriers are Dyn's; which peer saw what is invented.
/// </summary>
public sealed class KpReenactment
{
    public const string Notice =
        "Re-enactment of 1-2 October 2017 from Dyn Research's published timeline; not archive data.";

    private const string Credit =
        "Background prefixes and the ends of their paths: University of Oregon RouteViews Project, CC BY 4.0. "
        + "See README.md.";

    public const string ViewName = "isthmus re-enactment";

    internal static readonly Nlri
        P176 = "175.45.176.0/24", P177 = "175.45.177.0/24", P178 = "175.45.178.0/24", P179 = "175.45.179.0/24";

    private readonly Dictionary<ScenarioPeer, KpPeer> _cast = [];
    private readonly Dictionary<(ScenarioPeer Peer, uint Carrier), IReadOnlyList<string>> _paths = [];
    private readonly SeededRandom _random;
    private readonly KpTruth _truth;

    private KpReenactment(Scenario scenario)
    {
        Scenario = scenario;
        _random = scenario.Random.Fork("kp");
        _truth = new(scenario, _cast);
    }

    public Scenario Scenario { get; }

    /// <summary>The ground truth as JSON.</summary>
    public string Truth => _truth.ToJson();

    /// <summary>Sets up the peers, the background and the whole story.</summary>
    public static KpReenactment Create()
    {
        var scenario = Scenario.Create(
            seed: 20171001, KpSchedule.Start, KpSchedule.End, Notice + "\n" + Credit, ViewName);
        var story = new KpReenactment(scenario);
        var background = ReadBackground();
        story.Assemble(background);
        story.FirstPeriod();
        new KpInstability(story).Play();
        story.SecondPeriod();
        story.Everyday(background);
        return story;
    }

    /// <summary>Writes the archive, NOTICE.txt and truth.json.</summary>
    public void WriteTo(string folder)
    {
        Scenario.WriteTo(folder);
        File.WriteAllText(Path.Combine(folder, "truth.json"), Truth);
    }

    internal KpTruth Recorder => _truth;

    internal IReadOnlyList<ScenarioPeer> Holders =>
        [.. _cast.Keys.Where(peer => _cast[peer].HoldsSubject && IsIpv4(peer))];

    internal IReadOnlyList<ScenarioPeer> Takers => [.. Holders.Where(peer => _cast[peer].TakesNewLink)];

    /// <summary>The paths of a peer by a carrier, best first.</summary>
    internal IReadOnlyList<string> Paths(ScenarioPeer peer, uint carrier)
    {
        if (_paths.TryGetValue((peer, carrier), out var known)) return known;
        string other = $" {KpPeers.ChinaUnicom + KpPeers.TransTeleCom - carrier} ";
        var paths = KpPeers.Topology.Paths(peer.Asn.Number, [carrier, KpPeers.StarJv]);
        return _paths[(peer, carrier)] = [.. paths.Where(path => !path.Contains(other))];
    }

    internal string China(ScenarioPeer peer) => Paths(peer, KpPeers.ChinaUnicom)[0];

    internal string Russia(ScenarioPeer peer) => Paths(peer, KpPeers.TransTeleCom)[0];

    private static bool IsIpv4(ScenarioPeer peer) => peer.Address.Family is AddressFamily.IPv4;

    private static Background ReadBackground()
    {
        using var stream = typeof(KpReenactment).Assembly.GetManifestResourceStream("background.txt")!;
        using var reader = new StreamReader(stream);
        return Background.Read(KpPeers.Topology, reader);
    }

    private void Assemble(Background background)
    {
        string[] networks = ["192.0.2.", "198.51.100.", "203.0.113.", "198.18.0."];
        for (int i = 0; i < KpPeers.Collectors.Length; i++)
        {
            var (name, project, peers, ipv6) = KpPeers.Collectors[i];
            var collector = Scenario.Collector(name, project);
            if (!collector.Layout.HasStates) collector.DumpTimes = KpSchedule.RouteViewsDumps;
            for (int row = 0; row < peers.Length; row++)
                Join(collector.Peer($"{networks[i]}{row + 11}", peers[row].Asn), peers[row]);
            foreach (var role in ipv6.Select(asn => peers.First(peer => peer.Asn == asn)))
                Join(collector.Peer($"2001:db8:{i + 1}::{role.Asn:x}", role.Asn), role with { Narrow = false });
        }
        foreach (var (peer, role) in _cast)
        {
            background.Fill(peer);
            if (role.HoldsSubject && IsIpv4(peer)) peer.Hold(China(peer), P176, P177, P178, P179);
        }
    }

    private void Join(ScenarioPeer peer, KpPeer role)
    {
        peer.Feed = role.Feed;
        peer.WideAsns = !role.Narrow;
        if (role.Asn is 3257 or 13030 or 2914)
            peer.Communities = [$"{role.Asn}:{100 + role.Asn % 9}", $"{role.Asn}:4000"];
        _cast.Add(peer, role);
    }

    private void FirstPeriod()
    {
        var span = Scenario.At(KpSchedule.Appears).Across(Takers, TimeSpan.FromSeconds(60), first: 20764)
            .Announce(Russia, P176, P178, P179);
        _truth.Row("upstream-appeared", KpSchedule.Appears, span, [P176, P178, P179]);
        span = Scenario.At(KpSchedule.Vanishes).Across(Takers, TimeSpan.FromSeconds(40), first: 12389)
            .Steps(Losing, P176, P178, P179);
        _truth.Row("upstream-vanished", KpSchedule.Vanishes, span, [P176, P178, P179]);
    }

    private void SecondPeriod()
    {
        var span = Scenario.At(KpSchedule.Returns).Across(Takers, TimeSpan.FromSeconds(55), first: 20764)
            .Announce(Russia, P176, P178, P179);
        _truth.Row("upstream-returned", KpSchedule.Returns, span, [P176, P178, P179]);
        span = Scenario.At(KpSchedule.Loses176).Across(Takers, TimeSpan.FromSeconds(40), first: 8359)
            .Steps(Losing, P176);
        _truth.Row("upstream-vanished", KpSchedule.Loses176, span, [P176]);
        span = Scenario.At(KpSchedule.Loses179).Across(Takers, TimeSpan.FromSeconds(40), first: 9002)
            .Steps(Losing, P179);
        _truth.Row("upstream-vanished", KpSchedule.Loses179, span, [P179]);
    }

    /// <summary>From AS20485 back to AS4837: some hunt by a longer path first, a few have none for a moment.</summary>
    private IReadOnlyList<string?> Losing(ScenarioPeer peer)
    {
        double kind = SeededRandom.Hash($"losing {peer.Key}") % 100 / 100.0;
        // The ASes that Dyn's seconds are tied to change once.
        if (peer.Asn.Number is 12389 or 8359 or 9002) return [China(peer)];
        if (kind < 0.4 && Paths(peer, KpPeers.TransTeleCom) is [_, var longer, ..]) return [longer, China(peer)];
        return kind < 0.52 ? [null, China(peer)] : [China(peer)];
    }

    private void Everyday(Background background)
    {
        background.Churn(Scenario, KpSchedule.MeanChurnGap);
        foreach (var (time, seconds, prefix) in KpSchedule.BackgroundOutages(background.Prefixes, _random))
            Background.FlapEverywhere(Scenario, time, TimeSpan.FromSeconds(seconds), prefix);
        var reset = Scenario.Peers.First(peer =>
            peer.Collector.Name == KpSchedule.ResetCollector && peer.Asn.Number == KpSchedule.ResetAsn);
        Scenario.At(KpSchedule.Reset).ResetSession(reset, TimeSpan.FromSeconds(94), resendSeconds: 25);
        foreach (var (time, asn, kind, prefix) in KpSchedule.SubjectChurn)
            Harmless(Holders.First(peer => peer.Asn.Number == asn), Timestamp.Parse(time), kind, prefix);
    }

    /// <summary>Everyday churn on North Korea's own prefixes: one session, over within minutes.</summary>
    private void Harmless(ScenarioPeer peer, Timestamp time, string kind, Nlri prefix)
    {
        bool russia = KpSchedule.Carries(time, prefix) && Takers.Contains(peer);
        var paths = Paths(peer, russia ? KpPeers.TransTeleCom : KpPeers.ChinaUnicom);
        if (kind is "gone") Scenario.At(time).Withdraw(peer, prefix);
        else if (kind is "detour") Scenario.At(time).Announce(peer, paths[1], prefix);
        else if (kind is "other carrier") Scenario.At(time).Announce(peer, China(peer), prefix);
        Scenario.At(time + TimeSpan.FromSeconds(_random.Between(18, 95))).Announce(peer, paths[0], prefix);
        _truth.Churn(time, peer, kind, prefix);
    }
}
