using System.Buffers.Binary;

namespace Isthmus.Export;

/// <summary>The cells of rows that <see cref="RowForm"/> wrote, one after the other.</summary>
internal ref struct RowCells(ReadOnlySpan<byte> rows)
{
    private ReadOnlySpan<byte> _left = rows;

    /// <summary>True behind the last row.</summary>
    public readonly bool IsEmpty => _left.IsEmpty;

    /// <summary>True where the next cell holds a value, which has to be read then; a cell without one is passed over.</summary>
    public bool IsThere() => Take(1)[0] == RowForm.There;

    /// <summary>A number, or the microseconds of a time.</summary>
    public long Number() => BinaryPrimitives.ReadInt64LittleEndian(Take(sizeof(long)));

    public bool Truth() => Take(1)[0] != 0;

    /// <summary>The items of a list that follow.</summary>
    public int Count() => BinaryPrimitives.ReadInt32LittleEndian(Take(sizeof(int)));

    /// <summary>A text, or an item of a list of texts.</summary>
    public ReadOnlySpan<byte> Text() => Take(Count());

    private ReadOnlySpan<byte> Take(int bytes)
    {
        var taken = _left[..bytes];
        _left = _left[bytes..];
        return taken;
    }
}
