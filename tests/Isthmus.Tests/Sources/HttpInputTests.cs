using System.Net;
using System.Net.Sockets;
using System.Text;

using Isthmus.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Sources;

/// <summary>A server on this machine that does what servers do on bad days.</summary>
internal sealed class FaultyServer : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<int, string, byte[]?> _answer;
    private readonly List<string> _requests = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _serving;

    /// <param name="answer">The bytes for the request of a number from 0; then the connection ends. Null: it stays open and silent.</param>
    public FaultyServer(Func<int, string, byte[]?> answer)
    {
        _answer = answer;
        _listener.Start();
        _serving = Task.Run(Serve);
    }

    public string Address => $"127.0.0.1:{((IPEndPoint)_listener.LocalEndpoint).Port}";

    public IReadOnlyList<string> Requests
    {
        get
        {
            lock (_requests) return [.. _requests];
        }
    }

    public static byte[] Answer(string head, byte[]? body = null) =>
        [.. Encoding.ASCII.GetBytes(head.ReplaceLineEndings("\r\n") + "\r\n\r\n"), .. body ?? []];

    private async Task Serve()
    {
        var open = new List<TcpClient>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                open.Add(client);
                var stream = client.GetStream();
                byte[] request = new byte[8192];
                int length = 0;
                while (!request.AsSpan(0, length).EndsWith("\r\n\r\n"u8))
                {
                    int read = await stream.ReadAsync(request.AsMemory(length), _stop.Token);
                    if (read == 0) break;
                    length += read;
                }
                string text = Encoding.ASCII.GetString(request, 0, length);
                int number;
                lock (_requests)
                {
                    number = _requests.Count;
                    _requests.Add(text);
                }
                if (_answer(number, text.Split(' ')[1]) is not { } answer) continue;
                await stream.WriteAsync(answer, _stop.Token);
                // An answer that ends in this mark is not ended by the server.
                if (answer.AsSpan().EndsWith(Stall)) await stream.FlushAsync(_stop.Token);
                else if (answer.AsSpan().EndsWith(Drip)) _ = DripOn(client);
                else if (answer.AsSpan().EndsWith(Reset))
                {
                    client.LingerState = new(enable: true, seconds: 0);
                    client.Dispose();
                }
                else client.Dispose();
            }
        }
        catch (OperationCanceledException)
        {
            // The test has ended.
        }
        finally
        {
            foreach (var client in open) client.Dispose();
        }
    }

    public static ReadOnlySpan<byte> Stall => "[stall]"u8;

    /// <summary>At the end of an answer: a byte now and then follows.</summary>
    public static ReadOnlySpan<byte> Drip => "[drip]"u8;

    /// <summary>At the end of an answer: the connection is reset, not closed.</summary>
    public static ReadOnlySpan<byte> Reset => "[reset]"u8;

    private async Task DripOn(TcpClient client)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token)) await client.GetStream().WriteAsync("x"u8.ToArray(), _stop.Token);
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException or InvalidOperationException)
        {
            // Whoever took the bytes has gone.
        }
    }

    public void Dispose()
    {
        _stop.Cancel();
        _serving.Wait();
        _listener.Dispose();
        _stop.Dispose();
    }
}

/// <summary>Inputs over HTTP from servers that stall, cut, refuse, lead astray.</summary>
public sealed class HttpInputTests
{
    private static readonly HttpBounds Short = new()
    {
        Header = TimeSpan.FromSeconds(1),
        Stall = TimeSpan.FromSeconds(1),
        Retry = TimeSpan.FromMilliseconds(10),
        RetryMax = TimeSpan.FromMilliseconds(200),
        RetriesMax = 2,
        RedirectsMax = 3,
    };

    private static readonly byte[] Updates = File.ReadAllBytes(
        Path.Combine(RealData.Repository, "samples/kp-2017-10/rrc00/2017.10/updates.20171001.0905.gz"));

    private static byte[] Whole => FaultyServer.Answer($"HTTP/1.1 200 OK\nContent-Length: {Updates.Length}\nConnection: close", Updates);

