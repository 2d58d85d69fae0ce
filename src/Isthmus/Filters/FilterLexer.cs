using System.Globalization;

namespace Isthmus.Filters;

/// <summary>What a piece of a filter is.</summary>
internal enum TokenKind
{
    /// <summary>A field, a connecting word or a bare value.</summary>
    Word,
    /// <summary>A value in quotes.</summary>
    Text,
    /// <summary>A file with a value on each line: <c>@asns.txt</c>.</summary>
    File,
    /// <summary><c>= != &lt; &lt;= &gt; &gt;= ~</c></summary>
    Sign,
    Open,
    Close,
    Comma,
    End,
}

/// <summary>A piece of a filter.</summary>
/// <param name="Text">Without quotes and <c>@</c>.</param>
/// <param name="Column">Where it begins, from 1.</param>
internal readonly record struct Token(TokenKind Kind, string Text, int Column)
{
    /// <summary>Where the first letter of <see cref="Text"/> stands, behind a quote.</summary>
    public int TextColumn => Kind is TokenKind.Text ? Column + 1 : Column;

    /// <summary>True for a word of the language itself, as <c>and</c>.</summary>
    public bool Is(string word) => Kind is TokenKind.Word && Text == word;
}

/// <summary>Cuts a filter into pieces.</summary>
internal sealed class FilterLexer(string text)
{
    private int _at;

    public Token Next()
    {
        while (_at < text.Length && char.IsWhiteSpace(text[_at])) _at++;
        int start = _at;
        if (start == text.Length) return new(TokenKind.End, "", start + 1);
        switch (text[_at++])
        {
            case '(':
                return new(TokenKind.Open, "(", start + 1);
            case ')':
                return new(TokenKind.Close, ")", start + 1);
            case ',':
                return new(TokenKind.Comma, ",", start + 1);
            case '"' or '\'':
                return new(TokenKind.Text, Quoted(start), start + 1);
            case '@':
                return File(start);
            case '=' or '~':
                return Sign(start);
            case '<' or '>' or '!':
                if (_at < text.Length && text[_at] == '=') _at++;
                return Sign(start);
            default:
                _at = start;
                return Word(start);
        }
    }

    private Token Sign(int start)
    {
        string sign = text[start.._at];
        if (sign is "!") throw Fail(start, "'!' is not understood; write not");
        if (_at < text.Length && text[_at] == '=') throw Fail(start, $"'{sign}=' is not understood; write =");
        return new(TokenKind.Sign, sign, start + 1);
    }

    private Token Word(int start)
    {
        while (_at < text.Length && IsOfWord(text[_at])) _at++;
        if (_at > start) return new(TokenKind.Word, text[start.._at], start + 1);
        throw Fail(start, text[start] switch
        {
            '&' => "'&' is not understood; write and",
            '|' => "'|' is not understood here; write or, and put a path pattern in quotes",
            '[' or ']' or '^' or '$' or '{' or '}' => $"'{text[start]}' is not understood here; put a path pattern in quotes",
            var other => char.IsControl(other)
                ? string.Create(CultureInfo.InvariantCulture, $"the character {(int)other:x4} is not understood")
                : $"'{other}' is not understood; a value with other than letters and digits stands in quotes",
        });
    }

    private Token File(int start)
    {
        if (_at < text.Length && text[_at] is '"' or '\'') return new(TokenKind.File, Quoted(_at), start + 1);
        while (_at < text.Length && !char.IsWhiteSpace(text[_at]) && text[_at] is not (',' or ')' or '(')) _at++;
        return _at > start + 1
            ? new(TokenKind.File, text[(start + 1).._at], start + 1)
            : throw Fail(start, "'@' wants the name of a file, as @asns.txt");
    }

    // Nothing is escaped, so that a column in the value is one in the filter.
    private string Quoted(int start)
    {
        int end = text.IndexOf(text[start], start + 1);
        if (end < 0) throw Fail(start, $"the quote is not closed; end it with {text[start]}");
        _at = end + 1;
        return text[(start + 1)..end];
    }

    private static bool IsOfWord(char letter) =>
        char.IsLetterOrDigit(letter) || letter is '.' or ':' or '/' or '*' or '?' or '-' or '_' or '+';

    private FilterException Fail(int at, string what) => new(text, at + 1, what);
}
