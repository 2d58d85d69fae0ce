using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>Why a peer's route changed, or why nothing is known of it.</summary>
public enum Cause : byte
{
    RibEntry,
    /// <summary>A dump that should have held the prefix did not (methods.md, "What each peer holds").</summary>
    RibAbsence,
    Announcement,
    Withdrawal,
    /// <summary>A malformed announcement, treated as withdrawn (RFC 7606).</summary>
    TreatedAsWithdrawn,
    PeerState,
    /// <summary>Damage in a file: the lost bytes could have held anything.</summary>
    FileDamage,
    /// <summary>The session fell silent and was missing from a dump.</summary>
    Silence,
}

/// <summary>One dated step in what a peer holds for a prefix.</summary>
/// <param name="Path">Id in <see cref="Observations.Paths"/>, <see cref="NoRoute"/> or <see cref="Unknown"/>.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RouteStep(Timestamp Time, int Path, Cause Cause, SourcePlace Place)
{
    /// <summary>
    /// The ADD-PATH identifier (RFC 7911) of the path that the message announces or withdraws; 0 where it has none, and for what a dump
    /// shows, which may be several paths.
    /// </summary>
    public uint PathId { get; init; }

    /// <summary>The peer is known to hold no route.</summary>
    public const int NoRoute = -1;

    /// <summary>Nothing is known: the session is down, silent, or not yet seen. Never to be read as "no route".</summary>
    public const int Unknown = -2;

    /// <summary>True where a RIB dump tells it, by what it holds or by what it lacks, and no message.</summary>
    public bool IsOfDump => Cause is Cause.RibEntry or Cause.RibAbsence;
}

/// <summary>The spans of one prefix at one peer, in order of time; before the first nothing is known.</summary>
/// <param name="Peer">Index into <see cref="Observations.Peers"/>.</param>
/// <param name="Steps">Each ends the span before it and begins the next.</param>
public sealed record RouteHistory(int Peer, Prefix Prefix, IReadOnlyList<RouteStep> Steps)
{
    /// <summary>How many spans there are.</summary>
    public int Count => Steps.Count;

    /// <summary>
    /// How many of the first steps stay as they are when more files of the collector come, later than all that were read; 0 where nothing
    /// asks for it.
    /// </summary>
    public int Settled { get; init; }

    /// <summary>One of its spans, by place in order of time.</summary>
    public RouteSpan this[int place] => new(Peer, Prefix, Steps[place], place + 1 < Steps.Count ? Steps[place + 1] : null,
        place == 0 || Steps[place - 1].Path == RouteStep.Unknown);

    /// <summary>The span in which a time lies; null for a time before the first.</summary>
    public RouteSpan? At(Timestamp time) => PlaceOf(time) is >= 0 and var place ? this[place] : null;

    /// <summary>What the peer held at a time.</summary>
    public int PathAt(Timestamp time) => PlaceOf(time) is >= 0 and var place ? Steps[place].Path : RouteStep.Unknown;

    // Of several steps at one instant the last one stands.
    private int PlaceOf(Timestamp time)
    {
        int low = 0, high = Steps.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (Steps[middle].Time <= time) low = middle + 1; else high = middle;
        }
        return low - 1;
    }

    /// <summary>The same with a stretch of it not known; what is held when it ends stands from there on.</summary>
    /// <param name="to">Null for a stretch that does not end.</param>
    public RouteHistory Without(Timestamp from, Timestamp? to)
    {
        var kept = Steps.Where(step => step.Time < from).ToList();
        int begun = kept.Count < Steps.Count && Steps[kept.Count].Time == from ? kept.Count : kept.Count - 1;
        if (begun >= 0) kept.Add(Steps[begun] with { Time = from, Path = RouteStep.Unknown });
        if (to is { } end)
        {
            var held = Steps.LastOrDefault(step => step.Time <= end, new(end, RouteStep.Unknown, default, default));
            if (held.Path != RouteStep.Unknown) kept.Add(held with { Time = end });
            kept.AddRange(Steps.Where(step => step.Time > end));
        }
        return this with { Steps = kept };
    }
}

/// <summary>A stretch of time in which a peer's session was known to be up: <c>[From, To)</c>.</summary>
public readonly record struct SessionSpan(Timestamp From, Timestamp To);

/// <summary>A time in which a session that had spoken was lost.</summary>
/// <param name="Back">When it spoke again; null where it did not.</param>
/// <param name="Cause">Why: a state, damage or missing files, silence.</param>
public readonly record struct SessionLoss(Timestamp From, Timestamp? Back, Cause Cause);

