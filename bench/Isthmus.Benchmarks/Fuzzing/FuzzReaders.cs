using System.Numerics;
using System.Text;

using Isthmus.Export;
using Isthmus.Export.Dissection;
using Isthmus.Filters;
using Isthmus.Registry;
using Isthmus.Reports.Verification;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

using Attributes = Isthmus.Wire.Bgp.PathAttributes;

namespace Isthmus.Benchmarks.Fuzzing;

/// <summary>Every reader of bytes that come from elsewhere, with as little around it as may be.</summary>
internal static class FuzzReaders
{
    private const string Overrides = "AS131279 KP  # assigned there\n175.45.176.0/22 kp\n2001:db8::/32 CN\n";

    private const string Report = """
        {"isthmus":"0.1.0","command":"isthmus report KP","arguments":["report","KP"],"coverage":{"passedOver":["a"],"unread":["b"]},
        "inputs":[{"file":"a.gz","sha256":"00","collector":"rrc00"}],"records":[{"id":"r1","file":"a.gz","offset":12,"bytes":"00ff"}]}
        """;

    private static readonly string[] _filters =
    [
        "origin 131279 and not path ~ \"4837 131279$\"", "prefix within (10.0.0.0/8, 2001:db8::/32) or prefix-length >= 25 and family ipv6",
        "community (3356:*, rt:65000:1, 131279:1:*, no-export) and time < 2017-10-01T09:08 or fault",
        "origin-country \"North Korea\" and kind in (rib, state)",
        "path ~ \"^(3333|1103) .* [^4837 20485]{2,5} 64512-65534+ AS1?$\" and upstream != 1.7 and collector route-views*",
    ];

    /// <summary>All of them.</summary>
    public static IReadOnlyList<FuzzReader> All { get; } =
    [
        new("record", StartRecord, FuzzSeeds.Records) { Weight = 20 },
        new("update", () => ReadUpdate, FuzzSeeds.Updates) { Weight = 20 },
        new("element", StartElement, FuzzSeeds.Records) { Weight = 8 },
        new("line", StartLine, [.. SeedTexts.Lines.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(FuzzSeeds.Text)]) { Weight = 4 },
        new("framing", () => ReadFraming, [.. FuzzSeeds.Files, .. FuzzSeeds.Corpus("mrt").Where(one => one.Length < 1000)]) { Weight = 4 },
        new("dissection", () => ReadDissected, FuzzSeeds.Records) { Weight = 2 },
        new("text", () => ReadText, [FuzzSeeds.Text(SeedTexts.Lines), .. FuzzSeeds.Corpus("text")]) { Weight = 2 },
        new("gzip", () => ReadPacked, [.. FuzzSeeds.Corpus("gzip")]) { Weight = 2 },
        new("bzip2", () => ReadPacked, [.. FuzzSeeds.Corpus("bzip2")]) { Weight = 2 },
        new("zstd", () => ReadPacked, [.. FuzzSeeds.Corpus("zstd")]) { Weight = 2 },
        new("xz", () => ReadPacked, [.. FuzzSeeds.Corpus("xz")]) { Weight = 2 },
        new("tar", () => ReadTar, [FuzzSeeds.Tar()]),
        new("zip", () => ReadZip, [FuzzSeeds.Zip()]),
        new("filter", () => ReadFilter, [.. _filters.Select(FuzzSeeds.Text), .. FuzzSeeds.Corpus("filter")]) { Weight = 2 },
        new("delegated", () => ReadDelegated, [FuzzSeeds.Text(SeedTexts.Delegated), .. FuzzSeeds.Corpus("delegated")]),
        new("override", () => ReadOverride, [FuzzSeeds.Text(Overrides)]),
        new("report", () => ReadReport, [FuzzSeeds.Text(Report)]),
    ];

    // The numbers of what was met stay small, so that few inputs are kept: how many counts as a power of two.
    private static int Met(int a, int b, int c, int d) => HashCode.Combine(a, b, c, d) & int.MaxValue;

    private static int Magnitude(long count) => count <= 0 ? 0 : 1 + BitOperations.Log2((ulong)count);

    private static int Met(in Fault fault, int a, long count) =>
        Met(a, ((int)fault.Kind << 16) | (fault.Attribute << 8) | (int)fault.Treatment, Magnitude(count), 0);

    private static FuzzReading StartRecord()
    {
        var events = new RouteEventReader();
        return input => Walk(events, null, input);
    }

    private static FuzzReading StartElement()
    {
        var events = new RouteEventReader();
        var output = new ElementWriter(ElementFormat.Json, Stream.Null);
        output.StartFile("x", "rrc00");
        return input => Walk(events, output, input);
    }

