using System.Globalization;

using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Benchmarks;

/// <summary>
/// What the state of every prefix costs: bytes that stay for a route after a dump of a whole table at some peers, and bytes that an
/// update takes from the heap once what was said has become final.
/// </summary>
internal static class RouteCost
{
    private const int Rounds = 5;

    public static int Run(int prefixes, int peers)
    {
        var collector = new Collector("rrc00", Project.Ris);
        uint[][] paths = [.. Enumerable.Range(0, 1000).Select(i =>
            (uint[])[PathWords.Header(SegmentType.Sequence, 3), 3333, 174, 5000 + (uint)i])];
        var state = new RoutingState(_ => true, (int _, int _, in RouteStep _) => { });
        for (uint peer = 0; peer < peers; peer++) state.PeerOf(new(collector, IpAddress.V4(1 + peer), new(3333)));
        // Of the prefixes themselves, which all peers share, and of the bit by which they are counted.
        Dump(0, 1);
        long shared = GC.GetTotalMemory(forceFullCollection: true);
        Dump(7200, peers);
        long bytes = GC.GetTotalMemory(forceFullCollection: true) - shared;
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{prefixes:N0} prefixes at {peers} peers: {bytes / ((double)prefixes * (peers - 1)):0.00} bytes a route that stay"));
        for (int round = 0, time = 10_000; round < Rounds; round++)
        {
            long before = GC.GetTotalAllocatedBytes(precise: true);
            int updates = 0;
            for (int prefix = round; prefix < prefixes; prefix += 10, updates++)
            {
                if (updates % 20 == 0) time++;
                state.Update(new(updates % peers, PrefixOf(prefix), paths[(prefix + round) % paths.Length], true, At(time),
                    Cause.Announcement, default, 0));
            }
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{updates:N0} updates: {(GC.GetTotalAllocatedBytes(precise: true) - before) / (double)updates:0.0} bytes an update from the heap"));
        }
        GC.KeepAlive(state);
        return 0;

        void Dump(int time, int shownBy)
        {
            var rib = RoutingState.BeginRib(collector, At(time));
            for (int prefix = 0; prefix < prefixes; prefix++)
                for (int peer = 0; peer < shownBy; peer++)
                    state.RibEntry(
                        rib, new(peer, PrefixOf(prefix), paths[prefix % paths.Length], true, At(time), Cause.RibEntry, default, 0));
            state.EndRib(rib, At(time), whole: true);
        }
    }

    private static Prefix PrefixOf(int prefix) => new(IpAddress.V4(0x01000000u + (uint)prefix * 256), 24);

    private static Timestamp At(int second) => Timestamp.FromSeconds(second);
}
