using System.Globalization;
using System.Text.Json;

using Apache.Arrow;

using Isthmus.Export;
using Isthmus.Sources;
using Isthmus.Tests.Support;

using ParquetSharp.Arrow;

using Timestamp = Isthmus.Wire.Timestamp;

namespace Isthmus.Tests.Export;

/// <summary>Parquet files as Apache Arrow reads them, which pandas reads them with (its engine pyarrow).</summary>
public sealed class ArrowTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData("updates/ris.updates.20100722.2015.gz")]
    [InlineData("rib/bview.ipv6_unicast_add_path.gz")]
    [InlineData("updates/lab.quagga_bgp_large_communities.mrt")]
    [InlineData("updates/lab.openbgpd_bgp.mrt")]
    public void Every_cell_of_a_real_file_is_what_it_is_in_JSON(string name) =>
        AssertSameAsJson(TemporaryFile.Of(RealData.Path(name), name));

    [Fact]
    public void Every_kind_of_element_is_what_it_is_in_JSON()
    {
        using var file = new TemporaryFile("every.mrt", ElementWriterTests.EveryKind().ToArray());
        AssertSameAsJson(file.Input);
    }

    private void AssertSameAsJson(InputFile input)
    {
        string parquet = Write(ElementFormat.Parquet, input);
        string[] lines = File.ReadAllLines(Write(ElementFormat.Json, input));
        using var reader = new FileReader(parquet);
        using var batches = reader.GetRecordBatchReader();
        int row = 0;
        while (batches.ReadNextRecordBatchAsync().AsTask().GetAwaiter().GetResult() is { } batch)
        {
            for (int at = 0; at < batch.Length; at++, row++)
            {
                var line = JsonDocument.Parse(lines[row]).RootElement;
                var names = line.EnumerateObject().Select(property => property.Name).ToArray();
                Assert.Equal([.. names, "hops"], batch.Schema.FieldsList.Select(field => field.Name));
                Assert.Equal(
                    names.Select(name => $"row {row} {name} {OfJson(line.GetProperty(name))}"),
                    names.Index().Select(one => $"row {row} {one.Item} {OfArrow(batch.Column(one.Index), at)}"));
            }
        }
        Assert.Equal(lines.Length, row);
        Assert.True(row > 0);
    }

    private static string OfJson(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => "",
        JsonValueKind.Array => string.Join(' ', value.EnumerateArray().Select(OfJson)),
        _ => value.ToString(),
    };

    // A list of nothing is null in JSON where the event has no attributes.
    private static string OfArrow(IArrowArray column, int at) => column switch
    {
        _ when column.IsNull(at) => "",
        StringArray text => text.GetString(at),
        UInt32Array number => number.GetValue(at)!.Value.ToString(CultureInfo.InvariantCulture),
        UInt16Array number => number.GetValue(at)!.Value.ToString(CultureInfo.InvariantCulture),
        Int64Array number => number.GetValue(at)!.Value.ToString(CultureInfo.InvariantCulture),
        BooleanArray truth => $"{truth.GetValue(at)}",
        TimestampArray time => Timestamp.From(time.GetTimestamp(at)!.Value).ToString(),
        ListArray list => list.GetSlicedValues(at) is var items
            ? string.Join(' ', Enumerable.Range(0, items.Length).Select(item => OfArrow(items, item))) : "",
        _ => throw new InvalidOperationException($"a column of type {column.GetType().Name}"),
    };

    private string Write(ElementFormat format, InputFile input)
    {
        string path = _folder.Place($"events.{format}");
        using var output = File.Create(path);
        using var writer = new ElementWriter(format, output);
        ReadRun.Run([input], writer, new(), TestContext.Current.CancellationToken);
        return path;
    }

    public void Dispose() => _folder.Dispose();
}
