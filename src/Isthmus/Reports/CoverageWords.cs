using Isthmus.Export.Damage;
using Isthmus.Routes;
using Isthmus.Text;

namespace Isthmus.Reports;

/// <summary>What a report rests on and what is missing, in words.</summary>
public static class CoverageWords
{
    /// <summary>What was read: files, collectors, records, peers.</summary>
    public static IReadOnlyList<string> Read(Report report)
    {
        var coverage = report.Coverage;
        var sentences = new List<string>();
        if (coverage.Files.Count == 0) sentences.Add("No file was read.");
        else
            sentences.Add($"{Wording.Count(coverage.Files.Count, "file", "files")} from {Wording.Count(coverage.Collectors.Count, "collector", "collectors")}"
                + $"{Collectors(coverage.Collectors)}: {Wording.Count(coverage.Records, "record", "records")}, {Wording.Count(coverage.Elements, "route event", "route events")}.");
        sentences.Add($"{Wording.Count(coverage.Peers, "peer", "peers")} of {Wording.Count(coverage.PeerAses, "AS", "ASes")}; "
            + (coverage.FullFeedPeerAses == 0 ? "none is known to send a full table."
                : coverage.FullIpv6PeerAses == 0 ? $"{Wording.Count(coverage.FullFeedPeerAses, "AS sends", "ASes send")} a full table."
                : $"{Wording.Count(coverage.FullIpv4PeerAses, "AS sends", "ASes send")} a full IPv4 table, "
                + $"{Wording.Count(coverage.FullIpv6PeerAses)} a full IPv6 table."));
        if (coverage.WithoutTable.Count > 0) sentences.Add(
            $"{Wording.Count(coverage.WithoutTable.Count, "peer has", "peers have")} no known table, by no dump and no table transfer, and so no vote.");
        if (OtherFamilies(coverage) is { } families) sentences.Add(families);
        sentences.AddRange(coverage.Views.Select(file => $"{ViewWords.Of(file.File, file.Views)}; they are read as one table."));
        if (coverage.DiscardedAttributes > 0) sentences.Add(
            $"An AGGREGATOR or ATOMIC_AGGREGATE of {Wording.Count(coverage.DiscardedAttributes, "record", "records")} was malformed and left out; the routes stand (RFC 7606).");
        if (report.Transit.Basis is { } basis) sentences.Add(ShareWords.Counted(basis));
        return sentences;
    }

    /// <summary>
    /// What is missing or damaged, a line each: gaps, faults, inputs that could not be read, files passed over, redirects.
    /// </summary>
    public static IReadOnlyList<string> Missing(Coverage coverage) =>
    [
        .. coverage.Gaps.Select(gap => $"{gap.Collector.Name}: {Why(gap)}, {Wording.Moment(gap.From)} to "
            + $"{(Wording.Date(gap.From) == Wording.Date(gap.To) ? Wording.Clock(gap.To) : Wording.Moment(gap.To))} ({Wording.Length(gap.To - gap.From)})"),
        .. coverage.LateTables.Select(table => $"{table.Collector.Name}: no table before {Wording.Moment(table.Since)}: what its peers held until then is not known"),
        .. coverage.Faults,
        .. coverage.Late.Select(file => $"{file.Key}: {Wording.Count(file.Value, "event", "events")} came too late to be put in order "
            + $"and {(file.Value == 1 ? "counts" : "count")} for nothing"),
        .. coverage.Unread.Select(file => $"not read: {file}"),
        .. coverage.PassedOver.Select(file => $"passed over: {file}"),
        .. coverage.Redirects.Select(address => $"redirected: {address}"),
    ];

    /// <summary>How much is missing, in one sentence; before it, where not all vantage points were asked, which.</summary>
    public static string Verdict(Coverage coverage) => coverage.Where is null ? Completeness(coverage)
        : $"Only vantage points that fit were asked: {coverage.Where}. {Completeness(coverage)}";

    private static string Completeness(Coverage coverage)
    {
        if (coverage.Complete) return "Nothing is missing, nothing is damaged.";
        string views = coverage.Views.Count == 0 ? "" : $"{Wording.Count(coverage.Views.Count, "file holds", "files hold")} the tables of "
            + "several views, read as one: what one of them says alone is not known.";
        var parts = new List<string>();
        if (coverage.CollectorsWithoutTable.Count > 0) parts.Add(
            $"no table of {Wording.Count(coverage.CollectorsWithoutTable.Count, "collector", "collectors")}");
        if (coverage.LateTables.Count > 0) parts.Add($"no table of {Wording.Count(coverage.LateTables.Count, "collector", "collectors")} before "
            + ChangeWords.At(coverage.LateTables.Min(table => table.Since)));
        if (coverage.Gaps.Count > 0) parts.Add(Wording.Count(coverage.Gaps.Count, "gap", "gaps"));
        if (Faults(coverage) is > 0 and var faults) parts.Add(Wording.Count(faults, "fault", "faults"));
        if (coverage.Late.Sum(file => file.Value) is > 0 and var late) parts.Add(
            $"{Wording.Count(late, "event", "events")} too late to be put in order");
        if (coverage.Unread.Count > 0) parts.Add($"{Wording.Count(coverage.Unread.Count, "input", "inputs")} that could not be read");
        if (parts.Count > 0) return $"Incomplete: {Wording.Join(parts)}. What happened there is not known.{(views.Length > 0 ? $" {views}" : "")}";
        return views.Length > 0 ? views : "Nothing was read, so nothing is known.";
    }

    /// <summary>All faults, also those that are not kept in words.</summary>
    public static long Faults(Coverage coverage) => Math.Max(coverage.Faults.Count, coverage.Files.Sum(file => file.Faults));

    /// <summary>Who runs the collectors: <c>RIPE RIS and RouteViews</c>.</summary>
    public static IReadOnlyList<string> Projects(IReadOnlyList<Collector> collectors) =>
        [.. collectors.Select(collector => collector.Project).Where(project => project is not Project.Unknown).Distinct().Order()
        .Select(KindWords.Words)];

    private static string Collectors(IReadOnlyList<Collector> collectors)
    {
        const int Most = 12;
        if (collectors.Count == 0) return "";
        string more = collectors.Count > Most ? $" and {Wording.Count(collectors.Count - Most)} more" : "";
        return $" ({string.Join(", ", collectors.Order().Take(Most).Select(collector => collector.Name))}{more})";
    }

    // Messages without routes are nothing that a reader of a report would miss.
    private static string? OtherFamilies(Coverage coverage)
    {
        var families = coverage.NotDecoded.Where(pair => pair.Key.Afi != 0).GroupBy(pair => PassedOverWords.FamilyOf(pair.Key))
            .Select(family => (Name: family.Key, Count: family.Sum(pair => pair.Value))).ToList();
        if (families.Count == 0) return null;
        string counts = Wording.Join([.. families.Select(family => $"{Wording.Count(family.Count)} of {family.Name}")]);
        return $"Records and messages of other families than IPv4 and IPv6 unicast, which are not decoded or count for nothing here: {counts}.";
    }

    /// <summary>Why nothing is known for a while: <c>no updates file</c>.</summary>
    public static string Why(Gap gap) => gap.Why switch
    {
        GapCause.NoUpdatesFile => "no updates file",
        GapCause.FileDamaged => "file damaged",
        _ => gap.Next is { } next ? $"no input up to the file of {Wording.Moment(next)}" : "no input",
    };
}
