using System.Buffers.Binary;

using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>Reads the heads of RIB records, of both versions, up to their entries.</summary>
internal static class TableDump
{
    /// <summary>Bytes of the sequence number, and of a record's head with the longest prefix and the number of entries.</summary>
    private const int SequenceBytes = 4, HeadBytesMax = SequenceBytes + 1 + 16 + sizeof(ushort);

    /// <summary>TABLE_DUMP_V2 (RFC 6396 section 4.3, RFC 8050 section 4): one prefix, an entry for each peer that holds it.</summary>
    public static void ReadV2(RouteEventReader file, scoped in MrtRecord record, scoped ref RouteEvents events)
    {
        var body = record.Body;
        // Most records are of unicast routes, and as long as the longest prefix or longer: their fields are where they are.
        if (record.Subtype is 2 or 4 && body.Length >= HeadBytesMax)
        {
            var plain = record.Subtype is 2 ? AddressFamily.IPv4 : AddressFamily.IPv6;
            if (body[SequenceBytes] <= (plain is AddressFamily.IPv4 ? 32 : 128))
            {
                var found = NlriList.PrefixAt(body, SequenceBytes, plain, out int length);
                var behind = body[(SequenceBytes + length)..];
                Start(file, record, found, behind[sizeof(ushort)..], (0, BinaryPrimitives.ReadUInt16BigEndian(behind)), false, ref events);
                return;
            }
        }
        var reader = new ByteReader(body, record.BodyOffset);
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
        uint pathId = record.Subtype is 12 && !record.HasPathIdsInEntries ? reader.U32() : 0;
        var prefix = NlriList.ReadPrefix(ref reader, family, family is AddressFamily.IPv4 ? 32 : 128);
        bool hasPrefix = reader.Ok;
        ushort entries = reader.U16();
        if (!reader.Ok)
        {
            file.Lose(hasPrefix ? prefix : null);
            file.Report(reader.Fault);
            return;
        }
        Start(file, record, prefix, reader.Unread, (pathId, entries), safi == MpReach.Multicast, ref events);
    }

    private static void Start(RouteEventReader file, scoped in MrtRecord record, in Prefix prefix, ReadOnlySpan<byte> entries,
        (uint PathId, int Count) said, bool isMulticast, scoped ref RouteEvents events)
    {
        var verdict = file.Sieve is { } sieve ? Ask(sieve, record.Time, prefix, file.ViewName) : Verdict.Unknown;
        if (verdict is Verdict.No) return;
        bool withPathIds = record.Subtype is >= 8 && record.HasPathIdsInEntries;
        if (!withPathIds && UnsaidPathIds.MayBeIn(entries) && record.Subtype <= 5 && UnsaidPathIds.AreIn(file, entries, said.Count))
        {
            withPathIds = file.UnsaidAddPath = true;
            file.Tally.UnsaidAddPath++;
            file.Report(new(FaultKind.UnsaidPathIds, record.Bytes.Length - entries.Length, 0, 0, Treatment.None));
        }
        events.Start(
            record.Time, entries, record.Bytes.Length, prefix, withPathIds, said.PathId, said.Count, verdict is Verdict.Yes, isMulticast);
    }

    private static void TellOtherFamily(RouteEventReader file, scoped in MrtRecord record, int at, ushort afi, byte safi)
    {
        if (!AddressFamilies.IsAssigned(afi, safi))
        {
            file.ReportUndefined(at, (uint)afi << 8 | safi, Fault.FamilyNumbers);
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
        file.SetView(reader.U16());
        reader.U16();
        if (record.Subtype is not (>= 1 and <= 4)) file.ReportUndefined(RouteEventReader.SubtypeOffset, record.Subtype);
        else events.Start(record.Time, reader.Unread, record.Bytes.Length, v6: record.Subtype is 2 or 4, wide: record.Subtype is 3 or 4);
    }
}
