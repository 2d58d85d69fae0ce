using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Sources;

/// <summary>ISA-L and the base library give the same bytes, the same faults and the same places, on sound and damaged files.</summary>
public sealed class GzipAgreementTests
{
    private const string NotHere = "libisal.so.2 is not here: apt-get install libisal2, or run .ci/run";

    public static TheoryData<string> RealFiles =>
    [
        "damaged/ris.rrc00.bview.20000111.0032.gz", "damaged/ris.rrc01.updates.20001104.0124.gz",
        "damaged/ris.rrc15.updates.20100227.1600.gz", "damaged/ris.rrc24.updates.20200809.0420.cut.gz",
        "updates/ris.rrc24.updates.20200809.0320.gz",
    ];

    [Theory]
    [MemberData(nameof(RealFiles))]
    public void Both_read_a_real_file_alike(string name)
    {
        Assert.SkipUnless(IsalInflater.IsHere, NotHere);
        Assert.Null(Difference(File.ReadAllBytes(RealData.Path(name))));
    }

    [Fact]
    public void Both_read_members_padding_and_what_follows_alike()
    {
        Assert.SkipUnless(IsalInflater.IsHere, NotHere);
        byte[] one = Packed.Gzip(Packed.Runs(300_000, 1)), two = Packed.Gzip(Packed.Noise(70_000, 2)), none = Packed.Gzip([]);
        foreach (byte[] file in (byte[][])
        [
            one, none, [.. one, .. two], [.. none, .. one, .. none, .. two], [.. one, .. new byte[700]], [.. one, 0x1f],
            [.. one, 0x1f, 0x8b], [.. one, 0x1f, 0x8b, 9, 0], [.. one, .. two[..9]], [.. one, 1, 2, 3], [.. one, .. "text"u8],
            [0x1f, 0x8b, 8], WithFlags(one, 0x20), WithFlags(one, 0x02), WithFlags(one, 0x08),
        ]) Assert.True(Difference(file) is null, $"{file.Length} bytes, ending in {Convert.ToHexString(file[^Math.Min(6, file.Length)..])}: {Difference(file)}");
    }

    // Nothing bounds a name or comment (RFC 1952 section 2.3); an extra field has up to 65,535 bytes.
    [Theory]
    [InlineData(0, 70_000, 0)]
    [InlineData(0, 0, 300_000)]
    [InlineData(65_535, 0, 0)]
    [InlineData(65_535, 65_536, 70_000)]
    [InlineData(20, 200, 260)]
    [InlineData(2, 1, 1)]
    public void A_header_of_any_length_is_passed_over(int extra, int name, int comment)
    {
        byte[] plain = Packed.Runs(200_000, 3), member = Packed.Gzip(plain);
        byte flags = (byte)((extra > 0 ? 4 : 0) | (name > 0 ? 8 : 0) | (comment > 0 ? 16 : 0));
        byte[] field = extra > 0 ? [(byte)(extra & 0xff), (byte)(extra >> 8), .. Enumerable.Repeat((byte)1, extra)] : [];
        byte[] Text(int length) => length == 0 ? [] : [.. Enumerable.Repeat((byte)'n', length - 1), 0];
        byte[] file = [0x1f, 0x8b, 8, flags, .. member[4..10], .. field, .. Text(name), .. Text(comment), .. member[10..]];
        foreach (bool quickly in (bool[])[true, false])
        {
            using var decoder = new GzipDecoder(new(new MemoryStream(file), hashed: false), quickly);
            byte[] came = new byte[plain.Length + 1];
            int length = 0;
            while (length < came.Length && decoder.Read(came.AsSpan(length)) is var read and > 0) length += read;
            Assert.Equal(plain, came[..length]);
            Assert.Empty(decoder.Faults);
        }
    }

    [Fact]
    public void Both_notice_cuts_and_flipped_bits_anywhere_alike()
    {
        Assert.SkipUnless(IsalInflater.IsHere, NotHere);
        var random = new Random(20171001);
        for (int round = 0; round < 150; round++)
        {
            byte[] plain = round % 3 == 0 ? Packed.Noise(random.Next(1, 40_000), round) : Packed.Runs(random.Next(1, 400_000), round);
            byte[] file = round % 2 == 0 ? Packed.Gzip(plain) : [.. Packed.Gzip(plain), .. Packed.Gzip(plain[..(plain.Length / 3)])];
            byte[] cut = file[..random.Next(3, file.Length)];
            Assert.True(Difference(cut) is null, $"round {round}: cut at {cut.Length} of {file.Length}: {Difference(cut)}");
            byte[] flipped = [.. file];
            int at = random.Next(3, file.Length);
            flipped[at] ^= (byte)(1 << random.Next(8));
            Assert.True(Difference(flipped) is null, $"round {round}: flipped at {at} of {file.Length}: {Difference(flipped)}");
        }
    }

    [Fact]
    public void A_file_that_has_to_be_read_again_is_hashed_once()
    {
        byte[] file = [.. Packed.Gzip(Packed.Runs(300_000, 1)), 0, 0];
        var unpacked = Packed.Unpack(file);
        Assert.Equal(300_000, unpacked.Plain.Length);
        Assert.Equal(Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(file)), unpacked.Sha256);
    }

    private static byte[] WithFlags(byte[] member, byte flags)
    {
        byte[] copy = [.. member];
        copy[3] = flags;
        return copy;
    }

    private static string? Difference(byte[] file)
    {
        var (quick, quickFaults) = Read(file, quickly: true);
        var (sure, sureFaults) = Read(file, quickly: false);
        if (!quick.AsSpan().SequenceEqual(sure))
            return $"{quick.Length} bytes against {sure.Length}, alike up to {quick.AsSpan().CommonPrefixLength(sure)}";
        return quickFaults == sureFaults ? null : $"{quickFaults} against {sureFaults}";
    }

    private static (byte[] Plain, string Faults) Read(byte[] file, bool quickly)
    {
        var stored = new StoredBytes(new MemoryStream(file), hashed: false);
        using var stream = new DecompressedStream(stored, new GzipDecoder(stored, quickly), CompressionFormat.Gzip);
        var plain = new MemoryStream();
        stream.CopyTo(plain, 90_000);
        return (plain.ToArray(), string.Join("; ", stream.Faults));
    }
}
