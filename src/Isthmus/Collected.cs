using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

using ZstdSharp;

namespace Isthmus;

/// <summary>What the files of one collector say, to be kept: <see cref="Survey.Recall"/> answers from that of several.</summary>
/// <param name="Record">What was read, and what is known of its sessions.</param>
/// <param name="Histories">
/// The steps of each followed prefix and peer of the collector, sorted; a peer by its place in the record. Where a table transfer was
/// going on they go on to its end, which is later than the last record.
/// </param>
/// <param name="Paths">The paths of these steps, by their ids.</param>
public sealed record Collected(CollectorRecord Record, IReadOnlyList<RouteHistory> Histories, PathTable Paths)
{
    /// <summary>The prefixes that were followed, and whether each is only inside one of a subject.</summary>
    public IReadOnlyList<(Prefix Prefix, bool Inside)> Followed { get; init; } = [];

    /// <inheritdoc cref="Coverage.Late"/>
    public IReadOnlyList<KeyValuePair<string, long>> Late { get; init; } = [];

    /// <summary>
    /// True where it goes on from a checkpoint: then <see cref="Histories"/> follow on what was settled there
    /// (<see cref="RouteHistory.Settled"/>), and what was not is not so any more.
    /// </summary>
    public bool IsFurther { get; init; }

    /// <summary>Where reading stood when all files were read: <see cref="Further"/> goes on from it.</summary>
    public ReadOnlyMemory<byte> Checkpoint { get; init; }

    /// <summary>The form of <see cref="Checkpoint"/>: of another one nothing is read.</summary>
    private const int CheckpointForm = 2;

    /// <summary>Reads the files of one collector.</summary>
    /// <param name="files">In order of their names; those of one collector.</param>
    /// <param name="follow">Prefixes that are followed from the start, beside those of the selection.</param>
    /// <param name="othersEnd">When the files of all collectors end; null where this is the only one.</param>
    public static Collected Of(IReadOnlyList<InputFile> files, Selection selection, IEnumerable<(Prefix Prefix, bool Inside)> follow,
        Timestamp? othersEnd, ReadProgress progress, CancellationToken stop)
    {
        var plan = ArchivePlan.Order(files.Select(Survey.PlanOf));
        var lostAfter = LostAfter(plan, othersEnd);
        var spans = new SpanMemory();
        var checkpoint = new MemoryStream();
        var replayed = Read(follow);
        replayed.Table.FollowInside();
        if (replayed.Table.CameLate)
        {
            (spans, checkpoint) = (new(), new());
            replayed = Read(replayed.Table.Followed);
        }
        return Of(plan, lostAfter, replayed, spans, checkpoint);

        Replayed Read(IEnumerable<(Prefix, bool)> followed) => new ReplayRun(files, selection, null, spans.Take, progress, stop)
            .Run(plan, null, isOfIt: false, followed, lostAfter is null ? null : othersEnd, run => Save(run, spans, selection, checkpoint));
    }

    /// <summary>
    /// Goes on from a checkpoint: what is given are the files' records and sessions as they are now, and of each peer and prefix the steps
    /// that came since those which were settled then. Null where the files have to be read from the start: not all that are new come
    /// behind all that were read, or a file that goes on beyond the begin of the next is not there any more, or the selection is not what
    /// it was, or shows more prefixes.
    /// </summary>
    /// <param name="read">Those of the files that were read, with their places among them.</param>
    /// <exception cref="InvalidDataException">The checkpoint is damaged.</exception>
    /// <inheritdoc cref="Of(IReadOnlyList{InputFile}, Selection, IEnumerable{ValueTuple{Prefix, bool}}, Timestamp?, ReadProgress, CancellationToken)"/>
    public static Collected? Further(IReadOnlyList<InputFile> files, IReadOnlyList<FileRecord> read, ReadOnlyMemory<byte> checkpoint,
        Selection selection, IReadOnlyCollection<(Prefix Prefix, bool Inside)> follow, Timestamp? othersEnd, ReadProgress progress,
        CancellationToken stop)
    {
        var plan = ArchivePlan.Order(files.Select(Survey.PlanOf));
        var lostAfter = LostAfter(plan, othersEnd);
        var spans = new SpanMemory();
        var run = new ReplayRun(files, selection, null, spans.Take, progress, stop);
        var until = lostAfter is null ? null : othersEnd;
        try
        {
            using var bytes = new DecompressionStream(new MemoryStream(checkpoint.ToArray()));
            using var from = new StateReader(bytes, plan[0].Collector, read.ToDictionary(
                file => file.Read.Sha256, file => file.Read.Source, StringComparer.Ordinal));
            if (from.Int() != CheckpointForm || !selection.Load(from)) return null;
            if (!run.Load(from, read, plan, follow, until)) return null;
            // What they hold of the time in which the next file began.
            if (run.GoOn.Any(place => !File.Exists(files[place].Path))) return null;
            spans.Load(from);
        }
        catch (Exception failure) when (failure is EndOfStreamException or ZstdException or FormatException or ArgumentException
            or IndexOutOfRangeException or OverflowException)
        {
            throw new InvalidDataException("the checkpoint is damaged", failure);
        }
        var next = new MemoryStream();
        var replayed = run.Run(plan, null, isOfIt: false, follow, until, run => Save(run, spans, selection, next));
        replayed.Table.FollowInside();
        return replayed.Table.CameLate ? null : Of(plan, lostAfter, replayed, spans, next) with { IsFurther = true };
    }

    private static void Save(ReplayRun run, SpanMemory spans, Selection selection, MemoryStream to)
    {
        using var bytes = new CompressionStream(to, leaveOpen: true);
        using var state = new StateWriter(bytes);
        state.Write(CheckpointForm);
        selection.Save(state);
        run.Save(state);
        spans.Settle(state);
    }

    private static Collected Of(
        IReadOnlyList<PlannedFile> plan, Timestamp? lostAfter, Replayed replayed, SpanMemory spans, MemoryStream checkpoint)
    {
        var (table, read) = (replayed.Table, replayed.Read);
        var places = plan.Index().ToDictionary(entry => entry.Item.Index, entry => entry.Index);
        var first = read.First ?? default;
        var seen = spans.At(table, first, (read.Last ?? first) + RoutingState.TableTransfer, read.Files);
        return new(
            new(plan[0].Collector, [.. replayed.Files.OrderBy(file => places[file.Plan.Index])],
                [.. table.Peers.Select(peer => peer.ToRecord()).OrderBy(peer => peer.Peer)], replayed.Rhythms.Values.First(), lostAfter),
            [.. seen.Histories.Concat(seen.Inside).OrderBy(history => history.Prefix).ThenBy(history => history.Peer)], table.Paths)
        {
            Followed = [.. table.Followed],
            Late = read.Late,
            Checkpoint = checkpoint.ToArray(),
        };
    }

    /// <summary>
    /// When the updates of a collector end and those of others go on, where it has dumps later than that: each proves its second alone.
    /// Null where it has none.
    /// </summary>
    public static Timestamp? LostAfter(IReadOnlyList<PlannedFile> plan, Timestamp? othersEnd)
    {
        if (othersEnd is not { } end || !(ArchivePlan.End(plan) < end)) return null;
        return ArchivePlan.Gaps(plan, end) is [.., var last] && plan.All(file => file.IsRib || file.Start < last.From)
            && plan.Any(file => file.IsRib && file.Start >= last.From) ? last.From : null;
    }
}
