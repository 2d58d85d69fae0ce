using System.Buffers;
using System.Numerics;
using System.Runtime.Intrinsics;

namespace Isthmus.Sources.Compression;

/// <summary>How the decoding of a block ended.</summary>
internal enum Bzip2Outcome
{
    Whole,
    /// <summary>The bits end inside the block.</summary>
    CutOff,
    /// <summary>The bits are no block, or its checksum is wrong.</summary>
    Damaged,
    /// <summary>A block of bzip2 0.9.0 with its bytes randomised, which nothing has written since 1998.</summary>
    Randomised,
}

/// <summary>A decoded block.</summary>
/// <param name="Bytes">From the shared pool.</param>
/// <param name="Bits">Bits of the block, from its magic on.</param>
internal readonly record struct Bzip2Plain(Bzip2Outcome Outcome, byte[] Bytes, int Length, uint Crc, long Bits)
{
    /// <summary>
    /// True where the stored checksum differs from that of the bytes within one byte of it: a change of the codes changes all of its bits,
    /// one in four million excepted, so that the checksum itself is damaged.
    /// </summary>
    public bool HasOtherSumAlone { get; init; }
}

/// <summary>
/// Decodes one bzip2 block: Huffman codes, move-to-front, the inverse Burrows-Wheeler transform, run lengths. The
/// working memory, as much as the largest block so far took (at most about 7 MB), is used again from block to block.
/// </summary>
internal sealed class Bzip2Block
{
    public const int MagicBits = 48;

    private const int BlockBytesMax = BurrowsWheeler.RowsMax, GroupSymbols = 50, CodesMax = 6, SelectorsMax = 18_002;

    /// <summary>So many equal bytes in a row are followed by a count.</summary>
    private const int RunBytes = 4;

    /// <summary>Plain bytes for each compressed one: few blocks hold more, and those have their room made larger.</summary>
    private const int UsualRatio = 12;

    private uint[] _next = [];
    private byte[] _text = [];
    private readonly BurrowsWheeler _transform = new();
    private readonly byte[] _selectors = new byte[SelectorsMax];
    private readonly Bzip2Code[] _codes = [.. Enumerable.Range(0, CodesMax).Select(_ => new Bzip2Code())];
    private readonly byte[] _front = new byte[256];
    private readonly int[] _counts = new int[256];
    private int _symbols, _selectorCount, _length;

    /// <summary>Decodes the block whose magic starts at a bit; the bytes are followed by padding (<see cref="Bzip2Bits"/>).</summary>
    public Bzip2Plain Decode(ReadOnlySpan<byte> padded, int startBit, long endBit)
    {
        var bits = new Bzip2Bits(padded, startBit, endBit);
        Reserve((int)Math.Min(BlockBytesMax, (endBit - startBit) / 8 * UsualRatio));
        bits.Take(24);
        bits.Take(24);
        uint crc = (bits.Take(16) << 16) | bits.Take(16);
        if (bits.TakeBit()) return new(Bzip2Outcome.Randomised, [], 0, crc, 0);
        uint origin = bits.Take(24);
        bool coded = ReadSymbolsUsed(ref bits) && ReadSelectors(ref bits) && ReadCodes(ref bits) && ReadBytes(ref bits);
        if (bits.Overrun) return new(Bzip2Outcome.CutOff, [], 0, crc, 0);
        if (!coded || origin >= (uint)_length) return new(Bzip2Outcome.Damaged, [], 0, crc, 0);
        LinkBytes();
        byte[] plain = Unwind(origin, out int length);
        uint own = Bzip2Crc.Of(plain.AsSpan(0, length)), other = own ^ crc;
        var outcome = other == 0 ? Bzip2Outcome.Whole : Bzip2Outcome.Damaged;
        bool isWithinByte = other != 0 && 31 - BitOperations.LeadingZeroCount(other) - BitOperations.TrailingZeroCount(other) < 8;
        return new(outcome, plain, length, own, bits.Position - startBit) { HasOtherSumAlone = isWithinByte };
    }

    // Room for so many bytes, and the row that the inverse transform needs beside them; what is there stays.
    private void Reserve(int length)
    {
        if (_next.Length > length) return;
        uint[] larger = GC.AllocateUninitializedArray<uint>(Math.Min(BlockBytesMax, Math.Max(length, _next.Length * 2)) + 1);
        _next.CopyTo(larger, 0);
        _next = larger;
    }

    // Which of the 256 byte values occur: 16 bits for ranges, then 16 bits for each range that has any.
    private bool ReadSymbolsUsed(ref Bzip2Bits bits)
    {
        uint ranges = bits.Take(16);
        int count = 0;
        for (int range = 0; range < 16; range++)
        {
            if ((ranges & (0x8000 >> range)) == 0) continue;
            uint used = bits.Take(16);
            for (int i = 0; i < 16; i++)
                if ((used & (0x8000 >> i)) != 0) _front[count++] = (byte)(range * 16 + i);
        }
        _symbols = count + 2;
        return count > 0;
    }

    // Which code each group of fifty symbols uses, move-to-front coded in unary. More than fit in a block are ignored.
    private bool ReadSelectors(ref Bzip2Bits bits)
    {
        int codes = (int)bits.Take(3);
        int count = (int)bits.Take(15);
        if (codes is < 2 or > CodesMax || count == 0) return false;
        Span<byte> front = [0, 1, 2, 3, 4, 5];
        for (int i = 0; i < count; i++)
        {
            int place = 0;
            while (bits.TakeBit())
                if (++place >= codes) return false;
            byte code = front[place];
            front[..place].CopyTo(front[1..]);
            front[0] = code;
            if (i < SelectorsMax) _selectors[i] = code;
            if (bits.Overrun) return false;
        }
        _selectorCount = Math.Min(count, SelectorsMax);
        for (int i = 0; i < CodesMax; i++) _codes[i].IsUsed = i < codes;
        return true;
    }

