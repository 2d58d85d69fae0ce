using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Transit.Incidents;

/// <summary>What the other upstreams did while the incident's own came and went.</summary>
/// <param name="carryAtEnd">The upstreams that carry any prefix at the end of the data.</param>
internal sealed class Others(TransitChange principal, TransitChange[] changes, IReadOnlySet<Asn> carryAtEnd)
{
    /// <summary>A share no larger than this is of stuck routes (methods.md, "Changes").</summary>
    public const double StuckShare = 0.03;

    private readonly TransitChange[] _moves = [.. changes.Where(change => Moves.IsMove(change) && !Moves.Concerns(principal, change)
        && change.Tier == principal.Tier)];

    /// <summary>The upstream that went when this one came; null where none did.</summary>
    public TransitChange? WentFor(TransitChange came) => Array.Find(_moves, move => Moves.Goes(move) && Moves.AreExchange(move, came));

    /// <summary>An upstream that went for good at any time after this one had come, or just before; null where none did.</summary>
    public TransitChange? WentAfter(TransitChange came) => Array.Find(_moves, move => Moves.Goes(move)
        && !(move.Tier == 1 && move.Upstream is { } upstream && carryAtEnd.Contains(upstream))
        && (move.Time >= came.Time - OneCause.ExchangeWithin || IsOutageBetween(move, came)) && !IsBack(move));

    // One went when the outage began that the other ended.
    private bool IsOutageBetween(TransitChange went, TransitChange came) => changes.Any(change => change.Kind is ChangeKind.Outage
        && (change.Time - went.Time).Duration() <= OneCause.ExchangeWithin
        && change.Until is { } until && (until - came.Time).Duration() <= OneCause.ExchangeWithin);

    /// <summary>True where an upstream that went from some prefixes still carries others.</summary>
    public static bool IsPartial(TransitChange went) => went.ShareAfter > StuckShare && went.Prefixes.Count < went.SubjectPrefixes;

    /// <summary>
    /// True where an upstream that went is left with more than stuck routes on the same prefixes: of few peer ASes one that keeps it is
    /// more than that.
    /// </summary>
    public static bool IsNotAll(TransitChange went) => went is { Kind: ChangeKind.UpstreamVanished, Tier: 1, ShareAfter: > StuckShare }
        && went.Prefixes.Count >= went.SubjectPrefixes;

    /// <summary>True where an upstream that went came back.</summary>
    public bool IsBack(TransitChange went) => _moves.Any(move => Moves.Comes(move) && Moves.Concerns(move, went) && move.Time > went.Time);

    /// <summary>When it came back; null where it did not.</summary>
    public Timestamp? BackAt(TransitChange went) => _moves
        .Where(move => Moves.Comes(move) && Moves.Concerns(move, went) && move.Time > went.Time)
        .Select(move => (Timestamp?)move.Time).FirstOrDefault();
}
