using System.Globalization;

namespace Isthmus.Wire;

/// <summary>The flags of a path attribute (RFC 4271 section 4.3).</summary>
[Flags]
public enum AttributeFlags : byte
{
    /// <summary>No flag; on the wire never right, for a well-known attribute has <see cref="Transitive"/>.</summary>
    None = 0,
    /// <summary>The length takes two octets.</summary>
    ExtendedLength = 0x10,
    /// <summary>A router on the way did not know the attribute and passed it on.</summary>
    Partial = 0x20,
    /// <summary>Passed on by those who do not know it; set for well-known attributes too.</summary>
    Transitive = 0x40,
    /// <summary>Not every router knows it; not set for well-known attributes.</summary>
    Optional = 0x80,
}

/// <summary>How long an attribute's value may be: a multiple of a unit, from a least to a most number of bytes.</summary>
internal readonly record struct ValueLength(int Unit, int Least, int Most)
{
    public static ValueLength Any => new(1, 0, ushort.MaxValue);

    public static ValueLength Exactly(int bytes) => new(1, bytes, bytes);

    public static ValueLength AtLeast(int bytes) => new(1, bytes, ushort.MaxValue);

    /// <summary>A multiple, and at least one.</summary>
    public static ValueLength MultipleOf(int bytes) => new(bytes, bytes, ushort.MaxValue);

    public bool Allows(int length) => length >= Least && length <= Most && length % Unit == 0;

    /// <summary>The least bytes that an attribute which is there would have.</summary>
    internal uint Wanted => (uint)Least;

    /// <summary>In words: <c>4 bytes</c>, <c>at least 5 bytes</c>, <c>a multiple of 4 bytes</c>, <c>6 to 8 bytes</c>.</summary>
    public override string ToString() => (Unit, Least == Most, Most == ushort.MaxValue) switch
    {
        (_, true, _) => Counted(Least),
        (1, _, true) => $"at least {Counted(Least)}",
        (_, _, true) => $"a multiple of {Counted(Unit)}",
        _ => string.Create(CultureInfo.InvariantCulture, $"{Least} to {Counted(Most)}"),
    };

    private static string Counted(int bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes} byte{(bytes == 1 ? "" : "s")}");
}

/// <summary>What an attribute must be, and what a receiver does when it is not.</summary>
/// <param name="Flags">The optional and transitive bits that it must have (RFC 7606 section 3 c).</param>
/// <param name="Treatment">What a receiver does about a malformed one.</param>
/// <param name="Section">Where the treatment is written.</param>
internal sealed record AttributeRule(
    AttributeCode Code, string Name, AttributeFlags Flags, ValueLength Length, Treatment Treatment, string Section);

/// <summary>The path attributes with a rule, as RFC 7606 section 7 and the attributes' own RFCs have it.</summary>
internal static class AttributeTable
{
    private const AttributeFlags WellKnown = AttributeFlags.Transitive, Optional = AttributeFlags.Optional,
        OptionalTransitive = AttributeFlags.Optional | AttributeFlags.Transitive;

    private const Treatment Withdraw = Treatment.TreatAsWithdraw, Discard = Treatment.DiscardAttribute, Skip = Treatment.SkipRecord;

