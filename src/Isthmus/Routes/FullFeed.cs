namespace Isthmus.Routes;

/// <summary>
/// Which peers send (nearly) the whole table. A fixed number ages, and a percentile over sessions fails where one
/// of fourteen peers is full; so the yardstick is the route-weighted median: the count that half of all held
/// routes belong to sessions of at least. One that leaks a double table does not move it, nor do many that send
/// little.
/// </summary>
public sealed class FullFeed
{
    /// <summary>A full-feed peer holds at least this part of the yardstick (methods.md, "Full feeds").</summary>
    public const double Part = 0.75;

    private readonly double _ipv4, _ipv6;

    private FullFeed(double ipv4, double ipv6) => (_ipv4, _ipv6) = (ipv4, ipv6);

    public bool Ipv4(int prefixes) => prefixes > 0 && prefixes >= _ipv4;

    public bool Ipv6(int prefixes) => prefixes > 0 && prefixes >= _ipv6;

    /// <summary>
    /// From this count on a table is a real one and no experiment, and says which size the table of the other family has at least.
    /// </summary>
    public const int RealTableMin = 1_000;

    /// <summary>The IPv6 table was never smaller than this part of the IPv4 table since 2003 (0.3 % then, a fifth in 2025).</summary>
    public const double Ipv6PartMin = 1.0 / 500;

    /// <summary>Judges what full feeds hold, by all sessions of which a table is known.</summary>
    public static FullFeed Judge(IEnumerable<PeerRecord> peers)
    {
        var (ipv4, ipv6) = Thresholds([.. peers.Select(peer =>
            (peer.Ipv4Since is null ? 0 : peer.Ipv4Max, peer.Ipv6Since is null ? 0 : peer.Ipv6Max))]);
        return new(ipv4, ipv6);
    }

    /// <summary>
    /// The least counts of a full-feed peer. Where one family's table is a real one, a few prefixes of the other are none: an
    /// IPv4 table is at least as large as the IPv6 table beside it, an IPv6 table at least <see cref="Ipv6PartMin"/> of the
    /// IPv4 table.
    /// </summary>
    /// <param name="peers">The most prefixes of each family that each session held at once.</param>
    public static (double Ipv4, double Ipv6) Thresholds(IReadOnlyCollection<(int Ipv4, int Ipv6)> peers)
    {
        double ipv4 = Yardstick(peers.Select(peer => peer.Ipv4)), ipv6 = Yardstick(peers.Select(peer => peer.Ipv6));
        return (
            Math.Max(Part * ipv4, ipv6 >= RealTableMin ? Part * ipv6 : 0),
            Math.Max(Part * ipv6, ipv4 >= RealTableMin ? Ipv6PartMin * ipv4 : 0));
    }

    /// <summary>The least count of a full-feed peer, from the counts of all sessions of one family.</summary>
    public static double Threshold(IEnumerable<int> counts) => Part * Yardstick(counts);

    /// <summary>The route-weighted median: the count that half of all routes belong to sessions of at least; 0 for none.</summary>
    public static int Yardstick(IEnumerable<int> counts)
    {
        int[] sorted = [.. counts.OrderDescending()];
        long half = sorted.Sum(count => (long)count), reached = 0;
        foreach (int count in sorted)
            if (2 * (reached += count) >= half) return count;
        return 0;
    }
}
