namespace Isthmus.Scenarios;

/// <summary>
/// Who hears routes from whom, just enough for plausible paths: a core of transit-free networks that all hear each
/// other, and for each other network the ones that it buys from or peers with, the preferred first.
/// </summary>
/// <param name="core">The transit-free networks.</param>
/// <param name="hears">For a network outside the core, or one of it with links of note, whom it hears.</param>
public sealed class Topology(IReadOnlyList<uint> core, IReadOnlyDictionary<uint, uint[]> hears)
{
    private readonly HashSet<uint> _core = [.. core];
    private readonly HashSet<uint> _chosen = [.. core.Where(hears.ContainsKey).SelectMany(asn => hears[asn])];

    /// <summary>
    /// Paths from a network to a target and on through the target's tail, best first: shorter before longer, the
    /// rest by a preference that differs from tail to tail.
    /// </summary>
    /// <param name="tail">The end of the path, from a transit network to the origin.</param>
    public IEnumerable<string> Paths(uint from, IReadOnlyList<uint> tail)
    {
        int inside = tail.ToList().LastIndexOf(from);
        if (inside >= 0)
        {
            yield return PathText.Of(tail.Skip(inside));
            yield break;
        }
        ulong taste = tail.Aggregate((ulong)from, Mix);
        for (int length = 1; length <= 3; length++)
        {
            var heads = Heads(from, tail[0], length)
                .Where(head => !head.Any(tail.Contains) && head.Distinct().Count() == head.Length)
                .OrderBy(head => head.Aggregate(taste, Mix));
            foreach (uint[] head in heads) yield return PathText.Of([.. head, .. tail]);
        }
    }

    /// <summary>The ways up to the target, without it.</summary>
    private IEnumerable<uint[]> Heads(uint from, uint target, int length) => length switch
    {
        1 => Hears(from, target) ? [[from]] : [],
        2 => Neighbours(from).Where(first => Hears(first, target)).Select(first => new[] { from, first }),
        _ => Neighbours(from).SelectMany(first => Neighbours(first)
            .Where(second => _core.Contains(second) && Hears(second, target))
            .Select(second => new[] { from, first, second })),
    };

    private IEnumerable<uint> Neighbours(uint asn) =>
        _core.Contains(asn) ? core.Where(other => other != asn)
        : hears.TryGetValue(asn, out uint[]? some) ? some : core.Take(2);

    // The whole core hears a network, unless some of the core are said to: then only these.
    private bool Hears(uint asn, uint target) =>
        hears.TryGetValue(asn, out uint[]? some) && some.Contains(target)
        || _core.Contains(asn) && (_core.Contains(target) || !_chosen.Contains(target));

    private static ulong Mix(ulong taste, uint asn) => SeededRandom.Mix(taste ^ asn);
}
