using Isthmus.Transit;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>
/// What a report says in plain words, once, for text and page alike: the headline, the lead, the changes in order.
/// Every time is UTC; a share is the peer-AS share unless another is named.
/// </summary>
public sealed class Story
{
    private const int NamedMax = 3;

    private readonly Report _report;
    private readonly UpstreamState[] _current;

    public Story(Report report)
    {
        _report = report;
        Names = new(report.Registry);
        Subject = Names.Spoken(report.Subject);
        _current = Current(report.Transit.Upstreams, report.To);
        Changes = NumberedChange.Order(report.Transit.Changes);
        Words = new(Names);
    }

    /// <summary>Names and countries of ASes.</summary>
    public Names Names { get; }

    /// <summary>Changes in words.</summary>
    public ChangeWords Words { get; }

    /// <summary>The subject as in a sentence.</summary>
    public string Subject { get; }

    /// <summary>The changes in order of time, each with its number, parts below the whole.</summary>
    public IReadOnlyList<NumberedChange> Changes { get; }

    /// <summary>What the report is about: <c>Who carries the routes to North Korea (KP)</c>.</summary>
    public string Title => $"Who carries the routes to {Names.Full(_report.Subject)}";

    /// <summary>The period in words, zone included.</summary>
    public string Period => _report.From == _report.To
        ? $"{Wording.Day(_report.To)}, {Wording.Clock(_report.To)} UTC, one instant"
        : $"{Wording.Day(_report.From)} {Wording.ClockBrief(_report.From)} to {Wording.Day(_report.To)} {Wording.ClockBrief(_report.To)} UTC";

    /// <summary>True where the data say nothing of the subject at any time: not the same as nothing happening.</summary>
    public bool NothingKnown => NothingSeen && Watching == 0;

    // No peer held a route at any time: known where full-feed peers watched, for those would have had one.
    private bool NothingSeen => _report.Transit is { Upstreams.Count: 0, Prefixes.Count: 0, Changes.Count: 0 }
        && !_report.Transit.Series.Any(point => point.Visibility is not null);

    private int Watching => _report.Observations.Peers
        .Where(feed => (feed.FullIpv4 || feed.FullIpv6)
            && feed.Up.Any(up => up.From <= _report.To && (up.To > _report.From || _report.From == _report.To)))
        .Select(feed => feed.Peer.Asn).Distinct().Count();

    /// <summary>True where no change of the subject itself was found: trouble of a feed is none.</summary>
    public bool Quiet => !_report.Transit.Changes.Any(change => change.Kind is not ChangeKind.FeedProblem);

    /// <summary>Who carries it at the end, in one line.</summary>
    public string Headline
    {
        get
        {
            if (NothingKnown) return $"Nothing is known of the routes to {Subject}";
            if (NothingSeen) return $"No route to {Subject} is seen";
            if (_current.Length == 0) return $"No route to {Subject} is seen at the end";
            string[] named = [.. _current.Take(NamedMax).Select(Share)];
            int more = _current.Length - named.Length;
            string by = more > 0
                ? $"{string.Join(", ", named)} and {Wording.Count(more, "other", "others")}"
                : Wording.Join(named);
            return _current.Length == 1 ? $"All routes to {Subject} go by {by}" : $"Routes to {Subject} go by {by}";
        }
    }

    /// <summary>The sentences below the headline.</summary>
    public IReadOnlyList<string> Lead
    {
        get
        {
            if (NothingKnown)
                return ["The input holds no vantage point that could have seen a route to it in this period. That is not to say that nothing happened."];
            if (NothingSeen)
                return [$"{Wording.Count(Watching, "peer AS", "peer ASes")}"
                    + " with a full table watched, and none held a route to it in this period."];
            var lead = new List<string>();
            if (UnknownEnd() is { } unknown) lead.Add(unknown);
            foreach (var upstream in _current.Take(NamedMax)) lead.Add(Since(upstream));
            lead.AddRange(Gone());
            lead.AddRange(Trouble());
            if (Quiet) lead.Add(QuietWords());
            lead.Add(Surely());
            return lead;
        }
    }

    /// <summary>How much of the Internet the subject is.</summary>
    public string Size
    {
        get
        {
            var size = _report.Transit.Size;
            var parts = new List<string> { Wording.Count(size.Prefixes, "prefix", "prefixes") };
            if (size.Ipv4Addresses > 0) parts.Add(Wording.Count(size.Ipv4Addresses, "IPv4 address", "IPv4 addresses"));
            if (size.Ipv6Slash48s > 0) parts.Add(Wording.Count(size.Ipv6Slash48s, "IPv6 /48", "IPv6 /48s"));
            if (size.Origins > 0) parts.Add(Wording.Count(size.Origins, "origin AS", "origin ASes"));
            return string.Join(", ", parts);
        }
    }

    private static UpstreamState[] Current(IReadOnlyList<UpstreamState> all, Timestamp end)
    {
        UpstreamState[] counted = [.. all.Where(upstream => upstream.Shares.PeerAs > 0)];
        if (counted.Length == 0) counted = [.. all.Where(upstream => upstream.PeerAses > 0 && upstream.LastSeen >= end)];
        return [.. counted.OrderByDescending(upstream => upstream.Shares.PeerAs).ThenBy(upstream => upstream.Asn)];
    }

