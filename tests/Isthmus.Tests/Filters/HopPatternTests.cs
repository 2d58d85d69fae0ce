using System.Diagnostics;
using System.Globalization;

using CsCheck;

using Isthmus.Filters;

namespace Isthmus.Tests.Filters;

public sealed class HopPatternTests
{
    [Theory]
    [InlineData("4837 131279$", "3333 4837 131279", true)]
    [InlineData("4837 131279$", "3333 14837 131279", false)]
    [InlineData("4837 131279$", "3333 4837 131279 1", false)]
    [InlineData("4837 131279", "3333 4837 131279 1", true)]
    [InlineData("^3333", "3333 4837", true)]
    [InlineData("^3333", "1 3333", false)]
    [InlineData("^3333$", "3333", true)]
    [InlineData("^3333 . 131279$", "3333 4837 131279", true)]
    [InlineData("^3333 .* 131279$", "3333 131279", true)]
    [InlineData("^3333 .+ 131279$", "3333 131279", false)]
    [InlineData("4837{2,} 131279", "1 4837 131279", false)]
    [InlineData("4837{2,} 131279", "1 4837 4837 131279", true)]
    [InlineData("^.{3}$", "1 2 3", true)]
    [InlineData("^.{3}$", "1 2 3 4", false)]
    [InlineData("^.{1,2}$", "1 2 3", false)]
    [InlineData("[174 3356 1000-2000] 131279", "1 1500 131279", true)]
    [InlineData("[^174 3356] 131279", "1 3356 131279", false)]
    [InlineData("[^174,3356] 131279", "1 7 131279", true)]
    [InlineData("64512-65534", "1 65000 2", true)]
    [InlineData("(4837|20485) 131279$", "1 20485 131279", true)]
    [InlineData("(4837|20485) 131279$", "1 2 131279", false)]
    [InlineData("^(3333 (1 2)?)+$", "3333 3333 1 2", true)]
    [InlineData("AS4837 as131279", "4837 131279", true)]
    [InlineData("4837(131279)", "4837 131279", true)]
    [InlineData("20485 131279$", "1 20485 {131279,64999}", true)]
    [InlineData("64999$", "1 20485 {131279,64999}", true)]
    [InlineData("131279 64999", "1 20485 {131279,64999}", false)]
    [InlineData("^1 . $", "1 {2,3,4}", true)]
    [InlineData("^1 2$", "1 (64512 64513) 2", true)]
    [InlineData("", "1", true)]
    [InlineData("$ 1", "1", false)]
    [InlineData("1 ^", "1", false)]
    public void A_pattern_is_over_hops(string pattern, string path, bool matches) =>
        Assert.Equal(matches, Filtering.Passes($"path ~ \"{pattern}\"", Filtering.Announcement(path)));

    [Fact]
    public void Whatever_the_pattern_a_path_takes_time_by_its_length()
    {
        // Backtracking would try some 10^17 ways.
        var matcher = new HopMatcher(Parse("^(1*)*(1|1 1)*(1?){60} 2$"));
        uint[] path = Words([.. Enumerable.Repeat(new uint[] { 1 }, 5000)]);
        var watch = Stopwatch.StartNew();
        Assert.False(matcher.IsMatch(path));
        Assert.InRange(watch.ElapsedMilliseconds, 0, 2000);
    }

    [Fact]
    public void Patterns_with_more_states_than_are_kept_give_the_same_answers()
    {
        // Remembers for the last 12 hops which were a 1: 4096 states.
        var pattern = Parse("1 .{11}$");
        var matcher = new HopMatcher(pattern);
        var random = new Random(1);
        for (int i = 0; i < 500; i++)
        {
            uint[][] hops = [.. Enumerable.Range(0, random.Next(8, 200)).Select(_ => new[] { (uint)random.Next(1, 3) })];
            Assert.Equal(hops.Length >= 12 && hops[^12][0] == 1, matcher.IsMatch(Words(hops)));
        }
    }

