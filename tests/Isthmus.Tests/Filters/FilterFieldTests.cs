using Isthmus.Export;
using Isthmus.Scenarios;
using Isthmus.Tests.Export;
using Isthmus.Wire;

using SessionState = Isthmus.Scenarios.SessionState;

namespace Isthmus.Tests.Filters;

/// <summary>Each field on records as they are written in archives.</summary>
public sealed class FilterFieldTests
{
    private const string All = "10.1.0.0/16 10.1.2.0/24 192.0.2.0/24 2001:db8:1::/48 - 10.9.0.0/16";

    /// <summary>Two announcements of peer 3333, one withdrawal, one of IPv6, a change of state, a RIB entry of peer 20485.</summary>
    private static readonly byte[] _file = new MrtWriter()
        .Update(Filtering.Time, new("192.0.2.2", 3333), PathAttributes.Route("3333 4837 4837 131279", "192.0.2.7").Communities("65000:100", "65535:666"),
            announce: ["10.1.0.0/16", "10.1.2.0/24"])
        .Update(Filtering.Time + TimeSpan.FromSeconds(1), new("192.0.2.2", 3333), withdraw: ["192.0.2.0/24"])
        .Update(Filtering.Time + TimeSpan.FromSeconds(2), new("2001:db8::2", 2497),
            new PathAttributes().Origin().AsPath("2497 20485 {131279,64999}").MpReach("2001:db8::2", "2001:db8:1::/48")
                .LargeCommunities("131279:1:2").ExtendedCommunities(0x0002_1234_0000_0001, 0x0103_C000_0201_0007))
        .StateChange(Filtering.Time + TimeSpan.FromSeconds(3), new("192.0.2.3", 3257), SessionState.Established, SessionState.Idle)
        .PeerIndexTable(Filtering.Time, "192.0.2.254", "", [new("192.0.2.4", 20485)])
        .Rib(Filtering.Time + TimeSpan.FromSeconds(4), Prefix.Parse("10.9.0.0/16"),
            [new(0, new PathAttributes().Origin().AsPath("20485 (64512 64513) 9929").NextHop("192.0.2.4"), Filtering.Time)])
        .ToArray();

