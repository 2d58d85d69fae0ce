using System.Text;

using Isthmus.Archives;
using Isthmus.Export;
using Isthmus.Export.Damage;
using Isthmus.Export.Dissection;
using Isthmus.Filters;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Export;
using Isthmus.Tests.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

using Written = Isthmus.Scenarios.PathAttributes;

namespace Isthmus.Tests.Fuzz;

/// <summary>Every reader of bytes that come from elsewhere.</summary>
internal static class Targets
{
    /// <summary>A decoder may ask for tables and a window as large as its format has them.</summary>
    private const long LargeBlocks = 256 << 20;

    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51.372152Z");

    private static readonly string[] _filters =
    [
        "origin 131279 and not path ~ \"4837 131279$\"", "prefix within (10.0.0.0/8, 2001:db8::/32) or prefix-length >= 25 and family ipv6",
        "community (3356:*, rt:65000:1, 131279:1:*, no-export) and time < 2017-10-01T09:08 or fault", "origin-country \"North Korea\" and kind in (rib, state)",
        "path ~ \"^(3333|1103) .* [^4837 20485]{2,5} 64512-65534+ AS1?$\" and upstream != 1.7 and collector route-views*",
    ];

    private static readonly string[] _registries =
    [
        SeedTexts.Delegated, "{\"131279\":\"STAR-KP Star Joint Venture, KP\",\"4837\":{\"name\":\"CHINA UNICOM\"}}",
        "# format:org_id|changed|org_name|country|source\nA1|20170101|Star|KP|APNIC\n# format:aut|changed|aut_name|org_id|opaque_id|source\n"
            + "131279|20170101|STAR-KP|A1||APNIC\n",
    ];

    public static IReadOnlyList<Target> All => _all.Value;

    // The inputs that it begins with are made of what stands below.
    private static readonly Lazy<Target[]> _all = new(() =>
    [
        new("mrt", ReadMrt, [Everything(), Historic()]) { Weight = 2 },
        new("records", ReadRecords, [Everything(), Historic()]) { Weight = 8 },
        new("update", ReadUpdate, [.. Updates()]) { Weight = 32 },
        new("communities", ReadCommunities, [Convert.FromHexString("ffffff0100021234000000014103c00002010007")]) { Weight = 32 },
        new("text", ReadText, [Encoding.ASCII.GetBytes(SeedTexts.Lines)]) { Weight = 8 },
        new("gzip", ReadPacked, [Packed.Gzip(Everything()), [.. Packed.Gzip([1, 2, 3]), .. Packed.Gzip(Historic())]]) { Weight = 4 },
        new("bzip2", ReadPacked, [Packed.Bzip2(Everything()), [.. Packed.Bzip2([1, 2, 3]), .. Packed.Bzip2(Historic())]])
        {
            AllocationMax = LargeBlocks,
        },
        new("zstd", ReadPacked, [Packed.Zstd(Everything()), [.. Packed.Zstd([1, 2, 3]), .. Packed.Zstd(Historic())]])
        {
            AllocationMax = LargeBlocks,
        },
        new("xz", ReadPacked, [Convert.FromBase64String(Xz)]) { AllocationMax = LargeBlocks, Weight = 4 },
        new("filter", ReadFilter, [.. _filters.Select(Encoding.UTF8.GetBytes)]) { Weight = 4 },
        new("delegated", ReadDelegated, [Encoding.UTF8.GetBytes(SeedTexts.Delegated)]) { Weight = 8 },
        new("registry", ReadRegistry, [.. _registries.Select(Encoding.UTF8.GetBytes)]) { Weight = 2 },
        new("listing", ReadListing, [Encoding.UTF8.GetBytes(SeedPage)]) { Weight = 8 },
        new("broker", ReadBroker, [Encoding.UTF8.GetBytes(SeedBroker)]) { Weight = 8 },
    ]);

    // `xz -0` of a kilobyte of text: no library at hand writes the format.
    private const string Xz =
        "/Td6WFoAAATm1rRGAgAhAQwAAACPmEGc4AP/ABRdADScyt5toSqX6VuNF2k75HtPpA8AAFDZKIebXOF3AAEwgAgAAAANS32zscRn+wIAAAAABFla";

