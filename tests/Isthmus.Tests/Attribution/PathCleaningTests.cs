using CsCheck;

using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Attribution;

/// <summary>Paths as methods.md, "Paths", cleans them.</summary>
public sealed class PathCleaningTests
{
    private static readonly PathCleaning _cleaning = new();
    private static readonly uint[] _notPublic = [0, 23456, 64496, 65001, 65551, 4200000000];

    [Theory]
    [InlineData("3333 1103 4837 4837 4837 131279", "3333 1103 4837 131279")] // a
    [InlineData("3333 (64512 64513) 4837 131279", "3333 4837 131279")] // b
    [InlineData("3333 4837 {131279}", "3333 4837 131279")] // c
    [InlineData("3333 20485 131279 20485 131279", "3333 20485 131279")] // e, as IHR cuts it
    [InlineData("3333 4837 131279 65001", "3333 4837 131279")] // g
    [InlineData("2914 1239 4837 131279", "2914 1239 4837 131279")] // j: the peer's own number is the caller's matter
    public void Cleaning_leaves_each_as_once_from_the_vantage_point_to_the_origin(string path, string clean)
    {
        var cleaned = Clean(path);
        Assert.Equal(PathVerdict.Accepted, cleaned.Verdict);
        Assert.Equal(clean, string.Join(' ', cleaned.Hops.Select(hop => hop.Number)));
        Assert.Equal([new Asn(131279)], cleaned.Origins);
        Assert.True(cleaned.CountsForShares);
    }

    // Few numbers, so that they meet again; reserved ones, private ones and AS_TRANS among them.
    [Fact]
    public void The_upstream_that_is_read_off_a_path_is_that_of_the_cleaned_path() => (
        from numbers in Gen.Frequency(
            (8, Gen.UInt[1, 30]), (1, Gen.Int[0, _notPublic.Length - 1].Select(i => _notPublic[i]))).Array[0, 9]
        from prepended in Gen.Int[0, 3].Array[numbers.Length]
        from split in Gen.Frequency((3, Gen.Const(0)), (1, Gen.Int[0, numbers.Length]))
        from set in Gen.Bool
        select (numbers, prepended, split, set)).Sample(drawn =>
    {
        var (numbers, prepended, split, set) = drawn;
        uint[] hops = [.. numbers.Zip(prepended).SelectMany(one => Enumerable.Repeat(one.First, one.Second == 3 ? 3 : 1))];
        split = Math.Min(split, hops.Length);
        uint[] words = [.. Segment(2, hops[split..])];
        if (split > 0) words = set ? [.. words, .. Segment(1, hops[..split])] : [.. Segment(2, hops[..split]), .. words];
        var clean = _cleaning.Clean(words);
        var upstream = clean.CountsForShares && clean.Hops.Count > 1 ? clean.Hops[^2] : (Asn?)null;
        Assert.Equal(upstream, _cleaning.UpstreamOf(words));
        if (split > 0) return;
        var sequence = new ByteWriter();
        foreach (uint hop in hops) sequence.U32(hop);
        Assert.Equal(upstream, _cleaning.UpstreamOfSequence(sequence.Written));
    }, iter: 10_000);

    private static uint[] Segment(int type, uint[] hops) =>
        hops.Length == 0 ? [] : [PathWords.Header((Isthmus.Wire.Bgp.SegmentType)type, hops.Length), .. hops];

    [Fact]
    public void A_set_of_several_at_the_end_is_several_origins_and_counts_for_nothing() // d
    {
        var cleaned = Clean("3333 4837 {131279,1299}");
        Assert.Equal([new Asn(1299), new Asn(131279)], cleaned.Origins);
        Assert.False(cleaned.CountsForShares);
        Assert.False(cleaned.CountsForInference);
    }

