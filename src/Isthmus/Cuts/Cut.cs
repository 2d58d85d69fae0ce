using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Cuts;

/// <summary>What is taken away (docs/methods.md, "Cuts").</summary>
public enum CutKind : byte
{
    /// <summary>A network: none of its links is left.</summary>
    Network,
    /// <summary>The link between two networks.</summary>
    Link,
    /// <summary>All networks of a country, which carry nothing for anybody; not those of the subject itself.</summary>
    Country,
    /// <summary>The links between the subject's networks and those of a country, and no others.</summary>
    Border,
}

/// <summary>One thing that is taken away.</summary>
/// <param name="Asn">The network, or one end of the link.</param>
/// <param name="Other">The other end of the link.</param>
public sealed record Cut(CutKind Kind, Asn Asn, Asn Other, Country Country)
{
    /// <summary>As a user writes it: <c>as:4837</c>, <c>link:4837-131279</c>, <c>country:CN</c>, <c>border:CN</c>.</summary>
    public string Text => Kind switch
    {
        CutKind.Network => $"as:{Asn.Number}",
        CutKind.Link => $"link:{Asn.Number}-{Other.Number}",
        CutKind.Country => $"country:{Country}",
        _ => $"border:{Country}",
    };

    /// <summary>Reads what a user wrote; a country also by its name.</summary>
    /// <param name="error">What is wrong and what to do; null where it was read.</param>
    public static Cut? Read(string text, out string? error)
    {
        error = null;
        int colon = text.IndexOf(':', StringComparison.Ordinal);
        string word = colon < 0 ? "" : text[..colon], of = text[(colon + 1)..];
        switch (word)
        {
            case "as" when Asn.TryParse(of, null, out var asn):
                return new(CutKind.Network, asn, default, default);
            case "link" when of.Split('-') is [var one, var other] && Asn.TryParse(one, null, out var first)
                && Asn.TryParse(other, null, out var second) && first != second:
                return new(CutKind.Link, first, second, default);
            case "country" or "border" when CountryNames.Called(of) is [var country]:
                return new(word is "country" ? CutKind.Country : CutKind.Border, default, default, country);
            default:
                error = $"'{text}' is nothing that can be cut; write as:4837, link:4837-131279, country:CN (its networks carry nothing) "
                    + "or border:CN (its links with the subject)";
                return null;
        }
    }
}
