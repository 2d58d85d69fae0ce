using System.Globalization;
using System.Text.Json;
using System.Text.RegularExpressions;

using TextMatch = System.Text.RegularExpressions.Match;

namespace Isthmus.Scenarios;

/// <summary>
/// Holds each sentence of a report in JSON against the lines it rests on, and against lines beside them that the report did not have:
/// what was said without a table must stay true with it.
/// </summary>
public sealed partial class ReportAudit
{
    private const long Second = 1_000_000;

    /// <summary>A peer AS with less than this part of what the widest holds says little of the whole.</summary>
    private const double WideMin = 0.5;

    /// <summary>Changes of a smaller part of the prefixes are not reported, by docs/methods.md.</summary>
    private const double NoiseMax = 0.05;

    private const int FullFeedsMin = 3;

    private const double ShareSlack = 0.06, RouteSlack = 0.25;

    private readonly JsonElement _report;
    private readonly RouteLines _lines;
    private readonly RouteLines _allLines;
    private readonly SubjectLines _seen, _all;
    private readonly ChangeAudit _changes, _figures;
    private readonly Dictionary<string, JsonElement> _byId;
    private readonly bool _hadTable;
    private readonly uint _subject;
    private readonly long _start, _end;

    /// <param name="hadTable">True where the report itself had a dump.</param>
    /// <param name="all">Lines of those peers too whose word dates nothing; null where all are believed.</param>
    public ReportAudit(JsonElement report, RouteLines lines, uint subject, bool hadTable, RouteLines? all = null)
    {
        _allLines = all ?? lines;
        _report = report;
        _lines = lines;
        _subject = subject;
        _hadTable = hadTable;
        _seen = new(lines, subject);
        _all = all is null ? _seen : new(all, subject);
        var period = report.GetProperty("period");
        _start = ChangeAudit.TimeOf(period, "from") ?? 0;
        _end = ChangeAudit.TimeOf(period, "to") ?? 0;
        _changes = new(_seen, Math.Min(_start, lines.Period.From), _end, hadTable && all is null ? Counted() : null, hadTable, Lost());
        _figures = all is null ? _changes : new(_all, Math.Min(_start, lines.Period.From), _end, Counted(), hadTable, Lost());
        _byId = report.GetProperty("changes").EnumerateArray().ToDictionary(change => change.GetProperty("id").GetString()!);
    }

    // Full feeds count, where there are three at least. Whom the report does not believe, or does not know, is not told here.
    private HashSet<uint>? Counted()
    {
        if (!_report.TryGetProperty("vantagePoints", out var points)) return null;
        HashSet<uint> full = [.. points.EnumerateArray()
            .Where(point => point.GetProperty("feed").GetString() is "full").Select(point => point.GetProperty("asn").GetUInt32())];
        return full.Count >= FullFeedsMin ? full : null;
    }

    // The peer ASes with a session at a collector that has a gap, and when the first of these began.
    private Dictionary<uint, long> Lost()
    {
        if (!_report.TryGetProperty("vantagePoints", out var points)) return [];
        var gaps = _report.GetProperty("coverage").GetProperty("gaps").EnumerateArray().ToLookup(
            gap => gap.GetProperty("collector").GetString(), gap => ChangeAudit.TimeOf(gap, "from") ?? _start);
        return points.EnumerateArray()
            .SelectMany(point => gaps[point.GetProperty("collector").GetString()]
                .Select(from => (Asn: point.GetProperty("asn").GetUInt32(), From: from)))
            .GroupBy(entry => entry.Asn, entry => entry.From).ToDictionary(ofAs => ofAs.Key, ofAs => ofAs.Min());
    }

