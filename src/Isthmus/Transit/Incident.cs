using Isthmus.Wire;

namespace Isthmus.Transit;

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
/// <param name="Why">Why it has this label: a sentence.</param>
/// <param name="Upstream">The upstream that it is about; null where no carrier changed.</param>
/// <param name="Opened">Time of its first change.</param>
/// <param name="Updated">When last something changed or ended.</param>
/// <param name="Closed">When it was over: nothing is left of it, or nothing more came within a day; null while it may go on.</param>
/// <param name="Changes">Ids of all its changes, in order of time.</param>
public sealed record Incident(
    string Id, IncidentLabel Label, string Why, Asn? Upstream, Timestamp Opened, Timestamp Updated, Timestamp? Closed,
    IReadOnlyList<IncidentPhase> Phases, IReadOnlyList<string> Changes);
