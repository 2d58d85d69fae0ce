using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>
/// One sentence of a report with what proves it: <see cref="Provenance"/> turns that into the records themselves.
/// </summary>
public sealed record Sentence(string Text)
{
    /// <summary>Ids of the changes that it tells of; their witnesses prove it.</summary>
    public IReadOnlyList<string> Changes { get; init; } = [];

    /// <summary>Upstreams of which it says what they carry at the end: the routes held then prove it.</summary>
    public IReadOnlyList<Asn> CarryAtEnd { get; init; } = [];

    /// <summary>Upstreams of which it says that they were there from the start.</summary>
    public IReadOnlyList<Asn> CarryAtStart { get; init; } = [];

    /// <summary>True where no single record proves it but all that was read: a count, or that nothing was found.</summary>
    public bool RestsOnAll { get; init; }

    /// <summary>The sentence alone.</summary>
    public override string ToString() => Text;
}
