using System.Text;

using Isthmus.Archives;
using Isthmus.Sources;
using Isthmus.Tests.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Archives;

/// <summary>A whole run against an archive that is not well.</summary>
public sealed class ArchiveFetchTests : IDisposable
{
    private static readonly byte[] _updates =
        File.ReadAllBytes(Path.Combine(RealData.Repository, "samples/kp-2017-10/rrc00/2017.10/updates.20171001.0905.gz"));

    private readonly TemporaryFolder _folder = new();
    private readonly StoppedClock _clock = new();
    private readonly List<string> _notes = [];
    private readonly FetchProgress _progress;

    public ArchiveFetchTests() => _progress = new(_notes.Add);

    private static byte[] Page(params string[] names) => Body(
        Encoding.ASCII.GetBytes(string.Concat(names.Select(name => $"<a href=\"{name}\">{name}</a>  01-Oct-2017 00:00  {_updates.Length}\r\n"))));

    private static byte[] Body(byte[] body, string status = "200 OK") =>
        FaultyServer.Answer($"HTTP/1.1 {status}\nContent-Length: {body.Length}\nConnection: close", body);

    private static string[] Updates(int hour, int count) =>
        [.. Enumerable.Range(0, count).Select(i => $"updates.20171001.{hour + i / 12:00}{i % 12 * 5:00}.gz")];

    private Fetched Run(FaultyServer server, string to = "2017-10-01T02:00Z", bool isOffline = false)
    {
        using var cache = new ArchiveCache(_folder.Place("cache"), _clock);
        var question = new FetchQuestion(new(Timestamp.Parse("2017-10-01"), Timestamp.Parse(to)) { Ribs = RibChoice.None })
        {
            Archives = [new($"http://{server.Address}/")],
            Collectors = ["rrc0*"],
            IsOffline = isOffline,
        };
        return new ArchiveFetch(question, cache, _progress, _clock).Run(false, 1 << 30, TestContext.Current.CancellationToken);
    }

    [Fact]
    public void A_server_that_answers_no_more_is_left_alone_after_a_few_files()
    {
        using var server = new FaultyServer((_, path) => path switch
        {
            "/" => Page("rrc00/"),
            "/rrc00/" => Page("2017.10/"),
            "/rrc00/2017.10/" => Page(Updates(0, 24)),
            "/rrc00/2017.10/updates.20171001.0000.gz" => Body(_updates),
            _ => Body([], "500 Internal Server Error"),
        });
        var fetched = Run(server);
        Assert.Single(fetched.Files);
        Assert.Equal(23, fetched.Missing.Count);
        Assert.Contains(fetched.Missing, why => why.Contains("the server answers 500 Internal Server Error", StringComparison.Ordinal));
        Assert.EndsWith("was not asked for: the server gave no answer for 4 files in a row", fetched.Missing[^1], StringComparison.Ordinal);
        // Three pages, the file that came, up to three that failed before it, four in a row, and one in hand for each other connection.
        Assert.InRange(server.Requests.Count, 3 + 1 + 4, 3 + 1 + 3 + 4 + 3);
    }

    [Fact]
    public void Files_that_are_not_there_are_each_asked_for()
    {
        using var server = new FaultyServer((_, path) => path switch
        {
            "/" => Page("rrc00/"),
            "/rrc00/" => Page("2017.10/"),
            "/rrc00/2017.10/" => Page(Updates(0, 24)),
            "/rrc00/2017.10/updates.20171001.0155.gz" => Body(_updates),
            _ => Body([], "404 Not Found"),
        });
        var fetched = Run(server);
        Assert.Equal((1, 23, 3 + 24), (fetched.Files.Count, fetched.Missing.Count, server.Requests.Count));
        long all = 24L * _updates.Length;
        Assert.Equal((24, 24, all, all), (_progress.FilesDone, _progress.FilesTotal, _progress.BytesDone, _progress.BytesTotal));
        Assert.InRange(_progress.BytesFetched, _updates.Length, _updates.Length + 10_000);
    }