    [Fact]
    public void A_loop_counts_for_shares_but_not_for_inference() // e
    {
        var cleaned = Clean("3333 20485 131279 20485 131279");
        Assert.True(cleaned.HasLoop && cleaned.CountsForShares);
        Assert.False(cleaned.CountsForInference);
    }

    [Fact]
    public void An_origin_that_poisons_its_paths_keeps_the_upstream_before_its_first_mention()
    {
        var cleaned = Clean("3333 20485 131279 1299 131279");
        Assert.Equal([new(3333), new(20485), new(131279)], cleaned.Hops);
        Assert.True(cleaned.CountsForShares);
        Assert.False(cleaned.CountsForInference);
        Assert.Equal(PathVerdict.Loop, Clean("131279 1299 131279").Verdict);
    }

    [Fact]
    public void A_loop_that_changes_the_hops_next_to_the_origin_is_refused() =>
        Assert.Equal(PathVerdict.Loop, Clean("3333 20485 1299 20485 131279").Verdict);

    [Theory]
    [InlineData("3333 23456 131279", PathVerdict.AsTrans)] // f
    [InlineData("3356 65551 1299 131279", PathVerdict.ReservedAsn)] // i
    [InlineData("3356 64500 1299 131279", PathVerdict.ReservedAsn)]
    [InlineData("3333 0 131279", PathVerdict.ReservedAsn)]
    [InlineData("3333 {174,1299} 4837 131279", PathVerdict.SetInside)]
    [InlineData("", PathVerdict.Empty)]
    public void What_cannot_be_a_path_of_the_public_internet_is_refused_with_the_reason(string path, PathVerdict verdict)
    {
        Assert.Equal(verdict, Clean(path).Verdict);
        Assert.False(Clean(path).CountsForShares);
    }

    [Fact]
    public void A_private_number_behind_the_last_public_one_is_taken_off_and_said() =>
        Assert.True(Clean("3333 4837 131279 65001").HasStrippedTail); // g

    [Fact]
    public void A_route_server_is_taken_out_of_the_path() // h
    {
        var cleaned = new PathCleaning([new(6777)]).Clean(ParsedPath.Of("3333 6777 4837 131279"));
        Assert.Equal([3333u, 4837, 131279], cleaned.Hops.Select(hop => hop.Number));
    }

    [Fact]
    public void A_path_between_whose_transit_free_ases_others_stand_is_poisoned()
    {
        Assert.True(Clean("3356 9002 1299 131279").IsPoisoned);
        Assert.False(Clean("9002 3356 1299 131279").IsPoisoned);
    }

    [Fact]
    public void The_first_as_is_kept_as_it_was_written() => Assert.Equal(new Asn(2914), Clean("2914 1239 4837 131279").FirstAs); // j

    [Fact]
    public void Prepending_is_seen_and_counted()
    {
        var cleaned = Clean("3333 4837 4837 4837 131279");
        Assert.True(cleaned.HasPrepending);
        Assert.Equal(5, cleaned.RawLength);
    }

    [Fact]
    public void The_china_side_neighbour_of_2026_is_no_reserved_number() => Assert.False(PathCleaning.IsReserved(new(134544)));

    [Theory]
    [InlineData("0.0.0.0/0", false)]
    [InlineData("10.0.0.0/7", false)]
    [InlineData("175.45.176.0/24", true)]
    [InlineData("175.45.176.0/25", false)]
    [InlineData("2001:4860::/32", true)]
    [InlineData("2001:db8::/32", false)]
    [InlineData("10.0.0.0/24", false)]
    [InlineData("240.0.0.0/8", false)]
    [InlineData("5bce:6e00::/23", false)] // an IPv4 prefix of Kherson, shown as IPv6 by a broken peer
    public void Only_prefixes_of_the_global_table_count_globally(string prefix, bool counts) =>
        Assert.Equal(counts, PrefixFilter.CountsGlobally(Prefix.Parse(prefix)));

    private static CleanPath Clean(string path) => _cleaning.Clean(ParsedPath.Of(path));
}
