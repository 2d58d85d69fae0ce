using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>
/// Tells the attribute block of a RIB entry (RFC 6396 section 4.3.4) among those that its reader met lately: entries with the
/// same key have the same bytes, read the same way. What is derived from a block can be kept for its slot, and holds while the
/// version stays the same. Keys of one <see cref="RouteEventReader"/> mean nothing to another, nor after its sieve was changed.
/// </summary>
/// <param name="Slot">From 0 to <see cref="Slots"/> - 1.</param>
/// <param name="Version">Differs from what the slot held before; 0 where there is no block, or it is not remembered.</param>
public readonly record struct BlockKey(int Slot, uint Version)
{
    /// <summary>So many slots there are: the length of an array that keeps something for each.</summary>
    public const int Slots = 1 << SlotBits;

    internal const int SlotBits = 12;

    /// <summary>False for the blocks of updates, which are not remembered.</summary>
    public bool IsKnown => Version != 0;
}

/// <summary>
/// The attribute blocks met lately, each judged once. In a dump a peer gives an origin's prefixes the same
/// attributes, so most blocks come again soon. Bounded: a block takes the slot of the one with its hash, and the bytes of
/// the oldest.
/// </summary>
internal sealed class AttributeBlocks
{
    /// <summary>
    /// A ring of 3,500 usual blocks, fewer than there are slots, that stays in the processor's second cache. Nothing says that
    /// a block was overwritten: its bytes are compared whenever it is found.
    /// </summary>
    private const int RingBytes = 1 << 18;

    private readonly byte[] _ring = new byte[RingBytes];
    private readonly Judged[] _judged = new Judged[BlockKey.Slots];

    // Apart from the rest, so that a block that is new is known for new without waiting for memory.
    private readonly ushort[] _tags = new ushort[BlockKey.Slots];
    private readonly Fault[] _faults = new Fault[BlockKey.Slots];
    private Lately[] _lately = new Lately[64];
    private int _next;
    private uint _version;

    /// <summary>What is known of the block in a slot.</summary>
    /// <param name="At">Where its bytes start in the ring.</param>
    /// <param name="Reading">How its bytes were read: AS numbers in four octets, MP_REACH_NLRI abbreviated.</param>
    /// <param name="IsSound">True when no fault is to be reported, and the width of AS numbers is as said.</param>
    /// <param name="IsUnwanted">True when no entry with these attributes is wanted: they were not judged.</param>
    internal readonly record struct Judged(
        uint Version, int At, ushort Length, byte Reading, bool IsOtherWidth, bool IsSound, bool IsUnwanted);

    /// <summary>The slots of the two blocks that a peer's entries had last.</summary>
    private record struct Lately(int Last, int Before);

    /// <summary>The slot of a block, judged as <see cref="AttributeCheck.OfRibEntry"/> does.</summary>
    /// <param name="peer">
    /// The peer that holds it: what a peer says of one prefix it mostly says of the next, or of the next but one.
    /// </param>
    /// <param name="sieve">Asked once for each block; always the same.</param>
    public int Find(in PathAttributes attributes, int peer, RouteSieve? sieve)
    {
        var block = attributes.Bytes;
        byte reading = (byte)((attributes.IsWide ? 1 : 0) | (attributes.IsAbbreviated ? 2 : 0));
        if (peer >= _lately.Length) Array.Resize(ref _lately, Math.Max(peer + 1, _lately.Length * 2));
        ref var lately = ref _lately[peer];
        if (Holds(lately.Last, block, reading)) return lately.Last;
        lately = new(Holds(lately.Before, block, reading) ? lately.Before : FindByHash(attributes, reading, sieve), lately.Last);
        return lately.Last;
    }

    public ref readonly Judged this[int slot] => ref _judged[slot];

    /// <summary>What is wrong with the block in a slot; its offset counts from the start of the block.</summary>
    public Fault FaultOf(int slot) => _judged[slot].IsSound ? default : _faults[slot];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Holds(int slot, ReadOnlySpan<byte> block, byte reading)
    {
        ref readonly var judged = ref _judged[slot];
        return judged.Length == block.Length && judged.Reading == reading && judged.Version != 0
            && AreEqual(block, _ring.AsSpan(judged.At, block.Length));
    }

    // Most blocks have fifty to a hundred bytes: four vectors that overlap hold them, whatever the length, without a loop.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEqual(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        int length = left.Length;
        if (!Vector256.IsHardwareAccelerated || length is < 32 or > 128) return left.SequenceEqual(right);
        ref byte one = ref MemoryMarshal.GetReference(left), other = ref MemoryMarshal.GetReference(right);
        nuint second = (nuint)Math.Min(32, length - 32), third = (nuint)Math.Max(0, length - 64), last = (nuint)(length - 32);
        var differences = Vector256.LoadUnsafe(ref one) ^ Vector256.LoadUnsafe(ref other)
            | Vector256.LoadUnsafe(ref one, second) ^ Vector256.LoadUnsafe(ref other, second)
            | Vector256.LoadUnsafe(ref one, third) ^ Vector256.LoadUnsafe(ref other, third)
            | Vector256.LoadUnsafe(ref one, last) ^ Vector256.LoadUnsafe(ref other, last);
        return differences == Vector256<byte>.Zero;
    }

    private int FindByHash(in PathAttributes attributes, byte reading, RouteSieve? sieve)
    {
        var block = attributes.Bytes;
        var (slot, tag) = PlaceOf(block, reading);
        if (_tags[slot] == tag && Holds(slot, block, reading)) return slot;
        if (++_version == 0) _version = 1;
        bool otherWidth = false, isUnwanted = sieve is not null && !sieve(new()
        {
            Kinds = RouteEventKinds.RibEntry,
            HasAttributes = true,
            Attributes = attributes,
            Block = new(slot, _version),
        });
        var fault = isUnwanted ? default : AttributeCheck.OfRibEntry(attributes, 0, out otherWidth);
        bool isSound = fault.Kind is FaultKind.None && !otherWidth;
        if (!isSound) _faults[slot] = fault;
        if (_next > RingBytes - block.Length) _next = 0;
        block.CopyTo(_ring.AsSpan(_next));
        _tags[slot] = tag;
        _judged[slot] = new(_version, _next, (ushort)block.Length, reading, otherWidth, isSound, isUnwanted);
        _next += block.Length;
        return slot;
    }

    // The processor's checksum of each half of every sixteen bytes: two that do not wait for each other. It need not be
    // strong: equal bytes are compared.
    private static (int Slot, ushort Tag) PlaceOf(ReadOnlySpan<byte> block, byte reading)
    {
        uint left = reading, right = (uint)block.Length;
        var words = MemoryMarshal.Cast<byte, ulong>(block);
        for (int i = 0; i + 1 < words.Length; i += 2)
        {
            left = BitOperations.Crc32C(left, words[i]);
            right = BitOperations.Crc32C(right, words[i + 1]);
        }
        if (block.Length >= 16)
        {
            left = BitOperations.Crc32C(left, BinaryPrimitives.ReadUInt64LittleEndian(block[^16..]));
            right = BitOperations.Crc32C(right, BinaryPrimitives.ReadUInt64LittleEndian(block[^8..]));
        }
        else
        {
            foreach (byte value in block) left = BitOperations.Crc32C(left, value);
        }
        uint mixed = unchecked((left ^ uint.RotateLeft(right, 16)) * 0x9E3779B1);
        return ((int)(mixed >> 32 - BlockKey.SlotBits), (ushort)(mixed & 0xFFFF));
    }
}