/// <summary>What a peer sends, judged over the whole period.</summary>
/// <param name="Ipv4Prefixes">The most IPv4 prefixes that it held at once.</param>
/// <param name="Ipv6Prefixes">The same for IPv6.</param>
/// <param name="FullIpv4">A full-feed peer for IPv4, by the relative rule (docs/methods.md).</param>
/// <param name="FullIpv6">The same for IPv6.</param>
/// <param name="Transparent">Its paths do not start with its own AS number, as those of a route server.</param>
/// <param name="Up">When its session was known to be up, in order of time.</param>
public sealed record PeerFeed(
    Peer Peer, int Ipv4Prefixes, int Ipv6Prefixes, bool FullIpv4, bool FullIpv6, bool Transparent, IReadOnlyList<SessionSpan> Up)
{
    /// <summary>
    /// Since when its IPv4 table is known: the start of the first dump that holds IPv4 routes of it, or the end of a
    /// session's table transfer. Null for never: then it has no vote, and nothing is known from its updates but that they came.
    /// </summary>
    public Timestamp? Ipv4Since { get; init; } = Up.Count > 0 ? Up[0].From : null;

    /// <summary>The same for IPv6.</summary>
    public Timestamp? Ipv6Since { get; init; } = Up.Count > 0 ? Up[0].From : null;

    /// <summary>Since when its table of a family is known; null for never.</summary>
    public Timestamp? TableSince(AddressFamily family) => family is AddressFamily.IPv4 ? Ipv4Since : Ipv6Since;

    /// <summary>True where no table of it is known, of any family.</summary>
    public bool WithoutTable => Ipv4Since is null && Ipv6Since is null;

    /// <summary>True when updates of it are there, and not dumps alone: then a dump that says otherwise contradicts them.</summary>
    public bool SendsUpdates { get; init; }

    /// <summary>When the whole dumps began that hold routes of it, in order: all that is known of a session without updates.</summary>
    public IReadOnlyList<Timestamp> Dumps { get; init; } = [];

    /// <summary>The last dump before a time; null for none.</summary>
    public Timestamp? DumpBefore(Timestamp time) => Dumps.Any(dump => dump < time) ? Dumps.Last(dump => dump < time) : null;

    /// <summary>When its session was lost, in order of time.</summary>
    public IReadOnlyList<SessionLoss> Losses { get; init; } = [];
}

/// <summary>The spans of the prefixes that a question follows, in memory: a snapshot that does not change.</summary>
/// <param name="From">Start of the period.</param>
/// <param name="To">End of the period; nothing later is known.</param>
/// <param name="Peers">Every peer that the data show, sorted; also those that never held a followed prefix.</param>
/// <param name="Histories">One for each peer and followed prefix that the peer ever held, sorted by prefix, then peer.</param>
/// <param name="Files">The inputs in the order read.</param>
public sealed record Observations(
    Timestamp From, Timestamp To, IReadOnlyList<PeerFeed> Peers, PathTable Paths,
    IReadOnlyList<RouteHistory> Histories, IReadOnlyList<ReadFile> Files) : IRouteSpans
{
    /// <inheritdoc/>
    public IReadOnlyList<RouteHistory> Inside { get; init; } = [];

    /// <inheritdoc/>
    public bool LeftInsideOut { get; init; }

    /// <inheritdoc/>
    public IEnumerable<RouteSpan> Spans(SpanSelector of, Timestamp from, Timestamp to)
    {
        foreach (var history in Histories)
        {
            if (!of.Takes(history.Prefix)) continue;
            for (int place = 0; place < history.Count; place++)
                if (history[place] is var span && span.Touches(from, to) && of.Takes(span.Path, Paths)) yield return span;
        }
    }

    /// <inheritdoc/>
    public IEnumerable<RouteSpan> StateAt(Timestamp time)
    {
        foreach (var history in Histories)
            if (history.At(time) is { } span) yield return span;
    }

    /// <inheritdoc/>
    public IRouteSpans With(IReadOnlyList<RouteHistory> histories) => this with { Histories = histories };
}

/// <summary>An input that was read, for evidence and coverage.</summary>
/// <param name="Source">What it is; places in it name it.</param>
/// <param name="First">Time of the first record; null for a file without records.</param>
/// <param name="Last">Time of the last; of a file that goes on behind the period the end of the period.</param>
/// <param name="Faults">Malformed records, and a cut-off end.</param>
public sealed record ReadFile(
    Source Source, Timestamp? First, Timestamp? Last, long Records, long Elements, long Faults)
{
    /// <inheritdoc cref="Routes.Source.Name"/>
    public string Name => Source.Name;

    /// <inheritdoc cref="Routes.Source.Sha256"/>
    public string Sha256 => Source.Sha256;

    /// <inheritdoc cref="Routes.Source.Collector"/>
    public Collector Collector => Source.Collector;

    /// <summary>Its place among the inputs as they were given.</summary>
    public int Input { get; init; }

    /// <summary>Records with a malformed attribute that was left out and that no route needs: no fault, as nothing is lost.</summary>
    public long DiscardedAttributes { get; init; }
}
