using Isthmus.Archives;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Tests.Archives;

/// <summary>Pages of folders as web servers make them, and what archives hold by these.</summary>
public sealed class ListingPageTests
{
    /// <summary>Apache mod_autoindex with FancyIndexing: text in columns.</summary>
    private const string ApacheText = """
        <!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 3.2 Final//EN">
        <html><head><title>Index of /rrc00/2011.01</title></head><body><h1>Index of /rrc00/2011.01</h1>
        <pre><img src="/icons/blank.gif" alt="Icon "> <a href="?C=N;O=D">Name</a>                    <a href="?C=M;O=A">Last modified</a>      <a href="?C=S;O=A">Size</a>  <a href="?C=D;O=A">Description</a><hr><img src="/icons/back.gif" alt="[PARENTDIR]"> <a href="/rrc00/">Parent Directory</a>                             -
        <img src="/icons/compressed.gif" alt="[   ]"> <a href="bview.20110105.0759.gz">bview.20110105.0759.gz</a>  2011-01-05 08:08  161
        <img src="/icons/compressed.gif" alt="[   ]"> <a href="bview.20110113.1559.gz">bview.20110113.1559.gz</a>  2011-01-13 16:08   96M
        <img src="/icons/compressed.gif" alt="[   ]"> <a href="updates.20110105.0800.gz">updates.20110105.0800.gz</a> 2011-01-05 08:05  1.2K
        <hr></pre><address>Apache/2.2.3 (CentOS) Server at data.ris.ripe.net Port 80</address></body></html>
        """;

    /// <summary>The same with IndexOptions HTMLTable.</summary>
    private const string ApacheTable = """
        <html><head><title>Index of /route-views.sg/bgpdata/2017.10/RIBS</title></head><body><table>
        <tr><th valign="top"><img src="/icons/blank.gif" alt="[ICO]"></th><th><a href="?C=N;O=D">Name</a></th><th><a href="?C=M;O=A">Last modified</a></th><th><a href="?C=S;O=A">Size</a></th></tr>
        <tr><td valign="top"><img src="/icons/back.gif" alt="[PARENTDIR]"></td><td><a href="/route-views.sg/bgpdata/2017.10/">Parent Directory</a></td><td>&nbsp;</td><td align="right">  - </td></tr>
        <tr><td valign="top"><img src="/icons/unknown.gif" alt="[   ]"></td><td><a href="rib.20171001.0011.bz2">rib.20171001.0011.bz2</a></td><td align="right">2017-10-01 00:20  </td><td align="right"> 14M</td></tr>
        <tr><td valign="top"><img src="/icons/unknown.gif" alt="[   ]"></td><td><a href="rib.20171001.0200.bz2">rib.20171001.0200.bz2</a></td><td align="right">2017-10-01 02:09  </td><td align="right">1.5G</td></tr>
        </table></body></html>
        """;

    /// <summary>nginx autoindex: sizes in bytes, long names cut in what is shown.</summary>
    private const string Nginx =
        "<html>\r\n<head><title>Index of /rrc00/2002.07/</title></head>\r\n<body>\r\n<h1>Index of /rrc00/2002.07/</h1><hr><pre><a href=\"../\">../</a>\r\n"
        + "<a href=\"old/\">old/</a>                                               23-Jul-2002 00:00                   -\r\n"
        + "<a href=\"updates.20020722.2238.gz\">updates.20020722.2238.gz</a>                           22-Jul-2002 22:53              174000\r\n"
        + "<a href=\"updates.20020722.2253.gz\">updates.20020722.2253.gz</a>                           22-Jul-2002 23:08                   0\r\n"
        + "</pre><hr></body>\r\n</html>\r\n";

    private static string Show(IEnumerable<ListedName> names) =>
        string.Join(' ', names.Select(name => $"{name.Name}{(name.IsFolder ? "/" : "")}={name.RoughBytes}"));

