using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Tests.Support;

/// <summary>
/// A small archive of 1 October 2017: one collector, five peers, and North Korea's four prefixes, of which all peers say the same,
/// written record by record, and the report of it.
/// </summary>
internal sealed class FivePeers
{
    public const string China = "4837", Russia = "20485";

    public static readonly Prefix[] Four = [.. Enumerable.Range(176, 4).Select(third => Prefix.Parse($"175.45.{third}.0/24"))];

    /// <summary>Of the peers, in their order.</summary>
    public static readonly uint[] Ases = [3333, 7018, 2497, 13030, 3257];

    private static readonly MrtPeer[] _peers = [.. Ases.Index().Select(entry => new MrtPeer($"192.0.2.{entry.Index + 1}", entry.Item))];

    private readonly SortedDictionary<string, MrtWriter> _files = new(StringComparer.Ordinal);

    /// <summary>A time of the day.</summary>
    public static Timestamp At(string time) => Timestamp.Parse($"2017-10-01T{time}Z");

    /// <summary>The file that is written to: of one session or dump after the other.</summary>
    public MrtWriter File { get; private set; } = new();

    public FivePeers() => In("archive.mrt");

    /// <summary>Goes on in another file.</summary>
    public FivePeers In(string name)
    {
        File = _files.TryGetValue(name, out var known) ? known : _files[name] = new();
        return this;
    }

    /// <summary>An index table and nothing else.</summary>
    public FivePeers IndexTable(string time)
    {
        File.PeerIndexTable(At(time), "192.0.2.254", "", _peers);
        return this;
    }

    /// <summary>A dump in which all peers hold the prefixes by an upstream, and routes of others, so that the feeds are full.</summary>
    /// <param name="pathId">Of each route; null for a dump without identifiers.</param>
    /// <param name="damaged">Prefixes whose record is there, and whose entries cannot be read.</param>
    public FivePeers Dump(
        string time, string upstream, Prefix[]? prefixes = null, uint? pathId = null, string origin = "131279", params Prefix[] damaged)
    {
        IndexTable(time);
        foreach (var prefix in Others) File.Rib(At(time), prefix, [.. Entries(time, "64496", pathId)]);
        foreach (var prefix in prefixes ?? Four)
            if (damaged.Contains(prefix)) Damaged(time, prefix);
            else File.Rib(At(time), prefix, [.. Entries(time, $"{upstream} {origin}", pathId)]);
        return this;
    }

    /// <summary>A record of a dump that names its prefix, and whose first entry says more bytes than there are.</summary>
    public FivePeers Damaged(string time, Prefix prefix)
    {
        File.Record(At(time), 13, 2, [0, 0, 0, 99, (byte)prefix.Length, .. prefix.Address.ToString().Split('.').Take(3).Select(byte.Parse),
            0, 5, 0, 0, 0, 0, 0, 0, 0xEA, 0x60, 1, 2, 3]);
        return this;
    }

    private static IEnumerable<Prefix> Others => Enumerable.Range(0, 40).Select(third => Prefix.Parse($"193.0.{third}.0/24"));

    private static IEnumerable<MrtRibEntry> Entries(string time, string path, uint? pathId) => Ases.Index()
        .Select(entry => new MrtRibEntry(entry.Index, PathOf(entry.Item, path, entry.Index), At(time), pathId));

    private static PathAttributes PathOf(uint asn, string path, int peer) =>
        PathAttributes.Route($"{asn} 174 {path}", $"192.0.2.{peer + 1}");

    private static MrtSession SessionOf(int peer, bool numbered) => new($"192.0.2.{peer + 1}", Ases[peer]) { AddPath = numbered };

    private static Nlri[] Numbered(Prefix[] prefixes, uint? pathId) => [.. prefixes.Select(prefix => new Nlri(prefix, pathId))];

    /// <summary>All peers, or some, announce prefixes by an upstream, a second after each other.</summary>
    public FivePeers Announce(string time, string upstream, Prefix[]? prefixes = null, uint? pathId = null, int peers = 5, int from = 0)
    {
        for (int peer = from; peer < peers; peer++)
            File.Update(At(time), SessionOf(peer, pathId is not null), PathOf(Ases[peer], $"{upstream} 131279", peer),
                announce: Numbered(prefixes ?? Four, pathId));
        return this;
    }