    // Where the RFC tells internal sessions from external ones (LOCAL_PREF, ORIGINATOR_ID, CLUSTER_LIST), the row is
    // the one for internal sessions, on which alone the attribute has a meaning. AGGREGATOR has 6 bytes on a 2-octet
    // session, 8 on a 4-octet one. A session reset is to us the loss of the message and of what its peer told.
    private static readonly AttributeRule[] Rows =
    [
        new(AttributeCode.Origin, "ORIGIN", WellKnown, ValueLength.Exactly(1), Withdraw, "RFC 7606 section 7.1"),
        new(AttributeCode.AsPath, "AS_PATH", WellKnown, ValueLength.Any, Withdraw, "RFC 7606 section 7.2"),
        new(AttributeCode.NextHop, "NEXT_HOP", WellKnown, ValueLength.Exactly(4), Withdraw, "RFC 7606 section 7.3"),
        new(AttributeCode.MultiExitDiscriminator, "MULTI_EXIT_DISC", Optional, ValueLength.Exactly(4), Withdraw, "RFC 7606 section 7.4"),
        new(AttributeCode.LocalPreference, "LOCAL_PREF", WellKnown, ValueLength.Exactly(4), Withdraw, "RFC 7606 section 7.5"),
        new(AttributeCode.AtomicAggregate, "ATOMIC_AGGREGATE", WellKnown, ValueLength.Exactly(0), Discard, "RFC 7606 section 7.6"),
        new(AttributeCode.Aggregator, "AGGREGATOR", OptionalTransitive, new(2, 6, 8), Discard, "RFC 7606 section 7.7"),
        new(AttributeCode.Communities, "COMMUNITIES", OptionalTransitive, ValueLength.MultipleOf(4), Withdraw, "RFC 7606 section 7.8"),
        new(AttributeCode.OriginatorId, "ORIGINATOR_ID", Optional, ValueLength.Exactly(4), Withdraw, "RFC 7606 section 7.9"),
        new(AttributeCode.ClusterList, "CLUSTER_LIST", Optional, ValueLength.MultipleOf(4), Withdraw, "RFC 7606 section 7.10"),
        new(AttributeCode.MpReach, "MP_REACH_NLRI", Optional, ValueLength.AtLeast(5), Skip, "RFC 7606 section 7.11"),
        new(AttributeCode.MpUnreach, "MP_UNREACH_NLRI", Optional, ValueLength.AtLeast(3), Skip, "RFC 7606 section 7.12"),
        new(AttributeCode.ExtendedCommunities, "EXTENDED_COMMUNITIES", OptionalTransitive, ValueLength.MultipleOf(8),
            Withdraw, "RFC 7606 section 7.14"),
        new(AttributeCode.As4Path, "AS4_PATH", OptionalTransitive, ValueLength.AtLeast(6), Discard, "RFC 6793 section 6"),
        new(AttributeCode.As4Aggregator, "AS4_AGGREGATOR", OptionalTransitive, ValueLength.Exactly(8), Discard, "RFC 6793 section 6"),
        new(AttributeCode.IPv6ExtendedCommunities, "IPV6_EXTENDED_COMMUNITIES", OptionalTransitive,
            ValueLength.MultipleOf(20), Withdraw, "RFC 7606 section 7.15"),
        new(AttributeCode.AccumulatedIgp, "AIGP", Optional, ValueLength.AtLeast(3), Discard, "RFC 7311 section 3.2"),
        new(AttributeCode.LargeCommunities, "LARGE_COMMUNITY", OptionalTransitive, ValueLength.MultipleOf(12),
            Withdraw, "RFC 8092 section 6"),
        new(AttributeCode.OnlyToCustomer, "ONLY_TO_CUSTOMER", OptionalTransitive, ValueLength.Exactly(4), Withdraw, "RFC 9234 section 5"),
    ];

    private static readonly AttributeRule?[] ByCode = Index();

    /// <summary>Every rule, by code.</summary>
    public static IReadOnlyList<AttributeRule> Rules { get; } = Rows.AsReadOnly();

    /// <summary>The rule of a code; null for an attribute without one, whose value is kept raw and never judged.</summary>
    public static AttributeRule? Find(byte code) => ByCode[code];

    /// <summary>The name of the standard, or <c>attribute 99</c>.</summary>
    public static string NameOf(byte code) =>
        ByCode[code]?.Name ?? string.Create(CultureInfo.InvariantCulture, $"attribute {code}");

    private static AttributeRule?[] Index()
    {
        var index = new AttributeRule?[256];
        foreach (var row in Rows) index[(byte)row.Code] = row;
        return index;
    }
}