    private static void ReadMrt(byte[] input, Behaviour met)
    {
        var faults = new FaultLedger();
        using var output = new ElementWriter(ElementFormat.Json, Stream.Null);
        using var records = new RecordReader(new MemoryStream(input), faults) { OnLost = (_, _) => met.Met("lost") };
        var events = new RouteEventReader();
        output.StartFile("x", "rrc00");
        while (records.TryRead(out var record))
        {
            Walk(record, events, met, output);
            if (events.Fault.Kind is not FaultKind.None and not FaultKind.Unknown) records.Enter(record, events.Fault);
        }
        output.Flush();
        foreach (var (kind, count) in faults.Counts) met.Met(kind.ToString(), count);
        if (faults.BytesSkipped > input.Length) throw new InvalidOperationException($"{faults.BytesSkipped} bytes skipped of {input.Length}");
        if (records.Offset != input.Length) throw new InvalidOperationException($"{records.Offset} bytes read of {input.Length}");
        LedgerText.Write(new([new("x", records.Records, 0, 0, faults)]), TextWriter.Null);
    }

    // Each record by itself, whatever its header says its length is: what is inside is met more often so.
    private static void ReadRecords(byte[] input, Behaviour met)
    {
        var events = new RouteEventReader();
        for (int at = 0; at + MrtRecord.HeaderBytes <= input.Length;)
        {
            var reader = new MrtReader(input.AsSpan(at));
            if (reader.TryRead(out var record) is not Framing.Whole) record = new MrtReader(input.AsSpan(at)).Take(input.Length - at);
            Walk(record, events, met, null);
            at += record.Bytes.Length;
        }
    }

    // Loaded before anything is measured.
    private static readonly RegistrySnapshot _shipped = RegistrySnapshot.Shipped;

    private static readonly FileFilter _filter = Filter.Parse(
        "path ~ \"4837 .* 131279\" or community 3356:* or prefix within 10.0.0.0/8 and not origin 7 or upstream 4837 or fault",
        () => _shipped).For(new("rrc00", Project.Ris));

    private static void Walk(MrtRecord record, RouteEventReader events, Behaviour met, ElementWriter? output)
    {
        int count = 0;
        var walk = events.Read(record);
        output?.StartRecord(record, events);
        foreach (ref readonly var one in walk)
        {
            count++;
            output?.Write(one, events);
            _filter.Passes(one, events);
            met.Met($"{one.Kind}{one.TreatedAsWithdrawn}{one.Prefix.Family}");
            _ = events.PositionOf(one.Peer);
        }
        met.Met($"{record.Type}/{record.Subtype}", count);
        var fault = events.Fault;
        met.Met($"{fault.Kind}/{fault.Attribute}/{fault.Treatment}/{events.LostPeer >= 0}");
        if (fault.Offset < 0 || fault.Offset > record.Bytes.Length)
            throw new InvalidOperationException($"fault at {fault.Offset} of {record.Bytes.Length}");
        var fields = new Dissector().Dissect(record);
        if (fields.Sum(field => field.Length) != record.Bytes.Length) throw new InvalidOperationException("the fields are not the record");
        var place = new RecordHeading("x", record.Number, record.Offset, IsLine: false);
        new HexText(TextWriter.Null, null).Write(place, record.Bytes, fields, (fault.Offset, fault.ToString()));
    }

    // The first byte says how the rest is read.
    private static void ReadUpdate(byte[] input, Behaviour met)
    {
        if (input.Length == 0) return;
        var update = new BgpUpdate(input.AsSpan(1), wide: (input[0] & 1) != 0, withPathIds: (input[0] & 2) != 0);
        met.Met($"{update.Fault.Kind}/{update.Fault.Attribute}/{update.IsUnsaidAddPath}/{update.IsOtherWidth}/{update.IsEndOfRib}");
        foreach (var _ in update.Withdrawn) met.Met("withdrawn");
        foreach (var _ in update.Announced) met.Met("announced");
        foreach (var _ in update.MpWithdrawn) met.Met("mp-withdrawn");
        foreach (var _ in update.MpAnnounced) met.Met("mp-announced");
        ReadAttributes(update.Attributes, met);
        ReadAttributes(new(input.AsSpan(1), wide: (input[0] & 1) != 0, abbreviated: (input[0] & 4) != 0), met);
        _ = new BgpMessage(input.AsSpan(1)).Fault.ToString() + update.Fault;
    }

    private static void ReadAttributes(Isthmus.Wire.Bgp.PathAttributes attributes, Behaviour met)
    {
        foreach (var attribute in attributes) met.Met($"attribute {attribute.Code}", attribute.Value.Length);
        var path = attributes.AsPath;
        uint[] words = new uint[path.WordsMax];
        if (path.Write(words) > words.Length) throw new InvalidOperationException("more words than the most");
        met.Met($"{path.IsSound}{path.IsOtherWidth}{path.Origin is null}", path.ToString().Length);
        foreach (var one in attributes.Communities) _ = one.ToString();
        foreach (var one in attributes.ExtendedCommunities) _ = one.ToString();
        foreach (var one in attributes.LargeCommunities) _ = one.ToString();
        foreach (var one in attributes.IPv6ExtendedCommunities) _ = one.ToString();
        foreach (var one in attributes.ClusterList) _ = one.ToString();
        _ = (attributes.Origin, attributes.NextHop, attributes.MultiExitDiscriminator, attributes.LocalPreference, attributes.Aggregator,
            attributes.OnlyToCustomer, attributes.AccumulatedIgp, attributes.OriginatorId, attributes.AtomicAggregate);
        _ = attributes.MpReach.NextHop;
        _ = attributes.MpUnreach.Afi;
    }

