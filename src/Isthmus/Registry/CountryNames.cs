using System.Collections.Frozen;

namespace Isthmus.Registry;

/// <summary>English names of countries (countries-list, MIT), and countries found by name.</summary>
public static class CountryNames
{
    private static readonly Lazy<FrozenDictionary<Country, string>> _names = new(Read);

    // What people write, beside the list's own names.
    private static readonly FrozenDictionary<string, string> _aliases = new Dictionary<string, string>
    {
        ["dprk"] = "KP",
        ["democratic people's republic of korea"] = "KP",
        ["korea (democratic people's republic of)"] = "KP",
        ["korea"] = "KR",
        ["republic of korea"] = "KR",
        ["russian federation"] = "RU",
        ["usa"] = "US",
        ["united states of america"] = "US",
        ["uk"] = "GB",
        ["great britain"] = "GB",
        ["uae"] = "AE",
        ["islamic republic of iran"] = "IR",
        ["syrian arab republic"] = "SY",
        ["viet nam"] = "VN",
        ["türkiye"] = "TR",
        ["burma"] = "MM",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Every country of the list, in order.</summary>
    public static IEnumerable<Country> All => _names.Value.Keys.Order();

    /// <summary>The English name; the code itself where the list has none.</summary>
    public static string NameOf(Country country) => _names.Value.GetValueOrDefault(country, country.ToString());

    /// <summary>Finds a country by its code or name, in any case; null for none.</summary>
    public static Country? Find(string text)
    {
        text = text.Trim();
        if (Country.TryParse(text, null, out var code) && _names.Value.ContainsKey(code)) return code;
        if (_aliases.TryGetValue(text, out string? alias)) return Country.Parse(alias);
        foreach (var (country, name) in _names.Value)
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase)) return country;
        return null;
    }

    /// <summary>The countries whose names are nearest to a text, nearest first: for a slip of the pen.</summary>
    public static IReadOnlyList<Country> Near(string text, int count) => [.. _names.Value
        .Select(entry => (entry.Key, Distance:
            Math.Min(Distance(entry.Value, text), text.Length <= 2 ? Distance(entry.Key.ToString(), text) + 1 : int.MaxValue)))
        .Where(entry => entry.Distance <= Math.Max(2, text.Length / 3))
        .OrderBy(entry => entry.Distance).ThenBy(entry => entry.Key)
        .Take(count).Select(entry => entry.Key)];

    // Levenshtein, without case.
    private static int Distance(string one, string other)
    {
        int[] row = [.. Enumerable.Range(0, other.Length + 1)];
        for (int i = 0; i < one.Length; i++)
        {
            int diagonal = row[0];
            row[0] = i + 1;
            for (int j = 0; j < other.Length; j++)
            {
                int change = diagonal + (char.ToUpperInvariant(one[i]) == char.ToUpperInvariant(other[j]) ? 0 : 1);
                diagonal = row[j + 1];
                row[j + 1] = Math.Min(change, Math.Min(row[j], row[j + 1]) + 1);
            }
        }
        return row[^1];
    }

    private static FrozenDictionary<Country, string> Read()
    {
        using var stream = typeof(CountryNames).Assembly.GetManifestResourceStream("CountryNames.txt")
            ?? throw new InvalidOperationException("the library lacks its country names");
        using var reader = new StreamReader(stream);
        var names = new Dictionary<Country, string>();
        while (reader.ReadLine() is { } line)
            if (Country.TryParse(line.AsSpan(0, 2), null, out var country)) names[country] = line[3..];
        return names.ToFrozenDictionary();
    }
}
