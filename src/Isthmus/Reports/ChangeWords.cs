using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Incidents;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>One change in words: what, on how many prefixes, when, seen by whom, how surely.</summary>
public sealed class ChangeWords(Names names)
{
    /// <summary>An upstream with no more than this left is gone: stuck routes stay at some peers (methods.md, "Changes").</summary>
    public const double Stuck = Others.StuckShare;

    private const int EventsMax = 5;

    /// <summary>The kind as a heading says it.</summary>
    public static string Kind(ChangeKind kind) => kind switch
    {
        ChangeKind.UpstreamAppeared => "New upstream",
        ChangeKind.UpstreamVanished => "Upstream lost",
        ChangeKind.UpstreamReturned => "Upstream back",
        ChangeKind.ShareShifted => "Share shifted",
        ChangeKind.Outage => "Outage",
        ChangeKind.Unstable => "Unstable",
        ChangeKind.OriginChanged => "Origin changed",
        ChangeKind.OriginAdded => "Origin added",
        ChangeKind.MoreSpecificAppeared => "More-specific by another origin",
        ChangeKind.IntermediaryInserted => "Intermediary inserted",
        ChangeKind.IntermediaryRemoved => "Intermediary removed",
        ChangeKind.GatewayAppeared => "New gateway",
        ChangeKind.PrefixAppeared => "New prefix",
        ChangeKind.PrefixVanished => "Prefix lost",
        _ => "Feed problem",
    };

    /// <summary>What happened, in one sentence without a full stop.</summary>
    public string What(TransitChange change) => change.Kind switch
    {
        ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned or ChangeKind.UpstreamVanished when change.Tier > 1 =>
        $"{Who(change.Upstream)} {Verb(change.Kind)} as upstream of {Who(change.Above)}, for {Scope(change)}",
        ChangeKind.UpstreamAppeared => $"{Who(change.Upstream)} appears as upstream of {Scope(change)}",
        ChangeKind.UpstreamReturned => $"{Who(change.Upstream)} returns as upstream of {Scope(change)}",
        ChangeKind.UpstreamVanished when IsPartial(change) =>
        $"{Who(change.Upstream)} no longer carries {Scope(change)}; it still carries others",
        ChangeKind.UpstreamVanished when Others.IsNotAll(change) => $"{Who(change.Upstream)} loses most of its routes to {Scope(change)}",
        ChangeKind.UpstreamVanished => $"{Who(change.Upstream)} vanishes as upstream of {Scope(change)}",
        ChangeKind.ShareShifted => $"The share of {Who(change.Upstream)} shifts{Shift(change)}",
        ChangeKind.Outage when IsGradual(change) && change.ShareAfter is not > 0 =>
        $"Routes to {NamedScope(change)} are lost by one peer AS after another, and none is seen from {Wording.Moment(change.Last)} on",
        ChangeKind.Outage => Capital(OutageScope(change)),
        ChangeKind.Unstable => $"{Capital(Scope(change))} {(change.Prefixes.Count == 1 ? "is" : "are")} unstable",
        ChangeKind.OriginAdded => $"{Who(change.Origin)} originates {Scope(change)} too, beside others that stay",
        ChangeKind.OriginChanged => $"{Who(change.Origin)} becomes origin of {Scope(change)}",
        ChangeKind.MoreSpecificAppeared => $"{Who(change.Origin)} announces {MoreSpecifics(change)}",
        ChangeKind.IntermediaryInserted => $"{Who(change.Upstream)} now stands before {Who(change.Between)} for {Scope(change)}; the carrier stays",
        ChangeKind.IntermediaryRemoved => $"{Who(change.Upstream)} no longer stands before {Who(change.Between)} for {Scope(change)}; the carrier stays",
        ChangeKind.GatewayAppeared => $"{Who(change.Gateway)} becomes a gateway abroad, by {Who(change.Upstream)}, for {Scope(change)}",
        ChangeKind.PrefixAppeared => $"{Capital(Scope(change))} {(change.Prefixes.Count == 1 ? "is" : "are")} announced that {(change.Prefixes.Count == 1 ? "was" : "were")} not before",
        ChangeKind.PrefixVanished => $"{Capital(Scope(change))} {(change.Prefixes.Count == 1 ? "ceases" : "cease")} to be announced, while others are",
        _ when change.Feed is { } feed => $"Trouble of a feed, not of the network: {feed.Collector.Name}, {TestimonyWords.Of(feed)} ({feed.Sessions} of {Wording.Count(feed.SessionsBefore, "session", "sessions")})",
        _ => $"A feed fails, not the network: {Wording.Count(change.PeerAses, "peer AS falls", "peer ASes fall")} silent together",
    };

