using System.Globalization;

using CsCheck;

using Isthmus.Scenarios;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

using SegmentType = Isthmus.Scenarios.SegmentType;
using Written = Isthmus.Scenarios.PathAttributes;

namespace Isthmus.Tests.Wire;

/// <summary>The attributes of a route as a test draws them, to be written by the encoder and read by the library.</summary>
internal sealed record DrawnRoute(string Path, OriginCode Origin)
{
    private static readonly Gen<uint> _asn = Gen.OneOf(
        Gen.UInt[1, 9], Gen.UInt[1, 23_455], Gen.UInt[23_457, 65_535], Gen.UInt[65_536, uint.MaxValue]);

    public uint? Med { get; init; }
    public uint? LocalPreference { get; init; }
    public bool AtomicAggregate { get; init; }
    public (uint Asn, IpAddress Address)? Aggregator { get; init; }
    public uint[] Communities { get; init; } = [];
    public ulong[] ExtendedCommunities { get; init; } = [];
    public byte[][] IPv6ExtendedCommunities { get; init; } = [];
    public (uint, uint, uint)[] LargeCommunities { get; init; } = [];
    public uint? Originator { get; init; }
    public uint[] Clusters { get; init; } = [];
    public ulong? AccumulatedIgp { get; init; }
    public uint? OnlyToCustomer { get; init; }

    /// <summary>Code and value of an attribute that has no rule.</summary>
    public (byte Code, byte[] Value)? Unknown { get; init; }

    /// <summary>AS numbers of two and of four octets.</summary>
    public static Gen<uint> Asns => _asn;

    public static Gen<IpAddress> IPv4 => Gen.UInt.Select(IpAddress.V4);

    public static Gen<IpAddress> IPv6 => Gen.Select(Gen.ULong, Gen.OneOf(Gen.Const(0ul), Gen.ULong))
        .Select((high, low) => new IpAddress(high, low, AddressFamily.IPv6));

    public static Gen<Prefix> Prefixes(bool v6) => v6
        ? Gen.Select(IPv6, Gen.Int[0, 128]).Select((address, length) => new Prefix(address, length))
        : Gen.Select(IPv4, Gen.Int[0, 32]).Select((address, length) => new Prefix(address, length));

    /// <summary>Prefixes that differ, all with path identifiers or all without.</summary>
    public static Gen<Nlri[]> Nlris(bool v6, bool withPathIds, int least = 0) =>
        Gen.Select(Prefixes(v6), Gen.UInt).Array[least, 6].Select(drawn => drawn.DistinctBy(one => one.Item1)
            .Select(one => new Nlri(one.Item1, withPathIds ? one.Item2 : null)).ToArray());

    /// <summary>A path as text, in segments: sequences, sets and, where asked, those of confederations.</summary>
    public static Gen<WrittenSegment[]> Paths(bool confederations) =>
        Gen.Frequency(
            (20, Gen.Select(Gen.Int[1, confederations ? 4 : 2], _asn.Array[1, 5])),
            (1, Gen.Select(Gen.Const((int)SegmentType.Sequence), _asn.Array[256, 300])))
            .Select((type, asns) => new WrittenSegment((SegmentType)type, [.. asns.Select(asn => new Asn(asn))])).Array[0, 4];

    public static Gen<DrawnRoute> Routes(bool confederations) => Gen.Select(
        Gen.Select(Paths(confederations), Gen.Int[0, 2], Gen.UInt.Nullable(), Gen.UInt.Nullable(), Gen.Bool),
        Gen.Select(Gen.Select(_asn, IPv4).Nullable(), Gen.UInt.Array[0, 70], Gen.ULong.Array[0, 3], Gen.Byte.Array[20].Array[0, 2]),
        Gen.Select(Gen.Select(Gen.UInt, Gen.UInt, Gen.UInt).Array[0, 3], Gen.UInt.Nullable(), Gen.UInt.Array[0, 3]),
        Gen.Select(Gen.ULong.Nullable(), Gen.UInt.Nullable(), Gen.Select(Gen.Byte[100, 255], Gen.Byte.Array[0, 300]).Nullable()))
        .Select((basic, many, reflected, late) => new DrawnRoute(TextOf(basic.Item1), (OriginCode)basic.Item2)
        {
            Med = basic.Item3,
            LocalPreference = basic.Item4,
            AtomicAggregate = basic.Item5,
            Aggregator = many.Item1,
            Communities = many.Item2,
            ExtendedCommunities = many.Item3,
            IPv6ExtendedCommunities = many.Item4,
            LargeCommunities = reflected.Item1,
            Originator = reflected.Item2,
            Clusters = reflected.Item3,
            AccumulatedIgp = late.Item1,
            OnlyToCustomer = late.Item2,
            Unknown = late.Item3,
        });

