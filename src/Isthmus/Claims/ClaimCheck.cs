using Isthmus.Registry;
using Isthmus.Reports;

namespace Isthmus.Claims;

/// <summary>A text whose statements about routing have been held against data.</summary>
/// <param name="Report">The data.</param>
/// <param name="Claims">In the order of the text.</param>
public sealed record CheckedText(string Text, Report Report, IReadOnlyList<JudgedClaim> Claims)
{
    /// <summary>Statements found beyond the first <see cref="ClaimCheck.ClaimsMax"/>, which were not judged.</summary>
    public int Unjudged { get; init; }
}

/// <summary>
/// Checks what a text says of routing: finds the statements that routing can decide and marks each one, by fixed rules
/// and without any model (docs/check.md). What is not understood is passed over in silence, so a text without marks is
/// not a text that was found right.
/// </summary>
/// <param name="registry">Who bears which name.</param>
public sealed class ClaimCheck(RegistrySnapshot registry)
{
    private readonly NameIndex _names = new(registry);

    /// <summary>Checks a text against a report about its subject.</summary>
    public CheckedText Run(string text, Report report)
    {
        var cast = new Cast(report);
        var judge = new Judge(report, cast, _names, new Held(report));
        string plain = Plain(text);
        var claims = new ClaimReader(plain, report, cast, _names).Read(plain);
        JudgedClaim[] judged = [.. claims.Take(ClaimsMax).Select(judge.Of)];
        return new(text, report, [.. Agreed(judged)]) { Unjudged = Math.Max(0, claims.Count - ClaimsMax) };
    }

    // Of one clause no part is confirmed beside another that is contradicted or undecided: its words are printed with each.
    private static IEnumerable<JudgedClaim> Agreed(JudgedClaim[] judged)
    {
        var open = judged.Where(claim => claim.Mark is not Mark.Confirmed).GroupBy(claim => claim.Claim.Start)
            .ToDictionary(clause => clause.Key, clause => clause.Any(claim => claim.Mark is Mark.Contradicted));
        return judged.Select(claim => claim is { Mark: Mark.Confirmed, Claim.Kind: not ClaimKind.Identity }
            && open.TryGetValue(claim.Claim.Start, out bool isContradicted) ? claim with
            {
                Mark = Mark.NotDecidable,
                InPart = true,
                Why = $"{claim.Why} That is one part of these words; another is {(isContradicted ? "contradicted" : "not decidable")}.",
            } : claim);
    }

    /// <summary>Statements of one text: a book has fewer about the routes of one subject.</summary>
    public const int ClaimsMax = 1000;

    // Digits of any script are read as what they mean; a control character, which no text needs, is a space. Places stay as they are.
    private static string Plain(string text) => text.All(letter => letter < 0x80 && !char.IsControl(letter)) ? text
        : string.Create(text.Length, text, static (plain, text) =>
        {
            for (int i = 0; i < text.Length; i++)
                plain[i] = char.IsDigit(text[i]) ? (char)('0' + (int)char.GetNumericValue(text[i]))
                    : char.IsControl(text[i]) && text[i] is not '\n' ? ' ' : text[i];
        });

    /// <summary>
    /// Whom a text is about: of the networks and countries that it names, the one whose routes it speaks of most
    /// ("the routes of X", "X's network") and that it least names as carrier ("via X"); the first of equals. Null for none.
    /// </summary>
    public string? SubjectOf(string text)
    {
        text = Plain(text);
        var mentions = new Mentions(text, _names, []);
        var scores = new Dictionary<string, (int Score, int Order)>(StringComparer.Ordinal);
        foreach (var sentence in Sentences.Of(text))
            foreach (var mention in mentions.Of(sentence.Text))
            {
                if (mention.Country.IsNone && !mention.Named.Stated) continue;
                string name = mention.Country.IsNone ? mention.Named.Asns[0].ToString() : mention.Country.ToString();
                var (score, order) = scores.GetValueOrDefault(name, (0, scores.Count));
                scores[name] = (score + ScoreOf(sentence.Text, mention), order);
            }
        return scores.Count == 0 ? null
            : scores.OrderByDescending(entry => entry.Value.Score).ThenBy(entry => entry.Value.Order).First().Key;
    }

    private static int ScoreOf(string sentence, Mention mention)
    {
        string before = sentence[..mention.Place], after = sentence[mention.End..];
        if (Words.MakesCarrier(before, after)) return -2;
        return 1 + (Words.MakesSubject(before, after) ? 3 : 0) + (mention.Country.IsNone ? 0 : 1);
    }
}
