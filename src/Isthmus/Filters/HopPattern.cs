using System.Globalization;

namespace Isthmus.Filters;

/// <summary>
/// A regular expression over the hops of an AS path, as <c>^3333 .* 4837 131279$</c>: what characters are elsewhere are
/// whole AS numbers here. Compiled to a graph that <see cref="HopMatcher"/> walks; it never changes.
/// </summary>
internal sealed class HopPattern
{
    /// <summary>Steps of a compiled pattern: a bound on memory, as (.{255}){255} is 65,025 of them.</summary>
    private const int StepsMax = 2000;

    /// <summary>Parts visited while compiling: what repeats nothing adds no steps and must end all the same.</summary>
    private const int VisitsMax = 10 * StepsMax;

    private readonly List<HopStep> _steps = [];
    private int _visits;

    private HopPattern()
    {
    }

    /// <summary>Reads a pattern.</summary>
    /// <param name="fail">Makes the exception for what is wrong at a place in the text, from 0.</param>
    public static HopPattern Parse(string text, Func<int, string, FilterException> fail)
    {
        var pattern = new HopPattern();
        var node = new HopPatternReader(text, fail).Read();
        pattern.Match = pattern.Add(new(HopStepKind.Match), 0, fail);
        pattern.Start = pattern.Compile(node, pattern.Match, fail);
        return pattern;
    }

    public IReadOnlyList<HopStep> Steps => _steps;

    public int Start { get; private set; }

    public int Match { get; private set; }

    private int Add(HopStep step, int place, Func<int, string, FilterException> fail)
    {
        if (_steps.Count == StepsMax) throw TooLarge(place, fail);
        _steps.Add(step);
        return _steps.Count - 1;
    }

    private static FilterException TooLarge(int place, Func<int, string, FilterException> fail) =>
        fail(place, string.Create(CultureInfo.InvariantCulture, $"the pattern is too large: it repeats to over {StepsMax} hops"));

    // Gives the step at which a node begins when another follows it.
    private int Compile(HopNode node, int then, Func<int, string, FilterException> fail)
    {
        if (++_visits > VisitsMax) throw TooLarge(node.Place, fail);
        switch (node)
        {
            case HopNode.Hop hop:
                return Add(new(HopStepKind.Hop, then, Set: hop.Set), node.Place, fail);
            case HopNode.Edge edge:
                return Add(new(edge.IsStart ? HopStepKind.PathStart : HopStepKind.PathEnd, then), node.Place, fail);
            case HopNode.Row row:
                for (int i = row.Parts.Count - 1; i >= 0; i--) then = Compile(row.Parts[i], then, fail);
                return then;
            case HopNode.Choice choice:
                int begin = Compile(choice.Parts[^1], then, fail);
                for (int i = choice.Parts.Count - 2; i >= 0; i--)
                    begin = Add(new(HopStepKind.Fork, Compile(choice.Parts[i], then, fail), begin), node.Place, fail);
                return begin;
            default:
                return CompileRepeat((HopNode.Repeat)node, then, fail);
        }
    }

    private int CompileRepeat(HopNode.Repeat repeat, int then, Func<int, string, FilterException> fail)
    {
        int begin = then;
        if (repeat.Most is { } most)
        {
            for (int i = repeat.Least; i < most; i++)
                begin = Add(new(HopStepKind.Fork, Compile(repeat.Part, begin, fail), then), repeat.Place, fail);
        }
        else
        {
            int fork = Add(new(HopStepKind.Fork, then, then), repeat.Place, fail);
            _steps[fork] = new(HopStepKind.Fork, Compile(repeat.Part, fork, fail), then);
            begin = fork;
        }
        for (int i = 0; i < repeat.Least; i++) begin = Compile(repeat.Part, begin, fail);
        return begin;
    }
}

/// <summary>What a step of a compiled pattern does.</summary>
internal enum HopStepKind : byte
{
    /// <summary>Takes one hop of a set.</summary>
    Hop,
    /// <summary>Goes on at two steps.</summary>
    Fork,
    /// <summary>Goes on before the first hop only.</summary>
    PathStart,
    /// <summary>Goes on after the last hop only.</summary>
    PathEnd,
    Match,
}

/// <summary>A step of a compiled pattern.</summary>
/// <param name="Set">The hops that <see cref="HopStepKind.Hop"/> takes; null for any.</param>
internal readonly record struct HopStep(HopStepKind Kind, int Next = -1, int Other = -1, NumberSet? Set = null);

/// <summary>A part of a pattern as it was written.</summary>
/// <param name="Place">Where, from 0.</param>
internal abstract record HopNode(int Place)
{
    internal sealed record Hop(int Place, NumberSet? Set) : HopNode(Place);

    internal sealed record Edge(int Place, bool IsStart) : HopNode(Place);

    internal sealed record Row(int Place, IReadOnlyList<HopNode> Parts) : HopNode(Place);

    internal sealed record Choice(int Place, IReadOnlyList<HopNode> Parts) : HopNode(Place);

    internal sealed record Repeat(int Place, HopNode Part, int Least, int? Most) : HopNode(Place);
}
