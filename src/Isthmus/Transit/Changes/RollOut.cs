using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// A coming or going that takes peer ASes one after another, for minutes or hours: it goes on for as long as no pause is longer than
/// an hour, and than all of it so far.
/// </summary>
internal static class RollOut
{
    /// <summary>A shorter pause ends none.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromHours(1);

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
    /// True where two of the same matter came or went slowly at one time: the peer ASes of one address family are not those of another.
    /// </summary>
    public static bool IsOne(Finding one, Finding other) => IsCarrier(one)
        && (one.Last - one.First > QuickMax || other.Last - other.First > QuickMax) && one.First <= other.Last && other.First <= one.Last;

    private static bool IsCarrier(Finding finding) => finding.Of is { Tier: 1, Upstream: not null, Kind: ChangeKind.UpstreamAppeared
        or ChangeKind.UpstreamReturned or ChangeKind.UpstreamVanished };
}
