using System.Globalization;
using System.Text;

namespace Isthmus.Wire.Bgp;

/// <summary>One segment of an AS path (RFC 4271 section 4.3).</summary>
/// <param name="type">How its AS numbers stand to each other.</param>
/// <param name="hops">Its AS numbers as they were sent; of a sequence the nearest first.</param>
public readonly ref struct PathSegment(SegmentType type, ReadOnlySpan<uint> hops)
{
    /// <summary>How its AS numbers stand to each other.</summary>
    public SegmentType Type { get; } = type;

    /// <summary>Its AS numbers as they were sent; of a sequence the nearest first.</summary>
    public ReadOnlySpan<uint> Hops { get; } = hops;

    /// <summary>True for members of one confederation, which stand for no AS of the Internet's (RFC 5065).</summary>
    public bool IsConfederation => Type is SegmentType.ConfedSequence or SegmentType.ConfedSet;

    /// <summary>Hops that it counts: a sequence all of its own, a set one, a confederation none (RFC 4271 section 9.1.2.2,
    /// RFC 5065 section 5.3).</summary>
    public int Length => Type switch { SegmentType.Sequence => Hops.Length, SegmentType.Set when !Hops.IsEmpty => 1, _ => 0 };
}

/// <summary>
/// An AS path (RFC 4271 section 4.3) as words, the form in which it is kept and asked: for each segment a header
/// (<see cref="SegmentType"/> in the upper 16 bits, count in the lower), then its AS numbers, nearest hop first. A view, good as long as
/// the words are.
/// </summary>
/// <param name="words">As <see cref="AsPath.Write(Span{uint})"/> makes them; what a header announces beyond their end is not there.</param>
public readonly ref struct PathWords(ReadOnlySpan<uint> words)
{
    private const int TypeShift = 16, CountMask = 0xFFFF;

    private readonly ReadOnlySpan<uint> _words = words;

    /// <summary>The words themselves, headers among them.</summary>
    public ReadOnlySpan<uint> Span => _words;

    /// <summary>True for a path without a segment.</summary>
    public bool IsEmpty => _words.IsEmpty;

    /// <summary>The word that opens a segment.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="count">How many AS numbers follow, at most 65,535.</param>
    public static uint Header(SegmentType type, int count) => (uint)type << TypeShift | (uint)count;

    /// <summary>Its segments in their order.</summary>
    public Enumerator GetEnumerator() => new(_words);

    /// <summary>True when an AS number stands in any segment; the header of a segment is none.</summary>
    public bool Contains(uint asn)
    {
        foreach (var segment in this)
            if (segment.Hops.Contains(asn)) return true;
        return false;
    }

    /// <summary>The AS number that was sent first, whatever its segment is; null for none.</summary>
    public Asn? First
    {
        get
        {
            foreach (var segment in this)
                if (!segment.Hops.IsEmpty) return new(segment.Hops[0]);
            return null;
        }
    }

    /// <summary>The AS number that was sent last, whatever its segment is; null for none.</summary>
    public Asn? Last
    {
        get
        {
            Asn? last = null;
            foreach (var segment in this)
                if (!segment.Hops.IsEmpty) last = new(segment.Hops[^1]);
            return last;
        }
    }

    /// <summary>
    /// Those of which one originated the route, confederations aside: the last AS of a path that ends in a sequence, all of a set at the
    /// end. Empty for an empty path.
    /// </summary>
    public ReadOnlySpan<uint> Origins
    {
        get
        {
            ReadOnlySpan<uint> origins = default;
            foreach (var segment in this)
                if (!segment.IsConfederation && !segment.Hops.IsEmpty)
                    origins = segment.Type is SegmentType.Set ? segment.Hops : segment.Hops[^1..];
            return origins;
        }
    }

    /// <summary>Hops with prepending, as <see cref="PathSegment.Length"/> counts them.</summary>
    public int Length
    {
        get
        {
            int length = 0;
            foreach (var segment in this) length += segment.Length;
            return length;
        }
    }

    /// <summary>
    /// bgpdump's text: <c>2914 4837 {65001,65002}</c>, a confederation sequence in round and a confederation set in square brackets.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var segment in this)
        {
            var (open, between, close) = segment.Type switch
            {
                SegmentType.Set => ("{", ",", "}"),
                SegmentType.ConfedSequence => ("(", " ", ")"),
                SegmentType.ConfedSet => ("[", ",", "]"),
                _ => ("", " ", ""),
            };
            if (text.Length > 0) text.Append(' ');
            text.Append(open);
            for (int i = 0; i < segment.Hops.Length; i++)
                text.Append(i > 0 ? between : "").Append(CultureInfo.InvariantCulture, $"{segment.Hops[i]}");
            text.Append(close);
        }
        return text.ToString();
    }

    /// <summary>Words as a path.</summary>
    public static implicit operator PathWords(ReadOnlySpan<uint> words) => new(words);

    /// <summary>Walks the segments.</summary>
    public ref struct Enumerator
    {
        private ReadOnlySpan<uint> _rest;

        internal Enumerator(ReadOnlySpan<uint> words) => _rest = words;

        /// <summary>The segment that was moved to.</summary>
        public PathSegment Current { get; private set; }

        /// <summary>The segments behind it.</summary>
        public readonly PathWords Rest => _rest;

        /// <summary>False after the last segment.</summary>
        public bool MoveNext()
        {
            if (_rest.IsEmpty) return false;
            uint header = _rest[0];
            int count = Math.Min((int)(header & CountMask), _rest.Length - 1);
            Current = new((SegmentType)unchecked((byte)(header >> TypeShift)), _rest.Slice(1, count));
            _rest = _rest[(1 + count)..];
            return true;
        }
    }
}
