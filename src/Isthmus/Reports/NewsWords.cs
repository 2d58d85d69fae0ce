using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Incidents;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>
/// The change of most weight in a sentence, as a report begins, and in a line, as a page is headed. What later undid it is told with it.
/// </summary>
internal sealed class NewsWords
{
    /// <summary>An upstream whose share is another at the end by so much did not stay at what a shift led to.</summary>
    private const double ShareMoved = 0.15;

    private readonly Report _report;
    private readonly Story _story;
    private readonly KnownRoutes _known;
    private readonly TransitChange? _news;
    private readonly WholeOutage? _whole;
    private readonly LaterMoves? _later;

    /// <param name="story">Names, local times and changes of it are used, and no sentence.</param>
    public NewsWords(Report report, Story story, KnownRoutes known)
    {
        (_report, _story, _known) = (report, story, known);
        _news = FirstNews.Of(story.Changes);
        _whole = known.WholeOutageOf(story.Changes.Where(numbered => !numbered.IsPart).Select(numbered => numbered.Change));
        if (_whole is not null && !FirstNews.IsBefore(_whole, _news)) _whole = null;
        if (_news is not { Upstream: { } upstream, Tier: 1 } || !Story.IsMove(_news)) return;
        var moves = story.MovesOf(upstream);
        _news = FirstOfRun(_news, moves);
        _later = new(_news, moves);
    }

    // Of moves of one kind, prefix after prefix, the first is the news.
    private static TransitChange FirstOfRun(TransitChange news, List<TransitChange> moves)
    {
        int place = moves.FindIndex(move => move.Id == news.Id);
        while (place > 0 && moves[place - 1].Kind == news.Kind && moves[place - 1].Earliest is null == news.Earliest is null) place--;
        return moves[place];
    }

    /// <summary>The sentence; null where nothing of the subject itself changed.</summary>
    public Sentence? Sentence()
    {
        if (_whole is not { } whole) return _news is not { } news ? null : Exchange(news) ?? new(Text(news)) { Changes = Told(news) };
        string text = $"From {ChangeWords.Interval(whole.Unseen.From, whole.Unseen.To, " UTC")}, no route to any of the "
            + $"{Wording.Count(whole.Prefixes)} prefixes is seen{_known.ButBy(whole)}{whole.Course}.";
        return new(text) { Changes = [.. whole.Parts.Select(part => part.Id)] };
    }

    private IReadOnlyList<string> Told(TransitChange news) => _later?.Changes ?? [news.Id, .. Followers(news).Select(change => change.Id)];

