using Isthmus.Routes;
using Isthmus.Wire.Mrt;

namespace Isthmus.Filters;

/// <summary>
/// A part of a filter. Terms never change, so that all threads share them: what evaluation needs to remember is in
/// <see cref="FilterState"/>. A verdict other than <see cref="Verdict.Unknown"/> holds whatever becomes known later.
/// </summary>
internal abstract class Term
{
    /// <summary>How dear the term is to evaluate, to ask the cheap ones first.</summary>
    public abstract int Cost { get; }

    public abstract Verdict Decide(in RouteGlimpse glimpse, FilterState state);

    /// <summary>The term for the events of one collector.</summary>
    public virtual Term For(Collector collector) => this;

    protected static Verdict Say(bool holds) => holds ? Verdict.Yes : Verdict.No;
}

/// <summary>What is so, or not so, for all events of a file.</summary>
internal sealed class ConstantTerm(Verdict verdict) : Term
{
    public static readonly ConstantTerm Yes = new(Verdict.Yes), No = new(Verdict.No);

    public override int Cost => 0;

    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state) => verdict;
}

/// <summary><c>not</c></summary>
internal sealed class NotTerm(Term term) : Term
{
    public override int Cost => term.Cost;

    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state) => term.Decide(glimpse, state) switch
    {
        Verdict.No => Verdict.Yes,
        Verdict.Yes => Verdict.No,
        _ => Verdict.Unknown,
    };

    public override Term For(Collector collector) => term.For(collector) switch
    {
        var bound when bound == ConstantTerm.Yes => ConstantTerm.No,
        var bound when bound == ConstantTerm.No => ConstantTerm.Yes,
        var bound => bound == term ? this : new NotTerm(bound),
    };
}

/// <summary><c>and</c>, <c>or</c>: the first term that says the deciding word decides.</summary>
internal sealed class JunctionTerm : Term
{
    private readonly Term[] _terms;
    private readonly Verdict _deciding;

    private JunctionTerm(IEnumerable<Term> terms, Verdict deciding)
    {
        _terms = [.. terms.OrderBy(term => term.Cost)];
        _deciding = deciding;
    }

    public static Term And(IReadOnlyList<Term> terms) => Of(terms, Verdict.No);

    public static Term Or(IReadOnlyList<Term> terms) => Of(terms, Verdict.Yes);

    public override int Cost => _terms.Max(term => term.Cost) + 1;

    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state)
    {
        var verdict = _deciding is Verdict.No ? Verdict.Yes : Verdict.No;
        foreach (var term in _terms)
        {
            var one = term.Decide(glimpse, state);
            if (one == _deciding) return one;
            if (one is Verdict.Unknown) verdict = one;
        }
        return verdict;
    }

    public override Term For(Collector collector) => Of([.. _terms.Select(term => term.For(collector))], _deciding);

    private static Term Of(IReadOnlyList<Term> terms, Verdict deciding)
    {
        var (absorbing, neutral) = deciding is Verdict.No
            ? (ConstantTerm.No, ConstantTerm.Yes) : (ConstantTerm.Yes, ConstantTerm.No);
        if (terms.Contains(absorbing)) return absorbing;
        Term[] left = [.. terms.Where(term => term != neutral)];
        return left.Length switch { 0 => neutral, 1 => left[0], _ => new JunctionTerm(left, deciding) };
    }
}