    private static void ReadCommunities(byte[] input, Behaviour met)
    {
        foreach (var one in new ValueList<Community>(input)) met.Met(char.IsAsciiLetter(one.ToString()[0]) ? one.ToString() : "community");
        foreach (var one in new ValueList<Isthmus.Wire.Bgp.ExtendedCommunity>(input)) met.Met(one.ToString()[..2]);
        foreach (var one in new ValueList<LargeCommunity>(input)) _ = one.ToString();
        foreach (var one in new ValueList<IPv6ExtendedCommunity>(input)) met.Met(one.ToString()[..2]);
        foreach (var one in new ValueList<ClusterId>(input)) _ = one.ToString();
    }

    private static void ReadText(byte[] input, Behaviour met)
    {
        var faults = new FaultLedger();
        // What is no text is left to the reader of MRT.
        using var records = RecordSource.Open(Decompression.Open(new MemoryStream(input)), faults);
        var events = new RouteEventReader();
        while (records.TryRead(out var record))
        {
            Walk(record, events, met, null);
            var place = records.PlaceOf(record);
            if (place.Offset + place.Length > input.Length) throw new InvalidOperationException($"a line at {place}");
        }
        foreach (var entry in faults.Kept) met.Met(entry.Text.Split(';')[0]);
        if (records.Offset > input.Length) throw new InvalidOperationException($"{records.Offset} bytes read of {input.Length}");
    }

    private static void ReadPacked(byte[] input, Behaviour met)
    {
        using var plain = Decompression.Open(new MemoryStream(input));
        byte[] buffer = new byte[1 << 14];
        long bytes = 0;
        // A bomb is a file of its size: a reader takes as much of it as it likes.
        while (bytes < 4 << 20 && plain.Read(buffer) is var read and > 0) bytes += read;
        met.Met(plain.Format.ToString(), bytes);
        foreach (var fault in plain.Faults)
        {
            met.Met(fault.What.Split(':')[0]);
            if (fault.CompressedOffset > input.Length) throw new InvalidOperationException($"fault at {fault.CompressedOffset}");
        }
    }

    private static void ReadFilter(byte[] input, Behaviour met)
    {
        try
        {
            var filter = Filter.Parse(Encoding.UTF8.GetString(input), () => _shipped, _ => ["10.0.0.0/8", "# none"]);
            var events = new RouteEventReader();
            var file = filter.For(new("rrc00", Project.Ris));
            var records = new MrtReader(_everything);
            long passed = 0;
            while (records.TryRead(out var record) is Framing.Whole)
                foreach (ref readonly var one in events.Read(record))
                    if (file.Passes(one, events)) passed++;
            met.Met("filter", passed);
        }
        catch (FilterException wrong)
        {
            met.Met(new string([.. wrong.Message.Where(one => char.IsLetter(one) || one == ' ')]));
        }
    }

    private static void ReadDelegated(byte[] input, Behaviour met)
    {
        var faults = new List<string>();
        var layer = DelegatedStats.Read(new StreamReader(new MemoryStream(input)), "x", faults);
        met.Met("faults", faults.Count);
        met.Met("ases", layer.Ases.Count);
        met.Met("ipv4", layer.Ipv4.Count);
        met.Met("ipv6", layer.Ipv6.Count);
    }

    // Told by their content, as a user gives them; what is none is refused with an IOException, in one line.
    private static void ReadRegistry(byte[] input, Behaviour met)
    {
        string path = Path.Combine(Path.GetTempPath(), $"isthmus-fuzz-{Environment.ProcessId}");
        File.WriteAllBytes(path, input);
        var faults = new List<string>();
        try
        {
            foreach (var layer in RegistryFiles.Read([path], faults)) met.Met("ases", layer.Ases.Count);
        }
        catch (Exception refused) when (refused is IOException or InvalidDataException)
        {
            met.Met(refused.GetType().Name);
        }
        File.Delete(path);
        met.Met("faults", faults.Count);
    }

