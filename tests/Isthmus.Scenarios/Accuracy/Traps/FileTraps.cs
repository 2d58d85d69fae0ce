using System.Buffers.Binary;

using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>Traps that collectors and their files set. All of them strike one collector, or one other.</summary>
internal sealed class FileTraps(Story story, SeededRandom random, HashSet<Session> impaired)
{
    private const int HeaderBytes = 12;

    private readonly List<Func<ArchiveFile, byte[]?, byte[]?>> _treatments = [];
    private readonly List<ScenarioCollector> _victims = random.Shuffle(story.Scenario.Collectors);

    public IReadOnlyList<Func<ArchiveFile, byte[]?, byte[]?>> Treatments => _treatments;

    public void Stop()
    {
        var victim = Victim();
        var end = story.AnyTime(random);
        _treatments.Add((file, stored) => file.Collector != victim || stored is null ? stored
            : file.Start > end ? null : file.IsDump ? stored : Repacked(file, Kept(file.Content, time => time <= end.Seconds)));
    }

    public void Remove()
    {
        var victim = Victim();
        var from = story.AnyTime(random);
        var to = from + victim.Layout.UpdateEvery * random.Between(1, 4);
        _treatments.Add((file, stored) =>
            file.Collector == victim && !file.IsDump && file.Start >= from && file.Start < to ? null : stored);
    }

    /// <summary>Of some updates files, and of a dump, the end is not there.</summary>
    public void Cut()
    {
        var victim = Victim();
        var (from, part) = (story.AnyTime(random), 0.3 + 0.6 * random.Fraction());
        var to = from + victim.Layout.UpdateEvery * random.Between(1, 3);
        _treatments.Add((file, stored) => file.Collector == victim && file.Start >= from && file.Start < to && stored is not null
            ? stored[..(int)(stored.Length * part)] : stored);
    }

    /// <summary>Of some files a few bits are others than were written: in the stored bytes, or before they were packed.</summary>
    public void Flip()
    {
        var victim = Victim();
        var from = story.AnyTime(random);
        var to = from + victim.Layout.UpdateEvery * random.Between(1, 3);
        bool stored = random.Chance(0.5);
        _treatments.Add((file, bytes) =>
        {
            if (file.Collector != victim || file.Start < from || file.Start >= to || bytes is not { Length: > 100 }) return bytes;
            byte[] flipped = stored ? [.. bytes] : [.. file.Content];
            var bits = new SeededRandom(SeededRandom.Hash(file.Path));
            // The first bytes say what kind of file it is: without them it would be none.
            for (int i = bits.Between(1, 5); i > 0; i--) flipped[bits.Between(60, flipped.Length - 1)] ^= (byte)(1 << bits.Below(8));
            return stored ? flipped : Repacked(file, flipped);
        });
    }

    /// <summary>Dumps after the first show the first one's table.</summary>
    public void Outdate()
    {
        var victim = DumpingVictim();
        byte[]? first = null;
        _treatments.Add((file, stored) =>
        {
            if (file.Collector != victim || !file.IsDump || stored is null) return stored;
            first ??= file.Content;
            byte[] outdated = [.. first];
            for (int at = 0; at < outdated.Length; at += HeaderBytes + (int)BinaryPrimitives.ReadUInt32BigEndian(outdated.AsSpan(at + 8)))
                BinaryPrimitives.WriteUInt32BigEndian(outdated.AsSpan(at), (uint)file.Start.Seconds);
            return Repacked(file, outdated);
        });
    }

    /// <summary>Dumps after the first leave the subject's prefixes out.</summary>
    public void Omit()
    {
        var victim = DumpingVictim();
        byte[][] own = [.. story.Groups.SelectMany(group => group.Prefixes).Select(Encoded)];
        _treatments.Add((file, stored) => file.Collector != victim || !file.IsDump || stored is null || file.Start == story.Scenario.From
            ? stored : Repacked(file, Without(file.Content, own)));
    }

    /// <summary>From one and a half to fifteen minutes fast or slow.</summary>
    public void MoveClock() => Victim().ClockError = TimeSpan.FromSeconds(random.Between(90, 900) * (random.Chance(0.5) ? 1 : -1));

    public void Reset()
    {
        var victim = Victim();
        var time = story.AnyTime(random);
        foreach (var peer in victim.Peers)
            story.Scenario.At(time + TimeSpan.FromSeconds(random.Below(3)))
                .ResetSession(peer, TimeSpan.FromSeconds(random.Between(15, 150)), random.Between(10, 60));
    }

    private ScenarioCollector Victim(IReadOnlyList<ScenarioCollector>? among = null)
    {
        var victims = among ?? _victims;
        var victim = victims.Count > 1 && random.Chance(0.2) ? victims[1] : victims[0];
        impaired.UnionWith(story.Observatory.Sessions.Where(session => session.Peer.Collector == victim));
        return victim;
    }

    // Of RIS, whose dumps are eight hours apart, a story of some hours has one dump.
    private ScenarioCollector DumpingVictim() => Victim([.. _victims.Where(victim => victim.Layout.DumpEvery < TimeSpan.FromHours(3))]);

    private static byte[] Repacked(ArchiveFile file, byte[] content) => (file with { Content = content }).Packed(small: true);

    private static byte[] Kept(byte[] content, Func<uint, bool> isKept) => Filter(content, record =>
        isKept(BinaryPrimitives.ReadUInt32BigEndian(record)));

    // Records of TABLE_DUMP_V2 after the peer index: a sequence number, then the prefix (RFC 6396 section 4.3.2).
    private static byte[] Without(byte[] content, byte[][] prefixes) => Filter(content, record =>
    {
        bool isNamed = false;
        foreach (byte[] prefix in prefixes) isNamed |= record[7] is not 1 && record[(HeaderBytes + 4)..].StartsWith(prefix);
        return !isNamed;
    });

    private static byte[] Encoded(Prefix prefix) => new ByteWriter().Nlri(prefix).ToArray();

    private delegate bool RecordTest(ReadOnlySpan<byte> record);

    private static byte[] Filter(byte[] content, RecordTest isKept)
    {
        var kept = new List<byte>();
        for (int at = 0; at < content.Length;)
        {
            var record = content.AsSpan(at, HeaderBytes + (int)BinaryPrimitives.ReadUInt32BigEndian(content.AsSpan(at + 8)));
            if (isKept(record)) kept.AddRange(record);
            at += record.Length;
        }
        return [.. kept];
    }
}
