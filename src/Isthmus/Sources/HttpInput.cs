using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using System.Text.RegularExpressions;

using Polly;
using Polly.Retry;

namespace Isthmus.Sources;

/// <summary>How long a server is waited for, and how often it is asked.</summary>
internal sealed record HttpBounds
{
    /// <summary>Until a connection stands.</summary>
    public TimeSpan Connect { get; init; } = TimeSpan.FromSeconds(20);

    /// <summary>From the request to the end of the answer's header.</summary>
    public TimeSpan Header { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For the next byte of a body.</summary>
    public TimeSpan Stall { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>A body that brings fewer bytes than <see cref="RateBytesMin"/> in so long is ended.</summary>
    public TimeSpan RateWindow { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>For <see cref="RateWindow"/>: a kilobyte a second, less than any line of today carries.</summary>
    public long RateBytesMin { get; init; } = 60_000;

    /// <summary>For one body in all.</summary>
    public TimeSpan BodyTimeMax { get; init; } = TimeSpan.FromHours(24);

    /// <summary>The first wait before asking again; each one after it is twice as long.</summary>
    public TimeSpan Retry { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>What a server asks for with Retry-After is waited for up to this.</summary>
    public TimeSpan RetryMax { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>So often it is asked again after 429, 502, 503, 504 or no connection.</summary>
    public int RetriesMax { get; init; } = 4;

    /// <summary>So often an answer may redirect to another address.</summary>
    public int RedirectsMax { get; init; } = 10;

    /// <summary>So many bytes are taken from one address: more than any file of an archive has.</summary>
    public long BodyBytesMax { get; init; } = 64L << 30;
}

/// <summary>
/// Gets inputs from http(s) addresses. User name and password of an address are sent to its host alone; neither they nor its
/// query, which may be a signature, are ever in a message.
/// </summary>
internal sealed partial class HttpInput : IDisposable
{
    private readonly HttpBounds _bounds;
    private readonly HttpClient _client;

    // The client asks again by itself, over a new connection, where one ends before an answer; we count how often a server is asked.
    private int _connections;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;

    public HttpInput(HttpBounds bounds)
    {
        _bounds = bounds;
        _client = new(new SocketsHttpHandler
        {
            ConnectTimeout = bounds.Connect,
            ConnectCallback = Connect,
            AllowAutoRedirect = false,
            UseCookies = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _client.DefaultRequestHeaders.UserAgent.Add(new("isthmus", typeof(HttpInput).Assembly.GetName().Version?.ToString(3) ?? "0"));
        // A file comes as it lies there: what a server packs on the way is told.
        _client.DefaultRequestHeaders.AcceptEncoding.Add(new("identity"));
        _retries = new ResiliencePipelineBuilder<HttpResponseMessage>().AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = bounds.RetriesMax,
            Delay = bounds.Retry,
            MaxDelay = bounds.RetryMax,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = arguments => ValueTask.FromResult(IsWorthAnother(arguments.Outcome)),
            DelayGenerator = arguments => ValueTask.FromResult(arguments.Outcome.Result is { } answer ? AskedFor(answer) : null),
        }).Build();
    }

    private async ValueTask<Stream> Connect(SocketsHttpConnectionContext context, CancellationToken stop)
    {
        if (Interlocked.Increment(ref _connections) > 1) throw new EndedEarly();
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, stop).ConfigureAwait(false);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private static bool IsWorthAnother(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException failure && MayPass(failure)
        || outcome.Result?.StatusCode is HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway
            or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout;

    // What a server says that is no HTTP, or more than is taken, and a name that nobody has, are the same when asked again.
    private static bool MayPass(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.ConfigurationLimitExceeded or HttpRequestError.InvalidResponse or HttpRequestError.SecureConnectionError
            or HttpRequestError.UserAuthenticationError or HttpRequestError.VersionNegotiationError => false,
        HttpRequestError.NameResolutionError => failure.InnerException is not SocketException { SocketErrorCode: SocketError.HostNotFound },
        _ => true,
    };

    /// <summary>True for what is asked of a server.</summary>
    public static bool IsAddress(string argument) =>
        argument.StartsWith("http://", StringComparison.OrdinalIgnoreCase) || argument.StartsWith("https://", StringComparison.OrdinalIgnoreCase);

    /// <summary>
    /// What a server is asked for: equal for addresses that differ in case, dots and fragment (RFC 3986 section 6.2.2), or in a query
    /// that is empty.
    /// </summary>
    public static string Asked(string address)
    {
        string asked = Uri.TryCreate(address, UriKind.Absolute, out var uri)
            ? uri.GetComponents(UriComponents.AbsoluteUri & ~UriComponents.Fragment, UriFormat.UriEscaped) : address;
        return asked.IndexOf('?', StringComparison.Ordinal) == asked.Length - 1 ? asked[..^1] : asked;
    }

    /// <summary>
    /// An address as it may be shown: without user, password, query, fragment, and the parameters of its path's segments, of which a
    /// signature may be one.
    /// </summary>
    public static string Shown(string address) => Parameters().Replace(ShownWithParameters(address), ";…");

    [GeneratedRegex("(?<=://.*);[^/?#]*")]
    private static partial Regex Parameters();

    private static string ShownWithParameters(string address)
    {
        if (!address.Contains("://", StringComparison.Ordinal)) return address;
        if (!IsAddress(address) || !Uri.TryCreate(address, UriKind.Absolute, out var uri)) return ShownOther(address);
        bool isCut = uri.UserInfo.Length > 0 || uri.Query.Length > 0 || uri.Fragment.Length > 0;
        return isCut ? uri.GetComponents(UriComponents.SchemeAndServer | UriComponents.Path, UriFormat.UriEscaped)
            + (uri.Query.Length > 0 ? "?…" : "") : address;
    }

    // Of another scheme, or no address at all: it may hold a secret all the same, a password with any characters among them.
    private static string ShownOther(string address)
    {
        int scheme = address.IndexOf("://", StringComparison.Ordinal) + 3;
        string rest = address[scheme..];
        int slash = rest.IndexOf('/', StringComparison.Ordinal);
        int at = (slash < 0 ? rest : rest[..slash]).LastIndexOf('@');
        bool isCut = at >= 0;
        rest = rest[(at + 1)..];
        int end = rest.AsSpan().IndexOfAny('?', '#');
        bool hasQuery = end >= 0 && end + 1 < rest.Length;
        if (hasQuery) rest = rest[..end];
        at = rest.LastIndexOf('@');
        isCut |= at >= 0;
        rest = rest[(at + 1)..];
        int colon = rest.IndexOf(':', StringComparison.Ordinal);
        bool hasPort = colon < 0 || rest[0] == '[' || rest.Length > colon + 1 && char.IsAsciiDigit(rest[colon + 1]);
        return string.Concat(address.AsSpan(0, scheme), isCut ? "…@" : "", hasPort ? rest : "…", hasQuery ? "?…" : "");
    }

    /// <summary>Copies the body behind an address to a stream.</summary>
    /// <param name="cut">Why it was cut; null where all of it came.</param>
    /// <returns>Where it came from, as it may be shown: the address itself, or the one that it redirects to.</returns>
    /// <exception cref="InputException">Nothing came of it; the message says why.</exception>
    public string Copy(string address, KeptBytes destination, out string? cut, CancellationToken stop)
    {
        string shown = Shown(address);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) throw new InputException($"{shown} is no http(s) address");
        var at = uri;
        try
        {
            using var answer = _retries.Execute(ask => Ask(uri, shown, next => at = next, ask), stop);
            if (!answer.IsSuccessStatusCode) throw new InputException(string.Create(CultureInfo.InvariantCulture,
                $"{shown}: {WhereRedirected(uri, at)}the server answers {(int)answer.StatusCode} {ReasonOf(answer)}{(IsRedirect(answer) ? ", without an address that it leads to" : "")}"));
            if (answer.Content.Headers.ContentEncoding.FirstOrDefault(IsPacked) is { } coding) throw new InputException(
                $"{shown}: {WhereRedirected(uri, at)}the server sends it packed once more, with Content-Encoding {coding}, which was not asked for; fetch it by other means and give the file");
            string?[] wrong = [PartOf(answer), LengthOf(answer), Take(answer, destination, stop)];
            cut = wrong.Any(one => one is not null) ? string.Join("; ", wrong.Where(one => one is not null)) : null;
            return at == uri ? shown : Shown(at.AbsoluteUri);
        }
        catch (HttpRequestException failure)
        {
            throw new InputException($"{shown}: {WhereRedirected(uri, at)}{Reason(failure)}{ByWayOf(at)}", failure);
        }
    }

    // The names of codings have no case (RFC 9110 section 8.4.1).
    private static bool IsPacked(string coding) => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase);

    private static string WhereRedirected(Uri asked, Uri at) => at == asked ? "" : $"it redirects to {Shown(at.AbsoluteUri)}, where ";

    // Where an answer leads to may be anything.
    private static string ShownTarget(string location)
    {
        string shown = Shown(location);
        int end = shown.Contains("://", StringComparison.Ordinal) ? -1 : shown.AsSpan().IndexOfAny('?', '#');
        if (end >= 0) shown = shown[..end] + "?…";
        return shown.Length > TargetCharactersMax ? shown[..TargetCharactersMax] + "…" : shown;
    }

    private const int TargetCharactersMax = 300, ReasonCharactersMax = 80;

    // A server may say anything, at any length.
    private static string? ReasonOf(HttpResponseMessage answer) => answer.ReasonPhrase is { Length: > ReasonCharactersMax } reason
        ? reason[..ReasonCharactersMax] + "…" : answer.ReasonPhrase;

    // No part was asked for (RFC 9110 sections 15.3.7 and 14.4): the rest is missing, however well the part ends.
    private static string? PartOf(HttpResponseMessage answer)
    {
        var range = answer.Content.Headers.ContentRange;
        bool isAll = range is { From: 0, To: { } to, Length: { } length } && to + 1 == length;
        bool isPart = answer.StatusCode is HttpStatusCode.PartialContent || answer.Content.Headers.Contains("Content-Range");
        if (isAll || !isPart) return null;
        string which = range is { HasRange: true } ? string.Create(CultureInfo.InvariantCulture,
            $": bytes {range.From} to {range.To}{(range.Length is { } all ? $" of {all}" : "")}") : "";
        return $"the server sent a part of the file, which was not asked for{which}";
    }

    // Without a length that can be trusted nobody knows where the body ends (RFC 9112 section 6.3).
    private static string? LengthOf(HttpResponseMessage answer)
    {
        if (answer.Headers.TransferEncodingChunked is true
            || !answer.Content.Headers.NonValidated.TryGetValues("Content-Length", out var values)) return null;
        string[] lengths = [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)).Distinct()];
        return lengths.Length > 1 ? "the server states several lengths, so that the rest may be missing"
            : long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null
            : "the length that the server states is none, so that the rest may be missing";
    }

    // What went wrong in our words: those of the library may name the whole address.
    private string Reason(HttpRequestException failure) => failure.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => "there is no host of that name",
        HttpRequestError.SecureConnectionError => "no secure connection came about: the certificate, or the protocol",
        _ when failure.InnerException is EndedEarly => "the connection ended before an answer",
        HttpRequestError.ConnectionError => "no connection came about: " + (failure.InnerException is TaskCanceledException or OperationCanceledException
            ? string.Create(CultureInfo.InvariantCulture, $"none within {_bounds.Connect.TotalSeconds:0.#} seconds") : "the host refuses it or cannot be reached"),
        HttpRequestError.ProxyTunnelError => "the connection through the proxy that the environment names did not come about",
        HttpRequestError.ConfigurationLimitExceeded => "the header of the answer is longer than is taken",
        HttpRequestError.ResponseEnded => "the connection ended before an answer",
        HttpRequestError.InvalidResponse => "the answer is no HTTP",
        HttpRequestError.Unknown when failure.InnerException is IOException => "the connection was reset before an answer",
        HttpRequestError.Unknown => failure.Message,
        _ => "the request failed: " + failure.HttpRequestError.ToString(),
    };

    // Whom the environment has asked in the host's place, which is then who did not answer; its own secrets are not shown.
    private static string ByWayOf(Uri address) =>
        HttpClient.DefaultProxy.GetProxy(address) is { } proxy && proxy.Authority != address.Authority
        ? $"; asked by way of the proxy {proxy.Authority}, which the environment names" : "";

    private static bool IsRedirect(HttpResponseMessage answer) => (int)answer.StatusCode is 301 or 302 or 303 or 307 or 308;

    private HttpResponseMessage Ask(Uri address, string shown, Action<Uri> leadOn, CancellationToken stop)
    {
        var at = address;
        leadOn(at);
        for (int i = 0; i <= _bounds.RedirectsMax; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, at);
            if (address.UserInfo.Length > 0 && at.Authority == address.Authority && at.Scheme == address.Scheme)
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
            var answer = Send(request, stop);
            if (!IsRedirect(answer) || answer.Headers.Location is not { } location) return answer;
            answer.Dispose();
            string? why = !Uri.TryCreate(at, location, out var next) || next.Scheme is not ("http" or "https") ? "neither http nor https"
                : at.Scheme is "https" && next.Scheme is "http" ? "http and not https as before" : null;
            if (why is not null) throw new InputException(
                $"{shown}: {WhereRedirected(address, at)}the server redirects to {ShownTarget(location.OriginalString)}, which is {why} and is not followed");
            leadOn(at = next!);
        }
        throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"{shown}: the server leads on more than {_bounds.RedirectsMax} times, at last to {Shown(at.AbsoluteUri)}"));
    }

    // Of a request that would be sent once more.
    private sealed class EndedEarly : IOException;

    private HttpResponseMessage Send(HttpRequestMessage request, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(_bounds.Header);
        _connections = 0;
        try
        {
            return _client.Send(request, HttpCompletionOption.ResponseHeadersRead, patience.Token);
        }
        catch (OperationCanceledException failure) when (!stop.IsCancellationRequested)
        {
            throw new HttpRequestException(HttpRequestError.Unknown, string.Create(CultureInfo.InvariantCulture,
                $"no answer within {_bounds.Header.TotalSeconds:0.#} seconds"), failure);
        }
    }

    // The wait that a server asks for: in seconds, or until a moment by the server's own clock.
    private TimeSpan? AskedFor(HttpResponseMessage answer)
    {
        var asked = answer.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } moment } when answer.Headers.Date is { } now => moment - now,
            _ => (TimeSpan?)null,
        };
        return asked is not { } wait ? null : wait < TimeSpan.Zero ? TimeSpan.Zero : wait < _bounds.RetryMax ? wait : _bounds.RetryMax;
    }

    private string? Take(HttpResponseMessage answer, KeptBytes destination, CancellationToken stop)
    {
        long bytes = 0, windowBytes = 0;
        // Chunks have no length, whatever else is said (RFC 9112 section 6.3).
        long? stated = answer.Headers.TransferEncodingChunked is true ? null : answer.Content.Headers.ContentLength;
        string Came() => string.Create(CultureInfo.InvariantCulture, $"{bytes}{(stated is { } all ? $" of {all}" : "")} bytes");
        var window = new CancellationTokenSource(_bounds.RateWindow);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using var body = answer.Content.ReadAsStream(stop);
            byte[] buffer = new byte[1 << 17];
            using var whole = new CancellationTokenSource(_bounds.BodyTimeMax);
            while (true)
            {
                patience.CancelAfter(_bounds.Stall);
                int count;
                try
                {
                    count = body.ReadAsync(buffer, patience.Token).AsTask().GetAwaiter().GetResult();
                }
                catch (OperationCanceledException) when (!stop.IsCancellationRequested)
                {
                    return string.Create(CultureInfo.InvariantCulture,
                        $"the transfer stood still for {_bounds.Stall.TotalSeconds:0.#} seconds after {Came()} and was ended");
                }
                // Ended, reset, no longer HTTP: whatever it is, it is the server's end. To write fails otherwise, and ends the run.
                catch (Exception failure) when (failure is IOException or HttpRequestException)
                {
                    return $"the transfer was cut after {Came()}: {EndOf(failure)}";
                }
                if (count == 0) return null;
                windowBytes += count;
                bytes += count;
                if (whole.IsCancellationRequested)
                {
                    destination.Append(buffer.AsSpan(0, count));
                    return string.Create(CultureInfo.InvariantCulture,
                        $"the transfer was ended after {_bounds.BodyTimeMax.TotalSeconds:0} seconds and {Came()}: no body may take longer");
                }
                if (window.IsCancellationRequested)
                {
                    if (windowBytes < _bounds.RateBytesMin)
                    {
                        destination.Append(buffer.AsSpan(0, count));
                        return string.Create(CultureInfo.InvariantCulture,
                            $"the transfer was ended after {Came()}: it brought {windowBytes} bytes in {_bounds.RateWindow.TotalSeconds:0.#} seconds, and {_bounds.RateBytesMin} are the fewest");
                    }
                    window.Dispose();
                    (window, windowBytes) = (new(_bounds.RateWindow), 0);
                }
                if (bytes > _bounds.BodyBytesMax) return string.Create(CultureInfo.InvariantCulture,
                    $"the transfer was ended after {_bounds.BodyBytesMax} bytes, the most that are taken of one address");
                destination.Append(buffer.AsSpan(0, count));
            }
        }
        finally
        {
            window.Dispose();
        }
    }

    // What ended a body before its end.
    private static string EndOf(Exception failure) => failure switch
    {
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection was closed",
        HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } => "what follows is no HTTP",
        _ when failure.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset } => "the connection was reset",
        _ => "the connection failed",
    };

    public void Dispose() => _client.Dispose();
}