    private string Text(TransitChange news)
    {
        string when = $"{ChangeWords.When(news)} UTC{(news.Earliest is null ? _story.Local.Beside(news.Time) : "")}{Slowly(news)}";
        string who = news.Upstream is { } upstream ? Spoken(upstream) : "an upstream";
        string scope = ChangeWords.Scope(news), widened = _later?.Widened ?? "", later = _later?.Words ?? "";
        return news.Kind switch
        {
            ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned or ChangeKind.UpstreamVanished when news.Tier > 1 =>
                $"{_story.Words.What(news)}, {when}.",
            ChangeKind.UpstreamAppeared when news.ShareBefore is > ChangeWords.Stuck =>
                $"{who} came to carry {scope} of {Subject} {when}{widened}; its share was {Wording.Percent(news.ShareBefore.Value)} before{later}.",
            ChangeKind.UpstreamAppeared when _known.CarriedBefore(news, news.Upstream) =>
                $"{who} came to carry {scope} of {Subject} {when}{widened}; some routes went by it before{later}.",
            ChangeKind.UpstreamAppeared when _known.UnknownPeers(news) is { Length: > 0 } unknown =>
                $"{who} came to carry {scope} of {Subject} {when}{widened}{later}{unknown}.",
            ChangeKind.UpstreamAppeared when _known.UnknownAtStart is not null =>
                $"{who} came to carry {scope} of {Subject} {when}{widened}{Besides(news)}{NotIt(later, news)}.",
            ChangeKind.UpstreamAppeared =>
                $"{who} began to carry routes to {Subject} {when}, for {scope}{widened}{Besides(news)}{AfterOutage(news)}{NotIt(later, news)}.",
            ChangeKind.UpstreamReturned when later.Length > 0 => $"{who} came back to carry {scope} of {Subject} {when}{widened}{later}.",
            ChangeKind.UpstreamReturned => $"{who} carries routes to {Subject} again, for {scope}: it came back {when}{widened}.",
            ChangeKind.UpstreamVanished when ChangeWords.IsPartial(news) && widened.Length == 0 =>
                $"{who} ceased to carry {scope} of {Subject} {when}{(later.Length == 0 && _story.CarriesAtEnd(news.Upstream) ? "; it still carries others" : later)}.",
            ChangeKind.UpstreamVanished when Others.IsNotAll(news) =>
                $"{who} lost most of its routes to {Subject} {when}{widened}; its share went from {ChangeWords.Shares(news).Replace("→", "to", StringComparison.Ordinal)}{later}.",
            ChangeKind.UpstreamVanished => $"{who} ceased to carry routes to {Subject} {when}, for {scope}{widened}{later}{Remaining(news, later)}.",
            ChangeKind.IntermediaryInserted => Intermediary(news, who, when),
            ChangeKind.ShareShifted => $"{_story.Words.What(news)}, {ChangeWords.When(news).TrimEnd(',')} UTC{AtEnd(news)}.",
            ChangeKind.Outage => $"{ChangeWords.OutageTold(news, " UTC", _known.ButBy(news), _known.Unseen(news))[..^1]}{BackBy(news)}{Again(news)}.",
            ChangeKind.Unstable => $"From {ChangeWords.Interval(news, " UTC")}, {scope} of {Subject} {(news.Prefixes.Count == 1 ? "was" : "were")} unstable.",
            ChangeKind.MoreSpecificAppeared =>
                $"{Spoken(news.Origin!.Value)} announced {ChangeWords.MoreSpecifics(news)}{OfSubject}, {when}{ChangeWords.Ended(news)}.",
            ChangeKind.PrefixAppeared => $"{_story.Words.What(news)}, by {By(news)}, {when}{AtEnd(news)}{MoreCame(news)}.",
            _ => $"{_story.Words.What(news)}, {when}{ChangeWords.Ended(news)}{AtEnd(news)}.",
        };
    }

    // Who has no vote may hold its routes on.
    private string Remaining(TransitChange news, string later)
    {
        if (later.Length > 0) return "";
        int voting = !_story.CarriesAtEnd(news.Upstream) ? 0
            : _report.Transit.OfAnyFamily.Where(of => of.Asn == news.Upstream).Sum(of => of.PeerAses);
        int users = voting > 0 ? voting : _story.StillUsing(news.Upstream);
        return users == 0 ? "" : $"; {Wording.Count(users, "peer AS", "peer ASes")}{(voting > 0 ? "" : " without a vote")} still "
            + $"{(users == 1 ? "uses" : "use")} it";
    }

    // What one peer AS after another does for longer than a change of one moment is not of that moment.
    private static string Slowly(TransitChange news)
    {
        if (!Story.IsMove(news) || news.Tier > 1 || news.Earliest is not null || news.Last - news.First <= RollOut.QuickMax) return "";
        string last = Wording.Date(news.Last) == Wording.Date(news.Time) ? Wording.Clock(news.Last) : ChangeWords.At(news.Last);
        return news.Kind is not ChangeKind.UpstreamVanished ? $", at one peer AS after another until {last}"
            : $" (at one peer AS after another, {(Wording.Date(news.First) == Wording.Date(news.Time) ? Wording.Clock(news.First) : ChangeWords.At(news.First))} to {last})";
    }

