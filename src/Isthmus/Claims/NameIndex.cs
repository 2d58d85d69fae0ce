using System.Text.RegularExpressions;

using Isthmus.Registry;
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

    private static string[] WordsOf(string name) =>
    [
        .. Word().Matches(JointStock().Replace(name, " ")).Select(match => match.Value.ToLowerInvariant())
            .SelectMany(word => word == "jv" ? (string[])["joint", "venture"] : [word])
            .Where(word => !_forms.Contains(word)),
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
