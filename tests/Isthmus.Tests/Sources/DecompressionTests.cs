using System.Buffers.Binary;
using System.Security.Cryptography;

using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Sources;

public sealed class DecompressionTests
{
    private static readonly byte[] _text = Packed.Runs(300_000, seed: 1);

    public static TheoryData<CompressionFormat> Formats =>
        [CompressionFormat.Plain, CompressionFormat.Gzip, CompressionFormat.Bzip2, CompressionFormat.Zstd, CompressionFormat.Xz];

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
    [InlineData(CompressionFormat.Xz)]
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
    [InlineData(CompressionFormat.Xz)]
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
    [InlineData(CompressionFormat.Xz)]
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

    /// <summary>Parts of a file that stand alone: blocks of one stream, or streams, members, frames.</summary>
    private static byte[][] Parts(CompressionFormat format, int count) =>
        [.. Enumerable.Range(0, count).Select(part => Pack([.. Text(part)], format))];

    private static IEnumerable<byte> Text(int part) => _text.Skip(part * 20_000).Take(20_000);

    [Theory]
    [InlineData(CompressionFormat.Gzip)]
    [InlineData(CompressionFormat.Bzip2)]
    [InlineData(CompressionFormat.Zstd)]
    [InlineData(CompressionFormat.Xz)]
    public void All_parts_before_and_behind_a_damaged_one_come_out(CompressionFormat format)
    {
        byte[][] parts = Parts(format, 4);
        int start = parts[0].Length, length = parts[1].Length;
        var random = new Random(3);
        for (int round = 0; round < 60; round++)
        {
            byte[] stored = [.. parts.SelectMany(part => part)];
            // The magic is damaged too, in the first rounds, and behind it any bytes of the part.
            int at = start + (round < 4 ? round : random.Next(10, length)), bit = random.Next(8);
            stored[at] ^= (byte)(1 << bit);
            AssertBothEnds(Packed.Unpack(stored), $"byte {at - start} of {length}, bit {bit}");
        }
    }

    [Theory]
    [InlineData(CompressionFormat.Gzip)]
    [InlineData(CompressionFormat.Bzip2)]
    [InlineData(CompressionFormat.Zstd)]
    [InlineData(CompressionFormat.Xz)]
    public void Bytes_that_are_missing_or_too_many_cost_the_part_that_they_are_in(CompressionFormat format)
    {
        byte[][] parts = Parts(format, 4);
        int middle = parts[1].Length / 2;
        byte[] before = parts[0], behind = [.. parts[2], .. parts[3]];
        AssertBothEnds(Packed.Unpack([.. before, .. parts[1][..middle], .. parts[1][(middle + 7)..], .. behind]), "missing");
        AssertBothEnds(Packed.Unpack([.. before, .. parts[1][..middle], 1, 2, 3, .. parts[1][middle..], .. behind]), "too many");
        AssertBothEnds(Packed.Unpack([.. before, .. parts[1][..middle], .. behind]), "cut");
        AssertBothEnds(Packed.Unpack([.. before, .. new byte[511], 1, .. behind]), "foreign");
    }

    private static void AssertBothEnds(Packed.Unpacked unpacked, string damage)
    {
        byte[] before = [.. Text(0)], behind = [.. Text(2), .. Text(3)];
        Assert.True(unpacked.Fault is not null || unpacked.Plain.Length >= 80_000, $"{damage}: nothing told");
        Assert.True(unpacked.Plain.AsSpan().StartsWith(before), $"{damage}: what stands before is not whole");
        Assert.True(unpacked.Plain.AsSpan().EndsWith(behind), $"{damage}: what stands behind is not whole, {unpacked.Fault}");
    }

