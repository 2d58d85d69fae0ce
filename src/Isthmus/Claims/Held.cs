using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>What the peers held of the subject at one instant, counted over pairs of a peer and a prefix.</summary>
/// <param name="Known">Pairs of which it is known whether the peer held a route.</param>
/// <param name="Routes">Of these, the ones with a route of the subject.</param>
/// <param name="Wanted">Of these, the ones by the upstream that was asked for.</param>
/// <param name="Others">Of these, the ones by another upstream; what is left has none that counts.</param>
/// <param name="Pairs">All pairs that ever held a route.</param>
/// <param name="HasTable">True where the start of the period shows what nearly all pairs held.</param>
internal readonly record struct HeldAt(Timestamp Time, int Known, int Routes, int Wanted, int Others, int Pairs, bool HasTable)
{
    /// <summary>
    /// From when the tables of nearly all peers are known where the start shows none: until then pairs without an update are
    /// not even counted, so that what others hold cannot be excluded. Null for never.
    /// </summary>
    public Timestamp? TablesSince { get; init; }

    /// <summary>Of the routes, the ones whose upstream cannot be told: a set as origin, a path that is refused.</summary>
    public int Uncountable { get; init; }

    /// <summary>Their part of the routes.</summary>
    public double UncountablePart => Routes == 0 ? 0 : (double)Uncountable / Routes;

    /// <summary>So large a part of the pairs must be known before "nobody" or "all" may be said.</summary>
    private const double KnownMin = 0.9;

    /// <summary>The same where a table came first: what was lost since are sessions, and not the half that did not change.</summary>
    private const double KnownMinWithTable = 0.4;

    /// <summary>True where enough is known to say that something was not there.</summary>
    public bool IsKnown => Known > 0 && (HasTable || TablesSince <= Time) && Known >= (HasTable ? KnownMinWithTable : KnownMin) * Pairs;

    /// <summary>The part of the known pairs that held a route.</summary>
    public double Visible => Known == 0 ? 0 : (double)Routes / Known;

    /// <summary>The part of the routes with an upstream that went by the wanted upstream.</summary>
    public double Share => Wanted == 0 ? 0 : (double)Wanted / (Wanted + Others);

    /// <summary>True where nobody, but for a stuck route, held one.</summary>
    public bool IsDown => IsKnown && Visible <= ChangeWords.Stuck;
}

/// <summary>A stretch in which nobody held a route.</summary>
/// <param name="Falls">From here on fewer than nine in ten of the known pairs held one.</param>
/// <param name="Down">From here on nobody held one.</param>
/// <param name="Rises">The first that held one again; null where none did before the end of the data.</param>
/// <param name="Up">When nine in ten held one again.</param>
internal readonly record struct DownSpan(Timestamp Falls, Timestamp Down, Timestamp? Rises, Timestamp? Up);

/// <summary>Follows what the peers of a report held, step by step and to the second, not in the bins of its series.</summary>
internal sealed class Held(Report report)
{
    private Step[]? _steps;
    private Timestamp[]? _dumps;

    /// <summary>
    /// The times of the dumps where nothing but dumps is there of all peers that held a route: between two of them nothing is seen, be
    /// they alike or not. Null where updates are there.
    /// </summary>
    public IReadOnlyList<Timestamp>? DumpsAlone
    {
        get
        {
            var feeds = report.Observations.Histories.Select(history => report.Observations.Peers[history.Peer]).Distinct().ToArray();
            if (feeds.Length == 0 || feeds.Any(feed => feed.SendsUpdates)) return null;
            return _dumps ??= [.. feeds.SelectMany(feed => feed.Dumps).Distinct().Order()];
        }
    }

    /// <summary>True where enough is known of a time to say what was not there.</summary>
    public bool IsKnownAt(Timestamp time) => Over(time, time).First().IsKnown;

    private bool HasTable => report.Observations.StateAt(report.From).Count(held => held.Path != RouteStep.Unknown)
        >= TableMin * report.Observations.Histories.Count;

    private Timestamp? TablesSince
    {
        get
        {
            Timestamp[] tables =
            [
                .. report.Observations.Histories.Select(history =>
                    report.Observations.Peers[history.Peer].TableSince(history.Prefix.Family) ?? new(long.MaxValue)).Order(),
            ];
            var last = tables.Length == 0 ? new(long.MaxValue) : tables[(int)Math.Ceiling(TableMin * tables.Length) - 1];
            return last.Microseconds == long.MaxValue ? null : last;
        }
    }

    /// <summary>The part of the pairs that the start of the period must show.</summary>
    private const double TableMin = 0.9;

