using CsCheck;

using Isthmus.Filters;
using Isthmus.Wire;

namespace Isthmus.Tests.Filters;

public sealed class PrefixListTests
{
    // Short prefixes under few addresses, so that nesting is common.
    private static readonly Gen<Prefix> _prefixes = Gen.Select(Gen.UInt[0, 15], Gen.Int[0, 5], Gen.Bool).Select((bits, length, v6) =>
        new Prefix(v6 ? new IpAddress((ulong)bits << 60, 0, AddressFamily.IPv6) : IpAddress.V4(bits << 28), length));

    [Fact]
    public void Relations_are_those_of_one_prefix_after_the_other() => Gen.Select(_prefixes.Array[0, 12], _prefixes).Sample((list, asked) =>
    {
        var sorted = new PrefixList(list);
        bool within = list.Any(one => one.Covers(asked)), covering = list.Any(asked.Covers);
        Assert.Equal(list.Contains(asked), sorted.Holds(asked, PrefixRelation.Exact));
        Assert.Equal(within, sorted.Holds(asked, PrefixRelation.Within));
        Assert.Equal(covering, sorted.Holds(asked, PrefixRelation.Covering));
        Assert.Equal(within || covering, sorted.Holds(asked, PrefixRelation.Overlaps));
    }, iter: 5_000);

    [Fact]
    public void A_million_prefixes_are_a_list()
    {
        var list = new PrefixList(Enumerable.Range(0, 1_000_000).Select(i => new Prefix(IpAddress.V4((uint)i << 8), 24)));
        Assert.True(list.Holds(Prefix.Parse("15.66.63.7/32"), PrefixRelation.Within));
        Assert.False(list.Holds(Prefix.Parse("15.66.64.0/24"), PrefixRelation.Within));
        Assert.True(list.Holds(Prefix.Parse("15.0.0.0/8"), PrefixRelation.Covering));
    }

    [Fact]
    public void Numbers_are_in_a_set_when_one_of_its_ranges_holds_them() =>
        Gen.Select(Gen.Select(Gen.UInt[0, 20], Gen.UInt[0, 4]).Array[0, 6], Gen.UInt[0, 26]).Sample((ranges, asked) =>
            Assert.Equal(ranges.Any(range => asked >= range.Item1 && asked <= range.Item1 + range.Item2),
                new NumberSet(ranges.Select(range => (range.Item1, range.Item1 + range.Item2))).Contains(asked)));
}
