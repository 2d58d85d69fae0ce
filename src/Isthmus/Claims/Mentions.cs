using System.Text.RegularExpressions;

using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>A network or country in a passage.</summary>
/// <param name="Country">Set where the text names a country and not a network.</param>
/// <param name="Place">Characters from the start of the passage.</param>
internal sealed record Mention(Named Named, Country Country, int Place, int Length)
{
    public int End => Place + Length;
}

/// <summary>
/// Finds the networks and countries that a text names: by number, by a registered name or the beginning of one, by a
/// country, and by a short form that the text itself explains, as "TransTeleCom (TTK)".
/// </summary>
internal sealed partial class Mentions
{
    /// <summary>Words of a name.</summary>
    private const int NameWordsMax = 5;

    private readonly NameIndex _names;
    private readonly IReadOnlyCollection<Asn> _near;
    private readonly Dictionary<string, Named> _shortForms = new(StringComparer.Ordinal);

    /// <param name="text">The whole text: short forms hold throughout.</param>
    /// <param name="near">The networks of the data: of several that a name may mean, these are meant.</param>
    public Mentions(string text, NameIndex names, IReadOnlyCollection<Asn> near)
    {
        _names = names;
        _near = near;
        foreach (Match match in ShortForm().Matches(text))
            if (ByName(match.Groups["name"].Value) is { } named)
                _shortForms[match.Groups["short"].Value] = named with { Text = match.Groups["short"].Value };
    }

    /// <summary>What a passage names, in order.</summary>
    public IReadOnlyList<Mention> Of(string passage)
    {
        var found = new List<Mention>();
        foreach (Match match in Number().Matches(passage))
            if (Asn.TryParse(match.Groups["number"].Value, null, out var asn))
            {
                found.Add(new(new(match.Value, [asn], Stated: true), Country.None, match.Index, match.Length));
                if (Beside(passage, match, asn) is { } name) found.Add(name);
            }
        Match[] words = [.. Word().Matches(passage).Cast<Match>()];
        for (int i = 0; i < words.Length;)
        {
            int taken = 0;
            for (int count = Math.Min(NameWordsMax, words.Length - i); count > 0 && taken == 0; count--)
            {
                int start = words[i].Index, length = words[i + count - 1].Index + words[i + count - 1].Length - start;
                if (found.Any(other => start < other.End && other.Place < start + length)) continue;
                string phrase = passage.Substring(start, length);
                if (phrase.IndexOfAny([',', '(', ')', ';', ':', '.']) is >= 0 and var stop && stop < length - 1) continue;
                // "Three networks" counts them; Three alone may be the company.
                if (Words.NumberOf(phrase) is not null && Counted().IsMatch(passage[(start + length)..])) continue;
                if (Resolve(phrase, start, length) is not { } mention) continue;
                found.Add(mention);
                taken = count;
            }
            i += Math.Max(1, taken);
        }
        // "The Russian carrier TransTeleCom" is one of them, not two.
        var networks = found.Where(mention => mention.Country.IsNone).ToArray();
        found.RemoveAll(mention => !mention.Country.IsNone && mention.Named.Asns.Count > 0
            && networks.Any(network => network.Place > mention.Place && network.Named.Asns.Any(mention.Named.IsOneOf)));
        // So is "Russia's Rostelecom", be it in the data or not.
        found.RemoveAll(mention => !mention.Country.IsNone
            && networks.Any(network => network.Place > mention.End && Apposed().IsMatch(passage[mention.End..network.Place])));
        // "AS20485, a Russian network,": whose country it is stays to be read.
        found.RemoveAll(mention => !mention.Country.IsNone && networks.Any(network => network.End <= mention.Place
            && Behind().IsMatch(passage[network.End..mention.Place]) && Apposed().IsMatch(Phrase(passage, mention.End))));
        return [.. found.OrderBy(mention => mention.Place)];
    }

    private static string Phrase(string passage, int from) =>
        passage.AsSpan(from).IndexOfAny(",;.)") is >= 0 and var length ? passage.Substring(from, length) : passage[from..];

