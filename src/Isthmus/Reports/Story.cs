using Isthmus.Registry;
using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>
/// What a report says in plain words, once, for text, page and JSON alike: the headline, three plain sentences, the
/// course of events, the changes in order. Every sentence knows what proves it. Times are UTC, with the subject's local
/// time beside the first; a share is the peer-AS share unless another is named.
/// </summary>
public sealed class Story
{
    private const int NamedMax = 3;

    /// <summary>A headline names a network whose route share is at least this part of its peer-AS share.</summary>
    public const double RoutePartMin = 0.25;

    private readonly Report _report;
    private readonly UpstreamState[] _current;
    private readonly FamilyAnswer? _family;

    // The family of the headline with a blank behind it, where the subject has both.
    private readonly string _of;
    private readonly Lazy<Provenance> _provenance;
    private readonly KnownRoutes _known;
    private readonly QuietWords _quiet;
    private readonly NewsWords _news;

    public Story(Report report)
    {
        _report = report;
        Names = new(report.Registry);
        Subject = Names.Spoken(report.Subject);
        Local = new(LocalClock.Of(report.Subject.Country));
        _family = report.Transit.Headline;
        _of = report.Transit.Families.Count > 1 && _family is not null ? $"{StateWords.Name(_family.Family)} " : "";
        _known = new(report, _family?.Family);
        _quiet = new(report, _known);
        _current = Current(report.Transit.Upstreams, report.To);
        Changes = NumberedChange.Order(report.Transit.Changes);
        Words = new(Names);
        NoTable = StateWords.LackTable(report.Observations);
        Headline = FindHeadline();
        _news = new(report, this, _known);
        if (!NothingKnown && _current.Length > 0 && _family?.Voters.Count >= FamilyAnswer.HeadlineVotersMin)
            NewsHeadline = _news.Headline();
        Lead = FindLead();
        Course = NothingKnown || NothingSeen ? [] : InOrder([.. Courses(), .. Trouble()]);
        var byDumps = report.Transit.Changes.Where(change => change.Earliest is not null).Select(change => change.Id).ToHashSet();
        Incidents = [.. report.Transit.Incidents.Select(
            incident => new IncidentStory(incident, Names, Local, incident.Changes.Any(byDumps.Contains)))];
        _provenance = new(() => new(report));
    }

    /// <summary>Names and countries of ASes.</summary>
    public Names Names { get; }

    /// <summary>What clocks showed in the subject's country.</summary>
    public LocalTimes Local { get; }

    /// <summary>Changes in words.</summary>
    public ChangeWords Words { get; }

    /// <summary>The subject as in a sentence.</summary>
    public string Subject { get; }

    /// <summary>The changes in order of time, each with its number, parts below the whole.</summary>
    public IReadOnlyList<NumberedChange> Changes { get; }

    /// <summary>Who carries it at the end, in one line.</summary>
    public Sentence Headline { get; }

    /// <summary>
    /// The change of most weight in one line, as a page is headed; null where none is sure enough to stand without the sentence below it.
    /// </summary>
    public Sentence? NewsHeadline { get; }

    /// <summary>Three plain sentences: what happened, how it stands, how sure that is; one more where the input ends early.</summary>
    public IReadOnlyList<Sentence> Lead { get; }

    /// <summary>What happened in order, upstream by upstream, then what was wrong.</summary>
    public IReadOnlyList<Sentence> Course { get; }

    /// <summary>The incidents, each a sentence and its phases.</summary>
    public IReadOnlyList<IncidentStory> Incidents { get; }

    /// <summary>Every sentence above, in order.</summary>
    public IEnumerable<Sentence> Sentences => [Headline, .. Lead, .. Course, .. Incidents.SelectMany(incident => incident.Sentences)];

    /// <summary>Which records prove each sentence.</summary>
    internal Provenance Provenance => _provenance.Value;

    /// <summary>What the report is about: <c>Who carries the routes to North Korea (KP)</c>.</summary>
    public string Title => $"Who carries the routes to {Names.Full(_report.Subject)}";

