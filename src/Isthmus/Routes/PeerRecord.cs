using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>The most prefixes of each family that a session held at once, up to a time and since.</summary>
/// <param name="At">When it came to hold so many.</param>
public readonly record struct TableSize(Timestamp At, int Ipv4, int Ipv6);

/// <summary>What is known of a session when its records end: <see cref="PeerFeed"/> as of any time before is made of it.</summary>
/// <param name="Ipv4Max">The most IPv4 prefixes that it held at once.</param>
/// <param name="Ipv6Max">The same for IPv6.</param>
/// <param name="Transparent">Its paths do not start with its own AS number, as those of a route server.</param>
/// <param name="Up">When its session was known to be up, in order of time; without the time in which it is still.</param>
/// <param name="UpSince">Since when it is up at the end; null where it is not.</param>
/// <param name="IsLost">True where it has not spoken since it was lost, or never.</param>
public sealed record PeerRecord(
    Peer Peer, int Ipv4Max, int Ipv6Max, bool Transparent, IReadOnlyList<SessionSpan> Up, Timestamp? UpSince, bool IsLost)
{
    /// <inheritdoc cref="PeerFeed.Ipv4Since"/>
    public Timestamp? Ipv4Since { get; init; }

    /// <inheritdoc cref="PeerFeed.Ipv6Since"/>
    public Timestamp? Ipv6Since { get; init; }

    /// <summary>When the first update of it came; null for never.</summary>
    public Timestamp? FirstUpdate { get; init; }

    /// <inheritdoc cref="PeerFeed.Losses"/>
    public IReadOnlyList<SessionLoss> Losses { get; init; } = [];

    /// <inheritdoc cref="PeerFeed.Dumps"/>
    public IReadOnlyList<Timestamp> Dumps { get; init; } = [];

    /// <summary>How the counts rose, in order of time, to the second.</summary>
    public IReadOnlyList<TableSize> Sizes { get; init; } = [];

    /// <summary>When the data showed it first.</summary>
    public Timestamp Met { get; init; }

    /// <summary>The same with the session lost at a time, and nothing known later.</summary>
    public PeerRecord LostAt(Timestamp time, Cause cause) => this with
    {
        Up = UpSince < time ? [.. Up, new(UpSince.Value, time)] : Up,
        UpSince = null,
        IsLost = true,
        Losses = IsLost ? Losses : [.. Losses, new(time, null, cause)],
    };

    /// <summary>The same as of a time, as if nothing had been read that is later.</summary>
    /// <param name="time">What is of it, or later, counts for nothing.</param>
    public PeerRecord Before(Timestamp time)
    {
        SessionSpan[] spans = UpSince is { } since ? [.. Up, new(since, new(long.MaxValue))] : [.. Up];
        var open = spans.FirstOrDefault(span => span.From < time && span.To >= time);
        var size = Sizes.LastOrDefault(size => size.At < time);
        bool hasSpoken = FirstUpdate < time || Dumps.Any(dump => dump < time);
        return this with
        {
            Ipv4Max = size.Ipv4,
            Ipv6Max = size.Ipv6,
            Sizes = [.. Sizes.Where(size => size.At < time)],
            Up = [.. spans.Where(span => span.To < time)],
            UpSince = open.To >= time ? open.From : null,
            IsLost = !hasSpoken || Losses.Any(loss => loss.From < time && !(loss.Back < time)),
            Ipv4Since = Ipv4Since < time ? Ipv4Since : null,
            Ipv6Since = Ipv6Since < time ? Ipv6Since : null,
            FirstUpdate = FirstUpdate < time ? FirstUpdate : null,
            Losses = [.. Losses.Where(loss => loss.From < time).Select(loss => loss.Back < time ? loss : loss with { Back = null })],
            Dumps = [.. Dumps.Where(dump => dump < time)],
        };
    }

    /// <summary>What the peer sends, as far as it is known at the end of a period.</summary>
    public PeerFeed ToFeed(Timestamp to, FullFeed full) => new(Peer, Ipv4Max, Ipv6Max,
        Ipv4Since is not null && full.Ipv4(Ipv4Max), Ipv6Since is not null && full.Ipv6(Ipv6Max), Transparent,
        UpSince is { } since && to >= since ? [.. Up, new(since, to)] : Up)
    {
        SendsUpdates = FirstUpdate is not null,
        Ipv4Since = Ipv4Since,
        Ipv6Since = Ipv6Since,
        Losses = Losses,
        Dumps = Dumps,
    };
}
