using System.Globalization;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Transit.Court;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Benchmarks;

/// <summary>
/// What error bars and the court cost, for a country of many prefixes at many peer ASes: CPU seconds of each beside the
/// plain shares. Peers lack a few prefixes each, so that hardly two prefixes are seen by the same peer ASes: the worst case.
/// </summary>
internal static class ShareCost
{
    private const int Upstreams = 20, Rounds = 5;

    public static int Run(int prefixes, int peerAses)
    {
        var seen = Draw(prefixes, peerAses);
        var subject = Subjects.Resolve("AS131279", RegistrySnapshot.Shipped, out _)!;
        for (int round = 0; round < Rounds; round++)
        {
            var groups = new VoteGroups(Weighting.PeerAs, RegistrySnapshot.Shipped.CountryOf);
            Sightings told = null!, heard = null!;
            HeldRoute[] routes = [];
            double read = Seconds(() => told = new(seen, new AttributedPaths(seen.Paths, subject, RegistrySnapshot.Shipped, new())));
            double court = Seconds(() => heard = new VantagePointCourt(told, groups).Heard);
            double held = Seconds(() => routes = SharesAt.Counted(heard, seen.To));
            double plain = Seconds(() => SharesAt.All(routes, heard.Upstreams, SharesAt.Weights(heard.Prefixes)));
            double reckoning = Seconds(() => _ = new ShareReckoning(heard, routes, groups));
            double agreement = Seconds(() => Agreement.Of(told));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{routes.Length:N0} routes: sightings {read:0.000} s, routes {held:0.000} s, plain shares {plain:0.000} s; with intervals "
                + $"{reckoning:0.000} s; court {court:0.000} s, agreement {agreement:0.000} s"));
        }
        return 0;
    }

    private static double Seconds(Action work)
    {
        var before = Environment.CpuUsage.TotalTime;
        work();
        return (Environment.CpuUsage.TotalTime - before).TotalSeconds;
    }

    private static Observations Draw(int prefixes, int peerAses)
    {
        var random = new Random(1);
        var from = Timestamp.Parse("2017-10-01T00:00:00Z");
        var paths = new PathTable();
        var source = new Source("drawn", new("rrc00", Project.Ris));
        Peer[] peers = [.. Enumerable.Range(0, peerAses).Select(i =>
            new Peer(new($"rrc{i % 20:00}", Project.Ris), IpAddress.V4(0xC6120000 + (uint)i), new(1001 + (uint)i))).Order()];
        var histories = new List<RouteHistory>(prefixes * peerAses);
        for (int prefix = 0; prefix < prefixes; prefix++)
            for (int peer = 0; peer < peers.Length; peer++)
            {
                if (random.Next(50) == 0) continue;
                uint[] path =
                    [PathWords.Header(SegmentType.Sequence, 4), peers[peer].Asn.Number, 174, 5000 + (uint)random.Next(Upstreams), 131279];
                histories.Add(new(peer, new(IpAddress.V4(0x0A000000u + (uint)prefix * 256), 24),
                    [new(from, paths.Intern(path), Cause.RibEntry, new(source, 1, 0, 1))]));
            }
        SessionSpan[] up = [new(from, from + TimeSpan.FromHours(1))];
        return new(from, from + TimeSpan.FromHours(1), [.. peers.Select(peer => new PeerFeed(peer, 700_000, 0, true, false, false, up))],
            paths, histories, []);
    }
}
