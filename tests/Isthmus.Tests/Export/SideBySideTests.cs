using System.Text;

using Isthmus.Export;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Filters;
using Isthmus.Wire;

namespace Isthmus.Tests.Export;

public sealed class SideBySideTests : IDisposable
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");

    private static readonly PathAttributes _rich = PathAttributes.Route("3333 4837 131279", "192.0.2.2")
        .Communities([.. Enumerable.Range(0, 20).Select(value => $"3333:{value}")]);

    private static readonly FaultLedger _none = new();

    private readonly List<TemporaryFile> _files = [];

    [Theory]
    [InlineData(ElementFormat.Line, null)]
    [InlineData(ElementFormat.Json, null)]
    [InlineData(ElementFormat.Csv, null)]
    [InlineData(ElementFormat.Line, "fault")]
    [InlineData(ElementFormat.Csv, "peer-as 3333 and collector rrc00")]
    public void Text_of_several_files_is_that_of_each_after_the_other_at_any_number_of_threads(ElementFormat format, string? filter)
    {
        var files = UnlikeFiles();
        byte[][] alone = [.. files.Select(file => Read(format, filter, 1, file).Text)];
        int header = format is ElementFormat.Csv ? Array.IndexOf(alone[0], (byte)'\n') + 1 : 0;
        byte[] expected = [.. alone[0].Take(header), .. alone.SelectMany(text => text.Skip(header))];
        foreach (int threads in (int[])[2, 3, 8]) Assert.Equal(expected, Read(format, filter, threads, files).Text);
    }

    [Fact]
    public void What_is_told_of_each_file_is_the_same_at_any_number_of_threads()
    {
        var files = UnlikeFiles();
        ReadProgress progress = new(), progressAlone = new();
        var alone = Read(ElementFormat.Line, null, 1, files, progressAlone).Tally;
        var tally = Read(ElementFormat.Line, null, 4, files, progress).Tally;
        Assert.Equal(alone.Files.Select(Told), tally.Files.Select(Told));
        Assert.Equal(alone.FaultLines(), tally.FaultLines());
        Assert.All(alone.Files.Zip(tally.Files), pair => Assert.Equal(pair.First.Faults.Kept, pair.Second.Faults.Kept));
        Assert.True(alone.Files.Count(file => file.Faults.Count > 0) >= 4);
        Assert.True(alone.Files.Max(file => file.Faults.Count) > FaultLedger.ToldMax);
        Assert.Equal((progressAlone.Records, progressAlone.BytesDone), (progress.Records, progress.BytesDone));
        Assert.Equal((progress.FilesTotal, progress.BytesTotal), (progress.FilesDone, progress.BytesDone));
    }

    [Fact]
    public void A_reader_that_has_enough_ends_the_run()
    {
        var files = UnlikeFiles();
        var output = new WatchedOutput(written => { if (written > 100_000) throw new IOException("enough"); });
        using var writer = new ElementWriter(ElementFormat.Line, output);
        var ended = Assert.Throws<IOException>(() => ReadRun.Run(Request(files, writer), 4, new(), TestContext.Current.CancellationToken));
        Assert.Equal("enough", ended.Message);
    }

    [Fact]
    public void A_stop_ends_the_run_whoever_waits()
    {
        var files = UnlikeFiles();
        using var stop = new CancellationTokenSource();
        var output = new WatchedOutput(_ => stop.Cancel());
        using var writer = new ElementWriter(ElementFormat.Json, output);
        Assert.ThrowsAny<OperationCanceledException>(() => ReadRun.Run(Request(files, writer), 4, new(), stop.Token));
    }

    [Fact]
    public void A_file_that_is_gone_is_told_and_the_others_are_written()
    {
        var files = UnlikeFiles();
        var missing = TemporaryFile.Of(files[0].Path, "missing") with { Path = files[0].Path + ".none" };
        byte[] others = Read(ElementFormat.Line, null, 1, files).Text;
        using var output = new MemoryStream();
        using var writer = new ElementWriter(ElementFormat.Line, output);
        var request = Request([files[0], files[1], missing, .. files[2..]], writer);
        var tally = ReadRun.Run(request, 4, new(), TestContext.Current.CancellationToken);
        Assert.Equal(others, output.ToArray());
        Assert.Contains("it is no longer there", Assert.Single(tally.Files[2].Faults.Lines("missing")), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(2)]
    [InlineData(5)]
    public void Files_ahead_of_their_turn_hold_no_more_than_their_bound(int threads)
    {
        InputFile[] files = [.. Enumerable.Range(0, 6).Select(i => File($"{i}", Updates(i == 0 ? 10 : 20_000, _rich)))];
        SideBySide? run = null;
        // The first file is not written before the others have all that they may: its bytes stand for a slow reader.
        var output = new WatchedOutput(written =>
        {
            if (written == 0) SpinWait.SpinUntil(() => run!.HeldBytesMost >= SideBySide.WaitingBytesMax, TimeSpan.FromMinutes(1));
        });
        using var writer = new ElementWriter(ElementFormat.Json, output);
        run = new(Request(files, writer), writer, threads, new(), TestContext.Current.CancellationToken);
        var tallies = run.Run();
        run.Dispose();
        Assert.Equal(100_010, tallies.Sum(tally => tally.Elements));
        Assert.InRange(run.HeldBytesMost, SideBySide.WaitingBytesMax, run.HeldBytesMax);
    }

    private static string Told(FileTally file) => FormattableString.Invariant(
        $"{file with { Faults = _none }}, {file.Faults.Count} faults, {file.Faults.BytesLost} lost, {file.Faults.BytesSkipped} skipped, ")
        + string.Join(", ", file.Faults.Counts);

    private static ReadRequest Request(IReadOnlyList<InputFile> files, ElementWriter writer, string? filter = null) =>
        new(files) { Elements = writer, Where = filter is null ? null : Filtering.Parse(filter) };

    private static (byte[] Text, ReadTally Tally) Read(ElementFormat format, string? filter, int threads, params InputFile[] files) =>
        Read(format, filter, threads, files, new());

    private static (byte[] Text, ReadTally Tally) Read(
        ElementFormat format, string? filter, int threads, InputFile[] files, ReadProgress progress)
    {
        using var output = new MemoryStream();
        using var writer = new ElementWriter(format, output);
        var tally = ReadRun.Run(Request(files, writer, filter), threads, progress, TestContext.Current.CancellationToken);
        return (output.ToArray(), tally);
    }

    // Long and short ones, of many pieces and of none; damaged between records, in records, in the compressed stream and in lines.
    private InputFile[] UnlikeFiles()
    {
        byte[] updates = Updates(9_000, PathAttributes.Route("3333 4837 131279", "192.0.2.2"));
        byte[] torn = [.. updates[..300_000], .. new byte[70], .. updates[300_000..]];
        var lines = new StringBuilder();
        for (int i = 0; i < 9_000; i++)
        {
            string route = $"192.0.2.{i % 7}|{i % 7 + 3333}|10.{i / 256}.{i % 256}.0/24|3333 {i + 1}|IGP|192.0.2.2|0|0||NAG||";
            lines.Append(i % 3_000 == 17 ? "no line\n" : $"TABLE_DUMP2|1506848871|B|{route}\n");
        }
        return
        [
            File("small", Updates(3, _rich)),
            File("large", Compressed.Gzip(Updates(9_000, _rich))),
            File("empty of routes", new MrtWriter().Record(_time, 11, 0, new byte[20]).ToArray()),
            File("rib", Compressed.Gzip(TwoTables())),
            File("torn", torn),
            File("cut", Compressed.Gzip(updates)[..^40]),
            File("wide", Wide()),
            File("noise in records", Updates(9_000, new PathAttributes().AsPath("3333 131279").NextHop("192.0.2.7"))),
            File("lines", Encoding.ASCII.GetBytes(lines.ToString())),
            File("every kind", ElementWriterTests.EveryKind().ToArray()),
        ];
    }

    private InputFile File(string name, byte[] bytes)
    {
        _files.Add(new(name, bytes));
        return _files[^1].Input;
    }

    private static byte[] Updates(int count, PathAttributes attributes)
    {
        var writer = new MrtWriter();
        for (int i = 0; i < count; i++)
        {
            MrtSession session = new($"192.0.2.{i % 5}", (uint)(3333 + i % 5));
            writer.Update(_time, session, attributes, announce: [$"10.{i / 256 % 256}.{i % 256}.0/24"]);
        }
        return writer.ToArray();
    }

    // The second table names other peers at the same places, in the middle of the file: each piece needs the one before it.
    private static byte[] TwoTables()
    {
        var writer = new MrtWriter();
        foreach (int first in (int[])[1, 101])
        {
            writer.PeerIndexTable(_time, "192.0.2.254", "", [new($"192.0.2.{first}", 3333), new($"192.0.2.{first + 1}", 131279)]);
            for (int i = 0; i < 3_000; i++)
                writer.Rib(_time, Prefix.Parse($"10.{i / 256}.{i % 256}.0/24"), [new((ushort)(i % 2), _rich, _time)]);
        }
        return writer.ToArray();
    }

    // A record whose text is longer than a piece may hold.
    private static byte[] Wide()
    {
        var writer = new MrtWriter();
        Nlri[] many = [.. Enumerable.Range(0, 5_000).Select(n => (Nlri)$"10.{n / 256}.{n % 256}.0/24")];
        for (int i = 0; i < 3; i++) writer.Update(_time, new("192.0.2.2", 3333), _rich, announce: many);
        return writer.ToArray();
    }

    public void Dispose() => _files.ForEach(file => file.Dispose());

    /// <summary>Counts the bytes, and says how many there are before each more.</summary>
    private sealed class WatchedOutput(Action<long> before) : MemoryStream
    {
        public long Written { get; private set; }

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            before(Written);
            Written += buffer.Length;
        }

        public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));
    }
}