    /// <summary>The period in words, zone included.</summary>
    public string Period => _report.From == _report.To
        ? $"{Wording.Day(_report.To)}, {Wording.Clock(_report.To)} UTC, one instant"
        : $"{Wording.Day(_report.From)} {Wording.ClockBrief(_report.From)} to {Wording.Day(_report.To)} {Wording.ClockBrief(_report.To)} UTC";

    /// <summary>True where the data say nothing of the subject at any time: not the same as nothing happening.</summary>
    public bool NothingKnown => NoTable || NothingSeen && Watching == 0;

    // Updates without a table before them: what the peers held is known of no family in question.
    private bool NoTable { get; }

    private string WithoutTableWords()
    {
        var paths = _report.JudgedPaths();
        int changed = _report.Observations.Histories
            .Where(history => history.Steps.Any(step => step.Path >= 0 && paths.Counts(history.Prefix, step.Path)))
            .Select(history => history.Prefix).Distinct().Count();
        string known = changed == 0 ? "no update names a prefix of it"
            : $"only the {(changed == 1 ? "one prefix" : $"{Wording.Count(changed)} prefixes")} that changed {(changed == 1 ? "is" : "are")} known";
        return $"No table dump: {known}; who carries routes to {Subject} cannot be said. Add the RIB file before "
            + $"{Wording.Clock(_report.From)} on {Wording.Day(_report.From)}";
    }

    // No peer held a route at any time: known where full-feed peers watched, for those would have had one.
    private bool NothingSeen => _report.Transit is { Upstreams.Count: 0, Prefixes.Count: 0, Changes.Count: 0 }
        && !_report.Transit.Series.Any(point => point.Visibility is not null);

    private int Watching => _report.Observations.Peers
        .Where(feed => (feed.FullIpv4 || feed.FullIpv6)
            && feed.Up.Any(up => up.From <= _report.To && (up.To > _report.From || _report.From == _report.To)))
        .Select(feed => feed.Peer.Asn).Distinct().Count();

    /// <summary>True where no change of the subject itself was found: trouble of a feed is none.</summary>
    public bool Quiet => !_report.Transit.Changes.Any(change => change.Kind is not ChangeKind.FeedProblem);

    // A dump takes its seconds to be written: a period of these alone shows a state and no course.
    private bool IsMoment => _report.To - _report.From < _momentMax;

    private static readonly TimeSpan _momentMax = TimeSpan.FromMinutes(1);

