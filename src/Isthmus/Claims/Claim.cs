using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>What a statement about routing says.</summary>
public enum ClaimKind
{
    /// <summary>Somebody carries the subject, at some time or in a stretch of it.</summary>
    Carries,
    /// <summary>Somebody began to carry it.</summary>
    Began,
    /// <summary>Somebody ceased to carry it.</summary>
    Ended,
    /// <summary>Somebody came back as its upstream.</summary>
    Returned,
    /// <summary>Somebody carries a stated part of it.</summary>
    Share,
    /// <summary>Somebody carries so many of its prefixes: three of the four.</summary>
    Part,
    /// <summary>The subject has so many prefixes, addresses, origins or upstreams.</summary>
    Size,
    /// <summary>Somebody is its only upstream.</summary>
    Sole,
    /// <summary>Something is the first time ever.</summary>
    First,
    /// <summary>The subject was down.</summary>
    Outage,
    /// <summary>Its routes were unstable.</summary>
    Unstable,
    /// <summary>A name and an AS number belong together.</summary>
    Identity,
    /// <summary>The subject itself disappeared: no route of it was left.</summary>
    Vanished,
    /// <summary>The subject itself came back.</summary>
    CameBack,
    /// <summary>Somebody, or the subject, lost a stated part of its routes.</summary>
    Lost,
    /// <summary>Somebody gained a stated part of the routes.</summary>
    Gained,
}

/// <summary>What is counted by a number in a text.</summary>
public enum ClaimUnit
{
    /// <summary>The text does not say of what.</summary>
    Unstated,
    Prefixes,
    Addresses,
    Upstreams,
    Outages,
    /// <summary>How often something happened.</summary>
    Times,
    /// <summary>Bytes or packets: nothing that routes can tell.</summary>
    Traffic,
}

/// <summary>A network or country as a text names it.</summary>
/// <param name="Text">The words of the text.</param>
/// <param name="Asns">The networks that may be meant; several where a name or a country stands for more than one.</param>
/// <param name="Stated">True when the text gives the number itself.</param>
public sealed record Named(string Text, IReadOnlyList<Asn> Asns, bool Stated)
{
    /// <summary>The country that the words name; none for a network.</summary>
    public Country Country { get; init; } = Country.None;

    /// <summary>True for a name that neither the registry nor the data know.</summary>
    public bool IsUnknown => Asns.Count == 0 && Country.IsNone;

    /// <summary>True when one of the networks that may be meant is this one.</summary>
    public bool IsOneOf(Asn asn) => Asns.Contains(asn);
}

/// <summary>A stretch of time that a text means: a second, a minute, a day. Bounds are <c>[From, To)</c>.</summary>
/// <param name="Text">The words of the text.</param>
/// <param name="At">The instant that the words name; the bounds allow for what they leave open.</param>
/// <param name="Precision">The width that the words themselves have: a second, a minute, a day.</param>
/// <param name="ZoneGiven">False where the text names no zone and UTC is assumed.</param>
public sealed record StatedTime(string Text, Timestamp At, Timestamp From, Timestamp To, TimeSpan Precision, bool ZoneGiven)
{
    /// <summary>What is stated to the minute or the second may be off by this before the data contradict it (docs/check.md, "Edges").</summary>
    public static readonly TimeSpan Slack = TimeSpan.FromMinutes(1);

    /// <summary>True where the words name a zone that is not known, or none after a sentence that named one.</summary>
    public bool IsZoneOpen { get; init; }

    /// <summary>True for "by 10:00", which means then or before.</summary>
    public bool IsBound { get; init; }

    /// <summary>The side of "before 10:00" that is open: earlier than all data.</summary>
    public static readonly Timestamp FarPast = new(0);

    /// <summary>The side of "after 10:00" that is open: later than all data, and within what a time can be added to or put into words.</summary>
    public static readonly Timestamp FarFuture = Timestamp.FromSeconds(220_000_000_000);

    /// <summary>True for all the time before, or after, what the words name.</summary>
    public bool IsOpen => From == FarPast || To == FarFuture;

    /// <summary>The start of what the words themselves name, without the half minute before it that rounding allows.</summary>
    public Timestamp Start => Holds(At) && To - At <= Precision ? At : From;

    /// <summary>True for the time of a clock, to the minute or second; false for days and for all that is before or after one.</summary>
    public bool IsInstant => Holds(At) && Precision < TimeSpan.FromHours(1);

    /// <summary>True when an instant lies within.</summary>
    public bool Holds(Timestamp time) => time >= From && time < To;