    private string Share(UpstreamState upstream) => _current.Length == 1 || upstream.Shares.PeerAs == 0
        ? Names.Short(upstream.Asn)
        : $"{Names.Short(upstream.Asn)} ({Wording.Percent(upstream.Shares.PeerAs)})";

    private string Since(UpstreamState upstream)
    {
        string who = Names.Spoken(upstream.Asn);
        var events = OfUpstream(upstream.Asn);
        string part = PrefixesBy(upstream.Asn);
        if (_report.From == _report.To) return $"{who} carries {part}.";
        if (events.Count > 0) return $"{who} {ChangeWords.Course(events)}; at the end it carries {part}.";
        return upstream.FirstSeen - _report.From <= StartTolerance
            ? $"{who} was there from the start of the period; at the end it carries {part}."
            : $"{who} was first seen on {Wording.Day(upstream.FirstSeen)} at {Wording.Clock(upstream.FirstSeen)}; at the end it carries {part}.";
    }

    private TimeSpan StartTolerance => _report.Bin > TimeSpan.Zero ? _report.Bin : TimeSpan.FromMinutes(5);

    private List<TransitChange> OfUpstream(Asn asn) => [.. Changes.Select(numbered => numbered.Change)
        .Where(change => change.Upstream == asn && change is { PartOf: null, Tier: 1 }
            && change.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned or ChangeKind.UpstreamVanished)];

    private string PrefixesBy(Asn asn)
    {
        var prefixes = _report.Transit.Prefixes;
        var by = prefixes.Where(prefix => prefix.Upstreams.Any(upstream => upstream.Asn == asn)).ToArray();
        if (prefixes.Count == 1 && by.Length == 1) return by[0].Prefix.ToString();
        string count = by.Length == prefixes.Count ? $"all {by.Length}" : $"{by.Length} of {prefixes.Count}";
        return by.Length == 1 ? $"1 of {prefixes.Count} prefixes, {by[0].Prefix}" : $"{count} prefixes";
    }

    private IEnumerable<string> Gone() => _report.Transit.Changes
        .Where(change => change is { Kind: ChangeKind.UpstreamVanished, Tier: 1, Upstream: not null })
        .Select(change => change.Upstream!.Value).Distinct().Order()
        .Where(asn => _current.All(upstream => upstream.Asn != asn))
        .Select(asn => $"{Names.Spoken(asn)} {ChangeWords.Course(OfUpstream(asn))}.");

    private IEnumerable<string> Trouble()
    {
        foreach (var unstable in Changes.Where(numbered => numbered.Change.Kind is ChangeKind.Unstable))
        {
            int outages = Changes.Count(
                numbered => numbered.Change.PartOf == unstable.Change.Id && numbered.Change.Kind is ChangeKind.Outage);
            string scope = ChangeWords.Scope(unstable.Change);
            string then = outages > 0 ? $"; {(outages == 1 ? "once" : $"{Wording.InWords(outages)} times")} no route was seen" : "";
            yield return $"From {ChangeWords.Interval(unstable.Change)}, {scope} {(unstable.Change.Prefixes.Count == 1 ? "was" : "were")} unstable{then}.";
        }
        var alone = Changes.Where(numbered => numbered.Change is { Kind: ChangeKind.Outage, PartOf: null }).ToArray();
        if (alone.Length == 1) yield return $"From {ChangeWords.Interval(alone[0].Change)}, {ChangeWords.OutageScope(alone[0].Change)}.";
        if (alone.Length > 1) yield return $"There were {Wording.InWords(alone.Length)} outages, the first at {ChangeWords.At(alone[0].Change.Time)}.";
    }

    private string QuietWords() => _report.From == _report.To
        ? "One instant was asked for: what changed before or after it is not said."
        : _report.Coverage.Complete ? "No change was found in this period."
        : "No change was found in this period, but data are missing or damaged: what happened there is not known.";

    private string? UnknownEnd()
    {
        var series = _report.Transit.Series;
        int last = series.Count - 1;
        while (last >= 0 && series[last].Visibility is null) last--;
        if (last < 0 || last == series.Count - 1) return null;
        return $"Nothing is known after {ChangeWords.At(series[last].Time + _report.Bin)}: the input ends there.";
    }

    private string Surely()
    {
        int counted = _report.Transit.FullFeedPeerAses;
        string seen = counted > 0
            ? $"This is how {Wording.Count(counted, "full-feed peer AS", "full-feed peer ASes")} at {Wording.Count(_report.Coverage.Collectors.Count, "collector", "collectors")} see it"
            : $"No full-feed peer AS counts here; {Wording.Count(_report.Coverage.PeerAses, "peer AS", "peer ASes")} at {Wording.Count(_report.Coverage.Collectors.Count, "collector", "collectors")} were heard";
        var own = _report.Transit.Changes.Where(change => change.Kind is not ChangeKind.FeedProblem).ToArray();
        int high = own.Count(change => change.Confidence is Confidence.High);
        string sure = own.Length == 0 ? ""
            : high == own.Length ? $"; {(own.Length == 1 ? "the one change is" : $"all {own.Length} changes are")} of high confidence"
            : $"; {high} of {own.Length} changes {(high == 1 ? "is" : "are")} of high confidence";
        string missing = _report.Coverage.Complete ? "" : " Data are missing or damaged: see the coverage.";
        return $"{seen}{sure}. Routes are not traffic.{missing}";
    }
}
