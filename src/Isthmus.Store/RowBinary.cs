using System.Buffers;
using System.Buffers.Binary;
using System.Text;

using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>
/// Rows in the form that ClickHouse calls RowBinary: the values one behind the other, numbers in the width of their column, little-endian.
/// </summary>
/// <param name="types">Of the columns, as ClickHouse names them.</param>
internal sealed class RowBinary(IReadOnlyList<string> types) : IRowWriter
{
    private readonly ArrayBufferWriter<byte> _bytes = new(1 << 16);
    private int _column;

    /// <summary>What was written since <see cref="Clear"/>.</summary>
    public ReadOnlyMemory<byte> Bytes => _bytes.WrittenMemory;

    /// <summary>Rows that are whole.</summary>
    public int Rows { get; private set; }

    /// <inheritdoc/>
    public IRowWriter Number(long value)
    {
        string type = types[_column++];
        if (type.StartsWith("Nullable(", StringComparison.Ordinal))
        {
            Byte(0);
            type = type["Nullable(".Length..^1];
        }
        switch (type)
        {
            case "UInt8": Byte(checked((byte)value)); break;
            case "UInt16": BinaryPrimitives.WriteUInt16LittleEndian(Take(2), checked((ushort)value)); break;
            case "UInt32": Word(checked((uint)value)); break;
            case "Int32": BinaryPrimitives.WriteInt32LittleEndian(Take(4), checked((int)value)); break;
            default: BinaryPrimitives.WriteInt64LittleEndian(Take(8), value); break;
        }
        return this;
    }

    /// <summary>Bits of a column of 64.</summary>
    public RowBinary Bits(ulong value)
    {
        _column++;
        BinaryPrimitives.WriteUInt64LittleEndian(Take(8), value);
        return this;
    }

    /// <summary>Nothing, in a column that may hold nothing.</summary>
    public RowBinary None()
    {
        _column++;
        Byte(1);
        return this;
    }

    /// <inheritdoc/>
    public IRowWriter Text(string value)
    {
        _column++;
        int length = Encoding.UTF8.GetByteCount(value);
        Length(length);
        Encoding.UTF8.GetBytes(value, Take(length));
        return this;
    }

    /// <inheritdoc/>
    public IRowWriter Is(bool value) => Number(value ? 1 : 0);

    /// <inheritdoc/>
    public IRowWriter Time(Timestamp? value) => value is { } time ? Number(time.Microseconds) : None();

    /// <summary>A list of numbers.</summary>
    public RowBinary List(ReadOnlySpan<uint> values)
    {
        _column++;
        Length(values.Length);
        foreach (uint value in values) Word(value);
        return this;
    }

    /// <summary>The row is whole.</summary>
    public void EndRow() => (_column, Rows) = (0, Rows + 1);

    /// <summary>Begins anew.</summary>
    public void Clear()
    {
        _bytes.ResetWrittenCount();
        Rows = 0;
    }

    private void Word(uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Take(4), value);

    private void Byte(byte value) => Take(1)[0] = value;

    private void Length(int value)
    {
        uint left = (uint)value;
        for (; left >= 0x80; left >>= 7) Byte((byte)(left | 0x80));
        Byte((byte)left);
    }

    private Span<byte> Take(int count)
    {
        var span = _bytes.GetSpan(count)[..count];
        _bytes.Advance(count);
        return span;
    }
}
