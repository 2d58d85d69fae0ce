using System.Globalization;
using System.Text.RegularExpressions;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Sources;

/// <summary>What the name of a file tells.</summary>
/// <param name="Home">The path of the folder, or of the file, that the collector has its name of; null where the name is its own.</param>
internal readonly record struct ArchivePlace(Collector Collector, FileKind Kind, Timestamp? Time, string? Home);

/// <summary>
/// What the name of an archive file tells: RIS <c>rrc00/2017.10/updates.20171001.0905.gz</c>,
/// RouteViews <c>route-views.sg/bgpdata/2017.10/UPDATES/updates.20171001.0900.bz2</c>, and flat copies of either.
/// </summary>
internal static partial class ArchiveName
{
    /// <param name="path">Absolute where that is known, so that the depth of what a user named changes nothing.</param>
    /// <param name="view">The view name of the dump, which tells the collector where the path does not.</param>
    public static ArchivePlace Read(string path, string view = "")
    {
        string normal = path.Replace('\\', '/');
        string file = normal[(normal.LastIndexOf('/') + 1)..];
        if (Known(normal, file, view) is { } known) return new(known, KindOf(file), TimeOf(file), null);
        var (name, home) = Unnamed(normal, BaseName().Replace(file, ""));
        bool isRis = file.StartsWith("ris.", StringComparison.Ordinal);
        return new(new(name, isRis ? Project.Ris : Project.Unknown), KindOf(file), TimeOf(file), home);
    }

    /// <summary>
    /// The shortest ends of some folders' paths that tell them apart: <c>north/data</c> and <c>south/data</c>, in the order given.
    /// </summary>
    public static string[] TellApart(IReadOnlyList<string> homes)
    {
        string[][] parts = [.. homes.Select(home => home.Split('/', StringSplitOptions.RemoveEmptyEntries))];
        for (int depth = 1; depth < parts.Max(part => part.Length); depth++)
        {
            string[] names = [.. parts.Select(part => string.Join('/', part.TakeLast(depth)))];
            if (names.Distinct(StringComparer.Ordinal).Count() == names.Length) return names;
        }
        return [.. homes];
    }

    /// <summary>A collector by the name that a report has for it.</summary>
    public static Collector Named(string name) =>
        RisFolder().IsMatch(name) ? new(name, Project.Ris)
        : RouteViewsFolder().IsMatch(name) ? new(name, Project.RouteViews)
        : name is "pch" ? new(name, Project.Pch) : new(name, Project.Unknown);

    /// <summary>True for the name of a dump or of updates of an archive: whatever is in such a file, routes belong there.</summary>
    public static bool IsOfArchive(string name)
    {
        string file = name[(name.Replace('\\', '/').LastIndexOf('/') + 1)..];
        return KindOf(file) is not FileKind.Unknown && TimeOf(file) is not null && ArchiveEnding().IsMatch(file);
    }

    // The file's own name says most, then the folder next to it, and so on up.
    private static Collector? Known(string path, string file, string view)
    {
        if (RisName().Match(file) is { Success: true } ris) return new(ris.Value.ToLowerInvariant(), Project.Ris);
        if (RouteViewsName().Match(file) is { Success: true } named) return RouteViews(named);
        if (FlatRouteViewsName().Match(file) is { Success: true } flat)
            return new(FlatCollector(flat.Groups["number"].Value, flat.Groups["name"].Value), Project.RouteViews);
        string[] folders = path.Split('/')[..^1];
        for (int i = folders.Length - 1; i >= 0; i--)
        {
            if (RisFolder().Match(folders[i]) is { Success: true } risFolder)
                return new(risFolder.Groups["name"].Value.ToLowerInvariant(), Project.Ris);
            if (RouteViewsFolder().Match(folders[i]) is { Success: true } folder) return RouteViews(folder);
            bool isNamedAbove = i > 0 && RouteViewsFolder().IsMatch(folders[i - 1]);
            if (folders[i] is "bgpdata" && !isNamedAbove) return new(CollectorOfBgpdata(folders, i), Project.RouteViews);
        }
        if (file.StartsWith("pch.", StringComparison.Ordinal)) return new("pch", Project.Pch);
        if (RisFolder().Match(view) is { Success: true } risView) return new(risView.Groups["name"].Value.ToLowerInvariant(), Project.Ris);
        if (RouteViewsFolder().Match(view) is { Success: true } routeViews) return RouteViews(routeViews);
        return null;
    }

    private static Collector RouteViews(Match named) =>
        new("route-views" + named.Groups["name"].Value.ToLowerInvariant(), Project.RouteViews);

    // The archive of route-views2 has no folder of that name: its bgpdata lies at the root. Collectors of later years are named
    // by exchange and airport, as amsix.ams, without route-views before.
    private static string CollectorOfBgpdata(string[] folders, int at)
    {
        string above = at > 0 ? folders[at - 1] : "";
        return ExchangeFolder().IsMatch(above) ? above.ToLowerInvariant() : "route-views2";
    }

    // Files that an archive dates are of one collector, whose name was lost where they were copied from its folders. As
    // many collectors as files would have a dump's table stand for ever beside the updates that change it.
    private static (string Name, string? Home) Unnamed(string path, string file)
    {
        string[] folders = path.Split('/')[..^1];
        if (TimeOf(file) is null) return (file, $"{string.Join('/', folders)}/{file}");
        string own = KindWord().Replace(NamedTime().Replace(file, ""), "").Trim('.', '-', '_');
        if (own.Length > 0) return (own, null);
        int last = Array.FindLastIndex(folders, folder => !FolderOfAll().IsMatch(folder));
        return last < 0 ? ("unnamed", null) : (folders[last], string.Join('/', folders[..(last + 1)]));
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

    [GeneratedRegex(@"\d(\.(mrt|bgp|gz|bz2|xz|zst))*$", RegexOptions.IgnoreCase)]
    private static partial Regex ArchiveEnding();

    [GeneratedRegex(@"(?<![a-z])rrc\d\d(?!\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RisName();

    [GeneratedRegex(@"(?<![a-z])route-views(?<name>\d|\.(?!rib|updates)[a-z0-9]+)",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RouteViewsName();

    // A folder is a collector's by its whole name, or by what stands before a mark: rrc00, ris-rrc00, rrc00.ripe.net, rrc00.tar.gz.
    [GeneratedRegex(@"^(ris[-_.])?(?<name>rrc\d\d)(?![a-z0-9])", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RisFolder();

    [GeneratedRegex(@"^route-views(?<name>\d|\.(?!rib|updates|routeviews|tar|zip)[a-z0-9]+)?(?=$|[-_.])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex RouteViewsFolder();

    [GeneratedRegex(@"^(?!www\.|archive\.|routeviews\.)[a-z0-9-]+\.[a-z]{3}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ExchangeFolder();

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
