using System.Globalization;
using System.Text;

using Isthmus.Export;
using Isthmus.Tests.Scenarios;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Export;

/// <summary>The line form against Debian's bgpdump, byte for byte, on real files.</summary>
public sealed class BgpdumpAgreementTests
{
    [Theory]
    [InlineData("damaged/ris.rrc01.updates.20001104.0124.gz")]
    [InlineData("damaged/ris.rrc15.updates.20100227.1600.gz")]
    [InlineData("damaged/ris.rrc24.updates.20200809.0420.cut.gz")]
    [InlineData("damaged/routeviews2.rib.20140523.0600.first-1MB.bz2")]
    [InlineData("damaged/short.mrt")]
    [InlineData("rib/bview.64k_stream_overflow.gz")]
    [InlineData("rib/bview.ipv4_unicast_add_path.gz")]
    [InlineData("rib/bview.ipv6_unicast_add_path.gz")]
    [InlineData("rib/lab.bird-mrtdump_rib.mrt")]
    [InlineData("rib/lab.bird6-mrtdump_rib.mrt")]
    [InlineData("rib/lab.openbgpd_rib_table-v2.mrt")]
    [InlineData("rib/lab.quagga_rib.mrt")]
    [InlineData("rib/ris.rrc00.rib.20180424.from-json.gz")]
    [InlineData("rib/ris.rrc05.bview.20020722.2337.gz")]
    [InlineData("rib/ris.rrc06.rib.20180424.from-json.gz")]
    [InlineData("rib/routeviews.jinx.rib.20140530.2200.bz2")]
    [InlineData("rib/routeviews.route-views6.rib.20150922.1200.bz2")]
    [InlineData("updates/lab.bird-mrtdump_bgp.mrt")]
    [InlineData("updates/lab.bird6-mrtdump_bgp.mrt")]
    [InlineData("updates/lab.openbgpd_bgp.mrt")]
    [InlineData("updates/lab.quagga_bgp.mrt")]
    [InlineData("updates/lab.quagga_bgp_large_communities.mrt")]
    [InlineData("updates/ris.rrc00.updates.20150401.1400.gz")]
    [InlineData("updates/ris.rrc00.updates.20150401.1405.gz")]
    [InlineData("updates/ris.rrc00.updates.20150401.1410.gz")]
    [InlineData("updates/ris.rrc00.updates.20150401.1415.gz")]
    [InlineData("updates/ris.rrc00.updates.20150401.1420.gz")]
    [InlineData("updates/ris.rrc01.updates.20100827.0840.gz")]
    [InlineData("updates/ris.rrc01.updates.20241001.0055.gz")]
    [InlineData("updates/ris.rrc24.updates.20200809.0320.gz")]
    [InlineData("updates/ris.rrc24.updates.20200809.0325.gz")]
    [InlineData("updates/ris.updates.20020722.2238.gz")]
    [InlineData("updates/ris.updates.20071015.1505.gz")]
    [InlineData("updates/ris.updates.20100722.2015.gz")]
    [InlineData("updates/ris.updates.long_withdrawal.gz")]
    [InlineData("updates/routeviews.jinx.updates.20150401.0000.bz2")]
    [InlineData("updates/routeviews.updates.20260222.1530.bz2")]
    [InlineData("updates/routeviews2.updates.20131201.bz2")]
    public void Lines_are_those_of_bgpdump_to_the_byte(string name)
    {
        string path = RealData.Path(name);
        using var bgpdump = Bgpdump.Printing(path);
        using var expected = new Expected(bgpdump.StandardOutput.BaseStream);
        using var writer = new ElementWriter(ElementFormat.Line, expected);
        var tally = ReadRun.Run([TemporaryFile.Of(path, name)], writer, new(), TestContext.Current.CancellationToken);
        expected.ReadToEnd();
        Assert.Equal(tally.Elements, expected.Lines);
    }

