using System.Text;

using Isthmus.Filters;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Filters;

public sealed class FilterParserTests
{
    private static readonly string[] _wrong =
    [
        "",
        "   ",
        "origin",
        "origin 131279 and",
        "origin 131279 and pth ~ \"4837 131279$\"",
        "origin 131279 path ~ \"1\"",
        "origin 131279 && hop 1",
        "origin 131279 || hop 1",
        "! origin 131279",
        "origin == 131279",
        "origin x131279",
        "origin 4294967296",
        "origin 5-3",
        "origin (1, 2",
        "origin in 1, 2",
        "origin in ()",
        "origin < (1, 2)",
        "origin < @asns.txt",
        "origin < 1-2",
        "origin within 10.0.0.0/8",
        "origin not 1",
        "neighbor 3333",
        "colector rrc00",
        "(origin 1 or (hop 2)",
        "origin 1)",
        "and origin 1",
        "prefix 10.0.0.1/8",
        "prefix 10.0.0.0/33",
        "prefix within ten",
        "prefix < 10.0.0.0/8",
        "prefix-length >= long",
        "peer rrc00",
        "peer-as ~ 1",
        "project caida",
        "family ipv5",
        "kind update",
        "time 2017-10-01",
        "time >= yesterday",
        "community 65000",
        "community 65536:1",
        "community 1:2:3:4",
        "origin-country Atlantis",
        "origin-country Frnace",
        "hop-country in (CN, XX)",
        "path 4837",
        "path ~ \"4837",
        "path ~ [1 2]",
        "path ~ \"4837 131279$ )\"",
        "path ~ \"(4837 131279\"",
        "path ~ \"[4837\"",
        "path ~ \"[]\"",
        "path ~ \"* 1\"",
        "path ~ \"1{3,2}\"",
        "path ~ \"1{2\"",
        "path ~ \"1{999}\"",
        "path ~ \"_4837_\"",
        "path ~ \"2.207\"",
        "path ~ \"9-8\"",
        "path ~ \"99999999999\"",
        "path ~ \"4837, 131279\"",
        "path ~ \"(.{200}){200}\"",
        "path ~ \"(((){255}){255}){255}\"",
        "prefix within @prefixes.txt",
        "origin in (1, @none.txt)",
        "origin @",
        "fault and not",
        "origin 1 # rest",
    ];

    [Fact]
    public void Every_mistake_is_told_with_its_column_and_a_caret()
    {
        var told = new StringBuilder();
        foreach (string text in _wrong)
        {
            var wrong = Assert.Throws<FilterException>(() => Filtering.Parse(text, Lines));
            Assert.DoesNotContain('\n', wrong.Message);
            told.Append($"{wrong.Message}\n{wrong.Picture}\n\n");
        }
        Golden.Check("filter-errors.txt", told.ToString());
    }

    [Fact]
    public void Brackets_in_brackets_have_a_bound()
    {
        Filtering.Parse(new string('(', 90) + "origin 1" + new string(')', 90));
        Assert.Throws<FilterException>(() => Filtering.Parse(new string('(', 100_000) + "origin 1"));
        Assert.Throws<FilterException>(() => Filtering.Parse(string.Concat(Enumerable.Repeat("not ", 100_000)) + "origin 1"));
        Assert.Throws<FilterException>(() => Filtering.Parse($"path ~ \"{new string('(', 100_000)}\""));
    }

    [Fact]
    public void The_place_in_a_long_filter_is_shown_with_what_is_around_it()
    {
        string text = $"{string.Concat(Enumerable.Repeat("origin 1 or ", 50))}pth 2 {string.Concat(Enumerable.Repeat("or origin 1 ", 50))}";
        string[] picture = Assert.Throws<FilterException>(() => Filtering.Parse(text)).Picture.Split('\n');
        Assert.Equal("pth", picture[0].Substring(picture[1].IndexOf('^', StringComparison.Ordinal), 3));
        Assert.InRange(picture[0].Length, 50, 100);
    }

    [Theory]
    [InlineData("hop 1 or hop 2 and hop 3", "hop 1 or (hop 2 and hop 3)")]
    [InlineData("not hop 1 and hop 2", "(not hop 1) and hop 2")]
    [InlineData("not not hop 1", "hop 1")]
    [InlineData("hop != 1", "not hop 1")]
    [InlineData("hop not in (1, 2)", "not (hop 1 or hop 2)")]
    [InlineData("hop = 1", "hop in (1)")]
    [InlineData("hop (1, 3)", "hop 1 or hop 3")]
    [InlineData("hop 1-3", "hop in (AS1, AS2, 3)")]
    [InlineData("hop > 2", "hop >= 3")]
    [InlineData("hop <= 2", "hop < 3")]
    [InlineData("hop \"1\"", "hop '1'")]
    [InlineData("hop 0.2", "hop 2")]
    public void Two_ways_to_say_the_same(string one, string other)
    {
        foreach (string path in (string[])["1", "2", "3", "1 2", "1 3", "2 3", "1 2 3", "4"])
            Assert.Equal(Filtering.Passes(one, Filtering.Announcement(path)), Filtering.Passes(other, Filtering.Announcement(path)));
    }

    [Fact]
    public void Fault_is_known_to_whoever_shows_faults()
    {
        Assert.True(Filtering.Parse("peer-as 1 and not fault").AsksFault);
        Assert.False(Filtering.Parse("peer-as 1").AsksFault);
    }

    private static IEnumerable<string> Lines(string file) => file is "prefixes.txt"
        ? ["10.0.0.0/8", "", "# a remark", "10.0.0.1/8  # a slip"]
        : throw new FileNotFoundException();
}
