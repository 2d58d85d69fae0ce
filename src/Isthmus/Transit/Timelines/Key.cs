using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Timelines;

/// <summary>What is asked of the paths of a prefix.</summary>
internal enum Facet
{
    /// <summary>The AS next to the subject.</summary>
    Upstream,
    /// <summary>That AS and the one above it.</summary>
    SecondUpstream,
    /// <summary>The last AS of a country on the way out.</summary>
    Gateway,
    Origin,
}

/// <summary>
/// The answer of one path to a <see cref="Facet"/>: at or above zero an AS number (a pair of them for the second
/// upstream), below zero why there is none.
/// </summary>
internal static class Key
{
    /// <summary>No route at all.</summary>
    public const long None = -1;

    /// <summary>Nothing is known: never to be counted as no route.</summary>
    public const long Unknown = -2;

    /// <summary>A route that says nothing of what is asked: a path that is refused.</summary>
    public const long Uncounted = -3;

    /// <summary>A route over the vantage point's own link, or its own: it proves no transit, but that no other carries it.</summary>
    public const long Own = -5;

    /// <summary>A route of another origin.</summary>
    public const long Foreign = -4;

    /// <summary>Of a session with several paths at once: none in this place, whatever stands in the others.</summary>
    public const long Beside = -6;

    /// <summary>True for any route, whoever its origin.</summary>
    public static bool IsHeld(long key) => key is not (None or Unknown or Beside);

    public static long Pair(Asn upstream, Asn second) => (long)upstream.Number << 32 | second.Number;

    /// <summary>The lower tier of a pair.</summary>
    public static Asn Lower(long pair) => new((uint)(pair >> 32));

    /// <summary>The AS that a key stands for; of a pair the upper one.</summary>
    public static Asn AsnOf(long key) => new((uint)(key & uint.MaxValue));

    public static long Of(Facet facet, Prefix prefix, int path, PeerFeed feed, AttributedPaths paths)
    {
        if (path < 0) return path == RouteStep.NoRoute ? None : Unknown;
        var said = paths[path];
        // A path that starts with another AS than the peer's is an error, unless the session's all do (methods.md, "What each peer holds").
        if (!feed.Transparent && said.Clean.FirstAs != feed.Peer.Asn) return Unknown;
        if (facet is Facet.Origin) return said.Origin is { } origin ? origin.Number : Uncounted;
        if (!paths.Counts(prefix, path)) return said.Clean.CountsForShares ? Foreign : Uncounted;
        if (!said.Clean.CountsForShares) return Uncounted;
        if (said is not { Upstream: { } upstream, IsTransit: true }) return Own;
        return facet switch
        {
            Facet.Upstream => upstream.Number,
            Facet.Gateway => said.Gateway is { } gateway ? gateway.Number : Uncounted,
            // Where the second upstream is the vantage point itself the path proves a link, and no transit.
            _ => said.SecondUpstream is { } second && second != said.Clean.Hops[0] ? Pair(upstream, second) : Uncounted,
        };
    }
}