    private static T Resolve<T>(FaultyServer server, string path, Func<InputSet, T> look, HttpBounds? bounds = null)
    {
        using var inputs = new Inputs(bounds ?? Short);
        return look(inputs.Resolve([$"http://{server.Address}{path}", SampleFile], Stream.Null, CancellationToken.None));
    }

    private static string SampleFile => Path.Combine(RealData.Repository, "samples/kp-2017-10/rrc03/2017.10/updates.20171001.0905.gz");

    private static string UnreadOf(FaultyServer server, string path = "/updates.20171001.0905.gz") =>
        Resolve(server, path, set => Assert.Single(set.Unread));

    [Fact]
    public void A_file_over_http_is_of_the_collector_that_its_address_names()
    {
        using var server = new FaultyServer((_, _) => Whole);
        var file = Resolve(server, "/rrc07/2017.10/updates.20171001.0905.gz", set => set.Files[0]);
        Assert.Equal("rrc07", file.Collector.Name);
        Assert.Equal(Updates.Length, file.SizeBytes);
    }

    [Theory]
    [InlineData("404 Not Found", "404 Not Found", 1)]
    [InlineData("403 Forbidden", "403 Forbidden", 1)]
    [InlineData("429 Too Many Requests", "429 Too Many Requests", 3)]
    [InlineData("503 Service Unavailable", "503 Service Unavailable", 3)]
    public void What_a_server_refuses_is_told_and_does_not_end_the_run(string status, string said, int asked)
    {
        using var server = new FaultyServer((_, _) => FaultyServer.Answer($"HTTP/1.1 {status}\nContent-Length: 0\nConnection: close"));
        Assert.EndsWith($"the server answers {said}", UnreadOf(server), StringComparison.Ordinal);
        Assert.Equal(asked, server.Requests.Count);
    }

    [Theory]
    [InlineData("429 Too Many Requests\nRetry-After: 0")]
    [InlineData("503 Service Unavailable\nDate: Sun, 01 Oct 2017 00:00:00 GMT\nRetry-After: Sun, 01 Oct 2017 00:00:00 GMT")]
    [InlineData("503 Service Unavailable\nRetry-After: 86400")]
    [InlineData("503 Service Unavailable\nRetry-After: -5")]
    public void A_server_that_asks_for_patience_is_asked_again(string status)
    {
        using var server = new FaultyServer((number, _) =>
            number == 0 ? FaultyServer.Answer($"HTTP/1.1 {status}\nContent-Length: 0\nConnection: close") : Whole);
        Assert.Equal(2, Resolve(server, "/updates.20171001.0905.gz", set => set.Files.Count));
    }

