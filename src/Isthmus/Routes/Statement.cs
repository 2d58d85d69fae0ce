using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Routes;

/// <summary>One thing that a peer says of a prefix: a RIB entry, an announcement or a withdrawal.</summary>
/// <param name="peer">Id from <see cref="RoutingState.PeerOf"/>.</param>
/// <param name="path">Empty for a withdrawal.</param>
/// <param name="ofSubject">True when the path makes the prefix one to follow.</param>
/// <param name="pathId">The ADD-PATH identifier (RFC 7911); 0 for none.</param>
public readonly ref struct Statement(
    int peer, Prefix prefix, PathWords path, bool ofSubject, Timestamp time, Cause cause, SourcePlace place, uint pathId)
{
    public int Peer { get; } = peer;
    public Prefix Prefix { get; } = prefix;
    public PathWords Path { get; } = path;
    public bool OfSubject { get; } = ofSubject;
    public Timestamp Time { get; } = time;
    public Cause Cause { get; } = cause;
    public SourcePlace Place { get; } = place;
    public uint PathId { get; } = pathId;
}
