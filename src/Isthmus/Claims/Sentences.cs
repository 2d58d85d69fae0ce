using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <summary>A part of a text with its place in it.</summary>
/// <param name="IsCut">A piece of a sentence that is too long: what stands in the others may turn its meaning round.</param>
internal readonly record struct Passage(string Text, int Start, bool IsCut = false)
{
    public int End => Start + Text.Length;

    public Passage Part(int from, int length) => new(Text.Substring(from, length), Start + from);
}

/// <summary>Cuts a text into sentences, and a sentence into clauses that each say one thing.</summary>
internal static partial class Sentences
{
    /// <summary>The sentences of a text; a full stop within an abbreviation, a time or a number ends none.</summary>
    public static IEnumerable<Passage> Of(string text)
    {
        int start = 0;
        foreach (Match stop in Stop().Matches(text))
        {
            string before = text[Math.Max(start, stop.Index - AbbreviationMax)..stop.Index];
            if (stop.Value[0] == '.' && Abbreviation().IsMatch(before)) continue;
            foreach (var sentence in Pieces(text, start, stop.Index + 1)) yield return sentence;
            start = stop.Index + stop.Length;
        }
        foreach (var last in Pieces(text, start, text.Length)) yield return last;
    }

    /// <summary>Characters of a sentence; what is longer is a list or no language, and is cut at a space.</summary>
    public const int SentenceMax = 2000;

    /// <summary>Characters of an abbreviation with what stands before it.</summary>
    private const int AbbreviationMax = 12;

    private static IEnumerable<Passage> Pieces(string text, int from, int to)
    {
        bool isCut = to - from > SentenceMax;
        while (to - from > SentenceMax)
        {
            int space = text.LastIndexOf(' ', from + SentenceMax - 1, SentenceMax);
            int end = space > from ? space : from + SentenceMax;
            if (Whole(text, from, end) is { } piece) yield return piece with { IsCut = true };
            from = end;
        }
        if (Whole(text, from, to) is { } rest) yield return rest with { IsCut = isCut };
    }

    /// <summary>
    /// The clauses of a sentence: what a semicolon, or a conjunction, sets apart. A list ("a, b, and c") stays whole:
    /// both sides of a seam say something.
    /// </summary>
    public static IEnumerable<Passage> Clauses(Passage sentence)
    {
        int start = 0;
        foreach (Match seam in Seam().Matches(sentence.Text))
        {
            int next = seam.Index + seam.Length;
            if (!Words.SaysSomething(sentence.Text[start..seam.Index]) || !Words.SaysSomething(sentence.Text[next..])) continue;
            // "Vanished at 10:14 and returned at 12:22" says two things; "carries A and B" says one.
            if (seam.Groups["while"].Success && Digit().IsMatch(sentence.Text[next..])) continue;
            if (seam.Groups["and"].Success && !Words.StartsWithVerb(sentence.Text[next..])) continue;
            yield return sentence.Part(start, seam.Index - start);
            start = next;
        }
        if (start < sentence.Text.Length) yield return sentence.Part(start, sentence.Text.Length - start);
    }

    private static Passage? Whole(string text, int from, int to)
    {
        while (from < to && char.IsWhiteSpace(text[from])) from++;
        while (to > from && char.IsWhiteSpace(text[to - 1])) to--;
        return to > from ? new(text[from..to], from) : null;
    }

    [GeneratedRegex(@"[.!?][""')\]”’]*(?=\s+[\p{Lu}\d""“‘(]|\s*$)|\n\s{0,100}\n")]
    private static partial Regex Stop();

    // A month, a title, an initial, a.m., or the country in letters.
    [GeneratedRegex(@"(?:\b(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec|Mr|Mrs|Dr|St|Co|Ltd|Inc|vs|approx|[A-Z])|\b[ap]\.m|\bU\.S|\b[A-Z]\.[A-Z])$", RegexOptions.CultureInvariant)]
    private static partial Regex Abbreviation();

    // The time of the one side is that of the other.
    [GeneratedRegex(@"\d:\d")]
    private static partial Regex Digit();

    [GeneratedRegex(@"\s*;\s*|,\s+(?:and then|and|but|while|whereas|then|before|after which|with)\s+|\s+and then\s+|(?<and>\s+(?:and|but)\s+)|(?<while>\s+(?:while|whereas)\s+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Seam();
}
