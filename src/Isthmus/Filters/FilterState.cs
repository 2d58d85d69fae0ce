using System.Buffers.Binary;
using System.Runtime.InteropServices;

using Isthmus.Routes;
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

    // Where in the block the hops of a plain path lie, once that was looked for; no bytes where it is no such path.
    private int _sequenceAt = -1, _sequenceBytes;

    /// <summary>True when the block held a path that can be read; known after <see cref="PathOf"/>.</summary>
    public bool HasSoundPath { get; private set; }

    /// <summary>Another event, or more of one: what was decoded no longer counts.</summary>
    public void Forget()
    {
        _length = -1;
        _sequenceAt = -1;
    }

    /// <summary>The path, decoded once however many terms ask.</summary>
    public PathWords PathOf(PathAttributes attributes)
    {
        if (_length >= 0) return new(_words.AsSpan(0, _length));
        if (TrySequence(attributes, out var hops))
        {
            int count = hops.Length / sizeof(uint);
            _words[0] = PathWords.Header(SegmentType.Sequence, count);
            var wire = MemoryMarshal.Cast<byte, uint>(hops);
            if (BitConverter.IsLittleEndian) BinaryPrimitives.ReverseEndianness(wire, _words.AsSpan(1));
            else wire.CopyTo(_words.AsSpan(1));
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
        return new(_words.AsSpan(0, _length));
    }

    /// <summary>The hops of a path that is one sequence of 4-octet numbers, as nearly every path is: nothing to merge or mend.</summary>
    public bool TrySequence(PathAttributes attributes, out ReadOnlySpan<byte> hops)
    {
        if (_sequenceAt < 0) (_sequenceAt, _sequenceBytes) = FindSequence(attributes);
        hops = attributes.Bytes.Slice(_sequenceAt, _sequenceBytes);
        return _sequenceBytes > 0;
    }

    // The first eight bytes of a block that begins with ORIGIN and AS_PATH, whatever their values are.
    private const ulong OriginAndPath = 0x40_01_01_00_40_02_00_00, OriginAndPathMask = 0xFF_FF_FF_00_FF_FF_00_00;

    private static (int At, int Bytes) FindSequence(PathAttributes attributes)
    {
        var block = attributes.Bytes;
        // Mostly it stands behind ORIGIN, which has one byte.
        const int Behind = 7;
        int at = Behind;
        ReadOnlySpan<byte> path;
        if (block.Length >= sizeof(ulong) && (BinaryPrimitives.ReadUInt64BigEndian(block) & OriginAndPathMask) == OriginAndPath
            && block[Behind - 1] <= block.Length - Behind) path = block.Slice(Behind, block[Behind - 1]);
        else if (!attributes.TryFind(AttributeCode.AsPath, out path) || !block.Overlaps(path, out at)) return default;
        return attributes.IsWide && path is [(byte)SegmentType.Sequence, > 0 and var count, ..] && path.Length == 2 + sizeof(uint) * count
            ? (at + 2, path.Length - 2) : default;
    }

    /// <summary>The matcher that this file uses for a pattern.</summary>
    public HopMatcher MatcherOf(HopPattern pattern)
    {
        if (!_matchers.TryGetValue(pattern, out var matcher)) _matchers.Add(pattern, matcher = new(pattern));
        return matcher;
    }

    /// <summary>The AS left of the origin on the cleaned path of hops that <see cref="TrySequence"/> gave.</summary>
    public Asn? UpstreamOfSequence(ReadOnlySpan<byte> hops) => _cleaning.UpstreamOfSequence(hops);

    /// <summary>The AS left of the origin on the cleaned path; null where the path has none or is refused.</summary>
    public Asn? UpstreamOf(PathWords path) => _cleaning.UpstreamOf(path);
}