    private string Again(TransitChange news) => Followers(news) switch
    {
        [] => "",
        [var one] => $"; another such outage began {Began(one)}",
        [.., var last] more => $"; {Wording.InWords(more.Length)} more such outages followed, the last {Began(last)}",
    };

    // What came back behind another carrier, or without one that it had: told where it stayed so.
    private string BackBy(TransitChange outage)
    {
        if (outage is not { Until: { } back, Earliest: null, UntilEarliest: null } || outage.ShareAfter is > 0
            || _known.UnknownPeers(outage).Length + Followers(outage).Length > 0) return "";
        var settled = back + Presences.AwayMin > _report.To ? _report.To : back + Presences.AwayMin;
        var before = _known.CarriersAt(outage.First - TimeSpan.FromMicroseconds(1), outage.Prefixes);
        var after = _known.CarriersAt(settled, outage.Prefixes);
        Asn[] gone = [.. before.Except(after).Where(asn => !_story.CarriesAtEnd(asn) && _story.StillUsing(asn) == 0
            && !_story.MovesOf(asn).Any(move => move.Kind is ChangeKind.UpstreamReturned && move.Time > settled))];
        Asn[] came = [.. after.Except(before)];
        string it = outage.Prefixes.Count == 1 ? "it" : "they";
        return (came.Length, gone.Length) switch
        {
            ( > 0 and <= NamedMax, > 0 and <= NamedMax) => $"; {it} came back by {Named(came)} in place of {Named(gone)}",
            (0, > 0 and <= NamedMax) when after.Count > 0 => $"; {Named(gone)} {(gone.Length == 1 ? "is" : "are")} not back",
            _ => "",
        };
    }

    private const int NamedMax = 2;

    private string Named(Asn[] networks) => Wording.Join([.. networks.Select(Spoken)]);

    // Who comes where nothing was seen before: since when, and who carried until then.
    private string AfterOutage(TransitChange news)
    {
        if (news.Earliest is { } dump) return AfterEmptyDump(news, dump);
        bool IsBefore(TransitChange change) =>
            change is { Kind: ChangeKind.Outage, Earliest: null, UntilEarliest: null, Until: { } until } && change.ShareAfter is not > 0
            && (until - news.Time).Duration() <= OneCause.ExchangeWithin && change.First < news.First
            && news.Prefixes.All(change.Prefixes.Contains);
        var outage = _story.Changes.Select(numbered => numbered.Change).FirstOrDefault(IsBefore);
        if (outage is null || _known.Unseen(outage) is not { To: { } to } unseen) return "";
        string Clock(Timestamp time) => Wording.Date(time) == Wording.Date(news.Time) ? Wording.Clock(time) : ChangeWords.At(time);
        Asn[] before = [.. _known.CarriersAt(outage.First - TimeSpan.FromMicroseconds(1), news.Prefixes)
            .Where(asn => asn != news.Upstream)];
        string it = news.Prefixes.Count == 1 ? "it" : "them";
        return $"; from {Clock(unseen.From)} to {Clock(to)} no route to {it} was seen"
            + (before.Length is 0 or > NamedMax || _known.UnknownPeers(outage).Length > 0 ? "" : $", and {Named(before)} carried {it} before that");
    }

    // Of two dumps the first may show no route at all.
    private string AfterEmptyDump(TransitChange news, Timestamp dump)
    {
        if (_report.Transit.Heard is not { } heard || _known.UnknownPeers(news).Length > 0) return "";
        foreach (var absence in Absences.Of(heard, news.Prefixes))
            if (absence.From <= dump && !(absence.To <= dump))
                return $"; {(absence.From == dump ? "at" : $"from {ChangeWords.At(absence.From)} to")} {ChangeWords.At(dump)} no dump shows a route to "
                    + (news.Prefixes.Count == 1 ? "it" : "them");
        return "";
    }

