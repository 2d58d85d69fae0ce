using Isthmus.Routes;

namespace Isthmus.Scenarios;

/// <summary>A peer of the re-enactment: a real AS number at an invented address.</summary>
/// <param name="Country">Where the AS is registered, for the reader of truth.json.</param>
/// <param name="Feed">Share of the background that it sends.</param>
/// <param name="HoldsSubject">Whether it ever holds North Korea's routes.</param>
/// <param name="TakesNewLink">Whether it chooses the path by AS20485 where there is one.</param>
internal sealed record KpPeer(uint Asn, string Country, double Feed, bool HoldsSubject, bool TakesNewLink)
{
    /// <summary>A session without four-octet AS numbers.</summary>
    public bool Narrow { get; init; }
}

/// <summary>Who stands where in the re-enactment, and who hears routes from whom.</summary>
internal static class KpPeers
{
    public const uint ChinaUnicom = 4837, TransTeleCom = 20485, StarJv = 131279;

    private static readonly KpPeer Ripe = Takes(3333, "NL"), Gtt = Takes(3257, "US"), Init7 = Takes(13030, "CH");

    /// <summary>The four collectors with their IPv4 peers and the ASes that have an IPv6 session too.</summary>
    public static readonly (string Name, Project Project, KpPeer[] Peers, uint[] Ipv6)[] Collectors =
    [
        ("rrc00", Project.Ris,
        [
            Ripe, Gtt, Stays(7018, "US"), Stays(4608, "AU"), Takes(4777, "JP"), Takes(50304, "NO"), Takes(22652, "CA"),
            Takes(20764, "RU"), Takes(8758, "CH") with { Narrow = true }, Takes(6881, "CZ"), Takes(39351, "SE"),
            Takes(29608, "FR") with { Feed = 0.25 },
        ],
        [3333, 50304, 4608]),
        ("rrc03", Project.Ris,
        [
            Ripe, Takes(12859, "NL"), Takes(9002, "GB"), Takes(8359, "RU"), Takes(12389, "RU"), Takes(1103, "NL"),
            Init7, Takes(8447, "AT"), Takes(6774, "BE"), Takes(6667, "FI"), Lacks(24785, "NL", 0.12),
        ],
        [12859, 13030, 8447]),
        ("route-views.linx", Project.RouteViews,
        [
            Gtt, Stays(2914, "US"), Takes(6453, "US"), Init7, Takes(5413, "GB"), Takes(37271, "ZA"), Takes(6939, "US"),
            Lacks(8426, "GB", 0.2), Lacks(3303, "CH", 0.08),
        ],
        [6939, 37271, 2914]),
        ("route-views.sg", Project.RouteViews,
        [
            Stays(7713, "ID"), Takes(18106, "SG"), Takes(24482, "SG"), Stays(38182, "MY"), Takes(2497, "JP"),
            Stays(4637, "HK"), Takes(4826, "AU"), Lacks(9902, "KH", 0.06),
        ],
        [24482, 2497]),
    ];

    /// <summary>Enough of 2017's topology for plausible paths; the links of the two carriers are the story's.</summary>
    public static readonly Topology Topology = new(
        core: [3356, 1299, 174, 2914, 3257, 6453, 6762, 1239, 701, 7018, 3491, 3320, 6461, 5511],
        hears: new Dictionary<uint, uint[]>
        {
            [3356] = [4837, 20485],
            [1299] = [4837, 20485],
            [174] = [4837],
            [2914] = [4837],
            [3257] = [4837],
            [6453] = [4837],
            [1239] = [4837],
            [701] = [4837],
            [7018] = [4837],
            [3491] = [4837, 20485],
            [6939] = [1299, 174, 4837, 20485, 9002, 4826, 4637, 7713, 9498, 31133],
            [3333] = [1103, 1273, 3356, 1299],
            [1273] = [4837, 3356, 1299, 174],
            [1103] = [20485, 1299, 3356, 6939],
            [4608] = [4637, 4826],
            [4637] = [4837, 1299, 3356, 2914],
            [4826] = [1299, 3257, 6939, 4637],
            [4777] = [2497, 2516],
            [2497] = [20485, 4837, 2914, 701, 6939],
            [2516] = [4837, 2914, 3356],
            [50304] = [42708, 1299, 174],
            [42708] = [20485, 1299, 3356],
            [22652] = [3356, 174, 6939],
            [20764] = [20485, 1299, 3356, 6939],
            [8758] = [8220, 3356, 1299],
            [8220] = [20485, 4837, 3356, 1299, 3257],
            [6881] = [29208, 1299, 3257],
            [29208] = [20485, 3356, 1299, 6939],
            [39351] = [20485, 1299, 3356, 6939],
            [29608] = [174, 3257, 6939],
            [12859] = [1299, 3356, 2914, 6939],
            [9002] = [20485, 3356, 1299, 4837],
            [8359] = [20485, 1299, 3356, 9002, 4837],
            [12389] = [20485, 4837, 1299, 3356],
            [13030] = [1299, 3356, 6939, 174],
            [8447] = [20485, 3356, 1299, 6762],
            [6774] = [3356, 1299, 2914, 6453],
            [6667] = [1299, 3356, 174],
            [24785] = [6939, 1299, 3356],
            [5413] = [3356, 174, 1299],
            [37271] = [174, 3257, 6453, 6939],
            [8426] = [3356, 2914, 6939],
            [3303] = [1299, 3356, 174, 6939],
            [7713] = [6453, 2914, 4637, 3491],
            [18106] = [3491, 6453, 6939],
            [24482] = [6939, 3491, 174],
            [38182] = [4788, 6453, 4637],
            [4788] = [4837, 2914, 3356, 6453],
            [9902] = [3491, 6939],
        });

    private static KpPeer Takes(uint asn, string country) =>
        new(asn, country, 1, HoldsSubject: true, TakesNewLink: true);

    private static KpPeer Stays(uint asn, string country) =>
        new(asn, country, 1, HoldsSubject: true, TakesNewLink: false);

    private static KpPeer Lacks(uint asn, string country, double feed) =>
        new(asn, country, feed, HoldsSubject: false, TakesNewLink: false);
}
