using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Sources;

public sealed class ArchiveNameTests
{
    [Theory]
    [InlineData("rrc00/2017.10/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("route-views.sg/bgpdata/2017.10/UPDATES/updates.20171001.0900.bz2", "route-views.sg", Project.RouteViews)]
    [InlineData("bgpdata/2017.10/RIBS/rib.20171001.0000.bz2", "route-views2", Project.RouteViews)]
    [InlineData("/archive/rrc00-study/route-views.linx/bgpdata/2017.10/UPDATES/updates.20171001.0900.bz2", "route-views.linx", Project.RouteViews)]
    [InlineData("/archive/rrc00/2017.10/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("/rrc03/rrc00/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("data.ris.ripe.net/rrc25/2024.01/bview.20240101.0000.gz", "rrc25", Project.Ris)]
    [InlineData("archive.routeviews.org/bgpdata/2024.01/RIBS/rib.20240101.0000.bz2", "route-views2", Project.RouteViews)]
    [InlineData("archive.routeviews.org/route-views6/bgpdata/2024.01/RIBS/rib.20240101.0000.bz2", "route-views6", Project.RouteViews)]
    [InlineData("archive.routeviews.org/amsix.ams/bgpdata/2024.01/RIBS/rib.20240101.0000.bz2", "amsix.ams", Project.RouteViews)]
    [InlineData("/archive/rrc00.tar.gz/2017.10/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("/archive/route-views.sg.zip/updates.20171001.0905.gz", "route-views.sg", Project.RouteViews)]
    [InlineData("/archive/rrc00-copy/2017.10/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("/archive/rrc00_2017-10/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("/archive/rrc00-updates/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("/archive/rrc00 (1)/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("/archive/rrc00-test/2017.10/updates.20171001.0905.gz", "rrc00-test", Project.Unknown)]
    [InlineData("/archive/route-views.sg-backup/updates.20171001.0905.gz", "route-views.sg", Project.RouteViews)]
    [InlineData("/archive/route-views.sg-lab/updates.20171001.0905.gz", "route-views.sg-lab", Project.Unknown)]
    [InlineData("/archive/parrc00/updates.20171001.0905.gz", "parrc00", Project.Unknown)]
    [InlineData("/archive/backup.tar//bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "route-views2", Project.RouteViews)]
    [InlineData("/archive/x.zip//bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "route-views2", Project.RouteViews)]
    [InlineData("/archive/mirror-2017.tgz//bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "route-views2", Project.RouteViews)]
    [InlineData("/archive/any.old//bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "route-views2", Project.RouteViews)]
    [InlineData("/archive/backup.tar/bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "route-views2", Project.RouteViews)]
    [InlineData("/archive/data.bak/bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "route-views2", Project.RouteViews)]
    [InlineData("/archive/lab.net/bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "route-views2", Project.RouteViews)]
    [InlineData("/amsix.ams/x.zip//bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "amsix.ams", Project.RouteViews)]
    [InlineData("/archive/amsix.ams.tgz//bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "amsix.ams", Project.RouteViews)]
    [InlineData("/route-views.sg/x.zip//bgpdata/2007.10/UPDATES/updates.20071015.1500.bz2", "route-views.sg", Project.RouteViews)]
    [InlineData("/archive/rrc00.tar.gz//2017.10/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("/rrc00/x.zip//updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("/archive/mine.tar.gz//updates.20171001.0905.gz", "mine", Project.Unknown)]
    [InlineData("/archive/lab/2017.10.tar.gz//updates.20171001.0905.gz", "lab", Project.Unknown)]
    [InlineData("/archive/lab/UPDATES.zip//2017.10/updates.20171001.0905.gz", "lab", Project.Unknown)]
    [InlineData("/archive/lab/.tar//updates.20171001.0905.gz", "lab", Project.Unknown)]
    [InlineData("/archive/lab/2017/updates.20171001.0905.gz", "lab", Project.Unknown)]
    [InlineData("/archive/lab/2017/10/updates.20171001.0905.gz", "lab", Project.Unknown)]
    [InlineData("/archive/lab/2017/10/01/updates.20171001.0905.gz", "lab", Project.Unknown)]
    [InlineData("/archive/lab/2017-10-01/updates.20171001.0905.gz", "lab", Project.Unknown)]
    [InlineData("/archive/lab/201710.zip//updates.20171001.0905.gz", "lab", Project.Unknown)]
    [InlineData("/archive/lab/10/updates.20171001.0905.gz", "10", Project.Unknown)]
    [InlineData("/archive/lab/20171/updates.20171001.0905.gz", "20171", Project.Unknown)]
    [InlineData("route-collector.ams.pch.net/2007/10/route-collector.ams.pch.net-mrt-bgp-updates-2007-10-15-15-05.gz",
        "route-collector.ams.pch.net", Project.Pch)]
    [InlineData("/pch/route-collector.ix-br.gru.pch.net-mrt-bgp-updates-2007-10-15-15-05", "route-collector.ix-br.gru.pch.net", Project.Pch)]
    [InlineData("/archive/Route-Collector.ams.pch.net/updates.20071015.1505.gz", "route-collector.ams.pch.net", Project.Pch)]
    [InlineData("/archive/route-collector.ams.pch.net.example/updates.20071015.1505.gz", "route-collector.ams.pch.net.example", Project.Unknown)]
    [InlineData("mine.updates.20171001.0905.gz", "mine", Project.Unknown)]
    [InlineData("lab.quagga_rib.mrt", "lab.quagga_rib", Project.Unknown)]
    public void The_collector_is_the_one_that_the_path_names(string path, string name, Project project) =>
        Assert.Equal(new Collector(name, project), ArchiveName.Read(path).Collector);

    [Fact]
    public void A_day_and_clock_with_hyphens_date_a_file_as_those_of_PCH_are()
    {
        var place = ArchiveName.Read("route-collector.ams.pch.net-mrt-bgp-updates-2007-10-15-15-05.gz");
        Assert.Equal((FileKind.Updates, Timestamp.Parse("2007-10-15T15:05:00Z")), (place.Kind, place.Time));
        Assert.Null(ArchiveName.Read("updates-2007-13-15-15-05.gz").Time);
        Assert.Null(ArchiveName.Read("updates-2007-10-15-15-055.gz").Time);
    }

    [Fact]
    public void The_files_of_one_collector_of_PCH_are_of_one_and_filters_find_it()
    {
        using var folder = new TemporaryFolder();
        byte[] file = new Isthmus.Scenarios.MrtWriter().Update(
            Timestamp.Parse("2007-10-15T15:05:30Z"), new("192.0.2.2", 3333), withdraw: ["10.0.0.0/8"]).ToArray();
        foreach (string minute in (string[])["05", "06", "07"])
            folder.Write($"route-collector.ams.pch.net/2007/10/route-collector.ams.pch.net-mrt-bgp-updates-2007-10-15-15-{minute}", file);
        foreach (string filter in (string[])["project pch", "collector route-collector.ams.pch.net", "collector route-collector.*"])
            Assert.Equal("3", Cli.Run("read", folder.Root, "--count", "--where", filter).Out.Trim());
        Assert.Equal("0", Cli.Run("read", folder.Root, "--count", "--where", "project ris").Out.Trim());
    }

    [Fact]
    public void Where_the_path_tells_no_collector_the_dumps_own_view_name_does()
    {
        Assert.Equal(new Collector("rrc12", Project.Ris), ArchiveName.Read("/here/bview.20171001.0000.gz", "rrc12").Collector);
        Assert.Equal("here", ArchiveName.Read("/here/bview.20171001.0000.gz", "some view").Collector.Name);
        Assert.Equal("rrc00", ArchiveName.Read("/rrc00/bview.20171001.0000.gz", "rrc12").Collector.Name);
    }

    [Fact]
    public void Folders_of_one_name_are_told_apart_by_those_above_them_as_far_as_they_differ()
    {
        Assert.Equal(["north/data", "south/data"], ArchiveName.TellApart(["/srv/north/data", "/srv/south/data"]));
        Assert.Equal(["a/x/data", "b/x/data", "b/y/data"], ArchiveName.TellApart(["/srv/a/x/data", "/srv/b/x/data", "/srv/b/y/data"]));
    }

    [Theory]
    [InlineData("north/data/updates.20171001.0000", "south/data/updates.20171001.0000", "north/data", "south/data")]
    [InlineData("north/RIBS/rib.20171001.0000", "south/RIBS/rib.20171001.0000", "north", "south")]
    [InlineData("north/table.mrt", "south/table.mrt", "north/table", "south/table")]
    [InlineData("north/mine.updates.20171001.0000", "south/mine.updates.20171001.0005", "mine", "mine")]
    [InlineData("north/rrc00/updates.20171001.0000", "south/rrc00/updates.20171001.0005", "rrc00", "rrc00")]
    public void Two_folders_of_one_name_are_two_collectors(string one, string other, string first, string second)
    {
        using var folder = new TemporaryFolder();
        byte[] file = new Isthmus.Scenarios.MrtWriter().Update(
            Timestamp.Parse("2017-10-01T00:00:00Z"), new("192.0.2.2", 3333), withdraw: ["10.0.0.0/8"]).ToArray();
        folder.Write(one, file);
        folder.Write(other, file);
        using var inputs = new Inputs();
        var set = inputs.Resolve([folder.Root], Stream.Null, TestContext.Current.CancellationToken);
        Assert.Equal([first, second], set.Files.Select(input => input.Collector.Name));
        using var alone = new Inputs();
        var single = alone.Resolve([folder.Place(one)], Stream.Null, TestContext.Current.CancellationToken).Files.Single();
        Assert.Equal(first.Split('/')[^1], single.Collector.Name);
    }

    // Once each of them was a collector of its own: the dump's table stood for ever, beside the updates that changed it.
    [Theory]
    [InlineData("rib.20171001.0000.bz2", "updates.20171001.0000.bz2", "updates.20171001.0015.bz2")]
    [InlineData("home/bview.20171001.0000.gz", "home/updates.20171001.0000.gz", "home/updates.20171001.0005.gz")]
    [InlineData("sg/RIBS/rib.20171001.0000.bz2", "sg/UPDATES/updates.20171001.0000.bz2", "sg/2017.10/updates.20171001.0015.bz2")]
    public void Dated_files_without_a_collectors_name_are_of_one(params string[] paths) =>
        Assert.Single(paths.Select(path => ArchiveName.Read(path).Collector).Distinct());
}
