using System.Collections.Frozen;
using System.Text;

using Isthmus.Text;

namespace Isthmus.Registry;

/// <summary>English names of countries (countries-list, MIT; the forms of ISO 3166-1), and countries found by name.</summary>
public static class CountryNames
{
    private static readonly Lazy<FrozenDictionary<Country, string>> _names = new(Read);

    private static readonly Lazy<FrozenDictionary<string, Country>> _byName = new(ReadForms), _byAlpha3 = new(ReadAlpha3);

    private static readonly Lazy<IReadOnlyList<(string Name, Country Country)>> _ownNames = new(ReadOwnNames);

    // What people write, beside the list's own names and those of ISO 3166-1.
    private static readonly (string Name, string Code)[] _common =
    [
        ("sao tome", "ST"), ("democratic republic congo", "CD"), ("dr congo", "CD"), ("republic congo", "CG"), ("congo, rep.", "CG"),
        ("congo, dem. rep.", "CD"), ("korea, dem. rep.", "KP"), ("korea, rep.", "KR"), ("us virgin islands", "VI"),
        ("dprk", "KP"), ("usa", "US"), ("america", "US"), ("united states of america", "US"), ("great britain", "GB"), ("britain", "GB"),
        ("england", "GB"), ("scotland", "GB"), ("wales", "GB"), ("northern ireland", "GB"), ("uae", "AE"), ("emirates", "AE"),
        ("burma", "MM"), ("holland", "NL"), ("czech republic", "CZ"), ("swaziland", "SZ"), ("macedonia", "MK"), ("cape verde", "CV"),
        ("turkey", "TR"), ("vatican", "VA"), ("bosnia", "BA"), ("trinidad", "TT"), ("palestinian territories", "PS"), ("macau", "MO"),
        ("republic of china", "TW"), ("democratic republic of the congo", "CD"), ("drc", "CD"), ("congo-kinshasa", "CD"),
        ("congo-brazzaville", "CG"), ("timor", "TL"), ("republic of ireland", "IE"), ("hong kong sar", "HK"), ("car", "CF"),
        ("korea (democratic people's republic of)", "KP"), ("republic of korea", "KR"), ("russian federation", "RU"),
        ("democratic people's republic of korea", "KP"), ("people's republic of china", "CN"), ("viet nam", "VN"),
        ("islamic republic of iran", "IR"), ("iran (islamic republic of)", "IR"), ("iran, islamic republic of", "IR"), ("syrian arab republic", "SY"),
        ("lao people's democratic republic", "LA"), ("republic of moldova", "MD"), ("moldova, republic of", "MD"),
        ("united republic of tanzania", "TZ"), ("tanzania, united republic of", "TZ"), ("bolivia (plurinational state of)", "BO"),
        ("venezuela (bolivarian republic of)", "VE"), ("brunei darussalam", "BN"), ("turkiye", "TR"), ("czechia", "CZ"),
        ("ivory coast", "CI"), ("cote d'ivoire", "CI"), ("east timor", "TL"), ("timor-leste", "TL"), ("eswatini", "SZ"),
        ("north macedonia", "MK"), ("cabo verde", "CV"), ("state of palestine", "PS"), ("holy see", "VA"), ("the netherlands", "NL"),
        ("united kingdom of great britain and northern ireland", "GB"), ("taiwan, province of china", "TW"), ("the gambia", "GM"),
        ("aland islands", "AX"), ("cocos (keeling) islands", "CC"), ("falkland islands (malvinas)", "FK"),
        ("heard island and mcdonald islands", "HM"), ("saint martin (french part)", "MF"), ("sint maarten (dutch part)", "SX"),
        ("korea, republic of", "KR"), ("korea, democratic people's republic of", "KP"), ("congo, democratic republic of the", "CD"),
        ("palestine, state of", "PS"), ("south georgia and the south sandwich islands", "GS"), ("french southern territories", "TF"),
        ("pitcairn", "PN"), ("saint helena, ascension and tristan da cunha", "SH"), ("svalbard and jan mayen", "SJ"),
        ("united states minor outlying islands", "UM"), ("virgin islands (british)", "VG"), ("virgin islands (u.s.)", "VI"),
        ("bonaire, sint eustatius and saba", "BQ"), ("kingdom of the netherlands", "NL"), ("taiwan (province of china)", "TW"), ("the bahamas", "BS"),
        ("prc", "CN"), ("pr china", "CN"), ("rok", "KR"), ("s korea", "KR"), ("korea south", "KR"), ("n korea", "KP"), ("korea north", "KP"),
        ("korea dpr", "KP"), ("ksa", "SA"), ("kyrgyz republic", "KG"), ("slovak republic", "SK"), ("lao pdr", "LA"),
        ("republic of congo", "CG"), ("congo republic", "CG"), ("democratic republic of congo", "CD"),
        ("great britain and northern ireland", "GB"), ("federated states of micronesia", "FM"), ("micronesia (federated states of)", "FM"),
    ];