    // Outages of the same prefixes and of the same extent that follow.
    private TransitChange[] Followers(TransitChange news) => news.Kind is not ChangeKind.Outage ? []
        : [.. _story.Changes.Select(numbered => numbered.Change).Where(change => change.Kind is ChangeKind.Outage
            && change.Time > news.Time && ChangeWords.IsTotal(change) == ChangeWords.IsTotal(news)
            && change.Prefixes.SequenceEqual(news.Prefixes))];

    private string Began(TransitChange outage) => _known.Unseen(outage) is { } unseen
        ? $"on {Wording.Day(unseen.From)} at {Wording.Clock(unseen.From)}" : ChangeWords.When(outage).TrimEnd(',');

    private string MoreCame(TransitChange news)
    {
        int more = _story.Changes.Select(numbered => numbered.Change)
            .Where(change => change.Kind is ChangeKind.PrefixAppeared && change.Time > news.Time)
            .SelectMany(change => change.Prefixes).Distinct().Except(news.Prefixes).Count();
        return more == 0 ? "" : $"; {Wording.InWords(more)} more {(more == 1 ? "prefix" : "prefixes")} followed";
    }

    // Behind who carried before, "it" would be read as that one.
    private string NotIt(string later, TransitChange news) => later.StartsWith("; it ", StringComparison.Ordinal)
        && Besides(news).Length + AfterOutage(news).Length > 0
        ? $"; {_story.Short(news.Upstream!.Value)} {later["; it ".Length..]}" : later;

    // Who stands between and is gone again does not stand there.
    private string Intermediary(TransitChange news, string who, string when)
    {
        string before = $"before {Spoken(news.Between ?? default)} on the way to {Subject}";
        var (left, gone) = (news.Prefixes.ToHashSet(), (TransitChange?)null);
        foreach (var removal in _report.Transit.Changes.Where(change => change.Kind is ChangeKind.IntermediaryRemoved
            && change.Upstream == news.Upstream && change.Between == news.Between && change.Time > news.Time
            && change.Prefixes.Any(left.Contains)).OrderBy(change => change.Time))
        {
            left.ExceptWith(removal.Prefixes);
            gone = removal;
            if (left.Count == 0) break;
        }
        if (gone is null) return $"{who} stands {before} since {(news.Earliest is null ? when[3..] : $"a time {when}")}.";
        string went = left.Count == 0 ? "" : $" from all but {Wording.Count(left.Count)} of {Wording.Count(news.Prefixes.Count)} prefixes";
        return left.Count == 0 && news.Earliest is null && gone.Earliest is null
            ? $"{who} stood {before} from {ChangeWords.Interval(news with { Until = gone.Time }, " UTC")}."
            : $"{who} came to stand {before} {when}, and went again{went} {ChangeWords.When(gone).TrimEnd(',')}.";
    }

