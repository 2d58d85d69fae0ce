using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// What every peer held over a period for the prefixes of a subject, as spans: the hand-over from <c>Routes</c> (who held what, when, by
/// which bytes) to analysis (who carried whom, how much). It does not change, and may be read from many threads while routes go on.
/// </summary>
public interface IRouteSpans
{
    /// <summary>Start of the period; spans that began before it and what lay before are there as far as they are known.</summary>
    Timestamp From { get; }

    /// <summary>End of the period; nothing later is known.</summary>
    Timestamp To { get; }

    /// <summary>Every peer that the data show, sorted, with what it sends and when it was heard; also those that held none of it.</summary>
    IReadOnlyList<PeerFeed> Peers { get; }

    /// <summary>The paths of all spans, by their ids.</summary>
    PathTable Paths { get; }

    /// <summary>The inputs in the order read.</summary>
    IReadOnlyList<ReadFile> Files { get; }

    /// <summary>The spans by prefix and peer, sorted: one history for each peer and prefix that the peer ever held.</summary>
    IReadOnlyList<RouteHistory> Histories { get; }

    /// <summary>
    /// The same of prefixes that lie inside one of the subject's and that only other origins announced: none of the subject's.
    /// </summary>
    IReadOnlyList<RouteHistory> Inside { get; }

    /// <summary>True where more of these were seen than <see cref="RoutingState.InsideMax"/>.</summary>
    bool LeftInsideOut { get; }

    /// <summary>The spans that a selector takes and of which some lies in a period, both ends included: by prefix, peer and time.</summary>
    IEnumerable<RouteSpan> Spans(SpanSelector of, Timestamp from, Timestamp to);

    /// <summary>What each peer held at a time, or did not hold; where nothing is known a span says so, or there is none.</summary>
    IEnumerable<RouteSpan> StateAt(Timestamp time);

    /// <summary>The same with other histories in place of its own, as without what is not believed.</summary>
    /// <param name="histories">By prefix and peer, sorted.</param>
    IRouteSpans With(IReadOnlyList<RouteHistory> histories);
}

/// <summary>Which spans are asked for; what is null takes all.</summary>
public sealed record SpanSelector
{
    /// <summary>Takes all.</summary>
    public static SpanSelector All { get; } = new();

    /// <summary>Only what lies in one of these prefixes, themselves included.</summary>
    public IReadOnlyList<Prefix>? Within { get; init; }

    /// <summary>Only times in which a path was held that ends in one of these, or in a set with one of them.</summary>
    public IReadOnlySet<Asn>? Origins { get; init; }

    /// <summary>True for a prefix that is asked for.</summary>
    public bool Takes(Prefix prefix)
    {
        if (Within is null) return true;
        foreach (var wide in Within)
            if (wide.Covers(prefix)) return true;
        return false;
    }

    /// <summary>True for what is held where its origin is asked for.</summary>
    public bool Takes(int path, PathTable paths)
    {
        if (Origins is null) return true;
        foreach (int one in paths.Each(path))
            foreach (uint origin in paths[one].Origins)
                if (Origins.Contains(new(origin))) return true;
        return false;
    }
}
