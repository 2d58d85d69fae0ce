using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit.Court;

/// <summary>Whose word does not count around a change: that of a collector with a wrong clock, or of a peer AS without rest.</summary>
/// <param name="Collector">Null where it is a peer AS.</param>
/// <param name="Offset">How far the collector's clock is off: positive for late.</param>
/// <param name="PeerAs">One that changes its mind again and again, alone; null where it is a collector.</param>
public sealed record LeftOutWitness(Collector? Collector, TimeSpan Offset, Asn? PeerAs);
