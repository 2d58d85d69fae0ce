using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;

namespace Isthmus.Archives;

/// <summary>What a page of a folder's content lists.</summary>
/// <param name="RoughBytes">Its size as the page has it, mostly rounded to three digits; null where it has none.</param>
public readonly record struct ListedName(string Name, bool IsFolder, long? RoughBytes);

/// <summary>
/// Reads the pages that web servers make of a folder: Apache's mod_autoindex, as text or as table, and nginx's autoindex. A name is taken
/// only where the link is that name and nothing else: no path, no other host, no query. What is asked for later is made of such names.
/// </summary>
public static partial class ListingPage
{
    /// <summary>The files and folders of a page, each once, in its order.</summary>
    public static IReadOnlyList<ListedName> Names(string page)
    {
        var names = new List<ListedName>();
        var known = new HashSet<string>(StringComparer.Ordinal);
        var links = Link().Matches(page);
        for (int i = 0; i < links.Count; i++)
        {
            string target = TargetOf(links[i]);
            if (target.StartsWith("./", StringComparison.Ordinal)) target = target[2..];
            bool isFolder = target.EndsWith('/');
            string name = isFolder ? target[..^1] : target;
            if (!IsName(name) || !known.Add(name)) continue;
            int end = links[i].Index + links[i].Length, next = i + 1 < links.Count ? links[i + 1].Index : page.Length;
            names.Add(new(name, isFolder, SizeIn(page.AsSpan(end, Math.Min(next - end, RestCharactersMax)))));
        }
        return names;
    }

    /// <summary>
    /// The folders that a page leads to below itself, as paths of one or two names, each once: a front page made by hand may lead to
    /// <c>/route-views3/bgpdata</c> or to its whole address.
    /// </summary>
    public static IReadOnlyList<string> Folders(string page, Archive archive) =>
    [
        .. Link().Matches(page).Select(link => FolderOf(TargetOf(link), archive)).OfType<string>().Distinct(StringComparer.Ordinal),
    ];

    private static string? FolderOf(string target, Archive archive)
    {
        if (!Uri.TryCreate(archive.Root, target, out var at) || !archive.Holds(at) && at.Host != archive.Root.Host) return null;
        bool isBelow = at.AbsolutePath.StartsWith(archive.Root.AbsolutePath, StringComparison.Ordinal);
        if (!isBelow || at is not { Query: "", Fragment: "" }) return null;
        string path = at.AbsolutePath[archive.Root.AbsolutePath.Length..].TrimEnd('/');
        string[] names = path.Split('/');
        return names.Length <= 2 && names.All(IsName) ? path : null;
    }

    /// <summary>True for a name that can stand between slashes and lead nowhere else.</summary>
    public static bool IsName(string text) => text is not ("" or "." or "..") && text.Length <= NameCharactersMax && Name().IsMatch(text);

    /// <summary>Longer names are of no archive.</summary>
    private const int NameCharactersMax = 200;

    /// <summary>So far behind a link its date and size are looked for.</summary>
    private const int RestCharactersMax = 600;

    private static string TargetOf(Match link) =>
        WebUtility.HtmlDecode(link.Groups["quoted"].Success ? link.Groups["quoted"].Value
            : link.Groups["single"].Success ? link.Groups["single"].Value : link.Groups["bare"].Value).Trim();

    // Behind the time of day stands the size, in bytes (nginx) or as 96M, 1.2M, 161 (Apache); folders have "-".
    private static long? SizeIn(ReadOnlySpan<char> rest)
    {
        if (Size().Match(Tag().Replace(rest.ToString(), " ")) is not { Success: true } found) return null;
        double count = double.Parse(found.Groups[1].ValueSpan, CultureInfo.InvariantCulture);
        int shift = found.Groups[2].Value switch { "K" or "k" => 10, "M" => 20, "G" => 30, "T" => 40, _ => 0 };
        return (long)Math.Min(count * (1L << shift), long.MaxValue / 2);
    }

    [GeneratedRegex("""<a\s[^<>]*?\bhref\s*=\s*(?:"(?<quoted>[^"<>]*)"|'(?<single>[^'<>]*)'|(?<bare>[^\s"'<>]+))[^<>]*>""",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant, matchTimeoutMilliseconds: 10_000)]
    private static partial Regex Link();

    [GeneratedRegex("^[A-Za-z0-9._+-]+$", RegexOptions.CultureInvariant)]
    private static partial Regex Name();

    [GeneratedRegex("<[^<>]*>", RegexOptions.CultureInvariant)]
    private static partial Regex Tag();

    [GeneratedRegex(@"\d\d:\d\d(?::\d\d)?\s+(\d{1,15}(?:\.\d{1,3})?)\s?([KkMGT])?(?![\w.])", RegexOptions.CultureInvariant)]
    private static partial Regex Size();
}
