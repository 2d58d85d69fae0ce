using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>What a search for upstreams found, and how much was searched.</summary>
/// <param name="Seen">In which it was searched.</param>
/// <param name="Upstreams">Those asked for, or all; an AS that was asked for and never seen has no episode.</param>
/// <param name="Asked">The AS that was asked for; null for all.</param>
public sealed record SearchResult(SeenRoutes Seen, IReadOnlyList<UpstreamHistory> Upstreams, SearchedTime Searched, Asn? Asked)
{
    /// <summary>Collectors whose clock is wrong, and by how much (positive for late): they date nothing that others show as well.</summary>
    public IReadOnlyDictionary<Collector, TimeSpan> WrongClocks { get; init; } = new Dictionary<Collector, TimeSpan>();

    /// <summary>What of the asked period is covered by data.</summary>
    public CoveredTime Covered => field ??= CoveredTime.Of(Seen.Spans, (Seen.Question.From, Seen.Question.To));

    /// <summary>The shares at a time, and that time; null where none was asked about.</summary>
    public (Timestamp Time, Answer Answer)? At { get; init; }

    /// <summary>False where the data do not reach the time that was asked about, or nothing is known of it.</summary>
    public bool KnowsAt => At is { } at && at.Answer.Seen.Spans.To >= at.Time && at.Answer.Seen.Spans.Peers.Any(feed =>
        feed.Up.Any(span => span.From <= at.Time && span.To >= at.Time));

    /// <summary>
    /// Whether the AS that was asked for was ever an upstream: yes, no, or unknown, where some of the period is not covered.
    /// </summary>
    public string? Verdict => Asked is null ? null : Upstreams[0].Episodes.Count > 0 ? "yes" : Covered.Gaps.Count == 0 ? "no" : "unknown";

    /// <summary>When an upstream was first and last seen in all that was searched; null for never.</summary>
    public (Timestamp First, Timestamp Last)? SeenOf(Asn upstream) =>
        Upstreams.FirstOrDefault(history => history.Upstream == upstream) is { Episodes: [var first, ..] and [.., var last] }
            ? (first.From, last.To) : null;

    /// <summary>Searches what the peers held; of the vantage points only the clocks are judged, and no share is measured.</summary>
    /// <param name="asked">Only this AS; null for all.</param>
    public static SearchResult Of(SeenRoutes seen, Asn? asked)
    {
        var paths = seen.JudgedPaths();
        var wrongClocks = UpstreamSearch.WrongClocks(seen.Spans, paths);
        var all = UpstreamSearch.Of(seen.Spans, paths, wrongClocks);
        return new(seen, asked is { } asn ? [all.FirstOrDefault(history => history.Upstream == asn) ?? new(asn, [])] : all,
            UpstreamSearch.Searched(seen.Spans), asked)
        {
            WrongClocks = wrongClocks,
        };
    }
}

/// <summary>Writes a search for people.</summary>
public static class HistoryText
{
    /// <summary>Episodes of each upstream; the JSON form has all.</summary>
    private const int EpisodesMax = 20;

    /// <summary>Writes all of it.</summary>
    /// <param name="width">Columns to wrap at.</param>
    public static void Write(SearchResult search, TextWriter output, int width = 100)
    {
        var page = new TextPage(output, width);
        var seen = search.Seen;
        var names = new Names(seen.Registry);
        if (Report.NoticeOf(seen) is { } notice) page.Paragraph($"*** {notice} ***", "");
        string title = search.Asked is { } asked ? Answer(search, asked, names) : $"Who was ever an upstream of {Names.Full(seen.Question.Subject)}";
        page.Heading(title, '=');
        page.Paragraph(Coverage(search), "");
        if (search.At is not null) WriteAt(search, names, page);
        foreach (var history in search.Upstreams.Where(history => history.Episodes.Count > 0)) Write(history, seen.GoesOn, names, page);
        page.Line();
        page.Heading("What was searched");
        foreach (string sentence in Searched(search)) page.Paragraph(sentence, "  ");
    }

    /// <summary>What of the asked period is covered by data, and where it is not.</summary>
    public static string Coverage(SearchResult search)
    {
        const int GapsMax = 8;
        var covered = search.Covered;
        string told = $"Covered by data: {Span(covered.Covered)} of {Span(covered.To - covered.From)}, {Wording.Moment(covered.From)} to"
            + $" {Wording.Moment(covered.To)} UTC ({Wording.Percent(covered.Part)}).";
        if (search.Verdict is "unknown") told += " Whether it was one in the rest is not known.";
        if (covered.Gaps.Count == 0) return told;
        string more = covered.Gaps.Count > GapsMax ? $" and {Wording.Count(covered.Gaps.Count - GapsMax)} more" : "";
        return $"{told} Nothing is known of {string.Join(", ", covered.Gaps.Take(GapsMax).Select(gap => $"{Wording.Moment(gap.From)} to {Wording.Moment(gap.To)}"))}{more}.";
    }

