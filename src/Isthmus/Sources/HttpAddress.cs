using System.Text.RegularExpressions;

namespace Isthmus.Sources;

/// <summary>Http(s) addresses: as they are asked for, and as they may be shown.</summary>
internal static partial class HttpAddress
{
    /// <summary>True for what is asked of a server.</summary>
    public static bool IsAddress(string argument) =>
        argument.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || argument.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What a server is asked for: equal for addresses that differ in case, dots and fragment (RFC 3986 section 6.2.2), or in a query
    /// that is empty.
    /// </summary>
    public static string Asked(string address)
    {
        string asked = Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped) : address;
        return asked.IndexOf('?', StringComparison.Ordinal) == asked.Length - 1 ? asked[..^1] : asked;
    }

    /// <summary>
    /// An address as it may be shown: without user, password, query, fragment, and the parameters of its path's segments, of which a
    /// signature may be one.
    /// </summary>
    public static string Shown(string address) => Parameters().Replace(ShownWithParameters(address), ";…");

    [GeneratedRegex("(?<=://.*);[^/?#]*")]
    private static partial Regex Parameters();

    private static string ShownWithParameters(string address)
    {
        if (!address.Contains("://", StringComparison.Ordinal)) return address;
        if (!IsAddress(address) || !Uri.TryCreate(address, UriKind.Absolute, out var uri)) return ShownOther(address);
        bool isCut = uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0;
        return isCut ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            + (uri.Query.Length > 0 ? "?…" : "") : address;
    }

    // Of another scheme, or no address at all: it may hold a secret all the same, a password with any characters among them.
    private static string ShownOther(string address)
    {
        int scheme = address.IndexOf("://", StringComparison.Ordinal) + 3;
        string rest = address[scheme..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        int at = (slash < 0 ? rest : rest[..slash]).LastIndexOf('@');
        bool isCut = at >= 0;
        rest = rest[(at + 1)..];
        int end = rest.AsSpan().IndexOfAny('?', '#');
        bool hasQuery = end >= 0 && end + 1 < rest.Length;
        if (hasQuery) rest = rest[..end];
        at = rest.LastIndexOf('@');
        isCut |= at >= 0;
        rest = rest[(at + 1)..];
        int colon = rest.IndexOf(':', StringComparison.Ordinal);
        bool hasPort = colon < 0 || rest[0] == '[' || rest.Length > colon + 1 && char.IsAsciiDigit(rest[colon + 1]);
        return string.Concat(address.AsSpan(0, scheme), isCut ? "…@" : "", hasPort ? rest : "…", hasQuery ? "?…" : "");
    }
}
