using System.Diagnostics;
using System.Text.Json;

using Isthmus.Reports.Verification;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Reports;

/// <summary>A report that names tens of thousands of inputs is verified in time that grows with them, and not with their square.</summary>
public sealed class ManyInputsTests
{
    private const int Count = 60_000;

    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    [Fact]
    public void Inputs_of_which_no_file_has_the_bytes_are_found_by_their_names()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("file", [1, 2, 3]);
        InputFile[] files = [.. Enumerable.Range(0, Count).Select(i =>
            new InputFile(path, $"archive/rrc00/updates.{i}", new("rrc00", Project.Ris), FileKind.Updates, null, 3))];
        var report = new StatedReport(default, "", null, [],
            [.. Enumerable.Range(0, Count).Select(i => new StatedInput(i % 2 == 0 ? $"rrc00/updates.{i}" : $"gone.{i}", "none", null))], [], null);
        var time = Stopwatch.StartNew();
        var match = InputMatch.Find(report, files, TestContext.Current.CancellationToken);
        Assert.InRange(time.Elapsed, TimeSpan.Zero, _patience);
        Assert.Equal((Count / 2, Count / 2, Count / 2), (match.Differing.Count, match.Missing.Count, match.Unused.Count));
        Assert.All(match.Inputs.Zip(report.Inputs), pair =>
            Assert.Equal(pair.Second.File.StartsWith('r') ? pair.Second.File : null, pair.First?.Name));
    }

    [Theory]
    [InlineData("data/rrc00/a.gz", "a.gz")]
    [InlineData("a.gz", "data/rrc00/a.gz")]
    [InlineData("rrc00/a.gz", "rrc00/a.gz")]
    public void A_name_is_the_same_from_further_up_or_further_down(string file, string stated)
    {
        using var folder = new TemporaryFolder();
        InputFile other = new(folder.Write("file", [1]), "b.gz", new("rrc00", Project.Ris), FileKind.Updates, null, 1);
        var match = InputMatch.Find(new(default, "", null, [], [new(stated, "none", null)], [], null), [other, other with { Name = file }],
            TestContext.Current.CancellationToken);
        Assert.Equal(stated, Assert.Single(match.Differing).Input.File);
        Assert.Equal("b.gz", Assert.Single(match.Unused).Name);
    }

    [Fact]
    public void Long_lists_are_compared_one_after_the_other()
    {
        string Of(int last) => $"[{string.Join(',', Enumerable.Range(0, 4 * Count).Select(i => $"{{\"a\":{(i < 4 * Count - 1 ? i : last)}}}"))}]";
        using JsonDocument one = JsonDocument.Parse(Of(1)), other = JsonDocument.Parse(Of(2));
        var time = Stopwatch.StartNew();
        var difference = Assert.Single(ContentDifference.Between(one.RootElement, other.RootElement));
        Assert.InRange(time.Elapsed, TimeSpan.Zero, _patience);
        Assert.Equal($"[{4 * Count - 1}].a", difference.Key);
    }
}
