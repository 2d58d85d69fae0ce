using Isthmus.Transit.Changes;

namespace Isthmus.Reports;

/// <summary>Chooses of the changes of a report the one that a newspaper would print.</summary>
internal static class FirstNews
{
    /// <summary>More-specifics inside a smaller part of the subject's prefixes are news only where nothing else is.</summary>
    private const double CoveringPartMin = 0.05;

    /// <summary>An outage of the whole subject is the news whatever else there is where it takes so long, or has no end.</summary>
    private static readonly TimeSpan LongOutage = TimeSpan.FromHours(1);

    /// <summary>The change of most weight; null where nothing of the subject itself changed.</summary>
    public static TransitChange? Of(IReadOnlyList<NumberedChange> changes) => changes
        .Where(numbered => !numbered.IsPart && numbered.Change.Kind is not ChangeKind.FeedProblem)
        .Select(numbered => numbered.Change)
        .OrderBy(change => change.Tier).ThenBy(Weight).ThenByDescending(change => change.Prefixes.Count)
        // What differs by rounding alone is no difference of weight.
        .ThenByDescending(change => Math.Round(Math.Abs((change.ShareAfter ?? 0) - (change.ShareBefore ?? 0)), 3))
        .ThenBy(change => change.Time)
        .FirstOrDefault();

    /// <summary>True where losses that together are of all are the news rather than a change.</summary>
    public static bool IsBefore(WholeOutage whole, TransitChange? news) => news is null
        || Weight(news) >= 0 && (Weight(news) >= 2 || news.Tier > 1 || !(whole.Length < LongOutage));

    private static int Weight(TransitChange change) => change.Kind switch
    {
        ChangeKind.Outage when ChangeWords.IsTotal(change) && !(change.Until - change.Time < LongOutage) => -1,
        ChangeKind.MoreSpecificAppeared => change.Covering.Count >= CoveringPartMin * change.SubjectPrefixes ? 1 : 6,
        ChangeKind.UpstreamAppeared => 0,
        ChangeKind.OriginChanged or ChangeKind.OriginAdded or ChangeKind.GatewayAppeared => 1,
        ChangeKind.Outage or ChangeKind.PrefixVanished => 2,
        ChangeKind.UpstreamVanished => 3,
        ChangeKind.Unstable => 4,
        ChangeKind.UpstreamReturned or ChangeKind.PrefixAppeared => 5,
        _ => 6,
    };
}