    private static string Span(TimeSpan span) => span < TimeSpan.FromDays(2) ? Wording.Length(span)
        : string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{span.TotalDays:#,0.#} days");

    private static void WriteAt(SearchResult search, Names names, TextPage page)
    {
        var (time, answer) = search.At!.Value;
        page.Line();
        page.Heading($"At {Wording.Moment(time)} UTC");
        if (!search.KnowsAt)
        {
            page.Paragraph("Nothing is known of that time: no data reach it.", "  ");
            return;
        }
        foreach (var family in answer.Transit.Families)
        {
            page.Paragraph($"{StateWords.Name(family.Family)}: {Wording.Count(family.Prefixes, "prefix", "prefixes")}, {Wording.Count(family.Voters.Count)}"
                + $" voting {(family.Voters.Count == 1 ? "peer AS" : "peer ASes")}{(family.Upstreams.All(upstream => upstream.PeerAses == 0) ? "; no route by an upstream" : "")}", "  ");
            foreach (var upstream in family.Upstreams.Where(upstream => upstream.PeerAses > 0))
                page.Line($"    {Wording.Percent(upstream.Shares.PeerAs),5}  {names.Label(upstream.Asn)}"
                    + (search.SeenOf(upstream.Asn) is var (first, last) ? $", first seen {Wording.Moment(first)}, last {Wording.Moment(last)}" : ""));
        }
        if (answer.Transit.Families.Count == 0) page.Paragraph("No peer held a route of it.", "  ");
        page.Paragraph(Definitions.NotTraffic, "  ");
    }

    /// <summary>Yes or no in one line.</summary>
    public static string Answer(SearchResult search, Asn asked, Names names)
    {
        var episodes = search.Upstreams[0].Episodes;
        string subject = Names.Spoken(search.Seen.Question.Subject);
        if (episodes.Count == 0) return $"{names.Spoken(asked)} is not seen as an upstream of {subject} in what was searched";
        string first = episodes[0].FromStart ? $"there when the data begin, {Wording.Moment(episodes[0].From)}" : $"first seen {Wording.Moment(episodes[0].From)} UTC";
        return $"{names.Spoken(asked)} was an upstream of {subject}: {first}, {Wording.Count(episodes.Count, "episode", "episodes")}, {InAll(search.Upstreams[0])}";
    }

    /// <summary>How much was searched, and what that cannot tell.</summary>
    public static IEnumerable<string> Searched(SearchResult search)
    {
        var searched = search.Searched;
        yield return $"{Wording.Moment(searched.From)} to {Wording.Moment(searched.To)} UTC: {Wording.Count(searched.Files, "file", "files")} of "
            + $"{Wording.Count(searched.Collectors, "collector", "collectors")}, {Wording.Count(searched.PeerAses, "peer AS", "peer ASes")}.";
        if (searched.To > searched.From) yield return
            $"{Wording.Percent(searched.Part)} of that time ({Wording.Length(searched.Followed)}) was followed change by change by at least one vantage point.";
        if (searched.ByDumps > TimeSpan.Zero) yield return
            $"{Wording.Length(searched.ByDumps)} more rest on dumps alone: what came and went between two of them is not seen.";
        yield return CoverageWords.Verdict(search.Seen.Coverage);
        foreach (var (collector, offset) in search.WrongClocks.OrderBy(wrong => wrong.Key)) yield return
            $"The clock of {collector.Name} is {TestimonyWords.Off(offset)}: what others show as well is dated by them.";
        yield return $"Stretches with less than {UpstreamSearch.GapMax.TotalMinutes:0} minutes between them are one episode.";
        yield return "Every route that any vantage point held counts, however short; one that is stuck, as a peer AS keeps it long after nearly all others "
            + "withdrew theirs, counts until these did. What is older, or was seen by nobody, is not known; a backup that nobody uses cannot be seen.";
    }

    // Dumps alone leave open how long it was: the two bounds are given, and no figure between them.
    private static string Length(TimeSpan least, TimeSpan most) => least == most ? Wording.Length(least)
        : least == TimeSpan.Zero ? $"at most {Wording.Length(most)}" : $"{Wording.Length(least)} to {Wording.Length(most)}";

    private static string InAll(UpstreamHistory history) => $"{Length(history.Total, history.TotalMax)} in all";

    private static string Time(Timestamp? earliest, Timestamp time) =>
        earliest is { } after ? $"between {Wording.Moment(after)} and {Wording.Moment(time)}" : Wording.Moment(time);

    private static void Write(UpstreamHistory history, bool goesOn, Names names, TextPage page)
    {
        page.Line();
        page.Line($"{names.Label(history.Upstream)}: {Wording.Count(history.Episodes.Count, "episode", "episodes")}, {InAll(history)}");
        foreach (var episode in history.Episodes.Take(EpisodesMax))
        {
            string from = episode.FromStart ? "from the start of the data" : episode.UnknownSince is { } since
                ? $"from {Wording.Moment(episode.From)} at the latest (before, the upstream of those that show it is not known, since {Wording.Moment(since)})"
                : $"from {Time(episode.FromEarliest, episode.From)}";
            string end = goesOn ? "period" : "data";
            string to = episode.ToEnd ? $"to the end of the {end}" : episode.UnknownUntil is { } until
                ? $"to {Wording.Moment(episode.To)} at the earliest (then the upstream of those that held it is not known, until {Wording.Moment(until)})"
                : $"to {Time(episode.ToEarliest, episode.To)}";
            string by = episode.OnlyPeerAs is { } only ? $"seen by {only} alone"
                : $"at most {Wording.Count(episode.PeerAses, "peer AS", "peer ASes")} at once";
            page.Line($"  {from} {to} ({Length(episode.Length, episode.LengthMax)}), {by}");
            page.Line($"    {Wording.Prefixes(episode.Prefixes, 8)}");
            foreach (var stuck in episode.Stuck)
                page.Line($"    stuck at {stuck.PeerAs} after that, {(stuck.ToEnd ? $"to the end of the {end}" : $"until {Wording.Moment(stuck.Until)}")}"
                    + $" ({Wording.Length(stuck.Until - episode.To)} more, in no figure): {Wording.Prefixes(stuck.Prefixes, 8)}");
            if (episode.First.Step.Place is { IsNone: false } place) page.Line($"    [{place}]");
        }
        page.More(history.Episodes.Count - EpisodesMax, "episodes");
    }
}
