using System.IO.Compression;

using Parquet;
using Parquet.Schema;

namespace Isthmus.Export;

/// <summary>
/// Takes the rows of <see cref="RowForm"/> and writes them as a Parquet file (docs/schema.md), some at a time. The file is whole
/// after <see cref="Flush"/>.
/// </summary>
internal sealed class ParquetRows : Stream
{
    /// <summary>Rows of a group: what is held in memory, and what a reader can pass over.</summary>
    private const int GroupRows = 1 << 14;

    private readonly Stream _output;
    private readonly ParquetColumn[] _columns;
    private readonly HopColumn _hops;
    private ParquetWriter? _writer;
    private int _rows;

    public ParquetRows(Stream output) : this(output, TableForm.ColumnNames, [])
    {
    }

    /// <param name="names">The columns in order, <c>path</c> among them.</param>
    /// <param name="nullable">Those of them that may hold nothing though they always do in route events.</param>
    public ParquetRows(Stream output, IReadOnlyList<string> names, IReadOnlyCollection<string> nullable)
    {
        _output = output;
        Column[] columns = [.. names.Select(name => ColumnOf(name, nullable.Contains(name)))];
        var schema = new ParquetSchema(columns.Select(column => column.Field).Append(new ListField("hops", new DataField<uint>("element", false))));
        _columns = [.. columns.Zip(schema.DataFields, (column, field) => column.Make(field))];
        _hops = new(schema.DataFields[^1]);
        Schema = schema;
    }

    private ParquetSchema Schema { get; }

    /// <summary>How a column stands in the file, and what keeps its cells.</summary>
    private sealed record Column(Field Field, Func<DataField, ParquetColumn> Make);

    private static Column ColumnOf(string name, bool isNullable) => name switch
    {
        "record" or "offset" => new Column(new DataField<long>(name, isNullable), field => new NumberColumn<long>(field)),
        "time" or "at" => Time(name, isNullable: false),
        "originated" or "since" => Time(name, isNullable: true),
        "peerAs" => new(new DataField<uint>(name, false), field => new NumberColumn<uint>(field)),
        "pathId" or "origin" or "localPreference" or "med" or "aggregatorAs" or "onlyToCustomer" =>
            new(new DataField<uint>(name, true), field => new NumberColumn<uint>(field)),
        "oldState" or "newState" => new(new DataField<ushort>(name, true), field => new NumberColumn<ushort>(field)),
        "treatedAsWithdrawn" => new(new DataField<bool>(name, false), field => new TruthColumn(field)),
        "atomicAggregate" => new(new DataField<bool>(name, true), field => new TruthColumn(field)),
        "communities" or "extendedCommunities" or "largeCommunities" or "otherAttributes" =>
            new(new ListField(name, new DataField("element", typeof(string), false)), field => new TextListColumn(field)),
        "file" or "collector" or "type" or "kind" or "state" or "family" => new(new DataField(name, typeof(string), isNullable), field => new TextColumn(field)),
        _ => new(new DataField(name, typeof(string), true), field => new TextColumn(field)),
    };

    private static Column Time(string name, bool isNullable) => new(
        new DateTimeDataField(name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, DateTimeTimeUnit.Micros, isNullable),
        field => new TimeColumn(field));

    /// <summary>Takes whole rows.</summary>
    public override void Write(ReadOnlySpan<byte> buffer)
    {
        for (var cells = new RowCells(buffer); !cells.IsEmpty;) AddRow(ref cells);
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    private void AddRow(ref RowCells cells)
    {
        foreach (var column in _columns)
        {
            column.Add(ref cells);
            if (column.Name == "path") _hops.Add(ref cells);
        }
        if (++_rows == GroupRows) WriteGroup();
    }

    private void WriteGroup()
    {
        using var group = Writer.CreateRowGroup();
        foreach (var column in _columns) column.WriteTo(group);
        _hops.WriteTo(group);
        _rows = 0;
    }

    // The library's own choice is zstd's highest level: seven times the CPU time for the same rows.
    private ParquetWriter Writer => _writer ??= ParquetWriter.CreateAsync(Schema, _output, new ParquetOptions
    {
        CompressionMethod = CompressionMethod.Zstd,
        CompressionLevel = CompressionLevel.Optimal,
    }).GetAwaiter().GetResult();

    /// <summary>All rows are there: writes what is held, and the end of the file.</summary>
    public override void Flush()
    {
        if (_rows > 0) WriteGroup();
        Writer.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _output.Flush();
    }

    public override bool CanRead => false;
    public override bool CanSeek => false;
    public override bool CanWrite => true;
    public override long Length => throw new NotSupportedException();
    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
    public override void SetLength(long value) => throw new NotSupportedException();
}
