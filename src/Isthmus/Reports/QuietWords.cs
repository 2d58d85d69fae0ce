using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>
/// What is said where no change was found: that none was, or that what the peers hold at the end differs from what they held at first,
/// though nothing dates it. The two are held against each other over upstreams, origins, routes and prefixes.
/// </summary>
internal sealed class QuietWords(Report report, KnownRoutes known)
{
    /// <summary>What differs at so large a part of the peer ASes is said.</summary>
    private const double PartMin = 0.15;

    /// <summary>Visibility below this part of its highest is said, though it made no outage.</summary>
    private const double LowVisibility = 0.8;

    /// <summary>The first sentence of the lead.</summary>
    public string Sentence()
    {
        if (known.UnknownBefore() is { } unknown) return unknown;
        if (Differences() is { Count: > 0 } differences)
            return $"{(Moves.AreDated ? "No change reached the thresholds from which one is reported" : "No change could be dated")}, but at the end "
                + $"{string.Join("; ", differences)}{(Moves.AreDated ? Moves.Between : Why())}.";
        string moved = Moves.Words();
        string none = moved.Length > 0 ? "No change reached the thresholds from which one is reported in this period" : "No change was found in this period";
        return (report.Coverage.Complete ? none : $"{none}, but data are missing or damaged: what happened there is not known")
            + $"{Low()}{moved}.";
    }

    /// <summary>The same in the place of a list of changes.</summary>
    public string Row() => known.UnknownBefore()
        ?? (Differences().Count > 0 && !Moves.AreDated ? "No change could be dated."
            : Differences().Count > 0 || Moves.Words().Length > 0 ? "No change reached the thresholds." : "No change was found.");

    private SmallMoves Moves => _moves ??= new(report);

    private SmallMoves? _moves;

    // What hides when it was.
    private string Why()
    {
        var causes = report.Observations.Peers.SelectMany(feed => feed.Losses).Select(loss => loss.Cause is Cause.PeerState).ToHashSet();
        bool isMissing = !report.Coverage.Complete || causes.Contains(false), isLost = causes.Contains(true);
        return isMissing && isLost ? " (sessions were lost and data are missing in between)"
            : isMissing ? " (data are missing)" : isLost ? " (sessions were lost in between)" : "";
    }

    private List<string> Differences()
    {
        var told = new List<string>();
        if (report.Transit.Headline is not { } family) return told;
        var heard = report.Transit.Heard?.Of(family.Family);
        if (heard is null) return told;
        var peers = new Dictionary<Asn, PeerAsDifference>();
        var (before, after) = (new HashSet<int>(), new HashSet<int>());
        var origins = new SortedSet<Asn>();
        foreach (var sighting in heard.All.Where(sighting => heard.Counts(sighting.Peer, sighting.Prefix)))
        {
            int last = sighting.At(report.To);
            int first = SmallMoves.First(sighting, report.From);
            if (Holding.IsSubject(first)) before.Add(sighting.Prefix);
            if (Holding.IsSubject(last)) after.Add(sighting.Prefix);
            if (first == Holding.Unknown || last == Holding.Unknown) continue;
            var peerAs = heard.PeerAs(sighting.Peer);
            if (!peers.TryGetValue(peerAs, out var differs)) peers[peerAs] = differs = new();
            differs.Lost |= Holding.IsSubject(first) && last == Holding.None;
            differs.Foreign |= first != Holding.Foreign && last == Holding.Foreign;
            differs.Moved |= first >= 0 && last >= 0 && first != last;
            differs.Uncounted |= first >= 0 && last == Holding.Uncounted;
            if (first != Holding.Foreign && last == Holding.Foreign && OriginOf(heard, sighting) is { } origin) origins.Add(origin);
        }
        bool Many(int count) => count >= Presences.Threshold(peers.Count) && count >= PartMin * peers.Count;
        string Of(int count) => count == peers.Count ? $"{(count == 1 ? "the one peer AS" : $"all {Wording.Count(count)} peer ASes")}"
            : $"{Wording.Count(count)} of {Wording.Count(peers.Count, "peer AS", "peer ASes")}";
        int foreign = peers.Values.Count(differs => differs.Foreign), lost = peers.Values.Count(differs => differs.Lost);
        int uncounted = peers.Values.Count(differs => differs.Uncounted);
        // Who was counted may have changed, and nobody's upstream.
        if (IsCarriedOtherwise(family)) told.AddRange(peers.Values.Any(differs => differs.Moved) ? ["others carry than at the start"] : OutOfSight(family));
        if (Many(foreign)) told.Add($"{Of(foreign)} {(foreign == 1 ? "holds" : "hold")} routes of {Origins(origins)} to what were its prefixes");
        if (family.Routes.State is RouteState.Absent && before.Count > 0) told.Add("routes that were seen are gone");
        else if (Many(lost)) told.Add($"{Of(lost)} {(lost == 1 ? "holds" : "hold")} no route to prefixes that {(lost == 1 ? "it" : "they")} held");
        if (Many(uncounted)) told.Add($"no upstream can be counted at {Of(uncounted)} where one could at the start");
        if (before.Count > 0 && after.Except(before).Count() is > 0 and var more && HeldByMany(heard, [.. after.Except(before)]))
            told.Add($"{Wording.Count(more, "prefix is", "prefixes are")} held that {(more == 1 ? "was" : "were")} not at the start");
        return told;
    }

