using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.App;

/// <summary>Of a dump with several tables one can be asked, as if it were alone (RFC 6396 sections 4.2 and 4.3.1).</summary>
public sealed class ChosenViewTests : IDisposable
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T00:00:00Z");

    // Each view has four peers with a table of their own; by one AS131279 is behind AS174, by the other behind AS3356.
    private static readonly MrtPeer[] _red = [.. Enumerable.Range(1, 4).Select(i => new MrtPeer($"192.0.2.{i}", (uint)(1000 + i)))];
    private static readonly MrtPeer[] _blue = [.. Enumerable.Range(4, 4).Select(i => new MrtPeer($"192.0.2.{i}", (uint)(1000 + i)))];

    private readonly TemporaryFolder _folder = new();

    private static MrtWriter View(MrtWriter file, string name, MrtPeer[] peers, uint upstream)
    {
        file.PeerIndexTable(_time, "192.0.2.254", name, peers);
        for (int i = 0; i < 8; i++)
            file.Rib(_time, Prefix.Parse($"175.45.{i}.0/24"), [.. peers.Select((peer, at) =>
                new MrtRibEntry(at, PathAttributes.Route($"{peer.Asn.Number} {upstream} 131279", "192.0.2.1"), _time))]);
        return file;
    }

    private string Write(string name, MrtWriter file) => _folder.Write(name, file.ToArray());

    [Theory]
    [InlineData("red", "view red")]
    [InlineData("blue", "view blue")]
    [InlineData("blue", "not view red")]
    [InlineData("blue", "view bl* or view green")]
    public void A_chosen_table_gives_what_it_gives_alone(string name, string where)
    {
        var (peers, upstream) = name is "red" ? (_red, 174u) : (_blue, 3356u);
        string both = Write("both.mrt", View(View(new(), "red", _red, 174), "blue", _blue, 3356));
        string one = Write("one.mrt", View(new(), name, peers, upstream));
        var chosen = Cli.Run("report", "AS131279", both, "--where", where, "--format", "json");
        var alone = Cli.Run("report", "AS131279", one, "--format", "json");
        Assert.Equal(alone.ExitCode, chosen.ExitCode);
        Assert.Equal("", chosen.Err);
        foreach (string key in new[] { "upstreams", "prefixes", "series", "families" })
            Assert.Equal(alone.Json().GetProperty(key).GetRawText(), chosen.Json().GetProperty(key).GetRawText());
        foreach (string key in new[] { "peers", "peerAses", "complete", "views" })
            Assert.Equal(
                alone.Json().GetProperty("coverage").GetProperty(key).GetRawText(), chosen.Json().GetProperty("coverage").GetProperty(key).GetRawText());
    }

    [Fact]
    public void Updates_are_taken_whichever_view_is_asked_for()
    {
        var file = View(View(new(), "red", _red, 174), "blue", _blue, 3356);
        foreach (var peer in _red)
            file.Update(_time + TimeSpan.FromMinutes(5), new(peer.Address, peer.Asn, IpAddress.Parse("192.0.2.254"), new(12654)),
                PathAttributes.Route($"{peer.Asn.Number} 6939 131279", "192.0.2.1"), [.. Enumerable.Range(0, 8).Select(i => (Nlri)$"175.45.{i}.0/24")]);
        var history = Cli.Run("history", "AS131279", Write("all.mrt", file), "--where", "view red");
        Assert.Contains("6939", history.Out, StringComparison.Ordinal);
        Assert.DoesNotContain("3356", history.Out, StringComparison.Ordinal);
    }

    [Fact]
    public void So_is_a_table_by_its_number()
    {
        var file = new MrtWriter();
        foreach (var (view, upstream) in ((int, uint)[])[(0, 174), (7, 3356)])
            foreach (var peer in _red)
            {
                var body = new ByteWriter().U16(view).U16(0).Address(IpAddress.Parse("175.45.1.0")).U8(24).U8(1).U32((uint)_time.Seconds);
                byte[] attributes = PathAttributes.Route($"{peer.Asn.Number} {upstream} 131279", "192.0.2.1").ToArray(wideAsns: false);
                body.Address(peer.Address).Asn(peer.Asn, wide: false).U16(attributes.Length).Bytes(attributes);
                file.Record(_time, 12, 1, body.Written);
            }
        string both = Write("both.mrt", file);
        Assert.Contains("AS3356", Cli.Run("history", "AS131279", both, "--where", "view 7").Out, StringComparison.Ordinal);
        Assert.DoesNotContain("AS174", Cli.Run("history", "AS131279", both, "--where", "view 7").Out, StringComparison.Ordinal);
        Assert.DoesNotContain("AS3356", Cli.Run("history", "AS131279", both, "--where", "view \"\"").Out, StringComparison.Ordinal);
    }

    [Fact]
    public void Who_chooses_none_is_told_how_and_who_chooses_one_that_is_not_there_which_there_are()
    {
        string both = Write("both.mrt", View(View(new(), "red", _red, 174), "blue", _blue, 3356));
        var all = Cli.Run("report", "AS131279", both);
        Assert.Equal(3, all.ExitCode);
        Assert.Contains("both.mrt holds the tables of 2 views: \"red\", \"blue\"; --where 'view NAME' chooses one", all.Err, StringComparison.Ordinal);
        var none = Cli.Run("report", "AS131279", both, "--where", "view green");
        Assert.Equal(1, none.ExitCode);
        Assert.Contains("no dump is of a view that fits: view green; there are \"blue\", \"red\"", none.Err, StringComparison.Ordinal);
        Assert.Equal(3, Cli.Run("check", "AS174 carries AS131279.", both).ExitCode);
        Assert.Equal(0, Cli.Run("check", "AS174 carries AS131279.", both, "--where", "view red").ExitCode);
    }

    public void Dispose() => _folder.Dispose();
}
