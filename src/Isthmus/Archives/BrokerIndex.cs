using System.Globalization;
using System.Text.Json;

using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Archives;

/// <summary>
/// The index that BGPKIT keeps of the archives, asked in place of their pages: <c>/search</c> of its interface, version 3. It only says
/// which files there are. What is not below the root of an archive, or has not its names, is left out.
/// </summary>
internal sealed class BrokerIndex(Archive broker, IReadOnlyList<Archive> archives)
{
    /// <summary>Entries of a page, the most that it gives.</summary>
    private const int PageSize = 1000;

    /// <summary>Pages of one question; a month of updates of a collector of RIS has nine.</summary>
    private const int PagesMax = 100;

    /// <summary>Dumps of so long before a time name the collectors that were there.</summary>
    private static readonly TimeSpan _dumpsWithin = TimeSpan.FromDays(1);

    /// <summary>The collectors that have a dump of the day before a time, or of that time.</summary>
    public IReadOnlyList<ArchiveCollector> Collectors(
        ArchiveTransfer transfer, Timestamp time, DateTimeOffset settled, CancellationToken stop) =>
    [
        .. Search(transfer, $"{Period(time - _dumpsWithin, time)}&data_type=rib", settled, stop).Select(file => file.Of)
            .DistinctBy(one => one.Collector.Name, StringComparer.Ordinal).OrderBy(one => one.Collector),
    ];

    /// <summary>A collector's files of a month.</summary>
    public IReadOnlyList<ArchiveFile> Files(
        ArchiveTransfer transfer, ArchiveCollector collector, Timestamp month, DateTimeOffset settled, CancellationToken stop)
    {
        string query = $"{Period(month, ArchivePeriod.After(month) - TimeSpan.FromSeconds(1))}&collector_id={Uri.EscapeDataString(collector.Collector.Name)}";
        return [.. Search(transfer, query, settled, stop).Where(file => file.Of == collector)];
    }

    private static string Period(Timestamp from, Timestamp to) =>
        string.Create(CultureInfo.InvariantCulture, $"ts_start={from.Seconds}&ts_end={to.Seconds}");

    private List<ArchiveFile> Search(ArchiveTransfer transfer, string query, DateTimeOffset settled, CancellationToken stop)
    {
        var files = new List<ArchiveFile>();
        for (int page = 1; page <= PagesMax; page++)
        {
            string path = string.Create(CultureInfo.InvariantCulture, $"search?{query}&page={page}&page_size={PageSize}");
            int count = Read(transfer.Text(broker, path, settled, stop), files);
            if (count < PageSize) return files;
        }
        throw new InputException($"{broker.Name} gives more than {PagesMax * PageSize} files for one question, the most that are taken");
    }

    /// <summary>Reads a page of an answer: adds its files, and gives how many entries it has.</summary>
    /// <exception cref="InputException">It is none.</exception>
    internal int Read(string text, List<ArchiveFile> files)
    {
        try
        {
            using var answer = JsonDocument.Parse(text);
            bool isRefused = answer.RootElement.TryGetProperty("error", out var error) && error.ValueKind is JsonValueKind.String;
            if (isRefused && error.GetString() is { Length: > 0 } said)
                throw new InputException($"{broker.Name} answers: {Text.Wording.Cut(said, ErrorCharactersMax)}");
            var entries = answer.RootElement.GetProperty("data");
            foreach (var entry in entries.EnumerateArray())
                if (FileOf(entry) is { } file) files.Add(file);
            return entries.GetArrayLength();
        }
        catch (Exception failure) when (failure is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            throw new InputException($"{broker.Name} answers something else than a list of files; give the address of a BGPKIT broker, as https://api.bgpkit.com/v3/broker", failure);
        }
    }

    private const int ErrorCharactersMax = 200;

    private ArchiveFile? FileOf(JsonElement entry)
    {
        if (entry.GetProperty("url").GetString() is not { } url || !Uri.TryCreate(url, UriKind.Absolute, out var at)) return null;
        foreach (var archive in archives)
        {
            bool isBelow = at is { Scheme: "http" or "https", Query: "", Fragment: "" }
                && at.Host.Equals(archive.Root.Host, StringComparison.OrdinalIgnoreCase)
                && at.AbsolutePath.StartsWith(archive.Root.AbsolutePath, StringComparison.Ordinal);
            if (!isBelow) continue;
            string path = at.AbsolutePath[archive.Root.AbsolutePath.Length..];
            if (!path.Split('/').All(ListingPage.IsName)) return null;
            return ArchiveCollector.OfFile(path, archive)?.FileOf(path, SizeOf(entry));
        }
        return null;
    }

    // The exact size is 0 where it is not known.
    private static long? SizeOf(JsonElement entry)
    {
        foreach (string name in (string[])["exact_size", "rough_size"])
        {
            bool isNumber = entry.TryGetProperty(name, out var size) && size.ValueKind is JsonValueKind.Number;
            if (isNumber && size.TryGetInt64(out long bytes) && bytes > 0) return bytes;
        }
        return null;
    }
}