    // All that the subject has goes by prefixes that came, behind a carrier that came with them: of the carriers none is left.
    private Sentence? Exchange(TransitChange news)
    {
        if (news.Earliest is not null || news.Kind is not (ChangeKind.Outage or ChangeKind.PrefixVanished or ChangeKind.PrefixAppeared))
            return null;
        var came = _story.Changes.Select(numbered => numbered.Change)
            .Where(change => change is { Kind: ChangeKind.PrefixAppeared, Earliest: null }).OrderBy(change => change.Time)
            .FirstOrDefault(change => Carriers(change) is [var only] && _story.CarriesAtEnd(only)
                && _story.MovesOf(only).Count == 0 && !_known.AtStart(only) && !_known.CarriedBefore(change, only));
        if (came is null) return null;
        var who = Carriers(came)[0];
        var gone = _story.Changes.Select(numbered => numbered.Change).Where(change => change is { Until: null, Earliest: null }
            && change.Kind is ChangeKind.Outage or ChangeKind.PrefixVanished).ToArray();
        Asn[] before = [.. _report.Transit.Upstreams.Where(upstream => !_story.CarriesAtEnd(upstream.Asn) && _known.AtStart(upstream.Asn)
            && _story.MovesOf(upstream.Asn).Count == 0).Select(upstream => upstream.Asn)];
        if (gone.Length == 0 || before.Length == 0) return null;
        string lost = $"; {Wording.Join([.. before.Select(Spoken)])} carried {(gone.Sum(loss => loss.Prefixes.Count) == 1 ? "one" : "others")} that "
            + $"{(gone.Sum(loss => loss.Prefixes.Count) == 1 ? "is" : "are")} gone since {Since(gone.Max(loss => _known.Unseen(loss)?.From ?? loss.Last), came)}";
        return new($"{Spoken(who)} began to carry routes to {Subject} {ChangeWords.When(came)} UTC{_story.Local.Beside(came.Time)}, for "
            + $"{ChangeWords.Scope(came)} that {(came.Prefixes.Count == 1 ? "was" : "were")} not announced before{lost}.")
        {
            Changes = [came.Id, .. gone.Select(change => change.Id)],
        };
    }

    private static string Since(Timestamp time, TransitChange beside) => Wording.Date(time) == Wording.Date(beside.Time)
        ? Wording.Clock(time) : ChangeWords.At(time);

