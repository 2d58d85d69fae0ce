using System.IO.Hashing;

namespace Isthmus.Reports.Elements;

/// <summary>
/// Texts of attribute blocks written before. In a dump most blocks repeat, as a peer sends an origin's prefixes with
/// the same attributes: a block met again is copied, not decoded. Bounded: a full store starts anew.
/// </summary>
internal sealed class AttributeTexts
{
    // 16 MiB hold some 80,000 blocks with their texts; a slot for each keeps collisions rare.
    private const int BytesMax = 16 << 20;
    private const int Slots = 1 << 16;

    private readonly Slot[] _slots = new Slot[Slots];
    private byte[] _bytes = new byte[1 << 18];
    private int _used;

    private record struct Slot(ulong Hash, int At, int BlockLength, int TextLength);

    /// <summary>A block's hash, different for each way in which blocks are read.</summary>
    public static ulong HashOf(ReadOnlySpan<byte> block, int reading) => XxHash3.HashToUInt64(block, reading);

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
