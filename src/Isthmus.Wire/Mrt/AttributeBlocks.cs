using System.Buffers.Binary;
using System.Runtime.InteropServices;

using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>
/// Tells the attribute block of a RIB entry among those that its reader met lately: entries with the same key have the
/// same bytes, read the same way. What is derived from a block can be kept for its slot, and holds while the version
/// stays the same.
/// </summary>
/// <param name="Slot">From 0 to <see cref="Slots"/> - 1.</param>
/// <param name="Version">Differs from what the slot held before; 0 where the block is not remembered.</param>
public readonly record struct BlockKey(int Slot, uint Version)
{
    /// <summary>So many slots there are.</summary>
    public const int Slots = 1 << 13;

    /// <summary>False for blocks that are not remembered: those of updates, and of unusual length.</summary>
    public bool IsKnown => Version != 0;
}

/// <summary>
/// The attribute blocks met lately, each judged once. In a dump a peer gives an origin's prefixes the same
/// attributes, so most blocks come again soon. Bounded: a block takes the place of the one with its hash.
/// </summary>
internal sealed class AttributeBlocks
{
    /// <summary>Longer blocks are rare, and judged each time.</summary>
    private const int BlockBytesMax = 512;

    /// <summary>Where a block is judged that is not remembered.</summary>
    private const int Unremembered = BlockKey.Slots;

    private readonly byte[] _bytes = new byte[BlockKey.Slots * BlockBytesMax];
    private readonly Judged[] _judged = new Judged[BlockKey.Slots + 1];
    private readonly Fault[] _faults = new Fault[BlockKey.Slots + 1];
    private int[] _lastOfPeer = new int[64];
    private uint _version;

    /// <summary>What is known of the block in a slot.</summary>
    /// <param name="Reading">How its bytes were read: AS numbers in four octets, MP_REACH_NLRI abbreviated.</param>
    /// <param name="IsSound">True when no fault is to be reported, and the width of AS numbers is as said.</param>
    internal readonly record struct Judged(uint Version, uint Tag, ushort Length, byte Reading, bool IsOtherWidth, bool IsSound);

    /// <summary>The slot of a block, judged as <see cref="AttributeCheck.OfRibEntry"/> does.</summary>
    /// <param name="peer">The peer that holds it: what a peer says of one prefix it mostly says of the next.</param>
    public int Find(PathAttributes attributes, int peer)
    {
        var block = attributes.Bytes;
        byte reading = (byte)((attributes.IsWide ? 1 : 0) | (attributes.IsAbbreviated ? 2 : 0));
        if (peer >= _lastOfPeer.Length) Array.Resize(ref _lastOfPeer, Math.Max(peer + 1, _lastOfPeer.Length * 2));
        int last = _lastOfPeer[peer];
        return Holds(last, block, reading) ? last : _lastOfPeer[peer] = FindByHash(attributes, reading);
    }

    public ref readonly Judged this[int slot] => ref _judged[slot];

    /// <summary>What is wrong with the block in a slot; its offset counts from the start of the block.</summary>
    public Fault FaultOf(int slot) => _faults[slot];

    private bool Holds(int slot, ReadOnlySpan<byte> block, byte reading)
    {
        ref readonly var judged = ref _judged[slot];
        return judged.Length == block.Length && judged.Reading == reading && judged.Version != 0
            && block.SequenceEqual(_bytes.AsSpan(slot * BlockBytesMax, judged.Length));
    }

    private int FindByHash(PathAttributes attributes, byte reading)
    {
        var block = attributes.Bytes;
        ulong hash = HashOf(block, reading);
        int slot = (int)(hash & BlockKey.Slots - 1);
        uint tag = (uint)(hash >> 32);
        if (_judged[slot].Tag == tag && Holds(slot, block, reading)) return slot;
        if (block.Length > BlockBytesMax) slot = Unremembered;
        var fault = AttributeCheck.OfRibEntry(attributes, 0, out bool otherWidth);
        _faults[slot] = fault;
        if (++_version == 0) _version = 1;
        _judged[slot] = new(slot == Unremembered ? 0 : _version, tag, (ushort)Math.Min(block.Length, ushort.MaxValue), reading,
            otherWidth, fault.Kind is FaultKind.None && !otherWidth);
        if (slot != Unremembered) block.CopyTo(_bytes.AsSpan(slot * BlockBytesMax));
        return slot;
    }

    // Sixteen bytes at a time, each with constants of its place, so that no step waits for the one before. It need not
    // be strong: equal bytes are compared.
    private static ulong HashOf(ReadOnlySpan<byte> block, byte reading)
    {
        const ulong One = 0x9E3779B97F4A7C15, Other = 0xD6E8FEB86659FD93;
        unchecked
        {
            ulong hash = (ulong)block.Length * One + reading, place = 0;
            var words = MemoryMarshal.Cast<byte, ulong>(block);
            for (int i = 0; i + 1 < words.Length; i += 2, place += Other)
                hash += Fold(words[i] ^ One + place, words[i + 1] ^ Other - place);
            if (block.Length >= 16)
            {
                ulong left = BinaryPrimitives.ReadUInt64LittleEndian(block[^16..]);
                ulong right = BinaryPrimitives.ReadUInt64LittleEndian(block[^8..]);
                hash += Fold(left ^ One - place, right ^ Other);
            }
            else
            {
                foreach (byte value in block) hash = (hash ^ value) * One;
            }
            return Fold(hash ^ One, Other);
        }
    }

    private static ulong Fold(ulong left, ulong right)
    {
        ulong high = Math.BigMul(left, right, out ulong low);
        return high ^ low;
    }
}
