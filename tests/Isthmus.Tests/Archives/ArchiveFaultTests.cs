using System.Text;

using Isthmus.Archives;
using Isthmus.Sources;
using Isthmus.Tests.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Archives;

/// <summary>One file of an archive from servers that do what servers do on bad days: it is whole, or it is not taken.</summary>
public sealed class ArchiveFaultTests : IDisposable
{
    private const string UpdatesPath = "rrc00/2017.10/updates.20171001.0905.gz";

    private static readonly byte[] _body = File.ReadAllBytes(Path.Combine(RealData.Repository, "samples/kp-2017-10", UpdatesPath));

    private static readonly FetchBounds _bounds = new()
    {
        Http = new()
        {
            Header = TimeSpan.FromSeconds(1),
            Stall = TimeSpan.FromMilliseconds(300),
            Retry = TimeSpan.FromSeconds(1),
            RetryMax = TimeSpan.FromMinutes(2),
            RetriesMax = 3,
        },
        CutsMax = 3,
    };

    private readonly TemporaryFolder _folder = new();
    private readonly StoppedClock _clock = new();
    private readonly List<string> _notes = [];

    private CachedFile Get(
        FaultyServer server, bool isOffline = false, string path = UpdatesPath, long bytesMax = 1 << 20, DateTimeOffset settled = default)
    {
        using var cache = new ArchiveCache(_folder.Place("cache"), _clock);
        using var transfer = new ArchiveTransfer(cache, _bounds, new(_notes.Add), _clock, isOffline);
        return transfer.Get(new($"http://{server.Address}/"), path, settled, bytesMax, TestContext.Current.CancellationToken);
    }

    private string Failure(FaultyServer server, bool isOffline = false, long bytesMax = 1 << 20) =>
        Assert.Throws<InputException>(() => Get(server, isOffline, bytesMax: bytesMax)).Message;

    private static void IsWhole(CachedFile file) => Assert.Equal(_body, File.ReadAllBytes(file.Path));

    private static byte[] Whole(string more = "") =>
        FaultyServer.Answer($"HTTP/1.1 200 OK\nContent-Length: {_body.Length}\nConnection: close{more}", _body);

    private static byte[] Status(string status) => FaultyServer.Answer($"HTTP/1.1 {status}\nContent-Length: 0\nConnection: close");

    private static byte[] Half(string more) => FaultyServer.Answer(
        $"HTTP/1.1 200 OK\nContent-Length: {_body.Length}\nConnection: close{more}", [.. _body.AsSpan(0, _body.Length / 2)]);

    private static string? Header(string request, string name) => request.Split("\r\n")
        .FirstOrDefault(line => line.StartsWith(name + ": ", StringComparison.OrdinalIgnoreCase))?[(name.Length + 2)..];

    private static byte[] Rest(string more = "", int shift = 0) => FaultyServer.Answer(
        $"HTTP/1.1 206 Partial Content\nContent-Range: bytes {_body.Length / 2 + shift}-{_body.Length - 1}/{_body.Length}\n"
        + $"Content-Length: {_body.Length - _body.Length / 2 - shift}\nConnection: close{more}", [.. _body.AsSpan(_body.Length / 2 + shift)]);

    [Fact]
    public void A_file_is_fetched_once_and_found_without_a_server_from_then_on()
    {
        using var server = new FaultyServer((_, _) => Whole());
        IsWhole(Get(server));
        IsWhole(Get(server));
        IsWhole(Get(server, isOffline: true));
        Assert.Single(server.Requests);
    }

