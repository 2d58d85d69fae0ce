using CsCheck;

using Isthmus.Filters;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

using MrtPeer = Isthmus.Scenarios.MrtPeer;
using SessionState = Isthmus.Scenarios.SessionState;

namespace Isthmus.Tests.Filters;

/// <summary>What a filter says before bytes are decoded is what it says of the events in them.</summary>
public sealed class EarlyDecisionTests
{
    private static readonly string[] _prefixes = ["10.1.0.0/16", "10.1.2.0/24", "192.0.2.0/24", "0.0.0.0/0"];

    private static readonly string[] _paths =
    [
        "3333 4837 131279", "3333 20485 131279", "131279", "3333 4837 {131279,64999}",
        "70000 4837 4837 9929", "", "(64512) 3333 131279", "23456 1",
    ];

    private static readonly string[] _terms =
    [
        "prefix 10.1.0.0/16", "prefix within 10.0.0.0/8", "prefix covering 10.1.2.0/24", "prefix-length > 16", "family ipv6", "family ipv4",
        "origin 131279", "origin 9929", "origin-country KP", "hop 4837", "hop-country CN", "upstream 4837", "path-length <= 2",
        "path ~ \"4837 131279$\"", "path ~ \"^$\"", "community 65000:*", "peer 192.0.2.2", "peer-as 3333", "collector rrc00", "project pch",
        "time >= 2017-10-01T09:07:55", "kind rib", "kind announcement", "kind withdrawal", "kind state", "fault",
    ];

    private static readonly Gen<string> _filters = Filters(3);

    [Fact]
    public void With_a_sieve_the_same_events_pass() => Gen.Select(_filters, Files()).Sample((filter, file) =>
    {
        var parsed = Filtering.Parse(filter);
        Assert.Equal(Walk(parsed, file, sieved: false), Walk(parsed, file, sieved: true));
    }, iter: 2_000, print: pair => pair.Item1);

    [Fact]
    public void What_is_clear_early_stays_so() => Gen.Select(_filters, Files()).Sample((text, file) =>
    {
        var filter = Filtering.Parse(text).For(new("rrc00", Project.Ris));
        // Said of a record, and of the attributes of an entry that comes next.
        Verdict early = Verdict.Unknown, next = Verdict.Unknown;
        byte[] block = [];
        using var records = new RecordReader(new MemoryStream(file), new());
        var events = new RouteEventReader
        {
            Sieve = (in RouteGlimpse glimpse) =>
            {
                bool isOfEntry = glimpse is { HasAttributes: true, Kinds: RouteEventKinds.RibEntry };
                (isOfEntry ? ref next : ref early) = filter.Decide(glimpse);
                if (isOfEntry) block = glimpse.Attributes.Bytes.ToArray();
                return Verdict.Unknown;
            },
        };
        while (records.TryRead(out var record))
        {
            early = Verdict.Unknown;
            foreach (ref readonly var one in events.Read(record))
            {
                // Of an entry that is skipped nothing comes, whatever was said of it.
                if (!one.Attributes.Bytes.SequenceEqual(block)) next = Verdict.Unknown;
                foreach (var said in (ReadOnlySpan<Verdict>)[early, next])
                    if (said is not Verdict.Unknown) Assert.Equal(said is Verdict.Yes, filter.Passes(one, events));
                next = Verdict.Unknown;
            }
        }
    }, iter: 2_000, print: pair => pair.Item1);

    [Theory]
    [InlineData("prefix 10.0.0.0/8")]
    [InlineData("time < 2017-01-01")]
    [InlineData("kind announcement")]
    [InlineData("family ipv6 and origin 131279")]
    public void A_RIB_record_that_is_clear_by_its_head_is_left_there(string text)
    {
        var attributes = PathAttributes.Route("3333 131279", "192.0.2.7");
        byte[] file = new MrtWriter().PeerIndexTable(Filtering.Time, "192.0.2.254", "", [new("192.0.2.2", 3333)])
            .Rib(Filtering.Time, Prefix.Parse("10.1.0.0/16"), [.. Enumerable.Repeat(new MrtRibEntry(0, attributes, Filtering.Time), 3)])
            .ToArray();
        var filter = Filtering.Parse(text).For(new("rrc00", Project.Ris));
        int asked = 0;
        using var records = new RecordReader(new MemoryStream(file), new());
        var events = new RouteEventReader { Sieve = (in RouteGlimpse glimpse) => ++asked > 0 ? filter.Sieve!(glimpse) : Verdict.No };
        while (records.TryRead(out var record))
            foreach (ref readonly var _ in events.Read(record)) Assert.Fail("an event that is not asked for was decoded");
        Assert.Equal(1, asked);
    }

    [Fact]
    public void Entries_of_a_dump_are_left_by_their_attributes_which_are_asked_about_once()
    {
        MrtRibEntry unwanted = new(0, PathAttributes.Route("3333 9", "192.0.2.7"), Filtering.Time);
        MrtRibEntry wanted = new(0, PathAttributes.Route("3333 131279", "192.0.2.7"), Filtering.Time);
        byte[] file = new MrtWriter().PeerIndexTable(Filtering.Time, "192.0.2.254", "", [new("192.0.2.2", 3333)])
            .Rib(Filtering.Time, Prefix.Parse("10.1.0.0/16"), [unwanted, wanted, unwanted])
            .Rib(Filtering.Time, Prefix.Parse("10.2.0.0/16"), [unwanted, wanted, unwanted]).ToArray();
        var filter = Filtering.Parse("origin 131279").For(new("rrc00", Project.Ris));
        int asked = 0, found = 0;
        using var records = new RecordReader(new MemoryStream(file), new());
        var events = new RouteEventReader { Sieve = (in RouteGlimpse glimpse) => ++asked > 0 ? filter.Sieve!(glimpse) : Verdict.No };
        while (records.TryRead(out var record))
            foreach (ref readonly var _ in events.Read(record)) found++;
        Assert.Equal(2, found);
        // Of two heads and two blocks.
        Assert.Equal(4, asked);
    }

