using System.Globalization;

namespace Isthmus.Filters;

/// <summary>Reads the text of a path pattern (docs/filter.md).</summary>
internal sealed class HopPatternReader(string text, Func<int, string, FilterException> fail)
{
    private const int DepthMax = 50;
    private const int RepeatMax = 255;

    private int _at, _depth;

    public HopNode Read()
    {
        var node = Choice();
        return _at == text.Length ? node : throw fail(_at, "')' closes nothing");
    }

    private HopNode Choice()
    {
        int place = _at;
        List<HopNode> parts = [Row()];
        while (Take('|')) parts.Add(Row());
        return parts is [var only] ? only : new HopNode.Choice(place, parts);
    }

    private HopNode.Row Row()
    {
        int place = _at;
        var parts = new List<HopNode>();
        while (Peek() is not ('\0' or '|' or ')')) parts.Add(Repeated(Atom()));
        return new(place, parts);
    }

    private HopNode Atom()
    {
        int place = _at;
        switch (Peek())
        {
            case '.':
                _at++;
                return new HopNode.Hop(place, null);
            case '^' or '$':
                return new HopNode.Edge(place, text[_at++] == '^');
            case '[':
                return new HopNode.Hop(place, Set());
            case '(':
                _at++;
                if (++_depth > DepthMax) throw fail(place, "too many brackets in brackets");
                var inner = Choice();
                _depth--;
                return Take(')') ? inner : throw fail(place, "'(' is not closed");
            case '*' or '+' or '?' or '{':
                throw fail(_at, $"'{text[_at]}' repeats what stands before it, and there is nothing");
            case '_':
                throw fail(_at, "'_' is not needed: a number here is a whole AS number, and spaces stand between hops");
            default:
                return new HopNode.Hop(place, new([Range()]));
        }
    }

    private HopNode Repeated(HopNode part)
    {
        while (true)
        {
            int place = _at;
            switch (Peek())
            {
                case '*':
                    part = new HopNode.Repeat(place, part, 0, null);
                    break;
                case '+':
                    part = new HopNode.Repeat(place, part, 1, null);
                    break;
                case '?':
                    part = new HopNode.Repeat(place, part, 0, 1);
                    break;
                case '{':
                    _at++;
                    part = Counted(place, part);
                    continue;
                default:
                    return part;
            }
            _at++;
        }
    }

    // {n}, {n,} or {n,m}, behind the brace.
    private HopNode.Repeat Counted(int place, HopNode part)
    {
        int least = Count();
        int? most = !Take(',') ? least : Peek() == '}' ? null : Count();
        if (!Take('}')) throw fail(place, "'{' is not closed; write it like {2}, {2,} or {2,5}");
        return most >= least || most is null ? new(place, part, least, most)
            : throw fail(place, string.Create(CultureInfo.InvariantCulture, $"{most} is fewer than {least}"));
    }

    private int Count()
    {
        Peek();
        int place = _at;
        return Digits() is { Length: > 0 } digits && int.TryParse(digits, CultureInfo.InvariantCulture, out int count) && count <= RepeatMax
            ? count : throw fail(place, "a count of 0 to 255 stands here, as in {2,5}");
    }

    private NumberSet Set()
    {
        int place = _at++;
        bool others = Take('^');
        var ranges = new List<(uint First, uint Last)>();
        while (!Take(']'))
        {
            if (Peek() == '\0') throw fail(place, "'[' is not closed");
            if (!Take(',')) ranges.Add(Range());
        }
        if (ranges.Count == 0) throw fail(place, "a set holds AS numbers, as [174 3356 64512-65534]");
        return new(others ? Rest(new(ranges)) : ranges);
    }

    private static IEnumerable<(uint First, uint Last)> Rest(NumberSet set)
    {
        ulong next = 0;
        foreach (var (first, last) in set.Ranges)
        {
            if (next < first) yield return ((uint)next, first - 1);
            next = (ulong)last + 1;
        }
        if (next <= uint.MaxValue) yield return ((uint)next, uint.MaxValue);
    }

    private (uint First, uint Last) Range()
    {
        int place = _at;
        uint first = Number(), last = first;
        if (_at < text.Length && text[_at] == '-')
        {
            _at++;
            last = Number();
        }
        if (last < first) throw fail(place, string.Create(CultureInfo.InvariantCulture, $"the range ends before it begins: {first}-{last}"));
        return (first, last);
    }

    private uint Number()
    {
        int place = _at;
        if (text.AsSpan(_at).StartsWith("AS", StringComparison.OrdinalIgnoreCase)) _at += 2;
        string digits = Digits();
        if (digits.Length == 0)
            throw fail(place, place == text.Length ? "an AS number is missing at the end"
                : $"'{text[place]}' is no part of a path pattern; there are AS numbers and . [ ] ( ) | * + ? {{ }} ^ $");
        if (!uint.TryParse(digits, CultureInfo.InvariantCulture, out uint number))
            throw fail(place, $"{digits} is no AS number: the largest is {uint.MaxValue.ToString(CultureInfo.InvariantCulture)}");
        // 2.207 would be three hops: 2, any, 207.
        if (_at + 1 < text.Length && text[_at] == '.' && char.IsAsciiDigit(text[_at + 1]))
            throw fail(place, "write the AS number without a dot, or spaces around the dot that is any hop");
        return number;
    }

    private string Digits()
    {
        int start = _at;
        while (_at < text.Length && char.IsAsciiDigit(text[_at])) _at++;
        return text[start.._at];
    }

    /// <summary>The next character that is no space; '\0' at the end.</summary>
    private char Peek()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
        return _at < text.Length ? text[_at] : '\0';
    }

    private bool Take(char wanted)
    {
        if (Peek() != wanted) return false;
        _at++;
        return true;
    }
}
