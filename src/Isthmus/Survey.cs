using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Transit;
using Isthmus.Wire;

namespace Isthmus;

/// <summary>
/// Answers one question from archived routes: READ THIS FIRST. Three calls: <see cref="Replay"/> plays inputs in the order of time
/// and keeps what the peers held of the subject; <see cref="Analyse"/> makes shares and changes of that, whoever kept it; and
/// <c>Report.Of</c> has it ready for words. Who asks for less calls less.
/// </summary>
public static class Survey
{
    /// <summary>Bins of a series; a longer period needs wider ones.</summary>
    public const int BinsMax = 20_000;

    /// <summary>Bins of a series where no width is asked for: a week of five minutes.</summary>
    private const int SuitableBinsMax = 2_016;

    /// <summary>Replays inputs, and analyses what the peers held.</summary>
    /// <inheritdoc cref="Replay"/>
    public static Answer Run(
        Question question, InputSet inputs, RegistrySnapshot registry, ReadProgress progress, CancellationToken stop) =>
        Analyse(Replay(question, inputs, registry, progress, stop));

    /// <summary>Reads inputs: what the peers held of the subject.</summary>
    /// <param name="inputs">What to read, from <see cref="Inputs"/>.</param>
    /// <param name="progress">Kept up while reading, for whoever shows it.</param>
    /// <exception cref="InputException">No input is of a vantage point that the question asks.</exception>
    public static SeenRoutes Replay(
        Question question, InputSet inputs, RegistrySnapshot registry, ReadProgress progress, CancellationToken stop) =>
        Play(question, inputs, registry, progress, null, stop);

    /// <summary>
    /// Answers while it reads: at some times what is known then, and at the end what <see cref="Run"/> answers, whatever these times are
    /// (methods.md, "While routes go on"). The inputs are read twice, as which prefixes are the subject's is known when all is read.
    /// </summary>
    /// <param name="times">In any order; those before the period or the first record, or after the last, are passed over.</param>
    /// <param name="told">
    /// Takes what was seen up to each time, in order, and the answer: its period begins where that of the whole does.
    /// </param>
    /// <param name="keep">
    /// How far back each answer looks, the last one too: what was over a day before that is forgotten, so that memory does not grow with
    /// the length of the input. Null for all of it.
    /// </param>
    /// <inheritdoc cref="Replay"/>
    public static Answer Follow(Question question, InputSet inputs, RegistrySnapshot registry, IEnumerable<Timestamp> times,
        Action<IRouteSpans, TransitAnswer> told, ReadProgress progress, CancellationToken stop, TimeSpan? keep = null)
    {
        RunningAnalysis? analysis = null;
        var seen = Play(question, inputs, registry, progress, new(times, (spans, ofDay) =>
        {
            analysis ??= new(new(spans.Paths, question.Subject, ofDay, new PathCleaning(), question.Rule), question.Weighting);
            told(spans, analysis.At(spans, BinOf(question, spans.To - spans.From)));
        }, keep), stop);
        analysis ??= new(seen.JudgedPaths(), question.Weighting);
        var bin = BinOf(question, seen.Spans.To - seen.Spans.From);
        return new(seen, bin, analysis.At(seen.Spans, bin));
    }

    /// <summary>Times to stop at, and who takes what was seen, with the registry of the day that is asked about.</summary>
    private sealed record Pauses(IEnumerable<Timestamp> Times, Action<IRouteSpans, RegistrySnapshot> Tell, TimeSpan? Keep)
    {
        /// <summary>Forgets what no answer up to a time asks for, and gives when that answer begins.</summary>
        public Timestamp? Begin(SpanMemory spans, RoutingState table, Timestamp? from, Timestamp? to)
        {
            if (to - Keep is not { } earliest) return from;
            spans.Forget(table, earliest - RunningAnalysis.Lookback);
            return from > earliest ? from : earliest;
        }
    }