    // The whole input is one record, whatever its header says: what is inside is met more often so. An index table that was read
    // before is put right again.
    private static int Walk(RouteEventReader events, ElementWriter? output, ReadOnlySpan<byte> input)
    {
        var record = new MrtReader(input).Take(input.Length);
        if (record.Bytes.IsEmpty) return 0;
        if (record is not { Type: MrtType.TableDumpV2, Subtype: 1 } && events.Peers.IsEmpty)
            foreach (ref readonly var _ in events.Read(new MrtReader(FuzzSeeds.Index).Take(FuzzSeeds.Index.Length))) { }
        var walk = events.Read(record);
        output?.StartRecord(record, events);
        int count = 0;
        foreach (ref readonly var one in walk)
        {
            if (++count > input.Length) throw new InvalidOperationException("more events than bytes");
            if (output is null) Touch(one.Attributes);
            else output.Write(one, events);
        }
        var fault = events.Fault;
        if (fault.Offset < 0 || fault.Offset > input.Length)
            throw new InvalidOperationException($"fault at {fault.Offset} of {input.Length}");
        // All types that no standard defines are one.
        int kind = fault.Kind is FaultKind.Undefined ? 0 : ((int)record.Type << 8) | (record.Subtype & 0xff);
        int met = Met(fault, kind, count);
        if (record is { Type: MrtType.TableDumpV2, Subtype: 1 })
            foreach (ref readonly var _ in events.Read(new MrtReader(FuzzSeeds.Index).Take(FuzzSeeds.Index.Length))) { }
        return met;
    }

    private static int Touch(Attributes attributes)
    {
        var path = attributes.AsPath;
        Span<uint> words = stackalloc uint[256];
        int met = path.IsSound ? 1 : 0;
        if (path.WordsMax <= words.Length && path.Write(words) > path.WordsMax)
            throw new InvalidOperationException("more words than the most");
        if (path.Origin is { } origin) met += (int)(origin.Number & 1);
        foreach (var attribute in attributes) met += attribute.Code;
        foreach (var one in attributes.Communities) met ^= one.GetHashCode();
        foreach (var one in attributes.ExtendedCommunities) met ^= one.GetHashCode();
        foreach (var one in attributes.LargeCommunities) met ^= one.GetHashCode();
        foreach (var one in attributes.IPv6ExtendedCommunities) met ^= one.GetHashCode();
        foreach (var one in attributes.ClusterList) met ^= one.GetHashCode();
        _ = (attributes.Origin, attributes.NextHop, attributes.MultiExitDiscriminator, attributes.LocalPreference, attributes.Aggregator,
            attributes.OnlyToCustomer, attributes.AccumulatedIgp, attributes.OriginatorId, attributes.AtomicAggregate);
        return met;
    }

