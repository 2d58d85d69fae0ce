using System.Globalization;

using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>Holds stated figures against a report: shares, parts, sizes, alone or not, the first time or not, number and name.</summary>
internal sealed class FigureJudge(Report report, Cast cast, NameIndex index, Held held)
{
    private const string NotTraffic = "Routes are not traffic: what share of traffic took which way, no routing data can say";

    private readonly Names _names = new(report.Registry);
    private readonly Courses _courses = new(report);
    private readonly PartJudge _parts = new(report, held);

    public JudgedClaim Of(Claim claim) => claim.Kind switch
    {
        ClaimKind.Share => OfShare(claim),
        ClaimKind.Part => OfPart(claim),
        ClaimKind.Size => OfSize(claim),
        ClaimKind.First => OfFirst(claim),
        ClaimKind.Identity => OfIdentity(claim),
        _ => throw new ArgumentOutOfRangeException(nameof(claim), claim.Kind, "no figure"),
    };

    /// <summary>Above this a share is meant to be the whole.</summary>
    private const double WholeMin = 0.95;

    private string[] Appearances(Func<Asn, bool> isWanted) =>
    [
        .. report.Transit.Changes
            .Where(change => change.Kind is ChangeKind.UpstreamAppeared && change.Upstream is { } upstream && isWanted(upstream))
            .Select(change => change.Id),
    ];

    private UpstreamState[] EndShares(Named who) => [.. report.Transit.OfAnyFamily.Where(upstream => who.IsOneOf(upstream.Asn))];

    private JudgedClaim OfShare(Claim claim)
    {
        if (claim.Who is not { } who) return new(claim, Mark.NotDecidable, "The text does not say whose share it is.", null, []);
        var number = claim.Number!;
        if (claim.Prefix is { } one) return new(claim, Mark.NotDecidable, $"A share of {one} by itself is not measured.", null, []);
        if (claim.Denied && number is { Low: > 0, High: < 1 })
            return new(claim, Mark.NotDecidable, "What a denied figure leaves is not decidable.", null, []);
        var behind = report.To + TimeSpan.FromSeconds(1);
        (string Name, double Value)[] ever = [.. FiguresOf(who, report.From, behind)];
        // "Now" is the end of the data; where the text gives no time, any time of the data will do.
        (string Name, double Value)[] then = claim switch
        {
            { Time: { } time } => [.. FiguresOf(who, time.From, (claim.Until ?? time).To)],
            { AtEnd: true } => [.. FiguresOf(who, report.To, behind)],
            _ => ever,
        };
        if (EndShares(who).Length == 0) return new(claim, Mark.Contradicted, $"{who.Text} is never seen as an upstream.", "0%", []);
        if (then.Length == 0 && (claim.Time is null ? !held.At(report.To).IsKnown : !held.At(claim.Time.Start).IsKnown))
            return Unknown(claim, claim.Time?.Start ?? report.To);
        if (claim is { Time: { } start, Unit: not ClaimUnit.Traffic }
            && (claim.Until ?? (claim.IsThroughout ? start : null)) is { } stop)
            return OfShareThroughout(claim, who, start, stop);
        if (then.Length == 0) then = [("share then", 0)];
        var nearest = then.MinBy(figure => number.DistanceTo(figure.Value));
        var elsewhere = (ever.Length > 0 ? ever : then).MinBy(figure => number.DistanceTo(figure.Value));
        bool fits = number.Holds(nearest.Value);
        // "All of the routes" of a day are all of them at every moment of it.
        if (fits && number.Low > WholeMin && claim is { Denied: false, AtEnd: false, Time: not { IsInstant: true } }
            && claim.Unit is not ClaimUnit.Traffic
            && _courses.ShareBetween(who, claim.Time?.From ?? report.From, (claim.Until ?? claim.Time)?.To ?? report.To)
                is var (least, _) && least < number.Low)
            return new(claim, claim.Time is null ? Mark.NotDecidable : Mark.Contradicted,
                $"It was so in part of that time only: the {nearest.Name} is {Wording.Percent(nearest.Value)}, and the least {Wording.Percent(least)}.",
                Wording.Percent(least), []);
        string closest = $"{Wording.Percent(nearest.Value)}, the {nearest.Name}";
        string also = !fits && number.DistanceTo(elsewhere.Value) + 0.01 < number.DistanceTo(nearest.Value)
            ? $" At another time it comes nearer: {Wording.Percent(elsewhere.Value)}, the {elsewhere.Name}." : "";
        if (claim.Unit is ClaimUnit.Traffic) return new(claim, Mark.NotDecidable,
            $"{NotTraffic}. {(fits ? $"Of routes a share would fit: {closest}." : $"No defined share of routes comes to it: closest is {closest}.")}{also}",
            closest, []);
        double last = EndShares(who).Sum(state => state.Shares.PeerAs);
        string atEnd = claim is { Time: null, AtEnd: false } && !number.Holds(last) ? $" At the end of the data it is {Wording.Percent(last)}." : "";
        return fits
            ? new(claim, Mark.Confirmed,
                $"The {nearest.Name} is {Wording.Percent(nearest.Value)}. That is a share of routes, not of traffic.{atEnd}", closest, [])
            : new(claim, Mark.Contradicted, $"No defined share of routes comes to {number.Text}; closest is {closest}.{also}", closest, []);
    }

