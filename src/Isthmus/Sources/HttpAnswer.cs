using System.Globalization;
using System.Net;
using System.Net.Http.Headers;

namespace Isthmus.Sources;

/// <summary>What a server is asked for.</summary>
/// <param name="Address">Its user name and password are sent to its host alone.</param>
internal sealed record HttpQuestion(Uri Address)
{
    /// <summary>The first byte that is wanted; null for all from the first.</summary>
    public long? From { get; init; }

    /// <summary>The last byte that is wanted, counted from 0; null for all to the last.</summary>
    public long? To { get; init; }

    /// <summary>The part only of what has this ETag or this date (RFC 9110 section 13.1.5), of anything else all.</summary>
    public string? IfRange { get; init; }

    /// <summary>Nothing where this is its ETag still (RFC 9110 section 13.1.2).</summary>
    public string? IfNoneMatch { get; init; }

    /// <summary>Nothing where it was not changed since this date (RFC 9110 section 13.1.3).</summary>
    public string? IfModifiedSince { get; init; }

    /// <summary>Which addresses a server may redirect to; null for any.</summary>
    public Func<Uri, bool>? MayRedirect { get; init; }

    /// <summary>As it goes to the address, which may be one that it was redirected to.</summary>
    public HttpRequestMessage At(Uri at)
    {
        var request = new HttpRequestMessage(HttpMethod.Get, at);
        if (From is not null || To is not null) request.Headers.Range = new(From, To);
        if (IfRange is not null) request.Headers.TryAddWithoutValidation("If-Range", IfRange);
        if (IfNoneMatch is not null) request.Headers.TryAddWithoutValidation("If-None-Match", IfNoneMatch);
        if (IfModifiedSince is not null) request.Headers.TryAddWithoutValidation("If-Modified-Since", IfModifiedSince);
        return request;
    }
}

/// <summary>The header of what a server answered, its body still to come.</summary>
/// <param name="asked">The address that was asked for.</param>
/// <param name="at">The one that answered, after redirects.</param>
internal sealed class HttpAnswer(HttpResponseMessage message, Uri asked, Uri at) : IDisposable
{
    private const int ReasonCharactersMax = 80;

    public HttpResponseMessage Message => message;

    public Uri At => at;

    public HttpStatusCode Status => message.StatusCode;

    /// <summary>The address for a message, and where it redirects to.</summary>
    public string Place => $"{HttpAddress.Shown(asked.AbsoluteUri)}: {Redirected(asked, at)}";

    /// <summary>Words on where an address redirects to; empty where it does not.</summary>
    public static string Redirected(Uri asked, Uri at) =>
        at == asked ? "" : $"it redirects to {HttpAddress.Shown(at.AbsoluteUri)}, where ";

    /// <summary>Why there is no body, in a line; null where the answer is a success.</summary>
    public string? Refusal => message.IsSuccessStatusCode ? null : string.Create(CultureInfo.InvariantCulture,
        $"{Place}the server answers {(int)message.StatusCode} {Reason}{(IsRedirect ? ", without an address that it leads to" : "")}");

    // A server may say anything, at any length.
    private string? Reason => message.ReasonPhrase is { Length: > ReasonCharactersMax } reason
        ? reason[..ReasonCharactersMax] + "…" : message.ReasonPhrase;

    public bool IsRedirect => (int)message.StatusCode is 301 or 302 or 303 or 307 or 308;

    /// <summary>
    /// How the body is packed on the way; null where it comes as it lies there. Names of codings have no case (RFC 9110 section 8.4.1).
    /// </summary>
    public string? Packing => message.Content.Headers.ContentEncoding.FirstOrDefault(
        coding => !coding.Equals("identity", StringComparison.OrdinalIgnoreCase));

    public ContentRangeHeaderValue? Range => message.Content.Headers.ContentRange;

    public bool IsPart => message.StatusCode is HttpStatusCode.PartialContent || message.Content.Headers.Contains("Content-Range");

    /// <summary>
    /// The bytes of the body as stated; null where it has no length. Chunks have none, whatever else is said (RFC 9112 section 6.3).
    /// </summary>
    public long? Length => message.Headers.TransferEncodingChunked is true ? null : message.Content.Headers.ContentLength;

    /// <summary>
    /// Why the length cannot be trusted, so that nobody knows where the body ends (RFC 9112 section 6.3); null where it can.
    /// </summary>
    public string? LengthFault
    {
        get
        {
            if (message.Headers.TransferEncodingChunked is true
                || !message.Content.Headers.NonValidated.TryGetValues("Content-Length", out var values)) return null;
            string[] lengths = [.. values.SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries)).Distinct()];
            return lengths.Length > 1 ? "the server states several lengths, so that the rest may be missing"
                : long.TryParse(lengths[0], NumberStyles.None, CultureInfo.InvariantCulture, out _) ? null
                : "the length that the server states is none, so that the rest may be missing";
        }
    }

    /// <summary>The ETag, where it promises equal bytes (RFC 9110 section 8.8.1); null for none, or a weak one.</summary>
    public string? StrongTag => message.Headers.ETag is { IsWeak: false } tag ? tag.Tag : null;

    /// <summary>The ETag as the server states it; null for none.</summary>
    public string? Tag => message.Headers.ETag?.ToString();

    /// <summary>When it was changed, as the server states it; null where it does not.</summary>
    public string? LastModified => message.Content.Headers.NonValidated.TryGetValues("Last-Modified", out var values) ? values.ToString() : null;

    public void Dispose() => message.Dispose();
}
