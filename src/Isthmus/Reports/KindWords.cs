using Isthmus.Routes;
using Isthmus.Transit.Changes;

namespace Isthmus.Reports;

/// <summary>Kinds of what is told, in the words and tokens that every report uses.</summary>
public static class KindWords
{
    /// <summary>The token of a kind, as in JSON: <c>upstream-appeared</c>.</summary>
    public static string Token(ChangeKind kind) => kind switch
    {
        ChangeKind.UpstreamAppeared => "upstream-appeared",
        ChangeKind.UpstreamVanished => "upstream-vanished",
        ChangeKind.UpstreamReturned => "upstream-returned",
        ChangeKind.ShareShifted => "share-shifted",
        ChangeKind.Outage => "outage",
        ChangeKind.Unstable => "unstable",
        ChangeKind.OriginChanged => "origin-changed",
        ChangeKind.OriginAdded => "origin-added",
        ChangeKind.MoreSpecificAppeared => "more-specific-appeared",
        ChangeKind.IntermediaryInserted => "intermediary-inserted",
        ChangeKind.IntermediaryRemoved => "intermediary-removed",
        ChangeKind.GatewayAppeared => "gateway-appeared",
        ChangeKind.PrefixAppeared => "prefix-appeared",
        ChangeKind.PrefixVanished => "prefix-vanished",
        _ => "feed-problem",
    };

    /// <summary>
    /// What tells a change from all others beside its prefixes: its kind, the networks that it names, each behind its word, and its
    /// episode, as <c>intermediary-inserted AS64500 between AS64501 #1</c>.
    /// </summary>
    public static string Token(ChangeIdentity identity)
    {
        List<string> words = [Token(identity.Kind)];
        if (identity.Tier != 1) words.Add($"tier {identity.Tier}");
        if (identity.Upstream is { } upstream) words.Add($"{upstream}");
        if (identity.Origin is { } origin) words.Add($"origin {origin}");
        if (identity.Between is { } between) words.Add($"between {between}");
        if (identity.Above is { } above) words.Add($"above {above}");
        if (identity.Gateway is { } gateway) words.Add($"gateway {gateway}");
        if (identity.Feed is { } feed) words.Add($"feed {feed.Name}");
        if (identity.Trouble is { } trouble) words.Add(Token(trouble));
        words.Add($"#{identity.Episode}");
        return string.Join(' ', words);
    }

    private static string Token(FeedTroubleKind trouble) => trouble switch
    {
        FeedTroubleKind.SessionsDown => "sessions-down",
        FeedTroubleKind.SessionsSilent => "sessions-silent",
        FeedTroubleKind.FilesMissing => "files-missing",
        FeedTroubleKind.DumpContradicts => "dump-contradicts",
        _ => "wrong-clock",
    };

    /// <summary><c>high</c>, <c>medium</c>, <c>low</c>.</summary>
    public static string Token(Confidence confidence) => confidence switch
    {
        Confidence.High => "high",
        Confidence.Medium => "medium",
        _ => "low",
    };

    /// <summary>Why a peer's route changed, in words.</summary>
    public static string Words(Cause cause) => cause switch
    {
        Cause.RibEntry => "RIB entry",
        Cause.RibAbsence => "absent from a RIB",
        Cause.Announcement => "announcement",
        Cause.Withdrawal => "withdrawal",
        Cause.TreatedAsWithdrawn => "malformed announcement, treated as withdrawn",
        Cause.PeerState => "session state",
        Cause.FileDamage => "file damaged",
        _ => "silence",
    };

    /// <summary>Who runs a collector, as people write it.</summary>
    public static string Words(Project project) => project switch
    {
        Project.Ris => "RIPE RIS",
        Project.RouteViews => "RouteViews",
        Project.Pch => "PCH",
        _ => "of no known project",
    };
}