    /// <summary>The same in two or three words, for a label in a picture: <c>TransTeleCom appears</c>.</summary>
    public string Brief(TransitChange change)
    {
        string who = change.Upstream is { } asn ? Wording.Cut(names.Short(asn), 18) : "upstream";
        return change.Kind switch
        {
            ChangeKind.UpstreamAppeared => $"{who} appears",
            ChangeKind.UpstreamReturned => $"{who} back",
            ChangeKind.UpstreamVanished when IsPartial(change) =>
                $"{who} loses {(change.Prefixes.Count == 1 ? "one" : Wording.Count(change.Prefixes.Count))}",
            ChangeKind.UpstreamVanished => $"{who} gone",
            ChangeKind.ShareShifted => $"{who} shifts",
            _ => Kind(change.Kind).ToLowerInvariant(),
        };
    }

    /// <summary>How many of the subject's prefixes: <c>3 of 4 prefixes</c>, <c>all 4 prefixes</c>, <c>175.45.178.0/24</c>.</summary>
    public static string Scope(TransitChange change) => (change.Prefixes.Count, change.SubjectPrefixes) switch
    {
        (0, _) => "the subject",
        (1, 1) => change.Prefixes[0].ToString(),
        (2, <= 2) => "both prefixes",
        var (touched, all) when touched >= all => $"all {Wording.Count(touched)} prefixes",
        var (touched, all) => $"{Wording.Count(touched)} of {Wording.Count(all, "prefix", "prefixes")}",
    };

    /// <summary>Prefixes of another origin, and where they lie: <c>10.0.1.0/24, inside 10.0.0.0/22</c>.</summary>
    public static string MoreSpecifics(TransitChange change)
    {
        string which = change.Prefixes.Count == 1 ? change.Prefixes[0].ToString() : Wording.Count(change.Prefixes.Count, "prefix", "prefixes");
        string where = change.Covering.Count == 1 ? change.Covering[0].ToString()
            : $"{Wording.Count(change.Covering.Count, "prefix", "prefixes")} of the subject";
        return $"{which}, inside {where}";
    }

    /// <summary>Which prefixes, where the scope does not tell; empty where it does.</summary>
    public static string Which(TransitChange change, int most) =>
        change.Kind is ChangeKind.MoreSpecificAppeared ? change.Prefixes.Count == 1 ? "" : Wording.Prefixes(change.Prefixes, most)
        : change.Prefixes.Count == 0 || change.Prefixes.Count >= change.SubjectPrefixes ? "" : Wording.Prefixes(change.Prefixes, most);

    /// <summary>
    /// An outage: none seen, or how many still see it, of the prefixes that it names. Of several that is a mean over them: no peer AS
    /// need see all.
    /// </summary>
    public static string OutageScope(TransitChange change) => change.ShareAfter is > 0 and var left
        ? change.Prefixes.Count > 1
            ? $"each of {(change.Prefixes.Count >= change.SubjectPrefixes ? $"the {Wording.Count(change.Prefixes.Count)} prefixes" : Scope(change))}"
                + $" is seen by only {Wording.Percent(left)} of the peer ASes that count, on average"
            : $"only {Wording.Percent(left)} of the peer ASes that count see {NamedScope(change)}"
        : change.Prefixes.Count > 1 && change.Prefixes.Count >= change.SubjectPrefixes
            ? $"no route to any of the {Wording.Count(change.Prefixes.Count)} prefixes is seen"
            : $"no route to {NamedScope(change)} is seen";

