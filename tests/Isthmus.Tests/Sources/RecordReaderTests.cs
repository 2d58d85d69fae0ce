using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Tests.Sources;

public sealed class RecordReaderTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4096)]
    [InlineData(int.MaxValue)]
    public void A_record_is_the_same_wherever_the_reads_cut_the_file(int bytesARead)
    {
        byte[][] bodies = [.. Enumerable.Range(0, 3000).Select(number => Body(number))];
        var writer = new MrtWriter();
        foreach (byte[] body in bodies) writer.Record(Timestamp.FromSeconds(1_000_000_000), 16, 4, body);
        var faults = new FaultLedger();
        using var reader = new RecordReader(new Dripping(writer.ToArray(), bytesARead), faults);
        int count = 0;
        while (reader.TryRead(out var record)) Assert.Equal(bodies[count++], record.Body.ToArray());
        Assert.Equal(bodies.Length, count);
        Assert.Equal(writer.Length, reader.Offset);
        Assert.Equal(0, faults.Count);
    }

    private static byte[] Body(int number)
    {
        byte[] body = new byte[20 + number % 700];
        new Random(number).NextBytes(body);
        return body;
    }

    /// <summary>Gives no more than so many bytes a read, as a pipe does.</summary>
    private sealed class Dripping(byte[] bytes, int most) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, most));
    }
}
