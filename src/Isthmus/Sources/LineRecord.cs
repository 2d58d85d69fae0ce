using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>
/// Writes a line of <c>bgpdump -m</c> as the MRT record that says the same, of the type that the line names. What the text does
/// not hold is not there: other communities, a MED or local preference of 0, the age of a RIB entry.
/// </summary>
internal sealed class LineRecord
{
    private const byte Transitive = (byte)AttributeFlags.Transitive, Optional = (byte)AttributeFlags.Optional,
        OptionalTransitive = Transitive | Optional, ExtendedLength = (byte)AttributeFlags.ExtendedLength;

    private const int SegmentHopsMax = 255;

    /// <summary>With the rest of a message they fit into its 65,535 bytes (RFC 8654).</summary>
    private const int AttributeBytesMax = 65_000;

    private readonly WireBytes _record = new(), _attributes = new(), _value = new();
    private bool _wide;

    /// <summary>The record written last.</summary>
    public ReadOnlySpan<byte> Bytes => _record.Written;

    /// <summary>A peer index table (RFC 6396 section 4.3.1) of these peers.</summary>
    public void WriteIndex(Timestamp time, IReadOnlyList<MrtPeer> peers)
    {
        Start(time, MrtType.TableDumpV2, 1);
        _record.U32(0).U16(0).U16((ushort)peers.Count);
        foreach (var peer in peers)
            _record.U8((byte)(peer.Address.Family is AddressFamily.IPv6 ? 3 : 2)).U32(0).Address(peer.Address).U32(peer.Asn.Number);
        End();
    }

    /// <summary>A record of a peer whose message cannot be read.</summary>
    public void WriteUnreadable(Timestamp time, MrtPeer peer)
    {
        Start(time, MrtType.Bgp4Mp, 4);
        Session(peer);
        End();
    }

    /// <summary>Writes a line that is sound so far; says what is wrong with its lists, or that no such record can be.</summary>
    /// <param name="place">The peer's place in the index table written before.</param>
    /// <returns>In words, with the part of the line; null when the record is whole.</returns>
    public string? Write(scoped in BgpdumpLine line, int place, out ReadOnlySpan<byte> wrong)
    {
        wrong = default;
        _wide = line.Type is not MrtType.Bgp;
        if (!_wide && line.Peer.Asn.Number > ushort.MaxValue) return "peer's AS does not fit a record of type BGP";
        if (line.Type is MrtType.TableDump && line.Peer.Address.Family != line.Prefix.Family)
            return "peer and prefix are of two families, which a record of type TABLE_DUMP has not";
        _attributes.Clear();
        bool announces = line.Kind is RouteEventKind.RibEntry or RouteEventKind.Announcement;
        if (announces && WriteAttributes(line, out wrong) is { } problem) return problem;
        switch (line.Type)
        {
            case MrtType.TableDump:
                WriteTableDump(line);
                break;
            case MrtType.TableDumpV2:
                WriteRibEntry(line, place);
                break;
            default:
                WriteUpdate(line);
                break;
        }
        End();
        return null;
    }

    private void WriteTableDump(scoped in BgpdumpLine line)
    {
        Start(line.Time, MrtType.TableDump, line.Prefix.Family is AddressFamily.IPv6 ? 4 : 3);
        _record.U32(0).Address(line.Prefix.Address).U8(line.Prefix.Length).U8(1).U32((uint)line.Time.Seconds)
            .Address(line.Peer.Address).U32(line.Peer.Asn.Number).Counted(_attributes.Written);
    }

    private void WriteRibEntry(scoped in BgpdumpLine line, int place)
    {
        int subtype = (line.Prefix.Family is AddressFamily.IPv6 ? 4 : 2) + (line.HasPathIds ? 6 : 0);
        Start(line.Time, MrtType.TableDumpV2, subtype);
        _record.U32(0).Prefix(line.Prefix).U16(1).U16((ushort)place).U32((uint)line.Time.Seconds);
        if (line.HasPathIds) _record.U32(line.PathId);
        _record.Counted(_attributes.Written);
    }

