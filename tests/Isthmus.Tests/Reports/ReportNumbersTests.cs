using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

using Isthmus.Reports;
using Isthmus.Reports.Html;
using Isthmus.Scenarios;
using Isthmus.Tests.Claims;
using Isthmus.Wire;

namespace Isthmus.Tests.Reports;

/// <summary>Counts of one answer agree with each other, in its JSON, its text and its page.</summary>
public sealed partial class ReportNumbersTests
{
    private const double Rounding = 1e-5;

    [Theory]
    [InlineData("sample", 0)]
    [InlineData("clean", 7001)]
    [InlineData("clean", 7002)]
    [InlineData("traps", 7003)]
    [InlineData("traps", 7004)]
    [InlineData("traps", 7005)]
    [InlineData("hard", 7006)]
    [InlineData("hard", 7007)]
    [InlineData("hard", 91016)]
    [InlineData("untabled", 7001)]
    [InlineData("untabled", 7006)]
    public void Counts_in_one_answer_agree_with_each_other(string half, ulong seed)
    {
        var report = half is "sample" ? SampleReport.Kp : Drawn(half, seed);
        Assert.SkipWhen(report is null, "nothing is drawn from this seed: put one that draws a story in its place");
        using var written = new MemoryStream();
        ReportJson.Write(report!, written);
        using var document = JsonDocument.Parse(written.ToArray());
        var json = document.RootElement;
        string[] wrong =
        [
            .. OfSizes(json), .. OfFamilies(json), .. OfPrefixes(json), .. OfCoverage(json), .. OfChanges(json), .. OfIncidents(json),
            .. OfSeries(json), .. OfText(json, Text(report!)), .. OfPage(json, report!),
        ];
        Assert.Equal([], wrong);
    }

    private static Report? Drawn(string half, ulong seed) => half switch
    {
        "hard" => DrawnScenario.TryDrawHard(seed) is { } hard ? AccuracyRun.Survey(hard) : null,
        "untabled" => DrawnScenario.TryDraw(seed, withTraps: false) is { } bare ? AccuracyRun.Survey(bare, ArchiveParts.Updates) : null,
        _ => DrawnScenario.TryDraw(seed, half is "traps") is { } drawn ? AccuracyRun.Survey(drawn) : null,
    };

    private static IEnumerable<string> OfSizes(JsonElement json)
    {
        var families = List(json, "families");
        foreach (string key in new[] { "prefixes", "ipv4Addresses", "ipv4Slash24s", "ipv6Slash48s" })
            if (json.GetProperty("size").GetProperty(key).GetDouble() is var whole
                && whole != families.Sum(family => family.GetProperty("size").GetProperty(key).GetDouble()))
                yield return $"size.{key} {whole} is not the sum over families";
        if (Count(json.GetProperty("size"), "prefixes") != List(json, "prefixes").Length)
            yield return "size.prefixes is not the rows of prefixes";
        if (Origins(List(json, "prefixes")) != Count(json.GetProperty("size"), "origins"))
            yield return "size.origins is not the origins of prefixes";
    }

    private static IEnumerable<string> OfFamilies(JsonElement json)
    {
        var coverage = json.GetProperty("coverage");
        foreach (var family in List(json, "families"))
        {
            string name = Word(family, "family");
            JsonElement[] prefixes = [.. List(json, "prefixes").Where(prefix => FamilyOf(prefix) == name)];
            var (size, routes) = (family.GetProperty("size"), family.GetProperty("routes"));
            if (prefixes.Length != Count(size, "prefixes")) yield return $"{name} prefixes";
            if (Origins(prefixes) != Count(size, "origins")) yield return $"{name} origins";
            if (Count(family, "votingFullFeedPeerAses") > Math.Min(Count(family, "votingPeerAses"), Count(family, "fullFeedPeerAses")))
                yield return $"{name}: more full feeds vote than vote or are there";
            if (Count(family, "fullFeedPeerAses") != Count(coverage, name is "ipv4" ? "fullIpv4PeerAses" : "fullIpv6PeerAses"))
                yield return $"{name}: full feeds differ from the coverage's";
            if (Count(routes, "peerAses") > Count(coverage, "peerAses")) yield return $"{name}: more peer ASes hold routes than there are";
            if (!IsShare(family.GetProperty("visibility"))) yield return $"{name} visibility";
            var upstreams = List(family, "upstreams");
            foreach (string share in new[] { "route", "peerAs", "prefix", "address" })
                if (upstreams.Sum(upstream => Share(upstream.GetProperty("shares"), share)) > 1 + Rounding)
                    yield return $"{name}: {share} shares sum to more than 1";
            foreach (var upstream in upstreams)
            {
                string who = $"{name} AS{Count(upstream, "asn")}";
                if (Count(upstream, "peerAses") > Count(routes, "peerAses")) yield return $"{who}: more peer ASes than hold routes";
                if (Time(upstream, "firstSeen") > Time(upstream, "lastSeen")) yield return $"{who}: seen last before it was seen first";
                if (Outside(json, upstream, "firstSeen") || Outside(json, upstream, "lastSeen"))
                    yield return $"{who}: seen outside the period";
                foreach (var share in upstream.GetProperty("shares").EnumerateObject())
                {
                    if (!IsShare(share.Value)) yield return $"{who}: {share.Name}";
                    if (upstream.GetProperty("intervals") is { ValueKind: JsonValueKind.Object } intervals
                        && intervals.GetProperty(share.Name) is { ValueKind: JsonValueKind.Object } band
                        && (Share(band, "low") > share.Value.GetDouble() + Rounding || Share(band, "high") < share.Value.GetDouble() - Rounding))
                        yield return $"{who}: {share.Name} lies outside its interval";
                }
            }
        }
        if (List(json, "families").FirstOrDefault(family => Word(family, "family") == Word(json, "headlineFamily"))
            is { ValueKind: JsonValueKind.Object } headline
            && !JsonElement.DeepEquals(headline.GetProperty("upstreams"), json.GetProperty("upstreams")))
            yield return "upstreams are not those of the headline's family";
    }

