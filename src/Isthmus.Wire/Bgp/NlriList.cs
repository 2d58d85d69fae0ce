using System.Buffers.Binary;

namespace Isthmus.Wire.Bgp;

/// <summary>
/// A run of prefixes as BGP packs them (RFC 4271 section 4.3), with path identifiers where ADD-PATH is on (RFC 7911 section 3): a view,
/// good as long as the bytes are.
/// </summary>
/// <param name="bytes">The packed prefixes.</param>
/// <param name="family">IPv4 or IPv6: the bytes do not say.</param>
/// <param name="withPathIds">True when each prefix is led by a 4-octet path identifier: the bytes do not say.</param>
public readonly ref struct NlriList(ReadOnlySpan<byte> bytes, AddressFamily family, bool withPathIds)
{
    /// <summary>The packed prefixes.</summary>
    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    /// <summary>Family of the prefixes.</summary>
    public AddressFamily Family { get; } = family;

    /// <summary>True when each prefix is led by a 4-octet path identifier.</summary>
    public bool WithPathIds { get; } = withPathIds;

    /// <summary>True when there are no bytes, and so no prefix.</summary>
    public bool IsEmpty => Bytes.IsEmpty;

    /// <summary>Walks the prefixes in their order.</summary>
    public Enumerator GetEnumerator() => new(this);

    /// <summary>
    /// True when the bytes are prefixes to the last, and the default route is not among them twice, as it is where bytes are zeroed.
    /// With path identifiers it may have several paths. All prefixes are walked to tell.
    /// </summary>
    public bool IsSound => TryCount(out _);

    /// <summary>The same, and how many: lengths alone tell, an address need not be read.</summary>
    internal bool TryCount(out int count)
    {
        var bytes = Bytes;
        int most = Family is AddressFamily.IPv4 ? 32 : 128, head = WithPathIds ? 4 : 0, at = 0, defaults = 0;
        for (count = 0; at < bytes.Length; count++)
        {
            at += head;
            if ((uint)at >= (uint)bytes.Length || bytes[at] > most) return false;
            if (bytes[at] == 0) defaults++;
            at += 1 + (bytes[at] + 7 >> 3);
        }
        return at == bytes.Length && (defaults < 2 || WithPathIds);
    }

    /// <summary>Why the list is not sound; its offset counts from the start of the list.</summary>
    internal Fault FindFault()
    {
        var walk = GetEnumerator();
        int defaults = 0;
        while (walk.MoveNext())
            if (walk.Current.Length == 0 && ++defaults > 1 && !WithPathIds) return new(FaultKind.Duplicate, walk.Offset - 1, 1, 2);
        return walk.Fault;
    }

    /// <summary>Walks the prefixes; ends at the first that cannot be one, which <see cref="Fault"/> tells.</summary>
    public ref struct Enumerator
    {
        private readonly int _bitsMax;
        private readonly AddressFamily _family;
        private readonly bool _withPathIds;
        private ByteReader _reader;

        internal Enumerator(NlriList list)
        {
            _bitsMax = list.Family is AddressFamily.IPv4 ? 32 : 128;
            _family = list.Family;
            _withPathIds = list.WithPathIds;
            _reader = new(list.Bytes);
        }

        /// <summary>The prefix moved to; bits beyond its length are cleared.</summary>
        public Prefix Current { get; private set; }

        /// <summary>The path identifier of the prefix moved to (RFC 7911 section 3); 0 where the list has none.</summary>
        public uint PathId { get; private set; }

        /// <summary>What ended the walk early (RFC 7606 section 3 j); its offset counts from the start of the list.</summary>
        public readonly Fault Fault => _reader.Fault;

        /// <summary>Bytes from the start of the list to the end of the prefix moved to.</summary>
        internal readonly int Offset => _reader.Offset;

        /// <summary>False after the last prefix, and at the first that cannot be one.</summary>
        public bool MoveNext()
        {
            if (!_reader.More) return false;
            if (_withPathIds) PathId = _reader.U32();
            Current = ReadPrefix(ref _reader, _family, _bitsMax);
            return _reader.Ok;
        }
    }

    /// <summary>Reads one length-led prefix; bits beyond the length are cleared.</summary>
    internal static Prefix ReadPrefix(ref ByteReader reader, AddressFamily family, int bitsMax)
    {
        byte bits = reader.U8();
        if (bits > bitsMax)
        {
            reader.FailBehind(1, FaultKind.BadPrefix, (uint)bitsMax, bits);
            return default;
        }
        // What stands behind it is read with it where it is there: a prefix clears the bits beyond its length.
        var ahead = reader.Unread;
        var bytes = reader.Take((uint)(bits + 7) / 8);
        return ahead.Length >= 16 ? new(Whole(ahead, family), bits) : Short(bytes, family, bits);
    }

    /// <summary>Reads one prefix of a sound list.</summary>
    /// <param name="at">Where its length stands.</param>
    /// <param name="length">Bytes that it takes, its length's among them.</param>
    internal static Prefix PrefixAt(ReadOnlySpan<byte> bytes, int at, AddressFamily family, out int length)
    {
        byte bits = bytes[at];
        length = 1 + (bits + 7 >> 3);
        var ahead = bytes[(at + 1)..];
        return ahead.Length >= 16 ? new(Whole(ahead, family), bits) : Short(ahead[..(length - 1)], family, bits);
    }

    /// <summary>How many prefixes a sound list holds.</summary>
    internal static int CountOf(ReadOnlySpan<byte> bytes, bool withPathIds)
    {
        int count = 0;
        for (int at = withPathIds ? 4 : 0; at < bytes.Length; at += (withPathIds ? 5 : 1) + (bytes[at] + 7 >> 3)) count++;
        return count;
    }

    private static IpAddress Whole(ReadOnlySpan<byte> bytes, AddressFamily family) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(bytes), BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]), family);

    private static Prefix Short(ReadOnlySpan<byte> bytes, AddressFamily family, byte bits)
    {
        ulong high = 0, low = 0;
        for (int i = 0; i < bytes.Length; i++)
        {
            if (i < 8) high |= (ulong)bytes[i] << 56 - 8 * i;
            else low |= (ulong)bytes[i] << 120 - 8 * i;
        }
        return new(new IpAddress(high, low, family), bits);
    }
}