    // The name in front of a number in brackets, or in brackets behind it, where the registry's name of that number may be called so.
    private Mention? Beside(string passage, Match number, Asn asn)
    {
        if (_names.Registry.NameOf(asn) is not { } registered) return null;
        var before = NameBefore().Match(passage[..number.Index]);
        var name = before.Success ? before.Groups["name"] : NameBehind().Match(passage, number.Index + number.Length).Groups["name"];
        for (int at = 0; name.Success && at < name.Length; at++)
        {
            if (at > 0 && name.Value[at - 1] != ' ') continue;
            string phrase = name.Value[at..];
            if (CountryOf(phrase) is not null || Words.NumberOf(phrase) is not null || !NameIndex.Fits(phrase, registered)) continue;
            return new(new(phrase, [asn], false), Country.None, name.Index + at, phrase.Length);
        }
        return null;
    }

    private Mention? Resolve(string phrase, int start, int length)
    {
        string plain = phrase.TrimEnd('.');
        if (plain.EndsWith("'s", StringComparison.Ordinal) || plain.EndsWith("’s", StringComparison.Ordinal)) plain = plain[..^2];
        if (plain.Length == 0 || plain.StartsWith("The ", StringComparison.Ordinal)
            || plain.EndsWith(" the", StringComparison.Ordinal)) return null;
        if (!char.IsUpper(plain[0]) && !_shortForms.ContainsKey(plain)) return null;
        if (_shortForms.TryGetValue(plain, out var known)) return new(known, Country.None, start, length);
        if (CountryOf(plain) is { } country)
            return new(
                new(plain, [.. _near.Where(asn => _names.Registry.CountryOf(asn) == country)], false) { Country = country },
                country, start, length);
        return ByName(plain) is { } named ? new(named, Country.None, start, length) : null;
    }

    // A single word is a name only where it is the whole of one, or the beginning of one that the data hold.
    private Named? ByName(string phrase)
    {
        // "TransTeleCom 's" leaves a space behind.
        phrase = phrase.Trim();
        if (phrase.Length == 0) return null;
        bool several = phrase.Contains(' ', StringComparison.Ordinal);
        if (!several && NameIndex.IsGeneral(phrase)) return null;
        // "Turk Telekom" shortens the name of a network of the data.
        if (several && char.IsUpper(phrase[phrase.LastIndexOf(' ') + 1])
            && _near.Where(asn => _names.Registry.NameOf(asn) is { } name && NameIndex.Fits(phrase, name))
                .ToArray() is { Length: > 0 } fits)
            return new(phrase, fits, false);
        var begins = _names.Find(phrase, whole: false);
        Asn[] near = [.. begins.Where(_near.Contains)];
        var formerly = NameIndex.Formerly(phrase);
        near = [.. near.Union(formerly.Where(_near.Contains))];
        if (near.Length > 0 && (several || phrase.Length >= 4)) return new(phrase, near, false);
        var whole = _names.Find(phrase, whole: true);
        if (whole.Count > 0 && (several || phrase.Length >= 5 && !_common.Contains(phrase))) return new(phrase, whole, false);
        if (!several && !_common.Contains(phrase) && _names.Within(_near, phrase) is { } within) return new(phrase, [within], false);
        if (formerly.Count > 0 && phrase.Length >= 4) return new(phrase, formerly, false);
        bool isTitle = phrase.Split(' ').All(word => word.Length > 0 && char.IsUpper(word[0]));
        return several && begins.Count > 0 && isTitle ? new(phrase, begins, false) : null;
    }

    /// <summary>A country by its name, or by the adjective of it: Russian, Chinese, North Korean.</summary>
    public static Country? CountryOf(string phrase)
    {
        // Two letters are a word more often than a code.
        if (phrase.Length < 3) return phrase is "UK" or "US" ? CountryNames.Find(phrase) : null;
        if (CountryNames.Find(phrase) is { } named) return named;
        if (_adjectives.TryGetValue(phrase, out string? code)) return Country.Parse(code);
        foreach (string ending in _endings)
            if (phrase.EndsWith(ending, StringComparison.Ordinal) && phrase.Length > ending.Length + 2
                && CountryNames.Find(phrase[..^ending.Length]) is { } country) return country;
        return null;
    }