    private static IEnumerable<string> OfPrefixes(JsonElement json)
    {
        foreach (var prefix in List(json, "prefixes"))
        {
            string name = Word(prefix, "prefix");
            var family = List(json, "families").Single(family => Word(family, "family") == FamilyOf(prefix));
            int[] known = [.. List(family, "upstreams").Select(upstream => Count(upstream, "asn"))];
            int all = Count(prefix, "peerAses");
            if (all > Count(family.GetProperty("routes"), "peerAses"))
                yield return $"{name}: more peer ASes than hold routes of the family";
            if (!IsShare(prefix.GetProperty("visibility"))) yield return $"{name} visibility";
            if (List(prefix, "upstreams").Sum(upstream => Share(upstream, "peerAs")) > 1 + Rounding)
                yield return $"{name}: shares sum to more than 1";
            if (List(prefix, "origins").Any(origin => Count(origin, "peerAses") > all))
                yield return $"{name}: more peer ASes see an origin than it";
            if (List(prefix, "origins").Sum(origin => Count(origin, "peerAses")) is > 0 and var seen && seen < all
                && List(prefix, "origins").Length > 1)
                yield return $"{name}: its origins have fewer peer ASes than it";
            foreach (var upstream in List(prefix, "upstreams"))
            {
                if (!known.Contains(Count(upstream, "asn")))
                    yield return $"{name}: AS{Count(upstream, "asn")} is no upstream of the subject";
                if (Count(upstream, "peerAses") > all) yield return $"{name}: AS{Count(upstream, "asn")} has more peer ASes than it";
                int ofSubject = List(family, "upstreams")
                    .Where(other => Count(other, "asn") == Count(upstream, "asn")).Sum(other => Count(other, "peerAses"));
                if (Count(upstream, "peerAses") > ofSubject)
                    yield return $"{name}: AS{Count(upstream, "asn")} has more peer ASes than for the subject";
            }
        }
    }

    private static IEnumerable<string> OfCoverage(JsonElement json)
    {
        var (coverage, inputs, points) = (json.GetProperty("coverage"), List(json, "inputs"), List(json, "vantagePoints"));
        if (points.Length != Count(coverage, "peers")) yield return "coverage.peers";
        if (points.Select(point => Count(point, "asn")).Distinct().Count() != Count(coverage, "peerAses")) yield return "coverage.peerAses";
        if (inputs.Length != Count(coverage, "files")) yield return "coverage.files";
        foreach (string key in new[] { "records", "elements", "faults" })
            if (inputs.Sum(input => input.GetProperty(key).GetInt64()) != coverage.GetProperty(key).GetInt64())
                yield return $"coverage.{key}";
        int full = Count(coverage, "fullFeedPeerAses"), ipv4 = Count(coverage, "fullIpv4PeerAses"), ipv6 = Count(coverage, "fullIpv6PeerAses");
        if (full < Math.Max(ipv4, ipv6) || full > ipv4 + ipv6 || full > Count(coverage, "peerAses"))
            yield return "coverage.fullFeedPeerAses";
    }

