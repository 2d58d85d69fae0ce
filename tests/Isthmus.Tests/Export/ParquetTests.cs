using System.Globalization;
using System.Text.RegularExpressions;

using DuckDB.NET.Data;

using Isthmus.Export;
using Isthmus.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Export;

/// <summary>Parquet files, as DuckDB reads them.</summary>
public sealed partial class ParquetTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly DuckDBConnection _database = new("Data Source=:memory:");

    public ParquetTests()
    {
        _database.Open();
        Query("set timezone = 'UTC'");
    }

    private string Parquet => _folder.Place("events.parquet");

    [Fact]
    public void Every_kind_of_element_is_in_Parquet_what_it_is_in_JSON()
    {
        using var file = new TemporaryFile("every.mrt", ElementWriterTests.EveryKind().ToArray());
        AssertSameAsJson(file.Input);
    }

    [Theory]
    [InlineData("rib/bview.ipv6_unicast_add_path.gz")]
    [InlineData("updates/lab.quagga_bgp_large_communities.mrt")]
    [InlineData("updates/routeviews.updates.20260222.1530.bz2")]
    public void A_real_file_is_in_Parquet_what_it_is_in_JSON(string name) => AssertSameAsJson(TemporaryFile.Of(RealData.Path(name), name));

    [Fact]
    public void Sums_over_a_real_file_are_those_of_its_lines()
    {
        const string Name = "updates/routeviews.updates.20260222.1530.bz2";
        var input = TemporaryFile.Of(RealData.Path(Name), Name);
        Write(ElementFormat.Parquet, input, Parquet);
        string lines = _folder.Place("events.txt");
        Write(ElementFormat.Line, input, lines);
        string[][] rows = [.. File.ReadLines(lines).Select(line => line.Split('|'))];
        Assert.Equal(rows.Length, Number("select count(*) from events"));
        foreach (var (letter, kind) in new[] { ("A", "announcement"), ("W", "withdrawal"), ("STATE", "peer-state") })
            Assert.Equal(rows.Count(row => row[2] == letter), Number($"select count(*) from events where kind = '{kind}'"));
        Assert.Equal(rows.Select(row => row[4]).Distinct().Count(), Number("select count(distinct peerAs) from events"));
        Assert.Equal(rows.Select(row => row.ElementAtOrDefault(5)).Distinct().Count(), Number("select count(distinct prefix) from events"));
        Assert.Equal(Words(rows, 6, ' ', ',', '{', '}'), Number("select sum(len(hops)) from events"));
        Assert.Equal(Words(rows, 11, ' '), Number("select sum(len(communities)) from events"));
        decimal[] times = [.. rows.Select(row => decimal.Parse(row[1], CultureInfo.InvariantCulture) * 1_000_000)];
        Assert.Equal(times.Min(), Number("select min(epoch_us(time)) from events"));
        Assert.Equal(times.Max(), Number("select max(epoch_us(time)) from events"));
        Assert.Equal(times.Sum(time => time % 1_000_000), Number("select sum(epoch_us(time) % 1000000) from events"));
    }

    [Fact]
    public void The_hops_are_the_path_without_confederations_and_with_the_members_of_sets()
    {
        using var file = new TemporaryFile("made.txt", System.Text.Encoding.ASCII.GetBytes(
            "BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8|2914 (64512 64513) [64514] 9 {1,4294967295}|IGP|192.0.2.1|0|0||NAG||\n"
            + "BGP4MP|1506848871|A|192.0.2.2|2914|10.0.0.0/8||IGP|192.0.2.1|0|0||NAG||\n"));
        Write(ElementFormat.Parquet, file.Input, Parquet);
        Assert.Equal(["[2914, 9, 1, 4294967295]", "[]"], Query("select hops::varchar from events").Select(row => row[0]));
        Assert.Equal(["2914 (64512 64513) [64514] 9 {1,4294967295}", ""], Query("select path from events").Select(row => row[0]));
    }

    [Fact]
    public void Nothing_wanted_is_a_file_without_rows()
    {
        using var file = new TemporaryFile("every.mrt", ElementWriterTests.EveryKind().ToArray());
        Write(ElementFormat.Parquet, file.Input, Parquet, "origin 1");
        Assert.Equal(0, Number("select count(*) from events"));
    }

    [Fact]
    public void The_schema_is_the_one_that_is_written_down()
    {
        using var file = new TemporaryFile("every.mrt", ElementWriterTests.EveryKind().ToArray());
        Write(ElementFormat.Parquet, file.Input, Parquet);
        var required = Query($"select name from parquet_schema('{Parquet}') where repetition_type = 'REQUIRED' and name <> 'element'")
            .Select(row => (string)row[0]!).ToHashSet();
        var found = Query("describe events").Select(row => (Name: $"{row[0]}", Type: $"{row[1]}")).Select(one =>
            $"{one.Name} {one.Type}{(required.Contains(one.Name) || one.Type.EndsWith("[]", StringComparison.Ordinal) ? "" : " null")}");
        // The first table is that of events; what peers held has a section of its own.
        string text = File.ReadAllText(Path.Combine(RealData.Repository, "docs/schema.md")).Split("\n## ")[0];
        Assert.Equal(found, Column().Matches(text).Select(match =>
            $"{match.Groups[1].Value} {match.Groups[2].Value}{(match.Groups[3].Value == "yes" ? " null" : "")}"));
    }

    [Fact]
    public void What_peers_held_has_the_columns_that_are_written_down_and_the_rows_of_its_lines()
    {
        string[] asked = ["table", "samples/kp-2017-10/rrc00", "--at", "2017-10-01T09:30"];
        Assert.Equal(0, Cli.Run([.. asked, "--format", "parquet", "--out", Parquet]).ExitCode);
        var types = Query($"describe from '{Parquet}'").ToDictionary(row => $"{row[0]}", row => $"{row[1]}");
        string text = File.ReadAllText(Path.Combine(RealData.Repository, "docs/schema.md"));
        var columns = Column().Matches(text.Split("\n## ").Single(section => section.StartsWith("What peers held", StringComparison.Ordinal)));
        Assert.NotEmpty(columns);
        foreach (Match column in columns) Assert.Equal(column.Groups[2].Value, types[column.Groups[1].Value]);
        var rows = Cli.Run(asked).Out.Split('\n').Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split('|'));
        Assert.Equal(rows.Select(line => $"{line[3]} {line[4]} {line[5]} {line[6]}"),
            Query($"select concat_ws(' ', peerAddress, peerAs, prefix, path) from '{Parquet}' where state = 'held' and prefix is not null")
                .Select(row => $"{row[0]}"));
    }

    [Fact]
    public void Parquet_wants_a_file()
    {
        var refused = Cli.Run("read", "samples/kp-2017-10/rrc00", "--format", "parquet");
        Assert.Equal(2, refused.ExitCode);
        Assert.Contains("--out FILE", Assert.Single(refused.ErrLines), StringComparison.Ordinal);
        var written = Cli.Run("read", "samples/kp-2017-10/rrc00", "--where", "origin 131279", "--format", "parquet", "--out", Parquet);
        Assert.Equal((0, "", ""), (written.ExitCode, written.Out, written.Err));
        string count = Cli.Run("read", "samples/kp-2017-10/rrc00", "--where", "origin 131279", "--count").Out;
        Assert.Equal(count.Trim(), $"{Query($"select count(*) from '{Parquet}' where origin = 131279")[0][0]}");
    }

    private static long Words(string[][] rows, int field, params char[] between) =>
        rows.Where(row => row[2] == "A").Sum(row => (long)row[field].Split(between, StringSplitOptions.RemoveEmptyEntries).Length);

    // Every cell, both ways; a list of nothing is null in JSON where the event has no attributes.
    private void AssertSameAsJson(InputFile input)
    {
        string json = _folder.Place("events.jsonl");
        long elements = Write(ElementFormat.Json, input, json);
        Assert.Equal(elements, Write(ElementFormat.Parquet, input, Parquet));
        var columns = Query("describe events").Select(row => (Name: (string)row[0]!, Type: (string)row[1]!)).Where(one => one.Name != "hops").ToArray();
        string types = string.Join(", ", columns.Select(one => $"\"{one.Name}\": '{one.Type}'"));
        string cells = string.Join(", ", columns.Select(one =>
            one.Type.EndsWith("[]", StringComparison.Ordinal) ? $"coalesce(\"{one.Name}\", [])" : $"\"{one.Name}\""));
        string ours = $"select {cells} from events";
        string theirs = $"select {cells} from read_json('{json}', columns = {{{types}}})";
        Assert.Equal(elements, Number("select count(*) from events"));
        Assert.Equal(0, Number($"select count(*) from ({ours} except all {theirs})"));
        Assert.Equal(0, Number($"select count(*) from ({theirs} except all {ours})"));
    }

    private long Write(ElementFormat format, InputFile input, string path, string? where = null)
    {
        using (var output = File.Create(path))
        {
            using var writer = new ElementWriter(format, output);
            var filter = where is null ? null : Isthmus.Filters.Filter.Parse(where, () => Isthmus.Registry.RegistrySnapshot.Shipped);
            long elements = ReadRun.Run([input], writer, new(), TestContext.Current.CancellationToken, filter).Elements;
            if (format is not ElementFormat.Parquet) return elements;
            output.Dispose();
            Query($"create or replace view events as select * from '{Parquet}'");
            return elements;
        }
    }

    private long Number(string query) => long.Parse($"{Query(query)[0][0]}", CultureInfo.InvariantCulture);

    private List<object?[]> Query(string query)
    {
        using var command = _database.CreateCommand();
        command.CommandText = query;
        using var reader = command.ExecuteReader();
        var rows = new List<object?[]>();
        while (reader.Read())
            rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(i => reader.IsDBNull(i) ? null : reader.GetValue(i))]);
        return rows;
    }

    public void Dispose()
    {
        _database.Dispose();
        _folder.Dispose();
    }

    [GeneratedRegex(@"^\| `(\w+)` \| ([A-Z a-z\[\]]+?) \| (yes|) ?\|", RegexOptions.Multiline)]
    private static partial Regex Column();
}
