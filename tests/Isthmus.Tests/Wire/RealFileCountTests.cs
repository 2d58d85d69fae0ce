using System.Globalization;

using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;
using Isthmus.Wire.Mrt;

namespace Isthmus.Tests.Wire;

public sealed class RealFileCountTests
{
    [Theory]
    [InlineData("damaged/corrupt-nlri.mrt", 1)] // path identifiers that nothing announces; bgpdump reads four prefixes
    [InlineData("damaged/ris.rrc00.bview.20000111.0032.gz", 452_018)] // bgpdump gives up after one record
    [InlineData("damaged/ris.rrc01.updates.20001104.0124.gz", 883)]
    [InlineData("damaged/ris.rrc15.updates.20100227.1600.gz", 53_806)]
    [InlineData("damaged/ris.rrc24.updates.20200809.0420.cut.gz", 17_182)]
    [InlineData("damaged/short.mrt", 0)]
    [InlineData("damaged/truncated.mrt", 0)]
    [InlineData("damaged/routeviews2.rib.20140523.0600.first-1MB.bz2", 270_005)]
    [InlineData("rib/bview.64k_stream_overflow.gz", 23)]
    [InlineData("rib/bview.ipv4_unicast_add_path.gz", 62)]
    [InlineData("rib/bview.ipv6_unicast_add_path.gz", 62)]
    [InlineData("rib/lab.bird-mrtdump_rib.mrt", 18)]
    [InlineData("rib/lab.bird6-mrtdump_rib.mrt", 10)]
    [InlineData("rib/lab.openbgpd_rib_table-mp.mrt", 31)] // BGP4MP_ENTRY, which bgpdump passes over
    [InlineData("rib/lab.openbgpd_rib_table-v2.mrt", 31)]
    [InlineData("rib/lab.openbgpd_rib_table.mrt", 31)]
    [InlineData("rib/lab.quagga_rib.mrt", 9)]
    [InlineData("rib/ris.rrc05.bview.20020722.2337.gz", 115_521)]
    [InlineData("rib/ris.rrc00.rib.20180424.from-json.gz", 948_053)]
    [InlineData("rib/ris.rrc06.rib.20180424.from-json.gz", 127_555)]
    [InlineData("rib/routeviews.jinx.rib.20140530.2200.bz2", 503_590)]
    [InlineData("rib/routeviews.route-views6.rib.20150922.1200.bz2", 609_246)]
    [InlineData("updates/lab.bird-mrtdump_bgp.mrt", 24)]
    [InlineData("updates/lab.bird6-mrtdump_bgp.mrt", 24)]
    [InlineData("updates/lab.bird6_bgp.mrt", 26)] // bgpdump reads un-flagged ADD-PATH as garbage: 44
    [InlineData("updates/lab.bird_bgp.mrt", 26)] // the same: 36
    [InlineData("updates/lab.openbgpd_bgp.mrt", 109)]
    [InlineData("updates/lab.quagga_bgp.mrt", 38)]
    [InlineData("updates/lab.quagga_bgp_large_communities.mrt", 5)]
    [InlineData("updates/pch.updates-et.20151023.0201.gz", 577_744)]
    [InlineData("updates/ris.rrc00.updates.20150401.1400.gz", 105_498)]
    [InlineData("updates/ris.rrc00.updates.20150401.1405.gz", 78_975)]
    [InlineData("updates/ris.rrc00.updates.20150401.1410.gz", 70_547)]
    [InlineData("updates/ris.rrc00.updates.20150401.1415.gz", 89_818)]
    [InlineData("updates/ris.rrc00.updates.20150401.1420.gz", 108_928)]
    [InlineData("updates/ris.rrc01.updates.20100827.0840.gz", 269_357)]
    [InlineData("updates/ris.rrc01.updates.20241001.0055.gz", 185_198)]
    [InlineData("updates/ris.rrc24.updates.20200809.0320.gz", 47_252)]
    [InlineData("updates/ris.rrc24.updates.20200809.0325.gz", 44_403)]
    [InlineData("updates/ris.updates.20020722.2238.gz", 3_337)]
    [InlineData("updates/ris.updates.20071015.1505.gz", 10_496)]
    [InlineData("updates/ris.updates.20100722.2015.gz", 5_654)]
    [InlineData("updates/ris.updates.long_withdrawal.gz", 4_096)]
    // The list ends inside a prefix, so that none of it is trusted (RFC 7606 section 3 j); bgpdump prints one.
    [InlineData("updates/ris.updates.nlri_mask_trailing_bits.gz", 0)]
    [InlineData("updates/routeviews.jinx.updates.20150401.0000.bz2", 8_611)]
    [InlineData("updates/routeviews.updates.20260222.1530.bz2", 118_663)]
    [InlineData("updates/routeviews2.updates.20131201.bz2", 137_244)]
    public void A_file_holds_as_many_elements_as_bgpdump_prints_lines(string name, long expected)
    {
        using var records = new RecordReader(Decompression.Open(File.OpenRead(RealData.Path(name))), new FaultLedger());
        var file = new RouteEventReader();
        long elements = 0, states = 0;
        while (records.TryRead(out var record))
        {
            foreach (ref readonly var routeEvent in file.Read(record))
            {
                elements++;
                if (routeEvent.Kind is RouteEventKind.PeerState) states++;
            }
        }
        Assert.Equal(expected, elements);
        Assert.Equal(expected, file.Tally.Events);
        // bgpkit-parser counts no states; docs/standards.md explains the others.
        long counted = name switch
        {
            "rib/lab.openbgpd_rib_table-mp.mrt" => 0,
            "damaged/truncated.mrt" => 1,
            _ => elements - states,
        };
        Assert.Equal(counted, CountOfBgpkit(name));
    }

    private static long CountOfBgpkit(string name)
    {
        string row = File.ReadLines(RealData.Path("README.md")).Single(line => line.StartsWith($"| {name} |", StringComparison.Ordinal));
        return long.Parse(row.Split('|')[4], NumberStyles.AllowThousands | NumberStyles.AllowLeadingWhite | NumberStyles.AllowTrailingWhite,
            CultureInfo.InvariantCulture);
    }
}
