using System.Text.RegularExpressions;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.Export;

/// <summary>Parquet files that the built program wrote, as ClickHouse reads them.</summary>
public sealed partial class ClickHouseTests : IDisposable
{
    private const string File = "file('day.parquet')",
        Settings = " settings date_time_input_format = 'best_effort', input_format_null_as_default = 1";

    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("updates/routeviews.jinx.updates.20150401.0000.bz2")]
    [InlineData("rib/bview.ipv6_unicast_add_path.gz")]
    [InlineData("updates/lab.quagga_bgp_large_communities.mrt")]
    public void Every_cell_of_a_real_file_is_what_it_is_in_JSON(string name)
    {
        string input = RealData.Path(name), json = _folder.Place("day.jsonl");
        Assert.Equal(0, Cli.Run("read", input, "--format", "parquet", "--out", _folder.Place("day.parquet")).ExitCode);
        Assert.Equal(0, Cli.Run("read", input, "--format", "json", "--out", json).ExitCode);
        var columns = Ask($"describe {File}")[0].Select(line => line.Split('\t')).Where(one => one[0] != "hops").ToArray();
        string names = string.Join(", ", columns.Select(one => one[0]));
        // A quote comes out with a backslash before it, as it has to go in.
        string theirs = $"file('day.jsonl', JSONEachRow, '{string.Join(", ", columns.Select(one => $"{one[0]} {one[1]}"))}')";
        int rows = System.IO.File.ReadLines(json).Count();
        Assert.True(rows > 0);
        Assert.Equal([[$"{rows}"], ["0"], ["0"], ["0"]], Ask(
            $"select count() from {File}",
            $"select count() from (select {names} from {File} except all select {names} from {theirs}){Settings}",
            $"select count() from (select {names} from {theirs} except all select {names} from {File}){Settings}",
            $"select count() from {File} where hops != arrayMap(hop -> toUInt32(hop), extractAll(ifNull(path, ''), '[0-9]+'))"));
    }

    [Fact]
    public void The_types_are_the_ones_that_are_written_down()
    {
        const string Sample = "samples/kp-2017-10/rrc00";
        Assert.Equal(0, Cli.Run("read", Sample, "--format", "parquet", "--out", _folder.Place("day.parquet")).ExitCode);
        string text = System.IO.File.ReadAllText(Path.Combine(RealData.Repository, "docs/schema.md"));
        Assert.Equal(
            Column().Matches(text.Split("\n## ")[0]).Select(match => $"{match.Groups[1].Value} {Named(match.Groups[2].Value, match.Groups[3].Value == "yes")}"),
            Ask($"describe {File}")[0].Select(line => line.Split('\t') is var cells ? $"{cells[0]} {cells[1]}" : ""));
        // The query of the document, as it stands there.
        string query = text.Split('\n').Single(line => line.Contains("file('day.parquet')", StringComparison.Ordinal)).TrimEnd(';');
        string[] events = Cli.Run("read", Sample, "--where", "kind announcement and hop 20485 and origin 131279", "--format", "csv").Out.Split('\n');
        int prefix = Array.IndexOf(events[0].Split(','), "prefix");
        Assert.Contains($"131279\t{events[1..^1].Select(line => line.Split(',')[prefix]).Distinct().Count()}", Ask(query)[0]);
    }

    private static string Named(string duck, bool isNullable)
    {
        string name = duck.TrimEnd('[', ']') switch
        {
            "VARCHAR" => "String",
            "BIGINT" => "Int64",
            "UINTEGER" => "UInt32",
            "USMALLINT" => "UInt16",
            "BOOLEAN" => "Bool",
            _ => @"DateTime64(6, \'UTC\')",
        };
        return isNullable ? $"Nullable({name})" : duck.EndsWith(']') ? $"Array({name})" : name;
    }

    private IReadOnlyList<string[]> Ask(params string[] queries) => ClickHouse.Ask(_folder.Root, queries);

    public void Dispose() => _folder.Dispose();

    [GeneratedRegex(@"^\| `(\w+)` \| ([A-Z a-z\[\]]+?) \| (yes|) ?\|", RegexOptions.Multiline)]
    private static partial Regex Column();
}
