using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>What must come out of real archives.</summary>
public sealed class RealArchiveTests
{
    private const string Jinx = "rib/routeviews.jinx.rib.20140530.2200.bz2";
    private const string Pch = "updates/pch.updates-et.20151023.0201.gz";

    [Theory]
    [InlineData("KP", Jinx)]
    [InlineData("AS131279", Jinx)]
    [InlineData("KP", Pch)]
    [InlineData("AS131279", Pch)]
    public void China_Unicom_alone_carried_all_four(string subject, string file)
    {
        var report = Cli.Run("report", subject, RealData.Path(file), "--format", "json").Json();
        Assert.Equal([4837u], report.Upstreams());
        Assert.Equal(4, report.GetProperty("size").GetProperty("prefixes").GetInt32());
        Assert.Equal(1024, report.GetProperty("size").GetProperty("ipv4Addresses").GetInt64());
        Assert.All(report.GetProperty("prefixes").EnumerateArray(), prefix => Assert.Equal([4837u], prefix.Upstreams()));
        Assert.All(report.GetProperty("prefixes").EnumerateArray(), prefix =>
            Assert.Equal(131279u, prefix.GetProperty("origin").GetUInt32()));
    }

    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void In_april_2018_one_of_four_went_by_TransTeleCom_alone(string subject)
    {
        var report = Cli.Run("report", subject, RealData.Path("rib/ris.rrc00.rib.20180424.from-json.gz"),
            RealData.Path("rib/ris.rrc06.rib.20180424.from-json.gz"), "--format", "json").Json();
        var prefixes = report.GetProperty("prefixes").EnumerateArray().ToDictionary(prefix => prefix.GetProperty("prefix").GetString()!);
        Assert.Equal([20485u], prefixes["175.45.178.0/24"].Upstreams());
        foreach (string other in new[] { "175.45.176.0/24", "175.45.177.0/24", "175.45.179.0/24" })
        {
            Assert.Equal([4837u], prefixes[other].Upstreams());
        }
        Assert.Equal(9, prefixes["175.45.178.0/24"].GetProperty("peerAses").GetInt32());
        foreach (string share in new[] { "prefix", "address" })
        {
            Assert.Equal(0.25, report.Share(20485, share), 6);
            Assert.Equal(0.75, report.Share(4837, share), 6);
        }
    }

    [Fact]
    public void A_cut_dump_gives_an_answer_and_says_so()
    {
        var run = Cli.Run("report", "KP", RealData.Path("damaged/routeviews2.rib.20140523.0600.first-1MB.bz2"), "--format", "json");
        Assert.Equal(3, run.ExitCode);
        Assert.True(run.Json().GetProperty("coverage").GetProperty("faults").GetInt32() > 0);
    }
}