    /// <summary>How far an instant lies outside; zero within.</summary>
    public TimeSpan DistanceTo(Timestamp time) => time < From ? From - time : time >= To ? time - To : TimeSpan.Zero;
}

/// <summary>A number as a text gives it, as a band: "roughly 60 percent" is 0.55 to 0.65.</summary>
/// <param name="Text">The words of the text.</param>
/// <param name="Low">The least value that the words allow.</param>
/// <param name="High">The greatest.</param>
public sealed record StatedNumber(string Text, double Low, double High)
{
    /// <summary>True when a value fits the words; what is lost by rounding to a millionth is no misfit.</summary>
    public bool Holds(double value) => value >= Low - 1e-6 && value <= High + 1e-6;

    /// <summary>How far a value is outside the band; zero within.</summary>
    public double DistanceTo(double value) => value < Low ? Low - value : value > High ? value - High : 0;
}

/// <summary>One statement of a text that routing may decide.</summary>
/// <param name="Sentence">The whole sentence that it stands in.</param>
/// <param name="Words">The clause that states it.</param>
/// <param name="Start">Characters from the start of the text to the clause.</param>
public sealed record Claim(ClaimKind Kind, string Sentence, string Words, int Start)
{
    /// <summary>Whom it is about; null for the subject itself.</summary>
    public Named? Who { get; init; }

    /// <summary>True where the clause joins several statements of which it is not read which words belong to which.</summary>
    public bool IsMixed { get; init; }

    /// <summary>When, or from when; null where the text does not say.</summary>
    public StatedTime? Time { get; init; }

    /// <summary>The end of a stretch; null for none.</summary>
    public StatedTime? Until { get; init; }

    /// <summary>A share (0 to 1) or a count.</summary>
    public StatedNumber? Number { get; init; }

    /// <summary>Of how many: the four of "three of the four"; 0 for none.</summary>
    public int Of { get; init; }

    /// <summary>What the number counts.</summary>
    public ClaimUnit Unit { get; init; }

    /// <summary>The prefix that it is about; null for all.</summary>
    public Prefix? Prefix { get; init; }

    /// <summary>True where the words deny it: never, did not.</summary>
    public bool Denied { get; init; }

    /// <summary>Of a part, what happened to it: begun, ended, returned, or carried.</summary>
    public ClaimKind PartVerb { get; init; } = ClaimKind.Carries;

    /// <summary>The words of the clause that no rule has read: what they state was not judged.</summary>
    public IReadOnlyList<string> Unread { get; init; } = [];

    /// <summary>It stands in a sentence that is too long to be read as one.</summary>
    public bool IsCut { get; init; }

    /// <summary>True where the clause speaks of what may be, or will be.</summary>
    public bool IsMood { get; init; }

    /// <summary>True where the words mean the present of the text: now, still, at the time of writing.</summary>
    public bool AtEnd { get; init; }

    /// <summary>True for what was done and still holds by the words: "has stopped".</summary>
    public bool Lasts { get; init; }

    /// <summary>Of "stopped at 10:00 and never returned", the time of the stop: what is stated comes after it; null for none.</summary>
    public StatedTime? After { get; init; }

    /// <summary>True for "offline until 10:00": it was so up to the first return.</summary>
    public bool IsUntil { get; init; }

    /// <summary>True where one is said to take the place of another: who comes may have carried a part before.</summary>
    public bool TakesOver { get; init; }

    /// <summary>True for "for good", "permanently": it was never undone.</summary>
    public bool IsForGood { get; init; }

    /// <summary>True for "throughout": at every moment of the stated time.</summary>
    public bool IsThroughout { get; init; }

    /// <summary>Of "doubled", "halved", how many times as much it became; null for none.</summary>
    public double? Factor { get; init; }

    /// <summary>True for "no longer": it was so before.</summary>
    public bool NoLonger { get; init; }
}

/// <summary>What the data say to a claim.</summary>
public enum Mark
{
    Confirmed,
    Contradicted,
    /// <summary>Routing, or these data, cannot say.</summary>
    NotDecidable,
}

/// <summary>A claim with its judgement.</summary>
/// <param name="Why">In a sentence: what the data hold that makes it so.</param>
/// <param name="Closest">The true figure that comes closest to the stated one; null where the claim gives no figure.</param>
/// <param name="Changes">Ids of the changes in the report that prove it, in order of time.</param>
public sealed record JudgedClaim(Claim Claim, Mark Mark, string Why, string? Closest, IReadOnlyList<string> Changes)
{
    /// <summary>True where the data show all that was read of it, but not all of its words were read: then it is not decidable.</summary>
    public bool InPart { get; init; }
}