    private const string SeedPage =
        "<pre><a href=\"../\">../</a><A HREF='/rrc00/'>x</A>  01-Oct-2017 00:05  1.2K <a class=x href=2017.10/>x</a> - <a href=\"./bview.20171001.0000.gz\">b</a>"
        + "  2017-10-01 00:05   96M <a href=\"http://mirror.example/route-views.sg/bgpdata\">x</a><a href=\"updates.20171001.0000.bz2\">x</a>";

    private const string SeedBroker =
        "{\"total\":1,\"error\":null,\"data\":[{\"url\":\"http://mirror.example/rrc00/2017.10/bview.20171001.0000.gz\",\"rough_size\":1,\"exact_size\":0}]}";

    private static readonly Archive _mirror = new("http://mirror.example/");

    // Whatever a page says, what is asked for because of it lies below the archive's root.
    private static void ReadListing(byte[] input, Behaviour met)
    {
        string page = Encoding.UTF8.GetString(input);
        met.Met("names", ListingPage.Names(page).Count);
        met.Met("months", ArchiveCollector.Months(page).Count);
        foreach (var collector in ArchiveCollector.In(page, _mirror))
        {
            met.Met(collector.Collector.Project.ToString());
            RequireBelow(_mirror.At(collector.Folder));
            foreach (var file in collector.Files(page, $"{collector.Folder}2017.10/")) RequireBelow(file.Address);
        }
    }

    private static void ReadBroker(byte[] input, Behaviour met)
    {
        var files = new List<Isthmus.Archives.ArchiveFile>();
        try
        {
            met.Met("entries", new BrokerIndex(_mirror, [_mirror]).Read(Encoding.UTF8.GetString(input), files));
        }
        catch (InputException refused)
        {
            met.Met(refused.GetType().Name);
        }
        met.Met("files", files.Count);
        foreach (var file in files) RequireBelow(file.Address);
    }

    private static void RequireBelow(Uri address)
    {
        if (!address.AbsoluteUri.StartsWith(_mirror.Root.AbsoluteUri, StringComparison.Ordinal))
            throw new InvalidOperationException($"{address} is asked for");
    }

    private static readonly byte[] _everything = Everything();

    private static byte[] Everything() => ElementWriterTests.EveryKind().ToArray();

    private static byte[] Historic()
    {
        MrtSession narrow = new("192.0.2.3", 3257) { WideAsns = false };
        var route = Written.Route("3257 131279", "192.0.2.8");
        Isthmus.Scenarios.MrtPeer peer = new("192.0.2.3", 3257);
        return new MrtWriter()
            .Entry(_time, narrow, Prefix.Parse("10.0.0.0/8"), "192.0.2.8", new Written().Origin().AsPath("3257"))
            .TableDumpBatch(_time, [(peer, Prefix.Parse("10.0.0.0/8"), route), (peer, Prefix.Parse("10.1.0.0/16"), route)], _time)
            .Update(_time, narrow with { WithoutAddresses = true }, route, ["10.0.0.0/8"])
            .Message(_time, narrow, MessageWriter.Open(3257, "192.0.2.3"))
            .PeerIndexTable(_time, "192.0.2.254", "view", [peer])
            .GeoPeerTable(_time, "192.0.2.254", (52.3f, 4.9f), [peer], repeating: true)
            .RibGeneric(_time, new(Prefix.Parse("10.0.0.0/8"), 7), [new(0, route, _time)], 1)
            .ToArray();
    }

    private static IEnumerable<byte[]> Updates()
    {
        var many = new Written().Origin().AsPath("2914 4837 131279", withAs4Path: true).NextHop("192.0.2.1").Med(1).LocalPref(2)
            .AtomicAggregate().Aggregator(131279, "192.0.2.1").Communities("65535:666").OriginatorId("192.0.2.2").ClusterList("192.0.2.3")
            .ExtendedCommunities(0x0002_1234_0000_0001).LargeCommunities("131279:1:2").OnlyToCustomer(4837)
            .Raw(0x80, 26, 1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 9);
        var mp = new Written().Origin().AsPath("2914").MpReach("2001:db8::1 fe80::1", "2001:db8::/32", "::/0").MpUnreach("2001:db8::/33");
        foreach (byte form in new byte[] { 0, 1, 2, 3 })
        {
            bool wide = (form & 1) != 0;
            Nlri[] prefixes = (form & 2) != 0 ? [new(Prefix.Parse("10.0.0.0/8"), 7)] : ["10.0.0.0/8", "10.1.2.0/23"];
            yield return [form, .. MessageWriter.Update(many, prefixes, prefixes, wide).AsSpan(19)];
            yield return [form, .. MessageWriter.Update(mp, [], [], wide).AsSpan(19)];
        }
    }
}