    /// <summary>All sentences, and all changes of the list, with what the lines say.</summary>
    public IEnumerable<AuditedSentence> Sentences()
    {
        foreach (var sentence in _report.GetProperty("sentences").EnumerateArray())
        {
            string text = sentence.GetProperty("text").GetString()!;
            bool isPhase = sentence.GetProperty("part").GetString() is "phase";
            var found = isPhase ? [] : Read(text).ToList();
            foreach (string id in sentence.GetProperty("changes").EnumerateArray().Select(id => id.GetString()!))
                if (_byId.TryGetValue(id, out var change)) found.Add((Kind(change), IsWithoutSecond(change) && AtSecond().IsMatch(text)
                    ? (AuditVerdict.Disproved, "only dumps show it, and none tells the second") : Of(change)));
            if (found.Count == 0) found.Add(("other", (AuditVerdict.NotHeld, "")));
            foreach (var (kind, (verdict, why)) in found.GroupBy(one => one.Kind).Select(one => one.MaxBy(each => each.Result.Verdict)))
                yield return new(_subject, kind, text, verdict, why);
        }
        foreach (var change in _byId.Values)
        {
            var (verdict, why) = Of(change);
            string prefixes = string.Join(' ', change.GetProperty("prefixes").EnumerateArray().Take(3).Select(prefix => prefix.GetString()));
            string about = change.TryGetProperty("upstream", out var upstream) ? $"upstream {upstream.GetRawText().ReplaceLineEndings("")}" : "";
            string text = $"change {change.GetProperty("id")} {change.GetProperty("time")} {about} {prefixes}";
            yield return new(_subject, Kind(change), text, verdict, why);
        }
    }

    // How far an outage went is told of all that count: who is not believed may hold the prefix all the same.
    private (AuditVerdict Verdict, string Why) Of(JsonElement change) =>
        _changes.Of(change) is var sound && sound.Item1 is AuditVerdict.Disproved && Kind(change) is "outage" ? _figures.Of(change) : sound;

    private static bool IsWithoutSecond(JsonElement change) => ChangeAudit.TimeOf(change, "earliest") is not null;

    private static string Kind(JsonElement change) => change.GetProperty("kind").GetString()!;

