using System.Globalization;
using System.Text.RegularExpressions;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Sources;

/// <summary>
/// What the name of an archive file tells (methods.md section 11.3): RIS <c>rrc00/2017.10/updates.20171001.0905.gz</c>,
/// RouteViews <c>route-views.sg/bgpdata/2017.10/UPDATES/updates.20171001.0900.bz2</c>, and flat copies of either.
/// </summary>
internal static partial class ArchiveName
{
    public static (Collector Collector, FileKind Kind, Timestamp? Time) Read(string path)
    {
        string normal = path.Replace('\\', '/');
        string file = normal[(normal.LastIndexOf('/') + 1)..];
        return (CollectorOf(normal, file), KindOf(file), TimeOf(file));
    }

    private static Collector CollectorOf(string path, string file)
    {
        if (RisName().Match(path) is { Success: true } ris) return new(ris.Value.ToLowerInvariant(), Project.Ris);
        if (RouteViewsName().Match(path) is { Success: true } named) return new(
            "route-views" + named.Groups["name"].Value.ToLowerInvariant(), Project.RouteViews);
        if (FlatRouteViewsName().Match(file) is { Success: true } flat)
            return new(FlatCollector(flat.Groups["number"].Value, flat.Groups["name"].Value), Project.RouteViews);
        // The archive of route-views2 has no folder of that name: its bgpdata lies at the root.
        if (path.Contains("bgpdata/", StringComparison.Ordinal)) return new("route-views2", Project.RouteViews);
        if (file.StartsWith("pch.", StringComparison.Ordinal)) return new("pch", Project.Pch);
        string name = Unnamed(path, BaseName().Replace(file, ""));
        return new(name, file.StartsWith("ris.", StringComparison.Ordinal) ? Project.Ris : Project.Unknown);
    }

    // Files that an archive dates are of one collector, whose name was lost where they were copied from its folders. As
    // many collectors as files would have a dump's table stand for ever beside the updates that change it.
    private static string Unnamed(string path, string file)
    {
        if (TimeOf(file) is null) return file;
        string own = KindWord().Replace(NamedTime().Replace(file, ""), "").Trim('.', '-', '_');
        return own.Length > 0 ? own : path.Split('/')[..^1].LastOrDefault(folder => !FolderOfAll().IsMatch(folder)) ?? "unnamed";
    }

    private static string FlatCollector(string number, string name) =>
        number.Length > 0 ? "route-views" + number
        : name is "" or "rib" or "updates" ? "route-views2"
        : name.StartsWith("route-views", StringComparison.Ordinal) ? name : "route-views." + name;

    private static FileKind KindOf(string file) =>
        RibWord().IsMatch(file)
        ? FileKind.Rib : file.Contains("updates", StringComparison.OrdinalIgnoreCase) ? FileKind.Updates : FileKind.Unknown;

    private static Timestamp? TimeOf(string file)
    {
        if (NamedTime().Match(file) is not { Success: true } match) return null;
        string text = match.Groups["day"].Value
            + (match.Groups["clock"].Value is { Length: > 0 } clock ? clock.PadRight(6, '0') : "000000");
        return DateTimeOffset.TryParseExact(
            text, "yyyyMMddHHmmss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && match.Groups["clock"].Success ? Timestamp.From(time) : null;
    }

    [GeneratedRegex(@"(?<![a-z])rrc\d\d(?!\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RisName();

    [GeneratedRegex(@"(?<![a-z])route-views(?<name>\d|\.(?!rib|updates)[a-z0-9]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RouteViewsName();

    [GeneratedRegex(@"^routeviews(?<number>\d?)\.(?<name>[a-z0-9-]+)\.", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FlatRouteViewsName();

    [GeneratedRegex(@"(^|[._-])(b?view|rib|ribs)([._]|$)|mrtdump_rib|_rib", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RibWord();

    [GeneratedRegex(@"(?<=^|[._-])(b?view|ribs?|updates)(?=[._-]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KindWord();

    [GeneratedRegex(@"^(ribs|updates|\d{4}\.\d{2}|\.{0,2})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FolderOfAll();

    [GeneratedRegex(@"(?<!\d)(?<day>(19|20)\d{6})(\.(?<clock>\d{4}|\d{6}))?(?!\d)", RegexOptions.CultureInvariant)]
    private static partial Regex NamedTime();

    [GeneratedRegex(@"(\.(mrt|gz|bz2|zst|xz|bgp))+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BaseName();
}
