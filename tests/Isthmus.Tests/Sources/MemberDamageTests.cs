using CsCheck;

using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Wire;

namespace Isthmus.Tests.Sources;

/// <summary>Files of many members, streams or frames, damaged: what the others hold comes out once, and nothing comes out twice.</summary>
public sealed class MemberDamageTests
{
    /// <summary>Where a part is damaged.</summary>
    private enum Place
    {
        Head,
        Body,
        Trailer,
        Cut,
        Missing,
        TooMany,
        Zeroed,
    }

    private sealed record World(byte[][] Members, byte[][][] Records, int Damaged, Place Place, byte[] Stored)
    {
        /// <summary>Where in the file the damage begins.</summary>
        public int At => Members.SelectMany(member => member).Zip(Stored).TakeWhile(pair => pair.First == pair.Second).Count();
    }

    /// <summary>What tells a format; a file that does not begin so is another file.</summary>
    private const int SignatureBytes = 12;

    private static readonly Timestamp _start = Timestamp.Parse("2017-10-01T00:00:00Z");

    // Records that are all different: each announces a prefix of its own.
    private static byte[] Record(int number) => new MrtWriter().Update(_start + TimeSpan.FromSeconds(number), new("192.0.2.1", 3333),
        PathAttributes.Route("3333 4837 131279", "192.0.2.99"), announce: [Prefix.Parse($"10.{number >> 8}.{number & 255}.0/24")]).ToArray();

    private static Gen<World> Worlds(Func<byte[], byte[]> pack, int countMax) =>
        from sizes in Gen.Int[1, 25].Array[2, countMax]
        from damaged in Gen.Int[0, sizes.Length - 1]
        from place in Gen.Enum<Place>()
        from at in Gen.Double[0, 1]
        from bit in Gen.Int[0, 7]
        from length in Gen.Int[1, 40]
        select Build(pack, sizes, damaged, place, at, bit, length);

    private static World Build(Func<byte[], byte[]> pack, int[] sizes, int damaged, Place place, double at, int bit, int length)
    {
        int next = 0;
        byte[][][] records = [.. sizes.Select(size => Enumerable.Range(0, size).Select(_ => Record(next++)).ToArray())];
        byte[][] members = [.. records.Select(some => pack([.. some.SelectMany(record => record)]))];
        byte[] sound = members[damaged];
        int place8 = (int)(at * (sound.Length - 1));
        var rest = members.Skip(damaged + 1);
        byte[] Flipped(int where)
        {
            byte[] copy = [.. sound];
            copy[where] ^= (byte)(1 << bit);
            return copy;
        }

        length = Math.Min(length, sound.Length - place8);
        byte[] other = place switch
        {
            Place.Head => Flipped((int)(at * 9)),
            Place.Body => Flipped(place8),
            Place.Trailer => Flipped(sound.Length - 1 - (int)(at * 7)),
            Place.Cut => sound[..place8],
            Place.Missing => [.. sound[..place8], .. sound[(place8 + length)..]],
            Place.TooMany => [.. sound[..place8], .. Enumerable.Range(bit, length).Select(i => (byte)(i * 3)), .. sound[place8..]],
            _ => [.. sound[..place8], .. new byte[length], .. sound[(place8 + length)..]],
        };
        byte[] before = [.. members[..damaged].SelectMany(one => one)], behind = [.. rest.SelectMany(one => one)];
        byte[] stored = [.. before, .. other, .. place is Place.Cut ? [] : behind];
        return new(members, records, damaged, place, stored);
    }

    private static Dictionary<string, int> RecordsOf(DecompressedStream plain, out int faults)
    {
        var ledger = new FaultLedger();
        var times = new Dictionary<string, int>(StringComparer.Ordinal);
        using var records = RecordSource.Open(plain, ledger);
        while (records.TryRead(out var record))
        {
            string text = Convert.ToHexString(record.Bytes);
            times[text] = times.GetValueOrDefault(text) + 1;
        }
        faults = (int)ledger.Count + plain.Faults.Count;
        return times;
    }

