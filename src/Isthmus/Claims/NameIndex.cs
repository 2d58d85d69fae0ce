using System.Text.RegularExpressions;

using Isthmus.Registry;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Which network is meant by a name: the names of the registry by their words, without legal forms. A name stands for
/// every network whose name begins with it, as "China Unicom" does for several.
/// </summary>
internal sealed partial class NameIndex
{
    private readonly Dictionary<string, List<(string[] Words, Asn Asn)>> _byFirst = new(StringComparer.Ordinal);

    public NameIndex(RegistrySnapshot registry)
    {
        Registry = registry;
        foreach (var fact in registry.Named)
        {
            string[] words = WordsOf(fact.Name);
            if (words.Length == 0) continue;
            if (!_byFirst.TryGetValue(words[0], out var list)) _byFirst[words[0]] = list = [];
            list.Add((words, fact.Asn));
        }
    }

    /// <summary>Where the names are from.</summary>
    public RegistrySnapshot Registry { get; }

    /// <summary>The networks whose names begin with these words; <paramref name="whole"/> asks for the whole name.</summary>
    public IReadOnlyList<Asn> Find(string phrase, bool whole)
    {
        string[] words = WordsOf(phrase);
        if (words.Length == 0 || !_byFirst.TryGetValue(words[0], out var list)) return [];
        return [.. list.Where(entry => (whole ? entry.Words.Length == words.Length : entry.Words.Length >= words.Length)
            && entry.Words.AsSpan(0, words.Length).SequenceEqual(words)).Select(entry => entry.Asn).Distinct().Order()];
    }

    /// <summary>The networks that bore a name before they were renamed or bought.</summary>
    public static IReadOnlyList<Asn> Formerly(string phrase) => FormerNames.Of(string.Join(' ', WordsOf(phrase)));

    /// <summary>
    /// The one network of a few whose name holds this word, or of whose name it is the letters; null for none or several.
    /// </summary>
    public Asn? Within(IReadOnlyCollection<Asn> few, string word)
    {
        string plain = word.ToLowerInvariant();
        Asn[] found =
        [
            .. few.Where(asn => Registry.NameOf(asn) is { } name
                && (plain.Length >= 5 && !_general.Contains(plain) && WordsOf(name).Contains(plain) || IsShortForm(word, name))),
        ];
        return found is [var only] ? only : null;
    }

    /// <summary>
    /// True for TTK and TransTeleCom: the letters, all but perhaps the last, stand in a word of the name in that order.
    /// </summary>
    public static bool IsShortForm(string text, string name)
    {
        if (text.Length < 2 || text.Any(letter => !char.IsUpper(letter))) return false;
        foreach (string word in name.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            int at = 0;
            foreach (char letter in word)
                if (at < text.Length && char.ToUpperInvariant(letter) == text[at]) at++;
            if (at >= text.Length - 1 && at > 1 && char.ToUpperInvariant(word[0]) == text[0]) return true;
        }
        return false;
    }

    /// <summary>True for a word of so many names that none is meant by it alone.</summary>
    public static bool IsGeneral(string word) => _general.Contains(word.ToLowerInvariant());

    /// <summary>True where a text may call a network so: by the beginning of its name, words out of it, shortened, or letters.</summary>
    public static bool Fits(string text, string name)
    {
        string[] said = WordsOf(text), whole = WordsOf(name);
        if (said.Length == 0) return false;
        // Words that many names share are a name's own only where they begin it.
        int starts = Array.TrueForAll(said, _general.Contains) ? 0 : whole.Length - said.Length;
        for (int at = 0; at <= starts && at + said.Length <= whole.Length; at++)
            if (whole.AsSpan(at, said.Length).SequenceEqual(said)) return true;
        return Shortens(said, whole) || IsShortForm(text, name);
    }

    // Pakistan Telecom and Pakistan Telecommunication Company: each word begins the name's word in its place.
    private static bool Shortens(string[] said, string[] whole) => said.Length >= 2 && said.Length <= whole.Length
        && said.Zip(whole).All(pair => pair.First == pair.Second || pair.First.Length >= WordMin
            && pair.Second.StartsWith(pair.First, StringComparison.Ordinal));

    /// <summary>Letters by which the beginning of a word is known for it.</summary>
    private const int WordMin = 4;

    private static string[] WordsOf(string name) =>
    [
        .. Word().Matches(JointStock().Replace(name, " "))
            .Select(match => string.Concat(match.Value.ToLowerInvariant().Select(PlainLetter.Of)))
            .SelectMany(word => word == "jv" ? (string[])["joint", "venture"] : [word])
            .Where(word => !_forms.Contains(word)),
    ];

    // Words of so many names that none is meant by them.
    private static readonly HashSet<string> _general =
    [
        "communications", "communication", "telecom", "telekom", "telecommunications", "network", "networks", "backbone", "international", "internet",
        "global", "group", "joint", "venture", "national", "services", "service", "technology", "technologies", "digital", "limited",
    ];

    private static readonly HashSet<string> _forms =
    [
        "ltd", "limited", "llc", "inc", "co", "corp", "corporation", "company", "gmbh", "ag", "plc", "sa", "ab", "bv", "pjsc", "ojsc",
        "jsc", "cjsc", "the", "pty", "as",
    ];

    [GeneratedRegex(@"\b(?:(?:public|open|closed)\s+)?joint[- ]stock company\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex JointStock();

    [GeneratedRegex(@"[\p{L}\d][\p{L}\d&'’-]*")]
    private static partial Regex Word();
}
