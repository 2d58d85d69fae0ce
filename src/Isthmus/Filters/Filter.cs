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

    private Filter(string text, Term term, FilterParser asked)
    {
        Text = text;
        _term = term;
        AsksFault = asked.AsksFault;
        AsksView = asked.AsksView;
    }

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>True when it asks for <c>fault</c>, somewhere.</summary>
    public bool AsksFault { get; }

    /// <summary>True when it asks for <c>view</c>, somewhere.</summary>
    public bool AsksView { get; }

    /// <summary>Reads a filter.</summary>
    /// <param name="registry">Who is registered where; asked only when the filter names a country.</param>
    /// <param name="lines">Gives the lines of a list that the filter names; where not given a filter that
    /// names one is refused, so that a filter from elsewhere opens no file.</param>
    /// <exception cref="FilterException">The text is no filter.</exception>
    public static Filter Parse(string text, Func<RegistrySnapshot> registry, Func<string, IEnumerable<string>>? lines = null) =>
        Parse(text, new(registry, lines ?? Refuse), FilterScope.Events);

    /// <summary>
    /// Reads a filter that chooses vantage points, each with all that it sends or not at all: by peer, peer-as, collector, project, and of
    /// several tables in a dump by view.
    /// </summary>
    /// <param name="lines">As of <see cref="Parse(string, Func{RegistrySnapshot}, Func{string, IEnumerable{string}}?)"/>.</param>
    /// <exception cref="FilterException">The text is no filter, or asks for something else.</exception>
    public static Filter ParseVantagePoints(string text, Func<string, IEnumerable<string>>? lines = null) =>
        Parse(text, new(() => RegistrySnapshot.Shipped, lines ?? Refuse), FilterScope.VantagePoints);

    /// <summary>Reads a filter of routes that peers hold at a time: by all but view, time, community, kind and fault.</summary>
    /// <inheritdoc cref="Parse(string, Func{RegistrySnapshot}, Func{string, IEnumerable{string}}?)"/>
    /// <exception cref="FilterException">The text is no filter, or asks for something else.</exception>
    public static Filter ParseHeldRoutes(string text, Func<RegistrySnapshot> registry, Func<string, IEnumerable<string>>? lines = null) =>
        Parse(text, new(registry, lines ?? Refuse), FilterScope.HeldRoutes);

    private static IEnumerable<string> Refuse(string name) => throw new UnauthorizedAccessException("this filter may not read files");

    private static Filter Parse(string text, FilterSources sources, FilterScope scope)
    {
        var parser = new FilterParser(text, sources, scope);
        var term = parser.Parse();
        return new(text, term, parser);
    }

    /// <summary>The filter for the events of a collector, on one thread.</summary>
    public FileFilter For(Collector collector) => new(_term.For(collector), AsksFault);
}

/// <summary>A filter at work on one file. It remembers what it met, so that each thread needs its own.</summary>
public sealed class FileFilter
{
    private readonly Term _term;
    private readonly FilterState _state = new();

    // Only dumps have a use for it.
    private (ulong Version, Verdict Verdict)[]? _ofBlocks;

    internal FileFilter(Term term, bool asksFault)
    {
        _term = term;
        AsksFault = asksFault;
        // A fault that is passed over would not be known to the events behind it.
        Sieve = asksFault ? null : Decide;
    }

    /// <summary>What a reader asks before it decodes; null where it must decode everything, as for <c>fault</c>.</summary>
    public RouteSieve? Sieve { get; }

    /// <inheritdoc cref="Filter.AsksFault"/>
    public bool AsksFault { get; }

    /// <summary>True when no event of the file passes: it need not be read.</summary>
    public bool IsNever => _term == ConstantTerm.No;

    /// <summary>What can be said of events already; <see cref="Verdict.Unknown"/> where it takes more.</summary>
    public Verdict Decide(in RouteGlimpse glimpse)
    {
        _state.Forget();
        return _term.Decide(glimpse, _state);
    }

    /// <summary>True when an event passes.</summary>
    /// <param name="reader">That gave it, with this filter's <see cref="Sieve"/> or with none.</param>
    /// <param name="hasFault">Whether something is wrong with the record; as far as it was read where not given.</param>
    public bool Passes(in RouteEvent routeEvent, RouteEventReader reader, bool? hasFault = null) =>
        routeEvent.IsWanted || IsWanted(routeEvent, reader, hasFault);

    private bool IsWanted(in RouteEvent routeEvent, RouteEventReader reader, bool? hasFault) => OfBlock(routeEvent) switch
    {
        Verdict.No => false,
        Verdict.Yes => true,
        _ => Decide(RouteGlimpse.Of(routeEvent, reader, hasFault)) is Verdict.Yes,
    };

    // What a dump's attributes decide alone they decide once for all entries that repeat them.
    private Verdict OfBlock(in RouteEvent routeEvent)
    {
        var block = routeEvent.Block;
        if (!block.IsKnown) return Verdict.Unknown;
        ref var known = ref (_ofBlocks ??= new (ulong, Verdict)[BlockKey.Slots])[block.Slot];
        if (known.Version != block.Version)
        {
            known = (block.Version, Decide(new()
            {
                Kinds = RouteEventKinds.RibEntry,
                HasAttributes = true,
                Attributes = routeEvent.Attributes,
                IsChecked = true,
            }));
        }
        return known.Verdict;
    }
}
