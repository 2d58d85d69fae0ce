namespace Isthmus.Filters;

/// <summary>How a field is related to values.</summary>
internal enum Relation
{
    /// <summary>One of them: <c>=</c>, <c>in</c>, or nothing between.</summary>
    Is,
    IsNot,
    Less,
    AtMost,
    More,
    AtLeast,
    Like,
    Exact,
    Within,
    Covering,
    Overlaps,
}

/// <summary>What a filter is asked of, and so which fields it may have.</summary>
internal enum FilterScope
{
    Events,
    /// <summary>Vantage points, each with all that it sends.</summary>
    VantagePoints,
    /// <summary>Routes that peers hold at a time.</summary>
    HeldRoutes,
}

/// <summary>Reads a filter by recursive descent (docs/filter.md has the grammar): connecting words, brackets and terms.</summary>
internal sealed class FilterParser(string text, FilterSources sources, FilterScope scope)
{
    /// <summary>Brackets and nots in each other: a bound on the stack.</summary>
    private const int DepthMax = 100;

    private readonly FilterLexer _lexer = new(text);
    private Token _token;
    private int _depth;

    /// <summary>True when a term is <c>fault</c>.</summary>
    public bool AsksFault { get; private set; }

    /// <inheritdoc cref="Filter.AsksView"/>
    public bool AsksView { get; private set; }

    public Term Parse()
    {
        Move();
        if (_token.Kind is TokenKind.End) throw Fail(_token, "the filter is empty; write one like origin 131279");
        var term = Disjunction();
        if (_token.Kind is TokenKind.End) return term;
        throw Fail(_token, _token.Kind is TokenKind.Close
            ? "')' closes nothing" : $"{Shown(_token)} is not expected; terms are joined by and, or");
    }

    private Term Disjunction()
    {
        List<Term> terms = [Conjunction()];
        while (TakeWord("or")) terms.Add(Conjunction());
        return JunctionTerm.Or(terms);
    }

    private Term Conjunction()
    {
        List<Term> terms = [Negation()];
        while (TakeWord("and")) terms.Add(Negation());
        return JunctionTerm.And(terms);
    }

    private Term Negation()
    {
        var start = _token;
        if (++_depth > DepthMax) throw Fail(start, "too many brackets in brackets");
        Term term;
        if (TakeWord("not"))
        {
            term = new NotTerm(Negation());
        }
        else if (_token.Kind is TokenKind.Open)
        {
            Move();
            term = Disjunction();
            if (_token.Kind is not TokenKind.Close)
                throw Fail(_token, $"{Shown(_token)} is not expected; ')' closes the bracket of column {start.Column}");
            Move();
        }
        else
        {
            term = Field();
        }
        _depth--;
        return term;
    }

    private Term Field()
    {
        var name = _token;
        if (name.Kind is not TokenKind.Word || name.Text is "and" or "or" or "in")
            throw Fail(name, $"{Shown(name)} is not expected; a field stands here, as origin or prefix");
        if (FilterField.Find(name.Text) is not { } field)
        {
            string? near = FilterField.Near(name.Text);
            throw Fail(name, near is null
                ? $"'{name.Text}' is no field; there are {string.Join(", ", FilterField.All.Select(one => one.Name))}"
                : $"'{name.Text}' is no field; did you mean '{near}'?");
        }
        if (scope is FilterScope.VantagePoints && !field.IsOfVantagePoints)
        {
            string fields = string.Join(", ", FilterField.All.Where(one => one.IsOfVantagePoints).Select(one => one.Name));
            throw Fail(name, $"'{name.Text}' chooses routes, and here whole vantage points are chosen: by {fields}; 'isthmus read' takes all fields");
        }
        if (scope is FilterScope.HeldRoutes && !field.IsOfHeldRoutes)
        {
            string fields = string.Join(", ", FilterField.All.Where(one => one.IsOfHeldRoutes).Select(one => one.Name));
            throw Fail(name, $"'{name.Text}' is of events, and here routes are chosen that peers hold: by {fields}; 'isthmus read' takes all fields");
        }
        Move();
        AsksView |= field.Kind is FieldKind.View;
        if (field.Kind is FieldKind.Fault)
        {
            AsksFault = true;
            return new FaultTerm();
        }
        var sign = _token;
        var relation = ReadRelation();
        if (!field.Allows(relation)) throw Fail(sign, $"'{field.Name}' is not asked so; {field.Form}");
        var values = new FilterValues(text, field, sources, ReadValues(field));
        if (relation is Relation.Less or Relation.AtMost or Relation.More or Relation.AtLeast or Relation.Like) values.MustBeOne();
        var term = values.ToTerm(relation);
        return relation is Relation.IsNot ? new NotTerm(term) : term;
    }

    private Relation ReadRelation()
    {
        var first = _token;
        if (first.Kind is not (TokenKind.Sign or TokenKind.Word)) return Relation.Is;
        Relation? relation = first.Text switch
        {
            "=" or "in" => Relation.Is,
            "!=" or "not" => Relation.IsNot,
            "<" => Relation.Less,
            "<=" => Relation.AtMost,
            ">" => Relation.More,
            ">=" => Relation.AtLeast,
            "~" => Relation.Like,
            "exact" => Relation.Exact,
            "within" => Relation.Within,
            "covering" => Relation.Covering,
            "overlaps" => Relation.Overlaps,
            _ => null,
        };
        if (relation is null) return Relation.Is;
        Move();
        if (first.Is("not") && !TakeWord("in")) throw Fail(first, "'not' stands before a field, or as not in before a list");
        return relation.Value;
    }

    // One value, or several in brackets.
    private List<Token> ReadValues(FilterField field)
    {
        if (_token.Kind is not TokenKind.Open) return [ReadValue(field)];
        var open = _token;
        var values = new List<Token>();
        do
        {
            Move();
            values.Add(ReadValue(field));
        }
        while (_token.Kind is TokenKind.Comma);
        if (_token.Kind is not TokenKind.Close)
            throw Fail(_token, $"{Shown(_token)} is not expected; the list of column {open.Column} goes on with ',' or ends with ')'");
        Move();
        return values;
    }

    private Token ReadValue(FilterField field)
    {
        var value = _token;
        bool isValue = value.Kind is TokenKind.Word or TokenKind.Text or TokenKind.File;
        if (!isValue || value.Is("and") || value.Is("or") || value.Is("not"))
            throw Fail(value, $"{Shown(value)} is not expected; '{field.Name}' wants {field.Wants}");
        Move();
        return value;
    }

    private bool TakeWord(string word)
    {
        if (!_token.Is(word)) return false;
        Move();
        return true;
    }

    private void Move() => _token = _lexer.Next();

    private static string Shown(Token token) => token.Kind is TokenKind.End ? "the end" : $"'{token.Text}'";

    private FilterException Fail(Token token, string what) => new(text, token.Column, what);
}
