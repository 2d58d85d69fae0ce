using Isthmus.Export;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Export;

public sealed class ReadRunTests
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");

    [Theory]
    [InlineData("rib/ris.rrc05.bview.20020722.2337.gz", 115_521)]
    [InlineData("rib/ris.rrc06.rib.20180424.from-json.gz", 127_555)]
    [InlineData("rib/routeviews.jinx.rib.20140530.2200.bz2", 503_590)]
    [InlineData("updates/lab.bird_bgp.mrt", 26)]
    [InlineData("updates/lab.bird6_bgp.mrt", 26)]
    // The list ends inside a prefix, so that none of it is trusted (RFC 7606 section 3 j).
    [InlineData("updates/ris.updates.nlri_mask_trailing_bits.gz", 0)]
    [InlineData("updates/routeviews.updates.20260222.1530.bz2", 118_663)]
    public void A_count_is_that_of_the_lines(string name, long elements) =>
        Assert.Equal(elements, Count(TemporaryFile.Of(RealData.Path(name), name)).Elements);

    [Theory]
    [InlineData("damaged/routeviews2.rib.20140523.0600.first-1MB.bz2", 270_005)]
    [InlineData("damaged/ris.rrc24.updates.20200809.0420.cut.gz", 17_182)]
    public void A_cut_off_file_gives_all_before_the_cut_and_says_that_it_is_cut(string name, long elements)
    {
        var tally = Count(TemporaryFile.Of(RealData.Path(name), name));
        Assert.Equal(elements, tally.Elements);
        Assert.True(tally.Damaged);
        Assert.All(tally.FaultLines(), line => Assert.StartsWith(name + ": ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void A_file_cut_anywhere_gives_its_whole_records_and_a_fault()
    {
        byte[] whole = Updates(5);
        int record = whole.Length / 5;
        for (int length = 1; length < whole.Length; length++)
        {
            using var file = new TemporaryFile("cut", whole[..length]);
            var tally = Count(file.Input);
            Assert.Equal((length / record, length % record != 0), ((int)tally.Elements, tally.Damaged));
        }
    }

    [Fact]
    public void Counting_and_writing_count_the_same_and_tell_the_same_progress()
    {
        using TemporaryFile one = new("1", Updates(9000)), two = new("2", Compressed.Gzip(Updates(100)));
        ReadProgress counting = new(), writing = new();
        using var writer = new ElementWriter(ElementFormat.Line, Stream.Null);
        var counted = ReadRun.Run([one.Input, two.Input], null, counting, TestContext.Current.CancellationToken);
        var written = ReadRun.Run([one.Input, two.Input], writer, writing, TestContext.Current.CancellationToken);
        Assert.Equal((9100L, 9100L, false), (counted.Elements, written.Elements, written.Damaged));
        Assert.All([counting, writing], progress =>
        {
            Assert.Equal((2, 2, 9100L), (progress.FilesTotal, progress.FilesDone, progress.Records));
            Assert.Equal(one.Input.SizeBytes + two.Input.SizeBytes, progress.BytesTotal);
            Assert.Equal(progress.BytesTotal, progress.BytesDone);
        });
    }

    [Fact]
    public void A_stop_is_heeded_in_the_middle_of_a_file()
    {
        using var file = new TemporaryFile("long", Updates(20_000));
        using var stopped = new CancellationTokenSource();
        stopped.Cancel();
        Assert.Throws<OperationCanceledException>(() => ReadRun.Run([file.Input], null, new(), stopped.Token));
    }

    [Fact]
    public void A_record_of_a_type_without_routes_is_counted_and_no_fault()
    {
        using var file = new TemporaryFile("ospf", new MrtWriter().Record(_time, 11, 0, new byte[20]).Raw(Updates(1)).ToArray());
        var tally = Assert.Single(Count(file.Input).Files);
        Assert.Equal((2L, 1L, 1L, 0L), (tally.Records, tally.OtherRecords, tally.Elements, tally.Faults.Count));
    }

    private static ReadTally Count(InputFile file) => ReadRun.Run([file], null, new(), TestContext.Current.CancellationToken);

    private static byte[] Updates(int count)
    {
        var writer = new MrtWriter();
        var attributes = PathAttributes.Route("3333 4837 131279", "192.0.2.2");
        for (int i = 0; i < count; i++) writer.Update(_time, new("192.0.2.2", 3333), attributes, announce: ["175.45.178.0/24"]);
        return writer.ToArray();
    }
}