    // North Korea-n, Iran-ian, Japan-ese, Pakistan-i.
    private static readonly string[] _endings = ["n", "ian", "ese", "i", "an"];

    private static readonly Dictionary<string, string> _adjectives = new(StringComparer.Ordinal)
    {
        ["Chinese"] = "CN",
        ["German"] = "DE",
        ["French"] = "FR",
        ["British"] = "GB",
        ["Dutch"] = "NL",
        ["American"] = "US",
        ["Turkish"] = "TR",
        ["Ukrainian"] = "UA",
        ["Swedish"] = "SE",
        ["Spanish"] = "ES",
        ["Polish"] = "PL",
        ["Greek"] = "GR",
        ["Danish"] = "DK",
        ["Swiss"] = "CH",
        ["Afghan"] = "AF",
        ["Burmese"] = "MM",
        ["Korean"] = "KR",
        ["Belarusian"] = "BY",
    };

    // Names of networks that are also plain words at the head of a sentence.
    private static readonly HashSet<string> _common = new(StringComparer.OrdinalIgnoreCase)
    {
        "internet", "network", "networks", "traffic", "routes", "another", "before", "after", "since", "until", "about", "there", "these",
        "those", "their", "which", "while", "during", "between", "sunday", "monday", "tuesday", "wednesday", "thursday", "friday",
        "saturday", "october", "november", "december", "january", "february", "march", "april", "august", "september", "research",
        "carrier", "provider", "pyongyang", "today", "world", "utc", "gmt", "bst", "cet", "cest", "msk", "jst", "sgt", "est", "edt",
        "bgp", "isp", "asn",
    };

    [GeneratedRegex(@"^\s+(?:(?:state-owned|state|rail|railway|telecom|telecoms|telecommunications|carrier|company|operator|provider|telco|giant|firm|network|ISP)(?:\s+|$))*$")]
    private static partial Regex Apposed();

    [GeneratedRegex(@"^(?:\s{0,3}\(ASN?[ -]?\d{1,10}\))?,\s{1,3}(?:(?:which|who) (?:is|was) )?(?:an?|the)\s+$")]
    private static partial Regex Behind();

    [GeneratedRegex(@"^\s+(?:of\s|(?:(?!(?:carries|began|has|is|was)\b)[\p{L}-]+\s+){0,3}?(?:networks?|compan(?:y|ies)|carriers?|providers?|upstreams?|firms?|operators?|telcos?|routes?|prefix(?:es)?|links?|hours?|days?|weeks?|minutes?|blocks?|addresses|outages?|times)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Counted();

    [GeneratedRegex(@"(?<name>\p{Lu}[\p{L}\d&.-]{0,40}(?: \p{L}[\p{L}\d&.-]{0,40}){0,4}),?\s{0,3}\($")]
    private static partial Regex NameBefore();

    [GeneratedRegex(@"\G\s{0,3}\((?<name>\p{Lu}[\p{L}\d&.-]{0,40}(?: \p{L}[\p{L}\d&.-]{0,40}){0,4})\)")]
    private static partial Regex NameBehind();

    [GeneratedRegex(@"\bASN?[ -]?(?<number>\d{1,10})\b")]
    private static partial Regex Number();

    [GeneratedRegex(@"[\p{L}\d][\p{L}\d&'’-]*\.?(?:[\p{L}\d]+\.?)*")]
    private static partial Regex Word();

    [GeneratedRegex(@"(?<![\p{L}\d&-])(?<name>\p{Lu}[\p{L}\d&-]{0,60}(?: \p{Lu}[\p{L}\d&-]{0,60}){0,3}),? \((?:also |known as |or )*(?<short>\p{Lu}{2,20}[\p{Lu}\d]{0,20})\b(?!\d)")]
    private static partial Regex ShortForm();
}
