using Isthmus.Attribution;
using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit.Court;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Follows what the peers of a report held, step by step and to the second, not in the bins of its series: the one view of the data that
/// all judges ask. Peers without a vote (a wrong clock, stuck; without a table, where most have one) do not count, nor do prefixes that
/// are too long to count, unless one is asked for by itself; what a dump and updates say differently is not known.
/// </summary>
internal sealed class Held
{
    private readonly Report _report;
    private readonly Sightings _told;
    private readonly bool[] _hasVote, _isInScope;
    private readonly Run[][] _runs;
    private readonly Step[] _steps;
    private Timestamp[]? _dumps;

    // A vantage point's own link to the subject, beside the holdings.
    private const int Link = -6;

    // A route of another origin by an upstream of its own: this less the place of that.
    private const int FirstForeign = -100;

    private readonly List<Asn> _foreign = [];

    private readonly record struct Step(Timestamp Time, int Pair, int State);

    private readonly record struct Run(Timestamp From, int State);

    public Held(Report report)
    {
        _report = report;
        var paths = report.JudgedPaths();
        var points = report.Transit.VantagePoints;
        var told = new Sightings(
            report.Observations, paths, prefix => paths.IsInScope(prefix) || paths.StandsApart(prefix), fromTables: false);
        // Of a route that is stuck nothing is believed.
        var stuck = told.All.Index().Where(entry => points.Count > entry.Item.Peer)
            .SelectMany(entry => points[entry.Item.Peer].StuckRoutes.Where(route => route.Prefix == told.Prefixes[entry.Item.Prefix])
                .Select(route => (entry.Index, Span: (route.Since, route.Until))))
            .ToLookup(route => route.Index, route => route.Span);
        _told = told.Without(new HashSet<int>(), stuck);
        _isInScope = [.. _told.Prefixes.Select(paths.IsInScope)];
        _hasVote = VotesOf(points);
        _runs = [.. _told.All.Select(pair => RunsOf(paths, pair).ToArray())];
        _steps = [.. _runs.SelectMany((runs, pair) => runs.Select(run => new Step(run.From, pair, run.State))).OrderBy(step => step.Time)];
    }

    // What a dump alone shows to be otherwise came at some time after what is last proved: the change before it, or the dump before it.
    private IEnumerable<Run> RunsOf(AttributedPaths paths, Sighting pair)
    {
        var feed = Feed(pair);
        var history = _told.Seen.Histories[pair.History];
        for (int place = 0; place < pair.Runs.Length; place++)
        {
            var run = pair.Runs[place];
            if (place > 0 && history.Steps[run.Step].IsOfDump && pair.Runs[place - 1].Holding is not Holding.Unknown && DumpsAlone is null)
            {
                var proved = pair.Runs[place - 1].From;
                if (feed.DumpBefore(run.From) is { } dump && dump > proved) proved = dump;
                yield return new(proved + _instant, Holding.Unknown);
            }
            yield return new(run.From, StateOf(paths, pair, run));
        }
    }

    private static readonly TimeSpan _instant = TimeSpan.FromMicroseconds(1);

    // Without a table what was not announced is not known: such peers say what others show better, where these are the most.
    private bool[] VotesOf(IReadOnlyList<VantagePoint> points)
    {
        bool IsStruck(int peer) => points.Count > peer && (points[peer].Clock.IsWrong || points[peer].Why is VoteReason.Stuck);
        bool HasTable(Sighting pair) => Feed(pair).TableSince(_told.Prefixes[pair.Prefix].Family) is not null;
        bool countsAll = 2 * _told.All.Count(HasTable) <= _told.All.Length;
        return [.. _told.All.Select(pair => !IsStruck(pair.Peer) && (countsAll || HasTable(pair)))];
    }

    private PeerFeed Feed(Sighting pair) => _report.Observations.Peers[pair.Peer];