    /// <summary>The same with when: of a loss that takes peer ASes one after another none is seen before the last of them.</summary>
    /// <param name="zone">As of <see cref="Interval(TransitChange, string)"/>.</param>
    /// <param name="butBy">Who holds one and has no vote; empty for nobody.</param>
    /// <param name="unseen">When nobody who counts held a route to its prefixes; null for what is partial, or of which that is not known.</param>
    public static string OutageTold(TransitChange change, string zone = "", string butBy = "", Absence? unseen = null)
    {
        var (from, until) = unseen is { } told ? (told.From, told.To) : (NoneSeenFrom(change), change.Until);
        if (!IsGradual(change)) return unseen is null
            ? $"From {Interval(change, zone)}, {OutageScope(change)}{butBy}."
            : $"From {Interval(from, until, zone)}, {OutageScope(change)}{butBy}.";
        string began = $"From {At(change.First)}{zone} on, one peer AS after another lost {NamedScope(change)}, "
            + $"half of them by {Clock(change.Time)}; ";
        if (change.ShareAfter is > 0)
            return $"{began}{(change.Until is { } ended ? $"until {Clock(ended)}" : "to the end of the period")} {OutageScope(change)}.";
        return $"{began}from {Clock(from)} {(until is { } back ? $"to {Clock(back)}" : "on, to the end of the period,")} {OutageScope(change)}{butBy}.";

        string Clock(Timestamp time) => Wording.Date(time) == Wording.Date(change.First) ? Wording.Clock(time) : At(time);
    }

    /// <summary>From when on nobody who counts held any of its prefixes; of a partial outage when it began.</summary>
    private static Timestamp NoneSeenFrom(TransitChange change) =>
        IsGradual(change) && change.ShareAfter is not > 0 ? change.Last : change.Time;

    // Half of the peer ASes that lose it do so over a minute before the last.
    private static bool IsGradual(TransitChange change) =>
        change is { Kind: ChangeKind.Outage or ChangeKind.PrefixVanished, Earliest: null }
        && change.Last - change.Time > _gradualMin && !(change.Until <= change.Last);

    private static readonly TimeSpan _gradualMin = TimeSpan.FromSeconds(60);

    /// <summary>The same in the past, as a page is headed, without the length of it.</summary>
    public static string OutageHeadline(TransitChange change, string subject)
    {
        string of = change.Prefixes.Count >= change.SubjectPrefixes ? subject : $"{NamedScope(change)} of {subject}";
        if (change.ShareAfter is not (> 0 and var left)) return $"No route to {of} was seen";
        return change.SubjectPrefixes > 1 && change.Prefixes.Count > 1
            ? $"Only {Wording.Percent(left)} of the peer ASes that count saw {of}, on average over its prefixes,"
            : $"Only {Wording.Percent(left)} of the peer ASes that count saw {of}";
    }

    /// <summary>True where nobody who counts saw any prefix of the subject: the only outage that may be called total.</summary>
    public static bool IsTotal(TransitChange change) =>
        change.Prefixes.Count >= change.SubjectPrefixes && change.ShareAfter is not > 0;

    // One prefix of several is named, so that nobody takes it for the subject.
    private static string NamedScope(TransitChange change) => change.Prefixes.Count == 1 && change.SubjectPrefixes > 1
        ? $"{change.Prefixes[0]} ({Scope(change)})" : Scope(change);

    /// <summary>
    /// The date in a list, to the second: <c>2017-10-01 09:07:51</c>; where only dumps show it, the one by which it had come.
    /// </summary>
    public static string Moment(TransitChange change) => (change.Earliest is null ? "" : "by ") + Wording.Moment(change.Time);

    /// <summary>When, in a sentence: <c>on 1 October 2017 at 09:07:51</c>, or between which dumps.</summary>
    public static string When(TransitChange change) => change.Earliest is { } earliest
        // A share has shifted when the last has moved.
        ? Between(earliest, change.Kind is ChangeKind.ShareShifted ? change.Last : change.Time)
        : IsLongShift(change) ? FromTo(change.Time, change.Last)
        : On(change.Time);

    /// <summary><c>on 1 October 2017 at 09:07:51</c>.</summary>
    public static string On(Timestamp time) => $"on {Wording.Day(time)} at {Wording.Clock(time)}";

    // A share that moves for longer has no one second.
    private static bool IsLongShift(TransitChange change) => change is { Kind: ChangeKind.ShareShifted, Earliest: null }
        && change.Last - change.Time > _shiftMomentMax;

    private static readonly TimeSpan _shiftMomentMax = TimeSpan.FromMinutes(1);

    private static string FromTo(Timestamp from, Timestamp to) => Wording.Date(from) == Wording.Date(to)
        ? $"from {Wording.Clock(from)} to {Wording.Clock(to)} on {Wording.Day(to)}" : $"from {At(from)} to {At(to)}";