    [Theory]
    // bgpdump reads an aggregator of eight bytes as one of six: 0 253.232.192.168.
    [InlineData("rib/lab.openbgpd_rib_table.mrt",
        "TABLE_DUMP|1444843994|B|192.168.1.10|65000|192.168.0.0/16|65015|IGP|192.168.0.15|100|0||NAG|65000 192.168.0.15|")]
    // bgpdump reads path identifiers that the subtype does not announce as default routes.
    [InlineData("updates/lab.bird_bgp.mrt", "BGP4MP|1486805561|STATE|0.0.0.0|65000|1|3")]
    public void Where_bgpdump_is_wrong_the_line_says_what_the_bytes_say(string name, string firstLine)
    {
        using var output = new MemoryStream();
        using var writer = new ElementWriter(ElementFormat.Line, output);
        ReadRun.Run([TemporaryFile.Of(RealData.Path(name), name)], writer, new(), TestContext.Current.CancellationToken);
        string text = Encoding.UTF8.GetString(output.ToArray());
        Assert.Equal(firstLine, text[..text.IndexOf('\n', StringComparison.Ordinal)]);
        Assert.DoesNotContain("|0.0.0.0/0|", text, StringComparison.Ordinal);
    }

    /// <summary>Lines that both print, of the files of which docs/standards.md says that they differ.</summary>
    [Theory]
    [InlineData("damaged/corrupt-nlri.mrt", 0)]
    [InlineData("damaged/ris.rrc00.bview.20000111.0032.gz", 1)]
    [InlineData("damaged/truncated.mrt", 0)]
    [InlineData("rib/lab.openbgpd_rib_table-mp.mrt", 0)]
    [InlineData("rib/lab.openbgpd_rib_table.mrt", 30)]
    [InlineData("updates/lab.bird_bgp.mrt", 12)]
    [InlineData("updates/lab.bird6_bgp.mrt", 12)]
    [InlineData("updates/pch.updates-et.20151023.0201.gz", 577_740)]
    [InlineData("updates/ris.updates.nlri_mask_trailing_bits.gz", 0)]
    public void Where_the_lines_differ_they_differ_as_it_is_written_down(string name, int inCommon)
    {
        using var output = new MemoryStream();
        using var writer = new ElementWriter(ElementFormat.Line, output);
        ReadRun.Run([TemporaryFile.Of(RealData.Path(name), name)], writer, new(), TestContext.Current.CancellationToken);
        string[] ours = Encoding.UTF8.GetString(output.ToArray()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string[] theirs = Encoding.UTF8.GetString(Bgpdump.Printed(RealData.Path(name))).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        string row = string.Create(CultureInfo.InvariantCulture, $"| `{name}` | {theirs.Length:N0} | {ours.Length:N0} |");
        Assert.Contains(row, File.ReadAllText(Path.Combine(RealData.Repository, "docs/standards.md")), StringComparison.Ordinal);
        var left = theirs.GroupBy(line => line).ToDictionary(group => group.Key, group => group.Count());
        Assert.Equal(inCommon, ours.GroupBy(line => line).Sum(group => Math.Min(group.Count(), left.GetValueOrDefault(group.Key))));
    }

    /// <summary>What is written must be what another stream gives; the first line that is not fails the test.</summary>
    private sealed class Expected(Stream expected) : MemoryStream
    {
        private byte[] _bytes = new byte[1 << 18];

        public long Lines { get; private set; }

        public override void Write(byte[] buffer, int offset, int count)
        {
            if (count > _bytes.Length) _bytes = new byte[count];
            int read = expected.ReadAtLeast(_bytes.AsSpan(0, count), count, throwOnEndOfStream: false);
            Span<byte> wanted = _bytes.AsSpan(0, read), actual = buffer.AsSpan(offset, count);
            Lines += wanted.Count((byte)'\n');
            if (wanted.SequenceEqual(actual)) return;
            int at = wanted.CommonPrefixLength(actual);
            Assert.Equal(LineAround(wanted, at), LineAround(actual, at));
        }

        public void ReadToEnd() => Assert.Equal(0, expected.Read(_bytes));

        private string LineAround(ReadOnlySpan<byte> bytes, int at)
        {
            at = Math.Min(at, bytes.Length);
            int start = bytes[..at].LastIndexOf((byte)'\n') + 1, length = bytes[at..].IndexOf((byte)'\n');
            return $"up to line {Lines}: {Encoding.UTF8.GetString(length < 0 ? bytes[start..] : bytes[start..(at + length)])}";
        }
    }
}