    /// <summary>All peers announce the four prefixes, or some, by an upstream and an origin.</summary>
    public FivePeers AnnounceBy(string time, string upstream, string origin, Prefix[]? prefixes = null)
    {
        for (int peer = 0; peer < Ases.Length; peer++)
            File.Update(At(time), SessionOf(peer, false), PathOf(Ases[peer], $"{upstream} {origin}", peer), announce: Numbered(prefixes ?? Four, null));
        return this;
    }

    /// <summary>All peers, or those from one to another, withdraw prefixes.</summary>
    public FivePeers Withdraw(string time, Prefix[]? prefixes = null, uint? pathId = null, int from = 0, int to = 5)
    {
        for (int peer = from; peer < to; peer++)
            File.Update(At(time), SessionOf(peer, pathId is not null), withdraw: Numbered(prefixes ?? Four, pathId));
        return this;
    }

    /// <summary>All peers announce prefixes for multicast alone (SAFI 2), or withdraw them where there is no upstream.</summary>
    public FivePeers Multicast(string time, string? upstream)
    {
        for (int peer = 0; peer < Ases.Length; peer++)
            File.Update(At(time), SessionOf(peer, false), upstream is null ? new PathAttributes().MpUnreach(2, Numbered(Four, null))
                : PathOf(Ases[peer], $"{upstream} 131279", peer).MpReach(2, $"192.0.2.{peer + 1}", Numbered(Four, null)));
        return this;
    }

    /// <summary>Each session's messages of one kind.</summary>
    public FivePeers Messages(string time, Func<uint, byte[]> message)
    {
        for (int peer = 0; peer < Ases.Length; peer++) File.Message(At(time), SessionOf(peer, false), message(Ases[peer]));
        return this;
    }

    /// <summary>Each session's change of state, or that of the first ones.</summary>
    public FivePeers States(string time, SessionState from, SessionState to, int peers = 5)
    {
        for (int peer = 0; peer < peers; peer++) File.StateChange(At(time), SessionOf(peer, false), from, to);
        return this;
    }

    /// <summary>Something of each session that says nothing of the subject, so that the data go on until then.</summary>
    public FivePeers Until(string time) => Messages(time, _ => MessageWriter.KeepAlive()).Noise(time);

    private FivePeers Noise(string time)
    {
        for (int peer = 0; peer < Ases.Length; peer++)
            File.Update(At(time), SessionOf(peer, false), PathOf(Ases[peer], "64496", peer), announce: [new(Others.First())]);
        return this;
    }

    /// <summary>The report of all files.</summary>
    public Report Report(string? from = null, string? to = null, RegistrySnapshot? registry = null, string subject = "AS131279") =>
        Isthmus.Reports.Report.Of(Survey.Analyse(Seen(from, to, registry, subject)));

    /// <summary>What the peers are seen to hold by all files.</summary>
    public SeenRoutes Seen(string? from = null, string? to = null, RegistrySnapshot? registry = null, string subject = "AS131279")
    {
        using var folder = new TemporaryFolder();
        string[] places = [.. _files.Where(file => file.Value.Length > 0).Select(file => folder.Write(file.Key, file.Value.ToArray()))];
        using var inputs = new Inputs();
        var asked = Subjects.Resolve(subject, RegistrySnapshot.Shipped, out _)!;
        return Survey.Replay(new(asked, from is null ? null : At(from), to is null ? null : At(to), null),
            inputs.Resolve(places, Stream.Null, default), registry ?? RegistrySnapshot.Shipped, new ReadProgress(), default);
    }

    /// <summary>All that a report says in sentences.</summary>
    public static string Said(Report report)
    {
        var story = new Story(report);
        return string.Join('\n', story.Sentences.Concat(story.Course).Select(sentence => sentence.Text).Prepend(story.Headline.Text));
    }

    /// <summary>The changes but for trouble of the feeds, in order: kind, upstream, time, prefixes.</summary>
    public static string[] Changes(Report report) => [.. report.Transit.Changes
        .Where(change => change.Kind is not Isthmus.Transit.Changes.ChangeKind.FeedProblem)
        .Select(change => $"{change.Kind} {change.Upstream} {change.Time.ToDateTimeOffset():HH:mm:ss} {change.Prefixes.Count}")];
}
