namespace Isthmus.Reports;

/// <summary>A term that a report explains.</summary>
/// <param name="Key">As in JSON.</param>
/// <param name="Name">As in a table's head.</param>
public sealed record Definition(string Key, string Name, string Text);

/// <summary>What the figures mean and what they do not (methods.md, "Shares").</summary>
public static class Definitions
{
    /// <summary>The shares in the order of every table.</summary>
    public static readonly IReadOnlyList<Definition> Shares =
    [
        new("route", "Route", "Routes by this upstream, of all routes that the counted peers hold."),
        new("peerAs", "Peer AS",
        "Mean over peer ASes of the part of the subject's visible prefixes that goes by this upstream. The headline uses it."),
        new("prefix", "Prefix", "Mean over prefixes of the part of peer ASes that go by this upstream."),
        new("address", "Address", "The prefix share weighted by addresses that no more-specific prefix covers; IPv6 by /48s."),
        new("coverage", "Coverage", "Peer ASes that use this upstream for at least one prefix. The sum over upstreams can exceed 100%."),
        new("hegemony", "Hegemony",
        "Mean part of paths that cross this AS, the highest and lowest vantage points left out. It is no share."),
    ];

    /// <summary>The other words of a report.</summary>
    public static readonly IReadOnlyList<Definition> Terms =
    [
        new("upstream", "Upstream",
            "The AS next to the origin in a path, on the collector's side. It is seen, not told: no contract is known."),
        new("visibility", "Visibility", "Part of full-feed peer ASes that hold a route."),
        new("peer", "Peer AS", "A network whose router sends its routes to a collector. Several routers of one network count once."),
        new("time", "Time of a change",
        "A new path or a return is dated by the first peer AS that changed for good; a loss or an outage by the median of the last changes, as routers hunt for other paths before they give up; an upstream that peer ASes leave one after another, by when hardly any uses it."),
        new("confidence", "Confidence",
        "High: at least 10 peer ASes, 3 collectors and two projects saw it. Medium: at least 3 peer ASes and 2 collectors. Low: fewer."),
    ];

    /// <summary>What the figures do not say.</summary>
    public static readonly IReadOnlyList<string> Limits =
    [
        "None of these shares is traffic. How much data flows over a route is not in BGP.",
        "Routes show how others reach the subject. Which way it sends its own packets is not seen.",
        "A country is where a number is registered, or where most of the addresses that it announces are; not where its users or machines are.",
        "Names and countries are of the dates of their sources, named below: in another year a number may have been another's.",
        "Only what the collectors' peers pass on is seen. A link that none of them uses stays hidden.",
        "No data is not no event: where nothing is known, nothing is said.",
    ];

    /// <summary>The one sentence that stands beside every share.</summary>
    public const string NotTraffic = "None of these is traffic.";

    /// <summary>What whoever prints a report must know.</summary>
    public const string Caveats = "Routes are not traffic: a share of routes says nothing of how much data flows. Registration is not location: a country is "
        + "where a number is registered, or where most of the addresses that it announces are. Inbound only: routes show how others reach the subject, not which way it sends.";

    /// <summary>What a citation must not leave out.</summary>
    public const string RoutesOnly = "Routes are not traffic; registration is not location.";
}
