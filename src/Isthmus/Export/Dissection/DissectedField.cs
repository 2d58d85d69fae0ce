namespace Isthmus.Export.Dissection;

/// <summary>One field of a record as it was taken apart.</summary>
/// <param name="Offset">Bytes from the start of the record.</param>
/// <param name="Length">Its bytes; 0 for a heading.</param>
/// <param name="Depth">How deep it stands: 0 for the record's own fields.</param>
/// <param name="Name">In the words of the standard.</param>
/// <param name="Value">What it says; empty for bytes that are shown only.</param>
public sealed record DissectedField(int Offset, int Length, int Depth, string Name, string Value);
