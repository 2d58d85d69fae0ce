using Isthmus.Wire;

namespace Isthmus.Relationships;

/// <summary>The business between two neighbouring ASes (docs/methods.md, "Relationships").</summary>
public enum LinkKind : byte
{
    /// <summary>The first sells transit to the second (provider to customer; -1 in CAIDA's files).</summary>
    Transit,
    /// <summary>Each takes the other's own and customer routes, and no more (peer to peer; 0 in CAIDA's files).</summary>
    Peering,
}

/// <summary>Two neighbouring ASes, what they are to each other, and how many paths show them as neighbours.</summary>
/// <param name="First">The provider; of a peering the lower number.</param>
/// <param name="Second">The customer; of a peering the higher number.</param>
/// <param name="Paths">Different AS paths that hold the link; 0 where a file said it.</param>
/// <param name="Peers">Peer ASes whose paths these are; 0 where a file said it.</param>
public readonly record struct AsLink(Asn First, Asn Second, LinkKind Kind, int Paths = 0, int Peers = 0);

/// <summary>What a neighbour is to an AS.</summary>
public enum Neighbour : byte
{
    /// <summary>It pays for transit.</summary>
    Customer,
    /// <summary>Neither pays.</summary>
    Peer,
    /// <summary>It is paid for transit.</summary>
    Provider,
}
