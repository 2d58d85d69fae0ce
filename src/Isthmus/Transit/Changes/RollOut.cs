using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// A coming or going that takes peer ASes one after another, for minutes or hours: it goes on for as long as no pause is longer than
/// half an hour, in which a share settles, and than all of it so far.
/// </summary>
internal static class RollOut
{
    /// <summary>A shorter pause ends none.</summary>
    public static readonly TimeSpan PauseMin = TimeSpan.FromMinutes(30);

    /// <summary>The stretch that is certain of one cause: what takes longer is slow.</summary>
    public static readonly TimeSpan QuickMax = UpstreamFindings.Before + UpstreamFindings.After;

    /// <summary>How many of the times, in order, belong together.</summary>
    /// <param name="times">Of those that came in order, or of those that went in reverse order.</param>
    /// <param name="certain">So many at the beginning do.</param>
    public static int Length(IReadOnlyList<Timestamp> times, int certain)
    {
        int length = certain;
        for (; length > 0 && length < times.Count; length++)
        {
            var (pause, soFar) = ((times[length] - times[length - 1]).Duration(), (times[length - 1] - times[0]).Duration());
            if (pause > (soFar > PauseMin ? soFar : PauseMin)) break;
        }
        return length;
    }

    /// <summary>True for an upstream that took longer to come or to go than what is certain of one cause.</summary>
    public static bool IsSlow(List<Finding> group) => IsCarrier(group[0])
        && group.Max(finding => finding.Last) - group.Min(finding => finding.First) > QuickMax;

    /// <summary>
    /// True where two of the same matter are of one roll-out: most of the peer ASes that changed on both did so at the same time. Those
    /// of one address family may not be those of another: then both took long, and overlap.
    /// </summary>
    public static bool IsOne(Finding one, Finding other)
    {
        if (!IsCarrier(one) || one.First > other.Last || other.First > one.Last) return false;
        TimeSpan[] apart = [.. one.Turns.Join(other.Turns, turn => turn.PeerAs, turn => turn.PeerAs,
            (first, second) => (first.Time - second.Time).Duration())];
        if (apart.Length > 0) return 2 * apart.Count(time => time <= AtOnce) >= apart.Length;
        return one.Last - one.First > QuickMax || other.Last - other.First > QuickMax;
    }

    /// <summary>A peer AS that changes on all prefixes at once does so within this.</summary>
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(60);

    private static bool IsCarrier(Finding finding) => finding.Of is { Tier: 1, Upstream: not null }
        && finding.Of.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned or ChangeKind.UpstreamVanished;
}
