using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>Who runs a collector.</summary>
public enum Project : byte
{
    Unknown = 0,
    Ris,
    RouteViews,
    Pch,
}

/// <summary>A box that collects routes from its peers: <c>rrc00</c>, <c>route-views2</c>.</summary>
/// <param name="Name">The name that its project gives it; the file or folder name where nothing tells more.</param>
public sealed record Collector(string Name, Project Project) : IComparable<Collector>
{
    public int CompareTo(Collector? other) => other is null ? 1 : string.CompareOrdinal(Name, other.Name);
}

/// <summary>
/// A router in a session with a collector: a vantage point. The key is all three, as one address can stand for
/// two AS numbers (methods.md, "What each peer holds").
/// </summary>
public sealed record Peer(Collector Collector, IpAddress Address, Asn Asn) : IComparable<Peer>
{
    public int CompareTo(Peer? other) => other is null ? 1
        : Collector.CompareTo(other.Collector) is var byCollector and not 0 ? byCollector
        : Asn.CompareTo(other.Asn) is var byAsn and not 0 ? byAsn
        : Address.CompareTo(other.Address);
}
