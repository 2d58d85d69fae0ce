using System.Formats.Tar;
using System.IO.Compression;

using Isthmus.Export;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Sources;

/// <summary>Folders of a hundred thousand small files cost what is in them: no file costs a large buffer.</summary>
public sealed class SmallFileTests
{
    private const int BytesMax = 50_000;

    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T08:00:00Z");
    private static readonly PathAttributes _route = PathAttributes.Route("2914 4837 131279", "192.0.2.1");

    private static byte[] Dump => new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", [new("192.0.2.2", 2914)])
        .Rib(_time, Prefix.Parse("175.45.176.0/24"), [new(0, _route, _time)]).ToArray();

    private static byte[] Updates => new MrtWriter().Update(_time, new("192.0.2.2", 2914), _route, announce: ["175.45.176.0/24"]).ToArray();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Counting_a_small_file_takes_little_memory(bool isDump) => AssertLittle(isDump, (set, stop) =>
        Assert.Equal(1, ReadRun.Run(new(set.Files), threads: 1, new(), stop).Elements));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Taking_the_routes_of_a_small_file_takes_little_memory(bool isDump) => AssertLittle(isDump, (set, _) =>
    {
        using var records = RecordSource.Open(Decompression.Open(set.Files[0].Open()), new FaultLedger());
        var reader = new RouteReader(records);
        while (reader.Read() is { } batch) batch.Dispose();
        Assert.Equal(1, reader.Events);
    });

    [Theory]
    [InlineData("tar")]
    [InlineData("zip")]
    public void A_small_file_of_an_archive_takes_little_memory_and_no_file_of_its_own(string kind)
    {
        const int Count = 200;
        using var folder = new TemporaryFolder();
        string path = folder.Write($"a.{kind}", kind is "tar" ? Tar(Count) : Zip(Count));
        InputSet Resolve(Inputs inputs) => inputs.Resolve([path], Stream.Null, TestContext.Current.CancellationToken);
        using (var warm = new Inputs()) Resolve(warm);
        using var inputs = new Inputs();
        long before = GC.GetAllocatedBytesForCurrentThread();
        var set = Resolve(inputs);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / Count, 1, BytesMax);
        Assert.Equal(Count, set.Files.Count);
        Assert.Single(set.Files.Select(file => file.Path).Distinct());
        Assert.Equal(Count, ReadRun.Run(set.Files, writer: null, new(), TestContext.Current.CancellationToken).Elements);
    }

    private static string NameOf(int index) => FormattableString.Invariant($"rrc00/updates.20171001.{index / 60:00}{index % 60:00}.gz");

    private static byte[] Tar(int count)
    {
        var bytes = new MemoryStream();
        using (var tar = new TarWriter(bytes, leaveOpen: true))
            for (int i = 0; i < count; i++)
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, NameOf(i))
                {
                    DataStream = new MemoryStream(Packed.Gzip(Updates)),
                });
        return bytes.ToArray();
    }

    private static byte[] Zip(int count)
    {
        var bytes = new MemoryStream();
        using (var zip = new ZipArchive(bytes, ZipArchiveMode.Create, leaveOpen: true))
            for (int i = 0; i < count; i++)
            {
                using var entry = zip.CreateEntry(NameOf(i)).Open();
                entry.Write(Packed.Gzip(Updates));
            }
        return bytes.ToArray();
    }

    // What is allocated by this thread alone: others run other tests.
    private static void AssertLittle(bool isDump, Action<InputSet, CancellationToken> read)
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("a.gz", Packed.Gzip(isDump ? Dump : Updates));
        using var inputs = new Inputs();
        var set = inputs.Resolve([path], Stream.Null, TestContext.Current.CancellationToken);
        for (int warm = 0; warm < 3; warm++) read(set, TestContext.Current.CancellationToken);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 10; i++) read(set, TestContext.Current.CancellationToken);
        Assert.InRange((GC.GetAllocatedBytesForCurrentThread() - before) / 10, 1, BytesMax);
    }
}