    [Fact]
    public void A_page_of_apache_gives_its_files_with_sizes_and_neither_order_nor_parent() => Assert.Equal(
        $"bview.20110105.0759.gz=161 bview.20110113.1559.gz={96 << 20} updates.20110105.0800.gz=1228", Show(ListingPage.Names(ApacheText)));

    [Fact]
    public void So_does_one_that_is_a_table() => Assert.Equal(
        $"rib.20171001.0011.bz2={14 << 20} rib.20171001.0200.bz2={3L << 29}", Show(ListingPage.Names(ApacheTable)));

    [Fact]
    public void A_page_of_nginx_gives_files_and_folders() => Assert.Equal(
        "old/= updates.20020722.2238.gz=174000 updates.20020722.2253.gz=0", Show(ListingPage.Names(Nginx)));

    [Theory]
    [InlineData("/rrc00/2017.10/bview.20171001.0000.gz")]
    [InlineData("../bview.20171001.0000.gz")]
    [InlineData("..")]
    [InlineData("x/bview.20171001.0000.gz")]
    [InlineData("//elsewhere.example/bview.20171001.0000.gz")]
    [InlineData("http://elsewhere.example/bview.20171001.0000.gz")]
    [InlineData("%2e%2e/bview.20171001.0000.gz")]
    [InlineData("bview.20171001.0000.gz?x=1")]
    [InlineData("bview.20171001.0000.gz#x")]
    [InlineData("javascript:bview.20171001.0000.gz")]
    [InlineData("&#47;bview.20171001.0000.gz")]
    [InlineData("b\\bview.20171001.0000.gz")]
    public void A_link_that_leads_elsewhere_is_no_name(string link) =>
        Assert.Equal("here.gz=", Show(ListingPage.Names($"<a href=\"{link}\">bview.20171001.0000.gz</a> <a href='here.gz'>here.gz</a>")));

    [Fact]
    public void What_is_no_page_lists_nothing() =>
        Assert.Empty(ListingPage.Names("<a href=\"" + new string('<', 100_000) + "\u001f\u008b\b" + string.Concat(Enumerable.Repeat("<a ", 50_000))));

    [Fact]
    public void Collectors_are_those_that_the_root_lists()
    {
        const string Root = """
            <a href="../">../</a> <a href="rrc00/">rrc00/</a> 01-Oct-2017 00:00 - <a href="rrc06/">rrc06/</a> <a href="rrc00.zip">x</a>
            <a href="bgpdata/">bgpdata/</a> <a href="route-views.sg/">x</a> <a href="route-views6/">x</a> <a href="oix-route-views/">x</a>
            <a href="latest/">x</a> <a href="favicon.ico">x</a>
            """;
        Assert.Equal(
            "oix-route-views=oix-route-views/ route-views.sg=route-views.sg/bgpdata/ route-views2=bgpdata/ route-views6=route-views6/bgpdata/ rrc00=rrc00/ rrc06=rrc06/",
            string.Join(' ', ArchiveCollector.In(Root, new("http://mirror.example/")).Select(one => $"{one.Collector.Name}={one.Folder}")));
    }

    [Fact]
    public void A_front_page_made_by_hand_may_lead_to_their_data_in_any_way_that_stays_on_the_server()
    {
        const string Front = """
            <LI><A HREF="/bgpdata">MRT format RIBs and UPDATEs</A> <LI><A HREF="http://archive.routeviews.org/route-views3/bgpdata">x</A>
            <LI><A HREF="amsix.ams/bgpdata/">x</A> <A HREF="https://archive.routeviews.org/route-views.jinx/bgpdata/">x</A>
            <A HREF="http://elsewhere.example/route-views.wide/bgpdata">x</A> <A HREF="/route-views.linx/../../bgpdata">x</A>
            """;
        Assert.Equal("amsix.ams route-views.jinx route-views2 route-views3",
            string.Join(' ', ArchiveCollector.In(Front, Archive.RouteViews).Select(one => one.Collector.Name)));
    }

