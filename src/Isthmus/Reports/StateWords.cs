using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>How the routes stand at the end, in words: carried, absent, not known, or there without an upstream that counts.</summary>
internal static class StateWords
{
    /// <summary><c>IPv4</c>, <c>IPv6</c>.</summary>
    public static string Name(AddressFamily family) => family is AddressFamily.IPv6 ? "IPv6" : "IPv4";

    /// <summary>Why no upstream can be counted, each reason with its peer ASes: a clause.</summary>
    public static string WhyNoUpstream(HeldRoutes routes) => string.Join("; ", routes.Uncounted.Select(WhyNoUpstream));

    /// <summary>One such reason with its peer ASes: <c>2 peer ASes are direct neighbours of it</c>.</summary>
    public static string WhyNoUpstream(UncountedRoutes uncounted) =>
        $"{Wording.Count(uncounted.PeerAses, "peer AS", "peer ASes")} {Reason(uncounted)}";

    private static string Reason(UncountedRoutes uncounted)
    {
        bool one = uncounted.PeerAses == 1;
        return uncounted.Why switch
        {
            NoUpstream.DirectNeighbour => one ? "is a direct neighbour of it" : "are direct neighbours of it",
            NoUpstream.OriginSet => one ? "sees an AS_SET as origin" : "see an AS_SET as origin",
            NoUpstream.InsideCountry => one ? "stands inside the country" : "stand inside the country",
            NoUpstream.Contradicted => one ? "has a table dump that contradicts its updates" : "have table dumps that contradict their updates",
            _ => one ? "has a path with a reserved or private AS number, a set or a loop"
                : "have paths with a reserved or private AS number, a set or a loop",
        };
    }

    /// <summary>The origins of a prefix: <c>AS15169</c>, <c>AS174 (25), AS15169 (24)</c> with peer ASes, or that it is not known.</summary>
    public static string Origins(PrefixState prefix) => prefix.Origins.Count switch
    {
        0 => "origin unknown",
        1 => prefix.Origins[0].Asn.ToString(),
        _ => string.Join(", ", prefix.Origins.Select(origin => $"{origin.Asn} ({Wording.Count(origin.PeerAses)})")),
    };

    /// <summary>By how many of those that count a prefix is seen; a dash where nobody counts.</summary>
    public static string SeenBy(Report report, PrefixState prefix) =>
        IsCounted(report, prefix) ? Wording.PercentFine(prefix.Visibility) : "–";

    /// <summary>False where nobody votes on the prefixes of this family, so that no share of them is known.</summary>
    public static bool IsCounted(Report report, PrefixState prefix) => prefix.Visibility > 0
        || report.Transit.Families.FirstOrDefault(family => family.Family == prefix.Prefix.Family) is not { Visibility: null };

    /// <summary>By whom a prefix is carried at the end, with the parts of those that count and all peer ASes that show it.</summary>
    public static string Carriers(PrefixState prefix, Func<Asn, string> nameOf)
    {
        if (prefix.Upstreams.Count == 0) return "no upstream can be counted";
        bool isMeasured = prefix.Upstreams.Any(upstream => upstream.PeerAs > 0);
        return string.Join(", ", prefix.Upstreams.Select(upstream => $"{nameOf(upstream.Asn)} "
            + $"{(isMeasured ? Wording.Percent(upstream.PeerAs) + " " : "")}({Wording.Count(upstream.PeerAses, "peer AS", "peer ASes")})"));
    }

    /// <summary>How one family stands at the end: what the headline says of one of them.</summary>
    public static string Beside(FamilyAnswer family, Names names)
    {
        string name = Name(family.Family);
        string seen = $"{name}: {Wording.Count(family.Prefixes, "prefix", "prefixes")}";
        string full = $"{Wording.Count(family.FullFeedPeerAses, "peer AS sends", "peer ASes send")} a full {name} table";
        string visible = family.Visibility is { } visibility ? $"visibility {Wording.PercentFine(visibility)}" : "visibility not known";
        string by = family.Routes.State switch
        {
            RouteState.Absent => "no route is seen at the end",
            RouteState.Unknown => "nothing is known at the end",
            RouteState.WithoutUpstream => $"no upstream can be counted: {WhyNoUpstream(family.Routes)}",
            _ => "by " + string.Join(", ", family.Upstreams.Where(upstream => upstream.PeerAses > 0).Take(3).Select(upstream =>
                family.Voters.Count < FamilyAnswer.HeadlineVotersMin ? names.Short(upstream.Asn)
                    : $"{names.Short(upstream.Asn)} {Wording.Percent(upstream.Shares.PeerAs)}")),
        };
        string voters = Wording.Count(family.Voters.Count, "peer AS votes", "peer ASes vote");
        return $"{seen}, {visible}, {by}; {voters}, {full}.";
    }