    /// <summary>As bgpdump writes a path.</summary>
    public static string TextOf(IEnumerable<WrittenSegment> segments) => string.Join(' ', segments.Select(segment => segment.Type switch
    {
        SegmentType.Set => $"{{{Numbers(segment, ",")}}}",
        SegmentType.ConfederationSequence => $"({Numbers(segment, " ")})",
        SegmentType.ConfederationSet => $"[{Numbers(segment, ",")}]",
        _ => Numbers(segment, " "),
    }));

    /// <summary>The attributes for the encoder; what announces IPv6 is added by the caller.</summary>
    public Written Write(IpAddress? nextHop)
    {
        var route = new Written().Origin(Origin).AsPath(Path, withAs4Path: true);
        if (nextHop is { } hop) route.NextHop(hop.ToString());
        if (Med is { } med) route.Med(med);
        if (LocalPreference is { } preference) route.LocalPref(preference);
        if (AtomicAggregate) route.AtomicAggregate();
        if (Aggregator is { } aggregator)
        {
            route.Aggregator(aggregator.Asn, aggregator.Address.ToString());
            if (aggregator.Asn > ushort.MaxValue) route.As4Aggregator(aggregator.Asn, aggregator.Address.ToString());
        }
        if (Communities.Length > 0)
            route.Communities([.. Communities.Select(one => string.Create(CultureInfo.InvariantCulture, $"{one >> 16}:{one & 0xFFFF}"))]);
        if (Originator is { } originator) route.OriginatorId(IpAddress.V4(originator).ToString());
        if (Clusters.Length > 0) route.ClusterList([.. Clusters.Select(one => IpAddress.V4(one).ToString())]);
        if (ExtendedCommunities.Length > 0) route.ExtendedCommunities(ExtendedCommunities);
        if (IPv6ExtendedCommunities.Length > 0) route.IPv6ExtendedCommunities(IPv6ExtendedCommunities);
        if (AccumulatedIgp is { } metric) route.AccumulatedIgp(metric);
        if (LargeCommunities.Length > 0)
            route.LargeCommunities([.. LargeCommunities.Select(one => new LargeCommunity(one.Item1, one.Item2, one.Item3).ToString())]);
        if (OnlyToCustomer is { } asn) route.OnlyToCustomer(asn);
        if (Unknown is { } unknown) route.Raw(0xC0, unknown.Code, unknown.Value);
        return route;
    }

    /// <summary>Fails where the view says anything else than what was written.</summary>
    public void AssertIs(Isthmus.Wire.Bgp.PathAttributes read)
    {
        Assert.Equal(Path, read.AsPath.ToString());
        Assert.Equal((byte)Origin, read.Origin);
        Assert.Equal(Med, read.MultiExitDiscriminator);
        Assert.Equal(LocalPreference, read.LocalPreference);
        Assert.Equal(AtomicAggregate, read.AtomicAggregate);
        Assert.Equal(Aggregator, read.Aggregator is { } aggregator ? (aggregator.Asn.Number, aggregator.Address) : null);
        Assert.Equal(Communities, All(read.Communities).Select(one => one.Value));
        Assert.Equal(ExtendedCommunities, All(read.ExtendedCommunities).Select(one => one.Value));
        Assert.Equal(IPv6ExtendedCommunities.Select(one => IPv6ExtendedCommunity.Read(one)), All(read.IPv6ExtendedCommunities));
        Assert.Equal(LargeCommunities, All(read.LargeCommunities).Select(one => (one.Global, one.Local1, one.Local2)));
        Assert.Equal(Originator is { } originator ? IpAddress.V4(originator) : default, read.OriginatorId);
        Assert.Equal(Clusters, All(read.ClusterList).Select(one => one.Value));
        Assert.Equal(AccumulatedIgp, read.AccumulatedIgp);
        Assert.Equal(OnlyToCustomer, read.OnlyToCustomer?.Number);
        if (Unknown is not { } unknown) return;
        Assert.True(read.TryFind((AttributeCode)unknown.Code, out var value));
        Assert.Equal(unknown.Value, value.ToArray());
    }

    private static T[] All<T>(ValueList<T> list) where T : IWireValue<T>
    {
        var all = new List<T>();
        foreach (var one in list) all.Add(one);
        return [.. all];
    }

    private static string Numbers(WrittenSegment segment, string between) =>
        string.Join(between, segment.Asns.Select(asn => asn.Number.ToString(CultureInfo.InvariantCulture)));
}
