using Isthmus.Wire;

namespace Isthmus.Transit.Incidents;

/// <summary>What an incident comes down to; docs/methods.md has the rule of each.</summary>
public enum IncidentLabel
{
    /// <summary>An upstream came and was gone again within a day.</summary>
    Trial,
    /// <summary>One upstream came to stay, another went.</summary>
    Migration,
    /// <summary>It came to stay with little, or steps in again and again while another is away.</summary>
    Backup,
    /// <summary>It stepped in once while another was away.</summary>
    Failover,
    /// <summary>It came to stay beside others.</summary>
    LoadSplit,
    /// <summary>Undone within a quarter of an hour.</summary>
    Blip,
    /// <summary>It came and went, and nothing settled.</summary>
    Flapping,
    /// <summary>Prefixes were not reachable, and no carrier changed.</summary>
    Outage,
    Other,
}

/// <summary>Why an incident has its label. "It" is the incident's upstream.</summary>
public enum LabelCause
{
    /// <summary>It stands before a carrier that carries as before.</summary>
    StandsBefore,
    /// <summary>Routes came and went, and no carrier changed for good.</summary>
    NoCarrierForGood,
    /// <summary>None of the changes is the coming or going of a carrier.</summary>
    NoCarrier,
    /// <summary>Routes were lost, and no carrier changed.</summary>
    RoutesLost,
    /// <summary>It carries only while another upstream is away, so many times.</summary>
    CarriesInstead,
    /// <summary>It came so many times.</summary>
    CameOften,
    /// <summary>The same, and it is gone at the end.</summary>
    CameOftenAndWent,
    /// <summary>It was away for less than <see cref="Incident.BlipMax"/>.</summary>
    BrieflyAway,
    /// <summary>Others carried while it was away.</summary>
    OthersCarried,
    /// <summary>It was away, and those that were there before carried alone.</summary>
    CarriedAlone,
    /// <summary>It lost some of the prefixes that it carried.</summary>
    LostSome,
    /// <summary>It came to stay, and another went and is not back at the end.</summary>
    TookOver,
    /// <summary>It came to stay, and carried all prefixes when the last had come to it.</summary>
    CarriesAll,
    /// <summary>It came to stay, and carries less than <see cref="Incident.BackupShareMax"/> of what it is announced for.</summary>
    CarriesLittle,
    /// <summary>It came to stay beside what was there.</summary>
    CarriesBeside,
    /// <summary>It went and is not back at the end.</summary>
    Went,
    /// <summary>Most peer ASes left it, and some did not.</summary>
    LostMostRoutes,
    /// <summary>It went, and came back later.</summary>
    CarriesAgain,
    /// <summary>It carried while another was away.</summary>
    SteppedIn,
    /// <summary>It came and was gone within <see cref="Incident.BlipMax"/>.</summary>
    BrieflyThere,
    /// <summary>It came and was gone again within a day.</summary>
    WithinADay,
    /// <summary>It came for more than a day and went.</summary>
    MoreThanADay,
}

/// <summary>Why an incident has its label, with what belongs to the cause.</summary>
/// <param name="Other">The other upstream of a takeover or a step in, or the carrier that it stands before.</param>
/// <param name="Times">How often it came, or carried instead.</param>
/// <param name="Carried">Prefixes that it carries at the end.</param>
/// <param name="Prefixes">Prefixes of the subject.</param>
public sealed record LabelReason(LabelCause Cause, Asn? Other = null, int Times = 0, int Carried = 0, int Prefixes = 0);

/// <summary>What a stretch of an incident is.</summary>
public enum PhaseKind
{
    /// <summary>The upstream came and was gone again within a day.</summary>
    Trial,
    /// <summary>Nothing holds for half an hour.</summary>
    Instability,
    Outage,
    /// <summary>The upstream carries what it came to carry.</summary>
    Settled,
    /// <summary>The upstream loses one prefix after another.</summary>
    Erosion,
    /// <summary>An upstream that carried before is away.</summary>
    Absence,
    /// <summary>Anything else that happened.</summary>
    Other,
}

/// <summary>A stretch of an incident.</summary>
/// <param name="To">Null for what goes on at the end of the data.</param>
/// <param name="Carried">
/// How many prefixes the incident's upstream carries: before the phase, then after each of its changes, as 3, 2, 1.
/// Empty where the phase is not of an upstream.
/// </param>
/// <param name="Changes">Ids of the changes that belong to it, in order of time.</param>
public sealed record IncidentPhase(
    PhaseKind Kind, Timestamp From, Timestamp? To, IReadOnlyList<int> Carried, IReadOnlyList<string> Changes);

/// <summary>Changes of one cause, from the first to the last, in phases.</summary>
/// <param name="Id">Stable for equal inputs: time of opening and upstream, as <c>incident-20171001T090751Z-AS20485</c>.</param>
/// <param name="Why">Why it has this label.</param>
/// <param name="Upstream">The upstream that it is about; null where no carrier changed.</param>
/// <param name="Opened">Time of its first change.</param>
/// <param name="Updated">When last something changed or ended.</param>
/// <param name="Closed">When it was over: nothing is left of it, or nothing more came within a day; null while it may go on.</param>
/// <param name="Changes">Ids of all its changes, in order of time.</param>
public sealed record Incident(
    string Id, IncidentLabel Label, LabelReason Why, Asn? Upstream, Timestamp Opened, Timestamp Updated, Timestamp? Closed,
    IReadOnlyList<IncidentPhase> Phases, IReadOnlyList<string> Changes)
{
    /// <summary>What is undone sooner is a blip.</summary>
    public static readonly TimeSpan BlipMax = TimeSpan.FromMinutes(15);

    /// <summary>An upstream that stays with less of what it carries, 0 to 1, stands by.</summary>
    public const double BackupShareMax = 0.2;
}
