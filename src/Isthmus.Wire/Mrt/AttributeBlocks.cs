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
public readonly record struct BlockKey(int Slot, ulong Version)
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
    /// <summary>A ring of 3,500 usual blocks, fewer than there are slots, that stays in the processor's second cache.</summary>
    private const int RingBytes = 1 << 18;

    /// <summary>The ring of a dump with few blocks: a hundred thousand small dumps are not to cost as many large rings.</summary>
    private const int FirstRingBytes = 1 << 13, FirstSlotBits = 7;

    private byte[] _ring = new byte[FirstRingBytes];
    private Known[] _known = new Known[1 << FirstSlotBits];

    // Apart from the rest, so that a block that is new is known for new without waiting for memory.
    private ushort[] _tags = new ushort[1 << FirstSlotBits];
    private Fault[] _faults = [];
    private int _slotBits = FirstSlotBits;
    private Lately[] _lately = new Lately[64];

    /// <summary>Of so many blocks that their peers did not say last it is counted how many were met before.</summary>
    private const int SampledBlocks = 1 << 10;

    /// <summary>Where fewer of them were, so many blocks behind them are judged and not remembered, as that costs more then.</summary>
    private const int HitsWanted = SampledBlocks >> 3, PassedBlocks = 1 << 13;

    private int _sampled, _hits, _passing;
    private Known _passed;

    // Counted on over all turns of the ring, so that what was overwritten is known for it: so far behind lies nothing else.
    private ulong _end = 2 * RingBytes;

    /// <summary>How the bytes of blocks are read.</summary>
    [Flags]
    internal enum Reading : byte
    {
        None = 0,
        /// <summary>AS numbers take four octets.</summary>
        Wide = 1,
        /// <summary>MP_REACH_NLRI may hold the next hop alone.</summary>
        Abbreviated = 2,
    }

    /// <summary>What was found out about a block. Beyond <see cref="Wanted"/> is what seldom occurs.</summary>
    [Flags]
    internal enum Traits : byte
    {
        None = 0,
        /// <summary>Every entry with these attributes is wanted.</summary>
        Wanted = 1,
        /// <summary>No entry with these attributes is wanted: they were not judged.</summary>
        Unwanted = 2,
        /// <summary>A fault is to be reported, or the width.</summary>
        Unsound = 4,
        /// <summary>Its AS numbers have the other width than was said.</summary>
        OtherWidth = 8,
    }

    /// <summary>What is known of a block.</summary>
    /// <param name="Start">Where its bytes start, counted over all turns of the ring: no two blocks have the same.</param>
    /// <param name="Form">How long it is and how it is read; blocks of another form are others.</param>
    internal readonly record struct Known(ulong Start, int Form, ushort Slot, Traits Traits)
    {
        /// <summary>What is derived from the block is kept under this key.</summary>
        public BlockKey Key => new(Slot, Start);

        public bool Is(Traits trait) => (Traits & trait) != 0;
    }

    /// <summary>The two sound blocks that a peer's entries had last.</summary>
    private struct Lately
    {
        public Known Last, Before;
    }

    /// <summary>What is known of a block, judged as <see cref="AttributeCheck.OfRibEntry"/> does. Good until the next call.</summary>
    /// <param name="peer">
    /// The peer that holds it: what a peer says of one prefix it mostly says of the next, or of the next but one.
    /// </param>
    /// <param name="sieve">Asked once for each block; always the same.</param>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public ref readonly Known Find(ReadOnlySpan<byte> block, Reading reading, int peer, RouteSieve? sieve)
    {
        var lately = _lately;
        if ((uint)peer < (uint)lately.Length && Holds(lately[peer].Last, block, FormOf(block, reading))) return ref lately[peer].Last;
        return ref FindFurther(block, reading, peer, sieve);
    }

    /// <summary>What is wrong with a block; its offset counts from the start of the block.</summary>
    public Fault FaultOf(in Known known) => known.Is(Traits.Unsound) ? _faults[known.Slot] : default;

    private ref readonly Known FindFurther(ReadOnlySpan<byte> block, Reading reading, int peer, RouteSieve? sieve)
    {
        if (peer >= _lately.Length) Array.Resize(ref _lately, Math.Max(peer + 1, _lately.Length * 2));
        ref var lately = ref _lately[peer];
        if (Holds(lately.Before, block, FormOf(block, reading)))
        {
            (lately.Last, lately.Before) = (lately.Before, lately.Last);
            return ref lately.Last;
        }
        if (_passing > 0 && TryPass(block, reading, sieve)) return ref _passed;
        ref readonly var found = ref FindByHash(block, reading, sieve);
        // The fault of an unsound one is that of its slot, which another block may take.
        if (found.Is(Traits.Unsound)) return ref found;
        (lately.Last, lately.Before) = (found, lately.Last);
        return ref lately.Last;
    }

    private static int FormOf(ReadOnlySpan<byte> block, Reading reading) => block.Length << 2 | (int)reading;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private bool Holds(in Known known, ReadOnlySpan<byte> block, int form) => known.Form == form
        && unchecked(_end - known.Start) <= (uint)_ring.Length
        && AreEqual(ref MemoryMarshal.GetReference(block), ref _ring[PlaceOf(known.Start)], block.Length);

    private int PlaceOf(ulong position) => unchecked((int)position) & _ring.Length - 1;

    // Most blocks have fifty to a hundred bytes: four vectors that overlap hold them, whatever the length, without a loop
    // or a branch that would have to be guessed.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool AreEqual(ref byte one, ref byte other, int length)
    {
        nuint last = unchecked((nuint)length - 32), third = unchecked(last + 2) / 3;
        if (!Vector256.IsHardwareAccelerated || last > 96)
            return MemoryMarshal.CreateReadOnlySpan(ref one, length).SequenceEqual(MemoryMarshal.CreateReadOnlySpan(ref other, length));
        var differences = Vector256.LoadUnsafe(ref one) ^ Vector256.LoadUnsafe(ref other)
            | Vector256.LoadUnsafe(ref one, third) ^ Vector256.LoadUnsafe(ref other, third)
            | Vector256.LoadUnsafe(ref one, last - third) ^ Vector256.LoadUnsafe(ref other, last - third)
            | Vector256.LoadUnsafe(ref one, last) ^ Vector256.LoadUnsafe(ref other, last);
        return differences == Vector256<byte>.Zero;
    }

    private ref readonly Known FindByHash(ReadOnlySpan<byte> block, Reading reading, RouteSieve? sieve)
    {
        if (_ring.Length < RingBytes && _end + (ulong)block.Length > 2 * RingBytes + FirstRingBytes) Grow();
        int form = FormOf(block, reading);
        var (slot, tag) = HashOf(block, form);
        ref var known = ref _known[slot];
        bool isKnown = _tags[slot] == tag && Holds(known, block, form);
        if (isKnown) _hits++;
        if (++_sampled == SampledBlocks)
        {
            _passing = _hits < HitsWanted ? PassedBlocks : 0;
            (_sampled, _hits) = (0, 0);
        }
        if (isKnown) return ref known;
        var traits = Judge(block, reading, sieve, out var fault);
        if ((traits & Traits.Unsound) != 0)
        {
            if (_faults.Length == 0) _faults = new Fault[_known.Length];
            _faults[slot] = fault;
        }
        // A block lies in one piece.
        int left = _ring.Length - PlaceOf(_end);
        ulong start = left < block.Length ? _end + (ulong)left : _end;
        block.CopyTo(_ring.AsSpan(PlaceOf(start)));
        _end = start + (ulong)Math.Max(1, block.Length);
        _tags[slot] = tag;
        known = new(start, form, (ushort)slot, traits);
        return ref known;
    }

    // Good until the next block. What is unsound is remembered, as its fault is asked for by its slot.
    private bool TryPass(ReadOnlySpan<byte> block, Reading reading, RouteSieve? sieve)
    {
        _passing--;
        var traits = Judge(block, reading, sieve, out _);
        _passed = new(0, 0, 0, traits);
        return (traits & Traits.Unsound) == 0;
    }

    private static Traits Judge(ReadOnlySpan<byte> block, Reading reading, RouteSieve? sieve, out Fault fault)
    {
        fault = default;
        var attributes = new PathAttributes(block, (reading & Reading.Wide) != 0, (reading & Reading.Abbreviated) != 0);
        var traits = Traits.None;
        if (sieve is not null) traits = TraitsOf(sieve(new()
        {
            Kinds = RouteEventKinds.RibEntry,
            HasAttributes = true,
            Attributes = attributes,
        }));
        if (traits is Traits.Unwanted) return traits;
        fault = AttributeCheck.OfRibEntry(attributes, 0, out bool otherWidth);
        if (otherWidth) traits |= Traits.OtherWidth | Traits.Unsound;
        if (fault.Kind is not FaultKind.None) traits |= Traits.Unsound;
        return traits;
    }

    // What was met so far is met anew; a place of it is never given again, so that no key means another block.
    private void Grow()
    {
        _slotBits = BlockKey.SlotBits;
        _ring = new byte[RingBytes];
        _known = new Known[BlockKey.Slots];
        _tags = new ushort[BlockKey.Slots];
        _faults = [];
        _end += RingBytes;
        Array.Clear(_lately);
    }

    private static Traits TraitsOf(Verdict verdict) => verdict switch
    {
        Verdict.No => Traits.Unwanted,
        Verdict.Yes => Traits.Wanted,
        _ => Traits.None,
    };

    // The processor's checksum of each half of every sixteen bytes: two that do not wait for each other. It need not be
    // strong: equal bytes are compared.
    private (int Slot, ushort Tag) HashOf(ReadOnlySpan<byte> block, int form)
    {
        uint left = (uint)form, right = 0;
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
        return ((int)(mixed >> 32 - _slotBits), (ushort)(mixed & 0xFFFF));
    }
}
