using System.Buffers.Binary;

namespace Isthmus.Benchmarks;

/// <summary>
/// Writes RIB dumps and updates of any size that are like real ones in what a decoder feels: how long paths are, how
/// many bytes an element takes, and how often an attribute block comes again, at the same peer and soon. Equal
/// arguments give equal bytes. The networks in it do not exist.
/// </summary>
/// <param name="prefixes">Of these five sixths are IPv4, the rest IPv6, as in a full table of 2025.</param>
internal sealed class SyntheticTable(int prefixes, int peers)
{
    private const uint Time = 1_750_000_000;

    /// <summary>Prefixes of one origin stand side by side, 14 on average, as in the real table.</summary>
    private const int PrefixesOfOriginMean = 14;

    /// <summary>One prefix in so many has other attributes than its origin's other ones: traffic engineering.</summary>
    private const int VariantEvery = 8;

    /// <summary>One peer in so many does not hold a prefix.</summary>
    private const int MissingEvery = 50;

    // Hops of a path: 2 to 12, the median 5.
    private static readonly byte[] _hops =
        [2, 3, 3, 3, 4, 4, 4, 4, 4, 4, 5, 5, 5, 5, 5, 5, 5, 6, 6, 6, 6, 6, 7, 7, 7, 8, 8, 9, 9, 10, 11, 12];

    private readonly byte[] _record = new byte[1 << 20];
    private int _at;

    /// <summary>A TABLE_DUMP_V2 dump: a peer index table, then a record for each prefix.</summary>
    public void WriteRib(Stream output)
    {
        WritePeerIndex(output);
        uint sequence = 0;
        foreach (var (origin, variant, number) in Prefixes())
        {
            bool v6 = IsV6(number);
            Begin(type: 13, subtype: v6 ? 4 : 2);
            U32(sequence++);
            Prefix(number, v6);
            int count = _at;
            U16(0);
            int entries = 0;
            for (int peer = 0; peer < peers; peer++)
            {
                if (Mix((ulong)number * 131 + (ulong)peer) % MissingEvery == 0) continue;
                U16(peer);
                U32(Time - 1 - (uint)(Mix((ulong)origin << 20 | (uint)peer) % 864_000));
                int length = _at;
                U16(0);
                Attributes(peer, origin, variant, v6, abbreviated: true, number);
                BinaryPrimitives.WriteUInt16BigEndian(_record.AsSpan(length), (ushort)(_at - length - 2));
                entries++;
            }
            BinaryPrimitives.WriteUInt16BigEndian(_record.AsSpan(count), (ushort)entries);
            End(output);
        }
    }

    /// <summary>BGP4MP messages of one peer after the other: five announcements for one withdrawal.</summary>
    /// <param name="first">The number of the first: a file that goes on where another ended.</param>
    public void WriteUpdates(Stream output, int messages, int first = 0)
    {
        var origins = Prefixes().ToArray();
        for (int i = first; i < first + messages; i++)
        {
            ulong chance = Mix((ulong)i + 77);
            int peer = (int)(chance % (ulong)peers), at = (int)((chance >> 8) % (ulong)origins.Length);
            var (origin, variant, number) = origins[at];
            bool v6 = IsV6(number);
            Begin(type: 17, subtype: 4, Time + (uint)(i / 1000));
            U32((uint)(i % 1000 * 1000));
            U32(PeerAs(peer));
            U32(12654);
            U16(0);
            U16(1);
            U32(0xC0000200u + (uint)peer);
            U32(0xC00002FEu);
            int message = _at;
            for (int byteOfMarker = 0; byteOfMarker < 16; byteOfMarker++) U8(0xFF);
            U16(0);
            U8(2);
            Body(chance >> 40, (peer, origin, variant, at), v6, origins);
            BinaryPrimitives.WriteUInt16BigEndian(_record.AsSpan(message + 16), (ushort)(_at - message));
            End(output);
        }
    }

    private void Body(
        ulong chance, (int Peer, int Origin, int Variant, int At) route, bool v6, (int Origin, int Variant, int Number)[] all)
    {
        bool withdraws = chance % 6 == 0;
        int last = route.At;
        while (last + 1 < all.Length && last - route.At < (int)(chance >> 4 & 7)
            && all[last + 1].Origin == route.Origin && all[last + 1].Variant == route.Variant && IsV6(all[last + 1].Number) == v6) last++;
        if (withdraws && !v6)
        {
            Sized(() => PrefixesOf(route.At, last, all, v6));
            U16(0);
            return;
        }
        U16(0);
        Sized(() =>
        {
            if (!withdraws) Attributes(route.Peer, route.Origin, route.Variant, v6, abbreviated: false, all[route.At].Number);
            if (!v6) return;
            U8(0x90);
            U8(withdraws ? 15 : 14);
            Sized(() =>
            {
                U16(2);
                U8(1);
                if (!withdraws)
                {
                    NextHopV6(route.Peer);
                    U8(0);
                }
                PrefixesOf(route.At, last, all, v6);
            });
        });
        if (!v6) PrefixesOf(route.At, last, all, v6);
    }

    private void PrefixesOf(int from, int to, (int Origin, int Variant, int Number)[] all, bool v6)
    {
        for (int i = from; i <= to; i++) Prefix(all[i].Number, v6);
    }

