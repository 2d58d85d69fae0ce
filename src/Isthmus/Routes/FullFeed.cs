namespace Isthmus.Routes;

/// <summary>
/// Which peers send (nearly) the whole table. A fixed number ages, and a percentile over sessions fails where one
/// of fourteen peers is full; so the yardstick is the route-weighted median: the count that half of all held
/// routes belong to sessions of at least. One that leaks a double table does not move it, nor do many that send
/// little.
/// </summary>
public sealed class FullFeed
{
    /// <summary>A full-feed peer holds at least this part of the yardstick (methods.md section 2).</summary>
    public const double Part = 0.75;

    private readonly double _ipv4, _ipv6;

    private FullFeed(double ipv4, double ipv6) => (_ipv4, _ipv6) = (ipv4, ipv6);

    public bool Ipv4(int prefixes) => prefixes > 0 && prefixes >= _ipv4;

    public bool Ipv6(int prefixes) => prefixes > 0 && prefixes >= _ipv6;

    internal static FullFeed Judge(IReadOnlyList<PeerState> peers) =>
        new(Threshold(peers.Where(peer => peer.Ipv4Since is not null).Select(peer => peer.Ipv4Max)),
            Threshold(peers.Where(peer => peer.Ipv6Since is not null).Select(peer => peer.Ipv6Max)));

    /// <summary>The least count of a full-feed peer, from the counts of all sessions of one family.</summary>
    public static double Threshold(IEnumerable<int> counts)
    {
        int[] sorted = [.. counts.OrderDescending()];
        long half = sorted.Sum(count => (long)count), reached = 0;
        foreach (int count in sorted)
            if (2 * (reached += count) >= half) return Part * count;
        return 0;
    }
}
