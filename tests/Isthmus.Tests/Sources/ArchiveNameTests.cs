using Isthmus.Routes;
using Isthmus.Sources;

namespace Isthmus.Tests.Sources;

public sealed class ArchiveNameTests
{
    [Theory]
    [InlineData("rrc00/2017.10/updates.20171001.0905.gz", "rrc00", Project.Ris)]
    [InlineData("route-views.sg/bgpdata/2017.10/UPDATES/updates.20171001.0900.bz2", "route-views.sg", Project.RouteViews)]
    [InlineData("bgpdata/2017.10/RIBS/rib.20171001.0000.bz2", "route-views2", Project.RouteViews)]
    [InlineData("mine.updates.20171001.0905.gz", "mine", Project.Unknown)]
    [InlineData("lab.quagga_rib.mrt", "lab.quagga_rib", Project.Unknown)]
    public void The_collector_is_the_one_that_the_path_names(string path, string name, Project project) =>
        Assert.Equal(new Collector(name, project), ArchiveName.Read(path).Collector);

    // Once each of them was a collector of its own: the dump's table stood for ever, beside the updates that changed it.
    [Theory]
    [InlineData("rib.20171001.0000.bz2", "updates.20171001.0000.bz2", "updates.20171001.0015.bz2")]
    [InlineData("home/bview.20171001.0000.gz", "home/updates.20171001.0000.gz", "home/updates.20171001.0005.gz")]
    [InlineData("sg/RIBS/rib.20171001.0000.bz2", "sg/UPDATES/updates.20171001.0000.bz2", "sg/2017.10/updates.20171001.0015.bz2")]
    public void Dated_files_without_a_collectors_name_are_of_one(params string[] paths) =>
        Assert.Single(paths.Select(path => ArchiveName.Read(path).Collector).Distinct());
}
