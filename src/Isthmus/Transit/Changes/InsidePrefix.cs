using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>A prefix inside one of the subject's that another origin announced.</summary>
/// <param name="Covering">The subject's prefix that it lies in, the longest.</param>
/// <param name="FirstSeen">The first time in the data that a peer held it by this origin.</param>
/// <param name="LastSeen">The last one.</param>
/// <param name="PeerAses">Peer ASes that held it by this origin at any time.</param>
/// <param name="PeerAsesAtEnd">Those that hold it so at the end of the period.</param>
public sealed record InsidePrefix(
    Prefix Prefix, Prefix Covering, Asn Origin, Timestamp FirstSeen, Timestamp LastSeen, int PeerAses, int PeerAsesAtEnd);
