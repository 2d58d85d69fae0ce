namespace Isthmus.Wire.Bgp;

/// <summary>
/// What an attribute's value must be, and what a receiver does when it is not (RFC 7606 section 7; RFC 8092
/// section 6 for large communities; RFC 9234 section 5 for OTC). Indexed by attribute code.
/// </summary>
internal static class AttributeRules
{
    private readonly record struct Rule(byte Unit, ushort Least, ushort Most, Treatment Treatment);

    private static readonly Rule[] _rules = Build();

    private static Rule[] Build()
    {
        var rules = new Rule[256];
        void Set(AttributeCode code, byte unit, ushort least, ushort most, Treatment treatment) =>
            rules[(byte)code] = new(unit, least, most, treatment);
        const ushort Any = ushort.MaxValue;
        Set(AttributeCode.Origin, 1, 1, 1, Treatment.TreatAsWithdraw);                       // section 7.1
        Set(AttributeCode.NextHop, 1, 4, 4, Treatment.TreatAsWithdraw);                      // section 7.3
        Set(AttributeCode.MultiExitDiscriminator, 1, 4, 4, Treatment.TreatAsWithdraw);       // section 7.4
        Set(AttributeCode.LocalPreference, 1, 4, 4, Treatment.TreatAsWithdraw);              // section 7.5
        Set(AttributeCode.AtomicAggregate, 1, 0, 0, Treatment.DiscardAttribute);             // section 7.6
        Set(AttributeCode.Aggregator, 1, 6, 8, Treatment.DiscardAttribute);                  // section 7.7
        Set(AttributeCode.Communities, 4, 4, Any, Treatment.TreatAsWithdraw);                // section 7.8
        Set(AttributeCode.ExtendedCommunities, 8, 8, Any, Treatment.TreatAsWithdraw);        // section 7.14
        Set(AttributeCode.As4Aggregator, 1, 8, 8, Treatment.DiscardAttribute);               // RFC 6793 section 6
        Set(AttributeCode.LargeCommunities, 12, 12, Any, Treatment.TreatAsWithdraw);         // RFC 8092 section 6
        Set(AttributeCode.OnlyToCustomer, 1, 4, 4, Treatment.TreatAsWithdraw);               // RFC 9234 section 5
        return rules;
    }

    /// <summary>The gravest thing wrong with an update's attributes and prefixes; the first of equally grave ones.</summary>
    public static Fault Check(in BgpUpdate update, int offset)
    {
        Fault worst = default;
        Span<ulong> seen = stackalloc ulong[4];
        var walk = update.Attributes.GetEnumerator();
        int at = offset;
        while (walk.MoveNext())
        {
            var attribute = walk.Current;
            int header = (attribute.Flags & 0x10) != 0 ? 4 : 3;
            ref ulong word = ref seen[attribute.Code >> 6];
            ulong bit = 1UL << (attribute.Code & 63);
            // Of two of a kind the first counts (RFC 7606 section 3 g).
            if ((word & bit) != 0) worst = Graver(worst, new(FaultKind.Duplicate, at, 0, 0, Treatment.DiscardAttribute, attribute.Code));
            else worst = Graver(worst, Check(attribute, at + header, update.Attributes));
            word |= bit;
            at += header + attribute.Value.Length;
        }
        if (walk.Overrun) // RFC 7606 section 4
        {
            uint left = (uint)(offset + update.Attributes.Bytes.Length - at);
            return Graver(worst, new(FaultKind.BadLength, at, 0, left, Treatment.TreatAsWithdraw));
        }
        bool announces = !update.AnnouncedBytes.IsEmpty || !update.MpReach.NlriBytes.IsEmpty;
        return announces ? Graver(worst, Missing(seen, offset, update)) : worst;
    }

    private static Fault Check(PathAttribute attribute, int at, PathAttributes all)
    {
        int length = attribute.Value.Length;
        var rule = _rules[attribute.Code];
        if (rule.Unit != 0 && (length < rule.Least || length > rule.Most || length % rule.Unit != 0))
            return new(FaultKind.BadLength, at, Math.Max(rule.Least, rule.Unit), (uint)length, rule.Treatment, attribute.Code);
        if (attribute.Code == (byte)AttributeCode.Origin && attribute.Value[0] > 2)
            return new(FaultKind.BadValue, at, 1, 1, Treatment.TreatAsWithdraw, attribute.Code);
        if (attribute.Code == (byte)AttributeCode.AsPath && !all.AsPath.IsSound) // section 7.2
            return new(FaultKind.BadValue, at, 0, (uint)length, Treatment.TreatAsWithdraw, attribute.Code);
        return default;
    }

    // Section 3 d: without these an announced route cannot be used.
    private static Fault Missing(ReadOnlySpan<ulong> seen, int offset, in BgpUpdate update)
    {
        byte missing = !Has(seen, AttributeCode.Origin) ? (byte)AttributeCode.Origin
            : !Has(seen, AttributeCode.AsPath) ? (byte)AttributeCode.AsPath
            : !update.AnnouncedBytes.IsEmpty && !Has(seen, AttributeCode.NextHop) ? (byte)AttributeCode.NextHop
            : (byte)0;
        return missing == 0 ? default : new(FaultKind.Missing, offset, 0, 0, Treatment.TreatAsWithdraw, missing);
    }

    private static bool Has(ReadOnlySpan<ulong> seen, AttributeCode code) => (seen[0] >> (int)code & 1) != 0;

    private static Fault Graver(Fault one, Fault other) => other.Treatment > one.Treatment ? other : one;
}