    // Names that more than one country bears.
    private static readonly FrozenDictionary<string, string[]> _shared = new Dictionary<string, string[]>
    {
        ["korea"] = ["KP", "KR"],
        ["congo"] = ["CD", "CG"],
        ["virgin islands"] = ["VG", "VI"],
        ["guiana"] = ["GF", "GY"],
        ["saint martin"] = ["MF", "SX"],
        // Republic of China, Republic of the Congo.
        ["roc"] = ["CG", "TW"],
        ["virgin is"] = ["VG", "VI"],
    }.ToFrozenDictionary();

    /// <summary>Every country of the list, in order.</summary>
    public static IEnumerable<Country> All => _names.Value.Keys.Order();

    /// <summary>The English name; the code itself where the list has none.</summary>
    public static string NameOf(Country country) => _names.Value.GetValueOrDefault(country, country.ToString());

    /// <summary>The country that a name or a code means, with or without accents, in any case; null for none or several.</summary>
    public static Country? Find(string text)
    {
        text = text.Trim();
        if (Country.TryParse(text, null, out var code) && _names.Value.ContainsKey(code)) return code;
        string folded = Fold(text);
        return !_shared.ContainsKey(folded) && _byName.Value.TryGetValue(folded, out var named) ? named : null;
    }

    /// <summary>
    /// All countries that somebody can mean who was asked for one: by code (ISO 3166-1 alpha-2 or alpha-3) or name. Several where
    /// the name is that of several; empty for none. In running text a word as <c>AND</c> is no code: there <see cref="Find"/> decides.
    /// </summary>
    public static IReadOnlyList<Country> Called(string text)
    {
        text = text.Trim();
        if (_shared.TryGetValue(Fold(text), out string[]? several)) return [.. several.Select(code => Country.Parse(code))];
        if (Find(text) is { } one) return [one];
        if (OfInitials(text) is { } initials) return initials;
        if (OfTurned(text) is { Count: > 0 } turned) return turned;
        return _byAlpha3.Value.TryGetValue(text.ToUpperInvariant(), out var country) ? [country] : [];
    }

    // U.S., U. K., the U S A, D. R. Congo, P.R.C.: letters that stand alone are one word, and a code may have points.
    private static IReadOnlyList<Country>? OfInitials(string text)
    {
        string folded = Fold(text);
        var joined = new StringBuilder(folded.Length);
        string[] words = folded.Split(' ');
        for (int i = 0; i < words.Length; i++)
        {
            if (i > 0 && (words[i].Length != 1 || words[i - 1].Length != 1)) joined.Append(' ');
            joined.Append(words[i]);
        }
        string name = joined.ToString();
        return string.Equals(name, text, StringComparison.OrdinalIgnoreCase) ? null
            : _shared.ContainsKey(name) || Find(name) is not null ? Called(name) : null;
    }

    // As lists and ISO 3166-1 have names, with what leads them behind: Korea, North; Gambia (the); Korea (the Republic of).
    private static IReadOnlyList<Country> OfTurned(string text)
    {
        if (text.Length == 0) return [];
        // Falkland Islands (the) [Malvinas]
        int other = text.IndexOf('[', StringComparison.Ordinal);
        if (other > 0 && text[^1] == ']') text = text[..other].TrimEnd();
        var (separator, list) = text[^1] == ')' ? ('(', text[..^1]) : (',', text);
        string[] parts = list.Split(separator, StringSplitOptions.TrimEntries);
        return parts is [{ Length: > 0 } name, { Length: > 0 } lead] ? Called($"{lead} {name}") : [];
    }

