using System.Globalization;

using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>
/// A prefix as it stands in a message, with its path id where the session has ADD-PATH (RFC 7911). Text turns into
/// one by itself: <c>"175.45.176.0/24"</c>, or <c>"175.45.176.0/24#7"</c> with path id 7.
/// </summary>
public readonly record struct Nlri(Prefix Prefix, uint? PathId = null)
{
    public static implicit operator Nlri(Prefix prefix) => new(prefix);

    public static implicit operator Nlri(string text) => text.Split('#') is [var prefix, var id]
        ? new(Prefix.Parse(prefix), uint.Parse(id, CultureInfo.InvariantCulture))
        : new(Prefix.Parse(text));

    public override string ToString() => PathId is { } id ? $"{Prefix}#{id}" : Prefix.ToString();
}