    [Fact]
    public void A_pattern_matches_where_a_plain_reading_of_it_does()
    {
        var hop = Gen.OneOf(Gen.UInt[1, 4].Array[1], Gen.UInt[1, 4].Array[2, 3]);
        Gen.Select(Node(3), hop.Array[0, 7]).Sample(
            (node, path) =>
            {
                bool expected = Enumerable.Range(0, path.Length + 1).Any(from => node.Ends(path, from).Any());
                Assert.Equal(expected, new HopMatcher(Parse(node.Text)).IsMatch(Words(path)));
            },
            iter: 5_000, print: pair => $"{pair.Item1.Text} on {string.Join(' ', pair.Item2.Select(set => string.Join(',', set)))}");
    }

    private static HopPattern Parse(string text) => HopPattern.Parse(text, (place, what) => new FilterException(text, place + 1, what));

    private static uint[] Words(uint[][] path) =>
        [.. path.SelectMany(hop => (uint[])[(uint)(hop.Length == 1 ? 2 : 1) << 16 | (uint)hop.Length, .. hop])];

    private static Gen<Plain> Node(int depth)
    {
        var leaf = Gen.OneOf<Plain>(
            Gen.UInt[1, 4].Select(asn => (Plain)new Plain.Hop(Number(asn), one => one == asn)),
            Gen.Const<Plain>(new Plain.Hop(".", _ => true)),
            Gen.Select(Gen.UInt[1, 2], Gen.UInt[0, 2]).Select((first, more) => (Plain)new Plain.Hop(
                $"[{Number(first)}-{Number(first + more)}]", one => one >= first && one <= first + more)),
            Gen.UInt[1, 4].Select(asn => (Plain)new Plain.Hop($"[^{Number(asn)}]", one => one != asn)),
            Gen.Const<Plain>(new Plain.Edge("^")), Gen.Const<Plain>(new Plain.Edge("$")));
        if (depth == 0) return leaf;
        var inner = Node(depth - 1);
        return Gen.Frequency(
            (2, leaf),
            (3, inner.Array[0, 3].Select(parts => (Plain)new Plain.Row(parts))),
            (2, inner.Array[1, 3].Select(parts => (Plain)new Plain.Choice(parts))),
            (2, Gen.Select(inner, Gen.Int[0, 2], Gen.Int[-1, 2])
                .Select((part, least, more) => (Plain)new Plain.Repeat(part, least, more))));
    }

    private static string Number(uint number) => number.ToString(CultureInfo.InvariantCulture);

    /// <summary>A pattern that says where it can end from a place on a path, one part after the other: slow and plain.</summary>
    private abstract record Plain(string Text)
    {
        public abstract IEnumerable<int> Ends(uint[][] path, int from);

        public sealed record Hop(string Text, Func<uint, bool> Takes) : Plain(Text)
        {
            public override IEnumerable<int> Ends(uint[][] path, int from) =>
                from < path.Length && path[from].Any(Takes) ? [from + 1] : [];
        }

        public sealed record Edge(string Text) : Plain(Text)
        {
            public override IEnumerable<int> Ends(uint[][] path, int from) =>
                from == (Text is "^" ? 0 : path.Length) ? [from] : [];
        }

        public sealed record Row(Plain[] Parts) : Plain($"({string.Join(' ', Parts.Select(part => part.Text))})")
        {
            public override IEnumerable<int> Ends(uint[][] path, int from) => Parts.Aggregate(
                (IEnumerable<int>)[from], (places, part) => [.. places.SelectMany(place => part.Ends(path, place)).Distinct()]);
        }

        public sealed record Choice(Plain[] Parts) : Plain($"({string.Join('|', Parts.Select(part => part.Text))})")
        {
            public override IEnumerable<int> Ends(uint[][] path, int from) =>
                Parts.SelectMany(part => part.Ends(path, from)).Distinct();
        }

        public sealed record Repeat(Plain Part, int Least, int More)
            : Plain(string.Create(CultureInfo.InvariantCulture, $"({Part.Text}){{{Least},{(More < 0 ? "" : Least + More)}}}"))
        {
            public override IEnumerable<int> Ends(uint[][] path, int from)
            {
                // More rounds than there are hops add nothing but rounds that take none.
                int most = More < 0 ? Least + path.Length + 1 : Least + More;
                IEnumerable<int> places = [from];
                var ends = new HashSet<int>();
                for (int round = 0; round <= most; round++)
                {
                    if (round >= Least) ends.UnionWith(places);
                    places = [.. places.SelectMany(place => Part.Ends(path, place)).Distinct()];
                }
                return ends;
            }
        }
    }
}
