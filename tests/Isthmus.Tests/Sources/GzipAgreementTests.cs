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
