using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Scenarios.Damage;

/// <summary>Records to damage.</summary>
/// <param name="Name">Of the file that they are of, or what was written.</param>
/// <param name="Plain">Whole records, one after another.</param>
public sealed record DamageInput(string Name, byte[] Plain)
{
    /// <summary>Bytes that are taken of a file: enough for every container to have several parts.</summary>
    private const int PlainBytesMax = 200_000;

    /// <summary>What kind of records they are: the type of the most of them.</summary>
    public string RecordKind => Corruptions.Borders(Plain).SkipLast(1)
        .CountBy(at => new MrtReader(Plain.AsSpan(at)).Take(MrtRecord.HeaderBytes).Type).MaxBy(pair => pair.Value).Key.ToString();

    /// <summary>The first records of a file.</summary>
    /// <returns>Null where it holds none that are sound.</returns>
    public static DamageInput? Of(string path)
    {
        using var records = RecordSource.Open(Decompression.Open(File.OpenRead(path)), new FaultLedger());
        using var plain = new MemoryStream();
        while (records.TryRead(out var record) && (plain.Length == 0 || plain.Length + record.Bytes.Length < PlainBytesMax))
            if (!records.IsText && record.Bytes.Length < PlainBytesMax) plain.Write(record.Bytes);
        return plain.Length == 0 ? null : new(Path.GetFileName(path), plain.ToArray());
    }

    /// <summary>Records of every kind, written by a seed.</summary>
    public static IReadOnlyList<DamageInput> Written(ulong seed)
    {
        var random = new SeededRandom(seed);
        return [new("updates", Updates(random, 300)), new("dump", Dump(random, 300)), new("early", Early(random, 200))];
    }

    private static byte[] Updates(SeededRandom random, int count)
    {
        var time = Timestamp.Parse("2017-10-01T09:00:00Z");
        var file = new MrtWriter();
        for (int i = 0; i < count; i++, time += TimeSpan.FromSeconds(random.Below(3)))
        {
            var session = new MrtSession($"192.0.2.{1 + random.Below(20)}", (uint)(3000 + random.Below(20)))
            {
                WideAsns = random.Chance(0.8),
                Microseconds = random.Chance(0.2),
            };
            var route = PathAttributes.Route($"{3000 + random.Below(20)} {4000 + random.Below(99)} 64999", "192.0.2.99");
            if (random.Chance(0.05)) file.StateChange(time, session, SessionState.OpenConfirm, SessionState.Established);
            else if (random.Chance(0.2)) file.Update(time, session, new PathAttributes().Origin().AsPath("3333 131279")
                .MpReach("2001:db8::2", $"2001:db8:{random.Below(999)}::/48"));
            else if (random.Chance(0.2)) file.Update(time, session, withdraw: [Drawn(random)]);
            else file.Update(time, session, route, announce: [Drawn(random), Drawn(random)]);
        }
        return file.ToArray();
    }

    private static byte[] Dump(SeededRandom random, int count)
    {
        var time = Timestamp.Parse("2017-10-01T08:00:00Z");
        MrtPeer[] peers = [.. Enumerable.Range(1, 12).Select(peer => new MrtPeer($"192.0.2.{peer}", (uint)(3000 + peer)))];
        var file = new MrtWriter().PeerIndexTable(time, "192.0.2.254", "", peers);
        for (int i = 0; i < count; i++)
            file.Rib(time, Prefix.Parse($"10.{i / 250}.{i % 250}.0/24"), [.. Enumerable.Range(0, random.Between(1, 12)).Select(peer =>
                new MrtRibEntry(peer, PathAttributes.Route($"{3001 + peer} {4000 + random.Below(99)} 64999", "192.0.2.99"), time))]);
        return file.ToArray();
    }

    private static byte[] Early(SeededRandom random, int count)
    {
        var time = Timestamp.Parse("2001-10-01T08:00:00Z");
        var file = new MrtWriter();
        for (int i = 0; i < count; i++)
            file.TableDump(time, new($"192.0.2.{1 + i % 9}", (uint)(3001 + i % 9)), Prefix.Parse($"10.{i / 250}.{i % 250}.0/24"),
                PathAttributes.Route($"{3001 + i % 9} {4000 + random.Below(99)} 64999", "192.0.2.99"), time);
        return file.ToArray();
    }

    private static Nlri Drawn(SeededRandom random) => new(Prefix.Parse($"10.{random.Below(250)}.{random.Below(250)}.0/24"));
}
