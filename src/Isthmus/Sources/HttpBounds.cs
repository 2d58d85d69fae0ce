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

    /// <summary>So often at the most where no connection comes about: an address that is wrong is told within seconds.</summary>
    public int UnreachableRetriesMax { get; init; } = 4;

    /// <summary>So often an answer may redirect to another address.</summary>
    public int RedirectsMax { get; init; } = 10;

    /// <summary>So many bytes are taken from one address: more than any file of an archive has.</summary>
    public long BodyBytesMax { get; init; } = 64L << 30;
}