    // Of a stretch from one time to another a share is stated of all of it.
    private JudgedClaim OfShareThroughout(Claim claim, Named who, StatedTime start, StatedTime stop)
    {
        var number = claim.Number!;
        var (from, to) = (start.To + report.Bin, stop.From - report.Bin);
        if (from >= to) (from, to) = (start.Start, stop.To);
        var (least, most) = _courses.ShareBetween(who, from, to);
        string found = least == most ? $"The peer-AS share was {Wording.Percent(least)} all of that time"
            : $"The peer-AS share went from {Wording.Percent(least)} to {Wording.Percent(most)} in that time";
        if (number.Holds(least) && number.Holds(most)) return held.Over(from, to).All(at => at.IsClear)
            ? new(claim, Mark.Confirmed, $"{found}. That is a share of routes, not of traffic.", null, []) : Unknown(claim, from);
        bool isOff = _courses.Shares(who, from, to).Any(stretch => number.DistanceTo(stretch.Value) > Off);
        return isOff || !number.Holds(least) && !number.Holds(most) && (most < number.Low || least > number.High)
            ? new(claim, Mark.Contradicted, $"{found}.", $"{Wording.Percent(least)} to {Wording.Percent(most)}", [])
            : new(claim, Mark.NotDecidable, $"{found}.", null, []);
    }

    /// <summary>So far from a stated share another one contradicts it.</summary>
    private const double Off = 0.05;

    private JudgedClaim Unknown(Claim claim, Timestamp time) =>
        new(claim, Mark.NotDecidable, StateJudge.NotClear([held.At(time, claim.Who, claim.Prefix)]), null, []);

    private IEnumerable<(string Name, double Value)> FiguresOf(Named who, Timestamp from, Timestamp to)
    {
        // Where too few peers are known their share is none of the subject's.
        foreach (var stretch in _courses.Shares(who, from, to).Where(stretch => stretch.Value > ChangeWords.Stuck))
            if (held.At(stretch.From).IsKnown && held.At(stretch.To < report.To ? stretch.To : report.To).IsKnown)
                yield return ($"peer-AS share from {Wording.Moment(stretch.From)} to {Wording.Moment(stretch.To)} UTC", stretch.Value);
        if (to <= report.To || !held.At(report.To).IsKnown) yield break;
        foreach (var shares in EndShares(who).Where(state => state.PeerAses > 0).Select(state => state.Shares))
        {
            yield return ("route share at the end", shares.Route);
            yield return ("peer-AS share at the end", shares.PeerAs);
            yield return ("prefix share at the end", shares.Prefix);
            yield return ("address share at the end", shares.Address);
        }
    }

