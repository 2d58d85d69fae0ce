using Isthmus.Attribution;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

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
        var replayed = Read(follow);
        replayed.Table.FollowInside();
        if (replayed.Table.CameLate)
        {
            spans = new();
            replayed = Read(replayed.Table.Followed);
        }
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
        };

        Replayed Read(IEnumerable<(Prefix, bool)> followed) => new ReplayRun(files, selection, null, spans.Take, progress, stop)
            .Run(plan, null, isOfIt: false, followed, lostAfter is null ? null : othersEnd);
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