    [Fact]
    public void The_line_of_progress_has_the_rate_and_the_time_that_is_left()
    {
        var progress = new FetchProgress { FilesTotal = 48, BytesTotal = 120_000_000 };
        for (int i = 0; i < 12; i++) progress.AddFile();
        progress.AddDone(34_000_000);
        progress.AddBytes(31_000_000);
        // 34 of 120 MB in 10 seconds: the other 86 take 25.
        Assert.Equal("12/48 files  34 of 120 MB  3.1 MB/s  0:25 left", Isthmus.App.ProgressLine.Text(progress, 10));
    }

    [Fact]
    public void A_month_that_lacks_or_is_not_given_is_missing_and_a_collector_that_was_gone_is_told()
    {
        using var server = new FaultyServer((_, path) => path switch
        {
            "/" => Page("rrc00/", "rrc01/", "rrc02/", "rrc03/"),
            "/rrc00/" => Page("2017.10/"),
            "/rrc01/" or "/rrc03/" => Page("2017.09/", "2017.11/"),
            "/rrc02/" => Page("1999.10/", "2008.10/"),
            "/rrc00/2017.10/" => Body([], "404 Not Found"),
            "/rrc03/2017.11/" => Page("updates.20171101.0000.gz"),
            _ when path.EndsWith(".gz", StringComparison.Ordinal) => Body(_updates),
            _ => Page(),
        });
        var fetched = Run(server, to: "2017-11-01T00:05Z");
        Assert.EndsWith("rrc03/2017.11/updates.20171101.0000.gz", Assert.Single(fetched.Files).File.Path, StringComparison.Ordinal);
        string root = $"http://{server.Address}";
        Assert.Equal(
            [
                $"{root}/rrc00/2017.10/: the server answers 404 Not Found",
                $"{root}/rrc01/ lists no 2017.10, and months before and after it", $"{root}/rrc03/ lists no 2017.10, and months before and after it",
            ],
            fetched.Missing);
        Assert.Equal(["rrc02 has nothing of that time: its archive has 1999.10 to 2008.10"], _notes);
    }

    [Fact]
    public void Pages_of_a_month_that_is_over_are_read_once_and_lists_of_months_each_day()
    {
        using var server = new FaultyServer((_, path) => path switch
        {
            "/" => Page("rrc00/"),
            "/rrc00/" => Page("2017.10/"),
            "/rrc00/2017.10/" => Page(Updates(0, 2)),
            _ => Body(_updates),
        });
        Run(server);
        Run(server);
        Assert.Equal(3 + 2, server.Requests.Count);
        _clock.Now += TimeSpan.FromDays(2);
        Run(server);
        Assert.Equal(["/", "/rrc00/"], server.Requests.Skip(5).Select(request => request.Split(' ')[1]));
        _clock.Now += TimeSpan.FromDays(2);
        Assert.Equal(2, Run(server, isOffline: true).Files.Count);
        Assert.Equal(3 + 2 + 2, server.Requests.Count);
    }

    [Fact]
    public void A_page_without_collectors_is_no_archive()
    {
        using var server = new FaultyServer((_, _) => Page("readme.txt"));
        string said = Assert.Throws<InputException>(() => Run(server)).Message;
        Assert.Contains("lists no collector", said, StringComparison.Ordinal);
    }

    [Fact]
    public void One_server_has_no_more_than_the_connections_that_are_allowed()
    {
        using var cache = new ArchiveCache(_folder.Place("cache"), _clock);
        var workers = new ArchiveWorkers(() => new(cache, new(), _progress, _clock, isOffline: true), connectionsMax: 4);
        var archive = new Archive("http://mirror.example/");
        int now = 0, most = 0;
        using var all = new Barrier(4);
        workers.Each(Enumerable.Range(0, 40), _ => archive, (_, _) =>
        {
            lock (workers) most = Math.Max(most, ++now);
            // Only where four are at work at a time does any of them go on.
            Assert.True(all.SignalAndWait(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken));
            lock (workers) now--;
        }, TestContext.Current.CancellationToken);
        Assert.Equal(4, most);
    }

    public void Dispose() => _folder.Dispose();
}
