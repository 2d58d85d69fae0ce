using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <summary>
/// The words that deny. Each must be taken by a rule that knows what it denies; one that none has taken leaves the clause undecided,
/// for it may turn round what was read.
/// </summary>
internal static partial class Negation
{
    /// <summary>True where words deny, or turn what they speak of into its contrary: not, nobody, without, refused.</summary>
    public static bool IsIn(string words) => Negator().IsMatch(words) || Reversal().IsMatch(words);

    /// <summary>The word that denies what begins behind <paramref name="before"/>: "did not ", "no Russian network "; null for none.</summary>
    public static Group? Just(string before) => JustBefore().Match(before) is { Success: true } match ? match.Groups["not"] : null;

    /// <summary>"Neither A nor B": the place of both words, and what stands between and behind them; null for none.</summary>
    public static Match? NeitherNor(string clause) => Neither().Match(clause) is { Success: true } match ? match : null;

    /// <summary>"No longer", which tells of a state that ended before; null for none.</summary>
    public static Match? NoLonger(string clause) => Longer().Match(clause) is { Success: true } match ? match : null;

    /// <summary>"At no time", which denies what a clause says of any moment; null for none.</summary>
    public static Match? AtNoTime(string clause) => NoTime().Match(clause) is { Success: true } match ? match : null;

    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"\b(?:never|not|no|nor|neither|none|nobody|nothing|nowhere|without|cannot|hardly|scarcely|barely|rarely|seldom|\w+n['’]t)\b", Plain)]
    private static partial Regex Negator();

    [GeneratedRegex(@"\b(?:den(?:y|ies|ied|ying)|refus\w+|declin\w+|fail\w*|lack\w*|avoid\w*|reject\w*|false\w*|untrue|wrong\w*|myth|hoax|stop\w*|halt\w*|un(?:able|like|til)|instead|rather|other|except|but)\b", Plain)]
    private static partial Regex Reversal();

    // Up to four words may stand between: "never had a Russian provider". "Not only", "not until" and "not all" deny something else.
    [GeneratedRegex(@"\b(?:(?<!\bhad )(?<not>never)|(?:did|does|do|has|have|had|is|are|was|were|could|can) (?<not>not)|(?<not>\w+n['’]t)|(?<not>no(?!\s+(?:time|point|moment|occasion|doubt|matter|sooner|less|fewer|more|one|other)\b)))(?!\s+(?:only|just|merely|least|until|till|all|both|every|necessarily|exclusively|solely|always|yet)\b)\s+(?:(?!(?:because|that|only|but|than|never|not|no|and|or|if|as|who|which)\b)[\p{L}'’-]+\s+){0,4}$", Plain)]
    private static partial Regex JustBefore();

    [GeneratedRegex(@"\b(?<neither>neither)\b(?<first>[^,;]{1,80}?)\b(?<nor>nor|or)\b", Plain)]
    private static partial Regex Neither();

    [GeneratedRegex(@"\b(?:at no (?:time|point|moment)|on no occasion)\b", Plain)]
    private static partial Regex NoTime();

    [GeneratedRegex(@"\bno longer\b", Plain)]
    private static partial Regex Longer();
}