    // Of the damaged member itself codes may be others, and repeat what stands before them.
    private static string? Wrong(World world, Dictionary<string, int> came, int faults, int bytes)
    {
        for (int i = 0; i < world.Records.Length; i++)
        {
            // Beside the damage the framing of records is found again by three in a row: fewer may be lost, which is told.
            bool isNear = Math.Abs(i - world.Damaged) <= 1 && (faults > 0 || i == world.Damaged);
            bool isGone = world.Place is Place.Cut && i > world.Damaged, isDamaged = i == world.Damaged;
            foreach (byte[] record in world.Records[i])
            {
                int times = came.GetValueOrDefault(Convert.ToHexString(record));
                bool mayRepeat = isDamaged && world.Place is not (Place.Cut or Place.Trailer);
                int most = isGone ? 0 : mayRepeat ? int.MaxValue : 1, least = isGone || isNear ? 0 : 1;
                if (times < least || times > most)
                    return $"{world.Place} in {world.Damaged}: a record of {i} came {times} times: {Convert.ToHexString(world.Stored)}";
            }
        }
        int all = world.Records.Sum(records => records.Length);
        // A damaged copy within deflate may bring a whole record again; the checksum tells.
        int again = world.Place is Place.Cut or Place.Trailer ? 0 : world.Records[world.Damaged].Length;
        if (came.Values.Sum() > all + again) return $"{world.Place}: {came.Values.Sum()} records of {all}";
        return came.Values.Sum() < all && faults == 0 && !IsAtBorder(world, bytes) ? $"{world.Place}: records are missing, and nothing is told" : null;
    }

    // Plain bytes of a member that is not damaged.
    private static string? Missing(World world, byte[] came)
    {
        for (int i = 0; i < world.Records.Length; i++)
        {
            if (i == world.Damaged || world.Place is Place.Cut && i > world.Damaged) continue;
            byte[] member = [.. world.Records[i].SelectMany(record => record)];
            if (came.AsSpan().IndexOf(member) < 0)
                return $"{world.Place} in {world.Damaged}: the bytes of {i} are not there: {Convert.ToHexString(world.Stored)}";
        }
        return null;
    }

    private static bool IsAtBorder(World world, int bytes) =>
        world.Place is Place.Cut && bytes == world.Members.Take(world.Damaged).Sum(member => member.Length);

    private static void Hold(Func<byte[], byte[]> pack, int countMax, long runs, Func<byte[], DecompressedStream>? open = null) =>
        Worlds(pack, countMax).Sample(world =>
        {
            if (world.At < SignatureBytes) return;
            open ??= stored => Decompression.Open(new MemoryStream(stored));
            using var bytes = new MemoryStream();
            using (var all = open(world.Stored)) all.CopyTo(bytes);
            string? missing = Missing(world, bytes.ToArray());
            Assert.True(missing is null, missing);
            using var plain = open(world.Stored);
            var came = RecordsOf(plain, out int faults);
            string? wrong = Wrong(world, came, faults, world.Stored.Length);
            Assert.True(wrong is null, wrong);
        }, iter: runs, seed: "0N0XIzNsQ0O2", threads: 1);

    private static DecompressedStream Gunzip(byte[] stored, bool quickly)
    {
        var bytes = new StoredBytes(new MemoryStream(stored), hashed: false);
        return new(bytes, new GzipDecoder(bytes, quickly), CompressionFormat.Gzip);
    }

    [Fact]
    public void Members_of_gzip_around_a_damaged_one_come_out_once() => Hold(Packed.Gzip, 8, 1000, stored => Gunzip(stored, quickly: true));

    [Fact]
    public void So_they_do_by_the_base_library() => Hold(Packed.Gzip, 8, 1000, stored => Gunzip(stored, quickly: false));

    [Fact]
    public void Streams_of_bzip2_around_a_damaged_one_come_out_once() => Hold(plain => Packed.Bzip2(plain), 4, 150);

    [Fact]
    public void Frames_of_zstd_around_a_damaged_one_come_out_once() => Hold(Checked, 8, 500);

