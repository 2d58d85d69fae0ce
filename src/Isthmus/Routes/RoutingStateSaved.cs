using Isthmus.Wire;

namespace Isthmus.Routes;

/// <content>The state as bytes, to go on with it where more files of a collector come later.</content>
public sealed partial class RoutingState
{
    /// <summary>
    /// True where following these prefixes from the start would have made no difference so far: each is followed, or was never shown.
    /// </summary>
    internal bool HasFollowed(IEnumerable<(Prefix Prefix, bool Inside)> all) =>
        all.All(one => _prefixes.WasFollowed(one.Prefix, one.Inside));

    internal void Save(StateWriter to)
    {
        Paths.Save(to);
        _prefixes.Save(to);
        to.Write(_peers, peer => peer.Save(to));
        to.Write(_peerIds.Count);
        foreach (var (peer, id) in _peerIds)
        {
            to.Write(peer);
            to.Write(id);
        }
        _recent.Save(to);
        to.Write(_transfers, transfer =>
        {
            to.Write(transfer.At);
            to.Write(transfer.Peer);
        });
        to.Write(_lost, to.Write);
        to.Write(_late.Count);
        foreach (var (source, count) in _late)
        {
            to.Write(ReferenceEquals(source, _noSource) ? default : new SourcePlace(source, 0, 0, 0));
            to.Write(count);
        }
    }

    /// <summary>Goes on from a state; nothing was told to this one yet.</summary>
    internal void Load(StateReader from)
    {
        Paths.Load(from);
        _prefixes.Load(from);
        _peers.AddRange(from.All(() => Routes.PeerState.Load(from)));
        foreach (var (peer, id) in from.All(() => (from.Peer(), from.Int()))) _peerIds.Add(peer, id);
        _recent.Load(from);
        foreach (var transfer in from.All(() => (from.Time(), from.Int()))) _transfers.Enqueue(transfer);
        _lost.UnionWith(from.All(from.Int));
        foreach (var (place, count) in from.All(() => (from.Place(), from.Long()))) _late.Add(place.Source ?? _noSource, count);
    }
}
