using System.Security.Cryptography;

using Isthmus.Sources;

namespace Isthmus.Tests.Sources;

public sealed class DecompressionTests
{
    private static readonly byte[] _text = Packed.Runs(300_000, seed: 1);

    public static TheoryData<CompressionFormat> Formats =>
        [CompressionFormat.Plain, CompressionFormat.Gzip, CompressionFormat.Bzip2, CompressionFormat.Zstd];

    [Theory, MemberData(nameof(Formats))]
    public void A_file_is_told_by_its_content_and_comes_out_whole(CompressionFormat format)
    {
        using var stream = Decompression.Open(new MemoryStream(Pack(_text, format)));
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        Assert.Equal(format, stream.Format);
        Assert.Null(stream.Fault);
        Assert.True(plain.ToArray().AsSpan().SequenceEqual(_text));
    }

    [Theory, MemberData(nameof(Formats))]
    public void The_members_of_a_file_come_out_one_after_the_other(CompressionFormat format)
    {
        byte[][] parts = [_text[..70_000], [], _text[70_000..70_001], _text[70_001..]];
        var unpacked = Packed.Unpack([.. parts.SelectMany(part => Pack(part, format))]);
        Assert.Null(unpacked.Fault);
        Assert.True(unpacked.Plain.AsSpan().SequenceEqual(_text));
    }

    [Theory]
    [InlineData(CompressionFormat.Gzip)]
    [InlineData(CompressionFormat.Bzip2)]
    [InlineData(CompressionFormat.Zstd)]
    public void A_file_cut_anywhere_gives_a_true_beginning_and_a_fault(CompressionFormat format)
    {
        byte[] stored = Pack(_text, format);
        // Near the start a format can no longer be told; from the signature on, every kind of place.
        int[] places =
        [
            .. Enumerable.Range(10, 40), .. Enumerable.Range(1, 24).Select(i => stored.Length - i),
            .. Enumerable.Range(1, 60).Select(i => i * (stored.Length / 61)),
        ];
        foreach (int length in places.Where(length => length < stored.Length))
        {
            var unpacked = Packed.Unpack(stored[..length]);
            Assert.True(unpacked.Fault is not null, $"cut at {length} of {stored.Length}: no fault");
            Assert.True(_text.AsSpan().StartsWith(unpacked.Plain), $"cut at {length}: other bytes");
            Assert.Equal(unpacked.Plain.Length, unpacked.Fault.DecompressedOffset);
            Assert.InRange(unpacked.Fault.CompressedOffset, 0, length);
        }
    }

    [Theory]
    [InlineData(CompressionFormat.Gzip)]
    [InlineData(CompressionFormat.Bzip2)]
    public void A_member_cut_off_after_whole_ones_is_found(CompressionFormat format)
    {
        byte[] whole = Pack(_text, format);
        foreach (int missing in new[] { 1, 4, 9, whole.Length / 2, whole.Length - 12 })
        {
            var unpacked = Packed.Unpack([.. whole, .. whole[..^missing]]);
            Assert.NotNull(unpacked.Fault);
            Assert.True(unpacked.Plain.AsSpan().StartsWith(_text));
        }
    }

    [Theory]
    [InlineData(CompressionFormat.Gzip)]
    [InlineData(CompressionFormat.Bzip2)]
    public void A_flipped_bit_never_throws_and_never_passes_in_silence(CompressionFormat format)
    {
        byte[] stored = Pack(_text[..40_000], format);
        var random = new Random(7);
        for (int round = 0; round < 200; round++)
        {
            byte[] damaged = [.. stored];
            // Ten bytes of a gzip header hold time, system and the like, which change nothing.
            int at = random.Next(10, damaged.Length);
            int bit = random.Next(8);
            damaged[at] ^= (byte)(1 << bit);
            var unpacked = Packed.Unpack(damaged);
            bool same = unpacked.Plain.AsSpan().SequenceEqual(_text.AsSpan(0, 40_000));
            Assert.True(same || unpacked.Fault is not null, $"byte {at}, bit {bit}: other bytes, no fault");
        }
    }

    [Theory, MemberData(nameof(Formats))]
    public void Noise_behind_a_signature_ends_and_does_not_throw(CompressionFormat format)
    {
        byte[] start = Pack(_text[..1000], format)[..10];
        for (int seed = 0; seed < 50; seed++) Packed.Unpack([.. start, .. Packed.Noise(5000, seed)]);
    }

    [Theory, MemberData(nameof(Formats))]
    public void The_hash_is_that_of_the_whole_file_as_stored_even_behind_damage(CompressionFormat format)
    {
        byte[] stored = Pack(_text, format);
        stored.AsSpan(stored.Length / 2, 20).Fill(0x55);
        byte[] whole = [.. stored, .. Packed.Noise(400_000, 3)];
        Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)), Packed.Unpack(whole).Sha256);
    }

    // A gzipped registry is read before the archive files; the switch set by then must hold.
    [Fact]
    public void The_process_starts_with_strict_validation_of_gzip()
    {
        string settings = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Isthmus.App.runtimeconfig.json"));
        Assert.Contains("\"System.IO.Compression.UseStrictValidation\": true", settings, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_bytes_after_the_last_gzip_member_are_padding()
    {
        var unpacked = Packed.Unpack([.. Packed.Gzip(_text), .. new byte[1024]]);
        Assert.True(unpacked.Plain.AsSpan().SequenceEqual(_text));
    }

    [Fact]
    public void Xz_is_refused_with_what_to_do()
    {
        byte[] xz = [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, 0, 4, 0, 0, 0, 0];
        var refusal = Assert.Throws<InputException>(() => Decompression.Open(new MemoryStream(xz)));
        Assert.Contains("xz -d", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_source_that_fails_ends_the_file_with_a_fault()
    {
        using var stream = Decompression.Open(new Failing(Packed.Bzip2(_text), failAt: 1000));
        stream.CopyTo(Stream.Null);
        Assert.NotNull(stream.Fault);
    }

    private static byte[] Pack(byte[] plain, CompressionFormat format) => format switch
    {
        CompressionFormat.Gzip => Packed.Gzip(plain),
        CompressionFormat.Bzip2 => Packed.Bzip2(plain),
        CompressionFormat.Zstd => Packed.Zstd(plain),
        _ => plain,
    };

    /// <summary>A disk that cannot be read beyond a place.</summary>
    private sealed class Failing(byte[] bytes, int failAt) : MemoryStream(bytes)
    {
        public override int Read(Span<byte> buffer) =>
            Position >= failAt ? throw new IOException("input/output error")
            : base.Read(buffer[..(int)Math.Min(buffer.Length, failAt - Position)]);
    }
}