    [Fact]
    public void Without_a_server_what_was_not_fetched_is_not_there()
    {
        using var server = new FaultyServer((_, _) => Whole());
        Assert.Contains($"{UpdatesPath} is not in the cache ", Failure(server, isOffline: true), StringComparison.Ordinal);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public void A_copy_that_is_damaged_is_fetched_again()
    {
        using var server = new FaultyServer((_, _) => Whole());
        File.WriteAllText(Get(server).Path, "damaged");
        IsWhole(Get(server));
        Assert.Contains("; it is fetched again", Assert.Single(_notes), StringComparison.Ordinal);
        File.WriteAllText(Get(server).Path, "damaged");
        Assert.Contains("has to be fetched again", Failure(server, isOffline: true), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\nETag: \"v1\"", "\"v1\"")]
    [InlineData("\nLast-Modified: Sun, 01 Oct 2017 09:10:00 GMT", "Sun, 01 Oct 2017 09:10:00 GMT")]
    public void A_transfer_that_was_cut_goes_on_where_it_ended(string told, string validator)
    {
        using var server = new FaultyServer((number, _) => number == 0 ? Half(told) : Rest(told));
        IsWhole(Get(server));
        string second = server.Requests[1];
        Assert.Equal(($"bytes={_body.Length / 2}-", validator), (Header(second, "Range"), Header(second, "If-Range")));
        Assert.Equal([TimeSpan.FromSeconds(1)], _clock.Waits.Where(wait => wait == TimeSpan.FromSeconds(1)).Take(1));
    }

    [Fact]
    public void A_later_run_goes_on_where_an_earlier_one_ended()
    {
        int answered = 0;
        using var server = new FaultyServer((number, _) => Interlocked.Increment(ref answered) <= 1 ? Half("\nETag: \"v1\"")
            : number <= 4 ? Status("503 Service Unavailable") : Rest("\nETag: \"v1\""));
        Assert.Contains("the server answers 503", Failure(server), StringComparison.Ordinal);
        int before = server.Requests.Count;
        IsWhole(Get(server));
        Assert.Equal($"bytes={_body.Length / 2}-", Header(server.Requests[before], "Range"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("\nETag: W/\"v1\"")]
    public void Without_a_word_on_the_version_it_begins_anew(string told)
    {
        using var server = new FaultyServer((number, _) => number == 0 ? Half(told) : Whole(told));
        IsWhole(Get(server));
        Assert.Null(Header(server.Requests[1], "Range"));
    }

    [Fact]
    public void A_file_that_is_another_by_now_comes_whole_and_is_not_mixed()
    {
        using var server = new FaultyServer((number, _) => number == 0 ? FaultyServer.Answer(
            "HTTP/1.1 200 OK\nContent-Length: 90000\nETag: \"old\"\nConnection: close", new byte[500]) : Whole("\nETag: \"new\""));
        IsWhole(Get(server));
        Assert.Equal("\"old\"", Header(server.Requests[1], "If-Range"));
    }

    [Theory]
    [InlineData("416 Range Not Satisfiable")]
    [InlineData("206 Partial Content\nContent-Range: bytes 7-9/99")]
    [InlineData("206 Partial Content")]
    public void A_part_that_was_not_asked_for_is_not_joined(string status)
    {
        using var server = new FaultyServer((number, _) =>
            number switch { 0 => Half("\nETag: \"v1\""), 1 => Status(status), _ => Whole() });
        IsWhole(Get(server));
        Assert.Null(Header(server.Requests[2], "Range"));
    }

    [Fact]
    public void A_transfer_that_stands_still_is_taken_up_and_given_up_in_the_end()
    {
        using var server = new FaultyServer((_, _) => [.. Half("\nETag: \"v1\""), .. FaultyServer.Stall]);
        Assert.Contains("the transfer stood still for 0.3 seconds after ", Failure(server), StringComparison.Ordinal);
        Assert.Equal(1 + _bounds.CutsMax, server.Requests.Count);
    }

    [Theory]
    [InlineData("Content-Length: 1000000", "the transfer was cut after")]
    [InlineData("Content-Length: abc", "the length that the server states is none")]
    [InlineData("Content-Length: 10\nContent-Length: 20", "the server states several lengths")]
    public void A_length_that_is_wrong_gives_no_file(string length, string said)
    {
        using var server = new FaultyServer((_, _) => FaultyServer.Answer($"HTTP/1.1 200 OK\n{length}\nConnection: close", _body));
        Assert.Contains(said, Failure(server), StringComparison.Ordinal);
    }

    [Fact]
    public void A_server_that_never_ends_is_ended_at_the_bytes_that_the_file_may_have()
    {
        byte[] endless = new byte[400_000];
        using var server = new FaultyServer((_, _) =>
            FaultyServer.Answer("HTTP/1.1 200 OK\nConnection: close", [.. endless, .. FaultyServer.Drip]));
        Assert.Contains("it has more than 200000 bytes", Failure(server, bytesMax: 200_000), StringComparison.Ordinal);
        Assert.Single(server.Requests);
        Assert.Empty(Directory.GetFiles(_folder.Place("cache/partial")));
    }

    [Fact]
    public void A_file_that_states_more_bytes_than_it_may_have_is_not_taken()
    {
        using var server = new FaultyServer((_, _) => FaultyServer.Answer("HTTP/1.1 200 OK\nContent-Length: 99999999999\nConnection: close"));
        Assert.Contains("it has more than 1048576 bytes", Failure(server), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404 Not Found")]
    [InlineData("403 Forbidden")]
    public void A_file_that_is_not_there_is_asked_for_once(string status)
    {
        using var server = new FaultyServer((_, _) => Status(status));
        Assert.EndsWith($"{UpdatesPath}: the server answers {status}", Failure(server), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void A_server_that_is_busy_is_asked_again_when_it_says()
    {
        using var server = new FaultyServer((number, _) => number switch
        {
            0 => Status("429 Too Many Requests\nRetry-After: 17"),
            1 => Status("503 Service Unavailable\nRetry-After: 86400"),
            _ => Whole(),
        });
        IsWhole(Get(server));
        Assert.Contains(TimeSpan.FromSeconds(17), _clock.Waits);
        Assert.Contains(_bounds.Http.RetryMax, _clock.Waits);
    }

    [Fact]
    public void One_that_stays_busy_is_given_up_after_waits_that_grow()
    {
        using var server = new FaultyServer((_, _) => Status("503 Service Unavailable"));
        Assert.EndsWith("the server answers 503 Service Unavailable", Failure(server), StringComparison.Ordinal);
        Assert.Equal(1 + _bounds.Http.RetriesMax, server.Requests.Count);
        double[] seconds = [.. _clock.Waits.Select(wait => wait.TotalSeconds)];
        Assert.Equal([1, 2, 4], seconds);
    }

    [Theory]
    [InlineData("http://elsewhere.example/updates.gz", "outside of the archive")]
    [InlineData("http://127.0.0.1:1/updates.gz", "outside of the archive")]
    [InlineData("file:///etc/passwd", "neither http nor https")]
    public void A_redirect_out_of_the_archive_is_refused_and_told(string location, string why)
    {
        using var server = new FaultyServer((_, _) => Status($"302 Found\nLocation: {location}"));
        Assert.EndsWith($"the server redirects to {location}, which is {why} and is not followed", Failure(server), StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void A_redirect_within_the_archive_is_followed()
    {
        using var server = new FaultyServer((_, path) => path.StartsWith("/mirror", StringComparison.Ordinal)
            ? Whole() : Status("301 Moved Permanently\nLocation: /mirror/updates.gz"));
        IsWhole(Get(server));
    }

    [Fact]
    public void What_a_server_packs_on_the_way_is_unpacked_once()
    {
        byte[] packed = Packed.Gzip(_body);
        using var server = new FaultyServer((_, _) => FaultyServer.Answer(
            $"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {packed.Length}\nConnection: close", packed));
        IsWhole(Get(server));
    }

    [Fact]
    public void A_file_in_gzip_of_which_a_server_says_that_it_is_packed_on_the_way_stays_as_it_is()
    {
        using var server = new FaultyServer((_, _) => Whole("\nContent-Encoding: x-gzip"));
        IsWhole(Get(server));
    }

    [Fact]
    public void A_page_may_be_packed_on_the_way_and_not_without_bounds()
    {
        byte[] page = Packed.Gzip(Encoding.ASCII.GetBytes("<a href=\"rrc00/\">rrc00</a>" + new string(' ', 2_000_000)));
        using var server = new FaultyServer((_, _) => FaultyServer.Answer(
            $"HTTP/1.1 200 OK\nContent-Encoding: gzip\nContent-Length: {page.Length}\nConnection: close", page));
        Assert.StartsWith("<a href", File.ReadAllText(Get(server, path: "", bytesMax: 4 << 20).Path), StringComparison.Ordinal);
        var failure = Assert.Throws<InputException>(() => Get(server, path: "other/"));
        Assert.Contains("unpacked it has more than 1048576 bytes", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_packing_that_nobody_asked_for_is_told()
    {
        using var server = new FaultyServer((_, _) => Whole("\nContent-Encoding: br"));
        Assert.Contains("packed once more, with Content-Encoding br", Failure(server), StringComparison.Ordinal);
    }

    [Fact]
    public void What_may_have_changed_is_asked_for_again_and_kept_where_it_has_not()
    {
        using var server = new FaultyServer((number, _) => number == 0 ? Whole("\nETag: \"v1\"") : Status("304 Not Modified\nETag: \"v1\""));
        Get(server);
        _clock.Now += TimeSpan.FromDays(2);
        var now = _clock.Now;
        IsWhole(Get(server, settled: now - TimeSpan.FromDays(1)));
        Assert.Equal("\"v1\"", Header(server.Requests[1], "If-None-Match"));
        // Confirmed since, so that it is not asked for once more.
        IsWhole(Get(server, settled: now - TimeSpan.FromDays(1)));
        Assert.Equal(2, server.Requests.Count);
    }

    [Fact]
    public void What_cannot_be_asked_for_again_is_used_as_it_was_and_that_is_told()
    {
        using var server = new FaultyServer((number, _) => number == 0 ? Whole() : Status("404 Not Found"));
        Get(server);
        IsWhole(Get(server, settled: _clock.Now + TimeSpan.FromDays(1)));
        Assert.EndsWith(
            "the server answers 404 Not Found; what was fetched at 2026-11-30 12:00:00 UTC is used", Assert.Single(_notes), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
