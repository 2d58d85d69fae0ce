using CsCheck;

using Isthmus.Sources.Compression;

namespace Isthmus.Tests.Sources;

public sealed class BurrowsWheelerTests
{
    private readonly BurrowsWheeler _transform = new();

    // Periods make links that are several cycles, of which the text is one, gone round several times.
    [Fact]
    public void A_text_comes_back_from_its_sorted_rotations() => (
        from letters in Gen.Int[1, 4]
        from unit in Gen.Byte[0, (byte)letters].Array[1, 300]
        from times in Gen.Int[1, 5]
        select Enumerable.Repeat(unit, times).SelectMany(bytes => bytes).ToArray()).Sample(text =>
    {
        int[] rotations = [.. Enumerable.Range(0, text.Length).OrderBy(start => Rotation(text, start), ByBytes.Order)];
        byte[] sorted = [.. rotations.Select(start => text[(start + text.Length - 1) % text.Length])];
        var links = Links(sorted);
        byte[] back = new byte[text.Length];
        _transform.Invert(links, (int)(links[Array.IndexOf(rotations, 0)] >> 8), back);
        Assert.Equal(text, back);
    }, iter: 300, threads: 1);

    // Whatever a damaged block says, the walk ends, and gives what following the links one by one gives.
    [Fact]
    public void Many_cursors_give_what_one_gives() => (
        from length in Gen.OneOf(Gen.Int[1, 600], Gen.Int[600, 100_000])
        from seed in Gen.Int
        from letters in Gen.Int[1, 256]
        select (length, seed, letters)).Sample(drawn =>
    {
        var (length, seed, letters) = drawn;
        var random = new Random(seed);
        byte[] sorted = new byte[length];
        foreach (ref byte value in sorted.AsSpan()) value = (byte)random.Next(letters);
        var links = Links(sorted);
        int first = random.Next(length);
        byte[] expected = new byte[length], text = new byte[length];
        int row = first;
        foreach (ref byte value in expected.AsSpan()) (value, row) = ((byte)(links[row] & 0xFF), (int)(links[row] >> 8));
        _transform.Invert(links, first, text);
        Assert.Equal(expected, text);
    }, iter: 200, threads: 1);

    [Fact]
    public void The_longest_block_comes_back()
    {
        byte[] sorted = new byte[BurrowsWheeler.RowsMax];
        new Random(3).NextBytes(sorted);
        var links = Links(sorted);
        byte[] expected = new byte[sorted.Length], text = new byte[sorted.Length];
        int row = 0;
        foreach (ref byte value in expected.AsSpan()) (value, row) = ((byte)(links[row] & 0xFF), (int)(links[row] >> 8));
        _transform.Invert(links, 0, text);
        Assert.True(text.AsSpan().SequenceEqual(expected));
    }

    private static uint[] Links(byte[] sorted)
    {
        uint[] links = new uint[sorted.Length + 1];
        foreach (var (to, from) in Enumerable.Range(0, sorted.Length).OrderBy(row => sorted[row]).Index())
            links[to] = (uint)from << 8 | sorted[to];
        return links;
    }

    private static byte[] Rotation(byte[] text, int start) => [.. text[start..], .. text[..start]];

    private sealed class ByBytes : IComparer<byte[]>
    {
        public static readonly ByBytes Order = new();

        public int Compare(byte[]? one, byte[]? other) => one.AsSpan().SequenceCompareTo(other);
    }
}
