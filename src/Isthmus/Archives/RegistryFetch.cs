using System.Globalization;
using System.Text.RegularExpressions;

using Isthmus.Sources;

namespace Isthmus.Archives;

/// <summary>A file of a registry as it was on a day.</summary>
/// <param name="Name">As its publisher calls it, with its date.</param>
public sealed record DatedRegistry(string Name, CachedFile Copy);

/// <summary>
/// Fetches who held what on a day: the delegated statistics of the five RIRs, as the RIPE NCC keeps them of all, and CAIDA's as-org2info
/// (docs/fetch.md). Of each the last edition that is not after the day, found by the pages of the folders.
/// </summary>
public sealed partial class RegistryFetch
{
    /// <summary>
    /// Folders by RIR, and in them files, or folders of years: <c>ripencc/2017/delegated-ripencc-extended-20171001.bz2</c>.
    /// </summary>
    public static Archive Statistics { get; } = new("https://ftp.ripe.net/pub/stats/");

    /// <summary>Has <c>as-organizations/20171001.as-org2info.txt.gz</c>, four a year.</summary>
    public static Archive Organisations { get; } = new("https://publicdata.caida.org/datasets/");

    private static readonly string[] _rirs = ["afrinic", "apnic", "arin", "lacnic", "ripencc"];

    /// <summary>An edition that is older says nothing of a day.</summary>
    private const int AgeMaxDays = 200;

    private readonly ArchiveCache _cache;
    private readonly FetchProgress _progress;
    private readonly TimeProvider _time;
    private readonly bool _isOffline;
    private readonly FetchBounds _bounds = new();

    /// <summary>Nothing is asked yet.</summary>
    /// <param name="isOffline">True to ask no server.</param>
    public RegistryFetch(ArchiveCache cache, FetchProgress progress, TimeProvider time, bool isOffline) =>
        (_cache, _progress, _time, _isOffline) = (cache, progress, time, isOffline);

    /// <summary>Fetches the editions of a day; what cannot be had is told as a note.</summary>
    /// <param name="mirror">Has the folders of both archives; null for these.</param>
    /// <exception cref="InputException">None of them can be had; the message says why of the first.</exception>
    public IReadOnlyList<DatedRegistry> Get(Archive? mirror, DateOnly day, CancellationToken stop)
    {
        using var transfer = new ArchiveTransfer(_cache, _bounds, _progress, _time, _isOffline);
        var found = new List<DatedRegistry>();
        var lost = new List<string>();
        foreach (string rir in _rirs) Add(mirror ?? Statistics, $"{rir}/", name => DayOf(Delegated(rir), name));
        Add(mirror ?? Organisations, "as-organizations/", name => DayOf(OrganisationsName(), name));
        if (found.Count == 0) throw new InputException(lost[0]);
        foreach (string why in lost) _progress.Note(why);
        return found;

        void Add(Archive archive, string folder, Func<string, DateOnly?> dayOf)
        {
            try
            {
                found.Add(Edition(transfer, archive, folder, day, dayOf, stop));
            }
            catch (InputException failure)
            {
                lost.Add(failure.Message);
            }
        }
    }

    private DatedRegistry Edition(
        ArchiveTransfer transfer, Archive archive, string folder, DateOnly day, Func<string, DateOnly?> dayOf, CancellationToken stop)
    {
        var editions = new List<(DateOnly Day, string Path)>();
        Look(folder, isRoot: true);
        var fitting = editions.Where(one => one.Day <= day && one.Day.DayNumber > day.DayNumber - AgeMaxDays).ToList();
        if (fitting.Count == 0) throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"{HttpAddress.Shown(archive.At(folder).AbsoluteUri)} lists no edition of the {AgeMaxDays} days before {day:yyyy-MM-dd}"));
        // The extended form of a day has all that the other has.
        string path = fitting.OrderBy(one => one.Day).ThenBy(one => one.Path.Contains("-extended-", StringComparison.Ordinal)).Last().Path;
        var settled = new DateTimeOffset(fitting.Max(one => one.Day).ToDateTime(default), TimeSpan.Zero) + _bounds.SettleTime;
        return new(path[(path.LastIndexOf('/') + 1)..], transfer.Get(archive, path, settled, _bounds.RegistryBytesMax, stop));

        void Look(string at, bool isRoot)
        {
            var names = ListingPage.Names(transfer.Text(archive, at, _time.GetUtcNow() - _bounds.ListAgeMax, stop));
            foreach (var name in names)
                if (!name.IsFolder && dayOf(name.Name) is { } date) editions.Add((date, at + name.Name));
            string[] years = [.. new[] { Year(day), Year(day.AddDays(-AgeMaxDays)) }.Distinct()];
            foreach (string year in years.Where(year => names.Any(name => name.IsFolder && name.Name == year))) Look($"{at}{year}/", isRoot: false);
            if (isRoot && names.Any(name => name is { IsFolder: true, Name: "archive" })) Look($"{at}archive/", isRoot: false);
        }
    }

    private static string Year(DateOnly day) => day.Year.ToString("0000", CultureInfo.InvariantCulture);

    private static DateOnly? DayOf(Regex pattern, string name) => pattern.Match(name) is { Success: true } found
        && DateOnly.TryParseExact(found.Groups["day"].Value, "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static Regex Delegated(string rir) =>
        new($@"^delegated-{rir}(-extended)?-(?<day>\d{{8}})(\.gz|\.bz2)?$", RegexOptions.CultureInvariant);

    [GeneratedRegex(@"^(?<day>\d{8})\.as-org2info\.txt(\.gz)?$", RegexOptions.CultureInvariant)]
    private static partial Regex OrganisationsName();
}