    [Theory]
    [InlineData("--block-size=20000")]
    [InlineData("--block-size=20000 -T2")]
    public void All_sound_blocks_of_a_damaged_xz_stream_come_out(string options)
    {
        byte[] packed = Packed.Xz(_text[..80_000], options);
        using var found = new StoredBytes(new MemoryStream(packed), hashed: false);
        var blocks = new XzBlocks(found);
        int second = (int)blocks.FindEnd(blocks.FindStart(0)), third = (int)blocks.FindEnd(second);
        var random = new Random(4);
        for (int round = 0; round < 60; round++)
        {
            byte[] stored = [.. packed];
            int at = random.Next(second, third), bit = random.Next(8);
            stored[at] ^= (byte)(1 << bit);
            var unpacked = Packed.Unpack(stored);
            Assert.NotNull(unpacked.Fault);
            Assert.True(unpacked.Plain.AsSpan().StartsWith(_text.AsSpan(0, 20_000)), $"byte {at}, bit {bit}: no first block");
            Assert.True(unpacked.Plain.AsSpan().EndsWith(_text.AsSpan(40_000, 40_000)), $"byte {at}, bit {bit}: {unpacked.Fault}");
        }
    }

    [Fact]
    public void The_blocks_of_an_xz_file_whose_first_header_is_damaged_come_out()
    {
        byte[] stored = Packed.Xz(_text, "--block-size=20000");
        for (int at = 6; at < 12; at++)
        {
            byte[] damaged = [.. stored];
            damaged[at] ^= 0x40;
            var unpacked = Packed.Unpack(damaged);
            Assert.NotNull(unpacked.Fault);
            Assert.True(unpacked.Plain.AsSpan().SequenceEqual(_text), $"byte {at}: {unpacked.Plain.Length} bytes, {unpacked.Fault}");
        }
    }

    [Fact]
    public void A_file_that_holds_files_of_its_own_format_is_read_up_to_its_damage()
    {
        // A frame of zstd need not have a checksum, and has none here.
        foreach (var format in new[] { CompressionFormat.Gzip, CompressionFormat.Bzip2, CompressionFormat.Xz })
        {
            byte[] inner = Pack(Packed.Noise(3000, 5), format), plain = [.. Enumerable.Repeat(inner, 40).SelectMany(one => one)];
            byte[] stored = Pack(plain, format);
            int known = Packed.Unpack(stored[..(stored.Length / 2)]).Plain.Length;
            stored[stored.Length / 2 + 5] ^= 0x10;
            var unpacked = Packed.Unpack(stored);
            Assert.NotNull(unpacked.Fault);
            Assert.True(unpacked.Plain.AsSpan().StartsWith(plain.AsSpan(0, Math.Max(0, known - 1024))), $"{format}: {unpacked.Fault}");
        }
    }

    // A gzipped registry is read before the archive files; the switch set by then must hold.
    [Fact]
    public void The_process_starts_with_strict_validation_of_gzip()
    {
        string settings = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Isthmus.App.runtimeconfig.json"));
        Assert.Contains("\"System.IO.Compression.UseStrictValidation\": true", settings, StringComparison.Ordinal);
    }

    [Fact]
    public void Zero_bytes_after_the_last_gzip_member_are_no_damage_of_it()
    {
        var unpacked = Packed.Unpack([.. Packed.Gzip(_text), .. new byte[1024]]);
        Assert.True(unpacked.Plain.AsSpan().SequenceEqual(_text));
    }

    [Theory]
    [InlineData("--check=crc32")]
    [InlineData("--check=crc64")]
    [InlineData("--check=sha256")]
    [InlineData("--check=none")]
    [InlineData("--block-size=50000")]
    [InlineData("-9e")]
    public void Xz_in_all_its_forms_comes_out_whole(string options)
    {
        byte[] packed = Packed.Xz(_text, options);
        var unpacked = Packed.Unpack([.. packed, .. new byte[8], .. packed, .. new byte[4]]);
        Assert.Null(unpacked.Fault);
        Assert.True(unpacked.Plain.AsSpan().SequenceEqual([.. _text, .. _text]));
    }

    // The library reads one byte ahead of what it decodes, so that of a cut stream the last match may be missing.
    [Fact]
    public void A_cut_xz_file_gives_what_xz_gives_up_to_the_last_match()
    {
        const int MatchBytesMax = 273;
        byte[] stored = Packed.Xz(_text, "--block-size=50000");
        foreach (int length in Enumerable.Range(1, 12).Select(i => i * (stored.Length / 13)))
        {
            byte[] expected = Packed.Run("xz", "-dc", stored[..length], failureExpected: true);
            Assert.InRange(Packed.Unpack(stored[..length]).Plain.Length, expected.Length - MatchBytesMax, _text.Length);
        }
    }