    [Fact]
    public void A_path_that_cannot_be_read_is_a_fault_that_is_told_whatever_is_asked()
    {
        var attributes = new PathAttributes().Origin().Raw(0x40, 2, 2, 9, 0, 0).NextHop("192.0.2.7");
        Assert.Equal(1, Faults("origin 131279", Filtering.Announcement(attributes)));
        Assert.Equal(0, Faults("peer-as 1", Filtering.Announcement(attributes)));
        Assert.Equal(1, Faults("origin 131279", new MrtWriter().PeerIndexTable(Filtering.Time, "192.0.2.254", "", [new("192.0.2.2", 3333)])
            .Rib(Filtering.Time, Prefix.Parse("10.1.0.0/16"), [new(0, attributes, Filtering.Time)]).ToArray()));
    }

    private static int Faults(string text, byte[] file)
    {
        using var records = new RecordReader(new MemoryStream(file), new());
        var events = new RouteEventReader { Sieve = Filtering.Parse(text).For(new("rrc00", Project.Ris)).Sieve };
        int faults = 0;
        while (records.TryRead(out var record))
        {
            foreach (ref readonly var _ in events.Read(record)) { }
            if (events.Fault.Kind is not FaultKind.None) faults++;
        }
        return faults;
    }

    private static List<string> Walk(Filter parsed, byte[] file, bool sieved)
    {
        var filter = parsed.For(new("rrc00", Project.Ris));
        var passing = new List<string>();
        using var records = new RecordReader(new MemoryStream(file), new());
        var events = new RouteEventReader { Sieve = sieved ? filter.Sieve : null };
        while (records.TryRead(out var record))
            foreach (ref readonly var one in events.Read(record))
                if (filter.Passes(one, events)) passing.Add($"{record.Number} {one.Kind} {one.Prefix} {events.Peers.Span[one.Peer]}");
        return passing;
    }

    private static Gen<string> Filters(int depth)
    {
        var term = Gen.Int[0, _terms.Length - 1].Select(i => _terms[i]);
        if (depth == 0) return term;
        var inner = Filters(depth - 1);
        return Gen.Frequency(
            (1, term), (2, Gen.Select(inner, inner).Select((one, other) => $"({one} and {other})")),
            (2, Gen.Select(inner, inner).Select((one, other) => $"({one} or {other})")), (1, inner.Select(one => $"not {one}")));
    }

    private static Gen<byte[]> Files() => Gen.Select(Gen.Int[0, 6], Gen.Int[0, 3], Gen.Int[0, 7], Gen.Int[0, 5], Gen.Bool).Array[1, 8]
        .Select(FileOf);

    private static byte[] FileOf((int Kind, int Prefix, int Path, int Shape, bool Wide)[] steps)
    {
        MrtPeer[] peers = [new("192.0.2.2", 3333), new("2001:db8::2", 70000)];
        var file = new MrtWriter().PeerIndexTable(Filtering.Time, "192.0.2.254", "", peers);
        var time = Filtering.Time;
        foreach (var (kind, prefix, path, shape, wide) in steps)
        {
            time += TimeSpan.FromSeconds(1);
            Append(file, time, (kind, wide), Prefix.Parse(_prefixes[prefix]), Attributes(_paths[path], shape));
        }
        return file.ToArray();
    }

    private static void Append(MrtWriter file, Timestamp time, (int Kind, bool Wide) form, Prefix prefix, PathAttributes attributes)
    {
        var session = new MrtSession(form.Wide ? "192.0.2.2" : "2001:db8::2", form.Wide ? 3333u : 65001) { WideAsns = form.Wide };
        switch (form.Kind)
        {
            case 0:
                file.Update(time, session, attributes, announce: [new Nlri(prefix)], withdraw: ["192.0.2.0/24"]);
                break;
            case 1:
                file.Update(time, session, withdraw: [new Nlri(prefix)]);
                break;
            case 2:
                file.Update(time, session, attributes.MpReach("2001:db8::2", "2001:db8:1::/48"));
                break;
            case 3:
                file.StateChange(time, session, SessionState.Idle, SessionState.Established);
                break;
            case 4:
                file.TableDump(time, new MrtPeer("192.0.2.2", 3333), prefix, attributes, time);
                break;
            case 5:
                file.Update(time, session, announce: [new Nlri(prefix)]);
                break;
            default:
                var other = PathAttributes.Route("70000 9929", "192.0.2.8");
                file.Rib(time, prefix, [new(0, attributes, time), new(1, other, time), new(0, attributes, time)]);
                break;
        }
    }

    // Sound, and malformed in ways that RFC 7606 treats differently.
    private static PathAttributes Attributes(string path, int shape) => shape switch
    {
        0 => new PathAttributes().AsPath(path).NextHop("192.0.2.7"),
        1 => PathAttributes.Route(path, "192.0.2.7").Communities("65000:1"),
        2 => new PathAttributes().Origin().Raw(0x40, 2, 2, 9, 0, 0).NextHop("192.0.2.7"),
        3 => PathAttributes.Route(path, "192.0.2.7").AsPath("1 2 131279"),
        4 => PathAttributes.Route(path, "192.0.2.7").Raw(0xC0, 8, 1, 2, 3),
        _ => PathAttributes.Route(path, "192.0.2.7"),
    };
}
