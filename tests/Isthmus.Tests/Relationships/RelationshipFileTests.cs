using System.IO.Compression;
using System.Text;

using Isthmus.Relationships;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Relationships;

/// <summary>CAIDA's files of relationships, serial-1 and serial-2.</summary>
public sealed class RelationshipFileTests
{
    private const string Serial1 = "# source:topology|BGP\n# input clique: 174 1299\n174|1299|0\n174|4837|-1\n4837|131279|-1\n";
    private const string Serial2 = "# inferred clique: 174 1299\n1299|174|0|bgp\n174|4837|-1|bgp\n4837|131279|-1|mlp\n";

    [Theory]
    [InlineData(Serial1)]
    [InlineData(Serial2)]
    public void Both_serials_say_who_sells_to_whom_and_who_is_at_the_top(string text)
    {
        var (graph, faults) = Read(text);
        Assert.Empty(faults);
        Assert.Equal(["174-1299", "174>4837", "4837>131279"], [graph.Told(174, 1299), graph.Told(4837, 174), graph.Told(131279, 4837)]);
        Assert.Equal([new Asn(174), new Asn(1299)], graph.Clique);
        Assert.Equal(4, graph.Count);
    }

    [Fact]
    public void Without_a_named_clique_those_are_at_the_top_that_sell_and_do_not_buy()
    {
        var (graph, _) = Read("1|2|0\n1|3|-1\n2|4|-1\n5|6|0\n");
        Assert.Equal([new Asn(1), new Asn(2)], graph.Clique);
    }

    [Fact]
    public void Lines_that_say_nothing_are_told_with_file_and_line_and_the_rest_counts()
    {
        var (graph, faults) = Read("1|2|-1\nnonsense\n3|4|1\n5|5|0\n2|1|-1\n1|2|-1\n7|8|0|bgp|more\n");
        Assert.Equal(
        [
            "as-rel.txt: line 2: no relationship: nonsense",
            "as-rel.txt: line 3: the code 1 is not known, only -1 and 0 are: 3|4|1",
            "as-rel.txt: line 4: an AS beside itself: 5|5|0",
            "as-rel.txt: line 5: another relationship than line 1 has, which counts: 2|1|-1",
            "as-rel.txt: line 7: no relationship: 7|8|0|bgp|more",
        ], faults);
        Assert.Equal("1>2", graph.Told(1, 2));
        Assert.Single(graph.Links);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("bgp")]
    public void What_is_written_is_read_again(string? source)
    {
        var graph = DrawnGraph.Of("1-2 1>4837 2>20485 4837>131279 20485>131279", 1, 2);
        var text = new StringWriter();
        RelationshipFile.Write(graph, text, source);
        var (again, faults) = Read(text.ToString());
        Assert.Empty(faults);
        Assert.Equal(graph.Links.Order(Comparer<AsLink>.Create((a, b) => (a.First, a.Second).CompareTo((b.First, b.Second)))), again.Links);
        Assert.Equal(graph.Clique, again.Clique);
    }

    [Fact]
    public void A_compressed_file_is_read_and_one_without_relationships_is_refused()
    {
        using var folder = new TemporaryFolder();
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.ASCII.GetBytes(Serial1));
        folder.Write("as-rel.txt.gz", packed.ToArray());
        Assert.Equal(3, RelationshipFile.Read(folder.Place("as-rel.txt.gz"), []).Links.Count);
        folder.Write("other.txt", "# nothing\n"u8.ToArray());
        Assert.Contains("other.txt holds no AS relationships", Assert.Throws<IOException>(() =>
            RelationshipFile.Read(folder.Place("other.txt"), [])).Message, StringComparison.Ordinal);
    }

    private static (RelationshipGraph Graph, List<string> Faults) Read(string text)
    {
        var faults = new List<string>();
        return (RelationshipFile.Read(new StringReader(text), "as-rel.txt", faults), faults);
    }
}