    /// <summary>What was held at the start of a stretch and after each step within it, <c>[from, to)</c>, inside the period.</summary>
    /// <param name="who">Whose routes are <see cref="HeldAt.Wanted"/>; null for nobody's.</param>
    /// <param name="prefix">Of this prefix alone; null for all.</param>
    public IEnumerable<HeldAt> Over(Timestamp from, Timestamp to, Named? who = null, Prefix? prefix = null)
    {
        var steps = _steps ??= StepsOf();
        long[] now = new long[report.Observations.Histories.Count];
        Array.Fill(now, Nothing);
        int known = 0, routes = 0, wanted = 0, others = 0, uncountable = 0;
        int pairs = report.Observations.Histories.Count(history => prefix is null || history.Prefix == prefix);
        from = from < report.From ? report.From : from;
        to = to > report.To ? report.To : to;
        bool begun = false, hasTable = HasTable;
        var tablesSince = TablesSince;
        for (int i = 0; i < steps.Length && (steps[i].Time < to || steps[i].Time <= from); i++)
        {
            var step = steps[i];
            if (!begun && step.Time > from)
            {
                begun = true;
                yield return At(from);
            }
            if (prefix is not { } only || report.Observations.Histories[step.History].Prefix == only)
            {
                Add(now[step.History], -1);
                Add(now[step.History] = step.State, 1);
            }
            bool isLastOfInstant = i + 1 == steps.Length || steps[i + 1].Time > step.Time;
            if (begun && isLastOfInstant) yield return At(step.Time);
        }
        if (!begun) yield return At(from);

        HeldAt At(Timestamp time) => new(time, known, routes, wanted, others, pairs, hasTable)
        {
            TablesSince = tablesSince,
            Uncountable = uncountable,
        };

        void Add(long state, int count)
        {
            if (state == Nothing) return;
            known += count;
            if (state == NoRoute) return;
            routes += count;
            if (state == NoUpstream) return;
            if (state == Unclear)
            {
                uncountable += count;
                return;
            }
            if (state <= FirstSeveral)
            {
                // Who has paths by the one that is asked for and by others uses both.
                var several = _several[(int)(FirstSeveral - state)];
                if (who is not null && several.Any(who.IsOneOf)) wanted += count;
                if (who is null || !several.All(who.IsOneOf)) others += count;
                return;
            }
            if (who is not null && who.IsOneOf(new((uint)(state - FirstAsn)))) wanted += count;
            else others += count;
        }
    }

    /// <summary>
    /// When all of the subject, or of one prefix, was down in the period: each with the first step of the fall, the time at which
    /// nobody held a route, the first step of the return and its end. What rises and falls again before nine in ten
    /// are back is one.
    /// </summary>
    public IReadOnlyList<DownSpan> Downs(Prefix? prefix = null)
    {
        var found = new List<DownSpan>();
        bool up = false;
        Timestamp? falls = null, down = null, rises = null;
        foreach (var at in Over(report.From, report.To, null, prefix).Where(at => at.IsKnown))
        {
            if (at.Visible >= UpMin)
            {
                if (down is { } since) found.Add(Span(since, rises ?? at.Time, at.Time));
                (falls, down, rises, up) = (null, null, null, true);
            }
            else if (up)
            {
                falls ??= at.Time;
                if (at.IsDown) (down, rises) = (down ?? at.Time, null);
                else if (down is not null) rises ??= at.Time;
            }
        }
        if (down is { } still) found.Add(Span(still, rises, null));
        return found;

        DownSpan Span(Timestamp since, Timestamp? rise, Timestamp? end) => new(falls!.Value, since, rise, end);
    }

    /// <summary>The part of the known pairs that must hold a route before the subject counts as up.</summary>
    private const double UpMin = 0.9;

    private const long Nothing = -1, NoRoute = 0, NoUpstream = 1, Unclear = 2, FirstAsn = 3, FirstSeveral = -2;

    // The upstreams of peers that hold several paths at once: the state is FirstSeveral less the place.
    private readonly List<Asn[]> _several = [];

    private readonly record struct Step(Timestamp Time, int History, long State);

    private Step[] StepsOf()
    {
        var paths = report.JudgedPaths();
        var steps = new List<Step>();
        for (int i = 0; i < report.Observations.Histories.Count; i++)
        {
            var history = report.Observations.Histories[i];
            foreach (var step in history.Steps)
                steps.Add(new(step.Time, i, step.Path == RouteStep.Unknown ? Nothing : step.Path == RouteStep.NoRoute ? NoRoute
                    : !paths.Counts(history.Prefix, step.Path) ? NoRoute
                    : paths.SetOf(step.Path) is { } set ? StateOf([.. set.Select(path => paths[path].Upstream).OfType<Asn>().Distinct()])
                    : paths[step.Path].Upstream is { } upstream ? upstream.Number + FirstAsn
                    : paths[step.Path].Clean.CountsForShares ? NoUpstream : Unclear));
        }
        return [.. steps.OrderBy(step => step.Time)];
    }

    private long StateOf(Asn[] upstreams)
    {
        if (upstreams.Length == 0) return NoUpstream;
        if (upstreams.Length == 1) return upstreams[0].Number + FirstAsn;
        int place = _several.FindIndex(known => known.SequenceEqual(upstreams));
        if (place < 0) _several.Add(upstreams);
        return FirstSeveral - (place < 0 ? _several.Count - 1 : place);
    }
}