    private void WriteUpdate(scoped in BgpdumpLine line)
    {
        bool isState = line.Kind is RouteEventKind.PeerState;
        if (_wide)
        {
            Start(line.Time, line.Type, isState ? 5 : line.HasPathIds ? 9 : 4);
            Session(line.Peer);
        }
        else
        {
            bool v6 = line.Peer.Address.Family is AddressFamily.IPv6;
            Start(line.Time, v6 ? MrtType.Bgp4Plus : MrtType.Bgp, isState ? 3 : 1);
            _record.U16((ushort)line.Peer.Asn.Number).Address(line.Peer.Address);
            if (!isState) _record.U16(0).Zeros(v6 ? 16 : 4);
        }
        if (isState)
        {
            _record.U16(line.OldState).U16(line.NewState);
            return;
        }
        int marker = _record.Length;
        if (_wide) _record.Fill(0xff, 16).U16(0).U8((byte)BgpMessageType.Update);
        WriteBody(line);
        if (_wide) _record.SetU16(marker + 16, (ushort)Math.Min(ushort.MaxValue, _record.Length - marker));
    }

    // IPv4 stands in the message itself where its next hop is IPv4 too, everything else in the attributes of RFC 4760.
    private void WriteBody(scoped in BgpdumpLine line)
    {
        _value.Clear();
        if (line.HasPathIds) _value.U32(line.PathId);
        _value.Prefix(line.Prefix);
        bool isV4 = line.Prefix.Family is AddressFamily.IPv4;
        if (line.Kind is RouteEventKind.Announcement)
        {
            _record.U16(0).Counted(_attributes.Written);
            if (isV4 && line.NextHop.Family is not AddressFamily.IPv6) _record.Bytes(_value.Written);
        }
        else if (isV4)
        {
            _record.Counted(_value.Written).U16(0);
        }
        else
        {
            WireBytes unreach = new();
            Attribute(Optional, AttributeCode.MpUnreach, unreach.U16(2).U8(1).Bytes(_value.Written).Written);
            _record.U16(0).Counted(_attributes.Written);
        }
    }

    private string? WriteAttributes(scoped in BgpdumpLine line, out ReadOnlySpan<byte> wrong)
    {
        Attribute(Transitive, AttributeCode.Origin, [line.Origin]);
        wrong = line.Path;
        if (!TryWritePath(line.Path)) return "path is none" + (_wide ? "" : " of 16-bit numbers");
        Attribute(Transitive, AttributeCode.AsPath, _value.Written);
        WriteNextHop(line);
        if (line.Med != 0) Attribute(Optional, AttributeCode.MultiExitDiscriminator, _value.Clear().U32(line.Med).Written);
        if (line.LocalPreference != 0)
            Attribute(Transitive, AttributeCode.LocalPreference, _value.Clear().U32(line.LocalPreference).Written);
        if (line.AtomicAggregate) Attribute(Transitive, AttributeCode.AtomicAggregate, default);
        if (line.Aggregator.Family is not AddressFamily.None)
        {
            _value.Clear();
            if (_wide) _value.U32(line.AggregatorAs.Number);
            else _value.U16((ushort)(line.AggregatorAs.Number > ushort.MaxValue ? Asn.Trans.Number : line.AggregatorAs.Number));
            Attribute(OptionalTransitive, AttributeCode.Aggregator, _value.Address(line.Aggregator).Written);
        }
        wrong = line.Communities;
        if (!TryWriteCommunities(line.Communities)) return "communities are none";
        if (_value.Length > 0) Attribute(OptionalTransitive, AttributeCode.Communities, _value.Written);
        return _attributes.Length > AttributeBytesMax ? "path and communities are longer than BGP allows" : null;
    }

    private void WriteNextHop(scoped in BgpdumpLine line)
    {
        bool isDump = line.Kind is RouteEventKind.RibEntry, isV6 = line.NextHop.Family is AddressFamily.IPv6;
        if (!isV6 && (isDump || line.Prefix.Family is AddressFamily.IPv4))
        {
            if (line.NextHop.Family is AddressFamily.None) return;
            Attribute(Transitive, AttributeCode.NextHop, _value.Clear().Address(line.NextHop).Written);
            return;
        }
        byte hopBytes = isV6 || line.NextHop.Family is AddressFamily.None ? (byte)16 : (byte)4;
        _value.Clear();
        // A dump of the second version has the next hop alone (RFC 6396 section 4.3.4).
        if (line.Type is not MrtType.TableDumpV2) _value.U16((ushort)(line.Prefix.Family is AddressFamily.IPv6 ? 2 : 1)).U8(1);
        _value.U8(hopBytes);
        if (line.NextHop.Family is AddressFamily.None) _value.Zeros(hopBytes);
        else _value.Address(line.NextHop);
        if (line.Type is not MrtType.TableDumpV2) _value.U8(0);
        if (!isDump)
        {
            if (line.HasPathIds) _value.U32(line.PathId);
            _value.Prefix(line.Prefix);
        }
        Attribute(Optional, AttributeCode.MpReach, _value.Written);
    }