    private int StateOf(AttributedPaths paths, Sighting pair, HoldingRun run)
    {
        if (run.Holding is not (Holding.Uncounted or Holding.Foreign)) return run.Holding;
        int path = _told.Seen.Histories[pair.History].Steps[run.Step].Path;
        if (run.Holding is Holding.Uncounted)
            return path >= 0 && paths.Each(path).All(one => paths[one].Clean.CountsForShares) ? Link : Holding.Uncounted;
        if (path < 0 || paths.Each(path).Select(one => paths[one].Upstream).FirstOrDefault() is not { } upstream) return Holding.Foreign;
        int number = _foreign.IndexOf(upstream);
        if (number < 0) _foreign.Add(upstream);
        return FirstForeign - (number < 0 ? _foreign.Count - 1 : number);
    }

    /// <summary>
    /// The times of the dumps where nothing but dumps is there of all peers that held a route: between two of them nothing is seen, be
    /// they alike or not. Null where updates are there.
    /// </summary>
    public IReadOnlyList<Timestamp>? DumpsAlone
    {
        get
        {
            var feeds = _report.Observations.Histories.Select(history => _report.Observations.Peers[history.Peer]).Distinct().ToArray();
            if (feeds.Length == 0 || feeds.Any(feed => feed.SendsUpdates)) return null;
            return _dumps ??= [.. feeds.SelectMany(feed => feed.Dumps).Distinct().Order()];
        }
    }

    /// <summary>The prefixes that count, sorted.</summary>
    public IEnumerable<Prefix> Prefixes => _told.Prefixes.Where((_, place) => _isInScope[place]);

    /// <summary>True where enough is known of a time to say who carried what.</summary>
    public bool IsClearAt(Timestamp time) => At(time).IsClear;

    /// <summary>What was held at a time.</summary>
    public HeldAt At(Timestamp time, Named? who = null, Prefix? prefix = null) => Over(time, time, who, prefix).First();

    /// <summary>The part of the pairs whose table must be known.</summary>
    private const double TableMin = 0.9;

    // From when on the tables of nearly all are known.
    private Timestamp TablesSince(bool[] counts)
    {
        Timestamp[] tables = [.. _told.All.Where((_, pair) => counts[pair])
            .Select(pair => Feed(pair).TableSince(_told.Prefixes[pair.Prefix].Family) ?? new(long.MaxValue)).Order()];
        return tables.Length == 0 ? new(long.MaxValue) : tables[(int)Math.Ceiling(TableMin * tables.Length) - 1];
    }

    private bool[] Counting(Prefix? prefix)
    {
        bool anyInScope = Array.Exists(_isInScope, counts => counts);
        return [.. _told.All.Select((pair, place) => _hasVote[place]
            && (prefix is { } only ? _told.Prefixes[pair.Prefix] == only : _isInScope[pair.Prefix] || !anyInScope))];
    }

    /// <summary>
    /// What was held at the start of a stretch and after each step within it, <c>[from, to)</c>, inside the period, of which the last
    /// instant is a part.
    /// </summary>
    /// <param name="who">Whose routes are <see cref="HeldAt.Wanted"/>; null for nobody's.</param>
    /// <param name="prefix">Of this prefix alone; null for all that count.</param>
    public IEnumerable<HeldAt> Over(Timestamp from, Timestamp to, Named? who = null, Prefix? prefix = null) =>
        Within(from < _report.From ? _report.From : from, to >= _report.To ? _report.To + _instant : to, who, prefix);

    /// <summary>The same of what is known of the time before the period: the data may begin before it. None where they do not.</summary>
    public IEnumerable<HeldAt> Earlier(Named? who = null, Prefix? prefix = null) => EarlierFrom(new(long.MinValue / 2), who, prefix);

    /// <summary>What is known of the time from an instant to the start of the period.</summary>
    public IEnumerable<HeldAt> EarlierFrom(Timestamp from, Named? who = null, Prefix? prefix = null) =>
        _steps.Length == 0 || _steps[0].Time >= _report.From ? []
            : Within(from > _steps[0].Time ? from : _steps[0].Time, _report.From, who, prefix);

