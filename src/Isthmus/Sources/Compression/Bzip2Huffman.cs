using System.Buffers.Binary;
using System.Runtime.CompilerServices;

namespace Isthmus.Sources.Compression;

/// <summary>
/// Bits of one bzip2 block, most significant first. The bytes must be followed by <see cref="PaddingBytes"/> zero
/// bytes: reading does not look for the end at every bit, <see cref="Overrun"/> is asked from time to time.
/// </summary>
internal ref struct Bzip2Bits
{
    /// <summary>More than fifty codes of twenty bits, and a refill.</summary>
    public const int PaddingBytes = 256;

    private readonly ReadOnlySpan<byte> _bytes;
    private readonly long _endBit;
    private ulong _ahead;
    private int _count, _next;

    public Bzip2Bits(ReadOnlySpan<byte> bytes, int startBit, long endBit)
    {
        _bytes = bytes;
        _endBit = endBit;
        _next = startBit >> 3;
        Require(8);
        Drop(startBit & 7);
    }

    /// <summary>Bits read since the start of the bytes.</summary>
    public readonly long Position => unchecked((long)_next * 8 - _count);

    /// <summary>True when more bits were read than there are.</summary>
    public readonly bool Overrun => Position > _endBit;

    /// <summary>The next bits in the low end, without taking them; <see cref="Require"/> them first.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint Peek(int bits) => unchecked((uint)(_ahead >> (64 - bits)));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Drop(int bits)
    {
        unchecked
        {
            _ahead <<= bits;
            _count -= bits;
        }
    }

    /// <summary>Brings at least 32 bits.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Require(int bits)
    {
        if (_count >= bits) return;
        unchecked
        {
            _ahead |= (ulong)BinaryPrimitives.ReadUInt32BigEndian(_bytes[_next..]) << (32 - _count);
            _next += 4;
            _count += 32;
        }
    }

    /// <summary>Takes up to 24 bits.</summary>
    public uint Take(int bits)
    {
        Require(bits);
        uint value = Peek(bits);
        Drop(bits);
        return value;
    }

    public bool TakeBit() => Take(1) != 0;
}

/// <summary>One of a block's Huffman codes, decoded by a table of the short codes and a walk for the long ones.</summary>
internal sealed class Bzip2Code
{
    public const int LengthMax = 20, SymbolsMax = 258;

    private const int TableBits = 10;

    /// <summary>Symbol in the high bits, length in the low five; 0 for a code longer than the table's bits.</summary>
    private readonly ushort[] _table = new ushort[1 << TableBits];
    private readonly uint[] _limits = new uint[LengthMax + 2];
    private readonly int[] _offsets = new int[LengthMax + 2];
    private readonly ushort[] _symbols = new ushort[SymbolsMax];
    private int _count;

    /// <summary>True when the block uses this code.</summary>
    public bool IsUsed { get; set; }

    /// <summary>Builds the canonical code of these lengths; false when the lengths need more codes than there are.</summary>
    public bool TryBuild(ReadOnlySpan<byte> lengths)
    {
        Array.Clear(_table);
        _count = 0;
        uint code = 0;
        for (int length = 1; length <= LengthMax; length++)
        {
            _offsets[length] = _count - (int)code;
            for (int symbol = 0; symbol < lengths.Length; symbol++)
            {
                if (lengths[symbol] != length) continue;
                if (code >= 1u << length) return false;
                if (length <= TableBits) _table.AsSpan((int)(code << (TableBits - length)), 1 << (TableBits - length))
                    .Fill((ushort)((symbol << 5) | length));
                _symbols[_count++] = (ushort)symbol;
                code++;
            }
            _limits[length] = code;
            code <<= 1;
        }
        return true;
    }

    /// <summary>Reads a symbol; -1 for bits that are no code.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public int Read(ref Bzip2Bits bits)
    {
        bits.Require(LengthMax);
        int entry = _table[bits.Peek(TableBits)];
        if (entry == 0) return ReadLong(ref bits);
        bits.Drop(entry & 31);
        return entry >> 5;
    }

    private int ReadLong(ref Bzip2Bits bits)
    {
        for (int length = TableBits + 1; length <= LengthMax; length++)
        {
            uint code = bits.Peek(length);
            if (code >= _limits[length]) continue;
            int index = (int)code + _offsets[length];
            if ((uint)index >= (uint)_count) return -1;
            bits.Drop(length);
            return _symbols[index];
        }
        return -1;
    }
}
