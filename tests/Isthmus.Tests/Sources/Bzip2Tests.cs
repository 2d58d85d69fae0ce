using Isthmus.Tests.Support;

namespace Isthmus.Tests.Sources;

public sealed class Bzip2Tests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(255)]
    [InlineData(99_981)]
    [InlineData(99_982)]
    [InlineData(2_500_000)]
    public void Noise_comes_out_as_another_hand_packed_it(int length)
    {
        byte[] plain = Packed.Noise(length, seed: length);
        AssertWhole(plain, Packed.Unpack(Packed.Bzip2(plain, level: length > 1_000_000 ? 9 : 1)));
    }

    [Theory]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(259)]
    [InlineData(260)]
    public void A_run_of_one_byte_comes_out_whole(int length)
    {
        byte[] plain = new byte[length];
        plain.AsSpan().Fill(0xab);
        AssertWhole(plain, Packed.Unpack(Packed.Bzip2(plain)));
    }

    // The packer of the other tests marks such a block as randomised (bzip2 0.9.0); the bzip2 command does not.
    [Fact]
    public void Fifty_bytes_that_stand_for_three_million_come_out_whole()
    {
        byte[] plain = new byte[3_000_000];
        plain.AsSpan().Fill(0xab);
        AssertWhole(plain, Packed.Unpack(Convert.FromBase64String("QlpoMTFBWSZTWQaMcPkAFvoAGIAIQAAACCAAMMwJqmmpAi2pIEXi7kinChIA0Y4fIA==")));
    }

    [Fact]
    public void A_randomised_block_is_refused_and_not_read_wrongly()
    {
        var unpacked = Packed.Unpack(Packed.Bzip2(new byte[3_000_000]));
        Assert.Contains("randomised", unpacked.Fault?.What, StringComparison.Ordinal);
        Assert.Empty(unpacked.Plain);
    }

    [Fact]
    public void Runs_of_every_length_over_many_blocks_come_out_whole()
    {
        byte[] plain = [.. Packed.Runs(4_000_000, seed: 5), .. Packed.Noise(350_000, seed: 6)];
        AssertWhole(plain, Packed.Unpack(Packed.Bzip2(plain)));
    }

    [Fact]
    public void A_damaged_block_is_left_out_and_told_and_all_others_come_out()
    {
        byte[] plain = Packed.Noise(500_000, seed: 8);
        byte[] stored = Packed.Bzip2(plain);
        stored[stored.Length / 2] ^= 0x10;
        var unpacked = Packed.Unpack(stored);
        // Noise packs to blocks of about a hundred thousand bytes: the third is hit.
        Assert.Equal("a bzip2 block is damaged: its checksum or its codes are wrong; the block, of up to 900 kB, is lost", unpacked.Fault?.What);
        int before = (int)unpacked.Fault!.DecompressedOffset;
        Assert.InRange(before, 190_000, 210_000);
        Assert.InRange(unpacked.Plain.Length, 390_000, 410_000);
        Assert.True(plain.AsSpan(0, before).SequenceEqual(unpacked.Plain.AsSpan(0, before)));
        Assert.True(plain.AsSpan().EndsWith(unpacked.Plain.AsSpan(before)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_hole_longer_than_any_block_hides_nothing_behind_it(bool isInsideBlock)
    {
        byte[] first = Packed.Noise(150_000, seed: 3), second = Packed.Noise(250_000, seed: 4);
        byte[] before = Packed.Bzip2(first), behind = Packed.Bzip2(second);
        if (isInsideBlock) before = before[..(before.Length / 2)];
        var unpacked = Packed.Unpack([.. before, .. new byte[7 << 20], .. behind]);
        Assert.NotNull(unpacked.Fault);
        Assert.True(unpacked.Plain.AsSpan().EndsWith(second));
        Assert.True(first.AsSpan().StartsWith(unpacked.Plain.AsSpan(0, unpacked.Plain.Length - second.Length)));
    }

    [Fact]
    public void A_cut_file_gives_every_whole_block_before_the_cut()
    {
        byte[] plain = Packed.Noise(500_000, seed: 9);
        byte[] stored = Packed.Bzip2(plain);
        int last = 0;
        for (int length = 20_000; length < stored.Length; length += 20_000)
        {
            var unpacked = Packed.Unpack(stored[..length]);
            Assert.True(plain.AsSpan().StartsWith(unpacked.Plain));
            Assert.InRange(unpacked.Plain.Length, last, plain.Length);
            // Noise does not shrink, so a block is whole when about its own length is there.
            Assert.InRange(unpacked.Plain.Length, length - 105_000, length);
            last = unpacked.Plain.Length;
        }
    }

    [Fact]
    public void A_real_file_comes_out_as_bzip2_gives_it()
    {
        var unpacked = Packed.Unpack(File.ReadAllBytes(RealData.Path("rib/routeviews.jinx.rib.20140530.2200.bz2")));
        Assert.Null(unpacked.Fault);
        Assert.Equal(32_575_928, unpacked.Plain.Length);
        Assert.Equal("4a5cbb2cf6eb164d0d29ecc88f4e9e214691030f78a5fc76e365fb823f40ead3", Hash(unpacked.Plain));
    }

    // The bzip2 command drops the last 4,550 bytes of the last whole block, as it writes by five thousand.
    [Fact]
    public void A_real_file_that_is_cut_gives_all_that_bzip2_gives_before_the_cut()
    {
        var unpacked = Packed.Unpack(File.ReadAllBytes(RealData.Path("damaged/routeviews2.rib.20140523.0600.first-1MB.bz2")));
        Assert.Equal("cut off inside a bzip2 block", unpacked.Fault?.What);
        Assert.Equal(15_274_550, unpacked.Plain.Length);
        Assert.Equal("bdbfbc1305774bb6d7906917c22bc26a4271fffa03c503b8ec1fe86514a4a0ee", Hash(unpacked.Plain[..15_270_000]));
    }

    private static string Hash(byte[] bytes) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(bytes));

    private static void AssertWhole(byte[] plain, Packed.Unpacked unpacked)
    {
        Assert.Null(unpacked.Fault);
        Assert.True(plain.AsSpan().SequenceEqual(unpacked.Plain), $"{plain.Length} bytes packed, {unpacked.Plain.Length} others came out");
    }
}
