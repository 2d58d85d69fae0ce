using Isthmus.Sources;

namespace Isthmus.Archives;

/// <summary>How much is taken of an archive, and how often and how long it is asked (docs/fetch.md).</summary>
internal sealed record FetchBounds
{
    /// <summary>Of one request. A file takes hours at the most, and asks a server that is busy up to eight times in all.</summary>
    public HttpBounds Http { get; init; } = new() { RetriesMax = 8, BodyTimeMax = TimeSpan.FromHours(6), BodyBytesMax = FileBytes };

    /// <summary>Bytes of one page of a folder: that of a month of RIS has 9,000 files and 2 MB.</summary>
    public long ListingBytesMax { get; init; } = 32L << 20;

    /// <summary>Bytes of one file: the largest dump of today has half a gigabyte.</summary>
    public long FileBytesMax { get; init; } = FileBytes;

    /// <summary>Bytes of a file above those that the listing has of it, which may be rounded or older: a tenth more, and this.</summary>
    public long FileGrowthMax { get; init; } = 1L << 20;

    /// <summary>Bytes of a file of a registry, as it is stored.</summary>
    public long RegistryBytesMax { get; init; } = 256L << 20;

    /// <summary>Bytes of a dump that tell who sends all routes, where collectors are chosen by that: 2,000 prefixes of 100 peers.</summary>
    public long SampleBytesMax { get; init; } = 4L << 20;

    /// <summary>Connections to one server at a time.</summary>
    public int ConnectionsMax { get; init; } = 4;

    /// <summary>So often a transfer that was cut is taken up where it ended.</summary>
    public int CutsMax { get; init; } = 5;

    /// <summary>A server that gives no answer for so many files in a row is asked no more.</summary>
    public int FailuresMax { get; init; } = 4;

    /// <summary>Lists of collectors and months are asked for again after this.</summary>
    public TimeSpan ListAgeMax { get; init; } = TimeSpan.FromDays(1);

    /// <summary>A file is whole, and a month's list complete, when so much time has passed since what they hold.</summary>
    public TimeSpan SettleTime { get; init; } = TimeSpan.FromDays(1);

    private const long FileBytes = 8L << 30;
}