    // The lengths of each code, as steps up or down from the last.
    private bool ReadCodes(ref Bzip2Bits bits)
    {
        Span<byte> lengths = stackalloc byte[Bzip2Code.SymbolsMax];
        lengths = lengths[.._symbols];
        foreach (var code in _codes)
        {
            if (!code.IsUsed) break;
            int length = (int)bits.Take(5);
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                while (true)
                {
                    if (length is < 1 or > Bzip2Code.LengthMax || bits.Overrun) return false;
                    if (!bits.TakeBit()) break;
                    length += bits.TakeBit() ? -1 : 1;
                }
                lengths[symbol] = (byte)length;
            }
            if (!code.TryBuild(lengths)) return false;
        }
        return true;
    }

    // Symbols 0 and 1 are digits of a run's length (bijective base 2) of the byte in front; the last ends the block.
    private bool ReadBytes(ref Bzip2Bits bits)
    {
        Span<uint> bytes = _next;
        Array.Clear(_counts);
        int end = _symbols - 1, length = 0, run = 0, digit = 1;
        for (int group = 0; group < _selectorCount; group++)
        {
            var code = _codes[_selectors[group]];
            if (bits.Overrun) return false;
            for (int i = 0; i < GroupSymbols; i++)
            {
                int symbol = code.Read(ref bits);
                if (symbol is 0 or 1)
                {
                    if (digit > BlockBytesMax * 2) return false;
                    run += digit << symbol;
                    digit <<= 1;
                    continue;
                }
                if (symbol < 0) return false;
                if (run > 0)
                {
                    byte repeated = _front[0];
                    if (run > BlockBytesMax - length) return false;
                    if (length + run >= bytes.Length)
                    {
                        Reserve(length + run);
                        bytes = _next;
                    }
                    bytes.Slice(length, run).Fill(repeated);
                    _counts[repeated] += run;
                    length += run;
                    run = 0;
                    digit = 1;
                }
                if (symbol == end)
                {
                    _length = length;
                    return true;
                }
                if (length == BlockBytesMax) return false;
                if (length + 1 >= bytes.Length)
                {
                    Reserve(length + 1);
                    bytes = _next;
                }
                byte value = MoveToFront(symbol - 1);
                _counts[value]++;
                bytes[length++] = value;
            }
        }
        return false;
    }

    private byte MoveToFront(int place)
    {
        byte[] front = _front;
        byte value = front[place];
        if (place < 16)
            for (int i = place; i > 0; i--) front[i] = front[i - 1];
        else
            Buffer.BlockCopy(front, 0, front, 1, place);
        front[0] = value;
        return value;
    }

    // Each entry gets, above its own byte, the place of the byte that follows it in the text.
    private void LinkBytes()
    {
        int[] places = _counts;
        int sum = 0;
        for (int value = 0; value < 256; value++) (places[value], sum) = (sum, sum + places[value]);
        uint[] next = _next;
        unchecked
        {
            for (int i = 0; i < _length; i++)
            {
                byte value = (byte)next[i];
                next[places[value]++] |= (uint)i << 8;
            }
        }
    }

    // Follows the links, then takes the run lengths apart: four equal bytes in a row are followed by a count of more of them.
    private byte[] Unwind(uint origin, out int length)
    {
        if (_text.Length < _length) _text = GC.AllocateUninitializedArray<byte>(_next.Length - 1);
        var text = _text.AsSpan(0, _length);
        _transform.Invert(_next, (int)(_next[origin] >> 8), text);
        byte[] plain = ArrayPool<byte>.Shared.Rent(_length + _length / 4 + 1024);
        int at = 0;
        while (true)
        {
            int run = FindRun(text);
            if (run < 0) break;
            int count = run + RunBytes < text.Length ? text[run + RunBytes] : 0;
            plain = Reserve(plain, at, run + RunBytes + count + text.Length);
            text[..(run + RunBytes)].CopyTo(plain.AsSpan(at));
            at += run + RunBytes;
            plain.AsSpan(at, count).Fill(text[run]);
            at += count;
            text = text[Math.Min(run + RunBytes + 1, text.Length)..];
        }
        text.CopyTo(plain.AsSpan(at));
        length = at + text.Length;
        return plain;
    }

    // Where the first four equal bytes in a row start; -1 for nowhere.
    private static int FindRun(ReadOnlySpan<byte> text)
    {
        int at = 0;
        for (; at + Vector128<byte>.Count + RunBytes <= text.Length; at += Vector128<byte>.Count)
        {
            var here = Vector128.Create(text[at..]);
            var equal = Vector128.Equals(here, Vector128.Create(text[(at + 1)..]))
                & Vector128.Equals(here, Vector128.Create(text[(at + 2)..])) & Vector128.Equals(here, Vector128.Create(text[(at + 3)..]));
            uint found = equal.ExtractMostSignificantBits();
            if (found != 0) return at + BitOperations.TrailingZeroCount(found);
        }
        for (; at + RunBytes <= text.Length; at++)
            if (text[at] == text[at + 1] && text[at] == text[at + 2] && text[at] == text[at + 3]) return at;
        return -1;
    }

    private static byte[] Reserve(byte[] plain, int length, int more)
    {
        if (plain.Length - length >= more) return plain;
        byte[] larger = ArrayPool<byte>.Shared.Rent(Math.Max(plain.Length * 2, length + more));
        plain.AsSpan(0, length).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(plain);
        return larger;
    }
}