    /// <summary><c>between 01:00:02 and 01:00:30 on 4 March 2019</c>; of two days both, with a comma behind.</summary>
    public static string Between(Timestamp earliest, Timestamp latest) => Wording.Date(earliest) == Wording.Date(latest)
        ? $"between {Wording.Clock(earliest)} and {Wording.Clock(latest)} on {Wording.Day(latest)}"
        : $"between {At(earliest)}, and {At(latest)},";

    /// <summary>The dates beside the date: <c>first of 24 peer ASes; third +2 s, median +12 s, last +58 s</c>.</summary>
    public static string Dating(TransitChange change)
    {
        if (change.PeerAses == 0) return "";
        if (change.Earliest is { } earliest)
            return $"{Wording.Count(change.PeerAses, "peer AS", "peer ASes")}, by dumps alone: after the one of {Wording.Moment(earliest)}"
                + (change.Last > change.Time ? $", the last by that of {Wording.Moment(change.Last)}" : "");
        string Beside(Timestamp? time, string what) => time is { } there ? $"{what} {Wording.Offset(there - change.Time)}" : "";
        bool byFirst = change.Time == change.First, byMedian = !byFirst && change.Time == change.Median;
        string peers = change.PeerAses == 1 ? "the one peer AS that changed" : $"{Wording.Count(change.PeerAses)} peer ASes";
        if (change.PeerAses == 1 || change.First == change.Last) return change.PeerAses == 1 ? $"dated by {peers}" : $"{peers} at once";
        string[] beside = byMedian
            ? [Beside(change.First, "first"), Beside(change.Last, "last")]
            : [byFirst ? "" : Beside(change.First, "first"), Beside(change.Confirmed, "third"), Beside(change.Median, "median"),
                Beside(change.Last, "last")];
        string by = byFirst ? $"first of {peers}" : byMedian ? $"median of {peers}" : peers;
        return $"{by}; {string.Join(", ", beside.Where(text => text.Length > 0))}";
    }

    /// <summary><c>24 of 32 peer ASes at 4 collectors</c>.</summary>
    public static string Seen(TransitChange change)
    {
        string peers = change.PeerAsesWatching > change.PeerAses
            ? $"{Wording.Count(change.PeerAses)} of {Wording.Count(change.PeerAsesWatching, "peer AS", "peer ASes")}"
            : Wording.Count(change.PeerAses, "peer AS", "peer ASes");
        return $"{peers} at {Wording.Count(change.Collectors, "collector", "collectors")}";
    }

    /// <summary><c>0% → 61%</c>; empty where neither is known, or both read the same.</summary>
    public static string Shares(TransitChange change) => (change.ShareBefore, change.ShareAfter) switch
    {
        (null, null) => "",
        ({ } before, { } after) when Wording.Percent(before) == Wording.Percent(after) => "",
        var (before, after) => $"{(before is { } b ? Wording.Percent(b) : "?")} → {(after is { } a ? Wording.Percent(a) : "?")}",
    };

    /// <summary>What <see cref="Shares"/> is of: of a change without an upstream it is how many see its prefixes.</summary>
    public static string ShareName(TransitChange change) => change.Upstream is null ? "visibility" : "share";

    /// <summary>From when to when, the day said once: <c>10:47:03 to 12:26:00 on 1 October 2017</c>.</summary>
    /// <param name="zone">Named where the sentence does not stand under a heading that names it: <c> UTC</c>.</param>
    public static string Interval(TransitChange change, string zone = "")
    {
        string from = change.Earliest is { } earliest ? $"a time {Between(earliest, change.Time).TrimEnd(',')}" : At(change.Time);
        if (change.Earliest is null) return Interval(change.Time, change.Until, zone);
        return change.Until is not { } until ? $"{from}{zone} on, to the end of the period"
            : $"{from} to {(change.UntilEarliest is { } back ? $"a time {Between(back, until).TrimEnd(',')}" : At(until))}{zone}";
    }

    /// <summary>The same of two times; of one that has no end in the data the second is null.</summary>
    public static string Interval(Timestamp from, Timestamp? to, string zone = "") => to is not { } until
        ? $"{At(from)}{zone} on, to the end of the period"
        : Wording.Date(until) == Wording.Date(from)
        ? $"{Wording.Clock(from)} to {Wording.Clock(until)} on {Wording.Day(from)}{zone}" : $"{At(from)} to {At(until)}{zone}";

