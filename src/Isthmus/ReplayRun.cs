using Isthmus.Attribution;
using Isthmus.Filters;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus;

/// <summary>What came of reading all inputs once.</summary>
/// <param name="Rhythms">How often each collector wrote updates.</param>
/// <param name="Files">In the order in which they ended.</param>
/// <param name="Read">What was read of it all.</param>
internal sealed record Replayed(
    RoutingState Table, SortedDictionary<Collector, UpdateRhythm> Rhythms, IReadOnlyList<FileRecord> Files, FilesRead Read)
{
    /// <summary>The names of all views where there are some and none was asked for; else empty.</summary>
    public IReadOnlyList<string> OtherViews { get; init; } = [];
}

/// <summary>
/// Plays the files of many collectors in the order of time into one routing table. Decoding runs ahead on other
/// threads; the order depends on the files alone, so the result does not depend on threads.
/// </summary>
/// <param name="where">Which vantage points are played; null for all.</param>
/// <param name="sink">Takes what the peers held of the subject's prefixes as it becomes final.</param>
/// <param name="pauses">Where it stops and tells; null for nowhere.</param>
internal sealed partial class ReplayRun(
    IReadOnlyList<InputFile> inputs, Selection subject, Filter? where, RouteSpanSink sink, ReadProgress progress,
    CancellationToken stop, ReplayPauses? pauses = null)
{
    /// <summary>In place of a peer's number: it is not asked for.</summary>
    private const int Unwanted = -2;

    /// <summary>In place of a peer's number: no row was of it yet.</summary>
    private const int Unmet = -3;

    /// <summary>Files that are decoded ahead of the one that is being played.</summary>
    private const int FilesAheadMax = 6;

    private readonly RoutingState _table = new(subject.Follows, sink, subject.IsBlock);

    // In the order in which they ended.
    private readonly List<FileRecord> _read = [];
    private readonly SortedSet<string> _viewsMet = new(StringComparer.Ordinal);
    private bool _meetsView;
    private readonly SortedDictionary<Collector, UpdateRhythm> _rhythms = [];

    // By where their clocks stand: of a folder all files may be of one time.
    private readonly PriorityQueue<Cursor, (Timestamp Clock, int Order)> _active = new();
    private readonly List<Gap> _open = [];
    private readonly List<(Timestamp Until, Collector Collector)> _proved = [];
    private Timestamp? _first, _later;
    private Timestamp _now = new(long.MinValue / 2);

    // The latest time of all files that ended, and the gaps that lie before it.
    private Timestamp _clock = new(long.MinValue / 2);
    private readonly List<Gap> _passed = [];

    // True where what comes at the last time is read.
    private bool _isEndOfIt;

    // Where it goes on from a state: the time of it, up to which files that go on beyond it are passed over, and these files.
    private Timestamp _resumed = new(long.MinValue / 2);
    private readonly HashSet<int> _goOn = [];

    // True where the state is that of a time before the end of what was read.
    private bool _isBefore;

    /// <summary>Reads everything up to a time.</summary>
    /// <param name="plan">The files in their order.</param>
    /// <param name="until">Records of that time and later are left unread; null for all.</param>
    /// <param name="isOfIt">True where what comes at that time is read, too.</param>
    /// <param name="follow">Prefixes to follow from the start, and whether each is only inside one of the subject's.</param>
    /// <param name="othersEnd">When the files of other collectors end, which are not among the inputs; null where there are none.</param>
    /// <param name="save">
    /// Takes the state once, of one collector: where the next file of updates begins, as updates files may hold records of that time and
    /// later; where that is not known, or a dump goes on then, when all is read, before what follows from nothing else coming. Null for
    /// nobody.
    /// </param>
    public Replayed Run(IReadOnlyList<PlannedFile> plan, Timestamp? until, bool isOfIt,
        IEnumerable<(Prefix Prefix, bool Inside)> follow, Timestamp? othersEnd = null, Action<ReplayRun>? save = null)
    {
        foreach (var (prefix, inside) in follow) _table.Follow(prefix, inside);
        _isEndOfIt = isOfIt;
        var planned = plan.Where(file => until is null || file.Start <= until).ToArray();
        // Where it goes on from a state, the first files are read.
        int started = 0;
        var unread = planned.Where((file, place) => place >= _read.Count + _goOn.Count || _goOn.Contains(file.Index)).ToArray();
        progress.FilesTotal += unread.Length;
        progress.BytesTotal += unread.Sum(file => inputs[file.Index].SizeBytes);
        Timestamp? next = save is null ? null : ArchivePlan.End(planned);
        if (planned.Any(file => file.Start >= next)) next = null;
        var gaps = new Queue<Gap>(GapsOf(planned, until, othersEnd).Skip(_passed.Count));
        var ahead = new Queue<Cursor>();
        try
        {
            while (true)
            {
                while (started < unread.Length && ahead.Count < FilesAheadMax)
                {
                    var file = unread[started];
                    var reading = new FileReading(inputs[file.Index], progress, stop, TablesOf(file.Collector));
                    if (!_rhythms.TryGetValue(file.Collector, out var rhythm)) _rhythms[file.Collector] = rhythm = new();
                    ahead.Enqueue(new(file, started++, reading, where?.For(file.Collector), where is { AsksView: true }, rhythm));
                }
                if (_active.Count == 0 && ahead.Count == 0) break;
                if (_active.Count == 0 || ahead.Count > 0 && ahead.Peek().Plan.Start <= _active.Peek().Clock)
                {
                    Activate(ahead.Dequeue());
                    continue;
                }
                if (next <= _active.Peek().Clock)
                {
                    if (_active.UnorderedItems.All(item => item.Element.Rib is null))
                    {
                        (_clock, _isBefore) = (next.Value, true);
                        save!(this);
                        save = null;
                    }
                    next = null;
                }
                Play(_active.Dequeue(), ahead.Count > 0 ? ahead.Peek().Plan.Start : next, until, gaps);
            }
        }
        finally
        {
            foreach (var cursor in _active.UnorderedItems.Select(item => item.Element).Concat(ahead)) cursor.Reading.Dispose();
        }
        save?.Invoke(this);
        if (othersEnd is { } goesOn) Pass(goesOn, gaps);
        var read = FilesRead.Of(_read, planned, until, _rhythms) with { Later = _later };
        foreach (var stopped in read.Stops) _table.Lose(stopped.Collector, stopped.From + TimeSpan.FromMicroseconds(1), default);
        return new(_table, _rhythms, _read, read with
        {
            Late = [.. _table.Late.GroupBy(late => late.Key.Name, late => late.Value)
                .Select(file => KeyValuePair.Create(file.Key, file.Sum())).OrderBy(file => file.Key, StringComparer.Ordinal)],
        })
        {
            OtherViews = _meetsView ? [] : [.. _viewsMet],
        };
    }

    // A collector whose files end before those of the others has stopped: from there on nothing is known of its peers.
    private static IReadOnlyList<Gap> GapsOf(PlannedFile[] planned, Timestamp? until, Timestamp? othersEnd)
    {
        var filesEnd = ArchivePlan.End(planned) is var own && othersEnd > own ? othersEnd : own;
        return ArchivePlan.Gaps(planned, (until < filesEnd ? until : filesEnd) ?? default);
    }

    /// <summary>The places of files that were read, and are to be read again from the time of the state that it went on from.</summary>
    public IReadOnlyCollection<int> GoOn => _goOn;

    /// <summary>Writes where it stands when it is told to whoever asked <see cref="Run"/>: of one collector, of all its peers.</summary>
    public void Save(StateWriter to)
    {
        to.Write(_clock);
        to.Write((byte)(_isBefore ? 1 : 0));
        to.Write(_now);
        to.Write(_first);
        foreach (var gaps in (ReadOnlySpan<List<Gap>>)[_passed, _open])
            to.Write(gaps, gap =>
            {
                to.Write(gap.From);
                to.Write(gap.To);
                to.Write((byte)gap.Why);
            });
        to.Write(_proved, one => to.Write(one.Until));
        to.Write(_rhythms, rhythm =>
        {
            to.Write(rhythm.Value.Known.First);
            to.Write(rhythm.Value.Known.Last);
            to.Write(rhythm.Value.Known.Longest.Ticks);
            to.Write(rhythm.Value.Known.Dump);
        });
        _table.Save(to);
    }

    /// <summary>
    /// Goes on from where another run stood. False where what is to be read now does not come behind all that was read, or shows that files
    /// were missing which nobody missed then: then it has to begin at the start.
    /// </summary>
    /// <param name="read">The files that were read.</param>
    /// <param name="plan">These and those that are to be read, in their order.</param>
    /// <param name="follow">Prefixes that would be followed from the start.</param>
    public bool Load(StateReader from, IReadOnlyList<FileRecord> read, IReadOnlyList<PlannedFile> plan,
        IReadOnlyCollection<(Prefix Prefix, bool Inside)> follow, Timestamp? othersEnd)
    {
        _clock = from.Time();
        bool isBefore = from.Byte() != 0;
        (_now, _first) = (from.Time(), from.TimeOrNone());
        _passed.AddRange(from.All(Gap));
        _open.AddRange(from.All(Gap));
        _proved.AddRange(from.All(() => (from.Time(), from.Collector)));
        foreach (var known in from.All(() => (from.TimeOrNone(), from.TimeOrNone(), new TimeSpan(from.Long()), from.Time())))
            _rhythms[from.Collector] = new(known);
        _table.Load(from);
        if (isBefore)
        {
            // Of these a part was played: they are read again for the rest.
            _resumed = _clock;
            _goOn.UnionWith(read.Where(file => file.Read.Last >= _clock).Select(file => file.Plan.Index));
        }
        _read.AddRange(read.Where(file => !_goOn.Contains(file.Plan.Index)));
        // A file of updates may hold those of the second in which the next begins: they are played before it.
        return plan.Take(read.Count).Select(file => file.Index).ToHashSet().SetEquals(read.Select(file => file.Plan.Index))
            && plan.Skip(read.Count).All(file => file.Start >= _clock) && GapsOf([.. plan], null, othersEnd)
                .TakeWhile(gap => gap.From <= (isBefore ? _now : _clock)).SequenceEqual(_passed) && _table.HasFollowed(follow);

        Gap Gap() => new(from.Collector, from.Time(), from.Time(), (GapCause)from.Byte());
    }

    // Which of a dump's tables are asked for. What is of no dump names no view, and is read for each.
    private Func<string, MrtPeer?, bool>? TablesOf(Collector collector)
    {
        if (where is not { AsksView: true }) return null;
        var filter = where.For(collector);
        return (view, peer) => filter.Decide(new()
        {
            Kinds = RouteEventKinds.RibEntry,
            View = view,
            HasPeer = peer is not null,
            Peer = peer ?? default,
        }) is not Verdict.No;
    }

    private void Activate(Cursor cursor)
    {
        cursor.Advance();
        if (_goOn.Contains(cursor.Plan.Index)) cursor.GoOnFrom(_resumed, _table);
        if (cursor.Batch is null) End(cursor, until: null); else _active.Enqueue(cursor, (cursor.Clock, cursor.Order));
    }

    // Plays one file as long as no other is earlier: most of the time that is many rows.
    private void Play(Cursor cursor, Timestamp? nextStart, Timestamp? until, Queue<Gap> gaps)
    {
        try
        {
            PlayOn(cursor, nextStart, until, gaps);
        }
        finally
        {
            if (cursor.Batch is not null) _active.Enqueue(cursor, (cursor.Clock, cursor.Order));
        }
        if (cursor.Batch is null) End(cursor, until);
    }

    private void PlayOn(Cursor cursor, Timestamp? nextStart, Timestamp? until, Queue<Gap> gaps)
    {
        var rival = _active.Count > 0 ? _active.Peek() : null;
        while (cursor.Batch is { } batch)
        {
            stop.ThrowIfCancellationRequested();
            var row = batch.Rows[cursor.Row];
            cursor.Tick(row.Time);
            if (nextStart <= cursor.Clock) return;
            if (rival is not null && (rival.Clock, rival.Order).CompareTo((cursor.Clock, cursor.Order)) < 0) return;
            if (until < cursor.Clock || !_isEndOfIt && until == cursor.Clock)
            {
                _later = until;
                // It goes on behind the time that was asked for.
                cursor.Rhythm.Update(until!.Value);
                cursor.Stop();
                break;
            }
            if (cursor.Clock > _now) GoOnTo(cursor.Clock, gaps);
            Apply(cursor, batch, row);
            cursor.Advance();
        }
    }

    // Up to a time, before what comes at it. Whether it stops on the way makes no difference.
    private void GoOnTo(Timestamp time, Queue<Gap> gaps)
    {
        while (_first is { } first && pauses?.Before(time) is { } pause)
        {
            Pass(pause, gaps);
            pauses.Tell(_table, first, pause);
        }
        Pass(time, gaps);
        _now = time;
    }

    // What follows from the time alone, in its order: files that are missing, dumps inside gaps that prove no more, table transfers that
    // are over.
    private void Pass(Timestamp time, Queue<Gap> gaps)
    {
        while (true)
        {
            bool isMissing = gaps.TryPeek(out var gap) && gap.From <= time;
            if (LoseAfterDumps(isMissing ? gap!.From : time)) continue;
            if (!isMissing) break;
            _open.Add(gap!);
            _passed.Add(gap!);
            _table.Lose(gaps.Dequeue().Collector, gap!.From, default);
        }
        _table.Reach(time);
    }

    private void Apply(Cursor cursor, RouteBatch batch, in RouteRow row)
    {
        _first ??= cursor.Clock;
        cursor.First ??= cursor.Begins;
        cursor.Opens ??= cursor.Clock;
        if (row.Kind is RowKind.Announcement or RowKind.Withdrawal or RowKind.TreatedAsWithdrawn or RowKind.PeerState)
            cursor.Rhythm.Update(row.Time);
        var place = new SourcePlace(cursor.Reading.Source, batch.Records[row.Record]);
        int peer = row.Peer < 0 ? -1 : cursor.PeerOf(row.Peer, batch.Peers.Span, _table);
        // Updates behind a dump in the same file: the dump is over.
        if (cursor.Rib is not null && row.Kind is not (RowKind.RibEntry or RowKind.Lost or RowKind.LostRoutes or RowKind.Listed))
            EndRib(cursor, whole: true);
        if (peer == Unwanted) return;
        switch (row.Kind)
        {
            case RowKind.Listed:
                if (row.Peer < 0 && !batch.Peers.IsEmpty) cursor.PeerOf(batch.Peers.Length - 1, batch.Peers.Span, _table);
                break;
            case RowKind.PeerState:
                _table.PeerState(peer, row.State, row.Time, place);
                break;
            case RowKind.Lost when peer >= 0:
                _table.Lose(peer, row.Time, place);
                break;
            case RowKind.Lost:
                cursor.LostWithin = true;
                if (cursor.Rib is null) _table.Lose(cursor.Plan.Collector, row.Time, place);
                break;
            case RowKind.LostRoutes:
                BeginRib(cursor, row.Time);
                _table.LoseRibEntries(cursor.Rib!, row.State == RouteRow.AnyPrefix ? null : row.Prefix);
                break;
            case RowKind.RibEntry:
                BeginRib(cursor, row.Time);
                _table.RibEntry(cursor.Rib!, Say(cursor, batch, row, peer, Cause.RibEntry, place));
                break;
            default:
                var cause = row.Kind is RowKind.Announcement ? Cause.Announcement
                    : row.Kind is RowKind.Withdrawal ? Cause.Withdrawal : Cause.TreatedAsWithdrawn;
                _table.Update(Say(cursor, batch, row, peer, cause, place));
                break;
        }
    }

    private Statement Say(Cursor cursor, RouteBatch batch, in RouteRow row, int peer, Cause cause, SourcePlace place)
    {
        if (row.Path < 0) return new(peer, row.Prefix, default, false, row.Time, cause, place, row.PathId);
        var path = batch.Paths[row.Path];
        var standing = cursor.StandingOf(row.Path, path, subject);
        bool follow = standing is Standing.Own || standing is Standing.Disputed && subject.FollowsDisputed(row.Prefix, path);
        return new(peer, row.Prefix, path, follow, row.Time, cause, place, row.PathId);
    }

    private void End(Cursor cursor, Timestamp? until)
    {
        var reading = cursor.Reading;
        // What comes behind the period counts for nothing, but the file is named by the hash of all of it.
        if (cursor.Stopped) reading.Finish();
        bool broken = reading.IsBroken;
        bool isDump = cursor.Rib is not null;
        if (isDump) EndRib(cursor, whole: !broken && !cursor.Stopped);
        var tables = TablesOf(cursor.Plan.Collector);
        string[] views = [.. reading.Faults.Views.Where(view => tables?.Invoke(view, null) is not false)];
        _viewsMet.UnionWith(reading.Faults.Views);
        // Of more views not all are known by name.
        _meetsView |= views.Length > 0 || reading.Faults.Views.Count == FaultLedger.ViewsMax;
        bool isCut = broken && !isDump && !cursor.Stopped && cursor.First is not null;
        // What the cut took away could have held anything (methods.md, "What each peer holds").
        if (isCut && !cursor.LostWithin) _table.Lose(cursor.Plan.Collector, cursor.Clock + TimeSpan.FromMicroseconds(1), default);
        var last = cursor.First is null ? null : cursor.Stopped ? until : cursor.Clock;
        var summary = reading.Summarise(cursor.First, last) with { Input = cursor.Plan.Index };
        _read.Add(new(summary, cursor.Plan)
        {
            Opens = cursor.Opens,
            CutAt = isCut ? cursor.Clock : null,
            ViewName = reading.ViewName,
            Views = views,
            Faults = [.. reading.Faults.Lines(summary.Name, withHarmless: false)],
            NotDecoded = [.. reading.Faults.PassedOver],
        });
        reading.Dispose();
        _clock = cursor.Clock > _clock ? cursor.Clock : _clock;
    }

    // A dump inside a gap of updates proves its second, and not what comes until the gap ends. True where there was one.
    private bool LoseAfterDumps(Timestamp now)
    {
        if (_proved.Count == 0) return false;
        var proved = _proved.MinBy(proved => proved.Until);
        if (proved.Until > now) return false;
        _table.Lose(proved.Collector, proved.Until, default);
        _proved.Remove(proved);
        return true;
    }

    // Several dumps in one file: each takes effect when the next begins.
    private void BeginRib(Cursor cursor, Timestamp time)
    {
        if (cursor.Rib is { } before && time - before.Start > RoutingState.DumpLengthMax) EndRib(cursor, whole: true);
        cursor.Rib ??= RoutingState.BeginRib(cursor.Plan.Collector, time);
        cursor.Rhythm.Dump(time);
    }

    private void EndRib(Cursor cursor, bool whole)
    {
        _table.EndRib(cursor.Rib!, cursor.Clock, whole);
        _open.RemoveAll(gap => gap.To <= cursor.Rib!.Start);
        if (_open.Exists(gap => gap.Collector == cursor.Plan.Collector && gap.From <= cursor.Rib!.Start && cursor.Clock < gap.To))
            _proved.Add((cursor.Clock + TimeSpan.FromSeconds(1), cursor.Plan.Collector));
        cursor.Rib = null;
    }
}
