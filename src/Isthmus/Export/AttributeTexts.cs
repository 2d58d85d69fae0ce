using System.IO.Hashing;

using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>
/// Texts of attribute blocks written before. In a dump most blocks repeat, as a peer sends an origin's prefixes with
/// the same attributes: a block met again is copied, not decoded. Bounded: a full store starts anew.
/// </summary>
internal sealed class AttributeTexts
{
    // 2 MiB hold some 10,000 blocks with their texts, and stay near; a block that comes again comes soon.
    private const int BytesMax = 2 << 20;
    private const int Slots = 1 << 14;

    private readonly Slot[] _slots = new Slot[Slots];
    private byte[] _bytes = new byte[1 << 18];
    private int _used;

    private record struct Slot(ulong Hash, int At, int BlockLength, int TextLength);

    /// <summary>A block's hash, different for each way in which blocks are read.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> block, int reading) => XxHash3.HashToUInt64(block, reading);

    /// <summary>The same for a block that its reader has found among those it remembers, without a look at its bytes.</summary>
    public static ulong HashOf(BlockKey block, int reading)
    {
        ulong key = (ulong)block.Version << 32 | (uint)(reading << 16 ^ block.Slot);
        ulong mixed = unchecked(key * 0x9E3779B97F4A7C15);
        return mixed ^ mixed >> 32;
    }

    public bool TryFind(ulong hash, ReadOnlySpan<byte> block, out ReadOnlySpan<byte> text)
    {
        ref readonly var slot = ref _slots[hash & Slots - 1];
        bool found = slot.Hash == hash && slot.TextLength > 0 && _bytes.AsSpan(slot.At, slot.BlockLength).SequenceEqual(block);
        text = found ? _bytes.AsSpan(slot.At + slot.BlockLength, slot.TextLength) : default;
        return found;
    }

    public void Add(ulong hash, ReadOnlySpan<byte> block, ReadOnlySpan<byte> text)
    {
        int length = block.Length + text.Length;
        if (_used + length > BytesMax)
        {
            Array.Clear(_slots);
            _used = 0;
        }
        if (length > BytesMax) return;
        if (_used + length > _bytes.Length) Array.Resize(ref _bytes, Math.Min(BytesMax, Math.Max(_bytes.Length * 2, _used + length)));
        _slots[hash & Slots - 1] = new(hash, _used, block.Length, text.Length);
        block.CopyTo(_bytes.AsSpan(_used));
        text.CopyTo(_bytes.AsSpan(_used + block.Length));
        _used += length;
    }
}
