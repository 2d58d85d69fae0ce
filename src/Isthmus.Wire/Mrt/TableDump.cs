using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>Reads the heads of RIB records, of both versions, up to their entries.</summary>
internal static class TableDump
{
    /// <summary>What the entries of a TABLE_DUMP_V2 record have in common.</summary>
    internal readonly record struct Head(Prefix Prefix, bool EntryPathIds, uint PathId);

    /// <summary>TABLE_DUMP_V2 (RFC 6396 section 4.3, RFC 8050 section 4): one prefix, an entry for each peer that holds it.</summary>
    public static RouteEvents ReadV2(RouteEventReader file, MrtRecord record)
    {
        var reader = new ByteReader(record.Body, record.BodyOffset);
        reader.U32();
        AddressFamily family;
        switch (record.Subtype)
        {
            case 2 or 3 or 8 or 9:
                family = AddressFamily.IPv4;
                break;
            case 4 or 5 or 10 or 11:
                family = AddressFamily.IPv6;
                break;
            case 6 or 12:
                ushort afi = reader.U16();
                byte safi = reader.U8();
                if (reader.Ok && !MpReach.IsPlain(afi, safi)) return file.PassOver(record, FaultKind.Unknown);
                family = afi is 2 ? AddressFamily.IPv6 : AddressFamily.IPv4;
                break;
            default:
                return file.PassOver(record, FaultKind.Unknown);
        }
        // RIB_GENERIC_ADDPATH packs the identifier with the prefix; the others with each entry (RFC 8050 section 4.2).
        uint pathId = record.Subtype is 12 ? reader.U32() : 0;
        var prefix = NlriList.ReadPrefix(ref reader, family, family is AddressFamily.IPv4 ? 32 : 128);
        int entries = reader.U16();
        var verdict = Verdict.Unknown;
        if (reader.Ok && file.Sieve is { } sieve) verdict = sieve(new()
        {
            Kinds = RouteEventKinds.RibEntry,
            Time = record.Time,
            HasPrefix = true,
            Prefix = prefix,
        });
        if (verdict is Verdict.No) return file.Nothing(record);
        var head = new Head(prefix, record.Subtype is >= 8 and <= 11, pathId);
        if (reader.Ok) return new(file, record.Time, reader, head, entries, isWanted: verdict is Verdict.Yes);
        file.Report(reader.Fault);
        return file.Nothing(record);
    }

    /// <summary>
    /// TABLE_DUMP (RFC 6396 section 4.2): one route. Subtypes 3 and 4 are Quagga's, with 4-octet AS numbers. The dumps
    /// of January 2000 pack many routes into a record (docs/standards.md).
    /// </summary>
    public static RouteEvents ReadV1(RouteEventReader file, MrtRecord record)
    {
        if (record.Subtype is not (>= 1 and <= 4)) return file.PassOver(record, FaultKind.Unknown);
        var reader = new ByteReader(record.Body, record.BodyOffset);
        reader.U32();
        return new(file, record.Time, reader, v6: record.Subtype is 2 or 4, wide: record.Subtype is 3 or 4);
    }
}
