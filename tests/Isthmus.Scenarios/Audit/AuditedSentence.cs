namespace Isthmus.Scenarios;

/// <summary>What the lines say to a sentence.</summary>
public enum AuditVerdict
{
    /// <summary>They agree with it.</summary>
    Holds,
    /// <summary>The audit has no rule for it.</summary>
    NotHeld,
    /// <summary>They neither show it nor the opposite, and it is said as a fact.</summary>
    Unproven,
    /// <summary>They show that it is false.</summary>
    Disproved,
}

/// <summary>A sentence of a report, held against the lines.</summary>
/// <param name="Kind">What it states: <c>from the start</c>, <c>began</c>, <c>outage</c>, …</param>
/// <param name="Why">What the lines say instead; empty where it holds.</param>
public sealed record AuditedSentence(uint Subject, string Kind, string Text, AuditVerdict Verdict, string Why);