    private static SeenRoutes Play(Question question, InputSet inputs, RegistrySnapshot registry, ReadProgress progress,
        Pauses? pauses, CancellationToken stop)
    {
        // By name first: what starts in the same second is not left to the order of the arguments.
        var plan = ArchivePlan.Order(inputs.Files.Index().Where(entry => question.Where?.For(entry.Item.Collector).IsNever is not true)
            .OrderBy(entry => entry.Item.Name, StringComparer.Ordinal).ThenBy(entry => entry.Item.Path, StringComparer.Ordinal)
            .Select(entry => PlanOf(entry.Item, entry.Index)));
        if (plan.Count == 0 && inputs.Files.Count > 0)
            throw new InputException($"no input is of a collector that fits: {question.Where!.Text}");
        registry = registry.At(DayOf(question, plan));
        // The paths of a judge are its own; those of the table come with the spans.
        var judge = new AttributedPaths(new PathTable(), question.Subject, registry, new PathCleaning(), question.Rule);
        var spans = new SpanMemory();
        // The end of a period is not of it; of one instant it is all there is.
        bool isOfIt = question.From >= question.To;
        var selection = new Selection(judge);
        var replayed = Read([], null);
        if (replayed.OtherViews.Count > 0) throw new InputException(
            $"no dump is of a view that fits: {question.Where!.Text}; there are {string.Join(", ", replayed.OtherViews.Select(view => $"\"{view}\""))}");
        replayed.Table.FollowInside();
        var late = replayed.Table.CameLate ? replayed.Table : null;
        if (late is not null || pauses is not null)
        {
            spans = new();
            replayed = Read(late?.Followed ?? [], pauses is null ? null : new(
                pauses.Times.Where(time => !(time < question.From)),
                (table, first, time) => pauses.Tell(
                    spans.At(table, pauses.Begin(spans, table, question.From ?? first, time)!.Value, time, []), registry)));
            if (late is null) replayed.Table.FollowInside();
        }

        var read = replayed.Read;
        if (pauses is { Keep: not null }) question = question with
        {
            From = pauses.Begin(spans, replayed.Table, question.From ?? read.First, question.To ?? read.Last),
        };
        var (from, to, edges) = PeriodOf((question.From, question.To), plan, read);
        bool ended = read.End <= from && from < to;
        if (ended) replayed.Table.Lose(read.End!.Value);
        IRouteSpans seen = spans.At(replayed.Table, from, to, read.Files);
        if (ended) seen = seen.With([]);
        return SeenOf(question, registry, seen, plan, read, edges, inputs) with { LeftDisputedOut = judge.LeftDisputedOut };

        Replayed Read(IEnumerable<(Prefix, bool)> follow, ReplayPauses? stops) =>
            new ReplayRun(inputs.Files, selection, question.Where, spans.Take, progress, stop, stops)
                .Run(plan, question.To, isOfIt, follow);
    }

    /// <summary>The same from what was kept of the files: as if those of its collectors had been read.</summary>
    /// <param name="kept">It has to hold the prefixes of the subject.</param>
    /// <exception cref="InputException">
    /// Nothing is kept of a vantage point that the question asks, or it asks for a view: views are not told apart in what is kept.
    /// </exception>
    public static SeenRoutes Recall(Question question, IKeptRoutes kept, RegistrySnapshot registry)
    {
        if (question.Where is { AsksView: true })
            throw new InputException($"what is kept does not tell views apart: {question.Where.Text}; read the files");
        FileRecord[] files = [.. kept.Collectors.SelectMany(collector => collector.Files)
            .Where(file => question.Where?.For(file.Read.Collector).IsNever is not true).OrderBy(file => file.Plan.Index)];
        var plan = ArchivePlan.Order(files.Select(file => file.Plan));
        if (plan.Count == 0 && kept.Collectors.Count > 0)
            throw new InputException($"nothing is kept of a collector that fits: {question.Where!.Text}");
        registry = registry.At(DayOf(question, plan));
        var judge = new AttributedPaths(new PathTable(), question.Subject, registry, new PathCleaning(), question.Rule);
        var recalled = new Recalled(question, kept, judge, files, plan);
        var (from, to, edges) = PeriodOf((question.From, question.To), plan, recalled.Read);
        var inputs = new InputSet([], kept.PassedOver, kept.Notice) { Unread = kept.Unread };
        return SeenOf(question, registry, recalled.Spans(from, to), plan, recalled.Read, edges, inputs) with
        {
            LeftDisputedOut = judge.LeftDisputedOut,
        };
    }

    private static SeenRoutes SeenOf(Question question, RegistrySnapshot registry, IRouteSpans seen, IReadOnlyList<PlannedFile> plan,
        FilesRead read, IEnumerable<Gap> edges, InputSet inputs) => new(question, seen, CoverageOf(seen, read, edges, inputs) with
        {
            Where = question.Where?.Text,
            Unread = inputs.Unread,
            Redirects = inputs.Redirects,
            Later = LaterOf(question.To, plan, read),
        }, registry)
        {
            Notice = inputs.Notice,
            // A re-enactment must say so on every output; a single file of one carries the word in its view name.
            IsReenactment = read.ViewName.Contains("re-enactment", StringComparison.Ordinal),
        };

    /// <summary>Who carried the subject, how much, and what changed: a function of spans, wherever they were kept.</summary>
    public static Answer Analyse(SeenRoutes seen)
    {
        var bin = BinOf(seen.Question, seen.Spans.To - seen.Spans.From);
        return new(seen, bin, TransitAnalysis.Answer(seen.Spans, seen.JudgedPaths(), bin, seen.Question.Weighting));
    }

    // The end of what is asked for; shares are of that time. Of a period that goes on after the input, when the last file begins.
    private static DateOnly? DayOf(Question question, IReadOnlyList<PlannedFile> plan)
    {
        var last = plan.Count > 0 ? plan.Max(file => file.Start) : question.To;
        return (question.To < last ? question.To : last) is { } end ? DateOnly.FromDateTime(end.ToDateTimeOffset().UtcDateTime) : null;
    }

    /// <summary>The length of a period that begins where all input has ended, and for which no end is asked.</summary>
    private static readonly TimeSpan Instant = TimeSpan.FromSeconds(1);

    // Asked for or not, no series has more bins than anybody can look at.
    private static TimeSpan BinOf(Question question, TimeSpan period) =>
        question.Bin is { } asked && period / asked <= BinsMax ? asked
        : _bins.FirstOrDefault(bin => period / bin <= SuitableBinsMax, _bins[^1]);

    private static readonly TimeSpan[] _bins =
    [
        TimeSpan.FromMinutes(5), TimeSpan.FromMinutes(15), TimeSpan.FromHours(1), TimeSpan.FromHours(6), TimeSpan.FromDays(1),
        TimeSpan.FromDays(7), TimeSpan.FromDays(30), TimeSpan.FromDays(365), TimeSpan.FromDays(3650),
    ];

    /// <summary>What a file is before it is read.</summary>
    public static PlannedFile PlanOf(InputFile file, int index) => new(
        index, file.Collector, file.Kind is FileKind.Rib, file.Time ?? RouteReader.FirstTime(file) ?? default, file.Time is not null);

    // What was asked for, as far as the input speaks of it: shares "at the end" of a time that no input reaches would be
    // those of another time. Where all of the period is later than the input, it stays, and nothing is known of it.
    internal static (Timestamp From, Timestamp To, IReadOnlyList<Gap> Edges) PeriodOf(
        (Timestamp? From, Timestamp? To) asked, IReadOnlyList<PlannedFile> plan, FilesRead read)
    {
        var to = asked.To ?? read.Last ?? default;
        var from = asked.From ?? read.First ?? to;
        if (from > to) to = from + Instant;
        var edges = ArchivePlan.Edges(plan, (from, to), read.End ?? to, RoutingState.SilenceMax);
        var missing = read.Gaps.Concat(edges).Where(gap => gap.To >= to).Select(gap => gap.Collector).ToHashSet();
        if (read.End < from) edges = [.. plan.Select(file => file.Collector).Distinct().Order()
            .Select(collector => new Gap(collector, from, to, GapCause.NoInput))];
        // What a later file of the same archive shows is not missing, but not of this period.
        edges = [.. edges.Select(gap => gap.To >= to && plan.FirstOrDefault(file => file.Collector == gap.Collector && file.Start > gap.To)
            is { Start.Microseconds: > 0, Start: var next } ? gap with { Why = GapCause.NoInput, Next = next } : gap)];
        bool reaches = plan.Any(file => !missing.Contains(file.Collector));
        if (!reaches && from < read.End && read.End < to) to = read.End.Value;
        return (from, to, edges);
    }

    internal static Timestamp? LaterOf(Timestamp? to, IReadOnlyList<PlannedFile> plan, FilesRead read)
    {
        Timestamp[] later = [.. plan.Select(file => file.Start).Where(start => start > to),
            .. read.Later is { } within ? [within] : Array.Empty<Timestamp>()];
        return later.Length > 0 ? later.Min() : null;
    }

    // Since when the tables of a collector's sessions are known, those that are known long after its input begins, in order.
    private static Timestamp[] LateTablesOf(IGrouping<Collector, PeerFeed> feeds, Timestamp from, IReadOnlyList<ReadFile> files)
    {
        var begins = files.Where(file => file.Collector == feeds.Key && file.First is not null).Min(file => file.First) ?? from;
        return [.. feeds.Where(feed => feed.SendsUpdates).Select(TableOf).OfType<Timestamp>()
            .Where(table => table - (begins > from ? begins : from) > Coverage.TableLateMin).Order()];
    }

    private static Timestamp? TableOf(PeerFeed feed) => feed.Ipv4Since is { } ipv4 && feed.Ipv6Since is { } ipv6
        ? ipv4 < ipv6 ? ipv4 : ipv6 : feed.Ipv4Since ?? feed.Ipv6Since;

    internal static Coverage CoverageOf(IRouteSpans seen, FilesRead read, IEnumerable<Gap> edges, InputSet inputs) => new(
        [.. seen.Peers.Select(feed => feed.Peer.Collector).Distinct().Order()],
        seen.Peers.Count, seen.Peers.Select(feed => feed.Peer.Asn).Distinct().Count(),
        seen.Peers.Where(feed => feed.FullIpv4 || feed.FullIpv6).Select(feed => feed.Peer.Asn).Distinct().Count(),
        read.Files, read.Files.Sum(file => file.Records), read.Files.Sum(file => file.Elements),
        read.Faults, [.. read.Gaps.Concat(edges).OrderBy(gap => gap.From).ThenBy(gap => gap.Collector)], inputs.PassedOver)
    {
        WithoutTable = [.. seen.Peers.Where(feed => feed.WithoutTable).Select(feed => feed.Peer)],
        CollectorsWithoutTable = [.. seen.Peers.GroupBy(feed => feed.Peer.Collector)
            .Where(group => 2 * group.Count(feed => feed.WithoutTable) > group.Count()).Select(group => group.Key).Order()],
        LateTables = [.. seen.Peers.GroupBy(feed => feed.Peer.Collector).OrderBy(group => group.Key)
            .Select(group => (Collector: group.Key, Late: LateTablesOf(group, seen.From, read.Files), All: group.Count()))
            .Where(entry => 2 * entry.Late.Length > entry.All)
            .Select(entry => (entry.Collector, entry.Late[(entry.Late.Length - 1) / 2]))],
        NotDecoded = read.NotDecoded,
        Late = read.Late,
        Views = read.Views,
        FullIpv4PeerAses = seen.Peers.Where(feed => feed.FullIpv4).Select(feed => feed.Peer.Asn).Distinct().Count(),
        FullIpv6PeerAses = seen.Peers.Where(feed => feed.FullIpv6).Select(feed => feed.Peer.Asn).Distinct().Count(),
    };
}
