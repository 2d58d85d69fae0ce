using System.Buffers.Binary;

using CsCheck;

using Isthmus.Scenarios;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

using IndexedPeer = Isthmus.Scenarios.MrtPeer;

namespace Isthmus.Tests.Wire;

/// <summary>The attributes of a dump are judged once for all entries that repeat them, and mostly in one quick pass.</summary>
public sealed class AttributeBlockTests
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");

    /// <summary>An attribute without a rule and with so high a code: no quick pass tells of a block that holds it.</summary>
    private static readonly byte[] _unknown = [0xC0, 99, 0];

    [Fact]
    public void The_quick_pass_over_a_block_finds_nothing_wrong_only_where_the_whole_check_finds_nothing() => (
        from route in DrawnRoute.Routes(confederations: true)
        from hop in DrawnRoute.IPv4
        from wide in Gen.Bool
        from reach in Gen.Int[0, 3]
        from changes in Gen.Select(Gen.Int[0, 400], Gen.Byte).Array[0, 3]
        from length in Gen.Frequency((4, Gen.Const(int.MaxValue)), (1, Gen.Int[0, 100]))
        select (route, hop, wide, reach, changes, length)).Sample(drawn =>
    {
        var (route, hop, wide, reach, changes, length) = drawn;
        byte[] block = (reach switch
        {
            1 => route.Write(null).MpReachNextHop("2001:db8::1 fe80::1"),
            2 => route.Write(null).MpReach("2001:db8::1", Prefix.Parse("2001:db8::/32")),
            _ => route.Write(hop),
        }).ToArray(wide);
        block = block[..Math.Min(block.Length, length)];
        foreach (var (at, value) in changes)
            if (at < block.Length) block[at] = value;
        if (new Isthmus.Wire.Bgp.PathAttributes(block, wide).TryFind((AttributeCode)_unknown[1], out _)) return;
        foreach (int form in (int[])[2, wide ? 3 : 1])
        {
            var (quick, whole) = (Judge(form, block), Judge(form, [.. _unknown, .. block]));
            Assert.Equal(whole, quick);
        }
    }, iter: 20_000);

    [Fact]
    public void Of_more_blocks_than_are_remembered_each_keeps_its_bytes_and_its_judgement()
    {
        const int Peers = 30, Records = 3_000;
        var random = new Random(11);
        byte[][] blocks = [.. Enumerable.Range(0, 20_000).Select(number => Block(number, random))];
        var file = new MrtWriter().PeerIndexTable(
            _time, "192.0.2.254", "", [.. Enumerable.Range(0, Peers).Select(peer => new IndexedPeer($"192.0.2.{peer}", 2914))]);
        var expected = new List<byte[]>();
        for (int record = 0; record < Records; record++)
        {
            // Near ones and far ones, and the two that a peer goes to and fro between.
            var body = new ByteWriter().U32((uint)record).U8(24).U8(10).U8(record >> 8).U8(record & 0xFF).U16(Peers);
            for (int peer = 0; peer < Peers; peer++)
            {
                int number = random.Next(4) switch { 0 => random.Next(blocks.Length), 1 => peer, _ => Peers + peer };
                expected.Add(blocks[number]);
                body.U16(peer).U32(1).U16(blocks[number].Length).Bytes(blocks[number]);
            }
            file.Record(_time, 13, 2, body.Written);
        }
        var keys = new Dictionary<BlockKey, byte[]>();
        int at = 0;
        foreach (var (key, bytes, withdrawn) in Events(file.ToArray()))
        {
            Assert.Equal(expected[at], bytes);
            Assert.Equal(expected[at][0] == 0, withdrawn);
            Assert.True(key.IsKnown);
            if (!keys.TryAdd(key, bytes)) Assert.Equal(keys[key], bytes);
            at++;
        }
        Assert.Equal(Peers * Records, at);
        // Half of the entries repeat what their peer said last or before.
        Assert.InRange(keys.Count, 1_000, Peers * Records / 2);
    }

    [Fact]
    public void A_block_that_lies_where_another_one_lay_is_not_taken_for_it()
    {
        // Blocks of 64 bytes fill memory of any power of two to the byte, and come to lie where others of their length lay.
        const int Peers = 64, BlockBytes = 64, Blocks = (1 << 20) / BlockBytes;
        var file = new MrtWriter().PeerIndexTable(
            _time, "192.0.2.254", "", [.. Enumerable.Range(0, Peers + 1).Select(peer => new IndexedPeer($"192.0.2.{peer}", 2914))]);
        for (int turn = BlockBytes; turn <= Blocks; turn *= 2)
        {
            int first = turn * 2;
            for (int peer = 0; peer < Peers; peer++) Append(file, peer, first + peer);
            for (int other = Peers; other < turn; other++) Append(file, Peers, first + other);
            for (int peer = 0; peer < Peers; peer++) Append(file, Peers, first + turn + peer);
            for (int peer = 0; peer < Peers; peer++) Append(file, peer, first + turn + peer);
        }
        var keys = new Dictionary<BlockKey, byte[]>();
        foreach (var (key, bytes, _) in Events(file.ToArray()))
            if (!keys.TryAdd(key, bytes)) Assert.Equal(keys[key], bytes);

        static void Append(MrtWriter file, int peer, int number)
        {
            byte[] block = [0x40, 1, 1, 0, 0x40, 2, 0, 0xC0, 8, BlockBytes - 10, .. new byte[BlockBytes - 10]];
            BinaryPrimitives.WriteInt32BigEndian(block.AsSpan(10), number);
            file.Record(_time, 13, 2, new ByteWriter().U32(0).U8(24).U8(10).U8(0).U8(0).U16(1)
                .U16(peer).U32(1).U16(BlockBytes).Bytes(block).Written);
        }
    }

    // One in eight has ORIGIN with flags that it must not have.
    private static byte[] Block(int number, Random random)
    {
        byte[] community = new byte[random.Next(40) * 4];
        random.NextBytes(community);
        return
        [
            (byte)(number % 8 == 0 ? 0 : 0x40), 1, 1, 0, 0x40, 2, 6, 2, 1, .. new ByteWriter().U32((uint)number).Written,
            .. community.Length == 0 ? [] : new byte[] { 0xC0, 8, (byte)community.Length }, .. community,
        ];
    }

    private static List<(BlockKey Key, byte[] Bytes, bool Withdrawn)> Events(byte[] file)
    {
        var reader = new MrtReader(file);
        var events = new RouteEventReader();
        var found = new List<(BlockKey, byte[], bool)>();
        while (reader.TryRead(out var record) is Framing.Whole)
            foreach (ref readonly var one in events.Read(record))
                found.Add((one.Block, one.Attributes.Bytes.ToArray(), one.TreatedAsWithdrawn));
        return found;
    }

    // TABLE_DUMP_V2 for form 2, where MP_REACH_NLRI is abbreviated; TABLE_DUMP of two or four octets for 1 and 3.
    private static (FaultKind, Treatment, byte, bool, long) Judge(int form, byte[] block)
    {
        var entry = form == 2
            ? new ByteWriter().U32(0).U8(8).U8(10).U16(1).U16(0).U32(0)
            : new ByteWriter().U32(0).U32(0x0A000000).U8(8).U8(1).U32(0).U32(0xC0000202).Asn(new(2914), form == 3);
        var file = new MrtWriter().PeerIndexTable(_time, "192.0.2.254", "", [new("192.0.2.2", 2914)])
            .Record(_time, form == 2 ? 13 : 12, form, entry.U16(block.Length).Bytes(block).Written);
        var read = Decoded.Of(file.ToArray());
        var fault = read.Faults.Select(one => one.Fault).FirstOrDefault();
        bool isWithdrawn = read.Events.SingleOrDefault()?.TreatedAsWithdrawn ?? true;
        return (fault.Kind, fault.Treatment, fault.Attribute, isWithdrawn, read.Reader.Tally.OtherWidth);
    }
}