    private JudgedClaim OfPart(Claim claim)
    {
        if (claim.PartVerb is ClaimKind.Carries) return _parts.Of(claim);
        var (who, number) = (claim.Who!, claim.Number!);
        if (claim.Denied) return new(claim, Mark.NotDecidable, "What a denied number leaves is not decidable.", null, []);
        TransitChange[] changes =
        [
            .. report.Transit.Changes.Where(change => change.Upstream is { } upstream && who.IsOneOf(upstream) && change.Prefixes.Count > 0)
                .Where(change => claim.PartVerb switch
                {
                    ClaimKind.Ended => change.Kind is ChangeKind.UpstreamVanished,
                    ClaimKind.Returned => change.Kind is ChangeKind.UpstreamReturned,
                    _ => change.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned,
                })
                .Where(change => claim.Time is not { } time
                    || (time.IsBound ? change.First < time.To : time.DistanceTo(change.First) <= time.Precision)),
        ];
        if (_parts.OfSteps(claim) is { } several && !changes.Any(IsFit)) return several;
        if (changes.Length == 0) return new(claim, Mark.Contradicted, $"No such change of {who.Text} is seen then.", "0", []);
        double CountOf(TransitChange change) =>
            claim.Unit is ClaimUnit.Addresses ? PartJudge.Addresses(change.Prefixes) : change.Prefixes.Count;
        bool IsFit(TransitChange change) => number.Holds(CountOf(change)) && PartJudge.IsWhole(claim, change.SubjectPrefixes);
        var fit = changes.FirstOrDefault(IsFit);
        if (fit is not null) return new(claim, Mark.Confirmed,
            $"{Wording.Moment(fit.Time)} UTC: {ChangeWords.Scope(fit)} ({string.Join(", ", fit.Prefixes)}).", null, [fit.Id]);
        var nearest = changes.MinBy(change => number.DistanceTo(CountOf(change)))!;
        return new(claim, Mark.Contradicted,
            $"{ChangeWords.Scope(nearest)} changed at {Wording.Moment(nearest.Time)} UTC.", ChangeWords.Scope(nearest), [nearest.Id]);
    }

    private JudgedClaim OfSize(Claim claim)
    {
        var size = report.Transit.Size;
        if (claim.Unit is ClaimUnit.Upstreams && !held.IsClearAt(report.To)) return Unknown(claim, report.To);
        if (claim.Prefix is { } prefix) return OfPrefixSize(claim, prefix);
        long upstreams = report.Transit.OfAnyFamily.Count(upstream => upstream.Shares.PeerAs > ChangeWords.Stuck);
        int byRoutes = held.UpstreamsAt(report.To).Count(upstream => upstream.Value > ChangeWords.Stuck);
        if (claim.Unit is ClaimUnit.Upstreams && upstreams != byRoutes) return new(claim, Mark.NotDecidable, $"By peer ASes that vote it has "
            + $"{Wording.Count(upstreams, "upstream", "upstreams")} at the end of the data, by the routes of all {Wording.Count(byRoutes)}.", null, []);
        var (value, unit) = claim.Unit switch
        {
            ClaimUnit.Addresses => (size.Ipv4Addresses, size.Ipv4Addresses == 1 ? "IPv4 address" : "IPv4 addresses"),
            ClaimUnit.Upstreams => (upstreams, upstreams == 1 ? "upstream" : "upstreams"),
            _ => (size.Prefixes, size.Prefixes == 1 ? "prefix" : "prefixes"),
        };
        string true_ = $"{Wording.Count(value)} {unit}";
        // Sizes are counted at the end alone; of another time neither this number nor another is shown.
        if (claim.Time is { } time && (claim.Until ?? time).To <= report.To) return new(claim, Mark.NotDecidable,
            $"How many it had then is not counted; at the end of the data it has {true_}.", null, []);
        bool past = claim is { AtEnd: false, Time: null } && claim.Words.Contains("had ", StringComparison.OrdinalIgnoreCase);
        return claim.Number!.Holds(value)
            ? new(claim, Mark.Confirmed, $"At the end of the data it has {true_}.", null, [])
            : past ? new(claim, Mark.NotDecidable, $"At the end of the data it has {true_}; which time is meant is not said.", null, [])
            : new(claim, Mark.Contradicted, $"At the end of the data it has {true_}.", true_, []);
    }

