namespace Isthmus.Sources.Compression;

/// <summary>
/// Turns the sorted bytes of a block back into its text. The text is one chain of links through a few megabytes, and a
/// walk along it waits for memory at every byte. So the chain is entered at many rows at once: eight cursors walk it side
/// by side, each until it meets a row where another one began, and the pieces are put together at the end.
/// </summary>
internal sealed class BurrowsWheeler
{
    /// <summary>Set in the link of a row where a piece begins. Rows take 20 bits, above the 8 of their byte.</summary>
    private const uint Begins = 1u << 31;

    private const int Cursors = 8;

    /// <summary>So many pieces are begun at even distances in the sorted order, which is no order of the text.</summary>
    private const int PiecesAtFirst = 128;

    /// <summary>No two of them begin closer together, in rows.</summary>
    private const int DistanceMin = 256;

    /// <summary>A piece is cut at this length, and the rest of it is another.</summary>
    private const int PieceBytesMax = 1 << 13;

    /// <summary>Beside the pieces at first, one for each cut.</summary>
    private const int PiecesMax = 1 + PiecesAtFirst + (RowsMax + PieceBytesMax - 1) / PieceBytesMax;

    /// <summary>The longest block of bzip2.</summary>
    public const int RowsMax = 900_000;

    private readonly int[] _beginRows = new int[PiecesMax];
    private readonly int[] _lengths = new int[PiecesMax];
    private readonly int[] _followers = new int[PiecesMax];

    // As many pieces as the texts so far could need: most files of an archive are one small block.
    private byte[] _pieces = [];
    private int _idlePiece;
    private int _count;

    /// <summary>Writes the text of a block.</summary>
    /// <param name="links">
    /// For each row its byte, and above it the row of the byte that follows in the text. One more row than the text has
    /// bytes, for use by the walk. The links are spoilt.
    /// </param>
    /// <param name="first">The row of the first byte.</param>
    public void Invert(Span<uint> links, int first, Span<byte> text)
    {
        _count = 0;
        Reserve(text.Length);
        links[text.Length] = (uint)text.Length << 8;
        Begin(links, first);
        int distance = Math.Max(text.Length / PiecesAtFirst, DistanceMin);
        for (int row = distance; row < text.Length; row += distance) Begin(links, row);
        Walk(links, (uint)text.Length);
        Join(text);
    }

    // Cursors without a piece go round in the one behind the last.
    private void Reserve(int rows)
    {
        _idlePiece = 1 + Math.Min(PiecesAtFirst, rows / DistanceMin) + (rows + PieceBytesMax - 1) / PieceBytesMax;
        int bytes = (_idlePiece + 1) * PieceBytesMax;
        if (_pieces.Length < bytes) _pieces = GC.AllocateUninitializedArray<byte>(Math.Max(bytes, 2 * _pieces.Length));
    }

    private void Begin(Span<uint> links, int row)
    {
        if ((links[row] & Begins) != 0) return;
        links[row] |= Begins;
        _beginRows[_count++] = row;
    }

    private void Walk(Span<uint> links, uint idleRow)
    {
        Span<Cursor> cursors = stackalloc Cursor[Cursors];
        int taken = 0, idle = 0;
        foreach (ref var cursor in cursors) cursor = Next(links, idleRow, ref taken, ref idle);
        while (idle < Cursors)
        {
            int room = PieceBytesMax;
            foreach (ref readonly var cursor in cursors) room = Math.Min(room, PieceBytesMax - cursor.Length);
            Step(links, cursors, room);
            foreach (ref var cursor in cursors)
            {
                bool meets = (links[(int)cursor.Row] & Begins) != 0;
                if (!meets && cursor.Length < PieceBytesMax) continue;
                if (cursor.Piece == _idlePiece)
                {
                    cursor.Length = 0;
                    continue;
                }
                if (!meets) Begin(links, (int)cursor.Row);
                _lengths[cursor.Piece] = cursor.Length;
                _followers[cursor.Piece] = Array.IndexOf(_beginRows, (int)cursor.Row, 0, _count);
                cursor = Next(links, idleRow, ref taken, ref idle);
            }
        }
    }

    // The first row of the next piece is walked here, as it is marked; a cursor without a piece goes round on the spot.
    private Cursor Next(Span<uint> links, uint idleRow, ref int taken, ref int idle)
    {
        if (taken == _count)
        {
            idle++;
            return new(_idlePiece, idleRow, 0);
        }
        int piece = taken++;
        uint link = links[_beginRows[piece]] & ~Begins;
        _pieces[piece * PieceBytesMax] = (byte)(link & 0xFF);
        return new(piece, link >> 8, 1);
    }

    // All cursors go as many steps, until one of them meets a mark.
    private void Step(Span<uint> links, Span<Cursor> cursors, int room)
    {
        unchecked
        {
            byte[] pieces = _pieces;
            uint row0 = cursors[0].Row, row1 = cursors[1].Row, row2 = cursors[2].Row, row3 = cursors[3].Row;
            uint row4 = cursors[4].Row, row5 = cursors[5].Row, row6 = cursors[6].Row, row7 = cursors[7].Row;
            int at0 = cursors[0].At, at1 = cursors[1].At, at2 = cursors[2].At, at3 = cursors[3].At;
            int at4 = cursors[4].At, at5 = cursors[5].At, at6 = cursors[6].At, at7 = cursors[7].At;
            int i = 0;
            for (; i < room; i++)
            {
                uint link0 = links[(int)row0], link1 = links[(int)row1], link2 = links[(int)row2], link3 = links[(int)row3];
                uint link4 = links[(int)row4], link5 = links[(int)row5], link6 = links[(int)row6], link7 = links[(int)row7];
                if (((link0 | link1 | link2 | link3 | link4 | link5 | link6 | link7) & Begins) != 0) break;
                pieces[at0 + i] = (byte)link0;
                pieces[at1 + i] = (byte)link1;
                pieces[at2 + i] = (byte)link2;
                pieces[at3 + i] = (byte)link3;
                pieces[at4 + i] = (byte)link4;
                pieces[at5 + i] = (byte)link5;
                pieces[at6 + i] = (byte)link6;
                pieces[at7 + i] = (byte)link7;
                (row0, row1, row2, row3) = (link0 >> 8, link1 >> 8, link2 >> 8, link3 >> 8);
                (row4, row5, row6, row7) = (link4 >> 8, link5 >> 8, link6 >> 8, link7 >> 8);
            }
            ReadOnlySpan<uint> rows = [row0, row1, row2, row3, row4, row5, row6, row7];
            for (int cursor = 0; cursor < Cursors; cursor++)
            {
                cursors[cursor].Row = rows[cursor];
                cursors[cursor].Length += i;
            }
        }
    }

    private void Join(Span<byte> text)
    {
        for (int piece = 0; !text.IsEmpty; piece = _followers[piece])
        {
            int length = Math.Min(_lengths[piece], text.Length);
            _pieces.AsSpan(piece * PieceBytesMax, length).CopyTo(text);
            text = text[length..];
        }
    }

    /// <param name="Row">The row to walk next.</param>
    /// <param name="Length">Bytes of the piece so far.</param>
    private record struct Cursor(int Piece, uint Row, int Length)
    {
        public readonly int At => Piece * PieceBytesMax + Length;
    }
}