    // The first byte says how the rest is read.
    private static int ReadUpdate(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty) return 0;
        var body = input[1..];
        var update = new BgpUpdate(body, wide: (input[0] & 1) != 0, withPathIds: (input[0] & 2) != 0);
        int count = 0;
        foreach (var _ in update.Withdrawn) count++;
        foreach (var _ in update.Announced) count++;
        foreach (var _ in update.MpWithdrawn) count++;
        foreach (var _ in update.MpAnnounced) count++;
        if (count > input.Length) throw new InvalidOperationException("more prefixes than bytes");
        var fault = update.Fault;
        if (fault.Offset < 0 || fault.Offset > body.Length)
            throw new InvalidOperationException($"fault at {fault.Offset} of {body.Length}");
        Touch(update.Attributes);
        if ((input[0] & 4) != 0) Touch(new(body, wide: (input[0] & 1) != 0, abbreviated: true));
        _ = new BgpMessage(body).Fault;
        int kinds = (update.IsUnsaidAddPath ? 1 : 0) + (update.IsOtherWidth ? 2 : 0) + (update.IsEndOfRib ? 4 : 0) + (input[0] & 3) * 8;
        return Met(fault, kinds, count);
    }

    private static FuzzReading StartLine()
    {
        var record = new LineRecord();
        var events = new RouteEventReader();
        return input =>
        {
            var line = new BgpdumpLine(input);
            if (line.Wrong is { } wrong) return Met(wrong.Length, (int)line.Kind, (int)line.Type, 1);
            if (record.Write(line, 0, out _) is { } problem) return Met(problem.Length, (int)line.Kind, (int)line.Type, 2);
            return Walk(events, null, record.Bytes);
        };
    }

    private static int ReadFraming(ReadOnlySpan<byte> input)
    {
        var faults = new FaultLedger();
        using var records = new RecordReader(new MemoryStream(input.ToArray()), faults);
        while (records.TryRead(out _)) { }
        if (records.Offset != input.Length) throw new InvalidOperationException($"{records.Offset} bytes read of {input.Length}");
        if (faults.BytesSkipped > input.Length)
            throw new InvalidOperationException($"{faults.BytesSkipped} bytes skipped of {input.Length}");
        return Met(faults.Kept is [.., var last] ? (int)last.Fault.Kind : 0, Magnitude(faults.Count), Magnitude(records.Records), 0);
    }

    private static int ReadDissected(ReadOnlySpan<byte> input)
    {
        var record = new MrtReader(input).Take(input.Length);
        if (record.Bytes.IsEmpty) return 0;
        var fields = new Dissector().Dissect(record);
        int bytes = 0;
        foreach (var field in fields) bytes += field.Length;
        if (bytes != input.Length) throw new InvalidOperationException("the fields are not the record");
        int kind = record.Type is > 0 and <= MrtType.Ospf3Et && record.Subtype < 64 ? ((int)record.Type << 8) | record.Subtype : 0;
        return Met(kind, Magnitude(fields.Count), 0, 0);
    }

    private static int ReadText(ReadOnlySpan<byte> input)
    {
        var faults = new FaultLedger();
        using var records = RecordSource.Open(Decompression.Open(new MemoryStream(input.ToArray())), faults);
        while (records.TryRead(out _)) { }
        if (records.Offset > input.Length) throw new InvalidOperationException($"{records.Offset} bytes read of {input.Length}");
        int last = faults.Kept is [.., { What: { } what }] ? what.Length : 0;
        return Met(last, Magnitude(faults.Count), Magnitude(records.Records), records.IsText ? 1 : 0);
    }

    // A bomb is a file of its size: a reader takes as much of it as it likes.
    private static int ReadPacked(ReadOnlySpan<byte> input)
    {
        const int PlainMax = 1 << 20;
        using var plain = Decompression.Open(new MemoryStream(input.ToArray()));
        Span<byte> buffer = stackalloc byte[1 << 12];
        long bytes = 0;
        while (bytes < PlainMax && plain.Read(buffer) is var read and > 0) bytes += read;
        foreach (var fault in plain.Faults)
            if (fault.CompressedOffset < 0 || fault.CompressedOffset > input.Length)
                throw new InvalidOperationException($"fault at {fault.CompressedOffset}");
        return Met((int)plain.Format, Magnitude(bytes), plain.Faults.Count, plain.Fault?.What.Length ?? 0);
    }

    private static int ReadTar(ReadOnlySpan<byte> input)
    {
        int files = 0, told = 0;
        using var stored = new MemoryStream(input.ToArray());
        string? wrong = PackedFolder.ReadTar(
            stored, new(), (_, content) => files += Drain(content), (_, _, _) => told++, CancellationToken.None);
        return Met(wrong?.Length ?? 0, files, told, 3);
    }

    private static int ReadZip(ReadOnlySpan<byte> input)
    {
        int files = 0, told = 0;
        using var stored = new MemoryStream(input.ToArray());
        string? wrong = PackedFolder.ReadZip(
            stored, new(), (_, content) => files += Drain(content), (_, _, _) => told++, CancellationToken.None);
        return Met(wrong?.Length ?? 0, files, told, 4);
    }

    private static int Drain(Stream content)
    {
        Span<byte> buffer = stackalloc byte[1 << 12];
        for (long bytes = 0; bytes < 1 << 20 && content.Read(buffer) is var read and > 0;) bytes += read;
        return 1;
    }

    private static int ReadFilter(ReadOnlySpan<byte> input)
    {
        try
        {
            var filter = Filter.Parse(Encoding.UTF8.GetString(input), () => RegistrySnapshot.Shipped, _ => ["10.0.0.0/8", "# none"]);
            _ = filter.For(new("rrc00", Project.Ris));
            return Met(filter.Text.Length >> 3, filter.AsksFault ? 1 : 0, 0, 0);
        }
        catch (FilterException wrong)
        {
            return Met(wrong.Message.Length, 1, 1, 1);
        }
    }

    private static int ReadDelegated(ReadOnlySpan<byte> input)
    {
        var faults = new List<string>();
        var layer = DelegatedStats.Read(new StringReader(Encoding.UTF8.GetString(input)), "x", faults);
        return Met(Magnitude(faults.Count), layer.Ases.Count, layer.Ipv4.Count, layer.Ipv6.Count);
    }

    private static int ReadOverride(ReadOnlySpan<byte> input)
    {
        try
        {
            return OverrideFile.Read(new StringReader(Encoding.UTF8.GetString(input)), "x").HasPrefixes ? 1 : 0;
        }
        catch (OverrideException wrong)
        {
            return Met(wrong.Message.Length, 2, 2, 2);
        }
    }

    private static int ReadReport(ReadOnlySpan<byte> input)
    {
        try
        {
            var report = StatedReport.Read("x", input.ToArray());
            return Met(report.Arguments.Count, report.Inputs.Count, report.Records.Count, report.Version.Length);
        }
        catch (InputException)
        {
            return 1;
        }
    }
}
