using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace Isthmus.Wire.Bgp;

/// <summary>The types of path segment (RFC 4271 section 4.3, RFC 5065 section 3).</summary>
public enum SegmentType : byte
{
    /// <summary>AS_SET: its ASes in no order; one hop.</summary>
    Set = 1,
    /// <summary>AS_SEQUENCE: its ASes in order, the nearest first.</summary>
    Sequence = 2,
    /// <summary>AS_CONFED_SEQUENCE: members of one confederation, in order.</summary>
    ConfedSequence = 3,
    /// <summary>AS_CONFED_SET: members of one confederation, in no order.</summary>
    ConfedSet = 4,
}

/// <summary>
/// The AS_PATH attribute (RFC 4271 section 4.3), merged with AS4_PATH where a 2-octet speaker sent both (RFC 6793 section 4.2.3):
/// a view, good as long as the bytes are. <see cref="PathWords"/> are what is kept of it and asked.
/// </summary>
public readonly ref struct AsPath
{
    private readonly ReadOnlySpan<byte> _bytes;
    private readonly ReadOnlySpan<byte> _as4;
    private readonly bool _wide;

    /// <summary>A path of its attributes' values; what is wrong with them <see cref="IsSound"/> tells.</summary>
    /// <param name="bytes">The value of AS_PATH; empty for no path.</param>
    /// <param name="wide">True for 4-octet numbers by the record's word.</param>
    /// <param name="as4">The value of AS4_PATH; empty for none. It only counts in a 2-octet path.</param>
    public AsPath(ReadOnlySpan<byte> bytes, bool wide, ReadOnlySpan<byte> as4 = default)
    {
        _bytes = bytes;
        // Some collectors wrote paths of the other width than their record says (docs/standards.md).
        IsOtherWidth = !Fits(bytes, wide) && Fits(bytes, !wide);
        _wide = wide != IsOtherWidth;
        _as4 = !_wide && Fits(as4, true) ? as4 : default;
        IsSound = Fits(bytes, _wide);
    }

    /// <summary>True when the segments consume AS_PATH exactly, none is empty and each has a known type; true for no path too.</summary>
    public bool IsSound { get; }

    /// <summary>True when only the width that was not said makes sense of the bytes; they are read in it (docs/standards.md).</summary>
    public bool IsOtherWidth { get; }

    /// <summary>
    /// True for no AS at all, as in a route that the peer's own AS originates and tells within it (RFC 4271 section 5.1.2).
    /// </summary>
    public bool IsEmpty => _bytes.IsEmpty;

    /// <summary>The value of AS_PATH, without AS4_PATH.</summary>
    public ReadOnlySpan<byte> Bytes => _bytes;

    /// <summary>So many words always hold the path: room for <see cref="Write(Span{uint})"/>.</summary>
    public int WordsMax => _bytes.Length + _as4.Length;

    /// <summary>
    /// The AS that originated the route: the last one of a path that ends in a sequence. Null where the path is empty,
    /// malformed, or ends in a set or a confederation, so that the path alone tells none (RFC 6811 section 2).
    /// </summary>
    public Asn? Origin
    {
        get
        {
            if (!IsSound) return null;
            bool merged = !_as4.IsEmpty && Hops(_as4, true) is > 0 and var hops && hops <= Hops(_bytes, false);
            bool wide = merged || _wide;
            ReadOnlySpan<byte> last = default;
            for (var rest = merged ? _as4 : _bytes; !rest.IsEmpty; rest = rest[(2 + rest[1] * (wide ? 4 : 2))..])
                if (!merged || (SegmentType)rest[0] is SegmentType.Sequence or SegmentType.Set) last = rest;
            if (last.IsEmpty || (SegmentType)last[0] is not SegmentType.Sequence) return null;
            return new(wide ? BinaryPrimitives.ReadUInt32BigEndian(last[(4 * last[1] - 2)..])
                : BinaryPrimitives.ReadUInt16BigEndian(last[(2 * last[1])..]));
        }
    }

    /// <summary>True when AS 0, which nobody has, stands in a sound AS_PATH (RFC 7607 section 2).</summary>
    internal bool HasAsZero => IsSound && HasZero(_bytes, _wide);

    internal static bool HasZero(ReadOnlySpan<byte> bytes, bool wide)
    {
        while (!bytes.IsEmpty)
        {
            int length = 2 + bytes[1] * (wide ? 4 : 2);
            if (HoldsZero(bytes[2..length], wide)) return true;
            bytes = bytes[length..];
        }
        return false;
    }

    // Zero is zero in any order of bytes.
    internal static bool HoldsZero(ReadOnlySpan<byte> hops, bool wide) => wide
        ? MemoryMarshal.Cast<byte, uint>(hops).Contains(0u) : MemoryMarshal.Cast<byte, ushort>(hops).Contains((ushort)0);

    internal bool IsSoundAs(bool wide) => Fits(_bytes, wide);

    /// <summary>True when segments of this width consume the bytes exactly, and AS 0 stands in none.</summary>
    internal static bool IsSoundWithoutZero(ReadOnlySpan<byte> bytes, bool wide)
    {
        while (!bytes.IsEmpty)
        {
            if (bytes is not [>= 1 and <= 4, > 0 and var hops, ..]) return false;
            int length = 2 + hops * (wide ? 4 : 2);
            if (length > bytes.Length || HoldsZero(bytes[2..length], wide)) return false;
            bytes = bytes[length..];
        }
        return true;
    }

    private static bool Fits(ReadOnlySpan<byte> bytes, bool wide)
    {
        while (!bytes.IsEmpty)
        {
            if (bytes.Length < 2 || bytes[0] is < 1 or > 4) return false;
            int length = 2 + bytes[1] * (wide ? 4 : 2);
            if (bytes[1] == 0 || bytes.Length < length) return false;
            bytes = bytes[length..];
        }
        return true;
    }

    /// <summary>
    /// Writes the path as words; gives how many: 0 for an empty or malformed path, -1 when <paramref name="words"/> has no room.
    /// </summary>
    public int Write(Span<uint> words)
    {
        if (!IsSound) return 0;
        if (_as4.IsEmpty) return Write(_bytes, _wide, words, int.MaxValue);
        int keep = Hops(_bytes, false) - Hops(_as4, true);
        // An AS4_PATH longer than the path was made by a speaker that did not understand it: it does not count.
        if (keep < 0) return Write(_bytes, false, words, int.MaxValue);
        int head = Write(_bytes, false, words, keep);
        int tail = head < 0 ? -1 : WriteAs4(words[head..]);
        return tail < 0 ? -1 : Join(words[..(head + tail)], head);
    }

    // A confederation is no business of AS4_PATH: such segments are dropped (RFC 6793 section 6).
    private int WriteAs4(Span<uint> words)
    {
        int used = 0;
        for (var rest = _as4; !rest.IsEmpty;)
        {
            int length = 2 + rest[1] * 4;
            if ((SegmentType)rest[0] is SegmentType.Sequence or SegmentType.Set)
            {
                int written = Write(rest[..length], true, words[used..], int.MaxValue);
                if (written < 0) return -1;
                used += written;
            }
            rest = rest[length..];
        }
        return used;
    }

    // Of a path that AS4_PATH goes on from, the first hops; and the confederation segments that touch them.
    private static int Write(ReadOnlySpan<byte> bytes, bool wide, Span<uint> words, int hopsMax)
    {
        int used = 0;
        for (int hops = 0; !bytes.IsEmpty;)
        {
            var type = (SegmentType)bytes[0];
            bool countsNone = type is SegmentType.ConfedSequence or SegmentType.ConfedSet;
            if (hops >= hopsMax && !countsNone) break;
            int held = bytes[1], taken = type is SegmentType.Sequence ? Math.Min(held, hopsMax - hops) : held;
            if (used + 1 + taken > words.Length) return -1;
            words[used++] = PathWords.Header(type, taken);
            for (int i = 0; i < taken; i++)
                words[used++] = wide ? BinaryPrimitives.ReadUInt32BigEndian(bytes[(2 + 4 * i)..])
                    : BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 + 2 * i)..]);
            if (taken < held) break;
            hops += type switch { SegmentType.Sequence => taken, SegmentType.Set => 1, _ => 0 };
            bytes = bytes[(2 + held * (wide ? 4 : 2))..];
        }
        return used;
    }

    // Two sequences that meet where the merge was made are one.
    private static int Join(Span<uint> words, int seam)
    {
        int last = -1;
        for (int i = 0; i < seam; i += 1 + (int)(words[i] & 0xFFFF)) last = i;
        const uint Sequence = (uint)SegmentType.Sequence;
        if (last < 0 || seam >= words.Length || words[last] >> 16 != Sequence || words[seam] >> 16 != Sequence) return words.Length;
        words[last] += words[seam] & 0xFFFF;
        words[(seam + 1)..].CopyTo(words[seam..]);
        return words.Length - 1;
    }

    // A set counts as one hop, confederation segments as none (RFC 4271 section 9.1.2.2, RFC 5065 section 5.3).
    private static int Hops(ReadOnlySpan<byte> bytes, bool wide)
    {
        int hops = 0;
        for (; !bytes.IsEmpty; bytes = bytes[(2 + bytes[1] * (wide ? 4 : 2))..])
            hops += (SegmentType)bytes[0] switch { SegmentType.Sequence => bytes[1], SegmentType.Set => 1, _ => 0 };
        return hops;
    }

    /// <summary>The path as words, for asking it; empty for an empty or malformed path.</summary>
    /// <param name="room">Holds the words, <see cref="WordsMax"/> at the least; with less the path comes out empty.</param>
    public PathWords ToWords(Span<uint> room) => new(room[..Math.Max(0, Write(room))]);

    /// <summary>The text of its words (<see cref="PathWords.ToString"/>); empty for an empty or malformed path.</summary>
    public override string ToString() => ToWords(new uint[WordsMax]).ToString();
}
