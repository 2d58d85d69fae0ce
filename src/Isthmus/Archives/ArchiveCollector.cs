using System.Globalization;
using System.Text.RegularExpressions;

using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Archives;

/// <summary>A file of an archive, before it is fetched.</summary>
/// <param name="Path">From the archive's root, by which collector, kind and time are told.</param>
/// <param name="Start">Of what it holds, by its name.</param>
/// <param name="RoughBytes">Its size as the listing has it; null where it has none.</param>
public sealed record ArchiveFile(ArchiveCollector Of, string Path, FileKind Kind, Timestamp Start, long? RoughBytes)
{
    /// <summary>Where it is.</summary>
    public Uri Address => Of.Archive.At(Path);

    /// <summary>The address as it may be shown.</summary>
    public string Shown => HttpAddress.Shown(Address.AbsoluteUri);
}

/// <summary>A collector's part of an archive, in the layout of its project (docs/fetch.md).</summary>
/// <param name="Folder">Of its months, from the archive's root, with a slash at its end.</param>
public sealed partial record ArchiveCollector(Archive Archive, Collector Collector, string Folder)
{
    private const string Ribs = "RIBS/", Updates = "UPDATES/", Bgpdata = "bgpdata";

    // Tables of oix-route-views since 1997, as the router's own text; its folder holds months, and these hold the files.
    private const string Oix = "oix-route-views";

    /// <summary>
    /// Collectors of RouteViews whose folders are asked for where its front page lists none: the page is written by hand.
    /// </summary>
    private static readonly string[] _routeViews =
    [
        "bgpdata", "route-views3", "route-views4", "route-views5", "route-views6", "route-views.amsix", "route-views.chicago",
        "route-views.chile", "route-views.eqix", "route-views.flix", "route-views.fortaleza", "route-views.gixa", "route-views.gorex",
        "route-views.isc", "route-views.jinx", "route-views.kixp", "route-views.linx", "route-views.mwix", "route-views.napafrica",
        "route-views.nwax", "route-views.ny", "route-views.perth", "route-views.phoix", "route-views.rio", "route-views2.saopaulo",
        "route-views.saopaulo", "route-views.sfmix", "route-views.sg", "route-views.soxrs", "route-views.sydney", "route-views.telxatl",
        "route-views.uaeix", "route-views.wide",
    ];

    /// <summary>True where all tables and updates of a month lie in one folder, as those of RIS.</summary>
    private bool IsFlat => Collector.Project is Project.Ris || Collector.Name is Oix;

    /// <summary>The collectors that the page at an archive's root lists, by name.</summary>
    public static IReadOnlyList<ArchiveCollector> In(string page, Archive archive)
    {
        var found = ListingPage.Folders(page, archive).Select(path => Of(path, archive)).OfType<ArchiveCollector>().ToList();
        if (found.Count == 0 && archive == Archive.RouteViews)
            found = [.. _routeViews.Select(path => Of(path, archive)).OfType<ArchiveCollector>()];
        return [.. found.DistinctBy(one => one.Collector.Name, StringComparer.Ordinal).OrderBy(one => one.Collector)];
    }

    private static ArchiveCollector? Of(string path, Archive archive)
    {
        string[] names = path.Split('/');
        if (ArchiveWords.RisOfFolder(path) is { } ris && ris == path) return new(archive, new(ris, Project.Ris), $"{path}/");
        if (path is Oix) return new(archive, new(Oix, Project.RouteViews), $"{path}/");
        if (names is [_, not Bgpdata]) return null;
        bool isAlone = path is Bgpdata;
        // Other folders of an archive may have names that end as those of exchanges do.
        if (!isAlone && names.Length == 1 && ArchiveWords.RouteViewsOfFolder(path) is null) return null;
        string folder = isAlone ? $"{Bgpdata}/" : $"{names[0]}/{Bgpdata}/";
        var collector = ArchiveName.Read($"/{folder}rib.20000101.0000.bz2").Collector;
        return collector.Project is Project.RouteViews && (isAlone || collector.Name is not "route-views2" || names[0] is "route-views2")
            ? new(archive, collector, folder) : null;
    }

    /// <summary>The collector that a file at a path is of, by the layout; null for none.</summary>
    public static ArchiveCollector? OfFile(string path, Archive archive) => path.Split('/') switch
    {
        [Bgpdata, ..] => Of(Bgpdata, archive),
        [var name, Bgpdata, ..] => Of($"{name}/{Bgpdata}", archive),
        [var name, _, _] => Of(name, archive),
        _ => null,
    };

    /// <summary>The months that the page of <see cref="Folder"/> lists, as their first instants.</summary>
    public static IReadOnlyList<Timestamp> Months(string page) =>
    [
        .. ListingPage.Names(page).Select(name => MonthOf(name.Name)).OfType<Timestamp>().Distinct().Order(),
    ];

    private static Timestamp? MonthOf(string name) => Month().IsMatch(name)
        && DateTimeOffset.TryParseExact(name, "yyyy.MM", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var month)
        ? Timestamp.From(month) : null;

    /// <summary>The first instant of the month that a time is in.</summary>
    public static Timestamp MonthOf(Timestamp time)
    {
        var utc = time.ToDateTimeOffset();
        return Timestamp.From(new(utc.Year, utc.Month, 1, 0, 0, 0, TimeSpan.Zero));
    }

    /// <summary>The folders that hold a month's files of some kinds, from the archive's root.</summary>
    public IReadOnlyList<string> FoldersOf(Timestamp month, bool ribs, bool updates)
    {
        string folder = Folder + month.ToDateTimeOffset().ToString("yyyy.MM/", CultureInfo.InvariantCulture);
        if (IsFlat) return [folder];
        string?[] kinds = [ribs ? Ribs : null, updates ? Updates : null];
        return [.. kinds.OfType<string>().Select(kind => folder + kind)];
    }

    /// <summary>The dumps and updates that a page lists, by time.</summary>
    /// <param name="folder">Whose page it is, from the archive's root.</param>
    public IReadOnlyList<ArchiveFile> Files(string page, string folder) =>
    [
        .. ListingPage.Names(page).Where(name => !name.IsFolder)
            .Select(name => FileOf(folder + name.Name, name.RoughBytes)).OfType<ArchiveFile>().OrderBy(file => file.Start),
    ];

    /// <summary>The file at a path, by its name; null for what is no dump and no updates.</summary>
    public ArchiveFile? FileOf(string path, long? roughBytes)
    {
        if (OixSnapshot().Match(path) is { Success: true } snapshot)
            return DateTimeOffset.TryParseExact(snapshot.Groups[1].Value, "yyyy-MM-dd-HHmm", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal, out var time) ? new(this, path, FileKind.Rib, Timestamp.From(time), roughBytes) : null;
        return ArchiveName.IsOfArchive(path) && ArchiveName.Read(path) is { Kind: not FileKind.Unknown, Time: { } start } told
            ? new(this, path, told.Kind, start, roughBytes) : null;
    }

    [GeneratedRegex(@"^(19|20)\d\d\.(0[1-9]|1[0-2])$", RegexOptions.CultureInvariant)]
    private static partial Regex Month();

    [GeneratedRegex(@"/oix-full-snapshot-(\d{4}-\d\d-\d\d-\d{4})(\.dat)?\.(bz2|gz)$", RegexOptions.CultureInvariant)]
    private static partial Regex OixSnapshot();
}
