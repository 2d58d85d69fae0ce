using System.Buffers.Binary;
using System.Text;

using Isthmus.Export;
using Isthmus.Scenarios;
using Isthmus.Tests.Export;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

using IndexedPeer = Isthmus.Scenarios.MrtPeer;

namespace Isthmus.Tests.Wire;

/// <summary>Faults that leave the routes readable are told all the same.</summary>
public sealed class ToldFaultTests
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");
    private static readonly MrtSession _peer = new("192.0.2.2", 2914);

    private static PathAttributes Route => PathAttributes.Route("2914 4837 131279", "192.0.2.1");

    private static Decoded Update(PathAttributes route) =>
        Decoded.Of(new MrtWriter().Update(_time, _peer, route, ["10.0.0.0/8"]).ToArray());

    // RFC 6396 section 3: the field holds microseconds, the part of the time below a second.
    [Theory]
    [InlineData(999_999u, false)]
    [InlineData(1_000_000u, true)]
    [InlineData(uint.MaxValue, true)]
    public void A_million_microseconds_are_told_and_the_event_is_of_its_second(uint microseconds, bool isTold)
    {
        byte[] file = new MrtWriter().Update(_time, _peer with { Microseconds = true }, Route, ["10.0.0.0/8"]).ToArray();
        BinaryPrimitives.WriteUInt32BigEndian(file.AsSpan(12), microseconds);
        var read = Decoded.Of(file);
        Assert.Equal("2017-10-01T09:07:51.999999Z", Assert.Single(read.Events).Time.ToString());
        Assert.Equal(isTold ? [(FaultKind.BadMicroseconds, 12L, Treatment.None)] : [],
            read.Faults.Select(one => (one.Fault.Kind, one.Offset, one.Fault.Treatment)));
    }

    // RFC 6396 section 4.4: the family says how long the two addresses are that the message or the states stand behind.
    [Theory]
    [InlineData("192.0.2.2")]
    [InlineData("2001:db8::2")]
    public void A_record_of_a_session_that_says_another_family_tells_no_event_and_is_told(string address)
    {
        var session = new MrtSession(address, 2914);
        byte[] update = new MrtWriter().Update(_time, session, Route, ["10.0.0.0/8"]).ToArray();
        byte[] state = new MrtWriter().StateChange(_time, session, SessionState.Established, SessionState.Idle).ToArray();
        const int FamilyAt = MrtRecord.HeaderBytes + 10;
        ushort own = BinaryPrimitives.ReadUInt16BigEndian(update.AsSpan(FamilyAt));
        foreach (byte[] record in (byte[][])[update, state])
            for (int family = 0; family <= ushort.MaxValue; family++)
            {
                BinaryPrimitives.WriteUInt16BigEndian(record.AsSpan(FamilyAt), (ushort)family);
                var read = Decoded.Of(record);
                Assert.Equal(family == own ? 1 : 0, read.Events.Count);
                Assert.Equal(family == own ? 0 : 1, read.Faults.Count);
                Assert.Equal(family == own, read.Reader.LostPeer is RouteEventReader.NoPeer);
            }
    }

    // RFC 7311 section 3: TLVs of a type, a length of the whole TLV and a value; that of type 1 has eight bytes of value.
    [Theory]
    [InlineData(new byte[] { 1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 5 }, -1)]
    [InlineData(new byte[] { 7, 0, 3, 1, 0, 11, 0, 0, 0, 0, 0, 0, 0, 5 }, -1)]
    [InlineData(new byte[] { 1, 0, 2 }, 0)]
    [InlineData(new byte[] { 1, 0, 10, 0, 0, 0, 0, 0, 0, 5 }, 0)]
    [InlineData(new byte[] { 1, 0, 11, 0, 0, 0, 0, 0, 0, 0 }, 0)]
    [InlineData(new byte[] { 7, 0, 3, 1, 0 }, 3)]
    public void An_AIGP_whose_TLVs_do_not_fit_is_discarded_and_told(byte[] value, int wrong)
    {
        var read = Update(Route.Raw(0x80, 26, value));
        Assert.Equal(["A 192.0.2.2 AS2914 10.0.0.0/8 2914 4837 131279 via 192.0.2.1"], read.Lines);
        if (wrong < 0)
        {
            Assert.Empty(read.Faults);
            return;
        }
        var fault = Assert.Single(read.Faults).Fault;
        Assert.Equal((FaultKind.BadValue, (byte)26, Treatment.DiscardAttribute), (fault.Kind, fault.Attribute, fault.Treatment));
        byte[] file = new MrtWriter().Update(_time, _peer, Route.Raw(0x80, 26, value), ["10.0.0.0/8"]).ToArray();
        Assert.Equal(file.AsSpan().LastIndexOf(value) + wrong, fault.Offset);
    }

    // RFC 4271 section 6.3: a well-known attribute that is not recognised ends the session.
    [Theory]
    [InlineData(0x40, 22)]
    [InlineData(0x40, 99)]
    [InlineData(0x00, 99)]
    [InlineData(0x60, 255)]
    public void An_attribute_that_says_it_is_well_known_and_is_not_ends_the_session(byte flags, byte code)
    {
        var read = Update(Route.Raw(flags, code, 1, 2));
        Assert.Empty(read.Lines);
        var fault = Assert.Single(read.Faults).Fault;
        Assert.Equal((FaultKind.BadFlags, code, Treatment.SkipRecord, "RFC 4271 section 6.3"),
            (fault.Kind, fault.Attribute, fault.Treatment, fault.Rule));
        Assert.Equal(0, read.Reader.LostPeer);
        Assert.StartsWith($"attribute {code} has the flags of a well-known attribute, and is none; ", fault.ToString());

        // What a dump has was taken.
        var dump = Decoded.Of(new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", [new("192.0.2.2", 2914)])
            .Rib(_time, Prefix.Parse("10.0.0.0/8"), [new(0, Route.Raw(flags, code, 1, 2), _time)]).ToArray());
        Assert.Single(dump.Lines);
        Assert.Equal(Treatment.None, Assert.Single(dump.Faults).Fault.Treatment);
    }

    [Theory]
    [InlineData(0x80, 99)]
    [InlineData(0xC0, 99)]
    [InlineData(0xE0, 22)]
    public void An_optional_attribute_without_a_rule_is_sound(byte flags, byte code)
    {
        Assert.Empty(Update(Route.Raw(flags, code, 1, 2)).Faults);
    }

    [Fact]
    public void Attributes_without_a_column_stand_among_the_others()
    {
        byte[] file = new MrtWriter().Update(_time, _peer, Route.OriginatorId("192.0.2.9").ClusterList("192.0.2.8").AccumulatedIgp(5)
            .Raw(0xC0, 99, 0xAB), ["10.0.0.0/8"]).ToArray();
        using var input = new TemporaryFile("updates", file);
        using var output = new MemoryStream();
        using (var writer = new ElementWriter(ElementFormat.Json, output))
            ReadRun.Run([input.Input], writer, new(), TestContext.Current.CancellationToken);
        Assert.Contains("\"otherAttributes\":[\"9:80:c0000209\",\"10:80:c0000208\",\"26:80:01000b0000000000000005\",\"99:c0:ab\"]",
            Encoding.UTF8.GetString(output.ToArray()), StringComparison.Ordinal);
    }

    // RFC 6396 section 4.3.1: the count says how many entries there are, a type how long one is.
    [Theory]
    [InlineData(3, 0, true)]
    [InlineData(1, 0, true)]
    [InlineData(4, 0, true)]
    [InlineData(0, 1, false)]
    [InlineData(0, 2, false)]
    public void Bytes_behind_the_peers_cost_none_unless_a_wrong_type_explains_them(int surplus, int wrongType, bool kept)
    {
        IndexedPeer[] peers = [new("192.0.2.2", 2914), new("2001:db8::3", 4837), new("192.0.2.4", 9929)];
        byte[] index = new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", peers).ToArray();
        byte[] body = [.. index[MrtRecord.HeaderBytes..], .. Enumerable.Repeat((byte)0xEE, surplus)];
        // Of the last peer the AS is said to be short, of the second the address.
        if (wrongType == 1) body[8 + 13 + 25] &= 0xFD;
        if (wrongType == 2) body[8 + 13] &= 0xFE;
        var read = Decoded.Of(new MrtWriter().Record(_time, 13, 1, body)
            .Rib(_time, Prefix.Parse("10.0.0.0/8"), [new(2, Route, _time)]).ToArray());
        Assert.Equal(kept ? ["R 192.0.2.4 AS9929 10.0.0.0/8 2914 4837 131279 via 192.0.2.1"] : [], read.Lines);
        Assert.Equal(kept, read.Faults.TrueForAll(one => one.Fault.Kind is FaultKind.Trailing));
        Assert.NotEmpty(read.Faults);
    }
}
