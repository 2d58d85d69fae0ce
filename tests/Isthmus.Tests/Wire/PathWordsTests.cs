using CsCheck;

using Isthmus.Tests.Support;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Wire;

/// <summary>Paths as words, by RFC 4271 sections 4.3 and 9.1.2.2 and RFC 5065 section 5.3.</summary>
public sealed class PathWordsTests
{
    [Theory]
    [InlineData("3333 174 2856", "2856", 3)]
    [InlineData("3333 174 174 174 2856", "2856", 5)]
    [InlineData("3333 174 {2856,5400}", "2856 5400", 3)]
    [InlineData("(64512 64513) 3333 174", "174", 2)]
    [InlineData("3333 174 (64512 64513)", "174", 2)]
    [InlineData("(64512 64513)", "", 0)]
    [InlineData("3333 {1,2} 174", "174", 3)]
    [InlineData("", "", 0)]
    public void Confederations_count_for_nothing_and_a_set_counts_one(string text, string origins, int length)
    {
        PathWords path = new(ParsedPath.Of(text));
        Assert.Equal(origins, string.Join(' ', path.Origins.ToArray()));
        Assert.Equal(length, path.Length);
        Assert.Equal(text, path.ToString());
    }

    [Fact]
    public void The_header_of_a_segment_is_no_AS_number()
    {
        PathWords path = new([PathWords.Header(SegmentType.Sequence, 3), 3333, 174, 2856]);
        Assert.False(path.Contains(PathWords.Header(SegmentType.Sequence, 3)));
        Assert.True(path.Contains(3333) && path.Contains(2856));
    }

    [Fact]
    public void First_and_last_are_those_of_any_segment()
    {
        PathWords path = new(ParsedPath.Of("(64512 64513) 3333 174 {7,8}"));
        Assert.Equal((new Asn(64512), new Asn(8)), (path.First!.Value, path.Last!.Value));
        Assert.Null(new PathWords([]).First);
        Assert.Null(new PathWords([]).Last);
    }

    // Words that nobody should make: every walk ends, and leaves their end alone.
    [Fact]
    public void Any_words_are_walked_to_their_end_and_not_beyond() => Gen.UInt.Array[0, 40].Sample(words =>
    {
        PathWords path = new(words);
        int seen = 0;
        foreach (var segment in path) seen += 1 + segment.Hops.Length;
        Assert.Equal(words.Length, seen);
        Assert.True(path.Length <= words.Length && path.Origins.Length <= words.Length);
        _ = path.ToString();
    });

    [Fact]
    public void Too_little_room_gives_an_empty_path()
    {
        byte[] bytes = [2, 2, 0, 0, 13, 5, 0, 0, 0, 174];
        AsPath path = new(bytes, wide: true);
        Assert.Equal("3333 174", path.ToWords(new uint[path.WordsMax]).ToString());
        Assert.True(path.ToWords(new uint[2]).IsEmpty);
    }
}
