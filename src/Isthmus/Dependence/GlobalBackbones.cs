using System.Collections.Frozen;

using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>
/// Networks that carry between most countries of the world, so that the country in which they are registered says nothing of where packets
/// pass: they stand apart from countries (docs/methods.md, "Dependence"). The list is that of BGPKIT's as2rel: fourteen that buy transit
/// from nobody and two that it asks of (6461, 6939), and Sprint's 1239, which was one of them until 2023.
/// </summary>
public static class GlobalBackbones
{
    private static readonly FrozenSet<uint> _ases = new uint[]
    {
        174, 701, 1239, 1299, 2914, 3257, 3320, 3356, 3491, 5511, 6453, 6461, 6762, 6830, 6939, 7018, 12956,
    }.ToFrozenSet();

    /// <summary>All of them, in order.</summary>
    public static IReadOnlyList<Asn> All { get; } = [.. _ases.Order().Select(number => new Asn(number))];

    /// <summary>True for one of them.</summary>
    public static bool Contains(Asn asn) => _ases.Contains(asn.Number);
}
