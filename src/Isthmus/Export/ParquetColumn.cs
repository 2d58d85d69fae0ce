using System.Numerics;
using System.Text;

using Isthmus.Wire;

using Parquet;
using Parquet.Schema;

namespace Isthmus.Export;

/// <summary>The cells of one column that are not written yet.</summary>
internal abstract class ParquetColumn(DataField field)
{
    public string Name { get; } = field.Path.FirstPart!;

    /// <summary>Takes the cell of the next row as <see cref="RowForm"/> wrote it.</summary>
    public abstract void Add(ref RowCells cells);

    /// <summary>Writes the cells into a group of rows, and forgets them.</summary>
    public abstract void WriteTo(ParquetRowGroupWriter group);
}

/// <summary>Values and the levels that say where there is none, and where a list goes on (the record shredding of Dremel).</summary>
internal abstract class ParquetColumn<T>(DataField field) : ParquetColumn(field) where T : struct
{
    private readonly DataField _field = field;
    private T[] _values = new T[1024];
    private int[] _definitions = new int[1024], _repetitions = new int[1024];
    private int _valueCount, _levelCount;

    protected void AddValue(T value, bool goesOn = false)
    {
        if (_valueCount == _values.Length) Array.Resize(ref _values, _valueCount * 2);
        _values[_valueCount++] = value;
        AddLevel(_field.MaxDefinitionLevel, goesOn ? 1 : 0);
    }

    /// <summary>No value: null, or of a list that it is empty.</summary>
    protected void AddNone() => AddLevel(_field.MaxDefinitionLevel - 1, 0);

    private void AddLevel(int definition, int repetition)
    {
        if (_levelCount == _definitions.Length)
        {
            Array.Resize(ref _definitions, _levelCount * 2);
            Array.Resize(ref _repetitions, _levelCount * 2);
        }
        _definitions[_levelCount] = definition;
        _repetitions[_levelCount++] = repetition;
    }

    public override void WriteTo(ParquetRowGroupWriter group)
    {
        group.WriteAllPartsAsync<T>(
            _field, _values.AsMemory(0, _valueCount),
            _field.MaxDefinitionLevel > 0 ? _definitions.AsMemory(0, _levelCount) : (ReadOnlyMemory<int>?)null,
            _field.MaxRepetitionLevel > 0 ? _repetitions.AsMemory(0, _levelCount) : (ReadOnlyMemory<int>?)null,
            CancellationToken.None).GetAwaiter().GetResult();
        (_valueCount, _levelCount) = (0, 0);
    }
}

internal sealed class NumberColumn<T>(DataField field) : ParquetColumn<T>(field) where T : struct, INumber<T>
{
    public override void Add(ref RowCells cells)
    {
        if (cells.IsThere()) AddValue(T.CreateChecked(cells.Number()));
        else AddNone();
    }
}

internal sealed class TruthColumn(DataField field) : ParquetColumn<bool>(field)
{
    public override void Add(ref RowCells cells)
    {
        if (cells.IsThere()) AddValue(cells.Truth());
        else AddNone();
    }
}

internal sealed class TimeColumn(DataField field) : ParquetColumn<DateTime>(field)
{
    public override void Add(ref RowCells cells)
    {
        if (cells.IsThere()) AddValue(new Timestamp(cells.Number()).ToDateTimeOffset().UtcDateTime);
        else AddNone();
    }
}

internal sealed class TextColumn(DataField field) : ParquetColumn<ReadOnlyMemory<char>>(field)
{
    private readonly ColumnTexts _texts = new();

    public override void Add(ref RowCells cells)
    {
        if (cells.IsThere()) AddValue(_texts.Keep(cells.Text()));
        else AddNone();
    }

    public override void WriteTo(ParquetRowGroupWriter group)
    {
        base.WriteTo(group);
        _texts.Clear();
    }
}

internal sealed class TextListColumn(DataField field) : ParquetColumn<ReadOnlyMemory<char>>(field)
{
    private readonly ColumnTexts _texts = new();

    public override void Add(ref RowCells cells)
    {
        int count = cells.IsThere() ? cells.Count() : 0;
        if (count == 0) AddNone();
        for (int i = 0; i < count; i++) AddValue(_texts.Keep(cells.Text()), goesOn: i > 0);
    }

    public override void WriteTo(ParquetRowGroupWriter group)
    {
        base.WriteTo(group);
        _texts.Clear();
    }
}

internal sealed class HopColumn(DataField field) : ParquetColumn<uint>(field)
{
    public override void Add(ref RowCells cells)
    {
        int count = cells.IsThere() ? cells.Count() : 0;
        if (count == 0) AddNone();
        for (int i = 0; i < count; i++) AddValue((uint)cells.Number(), goesOn: i > 0);
    }
}

/// <summary>Texts of the rows of a group. One that comes again right after itself is kept once.</summary>
internal sealed class ColumnTexts
{
    private const int PieceCharacters = 1 << 15;

    private readonly List<char[]> _pieces = [];
    private int _piece, _used;
    private byte[] _last = new byte[64];
    private int _lastLength = -1;
    private ReadOnlyMemory<char> _lastText;

    public ReadOnlyMemory<char> Keep(ReadOnlySpan<byte> text)
    {
        if (_lastLength == text.Length && text.SequenceEqual(_last.AsSpan(0, _lastLength))) return _lastText;
        if (text.Length > PieceCharacters) return Encoding.UTF8.GetString(text).AsMemory();
        if (_last.Length < text.Length) _last = new byte[text.Length * 2];
        text.CopyTo(_last);
        _lastLength = text.Length;
        var room = Room(text.Length);
        _lastText = room[..Encoding.UTF8.GetChars(text, room.Span)];
        _used += _lastText.Length;
        return _lastText;
    }

    /// <summary>The texts are written; their room is used again.</summary>
    public void Clear() => (_piece, _used, _lastLength) = (0, 0, -1);

    private Memory<char> Room(int characters)
    {
        if (_piece < _pieces.Count && _used + characters > PieceCharacters) (_piece, _used) = (_piece + 1, 0);
        if (_piece == _pieces.Count) _pieces.Add(new char[PieceCharacters]);
        return _pieces[_piece].AsMemory(_used);
    }
}
