using Isthmus.Scenarios;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Sources;

public sealed class ReadAheadTests
{
    private const int InflateStepBytes = 1 << 14;

    [Theory]
    [InlineData("updates/ris.rrc24.updates.20200809.0320.gz")]
    [InlineData("damaged/ris.rrc24.updates.20200809.0420.cut.gz")]
    [InlineData("updates/routeviews.jinx.updates.20150401.0000.bz2")]
    [InlineData("stream/bmp.full-table.20180927.bmp.xz")]
    public void A_thread_ahead_changes_neither_the_bytes_nor_what_is_wrong_with_them(string name)
    {
        byte[] stored = File.ReadAllBytes(RealData.Path(name));
        foreach (byte[] file in (byte[][])[stored, stored[..(stored.Length / 2)], Flipped(stored)])
        {
            var (plain, faults) = Read(Decompression.Open(new MemoryStream(file)));
            var (ahead, faultsAhead) = Read(Decompression.OpenAhead(new MemoryStream(file)));
            Assert.Equal(faults.Select(fault => (fault.What, fault.CompressedOffset)),
                faultsAhead.Select(fault => (fault.What, fault.CompressedOffset)));
            // Where a gzip member is damaged the last step of inflating is lost, and steps end elsewhere.
            int common = Math.Min(plain.Length, ahead.Length);
            Assert.InRange(Math.Max(plain.Length, ahead.Length) - common, 0, faults.Count == 0 ? 0 : InflateStepBytes);
            Assert.True(ahead.AsSpan(0, common).SequenceEqual(plain.AsSpan(0, common)));
        }
    }

    [Fact]
    public void Who_reads_no_further_may_leave_and_may_say_so_twice()
    {
        var stream = Decompression.OpenAhead(new MemoryStream(Compressed.Gzip(new byte[50_000_000])));
        Assert.True(stream.Read(new byte[100]) > 0);
        stream.Dispose();
        stream.Dispose();
    }

    private static byte[] Flipped(byte[] stored)
    {
        byte[] copy = [.. stored];
        copy[stored.Length / 3] ^= 0x20;
        return copy;
    }

    private static (byte[] Plain, IReadOnlyList<StreamFault> Faults) Read(DecompressedStream stream)
    {
        using (stream)
        {
            var plain = new MemoryStream();
            stream.CopyTo(plain, 70_000);
            return (plain.ToArray(), stream.Faults);
        }
    }
}