    /// <summary>What stands in the place of the changes where there is none.</summary>
    public string NoChange => NothingKnown ? "Nothing is known: no data is not no event."
        : _report.From == _report.To ? "One instant is shown, in which nothing can change."
        : IsMoment ? "The input is of one moment: no change can be told."
        : _quiet.Row();

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
        // A share of peer ASes that the share of routes does not bear out names nobody.
        UpstreamState[] counted = [.. all.Where(upstream => upstream.Shares.PeerAs > 0
            && upstream.Shares.Route >= RoutePartMin * upstream.Shares.PeerAs)];
        if (counted.Length == 0) counted = [.. all.Where(upstream => upstream.PeerAses > 0 && upstream.LastSeen >= end)];
        return [.. counted.OrderByDescending(upstream => upstream.Shares.PeerAs).ThenBy(upstream => upstream.Asn)];
    }

    private string NoRoute() => _known.PeerAsesShown is > 0 and var shown
        ? $"No peer AS with a known table has a route to {Subject}; {Wording.Count(shown, "peer AS", "peer ASes")} without one had"
        : $"No route to {Subject} is seen";

    private Sentence FindHeadline()
    {
        if (NoTable) return new(WithoutTableWords()) { RestsOnAll = true };
        if (NothingKnown) return new($"Nothing is known of the routes to {Subject}") { RestsOnAll = true };
        if (NothingSeen) return new(NoRoute()) { RestsOnAll = true };
        if (_current.Length == 0) return new(StateHeadline()) { RestsOnAll = true };
        bool isOfFew = _family?.Voters.Count < FamilyAnswer.HeadlineVotersMin || _known.ManyAreUnknown is not null;
        if (_family is { } few && isOfFew) return FewFeeds(few);
        string[] named = [.. _current.Take(NamedMax).Select(Share)];
        int more = _current.Length - named.Length;
        string by = more > 0
            ? $"{string.Join(", ", named)} and {Wording.Count(more, "other", "others")}"
            : Wording.Join(named);
        string without = Uncounted(), aside = Aside();
        string others = WithoutVote();
        string all = _current.Length == 1 && without.Length + others.Length == 0 ? $"All {_of}routes" : _of.Length > 0 ? $"{_of}routes" : "Routes";
        string shown = aside.Length > 0 ? " that show an upstream" : "";
        return new($"{all} to {Subject}{shown} go by {by}{without}{aside}{others}") { CarryAtEnd = [.. _current.Take(NamedMax).Select(upstream => upstream.Asn)] };
    }

    // Who holds too few of its prefixes to vote has routes all the same: what is said of all is not said of these.
    private string WithoutVote()
    {
        UpstreamState[] others = [.. _report.Transit.Upstreams.Where(upstream => StillUsing(upstream.Asn) > 0)
            .OrderByDescending(upstream => upstream.PeerAses).ThenBy(upstream => upstream.Asn)];
        if (others.Length == 0) return "";
        string more = others.Length == 1 ? "" : $" and {Wording.Count(others.Length - 1, "other upstream", "other upstreams")}";
        return $"; {Wording.Count(others[0].PeerAses, "peer AS", "peer ASes")} without a vote {(others[0].PeerAses == 1 ? "uses" : "use")} {Short(others[0].Asn)}{more}";
    }

    /// <summary>So large a part of the routes without an upstream that counts stands beside the shares of the others.</summary>
    private const double UncountedPartMin = 0.1;

    // Where one carries all that can be counted, a single route on which nobody can be counted is none of "all".
    private string Uncounted()
    {
        if (_family is not { Routes: { } routes }) return "";
        int without = routes.Uncounted
            .Where(uncounted => uncounted.Why is NoUpstream.OriginSet or NoUpstream.RefusedPath or NoUpstream.Contradicted)
            .Sum(uncounted => uncounted.Routes);
        return without == 0 || _current.Length > 1 && without < UncountedPartMin * routes.Routes ? ""
            : $"; on {Wording.Count(without)} of {Wording.Count(routes.Routes)} no upstream can be counted";
    }

    // A neighbour's own link shows no upstream: what is said of all routes is not said of its.
    private string Aside() => _current.Length > 1 || _family is not { Routes: { } routes } ? ""
        : string.Concat(routes.Uncounted.Where(uncounted => uncounted.Why is NoUpstream.DirectNeighbour or NoUpstream.InsideCountry)
            .Select(uncounted => $"; {StateWords.WhyNoUpstream(uncounted)}"));

    // Where nobody carries it: absent, not known and present without an upstream are three things.
    private string StateHeadline()
    {
        if (_family is { Prefixes: 0 } && _report.Transit.MoreSpecifics.Count is > 0 and var longer)
            return $"Only {Wording.Count(longer, "prefix", "prefixes")} of {Subject} longer than /24 or /48 {(longer == 1 ? "is" : "are")} seen at the end";
        return _family?.Routes.State switch
        {
            RouteState.WithoutUpstream => $"Routes to {Subject} are seen, but no upstream can be counted",
            RouteState.Unknown => $"Nothing is known of the routes to {Subject} at the end",
            _ => $"No route to {Subject} is seen at the end{_known.ButBy(_report.To)}",
        };
    }

    // A share of one or two networks is none of the Internet, nor is one of the few of which something is known: who they are is said, and
    // what they use.
    private Sentence FewFeeds(FamilyAnswer family)
    {
        var by = _current.OrderByDescending(upstream => upstream.Shares.Route).ThenByDescending(upstream => upstream.PeerAses)
            .ThenBy(upstream => upstream.Asn).ToArray();
        var named = by.Take(NamedMax).ToArray();
        int more = by.Length - named.Length;
        string go = Wording.Join([.. named.Select(upstream => Short(upstream.Asn)),
            .. more > 0 ? [Wording.Count(more, "other", "others")] : Array.Empty<string>()]);
        bool full = family.FullVoters == family.Voters.Count;
        string? most = _known.ManyAreUnknown;
        string feeds = family.Voters.Count switch
        {
            _ when most is not null => most,
            0 => "No vantage point votes",
            1 => $"One {(full ? "full" : "partial")} feed only",
            _ => $"Two {(full ? "full " : "")}feeds only",
        };
        string at = family.Voters.Count == 0 || most is not null ? "" : $" at {Wording.Join([.. family.Voters.Select(voter => voter.ToString())])}";
        return new($"{feeds}{(most is null ? ":" : "")} {(_of.Length > 0 ? _of : "")}routes to {Subject}{at} go by {go}")
        {
            CarryAtEnd = [.. named.Select(upstream => upstream.Asn)],
        };
    }

    private Sentence[] FindLead()
    {
        if (NoTable) return
        [
            new("What the peers held before their first message is not known: no share, no upstream and no change can be told from updates alone.")
                { RestsOnAll = true },
        ];
        if (NothingKnown) return [StateWords.NoData(_report)];
        if (NothingSeen) return
        [
            new($"{Wording.Count(Watching, "peer AS", "peer ASes")} with a full table watched, and none {(_known.PeerAsesShown > 0 ? "of these " : "")}"
                + "held a route to it in this period.") { RestsOnAll = true },
        ];
        var lead = new List<Sentence>();
        if (SureWords.UnknownEnd(_report) is { } unknown) lead.Add(unknown);
        var news = _news.Sentence();
        // Without a change the same stands in the place of the news.
        if (news is not null && _known.UnknownAtStart is { } before) lead.Add(new(before) { RestsOnAll = true });
        lead.Add(news ?? new(QuietWords() + TooShort()) { RestsOnAll = true });
        lead.Add(AtEnd());
        if (StateWords.Unknown(_report.Transit.Families) is { } more) lead.Add(more);
        lead.Add(SureWords.Sentence(_report, _of));
        if (news is not null && OtherFamily(news) is { } family) lead.Add(family);
        return [.. lead];
    }

    // Who sees the headline's family need not see the first change: where that is of the other one, it is said by how many.
    private Sentence? OtherFamily(Sentence news)
    {
        var told = _report.Transit.Changes.Where(change => news.Changes.Contains(change.Id)).ToArray();
        if (_of.Length == 0 || _family is null || told.Length == 0) return null;
        var families = told.SelectMany(change => change.Prefixes).Select(prefix => prefix.Family).Distinct().ToArray();
        if (families is not [var only] || only == _family.Family) return null;
        int peerAses = told[0].Witnesses.Select(witness => _report.Observations.Peers[witness.Peer].Peer.Asn).Distinct().Count();
        return new($"The change told first is of {StateWords.Name(only)}, at {Wording.Count(peerAses, "peer AS", "peer ASes")}.") { Changes = news.Changes };
    }

    // The second: how it stands.
    private Sentence AtEnd()
    {
        if (_current.Length == 0) return new(StateAtEnd()) { RestsOnAll = true };
        var named = _current.Take(NamedMax).ToArray();
        bool isInstant = IsMoment;
        string[] parts = [.. named.Select((upstream, index) =>
        {
            bool fromStart = !isInstant && MovesOf(upstream.Asn).Count == 0 && _known.AtStart(upstream.Asn);
            string there = fromStart ? ", there from the start of the period," : "";
            return $"{Names.Spoken(upstream.Asn)}{there} carries {PrefixesBy(upstream.Asn)}{(index == 0 && !isInstant ? " at the end" : "")}";
        })];
        int more = _current.Length - named.Length;
        string rest = more > 0 ? $"; {Wording.InWords(more)} {(more == 1 ? "other carries" : "others carry")} the rest of the routes" : "";
        return new($"{string.Join("; ", parts)}{rest}{WithoutVote()}.")
        {
            CarryAtEnd = [.. named.Select(upstream => upstream.Asn)],
            CarryAtStart = [.. named.Select(upstream => upstream.Asn)
                .Where(asn => !isInstant && MovesOf(asn).Count == 0 && _known.AtStart(asn))],
        };
    }

    private string StateAtEnd() => _family switch
    {
        { Prefixes: 0 } when _report.Transit.MoreSpecifics.Count > 0 =>
            "At the end of the period no prefix of it that counts world-wide is seen, only longer ones.",
        { Routes: { State: RouteState.WithoutUpstream } routes } =>
            $"At the end {Wording.Count(routes.PeerAses, "peer AS holds", "peer ASes hold")} routes to {Wording.Count(_family.Prefixes, "prefix", "prefixes")} of it, "
            + $"and no upstream can be counted: {StateWords.WhyNoUpstream(routes)}.{LastCarrier()}",
        { Routes.State: RouteState.Unknown } => "What is held at the end of the period is not known.",
        _ => $"At the end of the period no route to it is seen{_known.ButBy(_report.To)}.",
    };

    /// <summary>The name of an AS; where two upstreams share it, the number stands beside it.</summary>
    internal string Short(Asn asn) => Names.Short(asn) is var name
        && _current.Any(other => other.Asn != asn && Names.Short(other.Asn) == name) ? $"{name} {asn}" : name;

    private string LastCarrier() => _report.Transit.Upstreams.Where(upstream => upstream.LastSeen < _report.To)
        .OrderByDescending(upstream => upstream.LastSeen).ThenBy(upstream => upstream.Asn).FirstOrDefault() is { } last
        ? $" The last upstream that was seen is {Names.Spoken(last.Asn)}, until {Wording.Moment(last.LastSeen)}." : "";

    private string Share(UpstreamState upstream) => _current.Length == 1 || upstream.Shares.PeerAs == 0
        ? Short(upstream.Asn)
        : $"{Short(upstream.Asn)} ({Wording.Percent(upstream.Shares.PeerAs)})";

    /// <summary>True for an upstream that carries routes at the end.</summary>
    internal bool CarriesAtEnd(Asn? asn) => Array.Exists(_current, upstream => upstream.Asn == asn);

    /// <summary>
    /// Peer ASes without a vote that hold routes by an upstream at the end which carries none at those that vote: a stuck route is none.
    /// </summary>
    internal int StillUsing(Asn? asn) => CarriesAtEnd(asn) ? 0 : _report.Transit.Upstreams
        .Where(upstream => upstream.Asn == asn && upstream.LastSeen >= _report.To && upstream.Shares.PeerAs == 0)
        .Select(upstream => upstream.PeerAses).FirstOrDefault();

    /// <summary>True for an upstream that came or went.</summary>
    internal static bool IsMove(TransitChange change) =>
        change.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned or ChangeKind.UpstreamVanished;

    /// <summary>The comings and goings of an upstream of the subject, in order of time.</summary>
    internal List<TransitChange> MovesOf(Asn asn) => [.. Changes.Select(numbered => numbered.Change)
        .Where(change => change.Upstream == asn && change is { PartOf: null, Tier: 1 } && IsMove(change))];

    private string PrefixesBy(Asn asn)
    {
        var prefixes = _report.Transit.Prefixes.Where(prefix => _family is null || prefix.Prefix.Family == _family.Family).ToArray();
        var by = prefixes.Where(prefix => prefix.Upstreams.Any(upstream => upstream.Asn == asn)).ToArray();
        // Of several that carry the one prefix each does so for a part of the peer ASes.
        if (prefixes is [var only] && by.Length == 1) return only.Upstreams.Single(upstream => upstream.Asn == asn).PeerAses is var peerAses
            && only.Upstreams.Count > 1 ? $"{only.Prefix} for {Wording.Count(peerAses)} of {Wording.Count(only.PeerAses, "peer AS", "peer ASes")}"
            : only.Prefix.ToString();
        // A session without a known table may hold more than it has announced.
        bool isIpv6 = _family?.Family is AddressFamily.IPv6;
        string shown = _report.Observations.Peers.Any(feed => (isIpv6 ? feed.Ipv6Since : feed.Ipv4Since) is null
            && (isIpv6 ? feed.Ipv6Prefixes : feed.Ipv4Prefixes) > 0) ? " that the input shows" : "";
        string count = by.Length == prefixes.Length ? by.Length == 2 ? "both" : $"all {Wording.Count(by.Length)}" : $"{Wording.Count(by.Length)} of {Wording.Count(prefixes.Length)}";
        return by.Length == 1 ? $"1 of {Wording.Count(prefixes.Length)} {_of}prefixes{shown}, {by[0].Prefix}" : $"{count} {_of}prefixes{shown}";
    }

    // What each upstream that came or went did, in order of the first: of those that carry at the end the largest, those that do no more,
    // and whom the changes of the other family are about.
    private IEnumerable<Sentence> Courses()
    {
        var small = _current.Skip(NamedMax).Select(upstream => upstream.Asn).ToHashSet();
        var moved = _report.Transit.Changes
            .Where(change => change is { Tier: 1, PartOf: null, Upstream: not null } && IsMove(change))
            .OrderBy(change => change.Time).Select(change => change.Upstream!.Value).Distinct().Where(asn => !small.Contains(asn));
        foreach (var asn in moved)
        {
            var events = MovesOf(asn);
            yield return new($"{Names.Spoken(asn)} {ChangeWords.Course(events, CarriesAtEnd(asn))}.") { Changes = [.. events.Select(change => change.Id)] };
        }
    }

    private IReadOnlyList<Sentence> InOrder(Sentence[] sentences)
    {
        var times = Changes.ToDictionary(numbered => numbered.Change.Id, numbered => numbered.Change.Time, StringComparer.Ordinal);
        return [.. sentences.OrderBy(sentence => sentence.Changes.Min(id => times[id]))];
    }

    private IEnumerable<Sentence> Trouble()
    {
        foreach (var unstable in Changes.Where(numbered => numbered.Change.Kind is ChangeKind.Unstable).Select(numbered => numbered.Change))
        {
            var outages = Changes.Where(
                numbered => numbered.Change.PartOf == unstable.Id && numbered.Change.Kind is ChangeKind.Outage).ToArray();
            string then = StateWords.Within([.. outages.Select(outage => outage.Change)]);
            string were = unstable.Prefixes.Count == 1 ? "was" : "were";
            yield return new($"From {ChangeWords.Interval(unstable)}, {ChangeWords.Scope(unstable)} {were} unstable{then}.")
            {
                Changes = [unstable.Id, .. outages.Select(outage => outage.Change.Id)],
            };
        }
        var alone = Changes.Select(numbered => numbered.Change)
            .Where(change => change is { Kind: ChangeKind.Outage, PartOf: null }).ToArray();
        string[] ids = [.. alone.Select(change => change.Id)];
        if (alone.Length > 0) yield return new(StateWords.Outages(alone, _known)) { Changes = ids };
    }

    /// <summary>Who came so near the end of the data is named, though it is too early to call it a change.</summary>
    private static readonly TimeSpan TooShortMax = TimeSpan.FromMinutes(10);

    private string TooShort()
    {
        if (_report.From == _report.To || _known.UnknownBefore() is not null) return "";
        var late = _current.Where(upstream => _report.To - upstream.FirstSeen <= TooShortMax
            && !_known.AtStart(upstream.Asn)).ToArray();
        return late.Length == 0 ? "" : $" {Wording.Join([.. late.Take(NamedMax).Select(upstream =>
            $"{Names.Spoken(upstream.Asn)} is seen as upstream since {Wording.Clock(upstream.FirstSeen)}")])}: too short to call a change.";
    }

    private string QuietWords() => _report.From == _report.To
        ? "One instant is shown: what changed before or after it is not said."
        : IsMoment ? $"The input spans {Wording.Length(_report.To - _report.From)}: what changed before or after it is not said."
        : _quiet.Sentence();
}
