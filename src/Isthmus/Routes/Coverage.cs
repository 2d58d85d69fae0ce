using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Routes;

/// <summary>What a result rests on, and what is missing: "no data" is never "no event".</summary>
/// <param name="Peers">Sessions: collector, address and AS number.</param>
/// <param name="PeerAses">Different AS numbers among them.</param>
/// <param name="FullFeedPeerAses">Peer ASes that send (nearly) the whole table of some address family.</param>
/// <param name="PassedOver">Files in a folder that are no MRT, with the reason.</param>
/// <param name="Faults">Damage, one line each: file, record, byte, what.</param>
public sealed record Coverage(
    IReadOnlyList<Collector> Collectors, int Peers, int PeerAses, int FullFeedPeerAses, IReadOnlyList<ReadFile> Files,
    long Records, long Elements, IReadOnlyList<string> Faults, IReadOnlyList<Gap> Gaps, IReadOnlyList<string> PassedOver)
{
    /// <summary>Peer ASes that send (nearly) the whole IPv4 table.</summary>
    public int FullIpv4PeerAses { get; init; }

    /// <summary>The same for IPv6.</summary>
    public int FullIpv6PeerAses { get; init; }

    /// <summary>The filter that chose the vantage points; null where all count.</summary>
    public string? Where { get; init; }

    /// <summary>
    /// Sessions of which neither a dump nor a table transfer has shown what they hold: they have no vote, and what they
    /// held before their first message is not known.
    /// </summary>
    public IReadOnlyList<Peer> WithoutTable { get; init; } = [];

    /// <summary>Collectors of most of whose sessions no table is known: there is no dump of theirs.</summary>
    public IReadOnlyList<Collector> CollectorsWithoutTable { get; init; } = [];

    /// <summary>A table that comes so long after the input of a collector begins leaves a time of which nothing is known.</summary>
    public static readonly TimeSpan TableLateMin = TimeSpan.FromMinutes(15);

    /// <summary>
    /// Collectors of which a table is known, and of most of whose sessions only later than <see cref="TableLateMin"/> after its input in the
    /// period begins, with the time since when half of them are: what they held before is not known.
    /// </summary>
    public IReadOnlyList<(Collector Collector, Timestamp Since)> LateTables { get; init; } = [];

    /// <summary>
    /// Files with events that came too late to be put in order, and how many: after later ones of the same session and prefix, after
    /// its loss, or more than <see cref="RoutingState.LateMax"/> late. They count for nothing.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, long>> Late { get; init; } = [];

    /// <summary>Files, folders and addresses that could not be read, with the reason, one line each.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>Addresses that a server redirected to others, with these, one line each.</summary>
    public IReadOnlyList<string> Redirects { get; init; } = [];

    /// <summary>What is defined by a standard and not decoded, such as routes of a VPN, and how many records or messages of it.</summary>
    public IReadOnlyList<KeyValuePair<PassedOver, long>> NotDecoded { get; init; } = [];

    /// <summary>Files that hold the tables of several views, with their names.</summary>
    public IReadOnlyList<(string File, IReadOnlyList<string> Views)> Views { get; init; } = [];

    /// <summary>
    /// When the input behind the period goes on: the start of its next file, or the end of the period where a file that was read goes on.
    /// Null where the input ends with the period or before.
    /// </summary>
    public Timestamp? Later { get; init; }

    /// <summary>Records of which a malformed attribute was left out (RFC 7606): their routes stand, and nothing is incomplete.</summary>
    public long DiscardedAttributes => Files.Sum(file => file.DiscardedAttributes);

    /// <summary>
    /// Something was read, and all that was named; nothing of it damaged, nothing cut off, nothing too late, no gap, and every collector
    /// has a table, of one view and not late.
    /// </summary>
    public bool Complete => Records > 0 && Faults.Count == 0 && Gaps.Count == 0 && Unread.Count == 0
        && Late.Count == 0 && CollectorsWithoutTable.Count == 0 && LateTables.Count == 0 && Views.Count == 0;
}