    private static byte[] Checked(byte[] plain)
    {
        using var compressor = new ZstdSharp.Compressor();
        compressor.SetParameter(ZstdSharp.Unsafe.ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return compressor.Wrap(plain).ToArray();
    }

    [Theory]
    [InlineData(CompressionFormat.Gzip)]
    [InlineData(CompressionFormat.Zstd)]
    [InlineData(CompressionFormat.Bzip2)]
    [InlineData(CompressionFormat.Xz)]
    public void A_wrong_checksum_alone_takes_no_byte_and_is_told(CompressionFormat format)
    {
        byte[] text = Packed.Runs(40_000, 5);
        byte[] one = format switch
        {
            CompressionFormat.Gzip => Packed.Gzip(text),
            CompressionFormat.Zstd => Checked(text),
            CompressionFormat.Bzip2 => Packed.Bzip2(text),
            _ => Packed.Xz(text),
        };
        // Of xz the check of the block stands before index and footer, of bzip2 that of the block behind its magic.
        int at = format switch
        {
            CompressionFormat.Gzip => one.Length - 7,
            CompressionFormat.Zstd => one.Length - 2,
            CompressionFormat.Bzip2 => 12,
            _ => one.Length - 12 - (BitConverter.ToInt32(one, one.Length - 8) + 1) * 4 - 5,
        };
        byte[] stored = [.. one, .. one];
        stored[at] ^= 0x10;
        using var plain = Decompression.Open(new MemoryStream(stored));
        using var came = new MemoryStream();
        plain.CopyTo(came);
        Assert.True(came.ToArray().AsSpan().SequenceEqual([.. text, .. text]), $"{came.Length} bytes");
        var fault = Assert.Single(plain.Faults);
        Assert.Contains("the checksum of a", fault.What, StringComparison.Ordinal);
        Assert.False(fault.LosesBytes);
    }

    [Fact]
    public void Twenty_thousand_members_of_which_each_second_is_damaged_cost_what_they_hold()
    {
        const int Members = 20_000;
        byte[][] members = [.. Enumerable.Range(0, Members).Select(number => Packed.Gzip(Record(number)))];
        for (int i = 1; i < Members; i += 2) members[i][members[i].Length / 2] ^= 4;
        byte[] stored = [.. members.SelectMany(member => member)];
        foreach (bool quickly in new[] { true, false })
        {
            var source = new CountingStream(stored);
            var bytes = new StoredBytes(source, hashed: false);
            using var plain = new DecompressedStream(bytes, new GzipDecoder(bytes, quickly), CompressionFormat.Gzip);
            using var all = new MemoryStream();
            plain.CopyTo(all);
            byte[] came = all.ToArray();
            int at = 0;
            for (int i = 0; i < Members; i += 2)
            {
                int found = came.AsSpan(at).IndexOf(Record(i));
                Assert.True(found >= 0, $"record {i} is not there, or not in its place");
                at += found + 1;
            }
            Assert.InRange(came.Length, Members / 2 * Record(0).Length, Members * Record(0).Length);
            Assert.InRange(source.Taken, stored.Length, stored.Length + Members * (1L << 17));
        }
    }

    private sealed class CountingStream(byte[] bytes) : MemoryStream(bytes)
    {
        public long Taken { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int count = base.Read(buffer);
            Taken += count;
            return count;
        }
    }

    [Fact]
    public void The_first_bytes_of_a_file_may_be_damaged_whatever_it_is_packed_by()
    {
        byte[] text = [.. Enumerable.Range(0, 500).SelectMany(Record)];
        foreach (byte[] sound in (byte[][])[Packed.Gzip(text), Packed.Bzip2(text), Checked(text), Packed.Xz(text)])
            for (int at = 0; at < 4; at++)
            {
                // Of bzip2 the fourth is the size of blocks; of gzip it is flags.
                byte[] stored = [.. sound];
                stored[at] ^= 0x40;
                using var plain = Decompression.Open(new MemoryStream(stored));
                using var came = new MemoryStream();
                plain.CopyTo(came);
                Assert.True(came.ToArray().AsSpan().SequenceEqual(text), $"byte {at} of {plain.Format}: {came.Length} bytes");
                Assert.NotNull(plain.Fault);
            }
    }
}