    // By which upstreams its witnesses came to hold its prefixes, those of most first.
    private Asn[] Carriers(TransitChange change) => [.. change.Witnesses.SelectMany(_known.UpstreamsOf)
        .GroupBy(asn => asn).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).Select(group => group.Key)];

    private string By(TransitChange change) => Carriers(change) switch
    {
        [] => "no upstream that can be counted",
        [var only] => Spoken(only),
        [var first, .. var others] => $"{Spoken(first)} and {Wording.Count(others.Length, "other", "others")}",
    };

    // What is not so any more at the end.
    private string AtEnd(TransitChange news)
    {
        var held = _report.Transit.Prefixes.Where(prefix => news.Prefixes.Contains(prefix.Prefix)).ToArray();
        bool isUnknown = _report.Transit.Families.Any(family => family.UnknownPrefixes.Any(news.Prefixes.Contains));
        string it = news.Prefixes.Count == 1 ? "it" : "any of them";
        if (news.Kind is ChangeKind.PrefixAppeared && held.Length == 0 && !isUnknown) return $"; at the end no route to {it} is seen";
        if (news is { Kind: ChangeKind.OriginChanged or ChangeKind.OriginAdded, Origin: { } origin } && held.Length > 0 && !isUnknown
            && !held.Any(prefix => prefix.Origins.Any(of => of.Asn == origin))) return $"; at the end {origin} is not seen as an origin of {it}";
        // A shift of the subject as a whole names no prefix, and is of the first family.
        if (news is not { Kind: ChangeKind.ShareShifted, Tier: 1, Upstream: { } upstream, ShareAfter: { } after }
            || _report.Transit.Families.FirstOrDefault(family => news.Prefixes is not [var one, ..] || family.Family == one.Family)
                is not { Upstreams.Count: > 0 } ofFamily) return "";
        double last = ofFamily.Upstreams.FirstOrDefault(state => state.Asn == upstream)?.Shares.PeerAs ?? 0;
        return Math.Abs(last - after) >= ShareMoved ? $"; at the end it is {Wording.Percent(last)}" : "";
    }

    /// <summary>
    /// The day and extent of it; the sentence has the second, and who carried it before. Null where the line would say too little.
    /// </summary>
    public Sentence? Headline()
    {
        if (_whole is { Length: { } all } whole)
            return new($"No route to {Subject} was seen for {Wording.Length(all)} on {Wording.Day(whole.Unseen.From)}") { Changes = [.. whole.Parts.Select(part => part.Id)] };
        if (_whole is not null || _news is not { Earliest: null } news) return null;
        if (news is { Kind: ChangeKind.Outage, Until: { } back, UntilEarliest: null })
        {
            string length = Wording.Length(_known.Unseen(news) is { } unseen ? unseen.LengthTo(_report.To) : back - news.Time);
            return new($"{ChangeWords.OutageHeadline(news, Subject)} for {length} on {Wording.Day(news.Time)}") { Changes = [news.Id] };
        }
        if (news is not { Kind: ChangeKind.UpstreamAppeared, Tier: 1, Upstream: { } upstream }) return null;
        bool carried = news.ShareBefore is > ChangeWords.Stuck || _known.CarriedBefore(news, upstream) || _known.UnknownAtStart is not null
            || _known.UnknownPeers(news).Length > 0;
        string scope = ChangeWords.Scope(_later is null ? news : _later.Until with { Prefixes = [.. _later.Prefixes] });
        string from = _later is { } later && Wording.Date(later.Until.Time) != Wording.Date(news.Time) ? "from" : "on";
        string on = $"{from} {Wording.Day(news.Time)}{(from == "from" ? " on" : "")}";
        string text = carried ? $"{_story.Short(upstream)} came to carry {scope} of {Subject} {on}"
            : $"{_story.Short(upstream)} began to carry routes to {Subject} {on}, for {scope}";
        return new(_later is { IsGone: true } ? $"{text}, and is gone again" : text) { Changes = Told(news) };
    }

    // Who else carried it in the bin before: the news is that there are now two.
    private string Besides(TransitChange change)
    {
        // In the bin just before, or nothing is said: of a time without a route nobody carried it.
        var before = _report.Transit.Series.LastOrDefault(point => point.Time + _report.Bin <= change.First);
        if (before is null || before.Upstreams.Count == 0 || before.Visibility is not > 0 || _known.WereLost(change, before.Time)) return "";
        Asn[] others = [.. _known.CarriersAt(change.First - TimeSpan.FromMicroseconds(1)).Where(asn => asn != change.Upstream)];
        // Of prefixes that it came to one after another "until then" would be read as until the last of them.
        // Of two dumps the first tells who carried it when it was made.
        string then = change.Earliest is { } dump ? $"at {(Wording.Date(dump) == Wording.Date(change.Time) ? Wording.Clock(dump) : ChangeWords.At(dump))}"
            : _later is { Widened.Length: > 0 } ? "before that" : "until then";
        if (others is [var alone]) return $"; {then} {Spoken(alone)} carried {(_report.Transit.Prefixes.Count == 1 ? "it" : "them all")}";
        // In whose place it came it is not beside; who is gone when the last peer AS has changed does not stay, be its loss told or not.
        var last = _later is { Widened.Length: > 0 } widened ? widened.Until.Last : change.Last;
        var after = _known.CarriersAt(last + OneChange.BorneOutWithin);
        Asn[] staying = [.. others.Where(after.Contains).Where(other => !_story.MovesOf(other).Any(move =>
            move.Kind is ChangeKind.UpstreamVanished && !ChangeWords.IsPartial(move)
            && (move.Time - change.Time).Duration() <= OneCause.ExchangeWithin))];
        return staying.Length switch
        {
            0 when others.Length is 2 or 3 && !others.Any(after.Contains) => $"; {then} {Wording.Join([.. others.Select(Spoken)])} carried "
                + (_report.Transit.Prefixes.Count == 1 ? "it" : "them"),
            0 => "",
            1 => $", beside {Spoken(staying[0])}",
            2 => $", beside {Spoken(staying[0])} and {Spoken(staying[1])}",
            _ => $", beside {Wording.InWords(staying.Length)} others",
        };
    }

    private string Subject => _story.Subject;

    private string OfSubject => _report.Subject.Kind is Attribution.SubjectKind.Prefix ? "" : $" of {Subject}";

    private string Spoken(Asn asn) => _story.Names.Spoken(asn);
}
