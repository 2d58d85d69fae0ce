using Isthmus.Reports;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// What the peers held of the subject at one instant, counted over pairs of a peer and a prefix: each pair is in one state, and what is
/// not known, or cannot be told, is never counted as absent (docs/check.md).
/// </summary>
/// <param name="Pairs">All pairs that ever held a route, of peers that have a vote.</param>
internal readonly record struct HeldAt(Timestamp Time, int Pairs)
{
    /// <summary>Pairs of which it is known whether the peer held the prefix.</summary>
    public int Known { get; init; }

    /// <summary>Of these, the ones with a route of the subject.</summary>
    public int Routes { get; init; }

    /// <summary>Of the routes, the ones by the upstream that was asked for.</summary>
    public int Wanted { get; init; }

    /// <summary>Of the routes, the ones by another upstream.</summary>
    public int Others { get; init; }

    /// <summary>Of the routes, the ones whose upstream cannot be told: a set as origin, a path that is refused.</summary>
    public int Uncountable { get; init; }

    /// <summary>Of the routes, the ones of the subject's own neighbours: a link proves no transit (docs/methods.md, "Paths").</summary>
    public int Links { get; init; }

    /// <summary>Of the known pairs, the ones with a route of another origin.</summary>
    public int Foreign { get; init; }

    /// <summary>True where the tables of nearly all peers are known.</summary>
    public bool HasTables { get; init; }

    /// <summary>Of these, the ones that go by the upstream that was asked for, in the way of the other origin.</summary>
    public int ForeignWanted { get; init; }

    /// <summary>True where one prefix is asked for: then a route of another origin holds it, too.</summary>
    public bool IsOfPrefix { get; init; }

    /// <summary>Of at most so large a part of the pairs it may be unknown what they hold before "nobody" or "all" is said.</summary>
    public const double UnknownMax = 0.1;

    /// <summary>What is dated must be seen, right before and right after, at more than this part of the pairs.</summary>
    public const double SeenMin = 0.5;

    /// <summary>Pairs of which it is not known what they hold.</summary>
    public int Unknown => Pairs - Known;

    /// <summary>True where enough is known to say that something was not there.</summary>
    public bool IsKnown => Known > 0 && HasTables && Unknown <= UnknownMax * Pairs;

    /// <summary>True where so much is known that a change seen there has a date.</summary>
    public bool IsSeen => IsHalfKnown && UncountablePart <= ChangeWords.Stuck;

    /// <summary>True where more than half of the pairs are known.</summary>
    public bool IsHalfKnown => Known > 0 && HasTables && Known > SeenMin * Pairs;

    /// <summary>True where enough is known, and the upstreams of nearly all routes can be told, to say who carried none of them.</summary>
    public bool IsClear => IsKnown && UncountablePart <= ChangeWords.Stuck;

    /// <summary>Known pairs that hold what was asked for: the subject, or the prefix by any origin.</summary>
    public int Present => Routes + (IsOfPrefix ? Foreign : 0);

    /// <summary>Of these, the ones that may go by anybody.</summary>
    public int Untold => Uncountable + (IsOfPrefix ? ForeignWanted : 0);

    /// <summary>Their part.</summary>
    public double UncountablePart => Present == 0 ? 0 : (double)Untold / Present;

    /// <summary>The part of the known pairs that held it.</summary>
    public double Visible => Known == 0 ? 0 : (double)Present / Known;

    /// <summary>The least part of all pairs that held it, whatever the rest did.</summary>
    public double VisibleMin => Pairs == 0 || !HasTables ? 0 : (double)Present / Pairs;

    /// <summary>The part of the known pairs that held a route of another origin.</summary>
    public double ForeignPart => Known == 0 ? 0 : (double)Foreign / Known;

    /// <summary>The part of the routes with an upstream that went by the wanted upstream.</summary>
    public double Share => Wanted == 0 ? 0 : (double)Wanted / (Wanted + Others);

    /// <summary>The least that the share may have been, whatever the rest is.</summary>
    public double ShareMin => Wanted == 0 ? 0 : (double)Wanted / (Wanted + Others + Untold + Unknown);

    /// <summary>The most that it may have been.</summary>
    public double ShareMax => Wanted + Untold + Unknown == 0 ? 0
        : (double)(Wanted + Untold + Unknown) / (Wanted + Others + Untold + Unknown);

    /// <summary>True where routes of the subject are held, not stuck ones alone.</summary>
    public bool IsHeld => Routes > ChangeWords.Stuck * Known;

    /// <summary>True where routes by the wanted upstream are seen.</summary>
    public bool Carries => Share > ChangeWords.Stuck;

    /// <summary>True where it is known that the wanted upstream carried none but stuck ones.</summary>
    public bool CarriesNone => !Carries && IsClear;

    /// <summary>True where nobody, but for a stuck route, held one.</summary>
    public bool IsDown => IsKnown && Visible <= ChangeWords.Stuck;
}

/// <summary>A stretch in which nobody held a route.</summary>
/// <param name="Falls">From here on fewer than nine in ten of the known pairs held one.</param>
/// <param name="Down">From here on nobody held one.</param>
/// <param name="Rises">The first that held one again; null where none did before the end of the data.</param>
/// <param name="Up">When nine in ten held one again.</param>
internal readonly record struct DownSpan(Timestamp Falls, Timestamp Down, Timestamp? Rises, Timestamp? Up)
{
    /// <summary>Where too little is known of the time right before <see cref="Falls"/>, since when: it may have begun then.</summary>
    public Timestamp FallsEarliest { get; init; } = Falls;

    /// <summary>The same of <see cref="Down"/>.</summary>
    public Timestamp DownEarliest { get; init; } = Down;

    /// <summary>The same of <see cref="Rises"/>.</summary>
    public Timestamp? RisesEarliest { get; init; } = Rises;

    /// <summary>The part of the pairs that held a route of another origin when nobody held one of the subject any more.</summary>
    public double ForeignPart { get; init; }

    /// <summary>True where the step at which nobody held one any more was seen.</summary>
    public bool IsFallDated => FallsEarliest == Falls && DownEarliest == Down;

    /// <summary>True where the first return was seen.</summary>
    public bool IsReturnDated => RisesEarliest == Rises;
}

/// <summary>How many pairs came to an upstream, or left it, in a stretch.</summary>
/// <param name="Dated">Pairs at which the step was seen in it, or lies between two steps in it.</param>
/// <param name="Hidden">Pairs that did so in a time of which nothing is known and that reaches into it, and out of it.</param>
internal readonly record struct Turn(int Dated, int Hidden)
{
    /// <summary>True where it was seen, and at no fewer pairs than those at which it was not.</summary>
    public bool IsSeen => Dated > 0 && Dated >= Hidden;
}
