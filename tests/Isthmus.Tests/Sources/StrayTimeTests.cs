using System.Text;

using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Export;
using Isthmus.Wire;

namespace Isthmus.Tests.Sources;

/// <summary>Records whose time a wrong bit has carried off: no century may come of one.</summary>
public sealed class StrayTimeTests
{
    private const long Start = 1_506_848_400;

    [Theory]
    // Seconds from the start as the records have them, and as they are read.
    [InlineData("0 10 20 30", "0 10 20 30", 0, false)]
    [InlineData("0 10 2147483648 30", "0 10 10 30", 1, false)]
    [InlineData("0 10 -1073741824 30", "0 10 10 30", 1, false)]
    [InlineData("2147483648 10 20", "0 10 20", 1, true)]
    [InlineData("0 10 2147483648 -1073741824 30", "0 10 10 10 30", 2, false)]
    [InlineData("0 10 2147483648", "0 10 10", 1, true)]
    // The last of a file, or several in a row, a century later or before routes were archived: nothing that a file does.
    [InlineData("0 10 2788118895", "0 10 10", 1, false)]
    [InlineData("0 10 2788118895 2788118895", "0 10 10 10", 2, false)]
    [InlineData("0 10 2788118895 2788118896 20", "0 10 10 10 20", 2, false)]
    [InlineData("-1506848400 0 10", "0 0 10", 1, false)]
    [InlineData("2788118895 0 10 20", "0 0 10 20", 1, false)]
    // Nobody says of what time a file without a name is: its last record may be right.
    [InlineData("0 10 86400", "0 10 86400", 0, false)]
    // Time that leaps and goes on from there is none that a wrong bit makes.
    [InlineData("0 10 86400 86410", "0 10 86400 86410", 0, false)]
    [InlineData("86400 86410 0 10", "86400 86410 0 10", 0, false)]
    [InlineData("0 7200 14400 21600", "0 7200 14400 21600", 0, false)]
    public void A_record_that_leaps_away_and_is_back_at_once_is_dated_by_the_one_before(
        string stated, string read, int strays, bool isNamed)
    {
        string text = string.Concat(stated.Split(' ').Select(
            time => $"BGP4MP|{Math.Clamp(Start + long.Parse(time), 0, uint.MaxValue)}|W|192.0.2.3|4837|10.0.0.0/8\n"));
        using var file = new TemporaryFile("made.txt", Encoding.ASCII.GetBytes(text));
        var faults = new FaultLedger();
        using var records = RecordSource.Open(Decompression.Open(File.OpenRead(file.Input.Path)), faults);
        using var batch = new RouteReader(
            records, isNamed ? Timestamp.FromSeconds(Start) : null, RouteReader.FirstTime(file.Input)).Read()!;
        Assert.Equal(read, string.Join(' ', batch.Rows.ToArray().Select(row => row.Time.Microseconds / Timestamp.PerSecond - Start)));
        Assert.Equal(strays, faults.Counts.GetValueOrDefault(FaultKind.StrayTime));
        Assert.False(faults.LosesFraming);
        Assert.All(faults.Kept, fault => Assert.Contains("line", fault.ToLine("made.txt"), StringComparison.Ordinal));
    }
}
