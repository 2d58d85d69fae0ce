using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>What was found on a prefix, and what was asked of the gateways of other prefixes meanwhile.</summary>
internal sealed record FoundOnPrefix(IReadOnlyList<Finding> Findings, IReadOnlyList<(Asn Gateway, Timestamp Time, bool IsNew)> Asked)
{
    /// <summary>Keeps what was found on each prefix.</summary>
    public static KeptByPrefix<FoundOnPrefix> Keep() => new((found, shift) => found with
    {
        Findings = [.. found.Findings.Select(finding => finding with
        {
            Prefix = shift.Prefix,
            Turns = [.. finding.Turns.Select(turn => turn with { History = turn.History + shift.Histories })],
        })],
    });
}

/// <summary>What was found on the prefixes of a subject, and on those inside them.</summary>
internal sealed class KeptFindings
{
    /// <summary>On its own.</summary>
    public KeptByPrefix<FoundOnPrefix> Own { get; } = FoundOnPrefix.Keep();

    /// <summary>On those of other origins inside them.</summary>
    public KeptByPrefix<FoundOnPrefix> Inside { get; } = FoundOnPrefix.Keep();
}