    [Theory]
    [InlineData("not fault", All)]
    [InlineData("fault", "")]
    [InlineData("prefix 10.1.0.0/16", "10.1.0.0/16")]
    [InlineData("prefix exact 10.1.0.0/16", "10.1.0.0/16")]
    [InlineData("prefix != 10.1.0.0/16", "10.1.2.0/24 192.0.2.0/24 2001:db8:1::/48 - 10.9.0.0/16")]
    [InlineData("prefix within 10.0.0.0/8", "10.1.0.0/16 10.1.2.0/24 10.9.0.0/16")]
    [InlineData("prefix within 10.1.0.0/16", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("prefix covering 10.1.2.0/24", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("prefix covering 10.1.2.3", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("prefix covering 10.1.3.3", "10.1.0.0/16")]
    [InlineData("prefix overlaps 10.1.2.0/23", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("prefix within ::/0", "2001:db8:1::/48")]
    [InlineData("prefix within 0.0.0.0/0", "10.1.0.0/16 10.1.2.0/24 192.0.2.0/24 10.9.0.0/16")]
    [InlineData("prefix in (10.1.2.0/24, 2001:db8:1::/48)", "10.1.2.0/24 2001:db8:1::/48")]
    [InlineData("prefix-length >= 24", "10.1.2.0/24 192.0.2.0/24 2001:db8:1::/48")]
    [InlineData("prefix-length in (16, 40-50)", "10.1.0.0/16 2001:db8:1::/48 10.9.0.0/16")]
    [InlineData("origin 131279", "10.1.0.0/16 10.1.2.0/24 2001:db8:1::/48")]
    [InlineData("origin 64999", "2001:db8:1::/48")]
    [InlineData("origin 20485", "")]
    [InlineData("origin < 10000", "10.9.0.0/16")]
    [InlineData("not origin 131279", "192.0.2.0/24 - 10.9.0.0/16")]
    [InlineData("origin-country KP", "10.1.0.0/16 10.1.2.0/24 2001:db8:1::/48")]
    [InlineData("origin-country \"North Korea\"", "10.1.0.0/16 10.1.2.0/24 2001:db8:1::/48")]
    [InlineData("hop-country cn", "10.1.0.0/16 10.1.2.0/24 10.9.0.0/16")]
    [InlineData("hop-country in (CN, RU)", "10.1.0.0/16 10.1.2.0/24 2001:db8:1::/48 10.9.0.0/16")]
    [InlineData("hop 20485", "2001:db8:1::/48 10.9.0.0/16")]
    [InlineData("hop 64512-64513", "")]
    [InlineData("upstream 4837", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("upstream 20485", "10.9.0.0/16")]
    [InlineData("upstream 3333", "")]
    [InlineData("path ~ \"4837 131279$\"", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("path ~ \"^20485 9929$\"", "10.9.0.0/16")]
    [InlineData("path-length 4", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("path-length 3", "2001:db8:1::/48")]
    [InlineData("path-length < 3", "10.9.0.0/16")]
    [InlineData("community 65000:*", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("community *:100", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("community 65000:100", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("community 65000:101", "")]
    [InlineData("community 65000:50-150", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("community blackhole", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("community no-export", "")]
    [InlineData("community 131279:1:*", "2001:db8:1::/48")]
    [InlineData("community 131279:2:*", "")]
    [InlineData("community rt:4660:1", "2001:db8:1::/48")]
    [InlineData("community rt:*:*", "2001:db8:1::/48")]
    [InlineData("community soo:192.0.2.1:7", "2001:db8:1::/48")]
    [InlineData("community soo:192.0.2.1:8", "")]
    [InlineData("community 0x0002123400000001", "2001:db8:1::/48")]
    [InlineData("community in (1:1, 131279:1:2, no-export)", "2001:db8:1::/48")]
    [InlineData("peer 192.0.2.2", "10.1.0.0/16 10.1.2.0/24 192.0.2.0/24")]
    [InlineData("peer 2001:db8::/32", "2001:db8:1::/48")]
    [InlineData("peer in (192.0.2.3, 192.0.2.4)", "- 10.9.0.0/16")]
    [InlineData("peer-as 3333", "10.1.0.0/16 10.1.2.0/24 192.0.2.0/24")]
    [InlineData("peer-as != 3333", "2001:db8:1::/48 - 10.9.0.0/16")]
    [InlineData("collector rrc00", All)]
    [InlineData("collector RRC*", All)]
    [InlineData("collector rrc?1", "")]
    [InlineData("collector in (a, *0)", All)]
    [InlineData("project ris", All)]
    [InlineData("project in (routeviews, pch)", "")]
    [InlineData("time >= 2017-10-01T09:07:54", "- 10.9.0.0/16")]
    [InlineData("time > 2017-10-01T09:07:52 and time <= \"2017-10-01 09:07:54\"", "2001:db8:1::/48 -")]
    [InlineData("time < 2017-10-01T09:07:52", "10.1.0.0/16 10.1.2.0/24")]
    [InlineData("family ipv4", "10.1.0.0/16 10.1.2.0/24 192.0.2.0/24 10.9.0.0/16")]
    [InlineData("family ipv6", "2001:db8:1::/48")]
    [InlineData("not family ipv4", "2001:db8:1::/48 -")]
    [InlineData("kind rib", "10.9.0.0/16")]
    [InlineData("kind announcement", "10.1.0.0/16 10.1.2.0/24 2001:db8:1::/48")]
    [InlineData("kind in (withdrawal, state)", "192.0.2.0/24 -")]
    public void A_field_passes_the_events_that_it_names(string filter, string passing)
    {
        Assert.Equal(passing, Filtering.Passing(filter, _file));
        Assert.Equal(passing.Split(' ', StringSplitOptions.RemoveEmptyEntries).Length, Filtering.Count(filter, _file));
    }

    [Fact]
    public void A_malformed_announcement_is_a_withdrawal_without_a_path()
    {
        byte[] file = Filtering.Announcement(new PathAttributes().AsPath("3333 131279").NextHop("192.0.2.7"));
        Assert.True(Filtering.Passes("kind withdrawal and fault", file));
        Assert.False(Filtering.Passes("origin 131279", file));
        Assert.Equal((1, 0), (Filtering.Count("not origin 131279", file), Filtering.Count("origin 131279 or path ~ \".\"", file)));
    }

    [Theory]
    [InlineData("65536 131279", "origin 131279")]
    [InlineData("65536 131279", "path ~ \"^65536 131279$\"")]
    [InlineData("65536 131279", "hop 65536")]
    public void A_narrow_path_is_asked_as_merged_with_AS4_PATH(string path, string filter)
    {
        var attributes = PathAttributes.Route("23456 23456", "192.0.2.7").As4Path(path);
        byte[] file = new MrtWriter().Update(Filtering.Time, new("192.0.2.2", 3333) { WideAsns = false }, attributes, announce: ["10.0.0.0/8"]).ToArray();
        Assert.True(Filtering.Passes(filter, file));
        Assert.False(Filtering.Passes("hop 23456", file));
    }

    [Fact]
    public void The_upstream_is_that_of_the_cleaned_path()
    {
        // Prepending is one hop, private numbers behind the origin are no origin, a loop at the origin is refused.
        Assert.True(Filtering.Passes("upstream 4837", Filtering.Announcement("3333 4837 4837 131279 131279 64512")));
        Assert.False(Filtering.Passes("upstream 131279", Filtering.Announcement("3333 4837 131279 64512")));
        Assert.False(Filtering.Passes("upstream 4837", Filtering.Announcement("3333 131279 4837 131279")));
        Assert.False(Filtering.Passes("upstream 4837", Filtering.Announcement("131279")));
    }

    [Fact]
    public void Values_may_stand_in_a_file_one_a_line()
    {
        string[] Lines(string file) => file is "two words.txt"
            ? ["# prefixes of interest", "", "10.1.2.0/24", "  2001:db8:1::/48  # and this"] : ["AS9929", "1-100"];
        Assert.Equal("10.1.2.0/24 2001:db8:1::/48", Filtering.Passing("prefix within @\"two words.txt\"", _file, Lines));
        Assert.Equal("10.9.0.0/16", Filtering.Passing("origin in @asns.txt", _file, Lines));
        Assert.Equal("10.1.0.0/16 10.1.2.0/24 2001:db8:1::/48 10.9.0.0/16", Filtering.Passing("origin in (131279, @asns.txt)", _file, Lines));
    }

    [Fact]
    public void A_file_of_another_collector_is_not_even_opened()
    {
        var missing = new Isthmus.Sources.InputFile("no/such/file", "x", new("rrc00", Isthmus.Routes.Project.Ris), Isthmus.Sources.FileKind.Unknown, null, 0);
        var tally = ReadRun.Run([missing], null, new(), TestContext.Current.CancellationToken, Filtering.Parse("collector rrc01 and origin 1"));
        Assert.Equal(0, tally.Elements);
    }

    [Fact]
    public void Nothing_is_allocated_for_an_element()
    {
        const int Elements = 20_000;
        const string Filter = "(path ~ \"4837+ 131279$\" and hop-country CN and community 65000:* and upstream 4837 and origin 131279"
            + " and peer 192.0.2.2 and prefix within 175.45.176.0/22 and path-length > 2) or collector x and fault";
        // Both files are larger than the buffer that reads them, whose size follows the file's.
        long few = Allocated(Filter, Elements), many = Allocated(Filter, 2 * Elements);
        Assert.InRange(many - few, long.MinValue, Elements);
    }

    // Allocation of the reading thread; less than a byte an element is none.
    private static long Allocated(string filter, int updates)
    {
        var file = new MrtWriter();
        var attributes = PathAttributes.Route("3333 4837 4837 131279", "192.0.2.7").Communities("65000:1");
        for (int i = 0; i < updates; i++) file.Update(Filtering.Time, new("192.0.2.2", 3333), attributes, announce: ["175.45.178.0/24"]);
        using var input = new TemporaryFile("file", file.ToArray());
        var where = Filtering.Parse(filter);
        Assert.Equal(updates, ReadRun.Run([input.Input], null, new(), TestContext.Current.CancellationToken, where).Elements);
        long before = GC.GetAllocatedBytesForCurrentThread();
        ReadRun.Run([input.Input], null, new(), TestContext.Current.CancellationToken, where);
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