    // A sequence stands bare, others in brackets: {set} (confederation) [confederation set].
    private bool TryWritePath(ReadOnlySpan<byte> text)
    {
        _value.Clear();
        int segment = -1, hops = 0;
        byte closer = 0;
        for (int at = 0; at < text.Length;)
        {
            byte one = text[at];
            if (one is (byte)'{' or (byte)'(' or (byte)'[')
            {
                if (closer != 0) return false;
                closer = one switch { (byte)'{' => (byte)'}', (byte)'(' => (byte)')', _ => (byte)']' };
                (segment, hops) = (-1, 0);
                at++;
            }
            else if (one == closer && closer != 0)
            {
                if (hops == 0) return false;
                (segment, hops, closer) = (-1, 0, 0);
                at++;
            }
            else if (one is (byte)' ' or (byte)',')
            {
                at++;
            }
            else
            {
                int digits = text[at..].IndexOfAnyExceptInRange((byte)'0', (byte)'9');
                if (digits < 0) digits = text.Length - at;
                if (digits == 0 || !BgpdumpLine.TryNumber(text.Slice(at, digits), out uint asn)) return false;
                if (!_wide && asn > ushort.MaxValue) return false;
                if (segment < 0 || hops == SegmentHopsMax)
                {
                    segment = _value.Length;
                    hops = 0;
                    _value.U8((byte)SegmentOf(closer)).U8(0);
                }
                if (_wide) _value.U32(asn);
                else _value.U16((ushort)asn);
                _value.SetU8(segment + 1, (byte)++hops);
                at += digits;
            }
        }
        return closer == 0;
    }

    private static SegmentType SegmentOf(byte closer) => closer switch
    {
        (byte)'}' => SegmentType.Set,
        (byte)')' => SegmentType.ConfedSequence,
        (byte)']' => SegmentType.ConfedSet,
        _ => SegmentType.Sequence,
    };

    private bool TryWriteCommunities(ReadOnlySpan<byte> text)
    {
        _value.Clear();
        foreach (var range in text.Split((byte)' '))
        {
            var one = text[range];
            if (one.IsEmpty) continue;
            int colon = one.IndexOf((byte)':');
            if (one.SequenceEqual("no-export"u8)) _value.U32(0xFFFFFF01);
            else if (one.SequenceEqual("no-advertise"u8)) _value.U32(0xFFFFFF02);
            else if (one.SequenceEqual("local-AS"u8)) _value.U32(0xFFFFFF03);
            else if (colon > 0 && BgpdumpLine.TryNumber(one[..colon], out uint upper) && upper <= ushort.MaxValue
                && BgpdumpLine.TryNumber(one[(colon + 1)..], out uint lower) && lower <= ushort.MaxValue)
                _value.U16((ushort)upper).U16((ushort)lower);
            else return false;
        }
        return true;
    }

    private void Attribute(byte flags, AttributeCode code, ReadOnlySpan<byte> value)
    {
        bool isLong = value.Length > byte.MaxValue;
        _attributes.U8(isLong ? (byte)(flags | ExtendedLength) : flags).U8((byte)code);
        if (isLong) _attributes.U16((ushort)Math.Min(value.Length, ushort.MaxValue));
        else _attributes.U8((byte)value.Length);
        _attributes.Bytes(value);
    }

    private void Session(MrtPeer peer)
    {
        bool v6 = peer.Address.Family is AddressFamily.IPv6;
        _record.U32(peer.Asn.Number).U32(0).U16(0).U16((ushort)(v6 ? 2 : 1)).Address(peer.Address).Zeros(v6 ? 16 : 4);
    }

    private void Start(Timestamp time, MrtType type, int subtype)
    {
        _record.Clear().U32((uint)time.Seconds).U16((ushort)type).U16((ushort)subtype).U32(0);
        if (type is MrtType.Bgp4MpEt) _record.U32((uint)(time.Microseconds % Timestamp.PerSecond));
    }

    private void End() => _record.SetU32(8, (uint)(_record.Length - MrtRecord.HeaderBytes));
}