    [Fact]
    public void Damage_behind_the_blocks_of_an_xz_stream_is_told_whichever_byte_it_hits_and_takes_nothing_of_them()
    {
        byte[] packed = Packed.Xz(_text, "--block-size=50000");
        int index = (BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(packed.Length - 8)) + 1) * 4;
        for (int at = packed.Length - 12 - index; at < packed.Length; at++)
        {
            byte[] stored = [.. packed, .. packed];
            stored[at] ^= 0x10;
            var unpacked = Packed.Unpack(stored);
            Assert.NotNull(unpacked.Fault);
            Assert.True(unpacked.Plain.AsSpan().StartsWith(_text));
            Assert.True(unpacked.Plain.Length == _text.Length || unpacked.Plain.AsSpan(_text.Length).SequenceEqual(_text));
        }
    }

    [Fact]
    public void Damage_in_two_xz_streams_is_told_once_each()
    {
        byte[] packed = Packed.Xz(_text), stored = [.. packed, .. packed];
        stored[packed.Length - 13] ^= 1; // checksum of the first index
        stored[packed.Length + packed.Length / 2] ^= 1; // within the second block
        using var plain = Decompression.Open(new MemoryStream(stored));
        using var copy = new MemoryStream();
        plain.CopyTo(copy);
        Assert.Equal(2, plain.Faults.Count);
        Assert.True(copy.ToArray().AsSpan().StartsWith(_text));
    }

    [Fact]
    public void An_xz_stream_that_lacks_a_block_of_its_index_is_told()
    {
        byte[] packed = Packed.Xz(_text, "--block-size=50000"), few = Packed.Xz(_text[..50_000]);
        // The first block, then the index and footer of all.
        int index = (BinaryPrimitives.ReadInt32LittleEndian(packed.AsSpan(packed.Length - 8)) + 1) * 4 + 12;
        int indexOfShort = (BinaryPrimitives.ReadInt32LittleEndian(few.AsSpan(few.Length - 8)) + 1) * 4 + 12;
        var unpacked = Packed.Unpack([.. few[..^indexOfShort], .. packed[^index..]]);
        Assert.NotNull(unpacked.Fault);
        Assert.True(unpacked.Plain.AsSpan().SequenceEqual(_text.AsSpan(0, 50_000)));
    }

    [Fact]
    public void What_stands_behind_an_xz_stream_and_is_none_is_told()
    {
        byte[] packed = Packed.Xz(_text);
        var unpacked = Packed.Unpack([.. packed, .. "tail"u8]);
        Assert.Equal(packed.Length, unpacked.Fault!.CompressedOffset);
        Assert.True(unpacked.Plain.AsSpan().SequenceEqual(_text));
    }

    [Fact]
    public void A_filter_of_xz_that_is_not_read_is_told_and_gives_no_other_bytes()
    {
        foreach (string filter in new[] { "delta", "x86", "powerpc", "ia64", "arm", "armthumb", "sparc" })
            foreach (string check in new[] { "none", "crc64" })
            {
                string options = filter is "delta" ? "--delta=dist=4" : $"--{filter}";
                var unpacked = Packed.Unpack(Packed.Xz(_text, $"--check={check} {options} --lzma2"));
                Assert.Contains($"packed with the filter {filter}, which is not read here: unpack it with xz -d", unpacked.Fault!.What, StringComparison.Ordinal);
                Assert.Empty(unpacked.Plain);
            }
    }

    [Fact]
    public void A_stored_BMP_stream_comes_out_as_xz_gives_it()
    {
        string path = RealData.Path("stream/bmp.full-table.20180927.bmp.xz");
        byte[] stored = File.ReadAllBytes(path);
        var unpacked = Packed.Unpack(stored);
        Assert.Null(unpacked.Fault);
        Assert.True(unpacked.Plain.AsSpan().SequenceEqual(Packed.Run("xz", "-dc", stored)));
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
        CompressionFormat.Xz => Packed.Xz(plain),
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
