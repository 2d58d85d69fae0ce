using DuckDB.NET.Data;
using DuckDB.NET.Native;

using NativeAppender = DuckDB.NET.Native.DuckDBAppender;

namespace Isthmus.Store;

/// <summary>
/// Appends rows of numbers to a table, 2,048 at a time, by writing into DuckDB's own columns: a value at a time costs twice as much.
/// </summary>
internal sealed unsafe class Columns : IDisposable
{
    /// <summary>Rows of a chunk: DuckDB's vector size.</summary>
    private const int RowsMax = 2048;

    private readonly string _table;
    private readonly NativeAppender _appender;
    private readonly DuckDBDataChunk _chunk;
    private readonly DuckDBLogicalType[] _types;
    private readonly void*[] _values;
    private int _rows;

    /// <param name="catalog">Where the table is: null for the store, <c>temp</c> for what lasts as long as the connection.</param>
    /// <param name="types">Of the table's columns, in their order: of 1, 4 or 8 bytes.</param>
    public Columns(DuckDBConnection connection, string? catalog, string table, params DuckDBType[] types)
    {
        _table = table;
        _values = new void*[types.Length];
        var state = NativeMethods.Appender.DuckDBAppenderCreateExt(connection.NativeConnection, catalog!, null!, table, out _appender);
        if (state is not DuckDBState.Success) throw Failed();
        _types = [.. types.Select(NativeMethods.LogicalType.DuckDBCreateLogicalType)];
        _chunk = NativeMethods.DataChunks.DuckDBCreateDataChunk([.. _types.Select(type => type.DangerousGetHandle())], (ulong)types.Length);
        Begin();
    }

    /// <summary>Writes a number into the row that is being made.</summary>
    public void Set<T>(int column, T value) where T : unmanaged => ((T*)_values[column])[_rows] = value;

    /// <summary>Has nothing in a column of the row that is being made.</summary>
    public void SetNull(int column)
    {
        nint vector = NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, column);
        NativeMethods.Vectors.DuckDBVectorEnsureValidityWritable(vector);
        NativeMethods.ValidityMask.DuckDBValiditySetRowValidity(NativeMethods.Vectors.DuckDBVectorGetValidity(vector), (ulong)_rows, false);
    }

    /// <summary>The row is whole.</summary>
    public void EndRow()
    {
        if (++_rows == RowsMax) Append();
    }

    /// <summary>Writes what is left.</summary>
    public void Complete()
    {
        if (_rows > 0) Append();
        if (NativeMethods.Appender.DuckDBAppenderClose(_appender) is not DuckDBState.Success) throw Failed();
    }

    public void Dispose()
    {
        _chunk.Dispose();
        _appender.Dispose();
        foreach (var type in _types) type.Dispose();
    }

    private void Append()
    {
        NativeMethods.DataChunks.DuckDBDataChunkSetSize(_chunk, (ulong)_rows);
        if (NativeMethods.Appender.DuckDBAppendDataChunk(_appender, _chunk) is not DuckDBState.Success) throw Failed();
        NativeMethods.DataChunks.DuckDBDataChunkReset(_chunk);
        Begin();
    }

    private void Begin()
    {
        _rows = 0;
        for (int column = 0; column < _values.Length; column++)
            _values[column] = NativeMethods.Vectors.DuckDBVectorGetData(NativeMethods.DataChunks.DuckDBDataChunkGetVector(_chunk, column));
    }

    private StoreException Failed() => new($"rows of {_table} cannot be stored: "
        + NativeMethods.ErrorData.DuckDBErrorDataMessage(NativeMethods.Appender.DuckDBAppenderErrorData(_appender)));
}
