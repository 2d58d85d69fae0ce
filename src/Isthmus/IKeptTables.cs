using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus;

/// <summary>What was kept of archives, as far as it tells what each peer held at a time: <c>Tables.HeldTable</c> is made of it.</summary>
public interface IKeptTables : IKeptFiles
{
    /// <inheritdoc cref="IKeptRoutes.Paths"/>
    PathTable Paths { get; }

    /// <summary>
    /// What some peers held at a time, sorted by prefix, then peer: also where it is not known what a peer held that had held a route of
    /// that prefix before. Where it is known to have held none, there is nothing.
    /// </summary>
    /// <param name="peers">Of the collectors, sorted.</param>
    IEnumerable<TableRoute> RoutesAt(Timestamp time, IReadOnlyList<Peer> peers);

    /// <summary>
    /// Of which peers and families a dump shows routes after a time of which nothing was known before, and when the last of these: then the
    /// dump was being written at that time, and what it had not shown yet is not known.
    /// </summary>
    IReadOnlyDictionary<(Peer Peer, AddressFamily Family), Timestamp> ShownLater(Timestamp time, IReadOnlyList<Peer> peers);
}

/// <summary>What a peer held for a prefix at a time.</summary>
/// <param name="Step">How and when it came to hold it, by which bytes.</param>
public readonly record struct TableRoute(Peer Peer, Prefix Prefix, RouteStep Step);
