using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Attribution;

/// <summary>Reads what a user typed as a subject.</summary>
public static class Subjects
{
    /// <summary>Finds the subject: <c>AS131279</c>, <c>131279</c>, <c>KP</c>, <c>North Korea</c>, <c>175.45.176.0/22</c>.</summary>
    /// <param name="error">What is wrong and what to do, in one line; null when a subject was found.</param>
    public static Subject? Resolve(string text, RegistrySnapshot registry, out string? error)
    {
        error = null;
        text = text.Trim();
        // AS 131279 is written as often as AS131279.
        if (text.StartsWith("AS ", StringComparison.OrdinalIgnoreCase) && Asn.TryParse(text.AsSpan(3).Trim(), null, out var apart))
            text = apart.ToString();
        if (text.Contains('/', StringComparison.Ordinal)) return OfPrefix(text, registry, out error);
        if (Asn.TryParse(text, null, out var asn))
        {
            if (!PathCleaning.IsReserved(asn)) return new(
                SubjectKind.As, asn.ToString(), registry.NameOf(asn), registry.CountryOf(asn), asn, default);
            error = $"{asn} is reserved: no network of the public Internet has it";
            return null;
        }
        if (IpAddress.TryParse(text, null, out var address)) return OfPrefix(
            $"{address}/{(address.Family is AddressFamily.IPv4 ? 32 : 128)}", registry, out error);
        var called = CountryNames.Called(text);
        if (called is [var country])
            return new(SubjectKind.Country, country.ToString(), CountryNames.NameOf(country), country, default, default);
        if (called.Count > 1)
        {
            error = $"'{text}' may be {string.Join(" or ", called.Select(c => $"{c} ({CountryNames.NameOf(c)})"))}; say which";
            return null;
        }
        var near = CountryNames.Near(text, 3);
        error = $"'{text}' is no AS number, country or prefix" + (near.Count == 0
            ? "; give one as AS131279, KP, \"North Korea\" or 175.45.176.0/22"
            : $"; did you mean {string.Join(" or ", near.Select(c => $"{c} ({CountryNames.NameOf(c)})"))}?");
        return null;
    }

    private static Subject? OfPrefix(string text, RegistrySnapshot registry, out string? error)
    {
        error = null;
        if (Prefix.TryParse(text, null, out var prefix))
            return new(SubjectKind.Prefix, prefix.ToString(), null, registry.CountryOf(prefix), default, prefix);
        error = IpAddress.TryParse(text.AsSpan(0, text.IndexOf('/')), null, out var address)
            && byte.TryParse(text.AsSpan(text.IndexOf('/') + 1), out byte length)
            && length <= (address.Family is AddressFamily.IPv4 ? 32 : 128)
            ? $"'{text}' has bits beyond its length; did you mean {new Prefix(address, length)}?"
            : $"'{text}' is no prefix; give one as 175.45.176.0/22";
        return null;
    }
}