    /// <summary>Its end behind its date, as <c>, until 01:20:09</c>; empty for what has none.</summary>
    public static string Ended(TransitChange change) => change.Until is not { } until || change.Earliest is not null ? ""
        : $", until {(Wording.Date(until) == Wording.Date(change.Time) ? Wording.Clock(until) : At(until))}";

    /// <summary>How long it lasted; empty for what has no end.</summary>
    public static string Lasted(TransitChange change) => IsLongShift(change)
        ? $"until {(Wording.Date(change.Last) == Wording.Date(change.Time) ? Wording.Clock(change.Last) : Wording.Moment(change.Last))} ({Wording.Length(change.Last - change.Time)})"
        : change is { UntilEarliest: { } from, Until: { } by }
        ? $"its end {Between(from, by).TrimEnd(',')}"
        : change.Until is { } until
        ? $"until {(Wording.Date(until) == Wording.Date(change.Time) ? Wording.Clock(until) : Wording.Moment(until))} ({Wording.Length(until - change.Time)})"
        : change.Kind is ChangeKind.Outage or ChangeKind.Unstable ? "no end seen" : "";

    /// <summary><c>1 October 2017, 09:07:51</c>.</summary>
    public static string At(Timestamp time) => $"{Wording.Day(time)}, {Wording.Clock(time)}";

    /// <summary>The course of one upstream: <c>appeared on 1 October 2017 at 09:07:51 for 3 of 4 prefixes, vanished
    /// at 10:14:45 …</c></summary>
    /// <param name="carriesAtEnd">True where it carries prefixes at the end, so that the last time it went was from some of them.</param>
    public static string Course(IReadOnlyList<TransitChange> events, bool carriesAtEnd)
    {
        var clauses = new List<string>();
        string day = "";
        foreach (var change in events.Take(EventsMax))
        {
            string on = Wording.Day(change.Time) == day ? "" : $" on {Wording.Day(change.Time)}";
            day = Wording.Day(change.Time);
            string when = change.Earliest is null ? $"{on} at {Wording.Clock(change.Time)}" : $" {When(change)}";
            clauses.Add(change.Kind switch
            {
                ChangeKind.UpstreamAppeared => $"appeared{when} for {Scope(change)}",
                ChangeKind.UpstreamReturned => $"returned{when} for {Scope(change)}",
                _ when IsPartial(change) || change.Prefixes.Count < change.SubjectPrefixes && StaysAfter(events, change, carriesAtEnd) =>
                    $"lost {(change.Prefixes.Count == 1 ? change.Prefixes[0].ToString() : Scope(change))}{when}",
                _ when Others.IsNotAll(change) => $"lost most of its routes{when}",
                _ => $"vanished{when}",
            });
        }
        if (events.Count > EventsMax) clauses.Add($"changed {(events.Count == EventsMax + 1 ? "once" : $"{Wording.Count(events.Count - EventsMax)} times")} more");
        return Wording.Join(clauses);
    }

    // It went from some prefixes and carries others: it goes again before it comes, or is there at the end.
    private static bool StaysAfter(IReadOnlyList<TransitChange> events, TransitChange went, bool carriesAtEnd) =>
        events.SkipWhile(change => change != went).Skip(1).FirstOrDefault() is { } next
            ? next.Kind is ChangeKind.UpstreamVanished : carriesAtEnd;

    private static string Verb(ChangeKind kind) => kind switch
    {
        ChangeKind.UpstreamAppeared => "appears",
        ChangeKind.UpstreamReturned => "returns",
        _ => "vanishes",
    };

    private string Who(Asn? asn) => asn is { } known ? names.Label(known) : "an upstream";

    /// <summary>
    /// True for an upstream that went from some prefixes and carries others; of all of them a share that is left may be stuck.
    /// </summary>
    public static bool IsPartial(TransitChange change) => Others.IsPartial(change);

    private static string Shift(TransitChange change) => change is { ShareBefore: { } before, ShareAfter: { } after }
        ? $" from {Wording.Percent(before)} to {Wording.Percent(after)}" : "";

    private static string Capital(string text) => text.Length == 0 ? text : char.ToUpperInvariant(text[0]) + text[1..];
}