    // Origins one after the other, each with a run of prefixes; both families.
    private IEnumerable<(int Origin, int Variant, int Number)> Prefixes()
    {
        int number = 0;
        for (int origin = 0; number < prefixes; origin++)
        {
            // Heavy-tailed: many ASes with one prefix, few with hundreds.
            double chance = (Mix((ulong)origin) >> 11) / (double)(1UL << 53);
            int run = (int)Math.Min(2000, PrefixesOfOriginMean * 0.25 / Math.Sqrt(1 - chance)) + (int)(chance * 10);
            for (int i = 0; i <= run && number < prefixes; i++, number++)
                yield return (origin, Mix((ulong)number + 1_000_003) % VariantEvery == 0 ? 1 + (int)(Mix((ulong)number) % 4) : 0, number);
        }
    }

    private bool IsV6(int number) => number >= prefixes / 6 * 5;

    private static uint PeerAs(int peer) => 3000 + (uint)peer * 37;

    private void WritePeerIndex(Stream output)
    {
        Begin(type: 13, subtype: 1);
        U32(0xC0000201);
        U16(0);
        U16(peers);
        for (int peer = 0; peer < peers; peer++)
        {
            U8(2);
            U32(0xC0000200u + (uint)peer);
            U32(0xC0000200u + (uint)peer);
            U32(PeerAs(peer));
        }
        End(output);
    }

    private void Attributes(int peer, int origin, int variant, bool v6, bool abbreviated, int number)
    {
        ulong key = Mix((ulong)origin * 64 + (ulong)peer + ((ulong)variant << 40));
        Attribute(0x40, 1, 1);
        U8(key % 20 == 0 ? 2 : 0);
        Path(peer, origin, key);
        if (!v6)
        {
            Attribute(0x40, 3, 4);
            U32(0xC0000200u + (uint)peer);
        }
        else if (abbreviated)
        {
            Attribute(0x80, 14, 17);
            NextHopV6(peer);
        }
        if (key % 3 == 0)
        {
            Attribute(0x80, 4, 4);
            U32((uint)(key >> 50));
        }
        Communities(peer, key);
        // A hijacker's or an anycast's difference: a few blocks are one prefix's alone.
        if (Mix((ulong)number * 977 + (ulong)peer) % 200 == 0)
        {
            Attribute(0xC0, 7, 8);
            U32((uint)(100_000 + origin));
            U32((uint)number);
        }
    }

    private void Path(int peer, int origin, ulong key)
    {
        int hops = _hops[key >> 8 & 31];
        Attribute(0x40, 2, 2 + 4 * hops);
        U8(2);
        U8(hops);
        U32(PeerAs(peer));
        uint own = 100_000 + (uint)origin;
        // Of long paths some are long by prepending.
        int prepended = hops > 5 && (key >> 20 & 3) == 0 ? hops - 4 : 1;
        for (int i = 1; i < hops - prepended; i++)
        {
            ulong hop = Mix(key, i * 31 + origin / 50);
            // Few networks are on most paths.
            U32(1000 + (uint)(hop % 37 * (hop >> 32) % (i == 1 ? 60u : 4000u)));
        }
        for (int i = Math.Max(1, hops - prepended); i < hops; i++) U32(own);
    }

    private void Communities(int peer, ulong key)
    {
        int count = (int)(Mix(key) % 14);
        if (count == 0) return;
        Attribute(0xC0, 8, 4 * count);
        for (int i = 0; i < count; i++) U32(PeerAs(peer) << 16 | (uint)(Mix(key, i) % 3000));
    }

    private void NextHopV6(int peer)
    {
        U8(16);
        U32(0x20010DB8);
        U32(0);
        U32(0);
        U32((uint)peer + 1);
    }

    private void Attribute(int flags, int code, int length)
    {
        U8(flags);
        U8(code);
        U8(length);
    }

    private void Prefix(int number, bool v6)
    {
        if (v6)
        {
            U8(48);
            U32(0x20010000 | (uint)number >> 16);
            U16(number & 0xFFFF);
            return;
        }
        // Six of ten are /24.
        int bits = Mix((ulong)number / 4) % 10 < 6 ? 24 : 22;
        uint address = 0x01000000u + ((uint)number << 10);
        U8(bits);
        U8((int)(address >> 24));
        U8((int)(address >> 16));
        U8((int)(address >> 8));
    }

    private void Begin(int type, int subtype, uint time = Time)
    {
        _at = 0;
        U32(time);
        U16(type);
        U16(subtype);
        U32(0);
    }

    private void End(Stream output)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_record.AsSpan(8), (uint)_at - 12);
        output.Write(_record, 0, _at);
    }

    private void Sized(Action write)
    {
        int length = _at;
        U16(0);
        write();
        BinaryPrimitives.WriteUInt16BigEndian(_record.AsSpan(length), (ushort)(_at - length - 2));
    }

    private void U8(int value) => _record[_at++] = unchecked((byte)value);

    private void U16(int value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_record.AsSpan(_at), (ushort)value);
        _at += 2;
    }

    private void U32(uint value)
    {
        BinaryPrimitives.WriteUInt32BigEndian(_record.AsSpan(_at), value);
        _at += 4;
    }

    private static ulong Mix(ulong key, int salt) => Mix(unchecked(key + (ulong)salt));

    // SplitMix64: equal keys give equal numbers, near keys have nothing in common.
    private static ulong Mix(ulong key)
    {
        unchecked
        {
            key += 0x9E3779B97F4A7C15;
            key = (key ^ key >> 30) * 0xBF58476D1CE4E5B9;
            key = (key ^ key >> 27) * 0x94D049BB133111EB;
            return key ^ key >> 31;
        }
    }

}
