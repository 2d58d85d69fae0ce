using Isthmus.Dependence;
using Isthmus.Routes;
using Isthmus.Tables;
using Isthmus.Tests.Support;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Dependence;

/// <summary>What some peers hold, written down: prefix by prefix the paths in the notation of methods.md.</summary>
internal sealed class World
{
    private readonly List<(HeldPeer Peer, Dictionary<Prefix, string[]> Held)> _peers = [];

    public static Timestamp At { get; } = Timestamp.Parse("2017-10-01T09:30:00");

    /// <summary>The sessions in the order in which they were added, which is that of the table.</summary>
    public IReadOnlyList<(HeldPeer Peer, Dictionary<Prefix, string[]> Held)> Peers => _peers;

    /// <summary>Adds a full-feed peer of which both tables are known.</summary>
    /// <param name="routes">A prefix and a path each; of one prefix several for ADD-PATH; <c>?</c> for what is not known.</param>
    public World Peer(uint asn, params (string Prefix, string Path)[] routes) => Peer(asn, "rrc00", routes);

    /// <inheritdoc cref="Peer(uint, ValueTuple{string, string}[])"/>
    public World Peer(uint asn, string collector, params (string Prefix, string Path)[] routes)
    {
        var peer = new Peer(new(collector, Project.Ris), IpAddress.V4(0xC0000200u + (uint)_peers.Count), new(asn));
        _peers.Add((new(peer, true, true, null) { IsUp = true, FullIpv4 = true, FullIpv6 = true },
            routes.GroupBy(route => Prefix.Parse(route.Prefix)).ToDictionary(
                group => group.Key, group => group.Select(route => route.Path).ToArray())));
        return this;
    }

    /// <summary>Changes the peer that was added last.</summary>
    public World With(Func<HeldPeer, HeldPeer> change)
    {
        _peers[^1] = (change(_peers[^1].Peer), _peers[^1].Held);
        return this;
    }

    public WholeTable Table(Func<Prefix, bool>? counts = null)
    {
        var paths = new PathTable();
        var routes = new List<TableRoute>();
        foreach (var prefix in _peers.SelectMany(peer => peer.Held.Keys).Distinct().Order())
            foreach (var (peer, held) in _peers)
                if (held.TryGetValue(prefix, out string[]? texts))
                    routes.Add(new(peer.Peer, prefix, new(default, IdOf(texts), default, default)));
        var coverage = new Coverage([.. _peers.Select(peer => peer.Peer.Peer.Collector).Distinct()], _peers.Count,
            _peers.Select(peer => peer.Peer.Peer.Asn).Distinct().Count(), 0, [], 1, 1, [], [], []);
        return WholeTable.Of(new HeldTable(At, coverage, [.. _peers.Select(peer => peer.Peer)], paths, routes), counts);

        int IdOf(string[] texts) => texts is ["?"] ? RouteStep.Unknown
            : paths.InternUnnumbered([.. texts.Select(text => paths.Intern(new PathWords(ParsedPath.Of(text))))]);
    }
}
