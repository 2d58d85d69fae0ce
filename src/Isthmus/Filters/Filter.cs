using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire.Mrt;

namespace Isthmus.Filters;

/// <summary>
/// Which route events are wanted, as a user wrote it: <c>origin 131279 and not path ~ "4837 131279$"</c>. The language is in
/// docs/filter.md. A filter never changes; for each file there is a <see cref="FileFilter"/>.
/// </summary>
public sealed class Filter
{
    private readonly Term _term;

    private Filter(string text, Term term, bool asksFault)
    {
        Text = text;
        _term = term;
        AsksFault = asksFault;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>True when it asks for <c>fault</c>, somewhere.</summary>
    public bool AsksFault { get; }

    /// <summary>Reads a filter.</summary>
    /// <param name="registry">Who is registered where; asked only when the filter names a country.</param>
    /// <param name="lines">Gives the lines of a list that the filter names; the file of that name where not given.</param>
    /// <exception cref="FilterException">The text is no filter.</exception>
    public static Filter Parse(string text, Func<RegistrySnapshot> registry, Func<string, IEnumerable<string>>? lines = null)
    {
        var parser = new FilterParser(text, new(registry, lines ?? File.ReadLines));
        var term = parser.Parse();
        return new(text, term, parser.AsksFault);
    }

    /// <summary>The filter for the events of a collector, on one thread.</summary>
    public FileFilter For(Collector collector) => new(_term.For(collector));
}

/// <summary>A filter at work on one file. It remembers what it met, so that each thread needs its own.</summary>
public sealed class FileFilter
{
    private readonly Term _term;
    private readonly FilterState _state = new();

    internal FileFilter(Term term) => _term = term;

    /// <summary>True when no event of the file passes: it need not be read.</summary>
    public bool IsNever => _term == ConstantTerm.No;

    /// <summary>What can be said of events already; <see cref="Verdict.Unknown"/> where it takes more.</summary>
    public Verdict Decide(in RouteGlimpse glimpse)
    {
        _state.Forget();
        return _term.Decide(glimpse, _state);
    }

    /// <summary>True when an event passes.</summary>
    /// <param name="reader">That gave it.</param>
    public bool Passes(in RouteEvent routeEvent, RouteEventReader reader) =>
        Decide(RouteGlimpse.Of(routeEvent, reader)) is Verdict.Yes;
}
