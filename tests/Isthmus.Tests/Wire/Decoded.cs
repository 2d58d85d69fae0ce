using System.Globalization;

using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Tests.Wire;

/// <summary>One route event taken off the wire and kept, with the public API alone.</summary>
internal sealed record DecodedEvent(
    RouteEventKind Kind, Timestamp Time, MrtPeer Peer, Prefix Prefix, uint PathId, string Path, IpAddress NextHop, bool TreatedAsWithdrawn)
{
    public Timestamp Originated { get; init; }

    public (ushort Old, ushort New) States { get; init; }

    /// <summary>The attribute block, as it stood.</summary>
    public byte[] Attributes { get; init; } = [];

    /// <summary>In a line: kind, peer, prefix, path, next hop.</summary>
    public string Line => Kind is RouteEventKind.PeerState
        ? string.Create(CultureInfo.InvariantCulture, $"S {Peer.Address} {Peer.Asn} {States.Old}->{States.New}")
        : $"{(TreatedAsWithdrawn ? "!" : "")}{Kind.ToString()[0]} {Peer.Address} {Peer.Asn} {Prefix}"
            + (PathId == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"#{PathId}"))
            + (Kind is RouteEventKind.Withdrawal ? "" : $" {Path} via {NextHop}");
}

/// <summary>All that a file of MRT records says, and what is wrong with it.</summary>
internal sealed class Decoded
{
    public List<DecodedEvent> Events { get; } = [];

    /// <summary>The gravest fault of each record that has one, with its number from 1.</summary>
    public List<(long Record, long Offset, Fault Fault)> Faults { get; } = [];

    public RouteEventReader Reader { get; } = new();

    /// <summary>Why reading stopped.</summary>
    public Framing End { get; private set; }

    public IEnumerable<string> Lines => Events.Select(one => one.Line);

    /// <summary>Reads a whole file.</summary>
    public static Decoded Of(ReadOnlySpan<byte> file)
    {
        var reader = new MrtReader(file);
        var decoded = new Decoded();
        while ((decoded.End = reader.TryRead(out var record)) is Framing.Whole) decoded.Read(record);
        return decoded;
    }

    public void Read(MrtRecord record)
    {
        foreach (ref readonly var one in Reader.Read(record))
            Events.Add(new(one.Kind, one.Time, Reader.Peers.Span[one.Peer], one.Prefix, one.PathId,
                one.Attributes.AsPath.ToString(), HopOf(one), one.TreatedAsWithdrawn)
            {
                Originated = one.Originated,
                States = (one.OldState, one.NewState),
                Attributes = one.Attributes.Bytes.ToArray(),
            });
        if (Reader.Fault.Kind is not FaultKind.None) Faults.Add((record.Number, record.Offset + Reader.Fault.Offset, Reader.Fault));
    }

    private static IpAddress HopOf(in RouteEvent one)
    {
        var mp = one.Attributes.MpReach;
        return one.NextHop.Family is not AddressFamily.None ? one.NextHop
            : mp.Exists && (one.Prefix.Family is AddressFamily.IPv6 || one.Attributes.NextHop.Family is AddressFamily.None) ? mp.NextHop
            : one.Attributes.NextHop;
    }
}
