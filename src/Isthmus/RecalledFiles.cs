using Isthmus.Filters;
using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus;

/// <summary>
/// What was kept of files and sessions, as of the end of a period: with what follows for a collector from when the files of the others
/// end, which its own do not tell.
/// </summary>
internal class RecalledFiles
{
    protected static readonly TimeSpan Instant = TimeSpan.FromMicroseconds(1);

    private readonly IKeptFiles _kept;

    /// <param name="asked">The period; null for all that is kept.</param>
    /// <param name="where">Which vantage points; null for all.</param>
    /// <param name="files">Those of the vantage points that are asked.</param>
    /// <param name="plan">The same in the order of reading.</param>
    public RecalledFiles((Timestamp? From, Timestamp? To) asked, Filter? where, IKeptFiles kept, IReadOnlyList<FileRecord> files,
        IReadOnlyList<PlannedFile> plan)
    {
        _kept = kept;
        PlannedFile[] planned = [.. plan.Where(file => !(file.Start > asked.To))];
        Read = FilesOf(asked.To, files, planned);
        // The end of a period is not of it; of one instant it is all there is. Where none is asked, what is kept goes on to where table
        // transfers end, and a loss is told of the instant after the last event.
        Until = asked.To is not { } end ? (Read.Last ?? default) + 2 * Instant : asked.From >= end ? end + Instant : end;
        Lose(planned, asked.To);
        foreach (var collector in kept.Collectors)
        {
            if (!Array.Exists(planned, file => file.Collector == collector.Collector)) continue;
            var filter = where?.For(collector.Collector);
            foreach (var peer in collector.Peers)
                if (filter is null || Takes(filter, peer.Peer)) Add(collector, peer);
        }
    }

    /// <summary>What was read up to the end of the period.</summary>
    public FilesRead Read { get; }

    /// <summary>The sessions that are asked, as of then.</summary>
    public SortedDictionary<Peer, PeerRecord> Peers { get; } = [];

    /// <summary>When and why nothing is known any more of a collector, beside what is kept with its routes.</summary>
    public Dictionary<Collector, List<(Timestamp At, Cause Cause)>> Losses { get; } = [];

    /// <summary>What is of it, or later, counts for nothing.</summary>
    protected Timestamp Until { get; }

    private void Add(CollectorRecord collector, PeerRecord peer)
    {
        if (peer.Met >= Until) return;
        var known = peer.Before(Until);
        foreach (var (at, cause) in Losses.GetValueOrDefault(collector.Collector) ?? [])
            known = known.Before(at + Instant).LostAt(at, cause);
        Peers.Add(peer.Peer, known);
    }

    // A collector whose files end before those of the others has stopped, and so has one that is silent for long.
    private void Lose(PlannedFile[] planned, Timestamp? until)
    {
        var filesEnd = ArchivePlan.End(planned);
        foreach (var gap in ArchivePlan.Gaps(planned, (until < filesEnd ? until : filesEnd) ?? default))
        {
            // Between two of its files the loss is kept with its routes.
            if (Array.Exists(planned, file => file.Collector == gap.Collector && !file.IsRib && file.Start >= gap.To)) continue;
            if (_kept.Collectors.First(collector => collector.Collector == gap.Collector).LostAfter == gap.From) continue;
            if (Read.Last >= gap.From) Lose(gap.Collector, gap.From, Cause.FileDamage);
        }
        foreach (var stop in Read.Stops) Lose(stop.Collector, stop.From + Instant, Cause.FileDamage);
    }

    protected void Lose(Collector collector, Timestamp at, Cause cause)
    {
        if (!Losses.TryGetValue(collector, out var times)) Losses[collector] = times = [];
        times.Add((at, cause));
    }

    /// <summary>The sessions as a period that ends then has them.</summary>
    public PeerFeed[] Feeds(Timestamp to)
    {
        var full = FullFeed.Judge(Peers.Values);
        return [.. Peers.Values.Select(peer => peer.ToFeed(to, full))];
    }

    private FilesRead FilesOf(Timestamp? until, IReadOnlyList<FileRecord> files, PlannedFile[] planned)
    {
        var places = planned.Index().ToDictionary(entry => entry.Item.Index, entry => entry.Index);
        FileRecord[] read = [.. files.Where(file => places.ContainsKey(file.Plan.Index)).Select(file => UpTo(until, file))
            .OrderBy(file => file.Read.Last ?? file.Plan.Start).ThenBy(file => places[file.Plan.Index])];
        var collectors = _kept.Collectors.Where(collector => Array.Exists(planned, file => file.Collector == collector.Collector));
        var all = FilesRead.Of(read, planned, until,
            collectors.Select(collector => KeyValuePair.Create(collector.Collector, UpTo(until, collector.Rhythm))));
        var names = all.Files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
        return all with
        {
            Later = files.Any(file => places.ContainsKey(file.Plan.Index) && file.Read.Last > until) ? until : null,
            Late = [.. _kept.Late.Where(late => names.Contains(late.Key))],
        };
    }

    private static FileRecord UpTo(Timestamp? until, FileRecord file)
    {
        if (!(file.Read.Last > until)) return file;
        bool opens = !(file.Opens > until);
        return file with
        {
            Opens = opens ? file.Opens : null,
            CutAt = null,
            Read = file.Read with { First = opens ? file.Read.First : null, Last = opens ? until : null },
        };
    }

    // It goes on behind the time that was asked for.
    private static UpdateRhythm UpTo(Timestamp? until, UpdateRhythm rhythm) =>
        rhythm.Known is var known && known.Last > until ? new((known.First, until, known.Longest, known.Dump)) : rhythm;

    private static bool Takes(FileFilter where, Peer peer) => where.Decide(new()
    {
        Kinds = RouteEventKinds.RibEntry,
        HasPeer = true,
        Peer = new(peer.Address, peer.Asn),
    }) is not Verdict.No;
}
