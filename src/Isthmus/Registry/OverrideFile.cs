using System.Collections.Frozen;

using Isthmus.Wire;

namespace Isthmus.Registry;

/// <summary>One line of an override file: of which country a prefix or an AS is to count, and why.</summary>
/// <param name="Line">1-based.</param>
/// <param name="Asn">Null where the line is of a prefix.</param>
/// <param name="Prefix">Null where the line is of an AS; it speaks for all that it covers.</param>
/// <param name="Why">What stands behind <c>because</c>.</param>
public sealed record CountryOverride(int Line, Asn? Asn, Prefix? Prefix, Country Country, string Why)
{
    /// <summary>The AS or the prefix.</summary>
    public string Of => Asn?.ToString() ?? Prefix.ToString()!;
}

/// <summary>
/// What a user knows better than the registries, kept in a text file: <c>AS134544 CN because …</c> or
/// <c>175.45.176.0/22 KP because …</c>, one a line, <c>#</c> before comments. It wins over every other witness. For a prefix
/// the most specific line that covers it counts. A wrong line is an error: left out in silence it would change the answer.
/// </summary>
public sealed class OverrideFile
{
    private readonly FrozenDictionary<Asn, CountryOverride> _ases;
    private readonly FrozenDictionary<Prefix, CountryOverride> _prefixes;
    private readonly byte[] _lengths;

    private OverrideFile(string name, IReadOnlyList<CountryOverride> lines)
    {
        Name = name;
        Lines = lines;
        _ases = lines.Where(line => line.Asn is not null).ToFrozenDictionary(line => line.Asn!.Value);
        _prefixes = lines.Where(line => line.Prefix is not null).ToFrozenDictionary(line => line.Prefix!.Value);
        _lengths = [.. _prefixes.Keys.Select(prefix => prefix.Length).Distinct().OrderDescending()];
    }

    /// <summary>The file's name, for sources and messages.</summary>
    public string Name { get; }

    /// <summary>The file as a source among those of a registry.</summary>
    public string Source => $"Overrides of a user: {Name}";

    /// <summary>In the order of the file.</summary>
    public IReadOnlyList<CountryOverride> Lines { get; }

    /// <summary>True when some line is of a prefix.</summary>
    public bool HasPrefixes => _prefixes.Count > 0;

    /// <summary>The line of an AS; null for none.</summary>
    public CountryOverride? Find(Asn asn) => _ases.GetValueOrDefault(asn);

    /// <summary>The most specific line that covers a prefix; null for none.</summary>
    public CountryOverride? Find(Prefix prefix)
    {
        foreach (byte length in _lengths)
            if (length <= prefix.Length && _prefixes.TryGetValue(new(prefix.Address, length), out var line)) return line;
        return null;
    }

    /// <summary>Reads a file.</summary>
    /// <exception cref="OverrideException">The first line that is wrong, with its place.</exception>
    public static OverrideFile Read(TextReader reader, string name)
    {
        var lines = new List<CountryOverride>();
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int number = 1; reader.ReadLine() is { } text; number++)
        {
            if (text.AsSpan().TrimStart() is [] or ['#', ..]) continue;
            var line = ReadLine(text, number, name);
            if (!seen.TryAdd(line.Of, number)) throw new OverrideException(
                name, number, 1, text, $"{line.Of} has a country by line {seen[line.Of]} already; keep one of the two");
            lines.Add(line);
        }
        return new(name, lines);
    }

    private static CountryOverride ReadLine(string text, int number, string name)
    {
        int at = 0;
        string of = Word(text, ref at, out int ofAt), code = Word(text, ref at, out int codeAt);
        string because = Word(text, ref at, out int becauseAt);
        OverrideException Wrong(int column, string what) => new(name, number, column + 1, text, what);

        Prefix? prefix = Wire.Prefix.TryParse(of, null, out var block) ? block : null;
        Asn? asn = prefix is null && Wire.Asn.TryParse(of, null, out var as_) ? as_ : null;
        if (prefix is null && asn is null) throw Wrong(ofAt, $"'{of}' is no AS number and no prefix; write one as AS134544 or 175.45.176.0/22");
        if (code.Length == 0) throw Wrong(text.Length, $"{of} has no country; write {of} KP because …");
        if (!Country.TryParse(code, null, out var country)) throw Wrong(codeAt, $"'{code}' is no country; write its two letters, as KP");
        if (because != "because") throw Wrong(because.Length > 0 ? becauseAt : text.Length, $"the reason is missing; write {of} {code} because …");
        string why = text[at..].Trim();
        return why.Length > 0 ? new(number, asn, prefix, country, why) : throw Wrong(text.Length, "nothing stands behind because; say why");
    }

    private static string Word(string text, ref int at, out int start)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at])) at++;
        start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at])) at++;
        return text[start..at];
    }
}

/// <summary>A line of an override file that is none; the message says where, what is wrong and what to do, in one line.</summary>
/// <param name="column">From 1.</param>
/// <param name="text">The line as it stands.</param>
public sealed class OverrideException(string file, int line, int column, string text, string what)
    : Exception(FormattableString.Invariant($"{file}: line {line}, column {column}: {what}"))
{
    /// <summary>The line, and below it a caret at the place.</summary>
    public string Picture { get; } =
        $"  {string.Concat(text.Select(letter => char.IsControl(letter) ? ' ' : letter))}\n  {new string(' ', column - 1)}^";
}