    private const int NamedMax = 3;

    /// <summary>Prefixes that may be held beside those that are seen at the end, or not; null where there are none.</summary>
    public static Sentence? Unknown(IReadOnlyList<FamilyAnswer> families)
    {
        Prefix[] unknown = [.. families.Where(family => family.Prefixes > 0).SelectMany(family => family.UnknownPrefixes)];
        if (unknown.Length == 0) return null;
        string which = unknown.Length == 1 ? unknown[0].ToString()
            : $"{Wording.Count(unknown.Length)} more prefixes ({Wording.Prefixes(unknown, NamedMax)})";
        return new($"Of {which}, held before, nothing is known at the end, and the figures are without {(unknown.Length == 1 ? "it" : "them")}.")
        {
            RestsOnAll = true,
        };
    }

    /// <summary>True for updates without a table before them: of no family in question is it known what the peers held.</summary>
    public static bool LackTable(IRouteSpans seen)
    {
        if (!seen.Peers.Any(feed => feed.SendsUpdates)) return false;
        AddressFamily[] families = [.. seen.Histories.Select(history => history.Prefix.Family).Distinct()];
        return seen.Peers.All(feed => families.Length == 0 ? feed.WithoutTable : families.All(family => feed.TableSince(family) is null));
    }

    /// <summary>Why nothing is known: what the input covers lies elsewhere, or nobody in it could have seen a route.</summary>
    public static Sentence NoData(Report report)
    {
        ReadFile[] dated = [.. report.Coverage.Files.Where(file => file.First is not null)];
        string why = report.Coverage.Later is { } later && !dated.Any(file => file.Last > report.From && file.First <= report.To)
            ? "There are no data in this period: the input " + (dated.Length == 0 ? $"begins on {ChangeWords.At(later)}."
                : $"before it ends on {ChangeWords.At(dated.Max(file => file.Last)!.Value)}, and goes on with {ChangeWords.At(later)}.")
            : dated.Length > 0 && (dated.Max(file => file.Last) <= report.From || dated.Min(file => file.First) > report.To)
            ? $"There are no data in this period: the input covers {ChangeWords.At(dated.Min(file => file.First)!.Value)}, "
                + $"to {ChangeWords.At(dated.Max(file => file.Last)!.Value)}."
            : "The input holds no vantage point that could have seen a route to it in this period.";
        return new($"{why} That is not to say that nothing happened.") { RestsOnAll = true };
    }

    /// <summary>What happened within an unstable time: <c>; four times no route was seen; once a part … was lost</c>.</summary>
    public static string Within(IReadOnlyCollection<TransitChange> outages)
    {
        int total = outages.Count(ChangeWords.IsTotal), partial = outages.Count - total;
        return (total > 0 ? $"; {Times(total)} no route was seen" : "")
            + (partial > 0 ? $"; {Times(partial)} {(total > 0 ? "more " : "")}{PartLost}" : "");
    }

    /// <summary>One outage, or several, those of all and those of a part counted apart: one is not the other.</summary>
    public static string Outages(IReadOnlyList<TransitChange> outages, KnownRoutes known)
    {
        if (outages is [var only]) return ChangeWords.OutageTold(only, butBy: known.ButBy(only), unseen: known.Unseen(only));
        var apart = outages.ToLookup(ChangeWords.IsTotal);
        string Told(bool total, string what) => apart[total].FirstOrDefault() is not { } first ? ""
            : $"{Times(apart[total].Count())} {what}, {(apart[total].Count() > 1 ? "first " : "")}"
                + (total && known.Unseen(first) is { } unseen ? $"from {ChangeWords.Interval(unseen.From, unseen.To)}" : ChangeWords.When(first));
        string[] told = [.. new[] { Told(true, "no route was seen"), Told(false, PartLost) }.Where(text => text.Length > 0)];
        string whole = string.Join("; ", told) + (apart[true].Any() ? "" : WholeBetween(outages, known));
        return $"{char.ToUpperInvariant(whole[0])}{whole[1..]}.";
    }

    // Losses of parts that overlap may be one of the whole for a while.
    private static string WholeBetween(IReadOnlyList<TransitChange> losses, KnownRoutes known)
    {
        if (known.WholeOutageOf(losses) is not { } whole) return "";
        string between = ChangeWords.Interval(whole.Unseen.From, whole.Unseen.To) + (whole.Unseen.To is null ? "," : "");
        return $"; from {between} no route to any of the {Wording.Count(whole.Prefixes)} prefixes is seen{known.ButBy(whole)}";
    }

    private const string PartLost = "a part of the prefixes or of the routes was lost";

    private static string Times(int count) => count == 1 ? "once" : $"{Wording.InWords(count)} times";
}
