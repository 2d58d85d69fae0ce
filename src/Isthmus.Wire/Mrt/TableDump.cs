using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>Reads the heads of RIB records, of both versions, up to their entries.</summary>
internal static class TableDump
{
    /// <summary>TABLE_DUMP_V2 (RFC 6396 section 4.3, RFC 8050 section 4): one prefix, an entry for each peer that holds it.</summary>
    public static void ReadV2(RouteEventReader file, scoped in MrtRecord record, scoped ref RouteEvents events)
    {
        var reader = new ByteReader(record.Body, record.BodyOffset);
        reader.U32();
        if (record.Subtype is < 2 or > 12)
        {
            file.ReportUndefined(RouteEventReader.SubtypeOffset, record.Subtype);
            return;
        }
        int at = reader.Offset;
        var (afi, safi) = record.Subtype switch
        {
            6 or 12 => (reader.U16(), reader.U8()),
            4 or 10 => ((ushort)2, (byte)1),
            5 or 11 => ((ushort)2, MpReach.Multicast),
            3 or 9 => ((ushort)1, MpReach.Multicast),
            _ => ((ushort)1, (byte)1),
        };
        // What is cut off inside is read on, and told there.
        if (reader.Ok && !MpReach.IsPlain(afi, safi))
        {
            TellOtherFamily(file, record, at, afi, safi);
            return;
        }
        var family = afi is 2 ? AddressFamily.IPv6 : AddressFamily.IPv4;
        // RIB_GENERIC_ADDPATH packs the identifier with the prefix; the others with each entry (RFC 8050 section 4.2).
        uint pathId = record.Subtype is 12 ? reader.U32() : 0;
        var prefix = NlriList.ReadPrefix(ref reader, family, family is AddressFamily.IPv4 ? 32 : 128);
        bool hasPrefix = reader.Ok;
        ushort entries = reader.U16();
        if (!reader.Ok)
        {
            file.Lose(hasPrefix ? prefix : null);
            file.Report(reader.Fault);
            return;
        }
        var verdict = file.Sieve is { } sieve ? Ask(sieve, record.Time, prefix, file.ViewName) : Verdict.Unknown;
        if (verdict is Verdict.No) return;
        events.Start(record.Time, reader, prefix, record.Subtype is >= 8 and <= 11, pathId, entries, verdict is Verdict.Yes,
            safi == MpReach.Multicast);
    }

    private static void TellOtherFamily(RouteEventReader file, scoped in MrtRecord record, int at, ushort afi, byte safi)
    {
        if (!AddressFamilies.IsAssigned(afi, safi))
        {
            file.ReportUndefined(at, (uint)afi << 8 | safi);
            return;
        }
        file.PassOver(record, FaultKind.Unknown);
        file.PassedOver = file.PassedOver with { Afi = afi, Safi = safi };
    }

    private static Verdict Ask(RouteSieve sieve, Timestamp time, Prefix prefix, string view) => sieve(new()
    {
        Kinds = RouteEventKinds.RibEntry,
        Time = time,
        HasPrefix = true,
        Prefix = prefix,
        View = view,
    });

    /// <summary>
    /// TABLE_DUMP (RFC 6396 section 4.2): one route. Subtypes 3 and 4 are Quagga's, with 4-octet AS numbers. The dumps
    /// of January 2000 pack many routes into a record (docs/standards.md).
    /// </summary>
    public static void ReadV1(RouteEventReader file, scoped in MrtRecord record, scoped ref RouteEvents events)
    {
        var reader = new ByteReader(record.Body, record.BodyOffset);
        reader.U32();
        if (record.Subtype is not (>= 1 and <= 4)) file.ReportUndefined(RouteEventReader.SubtypeOffset, record.Subtype);
        else events.Start(record.Time, reader, v6: record.Subtype is 2 or 4, wide: record.Subtype is 3 or 4);
    }
}