    [Fact]
    public void A_server_that_never_answers_is_given_up()
    {
        using var server = new FaultyServer((_, _) => null);
        Assert.EndsWith("no answer within 1 seconds", UnreadOf(server), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Content-Length: 1000000", false, "the transfer was cut after")]
    [InlineData("Content-Length: 1000000", true, "the transfer stood still for 1 seconds after")]
    [InlineData("Content-Length: -5", true, "the transfer stood still for 1 seconds after")]
    [InlineData("Transfer-Encoding: chunked", false, "the transfer was cut after")]
    public void What_came_before_a_cut_is_kept_and_the_cut_is_told(string length, bool stalls, string said)
    {
        byte[] part = [.. Updates.AsSpan(0, Updates.Length / 2)];
        byte[] body = length.StartsWith("Transfer", StringComparison.Ordinal)
            ? [.. Encoding.ASCII.GetBytes($"{part.Length:x}\r\n"), .. part, .. "\r\n"u8] : part;
        if (stalls) body = [.. body, .. FaultyServer.Stall];
        using var server = new FaultyServer((_, _) => FaultyServer.Answer($"HTTP/1.1 200 OK\n{length}", body));
        using var inputs = new Inputs(Short);
        var set = inputs.Resolve([$"http://{server.Address}/rrc00/updates.20171001.0905.gz"], Stream.Null, CancellationToken.None);
        Assert.Contains(said, Assert.Single(set.Files).Cut, StringComparison.Ordinal);
        var tally = Isthmus.Export.ReadRun.Run(set.Files, null, new(), CancellationToken.None);
        Assert.True(tally.Elements > 0);
        Assert.True(tally.Damaged);
    }

    [Fact]
    public void A_connection_that_is_reset_inside_a_body_keeps_what_came_and_ends_no_run()
    {
        using var server = new FaultyServer((_, path) => path.Contains("0905", StringComparison.Ordinal)
            ? FaultyServer.Answer("HTTP/1.1 200 OK\nContent-Length: 1000000", [.. Updates.AsSpan(0, Updates.Length / 2), .. FaultyServer.Reset])
            : [.. FaultyServer.Reset]);
        using var inputs = new Inputs(Short);
        var set = inputs.Resolve(
            [$"http://{server.Address}/rrc00/updates.20171001.0905.gz", SampleFile, $"http://{server.Address}/rrc00/updates.20171001.0910.gz"],
            Stream.Null, CancellationToken.None);
        Assert.Equal(2, set.Files.Count);
        Assert.Contains("the transfer was cut after", set.Files[0].Cut, StringComparison.Ordinal);
        Assert.StartsWith($"http://{server.Address}/rrc00/updates.20171001.0910.gz: ", Assert.Single(set.Unread), StringComparison.Ordinal);
        var tally = Isthmus.Export.ReadRun.Run([set.Files[0]], null, new(), CancellationToken.None);
        Assert.True(tally.Elements > 0 && tally.Damaged);
    }

    [Theory]
    [InlineData("abc", "the length that the server states is none")]
    [InlineData("999999999999999999999", "the length that the server states is none")]
    [InlineData("{0}\nContent-Length: 1000000", "the server states several lengths")]
    public void A_body_without_a_length_that_can_be_trusted_is_kept_and_told(string length, string said)
    {
        string head = $"HTTP/1.1 200 OK\nConnection: close\nContent-Length: {string.Format(null, length, Updates.Length)}";
        using var server = new FaultyServer((_, _) => FaultyServer.Answer(head, Updates));
        using var inputs = new Inputs(Short);
        var set = inputs.Resolve([$"http://{server.Address}/rrc00/updates.20171001.0905.gz"], Stream.Null, CancellationToken.None);
        Assert.Contains(said, Assert.Single(set.Files).Cut, StringComparison.Ordinal);
    }

    [Fact]
    public void An_address_that_is_given_twice_is_read_once()
    {
        using var server = new FaultyServer((_, _) => Whole);
        using var inputs = new Inputs(Short);
        string address = $"http://{server.Address}/rrc00/updates.20171001.0905.gz";
        Assert.Single(inputs.Resolve([address, address, address + "?", address + "#x"], Stream.Null, CancellationToken.None).Files);
        Assert.Single(server.Requests);
    }

    [Theory]
    [InlineData("206 Partial Content\nContent-Range: bytes 0-869/174000", ": bytes 0 to 869 of 174000")]
    [InlineData("206 Partial Content", "a part of the file, which was not asked for")]
    [InlineData("200 OK\nContent-Range: bytes 0-869/*", ": bytes 0 to 869")]
    [InlineData("200 OK\nContent-Range: rubbish", "a part of the file, which was not asked for")]
    public void A_part_that_was_not_asked_for_is_kept_and_told(string head, string said)
    {
        using var server = new FaultyServer((_, _) =>
            FaultyServer.Answer($"HTTP/1.1 {head}\nContent-Length: {Updates.Length}\nConnection: close", Updates));
        using var inputs = new Inputs(Short);
        var set = inputs.Resolve([$"http://{server.Address}/rrc00/updates.20171001.0905.gz"], Stream.Null, CancellationToken.None);
        Assert.Contains(said, Assert.Single(set.Files).Cut, StringComparison.Ordinal);
        var tally = Isthmus.Export.ReadRun.Run(set.Files, null, new(), CancellationToken.None);
        Assert.True(tally.Elements > 0 && tally.Damaged);
    }

    [Fact]
    public void A_server_that_drips_is_ended_and_told()
    {
        using var server = new FaultyServer((_, _) =>
            FaultyServer.Answer("HTTP/1.1 200 OK\nContent-Length: 1000000", [.. Updates, .. FaultyServer.Drip]));
        var window = TimeSpan.FromMilliseconds(600);
        var bounds = Short with { Stall = TimeSpan.FromSeconds(20), RateWindow = window, RateBytesMin = 10_000_000 };
        using var inputs = new Inputs(bounds);
        var set = inputs.Resolve([$"http://{server.Address}/rrc00/updates.20171001.0905.gz"], Stream.Null, CancellationToken.None);
        Assert.Contains("in 0.6 seconds, and 10000000 are the fewest", Assert.Single(set.Files).Cut, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404 Not Found", "look whether the address is right")]
    [InlineData("403 Forbidden", "needs the right to read it")]
    [InlineData("503 Service Unavailable", "try again later")]
    [InlineData("302 Found\nLocation: http://a b/", "302 Found, without an address that it leads to; try again later")]
    [InlineData("200 OK\nContent-Encoding: br", "was not asked for; fetch it by other means and give the file")]
    [InlineData("200 OK\nTransfer-Encoding: chunked", "the transfer was cut after 0 bytes: the connection was closed; try again later")]
    [InlineData("abc", "look whether the address and its port are right")]
    public void The_way_out_fits_what_the_server_said(string status, string wayOut)
    {
        using var server = new FaultyServer((_, _) =>
            FaultyServer.Answer($"HTTP/1.1 {status}\nContent-Length: 0\nConnection: close"));
        using var inputs = new Inputs(Short);
        var refused = Assert.Throws<InputException>(() =>
            inputs.Resolve([$"http://{server.Address}/updates.20171001.0905.gz"], Stream.Null, CancellationToken.None));
        Assert.Contains(wayOut, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("give RIB or updates", refused.Message, StringComparison.Ordinal);
        Assert.True(refused.Message.Split("fetch it by other means").Length <= 2, "the way out is said once");
    }

    [Fact]
    public void A_port_where_nobody_listens_is_told_without_what_is_secret_in_the_address()
    {
        using var inputs = new Inputs(Short);
        var refused = Assert.Throws<InputException>(() =>
            inputs.Resolve(["http://somebody:PASSW0RD@127.0.0.1:1/x?SECRETSIG"], Stream.Null, CancellationToken.None));
        Assert.Contains("http://127.0.0.1:1/x", refused.Message, StringComparison.Ordinal);
        Assert.Contains("no connection came about", refused.Message, StringComparison.Ordinal);
        foreach (string part in (string[])["W0RD", "SECRETSIG", "somebody"])
            Assert.DoesNotContain(part, refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("gopher://127.0.0.1/x?sig=q7w8e9", "redirects to gopher://127.0.0.1/x?…, which is neither http nor https")]
    [InlineData("file:///etc/passwd", "redirects to file:///etc/passwd, which is neither http nor https")]
    [InlineData("data:text/plain?sig=q7w8e9", "redirects to data:text/plain?…, which is neither http nor https")]
    [InlineData("/again?sig=q7w8e9", "leads on more than 3 times, at last to http://{0}/again?…")]
    public void A_server_leads_to_http_only_and_not_for_ever(string location, string said)
    {
        using var server = new FaultyServer((_, _) =>
            FaultyServer.Answer($"HTTP/1.1 302 Found\nLocation: {location}\nContent-Length: 0\nConnection: close"));
        string told = UnreadOf(server);
        Assert.StartsWith($"http://{server.Address}/updates.20171001.0905.gz: ", told, StringComparison.Ordinal);
        Assert.Contains(string.Format(null, said, server.Address), told, StringComparison.Ordinal);
        Assert.DoesNotContain("q7w8e9", told, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("404 Not Found", "the server answers 404 Not Found")]
    [InlineData("200 OK\nContent-Encoding: br", "the server sends it packed once more")]
    [InlineData("302 Found\nLocation: gopher://127.0.0.1/x", "the server redirects to gopher://127.0.0.1/x")]
    [InlineData("", "the connection ended before an answer")]
    public void What_goes_wrong_where_a_server_leads_to_is_told_of_both_addresses(string head, string said)
    {
        using var other = new FaultyServer((_, _) => head.Length == 0 ? []
            : FaultyServer.Answer($"HTTP/1.1 {head}\nContent-Length: 0\nConnection: close"));
        using var server = new FaultyServer((_, _) =>
            FaultyServer.Answer($"HTTP/1.1 302 Found\nLocation: http://{other.Address}/x?sig=q7w8e9\nContent-Length: 0\nConnection: close"));
        Assert.StartsWith(
            $"http://{server.Address}/updates.20171001.0905.gz: it redirects to http://{other.Address}/x?…, where {said}",
            UnreadOf(server), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_server_that_closes_before_it_answers_is_asked_as_often_as_one_that_refuses(bool isReset)
    {
        using var server = new FaultyServer((_, _) => isReset ? [.. FaultyServer.Reset] : []);
        string told = UnreadOf(server);
        Assert.EndsWith("the connection ended before an answer", told, StringComparison.Ordinal);
        Assert.Equal(1 + Short.RetriesMax, server.Requests.Count);
        Assert.Equal(4, new HttpBounds().RetriesMax);
    }

    [Fact]
    public void A_password_goes_to_its_host_alone_and_neither_it_nor_a_signature_is_shown()
    {
        using var other = new FaultyServer((_, _) => Whole);
        using var server = new FaultyServer((_, _) =>
            FaultyServer.Answer($"HTTP/1.1 302 Found\nLocation: http://{other.Address}/updates.20171001.0905.gz\nContent-Length: 0\nConnection: close"));
        using var inputs = new Inputs(Short);
        string address = $"http://user:secret@{server.Address}/rrc00/updates.20171001.0905.gz?X-Amz-Signature=q7w8e9#part";
        var file = Assert.Single(inputs.Resolve([address], Stream.Null, CancellationToken.None).Files);
        Assert.Equal($"http://{server.Address}/rrc00/updates.20171001.0905.gz?…", file.Name);
        Assert.Contains("Authorization: Basic dXNlcjpzZWNyZXQ=", Assert.Single(server.Requests), StringComparison.Ordinal);
        Assert.DoesNotContain("Authorization", Assert.Single(other.Requests), StringComparison.Ordinal);
    }

    [Fact]
    public void No_output_of_the_program_holds_a_password_or_a_signature()
    {
        using var server = new FaultyServer((_, path) => path.StartsWith("/gone", StringComparison.Ordinal)
            ? FaultyServer.Answer("HTTP/1.1 404 Not Found\nContent-Length: 0\nConnection: close") : Whole);
        string Address(string file) => $"http://user:zx81pw@{server.Address}/{file}?X-Amz-Signature=q7w8e9";
        string[] inputs = [Address("rrc00/updates.20171001.0905.gz"), Address("gone.gz")];
        foreach (string[] line in (string[][])[["report", "KP", .. inputs, "--format", "json"], ["report", "KP", .. inputs, "--format", "html"],
            ["report", "KP", .. inputs], ["read", .. inputs, "--ledger", "json"], ["read", .. inputs]])
        {
            var run = Cli.Run(line);
            Assert.Equal(3, run.ExitCode);
            Assert.DoesNotContain("zx81pw", run.Out + run.Err, StringComparison.Ordinal);
            Assert.DoesNotContain("q7w8e9", run.Out + run.Err, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("http://archive.example.net/a.gz", "http://archive.example.net/a.gz")]
    [InlineData("https://u:p@archive.example.net/a.gz", "https://archive.example.net/a.gz")]
    [InlineData("https://archive.example.net/a.gz?sig=1", "https://archive.example.net/a.gz?…")]
    [InlineData("http://u:p@[broken/a.gz?sig=1", "http://…@[broken/a.gz?…")]
    [InlineData("ftp://u:p@archive.example.net/a.gz?sig=1", "ftp://…@archive.example.net/a.gz?…")]
    [InlineData("s3://key:se/cr@et@bucket/a?x=1@2", "s3://…@bucket/a?…")]
    [InlineData("sftp://u:p#w?d@host/a", "sftp://…@host/a")]
    [InlineData("ftp://host:21/a", "ftp://host:21/a")]
    [InlineData("https://example.net/a;sig=SECRET/x.mrt", "https://example.net/a;…/x.mrt")]
    [InlineData("updates@home.gz", "updates@home.gz")]
    public void An_address_is_shown_without_what_may_be_secret(string address, string shown) =>
        Assert.Equal(shown, HttpAddress.Shown(address));
}