    /// <summary>The name without case, accents, points, hyphens and a leading article, in one form of each sign.</summary>
    private static string Fold(string text)
    {
        var folded = new StringBuilder(text.Length);
        foreach (char character in text.Trim().ToLowerInvariant())
        {
            if ((char.IsWhiteSpace(character) || character is '-') && folded is [.., ' ']) continue;
            if (character is '.' or (>= '\u0300' and <= '\u036F')) continue;
            folded.Append(character switch
            {
                '-' or '\u2010' or '\u2011' or '\u2013' or '\u00A0' => ' ',
                '\u2018' or '\u2019' or '\u02BC' or '`' => '\'',
                _ => PlainLetter.Of(character),
            });
        }
        string name = folded.Replace(" & ", " and ").ToString();
        if (name.StartsWith("the ", StringComparison.Ordinal)) name = name[4..];
        return name.StartsWith("st ", StringComparison.Ordinal) ? $"saint {name[3..]}" : name;
    }

    /// <summary>
    /// The countries that a text may mean which names none, likeliest first: by their name in their own language, by a part of their name
    /// or what stands around it, or by a slip of the pen.
    /// </summary>
    public static IReadOnlyList<Country> Near(string text, int count) =>
        [.. ByOwnName(text).Concat(ByPart(text)).Concat(BySlip(text, count)).Distinct().Take(count)];

    private static IEnumerable<Country> ByOwnName(string text)
    {
        string folded = Fold(text);
        return _ownNames.Value.Where(entry => entry.Name == folded).Select(entry => entry.Country);
    }

    /// <summary>Shorter words stand in too many names.</summary>
    private const int PartLettersMin = 4;

    private static IEnumerable<Country> ByPart(string text)
    {
        string folded = Fold(text);
        if (folded.Length < PartLettersMin) return [];
        return _byName.Value.Select(entry => (Name: entry.Key, Country: entry.Value)).Concat(_ownNames.Value)
            .Where(entry => HoldsWords(entry.Name, folded) || entry.Name.Length >= PartLettersMin && HoldsWords(folded, entry.Name))
            .OrderBy(entry => Math.Abs(entry.Name.Length - folded.Length)).ThenBy(entry => entry.Country).Select(entry => entry.Country);
    }

    private static bool HoldsWords(string name, string words)
    {
        for (int at = 0; (at = name.IndexOf(words, at, StringComparison.Ordinal)) >= 0; at++)
        {
            int end = at + words.Length;
            if ((at == 0 || !char.IsLetter(name[at - 1])) && (end == name.Length || !char.IsLetter(name[end]))) return true;
        }
        return false;
    }

    private static IEnumerable<Country> BySlip(string text, int count) => [.. _names.Value
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
        var names = new Dictionary<Country, string>();
        foreach (string line in Lines("CountryNames.txt"))
            if (Country.TryParse(line.AsSpan(0, 2), null, out var country)) names[country] = line[3..];
        return names.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, Country> ReadForms()
    {
        var forms = new Dictionary<string, Country>();
        foreach (var (name, code) in _common) forms[Fold(name)] = Country.Parse(code);
        foreach (var (country, name) in _names.Value) forms[Fold(name)] = country;
        return forms.ToFrozenDictionary();
    }

    private static FrozenDictionary<string, Country> ReadAlpha3() => Lines("CountryCodes.txt")
        .ToFrozenDictionary(line => line[3..], line => Country.Parse(line.AsSpan(0, 2), null));

    private static IReadOnlyList<(string Name, Country Country)> ReadOwnNames() =>
        [.. Lines("CountryOwnNames.txt").Select(line => (Fold(line[3..]), Country.Parse(line.AsSpan(0, 2), null)))];

    private static IEnumerable<string> Lines(string resource)
    {
        using var stream = typeof(CountryNames).Assembly.GetManifestResourceStream(resource)
            ?? throw new InvalidOperationException("the library lacks its country names");
        using var reader = new StreamReader(stream);
        while (reader.ReadLine() is { } line) yield return line;
    }
}