    private sealed class PeerAsDifference
    {
        public bool Lost, Foreign, Uncounted, Moved;
    }

    private static Asn? OriginOf(Sightings heard, Sighting sighting) =>
        sighting.Runs is [.., var run] && heard.Seen.Histories[sighting.History].Steps[run.Step] is { Path: >= 0 } step
            ? heard.Paths[step.Path].Origin : null;

    private static string Origins(SortedSet<Asn> origins) => origins.Count switch
    {
        0 => "another origin",
        1 => origins.Min.ToString(),
        _ => $"{Wording.InWords(origins.Count)} other origins",
    };

    // More than may be stuck or made up.
    private bool HeldByMany(Sightings heard, HashSet<int> prefixes) => heard.All
        .Where(sighting => prefixes.Contains(sighting.Prefix) && Holding.IsSubject(sighting.At(report.To)))
        .Select(sighting => heard.PeerAs(sighting.Peer)).Distinct().Count() >= Presences.PeerAsesMin;

    // A share that comes from nothing, or goes to it, by so much is another carrier.
    // Who is seen no more, as those that showed it are not known.
    private static string[] OutOfSight(FamilyAnswer family)
    {
        SeriesPoint[] shown = [.. family.Series.Where(point => point.Visibility > 0 && point.Upstreams.Count > 0)];
        string[] lost = [.. shown[0].Upstreams
            .Where(share => share.Value >= PartMin && shown[^1].Upstreams.GetValueOrDefault(share.Key) == 0)
            .Select(share => share.Key).Order().Select(asn => asn.ToString())];
        return lost.Length == 0 ? [] : [$"nothing is known of those that showed {Wording.Join(lost)}"];
    }

    private static bool IsCarriedOtherwise(FamilyAnswer family)
    {
        SeriesPoint[] shown = [.. family.Series.Where(point => point.Visibility > 0 && point.Upstreams.Count > 0)];
        if (shown.Length < 2) return false;
        var (first, last) = (shown[0].Upstreams, shown[^1].Upstreams);
        return IsNewIn(first, last) || IsNewIn(last, first);

        static bool IsNewIn(IReadOnlyDictionary<Asn, double> before, IReadOnlyDictionary<Asn, double> after) =>
            after.Any(share => share.Value >= PartMin && before.GetValueOrDefault(share.Key) == 0);
    }

    private string Low()
    {
        if (report.Transit.Headline is not { Series.Count: > 0 } family) return "";
        double highest = family.Series.Max(point => point.Visibility) ?? 0;
        return family.Series.Where(point => point.Visibility < LowVisibility * highest).MinBy(point => point.Visibility) is not { } low ? ""
            : $"; visibility was {Wording.Percent(low.Visibility!.Value)} on average in the {Wording.Length(report.Bin)} from "
                + $"{ChangeWords.At(low.Time)} on (an outage is below half of what is usual, for two minutes, at most peer ASes that watch)";
    }
}
