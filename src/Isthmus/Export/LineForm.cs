using System.Buffers.Binary;

using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>
/// The line of <c>bgpdump -m</c>, byte for byte, so that scripts written for it go on working:
/// <c>TYPE|time|A|peer address|peer AS|prefix|path|origin|next hop|local preference|MED|communities|AG|aggregator|</c>,
/// with a path identifier after the prefix where there are such; <c>STATE</c> lines end in the old and new state.
/// Extended and large communities have no place in it.
/// </summary>
internal sealed class LineForm : ElementForm
{
    // Against RFC 5952 section 4.2.2, but what scripts compare with.
    private const int ZeroGroupsMin = 1;

    public override void StartFile(string name, string collector) { }

    public override void WriteRecord(TextBuffer text, in RecordHead head)
    {
        text.Append(head.Type switch
        {
            MrtType.TableDump => "TABLE_DUMP"u8,
            MrtType.TableDumpV2 => "TABLE_DUMP2"u8,
            MrtType.Bgp4Mp => "BGP4MP"u8,
            MrtType.Bgp4MpEt => "BGP4MP_ET"u8,
            _ => "BGP"u8,
        });
        if (head.PathIds) text.Append("_AP"u8);
        text.Append('|');
        text.AppendUnix(head.Time, microseconds: head.Type is MrtType.Bgp4MpEt);
        text.Append('|');
    }

    public override ReadOnlySpan<byte> KindText(RouteEventKind kind) => kind switch
    {
        RouteEventKind.RibEntry => "B|"u8,
        RouteEventKind.Announcement => "A|"u8,
        RouteEventKind.Withdrawal => "W|"u8,
        _ => "STATE|"u8,
    };

    public override void WritePeer(TextBuffer text, MrtPeer peer)
    {
        text.Append(peer.Address, ZeroGroupsMin);
        text.Append('|');
        text.Append(peer.Asn.Number);
        text.Append('|');
    }

    public override void WritePrefix(TextBuffer text, Prefix prefix) => text.Append(prefix, ZeroGroupsMin);

    public override void WritePathId(TextBuffer text, uint pathId, bool exists)
    {
        if (!exists) return;
        text.Append('|');
        text.Append(pathId);
    }

    public override void WriteAttributes(TextBuffer text, in AttributeView attributes, AddressFamily family, bool isRib)
    {
        text.Append('|');
        WritePath(text, attributes.All.AsPath);
        text.Append('|');
        text.Append(OriginAttributeText(attributes.OriginAttribute));
        text.Append('|');
        var nextHop = attributes.NextHopOf(family, isRib);
        if (nextHop.Family is AddressFamily.None) text.Append("255.255.255.255"u8); // bgpdump's word for none
        text.Append(nextHop, ZeroGroupsMin);
        text.Append('|');
        text.Append(attributes.LocalPreference ?? 0);
        text.Append('|');
        text.Append(attributes.Med ?? 0);
        text.Append('|');
        WriteCommunities(text, attributes.Communities);
        text.Append(attributes.AtomicAggregate ? "|AG|"u8 : "|NAG|"u8);
        if (attributes.TryGetAggregator(out var asn, out var address))
        {
            text.Append(asn.Number);
            text.Append(' ');
            text.Append(address);
        }
        text.Append('|');
    }

    public override ReadOnlySpan<byte> NoAttributes => default;

    public override void WriteEnd(TextBuffer text, in RouteEvent routeEvent) => text.Append('\n');

    public override void WriteState(TextBuffer text, in RouteEvent routeEvent)
    {
        text.Append(routeEvent.OldState);
        text.Append('|');
        text.Append(routeEvent.NewState);
        text.Append('\n');
    }

    private static void WriteCommunities(TextBuffer text, ReadOnlySpan<byte> bytes)
    {
        for (int at = 0; at + 4 <= bytes.Length; at += 4)
        {
            if (at > 0) text.Append(' ');
            uint community = BinaryPrimitives.ReadUInt32BigEndian(bytes[at..]);
            switch (community)
            {
                case 0xFFFFFF01:
                    text.Append("no-export"u8);
                    break;
                case 0xFFFFFF02:
                    text.Append("no-advertise"u8);
                    break;
                case 0xFFFFFF03:
                    text.Append("local-AS"u8);
                    break;
                default:
                    text.Append(community >> 16);
                    text.Append(':');
                    text.Append(community & 0xFFFF);
                    break;
            }
        }
    }
}
