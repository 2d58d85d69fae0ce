using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;

using Polly;
using Polly.Retry;

namespace Isthmus.Sources;

/// <summary>
/// Asks http(s) servers, again where that may help, and takes what they send, up to bounds. User name and password of an address are
/// sent to its host alone; neither they nor its query, which may be a signature, are ever in a message. For one thread at a time.
/// </summary>
internal sealed class HttpExchange : IDisposable
{
    private readonly HttpBounds _bounds;
    private readonly HttpClient _client;

    // The client asks again by itself, over a new connection, where one ends before an answer; we count how often a server is asked.
    private int _connections;
    private readonly ResiliencePipeline<HttpResponseMessage> _retries;

    /// <param name="time">By which it waits before it asks again; null for the system's.</param>
    public HttpExchange(HttpBounds bounds, TimeProvider? time = null)
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
        _client.DefaultRequestHeaders.UserAgent.Add(new("isthmus", typeof(HttpExchange).Assembly.GetName().Version?.ToString(3) ?? "0"));
        // A file comes as it lies there: what a server packs on the way is told.
        _client.DefaultRequestHeaders.AcceptEncoding.Add(new("identity"));
        var builder = new ResiliencePipelineBuilder<HttpResponseMessage> { TimeProvider = time };
        _retries = builder.AddRetry(new RetryStrategyOptions<HttpResponseMessage>
        {
            MaxRetryAttempts = bounds.RetriesMax,
            Delay = bounds.Retry,
            MaxDelay = bounds.RetryMax,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = arguments => ValueTask.FromResult(IsWorthAnother(arguments.Outcome)
                && (arguments.AttemptNumber < bounds.UnreachableRetriesMax || !IsUnreachable(arguments.Outcome))),
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

    private static bool IsUnreachable(Outcome<HttpResponseMessage> outcome) =>
        outcome.Exception is HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError };

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

    // Where an answer leads to may be anything.
    private static string ShownTarget(string location)
    {
        string shown = HttpAddress.Shown(location);
        int end = shown.Contains("://", StringComparison.Ordinal) ? -1 : shown.AsSpan().IndexOfAny('?', '#');
        if (end >= 0) shown = shown[..end] + "?…";
        return shown.Length > TargetCharactersMax ? shown[..TargetCharactersMax] + "…" : shown;
    }

    private const int TargetCharactersMax = 300;

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

    /// <summary>Asks, and follows where the server leads.</summary>
    /// <exception cref="InputException">No answer came; the message says why.</exception>
    public HttpAnswer Ask(HttpQuestion question, CancellationToken stop)
    {
        var at = question.Address;
        try
        {
            var message = _retries.Execute(ask => Ask(question, next => at = next, ask), stop);
            return new(message, question.Address, at);
        }
        catch (HttpRequestException failure)
        {
            string why = $"{HttpAnswer.Redirected(question.Address, at)}{Reason(failure)}{ByWayOf(at)}";
            throw new InputException($"{HttpAddress.Shown(question.Address.AbsoluteUri)}: {why}", failure) { IsOfServer = true };
        }
    }

    private HttpResponseMessage Ask(HttpQuestion question, Action<Uri> leadOn, CancellationToken stop)
    {
        var address = question.Address;
        string shown = HttpAddress.Shown(address.AbsoluteUri);
        var at = address;
        leadOn(at);
        for (int i = 0; i <= _bounds.RedirectsMax; i++)
        {
            using var request = question.At(at);
            if (address.UserInfo.Length > 0 && at.Authority == address.Authority && at.Scheme == address.Scheme)
                request.Headers.Authorization = new AuthenticationHeaderValue(
                    "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(Uri.UnescapeDataString(address.UserInfo))));
            var message = Send(request, stop);
            var answer = new HttpAnswer(message, address, at);
            if (!answer.IsRedirect || message.Headers.Location is not { } location) return message;
            message.Dispose();
            string? why = !Uri.TryCreate(at, location, out var next) || next.Scheme is not ("http" or "https") ? "neither http nor https"
                : at.Scheme is "https" && next.Scheme is "http" ? "http and not https as before"
                : question.MayRedirect?.Invoke(next) is false ? "outside of the archive" : null;
            if (why is not null) throw new InputException(
                $"{answer.Place}the server redirects to {ShownTarget(location.OriginalString)}, which is {why} and is not followed");
            leadOn(at = next!);
        }
        throw new InputException(string.Create(CultureInfo.InvariantCulture,
            $"{shown}: the server leads on more than {_bounds.RedirectsMax} times, at last to {HttpAddress.Shown(at.AbsoluteUri)}"));
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

    /// <summary>Takes the body of an answer.</summary>
    /// <param name="keep">Gets the bytes in order; what it throws ends the transfer.</param>
    /// <param name="bytesMax">So many are taken at the most; null for as many as are taken of any address.</param>
    /// <returns>Why it is not all, in a sentence; null where it is.</returns>
    public string? Take(HttpAnswer answer, BytesTaker keep, CancellationToken stop, long? bytesMax = null)
    {
        long bytes = 0, windowBytes = 0, most = Math.Min(bytesMax ?? long.MaxValue, _bounds.BodyBytesMax);
        long? stated = answer.Length;
        string Came() => string.Create(CultureInfo.InvariantCulture, $"{bytes}{(stated is { } all ? $" of {all}" : "")} bytes");
        var window = new CancellationTokenSource(_bounds.RateWindow);
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
            using var body = answer.Message.Content.ReadAsStream(stop);
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
                    keep(buffer.AsSpan(0, count));
                    return string.Create(CultureInfo.InvariantCulture,
                        $"the transfer was ended after {_bounds.BodyTimeMax.TotalSeconds:0} seconds and {Came()}: no body may take longer");
                }
                if (window.IsCancellationRequested)
                {
                    if (windowBytes < _bounds.RateBytesMin)
                    {
                        keep(buffer.AsSpan(0, count));
                        return string.Create(CultureInfo.InvariantCulture,
                            $"the transfer was ended after {Came()}: it brought {windowBytes} bytes in {_bounds.RateWindow.TotalSeconds:0.#} seconds, and {_bounds.RateBytesMin} are the fewest");
                    }
                    window.Dispose();
                    (window, windowBytes) = (new(_bounds.RateWindow), 0);
                }
                if (bytes > most) return string.Create(CultureInfo.InvariantCulture,
                    $"the transfer was ended after {most} bytes, the most that are taken of one address");
                keep(buffer.AsSpan(0, count));
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

/// <summary>Takes bytes, in order.</summary>
internal delegate void BytesTaker(ReadOnlySpan<byte> bytes);