    private IEnumerable<HeldAt> Within(Timestamp from, Timestamp to, Named? who, Prefix? prefix)
    {
        bool[] counts = Counting(prefix);
        var tablesSince = TablesSince(counts);
        int[] now = new int[_told.All.Length];
        Array.Fill(now, Holding.Unknown);
        int pairs = counts.Count(counted => counted);
        int known = 0, routes = 0, wanted = 0, others = 0, uncountable = 0, links = 0, foreign = 0, foreignWanted = 0;
        bool begun = false;
        for (int i = 0; i < _steps.Length && (_steps[i].Time < to || _steps[i].Time <= from); i++)
        {
            var step = _steps[i];
            if (!begun && step.Time > from)
            {
                begun = true;
                yield return Count(from);
            }
            if (counts[step.Pair])
            {
                Add(now[step.Pair], -1);
                Add(now[step.Pair] = step.State, 1);
            }
            bool isLastOfInstant = i + 1 == _steps.Length || _steps[i + 1].Time > step.Time;
            if (begun && isLastOfInstant) yield return Count(step.Time);
        }
        if (!begun) yield return Count(from);

        HeldAt Count(Timestamp time) => new(time, pairs)
        {
            Known = known,
            Routes = routes,
            Wanted = wanted,
            Others = others,
            Uncountable = uncountable,
            Links = links,
            Foreign = foreign,
            ForeignWanted = foreignWanted,
            HasTables = tablesSince <= time,
            IsOfPrefix = prefix is not null,
        };

        void Add(int state, int count)
        {
            if (state is Holding.Unknown) return;
            known += count;
            if (state is Holding.None) return;
            if (IsForeign(state))
            {
                foreign += count;
                if (IsForeignBy(state, who)) foreignWanted += count;
                return;
            }
            routes += count;
            if (state is Link) links += count;
            else if (state < 0) uncountable += count;
            else
            {
                // Who has paths by the one that is asked for and by others uses both.
                var (isWanted, isOther) = By(state, who);
                if (isWanted) wanted += count;
                if (isOther) others += count;
            }
        }
    }

    private static bool IsForeign(int state) => state is Holding.Foreign or <= FirstForeign;

    private bool IsForeignBy(int state, Named? who) => state <= FirstForeign && who?.IsOneOf(_foreign[FirstForeign - state]) is true;

    private (bool Wanted, bool Other) By(int state, Named? who)
    {
        bool wanted = false, other = false;
        foreach (int upstream in _told.UpstreamsOf(state))
            if (who is not null && who.IsOneOf(_told.Upstreams[upstream])) wanted = true; else other = true;
        return (wanted, other);
    }

    /// <summary>How many pairs came to an upstream in a stretch, or left it.</summary>
    public Turn TurnOf(Named who, Prefix? prefix, Timestamp from, Timestamp to, bool comes)
    {
        bool[] counts = Counting(prefix);
        int dated = 0, hidden = 0;
        for (int pair = 0; pair < _told.All.Length; pair++)
        {
            if (!counts[pair]) continue;
            bool isDated = false, isHidden = false;
            // What is last known: by that upstream (true), not by it (false), nothing yet (null); and since when no longer.
            bool? last = null;
            Timestamp? since = new(long.MinValue / 2);
            foreach (var run in _runs[pair])
            {
                int state = run.State;
                bool isUntold = state is Holding.Unknown or Holding.Uncounted or Holding.Contradicted
                    || prefix is not null && IsForeignBy(state, who);
                if (isUntold)
                {
                    since ??= run.From;
                    continue;
                }
                bool isBy = By(state, who).Wanted;
                if (isBy == comes && last != comes && (last is not null || comes))
                {
                    var earliest = since ?? run.From;
                    if (earliest >= from && run.From <= to) isDated = true;
                    else if (since is not null && earliest <= to && run.From >= from) isHidden = true;
                }
                (last, since) = (isBy, null);
            }
            // Who is lost while it carried may have left then.
            if (!comes && last is true && since <= to) isHidden = true;
            if (isDated) dated++;
            else if (isHidden) hidden++;
        }
        return new(dated, hidden);
    }

    /// <summary>
    /// When all of the subject, or of one prefix, was down in the period: each with the first step of the fall, the time at which
    /// nobody held a route, the first step of the return and its end. What rises for less than a minute before
    /// nine in ten are back is one.
    /// </summary>
    public IReadOnlyList<DownSpan> Downs(Prefix? prefix = null) => DownsOf(Over(_report.From, _report.To, null, prefix));

    /// <summary>True where it was down in what is known of the time before the period.</summary>
    public bool WasDownEarlier(Prefix? prefix) => DownsOf(Earlier(null, prefix)).Count > 0;

