using System.Formats.Tar;
using System.IO.Compression;
using System.Text;

using Isthmus.Scenarios;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

using MrtPeer = Isthmus.Scenarios.MrtPeer;
using Written = Isthmus.Scenarios.PathAttributes;

namespace Isthmus.Benchmarks.Fuzzing;

/// <summary>Sound inputs to begin with: written here, and those of the tests' corpus.</summary>
internal static class FuzzSeeds
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51.372152Z");

    /// <summary>An index table of two peers, and a record of each kind that refers to it.</summary>
    public static byte[] Index { get; } = new MrtWriter()
        .PeerIndexTable(_time, "192.0.2.254", "view", [new("192.0.2.2", 3333), new("2001:db8::2", 131279)]).ToArray();

    /// <summary>Files of a few records: of sessions, of dumps, of early formats.</summary>
    public static IReadOnlyList<byte[]> Files { get; } = [Sessions(), Dumps(), Early()];

    /// <summary>The records of these files and of the corpus, one by one.</summary>
    public static IReadOnlyList<byte[]> Records { get; } =
        [.. Files.Concat(Corpus("records")).SelectMany(Split).Where(record => record.Length <= 2048).DistinctBy(Convert.ToHexString)];

    /// <summary>Bodies of UPDATE messages behind a byte that says how they are read.</summary>
    public static IReadOnlyList<byte[]> Updates { get; } = [.. Bodies(), .. Corpus("update")];

    /// <summary>What the tests keep of a reader, where the tests are at hand.</summary>
    public static IEnumerable<byte[]> Corpus(string reader)
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !File.Exists(Path.Combine(folder, "Isthmus.slnx"))) folder = Path.GetDirectoryName(folder);
        string file = Path.Combine(folder ?? "", "tests/Isthmus.Tests/Fuzz/Corpus", reader + ".txt");
        return File.Exists(file) ? File.ReadLines(file).Select(Convert.FromHexString) : [];
    }

    /// <summary>The same files in a tar archive.</summary>
    public static byte[] Tar()
    {
        using var packed = new MemoryStream();
        using (var tar = new TarWriter(packed, TarEntryFormat.Ustar, leaveOpen: true))
            foreach (var (place, file) in Files.Index())
                tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, $"rrc00/{place}.mrt") { DataStream = new MemoryStream(file) });
        return packed.ToArray();
    }

    /// <summary>The same files in a zip archive.</summary>
    public static byte[] Zip()
    {
        using var packed = new MemoryStream();
        using (var zip = new ZipArchive(packed, ZipArchiveMode.Create, leaveOpen: true))
            foreach (var (place, file) in Files.Index())
            {
                using var entry = zip.CreateEntry($"rrc00/{place}.mrt").Open();
                entry.Write(file);
            }
        return packed.ToArray();
    }

    /// <summary>Bytes of a text.</summary>
    public static byte[] Text(string text) => Encoding.UTF8.GetBytes(text);

    private static IEnumerable<byte[]> Split(byte[] file)
    {
        for (int at = 0; at + MrtRecord.HeaderBytes <= file.Length;)
        {
            long length = MrtReader.LengthOf(file.AsSpan(at));
            int taken = (int)Math.Min(length, file.Length - at);
            yield return file[at..(at + taken)];
            at += taken;
        }
    }

    private static byte[] Sessions()
    {
        MrtSession session = new("192.0.2.2", 3333), narrow = new("192.0.2.3", 3257) { WideAsns = false };
        var mp = new Written().Origin().AsPath("20485 131279").MpReach("2001:db8::2 fe80::2", "2001:db8:1::/48", "::/0");
        var plain = Written.Route("3257 131279", "192.0.2.8");
        return new MrtWriter()
            .StateChange(_time, session, SessionState.OpenConfirm, SessionState.Established)
            .Update(_time, session, Rich(), announce: ["175.45.178.0/24", "175.45.179.0/24"], withdraw: ["175.45.177.0/24"])
            .Update(_time, session with { Microseconds = true }, mp)
            .Update(_time, narrow, plain, announce: ["175.45.176.0/24"])
            .Update(_time, narrow with { WithoutAddresses = true }, plain, ["10.0.0.0/8"])
            .Update(_time, session with { AddPath = true }, plain, announce: [new Nlri(Prefix.Parse("10.0.0.0/8"), 7)])
            .Message(_time, narrow, MessageWriter.Open(3257, "192.0.2.3"))
            .ToArray();
    }

    private static byte[] Dumps()
    {
        var hop = new Written().Origin().AsPath("131279").MpReachNextHop("2001:db8::2");
        MrtPeer[] peers = [new("192.0.2.2", 3333), new("2001:db8::2", 131279)];
        return new MrtWriter()
            .PeerIndexTable(_time, "192.0.2.254", "view", peers)
            .GeoPeerTable(_time, "192.0.2.254", (52.3f, 4.9f), peers, repeating: true)
            .Rib(_time, Prefix.Parse("175.45.178.0/24"), [new(0, Rich(), _time), new(1, Rich(), _time)])
            .Rib(_time, Prefix.Parse("2001:db8:1::/48"), [new(1, hop, _time)])
            .RibGeneric(_time, new(Prefix.Parse("10.0.0.0/8"), 7), [new(0, Rich(), _time)], 1)
            .ToArray();
    }

    private static byte[] Early()
    {
        MrtSession narrow = new("192.0.2.3", 3257) { WideAsns = false };
        var route = Written.Route("3257 131279", "192.0.2.8");
        MrtPeer peer = new("192.0.2.3", 3257);
        return new MrtWriter()
            .TableDump(_time, peer, Prefix.Parse("175.45.176.0/24"), route, _time)
            .Entry(_time, narrow, Prefix.Parse("10.0.0.0/8"), "192.0.2.8", new Written().Origin().AsPath("3257"))
            .TableDumpBatch(_time, [(peer, Prefix.Parse("10.0.0.0/8"), route), (peer, Prefix.Parse("10.1.0.0/16"), route)], _time)
            .ToArray();
    }

    private static Written Rich() => new Written().Origin().AsPath("2914 4837 131279", withAs4Path: true).NextHop("192.0.2.1").Med(1)
        .LocalPref(2).AtomicAggregate().Aggregator(131279, "192.0.2.1").Communities("65535:666").OriginatorId("192.0.2.2")
        .ClusterList("192.0.2.3").ExtendedCommunities(0x0002_1234_0000_0001).LargeCommunities("131279:1:2").OnlyToCustomer(4837);

    private static IEnumerable<byte[]> Bodies()
    {
        var mp = new Written().Origin().AsPath("2914").MpReach("2001:db8::1 fe80::1", "2001:db8::/32", "::/0").MpUnreach("2001:db8::/33");
        foreach (byte form in new byte[] { 0, 1, 2, 3 })
        {
            bool wide = (form & 1) != 0;
            Nlri[] prefixes = (form & 2) != 0 ? [new(Prefix.Parse("10.0.0.0/8"), 7)] : ["10.0.0.0/8", "10.1.2.0/23"];
            yield return [form, .. MessageWriter.Update(Rich(), prefixes, prefixes, wide).AsSpan(19)];
            yield return [form, .. MessageWriter.Update(mp, [], [], wide).AsSpan(19)];
        }
    }
}