    private static IEnumerable<string> OfChanges(JsonElement json)
    {
        var changes = List(json, "changes");
        string[] ids = [.. changes.Select(change => Word(change, "id"))];
        if (ids.Distinct().Count() != ids.Length) yield return "two changes have one id";
        Prefix[] own = [.. new[] { "prefixes", "prefixSeries", "moreSpecifics" }.SelectMany(key => List(json, key))
            .Select(of => Parsed(Word(of, "prefix")))];
        foreach (var change in changes)
        {
            string id = Word(change, "id");
            Prefix[] prefixes = [.. Words(change, "prefixes").Select(Parsed)];
            Prefix[] covering = change.TryGetProperty("covering", out var over) && over.ValueKind is JsonValueKind.Array
                ? [.. over.EnumerateArray().Select(item => Parsed(item.GetString()!))] : [];
            if (covering.Length > 0 && prefixes.Any(prefix => !covering.Any(wide => wide.Covers(prefix))))
                yield return $"{id}: a prefix lies in none of covering";
            if (covering.Except(own).Any()) yield return $"{id}: covering is none of the subject's";
            if (covering.Length == 0 && prefixes.Except(own).Any()) yield return $"{id}: a prefix is none of the subject's";
            if (covering.Length == 0 && prefixes.Length > Count(change, "subjectPrefixes"))
                yield return $"{id}: more prefixes than the subject has";
            if (Count(change, "peerAses") > Count(change, "peerAsesWatching")
                || Count(change, "peerAsesWatching") > Count(json.GetProperty("coverage"), "peerAses")) yield return $"{id}: peer ASes";
            if (Count(change, "collectors") > List(json.GetProperty("coverage"), "collectors").Length) yield return $"{id}: collectors";
            if (Words(change, "countries").Length > Math.Max(Count(change, "peerAses"), 1)) yield return $"{id}: countries";
            foreach (var (early, late) in new[]
            {
                ("earliest", "time"), ("first", "time"), ("first", "median"), ("median", "p90"), ("p90", "last"), ("first", "confirmed"),
                ("time", "until"), ("untilEarliest", "until"),
            })
                if (Time(change, early) > Time(change, late)) yield return $"{id}: {early} is after {late}";
            foreach (string key in new[] { "time", "first", "last", "until" })
                if (Outside(json, change, key)) yield return $"{id}: {key} lies outside the period";
            if (!IsShare(change.GetProperty("shareBefore")) || !IsShare(change.GetProperty("shareAfter"))) yield return $"{id}: share";
            if (change.GetProperty("partOf").GetString() is { } whole && !ids.Contains(whole))
                yield return $"{id} is part of what is not there";
        }
        foreach (var sentence in List(json, "sentences"))
            if (Words(sentence, "changes").Except(ids).Any()) yield return "a sentence rests on a change that is not there";
    }

    private static IEnumerable<string> OfIncidents(JsonElement json)
    {
        string[] ids = [.. List(json, "changes").Select(change => Word(change, "id"))];
        foreach (var incident in List(json, "incidents"))
        {
            string id = Word(incident, "id");
            string[] changes = Words(incident, "changes");
            if (changes.Except(ids).Any()) yield return $"{id}: a change that is not there";
            if (List(incident, "phases").SelectMany(phase => Words(phase, "changes")).Except(changes).Any())
                yield return $"{id}: a phase has a change of another";
            if (Time(incident, "opened") > Time(incident, "updated") || Time(incident, "opened") > Time(incident, "closed"))
                yield return $"{id}: times";
            if (List(incident, "phases").Any(phase => Time(phase, "from") > Time(phase, "to")))
                yield return $"{id}: a phase ends before it begins";
        }
    }

    private static IEnumerable<string> OfSeries(JsonElement json)
    {
        foreach (var (name, series) in List(json, "prefixSeries").Concat(List(json, "families"))
            .Select(of => (of.TryGetProperty("prefix", out var prefix) ? prefix.GetString() : Word(of, "family"), List(of, "series"))))
            foreach (var bin in series)
            {
                if (!IsShare(bin.GetProperty("visibility"))) yield return $"{name}: visibility at {Word(bin, "time")}";
                double sum = bin.GetProperty("upstreams").EnumerateObject()
                    .Where(share => share.Value.ValueKind is JsonValueKind.Number).Sum(share => share.Value.GetDouble());
                if (sum > 1 + Rounding) yield return $"{name}: shares at {Word(bin, "time")} sum to {sum}";
            }
    }