    private static List<DownSpan> DownsOf(IEnumerable<HeldAt> states)
    {
        var found = new List<DownSpan>();
        bool up = false;
        (Timestamp At, Timestamp Earliest)? falls = null, down = null, rises = null;
        Timestamp? unknown = null;
        double foreign = 0;
        foreach (var at in states)
        {
            if (!at.IsKnown)
            {
                unknown ??= at.Time;
                continue;
            }
            var now = (at.Time, unknown ?? at.Time);
            unknown = null;
            if (at.Visible >= UpMin)
            {
                if (down is not null) found.Add(Span(rises ?? now, at.Time));
                (falls, down, rises, up) = (null, null, null, true);
            }
            else if (up)
            {
                falls ??= now;
                if (at.IsDown && rises is { } back && at.Time - back.At >= _momentMin)
                {
                    // Some were held in between: two stretches, of which the first was not up again.
                    found.Add(Span(back, null));
                    (falls, down, rises) = (now, null, null);
                }
                if (at.IsDown && down is null) foreign = at.ForeignPart;
                if (at.IsDown) (down, rises) = (down ?? now, null);
                else if (down is not null) rises ??= now;
            }
        }
        if (down is not null) found.Add(Span(rises, null));
        return found;

        DownSpan Span((Timestamp At, Timestamp Earliest)? rise, Timestamp? end) => new(falls!.Value.At, down!.Value.At, rise?.At, end)
        {
            FallsEarliest = falls.Value.Earliest,
            DownEarliest = down.Value.Earliest,
            RisesEarliest = rise?.Earliest,
            ForeignPart = foreign,
        };
    }

    /// <summary>What is held for less may be a peer that hunts for paths.</summary>
    private static readonly TimeSpan _momentMin = TimeSpan.FromMinutes(1);

    /// <summary>The part of the known pairs that must hold a route before the subject counts as up.</summary>
    private const double UpMin = 0.9;

    /// <summary>
    /// Why somebody who is not seen to carry the subject may be said to: it did so on a prefix that counts in no figure, at a peer
    /// without a vote, or is a vantage point beside the subject. Null where nothing of the kind is seen in the stretch.
    /// </summary>
    public string? Beside(Named who, Prefix? prefix, Timestamp from, Timestamp to)
    {
        bool[] counts = Counting(prefix);
        string? found = null;
        for (int pair = 0; pair < _told.All.Length; pair++)
        {
            var sighting = _told.All[pair];
            var of = _told.Prefixes[sighting.Prefix];
            if (prefix is { } only && of != only) continue;
            for (int place = 0; place < _runs[pair].Length; place++)
            {
                var (since, state) = _runs[pair][place];
                bool isOver = place + 1 < _runs[pair].Length && _runs[pair][place + 1].From <= from;
                if (isOver || since >= to && since > from) continue;
                if (state is Link && who.IsOneOf(_told.PeerAs(sighting.Peer)))
                    found ??= $"{who.Text} is a vantage point and a neighbour of the subject, which proves a link and no transit";
                if (counts[pair] || !By(state, who).Wanted) continue;
                if (!_isInScope[sighting.Prefix]) return $"{who.Text} carried {of}, which is too long to count "
                    + $"(at {Wording.Moment(since)} UTC)";
                found ??= $"{who.Text} is seen as an upstream by {_told.PeerAs(sighting.Peer)}, which has no vote";
            }
        }
        return found;
    }

    /// <summary>The upstreams of a time, each with its part of the routes whose upstream is known.</summary>
    public IReadOnlyDictionary<Asn, double> UpstreamsAt(Timestamp time, Prefix? prefix = null)
    {
        bool[] counts = Counting(prefix);
        var held = new Dictionary<Asn, int>();
        int all = 0;
        foreach (var (pair, sighting) in _told.All.Index())
        {
            if (!counts[pair] || _told.UpstreamsOf(sighting.At(time)) is not { Length: > 0 } upstreams) continue;
            all++;
            foreach (int upstream in upstreams)
                held[_told.Upstreams[upstream]] = held.GetValueOrDefault(_told.Upstreams[upstream]) + 1;
        }
        return held.ToDictionary(of => of.Key, of => (double)of.Value / all);
    }
}
