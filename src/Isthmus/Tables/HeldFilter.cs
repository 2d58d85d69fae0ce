using System.Buffers.Binary;

using Isthmus.Filters;
using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Tables;

/// <summary>Chooses held routes by what is known of them: peer, prefix and AS path.</summary>
internal sealed class HeldFilter(Filter where, PathTable paths)
{
    /// <summary>AS numbers of a segment as it is sent (RFC 4271 section 4.3).</summary>
    private const int SegmentMax = 255;

    private readonly Dictionary<Collector, FileFilter> _filters = [];
    private byte[] _block = new byte[1024];

    /// <summary>
    /// Those that fit: of several paths of one peer and prefix all, where one does, as they are held together; and what is not known, where
    /// it might fit.
    /// </summary>
    public IEnumerable<TableRoute> Choose(IEnumerable<TableRoute> routes) => routes.Where(Takes);

    private bool Takes(TableRoute route)
    {
        if (!_filters.TryGetValue(route.Peer.Collector, out var filter))
            _filters[route.Peer.Collector] = filter = where.For(route.Peer.Collector);
        var glimpse = new RouteGlimpse
        {
            Kinds = RouteEventKinds.RibEntry,
            HasPeer = true,
            Peer = new(route.Peer.Address, route.Peer.Asn),
            HasPrefix = true,
            Prefix = route.Prefix,
        };
        var verdict = filter.Decide(glimpse);
        if (verdict is not Verdict.Unknown || route.Step.Path < 0) return verdict is not Verdict.No;
        foreach (int path in paths.Each(route.Step.Path))
        {
            var known = new RouteGlimpse
            {
                Kinds = RouteEventKinds.RibEntry,
                HasPeer = true,
                Peer = new(route.Peer.Address, route.Peer.Asn),
                HasPrefix = true,
                Prefix = route.Prefix,
                HasAttributes = true,
                Attributes = new(BlockOf(paths[path]), wide: true),
                IsChecked = true,
            };
            if (filter.Decide(known) is Verdict.Yes) return true;
        }
        return false;
    }

    // The path as the one attribute that is known of it.
    private ReadOnlySpan<byte> BlockOf(PathWords path)
    {
        const int Head = 4;
        int room = Head + 2 * path.Span.Length + sizeof(uint) * path.Span.Length + 2 * (path.Span.Length / SegmentMax + 1);
        if (_block.Length < room) _block = new byte[room * 2];
        int at = Head;
        foreach (var segment in path)
            for (var hops = segment.Hops; !hops.IsEmpty;)
            {
                var part = hops[..Math.Min(SegmentMax, hops.Length)];
                hops = hops[part.Length..];
                _block[at++] = (byte)segment.Type;
                _block[at++] = (byte)part.Length;
                foreach (uint hop in part)
                {
                    BinaryPrimitives.WriteUInt32BigEndian(_block.AsSpan(at), hop);
                    at += sizeof(uint);
                }
            }
        _block[0] = (byte)(AttributeFlags.Transitive | AttributeFlags.ExtendedLength);
        _block[1] = (byte)AttributeCode.AsPath;
        BinaryPrimitives.WriteUInt16BigEndian(_block.AsSpan(2), checked((ushort)(at - Head)));
        return _block.AsSpan(0, at);
    }
}
