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
    /// <summary>Digits of a day, 20171001.</summary>
    private const int DayDigits = 8;

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

    /// <summary>True where a place tells the collector by a layout that is known.</summary>
    public static bool IsKnown(string path) => Read(path).Collector.Project is not Project.Unknown;

    /// <summary>The place of a file in an archive: behind the archive stands a folder without a name, which nothing else has.</summary>
    public static string Inside(string archive, string inside) => $"{archive}//{inside}";

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
        ArchiveWords.RisOfFolder(name) is not null ? new(name, Project.Ris)
        : ArchiveWords.RouteViewsOfFolder(name) is not null ? new(name, Project.RouteViews)
        : name is "pch" || ArchiveWords.PchOfFolder(name) is not null ? new(name, Project.Pch) : new(name, Project.Unknown);

    /// <summary>True for the name of a dump or of updates of an archive: whatever is in such a file, routes belong there.</summary>
    public static bool IsOfArchive(string name)
    {
        string file = name[(name.Replace('\\', '/').LastIndexOf('/') + 1)..];
        return KindOf(file) is not FileKind.Unknown && TimeOf(file) is not null && ArchiveEnding().IsMatch(file);
    }

    // The file's own name says most, then the folder next to it, and so on up.
    private static Collector? Known(string path, string file, string view)
    {
        if (ArchiveWords.Ris(file) is { } ris) return new(ris, Project.Ris);
        if (ArchiveWords.RouteViews(file) is { } named) return RouteViews(named);
        if (ArchiveWords.FlatRouteViews(file) is { } flat) return new(FlatCollector(flat.Number, flat.Name), Project.RouteViews);
        if (ArchiveWords.Pch(file) is { } pch) return new(pch, Project.Pch);
        string[] folders = Telling(path.Split('/')[..^1]);
        for (int i = folders.Length - 1; i >= 0; i--)
        {
            if (ArchiveWords.RisOfFolder(folders[i]) is { } risFolder) return new(risFolder, Project.Ris);
            if (ArchiveWords.RouteViewsOfFolder(folders[i]) is { } folder) return RouteViews(folder);
            if (ArchiveWords.PchOfFolder(folders[i]) is { } pchFolder) return new(pchFolder, Project.Pch);
            bool isNamedAbove = i > 0 && ArchiveWords.RouteViewsOfFolder(folders[i - 1]) is not null;
            if (folders[i] is "bgpdata" && !isNamedAbove) return new(CollectorOfBgpdata(folders, i), Project.RouteViews);
        }
        if (file.StartsWith("pch.", StringComparison.Ordinal)) return new("pch", Project.Pch);
        if (ArchiveWords.RisOfFolder(view) is { } risView) return new(risView, Project.Ris);
        if (ArchiveWords.RouteViewsOfFolder(view) is { } routeViews) return RouteViews(routeViews);
        return null;
    }

    // An archive stands between folders as if it were none, unless it has the name of a collector.
    private static string[] Telling(string[] folders)
    {
        var telling = new List<string>(folders.Length);
        for (int i = 0; i < folders.Length; i++)
        {
            string name = NameAt(folders, i);
            if (name.Length > 0 && (name == folders[i] && !IsArchive(folders, i) || IsCollector(name))) telling.Add(name);
        }
        return [.. telling];
    }

    private static bool IsArchive(string[] folders, int at) =>
        at + 1 < folders.Length && folders[at + 1].Length == 0 && folders[at].Length > 0;

    private static bool IsCollector(string name) => ArchiveWords.RisOfFolder(name) is not null
        || ArchiveWords.RouteViewsOfFolder(name) is not null || ArchiveWords.PchOfFolder(name) is not null
        || ExchangeFolder().IsMatch(name);

    private static Collector RouteViews(string name) => new("route-views" + name, Project.RouteViews);

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
        string own = KindWord().Replace(ArchiveWords.WithoutTimes(file), "").Trim('.', '-', '_');
        if (own.Length > 0) return (own, null);
        int last = folders.Length - 1;
        while (last >= 0 && IsOfAll(folders, last)) last--;
        return last < 0 ? ("unnamed", null) : (NameAt(folders, last), string.Join('/', folders[..(last + 1)]));
    }

    // Of all collectors alike: what is held, or when, as 2017.10, 2017, 2017-10-01, and 10 and 01 below a year.
    private static bool IsOfAll(string[] folders, int at)
    {
        string name = NameAt(folders, at);
        if (FolderOfAll().IsMatch(name)) return true;
        bool isPart = name.Length == 2 && char.IsAsciiDigit(name[0]) && char.IsAsciiDigit(name[1]);
        return isPart && at > 0 && (Year().IsMatch(folders[at - 1])
            || at > 1 && folders[at - 1].Length == 2 && IsOfAll(folders, at - 1) && Year().IsMatch(folders[at - 2]));
    }

    // Of an archive without what says that it is one: updates.tar and 2017.10.tgz say no more than folders of these names.
    private static string NameAt(string[] folders, int at) =>
        IsArchive(folders, at) ? ArchiveEndings().Replace(folders[at], "") : folders[at];

    private static string FlatCollector(string number, string name) =>
        number.Length > 0 ? "route-views" + number
        : name is "" or "rib" or "updates" ? "route-views2"
        : name.StartsWith("route-views", StringComparison.Ordinal) ? name : "route-views." + name;

    private static FileKind KindOf(string file) =>
        ArchiveWords.HasRib(file)
        ? FileKind.Rib : file.Contains("updates", StringComparison.OrdinalIgnoreCase) ? FileKind.Updates : FileKind.Unknown;

    private static Timestamp? TimeOf(string file)
    {
        if (ArchiveWords.TimeFrom(file, 0) is not { } found) return null;
        var text = file.AsSpan(found.At, found.Length);
        // A day without a clock dates no file.
        int clock = text.Length - DayDigits - 1;
        if (clock < 0 || text.ContainsAnyExceptInRange('-', '9')) return null;
        if (text[4] == '-')
        {
            text = $"{text[..4]}{text[5..7]}{text[8..10]}.{text[11..13]}{text[14..]}";
            clock = 4;
        }
        int year = Number(text, 0, 4), month = Number(text, 4, 2), day = Number(text, 6, 2);
        int hour = Number(text, 9, 2), minute = Number(text, 11, 2), second = clock == 6 ? Number(text, 13, 2) : 0;
        bool isDate = month is >= 1 and <= 12 && day >= 1 && day <= DateTime.DaysInMonth(year, month);
        return isDate && hour < 24 && minute < 60 && second < 60
            ? Timestamp.From(new(year, month, day, hour, minute, second, TimeSpan.Zero)) : null;
    }

    private static int Number(ReadOnlySpan<char> text, int at, int length) =>
        int.Parse(text.Slice(at, length), NumberStyles.None, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"\d(\.(mrt|bgp|gz|bz2|xz|zst))*$", RegexOptions.IgnoreCase)]
    private static partial Regex ArchiveEnding();

    // Three letters of an airport, and none of a file, of a host, or of a copy.
    [GeneratedRegex(@"^(?!www\.|archive\.|routeviews\.)[a-z0-9-]+\.(?!tar|tgz|tbz|txz|tzs|zip|mrt|bgp|zst|bak|old|new|tmp|dat|dir|org|net|com|edu|gov|git)[a-z]{3}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ExchangeFolder();

    [GeneratedRegex(@"(?<=^|[._-])(b?view|ribs?|updates)(?=[._-]|$)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex KindWord();

    [GeneratedRegex(@"^(19|20)\d\d$", RegexOptions.CultureInvariant)]
    private static partial Regex Year();

    [GeneratedRegex(@"^(ribs|updates|(19|20)\d\d([._-]?\d\d){0,2}|\.{0,2})$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex FolderOfAll();

    [GeneratedRegex(@"(\.(tar|tgz|tbz2?|txz|tzst|zip|gz|bz2|zst|xz))+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ArchiveEndings();

    [GeneratedRegex(@"(\.(mrt|gz|bz2|zst|xz|bgp))+$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex BaseName();
}
