using Isthmus.Filters;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Tables;

/// <summary>A session at a time, and whether all that it held then is known.</summary>
/// <param name="Ipv4">True where its whole IPv4 table is known: what is not among the routes it did not hold.</param>
/// <param name="Ipv6">The same for IPv6.</param>
/// <param name="LostSince">Since when it is lost, where it had spoken before; null where not.</param>
public sealed record HeldPeer(Peer Peer, bool Ipv4, bool Ipv6, Timestamp? LostSince)
{
    /// <summary>True where its session is known to be up.</summary>
    public bool IsUp { get; init; }

    /// <summary>
    /// Where a dump that was being written then shows the rest of its IPv4 table later, when the last of it; null where not.
    /// </summary>
    public Timestamp? Ipv4Shown { get; init; }

    /// <summary>The same for IPv6.</summary>
    public Timestamp? Ipv6Shown { get; init; }

    /// <summary>True where it sends (nearly) the whole IPv4 table, as far as that is known then (docs/methods.md, "Full feeds").</summary>
    public bool FullIpv4 { get; init; }

    /// <summary>The same for IPv6.</summary>
    public bool FullIpv6 { get; init; }

    /// <summary>True where its paths do not start with its own AS number, as those of a route server.</summary>
    public bool Transparent { get; init; }

    /// <summary>True where a family of which it had sent routes is not known.</summary>
    public bool LacksWhatItSent { get; init; }

    /// <summary>Whether its table of a family is known.</summary>
    public bool Knows(AddressFamily family) => family is AddressFamily.IPv4 ? Ipv4 : Ipv6;

    /// <summary>Whether its table of a family is known, and (nearly) the whole one.</summary>
    public bool IsFull(AddressFamily family) => Knows(family) && (family is AddressFamily.IPv4 ? FullIpv4 : FullIpv6);
}

/// <summary>What every peer held at a time, of every prefix, from dumps and updates (docs/cli.md, <c>isthmus table</c>).</summary>
/// <param name="Peers">All sessions, sorted: also those of which nothing is known.</param>
/// <param name="Paths">The paths of the routes.</param>
/// <param name="Routes">
/// By prefix, then peer: what was held, and of peers whose table is known where it is not known what they held of one prefix.
/// </param>
public sealed record HeldTable(
    Timestamp At, Coverage Coverage, IReadOnlyList<HeldPeer> Peers, PathTable Paths, IEnumerable<TableRoute> Routes)
{
    /// <summary>What every output must say before all else; null for nothing.</summary>
    public string? Notice { get; init; }

    /// <summary>Nothing is missing or damaged, and of no session a table is unknown of which it had sent routes.</summary>
    public bool Complete => Coverage.Complete && !Peers.Any(peer => peer.LacksWhatItSent);

    /// <summary>Reads files, up to when nothing that comes changes what was held at the time.</summary>
    /// <param name="where">Which routes, from <see cref="Filter.ParseHeldRoutes"/>; null for all.</param>
    /// <exception cref="InputException">No input is of a collector that the filter takes.</exception>
    public static HeldTable Read(Timestamp at, Filter? where, InputSet inputs, ReadProgress progress, CancellationToken stop) =>
        Of(at, where, new ReadTables(at, where, inputs, keepsSteps: true, progress, stop));

    /// <summary>The same where of each route its path alone is asked for, which takes a quarter of the memory.</summary>
    /// <inheritdoc cref="Read"/>
    internal static HeldTable ReadPaths(Timestamp at, InputSet inputs, ReadProgress progress, CancellationToken stop) =>
        Of(at, null, new ReadTables(at, null, inputs, keepsSteps: false, progress, stop));

    /// <summary>The same from what was kept of files.</summary>
    /// <exception cref="InputException">Nothing is kept of a collector that the filter takes.</exception>
    public static HeldTable Of(Timestamp at, Filter? where, IKeptTables kept)
    {
        FileRecord[] files = [.. kept.Collectors.SelectMany(collector => collector.Files)
            .Where(file => where?.For(file.Read.Collector).IsNever is not true).OrderBy(file => file.Plan.Index)];
        var plan = ArchivePlan.Order(files.Select(file => file.Plan));
        if (plan.Count == 0 && kept.Collectors.Count > 0)
            throw new InputException($"nothing is kept of a collector that fits: {where!.Text}");
        var recalled = new RecalledFiles((at, at), where, kept, files, plan);
        var read = recalled.Read;
        var (from, to, edges) = Survey.PeriodOf((at, at), plan, read);
        // Behind all that was read nothing is known of anybody.
        bool isOver = !(read.End >= at);
        var feeds = recalled.Feeds(to).ToDictionary(feed => feed.Peer);
        var seen = new Observations(from, to, [.. feeds.Values], kept.Paths, [], read.Files);
        var inputs = new InputSet([], kept.PassedOver, kept.Notice) { Unread = kept.Unread };
        Peer[] asked = [.. recalled.Peers.Keys.Where(peer => !isOver && !recalled.Losses.ContainsKey(peer.Collector))];
        var later = kept.ShownLater(at, asked);
        HeldPeer[] peers = [.. recalled.Peers.Values.Select(peer => StateOf(peer,
            isOver || recalled.Losses.ContainsKey(peer.Peer.Collector),
            ShownOf(peer.Peer, AddressFamily.IPv4), ShownOf(peer.Peer, AddressFamily.IPv6)) with
        {
            FullIpv4 = feeds[peer.Peer].FullIpv4,
            FullIpv6 = feeds[peer.Peer].FullIpv6,
            Transparent = peer.Transparent,
        })];
        var table = new HeldTable(at, Survey.CoverageOf(seen, read, edges, inputs) with
        {
            Where = where?.Text,
            Unread = kept.Unread,
            Later = Survey.LaterOf(at, plan, read),
        }, peers, kept.Paths, [])
        {
            Notice = kept.Notice ?? (read.ViewName.Contains("re-enactment", StringComparison.Ordinal) ? read.ViewName : null),
        };
        var up = peers.Where(peer => peer.IsUp).Select(peer => peer.Peer).ToHashSet();
        var routes = kept.RoutesAt(at, asked).Where(route => route.Step.Path >= 0 || up.Contains(route.Peer));
        return table with { Routes = where is null ? routes : new HeldFilter(where, kept.Paths).Choose(routes) };

        Timestamp? ShownOf(Peer peer, AddressFamily family) => later.TryGetValue((peer, family), out var shown) ? shown : null;
    }

    private static HeldPeer StateOf(PeerRecord peer, bool isLost, Timestamp? ipv4Shown, Timestamp? ipv6Shown)
    {
        bool isUp = !isLost && peer.UpSince is not null;
        bool ipv4 = isUp && peer.Ipv4Since is not null && ipv4Shown is null, ipv6 = isUp && peer.Ipv6Since is not null && ipv6Shown is null;
        return new(peer.Peer, ipv4, ipv6, isUp || peer.Losses is not [.., { Back: null } last] ? null : last.From)
        {
            IsUp = isUp,
            Ipv4Shown = ipv4Shown,
            Ipv6Shown = ipv6Shown,
            LacksWhatItSent = !ipv4 && (peer.Ipv4Max > 0 || ipv4Shown is not null) || !ipv6 && (peer.Ipv6Max > 0 || ipv6Shown is not null),
        };
    }
}