    private IEnumerable<(string Kind, (AuditVerdict Verdict, string Why) Result)> Read(string text)
    {
        foreach (TextMatch clause in FromStart().Matches(text)) yield return ("from the start", FromTheStart(Number(clause, "asn")));
        foreach (TextMatch clause in Carries().Matches(text)) yield return ("carries N of M", CarriesAtEnd(clause));
        if (Begins().Match(text) is { Success: true } began) yield return ("began to carry", Begin(began));
        if (text.Contains("ceased to carry routes", StringComparison.Ordinal)) yield return ("ceased, in all", CeasedInAll(text));
        if (NoneFound().IsMatch(text)) yield return ("no change", NoChange(_start));
        if (SinceThen().Match(text) is { Success: true } since) yield return ("no change", NoChange(
            (long)(DateTimeOffset.ParseExact(since.Groups["when"].Value, "d MMMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal) - DateTimeOffset.UnixEpoch).TotalMicroseconds));
        if (NoRoute().IsMatch(text)) yield return ("no route", NoneSeen(text.Contains("at the end", StringComparison.OrdinalIgnoreCase)));
        foreach (TextMatch clause in NoneBetween().Matches(text)) yield return ("no route between", NoneSeenBetween(clause, text));
        if (text.Contains(" go by ", StringComparison.Ordinal)) yield return ("headline", Headline(text));
        if (FullFeeds().Match(text) is { Success: true } feeds) yield return ("full feeds", Feeds(Number(feeds, "n")));
    }

    private (AuditVerdict, string) FromTheStart(uint upstream)
    {
        bool By(HeldPath path) => path.Upstream == upstream && !path.IsLink;
        var (holding, known) = _seen.Count(_seen.Prefixes, _start + Second, By);
        // Who is not believed may be right all the same.
        if (holding > 0 || _all.Count(_all.Prefixes, _start + Second, By).Holding > 0) return (AuditVerdict.Holds, "");
        return (AuditVerdict.Disproved, known == 0 ? "no line says who carried it in the first second"
            : $"none of the {known} peer ASes of which anything is known in the first second has AS{upstream}");
    }

    private (AuditVerdict, string) Begin(TextMatch match)
    {
        long time = _report.GetProperty("changes").EnumerateArray()
            .Where(change => Kind(change) is "upstream-appeared").Select(change => ChangeAudit.TimeOf(change, "time") ?? 0)
            .FirstOrDefault(time => Clock(time) == match.Groups["clock"].Value);
        if (time == 0) return (AuditVerdict.NotHeld, "");
        var result = _changes.Began(_seen.Prefixes, Number(match, "asn"), time);
        return result.Item1 is AuditVerdict.Disproved ? result : (AuditVerdict.Holds, "");
    }

    private (AuditVerdict, string) CeasedInAll(string text)
    {
        var asn = AnyAsn().Match(text);
        if (!asn.Success || text.Contains("still carries", StringComparison.Ordinal)) return (AuditVerdict.NotHeld, "");
        uint upstream = Number(asn, "asn");
        var time = _byId.Values.Where(change => Kind(change) is "upstream-vanished" && change.GetProperty("upstream").GetRawText()
            .Contains($"{upstream}", StringComparison.Ordinal)).Select(change => ChangeAudit.TimeOf(change, "time")).Max();
        if (time is null) return (AuditVerdict.NotHeld, "");
        var (holding, known) = _seen.Count(_seen.Prefixes, Math.Min(time.Value + 900 * Second, _end),
            path => path.MayBeOf(_subject) && path.Upstream == upstream && !path.IsLink);
        int told = StillUse().Match(text) is { Success: true } still ? (int)Number(still, "n") : 0;
        return holding > ChangeAudit.Allowed(known) + told
            ? (AuditVerdict.Disproved, $"15 minutes later {holding} of {known} peer ASes use it for other prefixes") : (AuditVerdict.Holds, "");
    }

    private (AuditVerdict, string) CarriesAtEnd(TextMatch match)
    {
        uint upstream = Number(match, "asn");
        int? all = match.Groups["both"].Success ? 2 : Figure(match, "all"), part = Figure(match, "n") ?? all, of = Figure(match, "m") ?? all;
        if (part is null) return (AuditVerdict.NotHeld, "");
        // A set at the end may be the subject's; a vantage point's own link is no transit, by docs/methods.md. Who is not believed
        // may be right all the same: such a peer adds to what may be said, and to nothing that must be.
        int visible = PrefixesAtEnd(_all, path => path.MayBeOf(_subject));
        int by = PrefixesAtEnd(_all, path => path.MayBeOf(_subject) && path.Upstream == upstream);
        var wide = WidePeerAses(_seen, _end);
        int wideVisible = PrefixesAtEnd(_seen, path => path.Origin == _subject, wide);
        int wideBy = PrefixesAtEnd(_seen, path => path.Origin == _subject && path.Upstream == upstream && !path.IsLink, wide);
        // What the input shows, and whoever else may hold more, is a lower bound.
        if (match.Groups["shown"].Success) (wideVisible, wideBy) = (0, 0);
        if (of > visible || of < wideVisible)
            return (AuditVerdict.Disproved, $"{visible} prefixes are held at the end, {wideVisible} of them by wide feeds");
        return part > by || part < wideBy
            ? (AuditVerdict.Disproved, $"AS{upstream} carries {by} of {visible} at the end") : (AuditVerdict.Holds, "");
    }

    private int PrefixesAtEnd(SubjectLines seen, Func<HeldPath, bool> isWanted, HashSet<uint>? of = null) => seen.Possible.Count(prefix =>
        seen.PeerAsesOf(prefix).Any(peerAs => (of is null || of.Contains(peerAs)) && seen.PathsAt(peerAs, prefix, _end).Any(isWanted)));

    private HashSet<uint> WidePeerAses(SubjectLines seen, long time)
    {
        var held = new Dictionary<(uint PeerAs, bool IsIpv6), int>();
        foreach (string prefix in seen.Prefixes)
            foreach (uint peerAs in seen.PeerAsesOf(prefix))
                if (seen.At(peerAs, prefix, time)?.Path?.Origin == _subject)
                    held[(peerAs, prefix.Contains(':'))] = held.GetValueOrDefault((peerAs, prefix.Contains(':'))) + 1;
        var widest = held.GroupBy(entry => entry.Key.IsIpv6).ToDictionary(family => family.Key, family => family.Max(entry => entry.Value));
        return [.. held.Where(entry => entry.Value >= WideMin * widest[entry.Key.IsIpv6]).Select(entry => entry.Key.PeerAs)];
    }

    private (AuditVerdict, string) Headline(string text)
    {
        var upstreams = _report.GetProperty("upstreams").EnumerateArray()
            .Select(item => (Asn: item.GetProperty("asn").GetUInt32(), Share: item.GetProperty("shares").GetProperty("peerAs")))
            .Where(item => item.Share.ValueKind is JsonValueKind.Number && item.Share.GetDouble() > 0).ToArray();
        TextMatch[] percents = [.. Percent().Matches(text).Cast<TextMatch>()];
        if (percents.Length > 0 && !_hadTable && !HasTransfer) return (AuditVerdict.Unproven, "shares from a file without a table");
        // Of a subject with both families a headline is of one, and names it.
        string[] prefixes = [.. _seen.Prefixes.Where(prefix => !(prefix.Contains(':') ? text.StartsWith("IPv4", StringComparison.Ordinal)
            : text.StartsWith("IPv6", StringComparison.Ordinal)))];
        foreach (TextMatch match in percents)
        {
            double figure = double.Parse(match.Groups["n"].Value, CultureInfo.InvariantCulture) / 100;
            var named = upstreams.Where(item => Math.Abs(item.Share.GetDouble() - figure) < 0.006).ToArray();
            if (named.Length != 1) continue;
            var (route, peerAs) = Shares(_seen, named[0].Asn, prefixes);
            var (routeOfAll, peerAsOfAll) = Shares(_all, named[0].Asn, prefixes);
            if (Differs(figure, route, peerAs) && Differs(figure, routeOfAll, peerAsOfAll)) return (AuditVerdict.Disproved,
                string.Create(CultureInfo.InvariantCulture, $"AS{named[0].Asn} has {route:0%} of the routes and {peerAs:0%} at the feeds that vote"));
        }
        if (upstreams.Length != 1 || !text.StartsWith("All routes", StringComparison.Ordinal)) return (AuditVerdict.Holds, "");
        var (others, known) = _seen.Count(prefixes, _end, path => path.Origin == _subject && !path.IsLink
            && path.Upstream is { } upstream && upstream != upstreams[0].Asn);
        return others > ChangeAudit.Allowed(known)
            ? (AuditVerdict.Disproved, $"{others} of {known} peer ASes hold a route by another upstream") : (AuditVerdict.Holds, "");
    }

    private static bool Differs(double figure, double route, double peerAs) =>
        Math.Abs(figure - route) > RouteSlack && Math.Abs(figure - peerAs) > ShareSlack;

    private (double Route, double PeerAs) Shares(SubjectLines seen, uint upstream, string[] prefixes)
    {
        var parts = new Dictionary<uint, (int By, int All)>();
        foreach (string prefix in prefixes)
            foreach (uint peerAs in seen.PeerAsesOf(prefix))
                if (seen.At(peerAs, prefix, _end)?.Path is { IsLink: false, Upstream: { } by } path && path.Origin == _subject)
                {
                    var part = parts.GetValueOrDefault(peerAs);
                    parts[peerAs] = (part.By + (by == upstream ? 1 : 0), part.All + 1);
                }
        // By docs/methods.md partial feeds have no vote where there are full ones enough, however much of the subject they hold.
        uint[] full = [.. parts.Keys.Where(seen == _seen ? _lines.FullFeeds.Contains : _allLines.FullFeeds.Contains)];
        HashSet<uint> wide = full.Length >= FullFeedsMin ? [.. full] : WidePeerAses(seen, _end);
        double all = Math.Max(1, parts.Values.Sum(part => part.All));
        var atWide = parts.Where(entry => wide.Contains(entry.Key)).Select(entry => (double)entry.Value.By / entry.Value.All);
        return (parts.Values.Sum(part => part.By) / all, atWide.DefaultIfEmpty().Average());
    }

    private (AuditVerdict, string) NoneSeen(bool atEnd)
    {
        int holding = atEnd ? PrefixesAtEnd(_seen, path => path.Origin == _subject)
            : _seen.Times(_seen.Prefixes).Where(time => time >= _start && time <= _end).Append(_end)
            .Select(time => _seen.Count(_seen.Prefixes, time, path => path.Origin == _subject).Holding).DefaultIfEmpty().Max();
        string what = atEnd ? "prefixes with a route at the end" : "peer ASes with a route";
        return holding > 0 ? (AuditVerdict.Disproved, $"the lines have {holding} {what}") : (AuditVerdict.Holds, "");
    }

    // Of all prefixes: not even one peer AS of those whose table is known has a route, but as many as may be stuck.
    private (AuditVerdict, string) NoneSeenBetween(TextMatch match, string text)
    {
        // Where the day stands before, it is said once.
        string day = match.Groups["day"].Success ? match.Groups["day"].Value : Day().Match(text).Value;
        long from = At(match.Groups["from"].Value, day), to = match.Groups["to"].Success ? At(match.Groups["to"].Value, day) : _end + 1;
        // A sentence has whole seconds.
        foreach (long time in _seen.Times(_seen.Prefixes).Where(time => time > from + Second && time < to).Prepend(from + Second))
        {
            var (holding, known) = _seen.Count(_seen.Prefixes, time, path => path.Origin == _subject);
            if (holding > ChangeAudit.Allowed(known)) return (AuditVerdict.Disproved, $"at {Clock(time)} {holding} of {known} peer ASes hold a route");
        }
        return (AuditVerdict.Holds, "");

        static long At(string when, string day)
        {
            string whole = when.Contains(',', StringComparison.Ordinal) ? when : $"{day}, {when}";
            var time = DateTimeOffset.ParseExact(whole, "d MMMM yyyy, HH:mm:ss", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal);
            return (long)(time - DateTimeOffset.UnixEpoch).TotalMicroseconds;
        }
    }

    private (AuditVerdict, string) Feeds(uint said)
    {
        if (!_hadTable && !HasTransfer) return (AuditVerdict.Unproven, "without a table nobody can tell a full feed");
        int peerAses = _allLines.PeerAses.Distinct().Count();
        return said > peerAses ? (AuditVerdict.Disproved, $"the lines have {peerAses} peer ASes") : (AuditVerdict.Holds, "");
    }

    private bool HasTransfer => _lines.HasTransfer;

    // Nothing found is false where a twentieth of the prefixes moved to an upstream that nobody had at the start, or were lost.
    private (AuditVerdict, string) NoChange(long from)
    {
        int moved = 0, startKnown = 0, endKnown = 0;
        string example = "";
        foreach (string prefix in _seen.Prefixes)
        {
            startKnown += _seen.Count([prefix], from + Second, _ => true).Known;
            endKnown += _seen.Count([prefix], _end, _ => true).Known;
            if (Moved(prefix, from) is not { } what) continue;
            moved++;
            example = what;
        }
        if (moved > 0 && moved >= NoiseMax * _seen.Prefixes.Count)
            return (AuditVerdict.Disproved, $"{moved} of {_seen.Prefixes.Count} prefixes moved, as {example}");
        return startKnown * 2 < endKnown
            ? (AuditVerdict.Unproven, $"of {endKnown} routes at the end, {startKnown} are known at the start") : (AuditVerdict.Holds, "");
    }

    private string? Moved(string prefix, long from)
    {
        long settled = _end - 300 * Second, lost = _end - 900 * Second;
        var (before, known) = _seen.Count([prefix], from + Second, _ => true);
        if (before < 4) return null;
        if (lost > from && new[] { lost, settled, _end }.All(time => IsGone(prefix, time, known)))
            return $"{prefix} held by {before} at the start, by none for 15 minutes to the end";
        var reached = _seen.PeerAsesOf(prefix).Select(peerAs => _seen.At(peerAs, prefix, _end)?.Path)
            .Where(path => path?.Origin == _subject).Select(path => path!.Upstream).OfType<uint>().Distinct();
        foreach (uint upstream in reached)
        {
            bool By(HeldPath path) => path.Upstream == upstream && !path.IsLink;
            if (_seen.Count([prefix], from + Second, By).Holding > 0) continue;
            int came = _seen.PeerAsesOf(prefix).Count(peerAs => _seen.At(peerAs, prefix, from + Second) is { Path.Upstream: not null }
                && _seen.At(peerAs, prefix, settled)?.Path is { } then && By(then)
                && _seen.At(peerAs, prefix, _end)?.Path is { } last && By(last));
            if (came >= 4 && came >= 0.1 * known && _seen.Throughout([prefix], settled, _end, By) >= 4)
                return $"{prefix} by AS{upstream} at {came} of {known} peer ASes that had others at the start";
        }
        return null;
    }

    private bool IsGone(string prefix, long time, int knownBefore) => _seen.Count([prefix], time, _ => true) is var at
        && at.Known * 2 >= knownBefore && at.Holding <= ChangeAudit.Allowed(at.Known);

    private static uint Number(TextMatch match, string name)
    {
        string digits = match.Groups[name].Value.Replace(",", "", StringComparison.Ordinal);
        return uint.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out uint number) ? number : 0;
    }

    private static int? Figure(TextMatch match, string name) => match.Groups[name].Success ? (int)Number(match, name) : null;

    private static string Clock(long time) =>
        (DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(time)).ToString("HH:mm:ss", CultureInfo.InvariantCulture);

    [GeneratedRegex(@"(?<n>[\d,]+) peer AS(?:es)?(?: without a vote)? still uses? it")]
    private static partial Regex StillUse();

    [GeneratedRegex(@"(?<![\w-])AS(?<asn>\d+)[^;]{0,60}?, there from the start of the period")]
    private static partial Regex FromStart();

    [GeneratedRegex(@"(?<![\w-])AS(?<asn>\d+)[^;]{0,110}? carries (?:all (?<all>[\d,]+) prefixes|(?<both>both) prefixes|(?<n>[\d,]+) of (?<m>[\d,]+) prefixes)(?<shown> that the input shows)?")]
    private static partial Regex Carries();

    [GeneratedRegex(@"(?<![\w-])AS(?<asn>\d+)[^;]*? began to carry routes to .*? at (?<clock>\d\d:\d\d:\d\d) UTC")]
    private static partial Regex Begins();

    [GeneratedRegex(@"^No route to .* is seen(?!.* but by)|no route to it is seen(?! but by)|none held a route to it")]
    private static partial Regex NoRoute();

    [GeneratedRegex(@"[Ff]rom (?<from>(?:\d+ \w+ \d{4}, )?\d\d:\d\d:\d\d)(?: UTC)?(?: to (?<to>(?:\d+ \w+ \d{4}, )?\d\d:\d\d:\d\d)(?: on (?<day>\d+ \w+ \d{4}))?(?: UTC)?| on, to the end of the period),? no route to any of the [\d,]+ prefixes is seen(?! but by)")]
    private static partial Regex NoneBetween();

    [GeneratedRegex(@"\d+ \w+ \d{4}(?=, \d\d:)")]
    private static partial Regex Day();

    [GeneratedRegex(@"^What was held before (?<when>.*) UTC is not known; since then no change was found")]
    private static partial Regex SinceThen();

    [GeneratedRegex(@"^No change (?:was found|reached the thresholds)(?!.*, but at the end )")]
    private static partial Regex NoneFound();

    [GeneratedRegex(@"\bat \d\d:\d\d:\d\d")]
    private static partial Regex AtSecond();

    [GeneratedRegex(@"\((?<n>\d+)\s?%\)")]
    private static partial Regex Percent();

    [GeneratedRegex(@"(?<n>[\d,]+) full-feed peer AS|(?<n>[\d,]+) peer AS(?:es)? with a full table watched")]
    private static partial Regex FullFeeds();

    [GeneratedRegex(@"(?<![\w-])AS(?<asn>\d+)")]
    private static partial Regex AnyAsn();
}