    [Fact]
    public void Where_the_front_page_of_route_views_lists_none_the_known_ones_are_asked_for()
    {
        var known = ArchiveCollector.In("<p>moved</p>", Archive.RouteViews);
        Assert.Contains(known, one => one is { Collector.Name: "route-views2", Folder: "bgpdata/" });
        Assert.Contains(known, one => one is { Collector.Name: "route-views2.saopaulo", Folder: "route-views2.saopaulo/bgpdata/" });
        Assert.Contains(known, one => one is { Collector.Name: "route-views.jinx", Folder: "route-views.jinx/bgpdata/" });
        Assert.All(known, one => Assert.Equal(Project.RouteViews, one.Collector.Project));
        Assert.Empty(ArchiveCollector.In("<p>moved</p>", Archive.Ris));
    }

    private static ArchiveCollector Of(string name) => ArchiveCollector.In($"<a href=\"{name}/\">x</a>", new("https://mirror.example/archive")).Single();

    [Theory]
    [InlineData("rrc00", "rrc00/2017.10/")]
    [InlineData("route-views6", "route-views6/bgpdata/2017.10/RIBS/ route-views6/bgpdata/2017.10/UPDATES/")]
    [InlineData("bgpdata", "bgpdata/2017.10/RIBS/ bgpdata/2017.10/UPDATES/")]
    [InlineData("oix-route-views", "oix-route-views/2017.10/")]
    public void A_months_files_are_where_the_project_has_them(string collector, string folders) =>
        Assert.Equal(folders, string.Join(' ', Of(collector).FoldersOf(Timestamp.Parse("2017-10-01"), ribs: true, updates: true)));

    [Fact]
    public void Months_are_those_that_are_listed() => Assert.Equal("1999-10-01T00:00:00Z 2008-12-01T00:00:00Z", string.Join(' ',
        ArchiveCollector.Months("<a href=\"2008.12/\">x</a><a href=\"1999.10/\">x</a><a href=\"latest-bview.gz\">x</a><a href=\"2008.13/\">x</a>")));

    [Fact]
    public void Files_are_told_by_their_names_and_what_is_none_of_an_archive_is_left_out()
    {
        string page = ApacheText + "<a href=\"latest-bview.gz\">x</a><a href=\"updates.20110105.0805.gz.part\">x</a><a href=\"MD5SUM\">x</a>";
        Assert.Equal("Rib 2011-01-05T07:59:00Z, Updates 2011-01-05T08:00:00Z, Rib 2011-01-13T15:59:00Z",
            string.Join(", ", Of("rrc06").Files(page, "rrc06/2011.01/").Select(file => $"{file.Kind} {file.Start}")));
        Assert.Equal("https://mirror.example/archive/rrc06/2011.01/bview.20110105.0759.gz",
            Of("rrc06").Files(page, "rrc06/2011.01/")[0].Address.AbsoluteUri);
    }

    [Fact]
    public void Tables_of_oix_route_views_have_names_of_their_own()
    {
        const string Page = "<a href=\"oix-full-snapshot-2001-10-30-2000.dat.bz2\">x</a><a href=\"oix-full-snapshot-latest.dat.bz2\">x</a>";
        var file = Assert.Single(Of("oix-route-views").Files(Page, "oix-route-views/2001.10/"));
        Assert.Equal((FileKind.Rib, Timestamp.Parse("2001-10-30T20:00:00Z")), (file.Kind, file.Start));
    }

    [Theory]
    [InlineData("https://data.ris.ripe.net/rrc00/", true)]
    [InlineData("http://data.ris.ripe.net/rrc00/", false)]
    [InlineData("https://data.ris.ripe.net:8443/rrc00/", false)]
    [InlineData("https://ris.ripe.net/rrc00/", false)]
    public void An_archive_is_one_server(string address, bool isOfIt) => Assert.Equal(isOfIt, Archive.Ris.Holds(new(address)));

    [Theory]
    [InlineData("ftp://archive.example/")]
    [InlineData("archive.example")]
    [InlineData("https://archive.example/?key=1")]
    [InlineData("file:///archive")]
    public void What_is_no_folder_on_a_web_server_is_no_archive(string address) =>
        Assert.Throws<InputException>(() => new Archive(address));
}