    // Of a prefix its own upstreams are counted, and never those of the subject.
    private JudgedClaim OfPrefixSize(Claim claim, Prefix prefix)
    {
        var state = report.Transit.Prefixes.FirstOrDefault(of => of.Prefix == prefix);
        if (claim.Unit is not ClaimUnit.Upstreams || claim.Time is not null || state is null)
            return new(claim, Mark.NotDecidable, $"Of {prefix} by itself that is not counted.", null, []);
        Asn[] found = [.. state.Upstreams.Where(upstream => upstream.PeerAs > ChangeWords.Stuck).Select(upstream => upstream.Asn)];
        string true_ = $"{Wording.Count(found.Length, "upstream", "upstreams")}: {Wording.Join([.. found.Select(_names.Spoken)])}";
        bool past = !claim.AtEnd && claim.Words.Contains("had ", StringComparison.OrdinalIgnoreCase);
        var mark = claim.Number!.Holds(found.Length) ? Mark.Confirmed : past ? Mark.NotDecidable : Mark.Contradicted;
        return new(claim, mark, $"At the end of the data {prefix} has {true_}.", mark is Mark.Contradicted ? true_ : null, []);
    }

    private JudgedClaim OfFirst(Claim claim)
    {
        var who = claim.Who!;
        if (claim.Prefix is { } prefix) return new(claim, Mark.NotDecidable,
            $"When {prefix} first went by {who.Text} no data can say that do not go back for ever.", null, []);
        var state = report.Transit.OfAnyFamily.FirstOrDefault(upstream => who.IsOneOf(upstream.Asn));
        if (state is null && report.Transit.OfAnyFamily.Count == 0)
            return new(claim, Mark.NotDecidable, "The data hold no vantage point that shows who carries the subject.", null, []);
        if (state is null) return new(claim, Mark.Contradicted, $"{who.Text} is never seen as an upstream.", null, []);
        var came = claim.Time?.To ?? state.FirstSeen;
        string searched = $"{Wording.Length(state.FirstSeen - report.From)} before it were searched";
        if (state.FirstSeen < came && claim.Time is { } time && state.FirstSeen < time.From) return new(claim, Mark.Contradicted,
            $"{_names.Spoken(state.Asn)} was seen as an upstream before: from {Wording.Moment(state.FirstSeen)} UTC.", Wording.Moment(state.FirstSeen), []);
        return new(claim, Mark.NotDecidable,
            $"In these data {_names.Spoken(state.Asn)} is first seen on {Wording.Moment(state.FirstSeen)} UTC; only {searched}, and what is older is not known.",
            null, Appearances(asn => asn == state.Asn));
    }

    private JudgedClaim OfIdentity(Claim claim)
    {
        var who = claim.Who!;
        var asn = who.Asns[0];
        string registered = report.Registry.NameOf(asn) is { } name ? $"{asn} is registered to {name.TrimEnd('.', ',')}" : $"the registry does not know {asn}";
        if (report.Registry.NameOf(asn) is { } known && NameIndex.Fits(who.Text, known))
            return new(claim, Mark.Confirmed, $"{Capital(registered)}.", null, []);
        if (cast.MeantBy(asn) is { } meant) return new(claim, Mark.Contradicted,
            $"{Capital(registered)}. The number is nearly that of {_names.Spoken(meant)}, which stands in the data.", meant.ToString(), []);
        // Who bears the name in the data has another number. A name that somebody else bears may still be what this one goes by: names
        // in use are often older than those of the registry.
        var bearers = index.Find(who.Text, whole: false);
        if (bearers.FirstOrDefault(cast.Networks.Contains) is { Number: > 0 } bearer)
            return new(claim, Mark.Contradicted, $"{Capital(registered)}; {who.Text} is {bearer}.", bearer.ToString(), []);
        string others = index.Find(who.Text, whole: true) is [var other, ..] ? $"; by that name the registry has {other}" : "";
        return new(claim, Mark.NotDecidable, $"{Capital(registered)}; whether it also goes by {who.Text} the registry does not say{others}.", null, []);
    }

    private static string Capital(string text) => string.Create(CultureInfo.InvariantCulture, $"{char.ToUpperInvariant(text[0])}{text[1..]}");
}
