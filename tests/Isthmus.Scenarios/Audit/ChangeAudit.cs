using System.Globalization;
using System.Text.Json;

namespace Isthmus.Scenarios;

/// <summary>Holds a dated change of a report against the lines, by the definitions of docs/methods.md.</summary>
/// <param name="end">The end of the period, microseconds since 1970.</param>
/// <param name="counted">The peer ASes whose word counts in figures of visibility; null for all.</param>
/// <param name="knowsAll">False where the report did not know the table of each of them: a figure is of those that it knew.</param>
/// <param name="lost">The peer ASes at collectors whose files lack something, and from when on it may not be known what they hold.</param>
internal sealed class ChangeAudit(
    SubjectLines seen, long start, long end, IReadOnlySet<uint>? counted, bool knowsAll, IReadOnlyDictionary<uint, long> lost)
{
    /// <summary>A peer AS may run ahead of a change; what it keeps so long it holds; what is gone so long is lost.</summary>
    private const long Second = 1_000_000, Ahead = 180 * Second, Held = 300 * Second, Lost = 900 * Second;

    /// <summary>A figure in whole per cent, measured on one moment of several: so far off it is another one.</summary>
    private const double FigureSlack = 0.06;

    /// <summary>So many peer ASes may be stuck or made up: 3 % rounded up, and none of less than five.</summary>
    public static int Allowed(int known) => known < 5 ? 0 : (int)Math.Ceiling(0.03 * known);

    /// <summary>What the lines say of it.</summary>
    public (AuditVerdict Verdict, string Why) Of(JsonElement change)
    {
        string[] prefixes = [.. change.GetProperty("prefixes").EnumerateArray().Select(prefix => prefix.GetString()!)];
        long time = TimeOf(change, "time") ?? start;
        uint upstream = AsnOf(change, "upstream");
        // A change above the upstream is no statement of who carries the subject.
        if (change.GetProperty("tier").GetInt32() > 1) return (AuditVerdict.NotHeld, "");
        // What dumps alone show came at any time from the one before on: who came early did not have it before.
        long before = TimeOf(change, "earliest") is { } earliest ? Math.Min(time, earliest + Ahead) : time;
        return change.GetProperty("kind").GetString() switch
        {
            "upstream-appeared" => Began(prefixes, upstream, before),
            "upstream-returned" => Returned(prefixes, upstream, before),
            "upstream-vanished" => Ceased(prefixes, upstream, time, ShareOf(change, "shareAfter") ?? 0),
            "prefix-appeared" => Announced(prefixes, before),
            "prefix-vanished" => Out(prefixes, time, end, 0),
            "outage" => Out(prefixes, time, TimeOf(change, "until") ?? end, ShareOf(change, "shareAfter") ?? 0),
            "origin-changed" => Origin(prefixes, AsnOf(change, "origin"), before, time),
            "more-specific-appeared" => MoreSpecific(prefixes,
                [.. change.GetProperty("covering").EnumerateArray().Select(prefix => prefix.GetString()!)], AsnOf(change, "origin"), time),
            "unstable" => Unstable(prefixes, time, TimeOf(change, "until") ?? end),
            _ => (AuditVerdict.NotHeld, ""),
        };
    }

    /// <summary>A carrier that begins: nobody had it before, and who came was known to be elsewhere.</summary>
    public (AuditVerdict, string) Began(IReadOnlyCollection<string> prefixes, uint upstream, long time)
    {
        // Who carries another origin of the same prefix carries nothing of the subject.
        bool By(HeldPath path) => path.Upstream == upstream && !path.IsLink && path.MayBeOf(seen.Subject);
        var (_, known) = seen.Count(prefixes, time - 1, _ => true);
        int already = Already(prefixes, time, By);
        return already > Allowed(known)
            ? (AuditVerdict.Disproved, $"{already} of {known} peer ASes had AS{upstream} more than 180 s before") : Known(prefixes, time, By);
    }

    private (AuditVerdict, string) Returned(string[] prefixes, uint upstream, long time)
    {
        bool By(HeldPath path) => path.Upstream == upstream && !path.IsLink;
        if (Peak(prefixes, long.MinValue, time - 1, By) == 0)
            return (AuditVerdict.Disproved, $"no line shows AS{upstream} on these prefixes before");
        var (_, known) = seen.Count(prefixes, time - 1, _ => true);
        int already = prefixes.Length == 0 ? 0 : prefixes.Min(prefix => Already([prefix], time, By));
        return already > Math.Max(3, Allowed(known))
            ? (AuditVerdict.Disproved, $"{already} of {known} peer ASes had AS{upstream} on each of them all the time")
            : (AuditVerdict.Holds, "");
    }

    private (AuditVerdict, string) Ceased(IReadOnlyCollection<string> prefixes, uint upstream, long time, double left)
    {
        bool By(HeldPath path) => path.Upstream == upstream && !path.IsLink;
        int before = Peak(prefixes, time - 2 * Lost, time, By);
        if (before == 0) return (AuditVerdict.Disproved, $"no line shows AS{upstream} on these prefixes before");
        long after = Math.Min(time + Lost - Second, end);
        foreach (string prefix in prefixes)
        {
            int still = seen.Throughout([prefix], Math.Min(time + Ahead, after), after, By);
            int allowed = (int)Math.Ceiling(left * seen.Count([prefix], after, _ => true).Known);
            if (still > Math.Max(Allowed(seen.PeerAsesOf(prefix).Count), allowed))
                return (AuditVerdict.Disproved, $"{still} peer ASes still use AS{upstream} for {prefix}");
        }
        return (AuditVerdict.Holds, "");
    }

    private (AuditVerdict, string) Announced(IReadOnlyCollection<string> prefixes, long time)
    {
        foreach (string prefix in prefixes)
        {
            var (holding, known) = seen.Count([prefix], time - Ahead, _ => true);
            if (holding > Allowed(known)) return (AuditVerdict.Disproved, $"{holding} of {known} peer ASes held {prefix} 180 s before");
        }
        return Known(prefixes, time, _ => true);
    }

    private (AuditVerdict, string) Origin(IReadOnlyCollection<string> prefixes, uint origin, long time, long by)
    {
        bool By(HeldPath path) => path.Origin == origin;
        foreach (string prefix in prefixes)
        {
            var before = seen.Count([prefix], time - 1, By);
            if (before.Known > 0 && before.Holding * 2 > before.Known)
                return (AuditVerdict.Disproved, $"{before.Holding} of {before.Known} peer ASes had AS{origin} on {prefix} before");
            long after = Math.Min(by + Held, end);
            var (mine, others) = (seen.Count([prefix], after, By), seen.Count([prefix], after, path => path.Origin != origin));
            if (mine.Holding == 0 || others.Holding > mine.Holding) return (AuditVerdict.Disproved,
                $"at {Clock(after)} {mine.Holding} peer ASes have AS{origin} on {prefix}, {others.Holding} another origin");
        }
        return Known(prefixes, time, By);
    }

    // Prefixes of another origin: hardly anybody had them by it before, somebody has them then, and they lie inside what the subject holds.
    private (AuditVerdict, string) MoreSpecific(string[] prefixes, string[] covering, uint origin, long time)
    {
        bool By(HeldPath path) => path.Origin == origin;
        foreach (string prefix in prefixes)
        {
            seen.TakeOther(prefix);
            int known = seen.Count([prefix], time - 1, _ => true).Known, already = Already([prefix], time, By);
            if (already > Allowed(known))
                return (AuditVerdict.Disproved, $"{already} of {known} peer ASes had AS{origin} on {prefix} more than 180 s before");
            if (Peak([prefix], time, time + Held + Ahead, By) == 0)
                return (AuditVerdict.Disproved, $"no line shows AS{origin} on {prefix} from {Clock(time)} on");
        }
        foreach (string prefix in covering)
            if (seen.Count([prefix], time, path => path.Origin == seen.Subject).Holding == 0)
                return (AuditVerdict.Disproved, $"no line shows that AS{seen.Subject} had {prefix} at {Clock(time)}");
        return prefixes.Length > 0 && covering.Length > 0 ? Known(prefixes, time, By) : (AuditVerdict.Disproved, "it names no prefixes");
    }

    private (AuditVerdict, string) Out(string[] prefixes, long time, long until, double left)
    {
        int before = Peak(prefixes, long.MinValue, time, _ => true);
        if (before == 0) return (AuditVerdict.Disproved, "no line shows that any peer held them before");
        double least = 1, nearest = 1;
        int leastHolding = int.MaxValue;
        foreach (long at in Moments(prefixes, time, until))
        {
            double known = 0, ever = 0;
            foreach (string prefix in prefixes)
            {
                var (holding, all) = seen.Count([prefix], at, _ => true, counted);
                // What some last said before bytes were lost is not known then, of those that hold a route and of those that hold none.
                int unsure = Math.Min(lost.Count(entry => entry.Value <= at && counted?.Contains(entry.Key) is not false), all - 1);
                for (int of = knowsAll ? all - unsure : 1; of < all; of++)
                    for (int those = Math.Max(0, holding - Math.Min(unsure, all - of)); those <= Math.Min(holding, of); those++)
                        nearest = Math.Min(nearest, Math.Abs(left - (double)those / of));
                known += all == 0 ? 0 : (double)holding / all;
                int watching = seen.PeerAsesOf(prefix).Count(peerAs => counted?.Contains(peerAs) is not false);
                ever += watching == 0 ? 0 : (double)holding / watching;
            }
            leastHolding = Math.Min(leastHolding, seen.Count(prefixes, at, _ => true).Holding);
            least = Math.Min(least, known / prefixes.Length);
            nearest = Math.Min(nearest, Math.Abs(left - known / prefixes.Length));
            nearest = Math.Min(nearest, Math.Abs(left - ever / prefixes.Length));
        }
        if (leastHolding * 2 > before + 1 && prefixes.Length == 1)
            return (AuditVerdict.Disproved, $"never fewer than {leastHolding} peer ASes held them, {before} before");
        if (left > 0.03 && nearest > FigureSlack) return (AuditVerdict.Disproved, string.Create(CultureInfo.InvariantCulture,
            $"{left:0%} is at no moment the part of peer ASes that hold these prefixes; least is {least:0%}"));
        return left <= 0.03 && leastHolding > Allowed(before)
            ? (AuditVerdict.Disproved, $"{leastHolding} peer ASes held them at every moment") : (AuditVerdict.Holds, "");
    }

    private (AuditVerdict, string) Unstable(IReadOnlyCollection<string> prefixes, long time, long until)
    {
        int moments = Moments(prefixes, time, until).Count();
        return moments < 5 ? (AuditVerdict.Disproved, $"only {moments} moments at which anything changed") : (AuditVerdict.Holds, "");
    }

    // Who has it at the change's time without having come with it.
    private int Already(IReadOnlyCollection<string> prefixes, long time, Func<HeldPath, bool> by)
    {
        long to = time - Ahead, from = to - Held;
        return to > start ? seen.Throughout(prefixes, Math.Max(from, start + Second), to, by)
            : time - Second > start ? seen.Throughout(prefixes, start, time - Second, by) : 0;
    }

    // Of those that hold it afterwards, enough must have been known to hold something else or nothing.
    private (AuditVerdict, string) Known(IReadOnlyCollection<string> prefixes, long time, Func<HeldPath, bool> by)
    {
        long after = Math.Min(time + Held, end);
        var (came, known) = (new HashSet<uint>(), new HashSet<uint>());
        foreach (string prefix in prefixes)
            foreach (uint peerAs in seen.PeerAsesOf(prefix))
            {
                if (seen.At(peerAs, prefix, after)?.Path is not { } path || !by(path)) continue;
                came.Add(peerAs);
                if (seen.Before(peerAs, prefix, time) is { } step && (step.Path is null || !by(step.Path))) known.Add(peerAs);
            }
        return known.Count >= Math.Min(3, came.Count) ? (AuditVerdict.Holds, "")
            : (AuditVerdict.Unproven, $"of {came.Count} peer ASes that hold it after, {known.Count} are known to have had none or another before");
    }

    private int Peak(IReadOnlyCollection<string> prefixes, long from, long to, Func<HeldPath, bool> by) =>
        seen.Times(prefixes).Where(time => time >= from && time < to).Append(to - 1).Max(time => seen.Count(prefixes, time, by).Holding);

    private IEnumerable<long> Moments(IReadOnlyCollection<string> prefixes, long from, long to) =>
        seen.Times(prefixes).Where(time => time >= from - Held && time <= to).Append(Math.Min(from + 60 * Second, to));

    public static long? TimeOf(JsonElement item, string key) =>
        item.TryGetProperty(key, out var value) && value.GetString() is { } text ? MicrosOf(text) : null;

    private static long MicrosOf(string text) =>
        (DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal) - DateTimeOffset.UnixEpoch).Ticks / 10;

    private static uint AsnOf(JsonElement change, string key) => !change.TryGetProperty(key, out var value) ? 0
        : value.ValueKind is JsonValueKind.Number ? value.GetUInt32()
        : value.ValueKind is JsonValueKind.Object && value.TryGetProperty("asn", out var asn) ? asn.GetUInt32() : 0;

    private static double? ShareOf(JsonElement change, string key) =>
        change.TryGetProperty(key, out var value) && value.ValueKind is JsonValueKind.Number ? value.GetDouble() : null;

    private static string Clock(long time) =>
        (DateTimeOffset.UnixEpoch + TimeSpan.FromMicroseconds(time)).ToString("HH:mm:ss", CultureInfo.InvariantCulture);
}