    // What the text says in figures of each change, prefix and of the coverage is what the JSON says.
    private static IEnumerable<string> OfText(JsonElement json, string text)
    {
        var (size, coverage) = (json.GetProperty("size"), json.GetProperty("coverage"));
        if (Count(size, "prefixes") > 0 && !text.Contains($"{Counted(Count(size, "prefixes"), "prefix", "prefixes")}", StringComparison.Ordinal))
            yield return "text: number of prefixes";
        if (!text.Contains($"{Counted(Count(coverage, "peers"), "peer", "peers")} of {Counted(Count(coverage, "peerAses"), "AS", "ASes")}", StringComparison.Ordinal))
            yield return "text: peers";
        foreach (var change in List(json, "changes").Where(change => Word(change, "kind") is not "feed-problem"))
            if (!text.Contains(Watched(change), StringComparison.Ordinal))
                yield return $"text: {Word(change, "id")} is not seen by {Watched(change)}";
        foreach (var prefix in List(json, "prefixes")
            .Where(prefix => prefix.GetProperty("visibility").ValueKind is JsonValueKind.Number).Take(10))
        {
            string seen = prefix.GetProperty("visibility").GetDouble()
                .ToString("0.0%", CultureInfo.InvariantCulture).Replace(" ", "", StringComparison.Ordinal);
            if (!Regex.IsMatch(text, $@"{Regex.Escape(Word(prefix, "prefix"))}\s.{{0,30}}seen by\s+{Regex.Escape(seen)}"))
                yield return $"text: {Word(prefix, "prefix")} seen by {seen}";
        }
    }

    private static IEnumerable<string> OfPage(JsonElement json, Report report)
    {
        using var written = new StringWriter();
        ReportHtml.Write(report, written);
        string page = written.ToString();
        using var held = JsonDocument.Parse(Embedded().Match(page).Groups["json"].Value);
        foreach (string key in new[] { "size", "families", "prefixes", "incidents", "upstreams" })
            if (held.RootElement.TryGetProperty(key, out var value) && !JsonElement.DeepEquals(value, json.GetProperty(key)))
                yield return $"page: {key}";
        string plain = Spaces().Replace(WebUtility.HtmlDecode(Tags().Replace(page, " ")), " ");
        foreach (var change in List(json, "changes").Where(change => Word(change, "kind") is not "feed-problem"))
            if (!plain.Contains(Watched(change), StringComparison.Ordinal))
                yield return $"page: {Word(change, "id")} is not seen by {Watched(change)}";
    }

    private static string Watched(JsonElement change) => Count(change, "peerAses") == Count(change, "peerAsesWatching")
        ? Counted(Count(change, "peerAses"), "peer AS", "peer ASes")
        : $"{Count(change, "peerAses")} of {Counted(Count(change, "peerAsesWatching"), "peer AS", "peer ASes")}";

    private static string Text(Report report)
    {
        using var output = new StringWriter();
        ReportText.Write(report, output);
        return Spaces().Replace(output.ToString(), " ");
    }

    private static string Counted(int count, string one, string many) =>
        $"{count.ToString("N0", CultureInfo.InvariantCulture)} {(count == 1 ? one : many)}";

    private static int Origins(IEnumerable<JsonElement> prefixes) =>
        prefixes.SelectMany(prefix => List(prefix, "origins")).Select(origin => Count(origin, "asn")).Distinct().Count();

    private static string FamilyOf(JsonElement prefix) => Word(prefix, "prefix").Contains(':', StringComparison.Ordinal) ? "ipv6" : "ipv4";

    private static bool IsShare(JsonElement value) => value.ValueKind is JsonValueKind.Null || value.GetDouble() is >= 0 and <= 1;

    private static bool Outside(JsonElement json, JsonElement of, string key) =>
        Time(of, key) is { } time && (time < Time(json.GetProperty("period"), "from") || time > Time(json.GetProperty("period"), "to"));

    private static JsonElement[] List(JsonElement of, string key) => [.. of.GetProperty(key).EnumerateArray()];

    private static string[] Words(JsonElement of, string key) =>
        [.. of.GetProperty(key).EnumerateArray().Select(item => item.GetString()!)];

    private static string Word(JsonElement of, string key) => of.GetProperty(key).GetString() ?? "";

    private static int Count(JsonElement of, string key) =>
        of.GetProperty(key) is { ValueKind: JsonValueKind.Number } value ? (int)value.GetInt64() : 0;

    private static double Share(JsonElement of, string key) =>
        of.GetProperty(key) is { ValueKind: JsonValueKind.Number } value ? value.GetDouble() : 0;

    // To the second, as the report's times are told.
    private static Timestamp? Time(JsonElement of, string key) =>
        of.TryGetProperty(key, out var value) && value.GetString() is { } text ? Timestamp.Parse(text[..19] + "Z") : null;

    private static Prefix Parsed(string text) => Prefix.Parse(text, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"<script type=""application/json"" id=""report"">(?<json>.*?)</script>", RegexOptions.Singleline)]
    private static partial Regex Embedded();

    [GeneratedRegex(@"<(script|style|svg)[^>]*>.*?</\1>|<[^>]+>", RegexOptions.Singleline)]
    private static partial Regex Tags();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
