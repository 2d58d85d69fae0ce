using System.Buffers.Binary;
using System.Runtime.InteropServices;

using Isthmus.Attribution;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Filters;

/// <summary>What evaluation over one file remembers, on one thread: nothing is allocated for an event.</summary>
internal sealed class FilterState
{
    private readonly PathCleaning _cleaning = new();
    private readonly Dictionary<HopPattern, HopMatcher> _matchers = [];
    private uint[] _words = new uint[512];
    private int _length = -1;

    /// <summary>True when the block held a path that can be read; known after <see cref="PathOf"/>.</summary>
    public bool HasSoundPath { get; private set; }

    /// <summary>Another event, or more of one: what was decoded no longer counts.</summary>
    public void Forget() => _length = -1;

    /// <summary>The path as words (see <see cref="AsPath"/>), decoded once however many terms ask.</summary>
    public ReadOnlySpan<uint> PathOf(PathAttributes attributes)
    {
        if (_length >= 0) return _words.AsSpan(0, _length);
        if (TrySequence(attributes, out var hops))
        {
            int count = hops.Length / sizeof(uint);
            _words[0] = (uint)SegmentType.Sequence << 16 | (uint)count;
            BinaryPrimitives.ReverseEndianness(MemoryMarshal.Cast<byte, uint>(hops), _words.AsSpan(1));
            HasSoundPath = true;
            _length = count + 1;
        }
        else
        {
            var path = attributes.AsPath;
            HasSoundPath = path.IsSound && !path.IsEmpty;
            if (path.WordsMax > _words.Length) _words = new uint[path.WordsMax * 2];
            _length = Math.Max(0, path.Write(_words));
        }
        return _words.AsSpan(0, _length);
    }

    /// <summary>The hops of a path that is one sequence of 4-octet numbers, as nearly every path is: nothing to merge or mend.</summary>
    public static bool TrySequence(PathAttributes attributes, out ReadOnlySpan<byte> hops)
    {
        hops = default;
        if (!BitConverter.IsLittleEndian || !attributes.IsWide || !TryPath(attributes, out var path)) return false;
        if (path.Length <= 2 || path[0] != (byte)SegmentType.Sequence || path.Length != 2 + sizeof(uint) * path[1]) return false;
        hops = path[2..];
        return true;
    }

    // Mostly it stands behind ORIGIN, which has one byte.
    private static bool TryPath(PathAttributes attributes, out ReadOnlySpan<byte> path)
    {
        var bytes = attributes.Bytes;
        const int At = 7;
        if (bytes is not [0x40, (byte)AttributeCode.Origin, 1, _, 0x40, (byte)AttributeCode.AsPath, var length, ..]
            || length > bytes.Length - At) return attributes.TryFind(AttributeCode.AsPath, out path);
        path = bytes.Slice(At, length);
        return true;
    }

    /// <summary>The matcher that this file uses for a pattern.</summary>
    public HopMatcher MatcherOf(HopPattern pattern)
    {
        if (!_matchers.TryGetValue(pattern, out var matcher)) _matchers.Add(pattern, matcher = new(pattern));
        return matcher;
    }

    /// <summary>The AS left of the origin on the cleaned path of such hops, when prepending is all that there is to clean.</summary>
    public bool TryUpstreamOf(ReadOnlySpan<byte> sequence, out Asn? upstream) => _cleaning.TryUpstreamOf(sequence, out upstream);

    /// <summary>The AS left of the origin on the cleaned path; null where the path has none or is refused.</summary>
    public Asn? UpstreamOf(ReadOnlySpan<uint> words) => _cleaning.UpstreamOf(words);
}
