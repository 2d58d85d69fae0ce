namespace Isthmus.Sources.Compression;

/// <summary>What a call of a decoder came to.</summary>
internal enum InflateState
{
    /// <summary>There may be more.</summary>
    More,
    /// <summary>It has come to its end.</summary>
    Ended,
    /// <summary>The stored bytes end before it does.</summary>
    Cut,
    /// <summary>The codes are none.</summary>
    Damaged,
}

/// <summary>
/// Inflates one deflate stream (RFC 1951). It takes no byte behind the stream's end, and gives every byte in front of damage, which
/// the libraries do not: it reads what they find damaged.
/// </summary>
/// <param name="stored">It stands at the first byte of the stream.</param>
/// <param name="limit">Offset of the first stored byte that is not to be taken.</param>
internal sealed class Inflater(StoredBytes stored, long limit)
{
    private const int WindowBytes = 1 << 15, CodeBitsMax = 15, EndOfBlock = 256, LiteralsMax = 286, DistancesMax = 30;

    /// <summary>So much plain that follows a stored block proves that the block was one.</summary>
    private const int ProofBytes = 1 << 10;

    private static readonly byte[] _lengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

    private static readonly ushort[] _lengthBase =
        [3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258];

    private static readonly byte[] _lengthExtra = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0];

    private static readonly ushort[] _distanceBase =
    [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193, 12289,
        16385, 24577,
    ];

    private static readonly Code _fixedLiterals = new(
        [.. Enumerable.Range(0, 288).Select(symbol => (byte)(symbol < 144 ? 8 : symbol < 256 ? 9 : symbol < 280 ? 7 : 8))]);

    private static readonly Code _fixedDistances = new([.. Enumerable.Repeat((byte)5, 32)]);

    private readonly byte[] _window = new byte[WindowBytes];
    private ulong _bits;
    private int _bitCount, _storedLeft, _matchLeft, _distance;
    private Code? _literals, _distances;
    private bool _isLast, _isInBlock;
    private long _storedEnd, _storedEndProduced;

    /// <summary>How it stands after the last call.</summary>
    public InflateState State { get; private set; }

    /// <summary>Plain bytes given so far.</summary>
    public long Produced { get; private set; }

    /// <summary>Offset behind the last stored block that was one beyond doubt: what is damaged stands behind it; 0 for none.</summary>
    public long ProvenTo { get; private set; }

    /// <summary>Gives at least one byte, or none where it has ended, for whatever reason.</summary>
    public int Read(Span<byte> destination)
    {
        int at = 0;
        while (at < destination.Length && State is InflateState.More)
        {
            if (_matchLeft > 0) Put(destination, ref at, _window[(Produced - _distance) & (WindowBytes - 1)], ref _matchLeft);
            else if (_storedLeft > 0)
            {
                if (TryTake(8, out uint value)) Put(destination, ref at, (byte)value, ref _storedLeft);
                if (_storedLeft == 0) (_storedEnd, _storedEndProduced) = (stored.Offset, Produced);
            }
            else if (!_isInBlock || _literals is null) Advance();
            else ReadSymbol(destination, ref at);
        }
        if (_storedEnd > ProvenTo && Produced - _storedEndProduced >= ProofBytes) ProvenTo = _storedEnd;
        if (State is InflateState.Ended or InflateState.Damaged) GiveBack();
        return at;
    }

    private void Put(Span<byte> destination, ref int at, byte value, ref int left)
    {
        destination[at++] = value;
        _window[Produced++ & (WindowBytes - 1)] = value;
        left--;
    }

    private void ReadSymbol(Span<byte> destination, ref int at)
    {
        if (!TrySymbol(_literals!, out int symbol)) return;
        if (symbol < EndOfBlock)
        {
            int one = 1;
            Put(destination, ref at, (byte)symbol, ref one);
        }
        else if (symbol == EndOfBlock) EndBlock();
        else if (symbol >= LiteralsMax) State = InflateState.Damaged;
        else if (TryTake(_lengthExtra[symbol - 257], out uint more) && TrySymbol(_distances!, out int place))
        {
            if (place >= DistancesMax) State = InflateState.Damaged;
            else if (TryTake(place < 2 ? 0 : place / 2 - 1, out uint further))
            {
                _matchLeft = _lengthBase[symbol - 257] + (int)more;
                _distance = _distanceBase[place] + (int)further;
                if (_distance > Produced) State = InflateState.Damaged;
            }
        }
    }

    // From one block to the next, or to the end.
    private void Advance()
    {
        if (_isInBlock) EndBlock();
        if (_isLast)
        {
            State = InflateState.Ended;
            return;
        }
        if (!TryTake(1, out uint last) || !TryTake(2, out uint type)) return;
        (_isLast, _isInBlock, _literals) = (last == 1, true, null);
        if (type == 0) BeginStored();
        else if (type == 1) (_literals, _distances) = (_fixedLiterals, _fixedDistances);
        else if (type == 3 || !TryReadCodes()) State = State is InflateState.More ? InflateState.Damaged : State;
    }

    private void EndBlock()
    {
        if (_literals is not null) ProvenTo = Math.Max(ProvenTo, _storedEnd);
        (_isInBlock, _literals) = (false, null);
    }

    private void BeginStored()
    {
        ProvenTo = Math.Max(ProvenTo, _storedEnd);
        Drop(_bitCount & 7);
        if (!TryTake(16, out uint length) || !TryTake(16, out uint complement)) return;
        if ((length ^ complement) != 0xffff) State = InflateState.Damaged;
        _storedLeft = (int)length;
    }

    private bool TryReadCodes()
    {
        if (!TryTake(5, out uint literals) || !TryTake(5, out uint distances) || !TryTake(4, out uint lengths)) return false;
        int literalCount = (int)literals + 257, count = literalCount + (int)distances + 1;
        if (literalCount > LiteralsMax || distances >= DistancesMax) return false;
        Span<byte> ofCodes = stackalloc byte[_lengthOrder.Length], all = stackalloc byte[LiteralsMax + DistancesMax];
        ofCodes.Clear();
        for (int i = 0; i < lengths + 4; i++)
        {
            if (!TryTake(3, out uint length)) return false;
            ofCodes[_lengthOrder[i]] = (byte)length;
        }
        var code = new Code(ofCodes);
        if (!code.IsComplete) return false;
        for (int i = 0; i < count;)
        {
            if (!TrySymbol(code, out int symbol)) return false;
            if (symbol < 16)
            {
                all[i++] = (byte)symbol;
                continue;
            }
            if (symbol == 16 && i == 0 || !TryTake(symbol == 16 ? 2 : symbol == 17 ? 3 : 7, out uint more)) return false;
            int run = (int)more + (symbol == 18 ? 11 : 3);
            if (i + run > count) return false;
            all.Slice(i, run).Fill(symbol == 16 ? all[i - 1] : (byte)0);
            i += run;
        }
        Code first = new(all[..literalCount]), second = new(all[literalCount..count]);
        if (all[EndOfBlock] == 0 || !first.IsComplete && !first.IsOfOneBit || !second.IsComplete && !second.IsOfOneBit) return false;
        (_literals, _distances) = (first, second);
        return true;
    }

    private bool TrySymbol(Code code, out int symbol)
    {
        if (_bitCount < CodeBitsMax) FillQuickly();
        while (true)
        {
            int entry = code.Entries[_bits & code.Mask], length = entry & 15;
            symbol = entry >> 4;
            if (length > 0 && length <= _bitCount)
            {
                Drop(length);
                return true;
            }
            // No code begins so.
            if (length == 0 && _bitCount >= code.Bits)
            {
                State = InflateState.Damaged;
                return false;
            }
            if (!TryTakeByte()) return false;
        }
    }

    private bool TryTake(int count, out uint value)
    {
        if (_bitCount < count) FillQuickly();
        while (_bitCount < count)
        {
            if (TryTakeByte()) continue;
            value = 0;
            return false;
        }
        value = (uint)(_bits & ((1UL << count) - 1));
        Drop(count);
        return true;
    }

    private void Drop(int count)
    {
        _bits >>= count;
        _bitCount -= count;
    }

    // Of the bytes at hand, which can be given back.
    private void FillQuickly()
    {
        var ready = stored.Ready;
        if (ready.Length < 8 || limit - stored.Offset < 8) return;
        while (_bitCount <= 56)
        {
            _bits |= (ulong)ready[0] << _bitCount;
            _bitCount += 8;
            ready = ready[1..];
            stored.Skip(1);
        }
    }

    private bool TryTakeByte()
    {
        if (stored.Offset >= limit || stored.Peek(1) is not [var value])
        {
            State = InflateState.Cut;
            return false;
        }
        stored.Skip(1);
        _bits |= (ulong)value << _bitCount;
        _bitCount += 8;
        return true;
    }

    // The reading stands at the first byte of which no bit was needed.
    private void GiveBack()
    {
        stored.Skip(-(_bitCount >> 3));
        (_bits, _bitCount) = (0, 0);
    }

    /// <summary>A canonical Huffman code, as a table by the next bits: symbol and, in the lowest four bits, length.</summary>
    private sealed class Code
    {
        public Code(ReadOnlySpan<byte> lengths)
        {
            Span<int> counts = stackalloc int[CodeBitsMax + 1], next = stackalloc int[CodeBitsMax + 2];
            counts.Clear();
            foreach (byte length in lengths) counts[length]++;
            counts[0] = 0;
            int left = 1, symbols = 0;
            for (int length = 1; length <= CodeBitsMax; length++)
            {
                if (counts[length] > 0) Bits = length;
                symbols += counts[length];
                left = left * 2 - counts[length];
                if (left < 0) break;
                next[length + 1] = (next[length] + counts[length]) << 1;
            }
            IsComplete = left == 0 && symbols > 0;
            // RFC 1951 section 3.2.7: one distance code of one bit, or none where there are only literals.
            IsOfOneBit = left > 0 && (symbols == 0 || symbols == 1 && Bits == 1);
            Entries = new ushort[1 << Bits];
            if (left < 0) return;
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                int length = lengths[symbol];
                if (length == 0) continue;
                int reversed = 0, code = next[length]++;
                for (int bit = 0; bit < length; bit++) reversed |= (code >> bit & 1) << (length - 1 - bit);
                for (int at = reversed; at < Entries.Length; at += 1 << length) Entries[at] = (ushort)(symbol << 4 | length);
            }
        }

        public int Bits { get; }

        public ushort[] Entries { get; }

        public ulong Mask => (ulong)Entries.Length - 1;

        public bool IsComplete { get; }

        public bool IsOfOneBit { get; }
    }
}
