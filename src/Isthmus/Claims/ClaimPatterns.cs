using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <content>The patterns by which clauses are read.</content>
internal sealed partial class ClaimReader
{
    private const RegexOptions Plain = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    [GeneratedRegex(@"^(?:['’]s?)?(?:\s+(?:only|whole|entire|four|own))*(?:\s+(?:routes?|networks?|Internet|links?|prefixes))?(?:[\s,]*\((?:AS)?\d+\)|\))?(?=\s)", Plain)]
    private static partial Regex Owned();

    [GeneratedRegex(@"(?<name>\p{Lu}[\p{L}\d&-]{0,40}(?: \p{Lu}[\p{L}\d&-]{0,40}){0,3})\s{0,3}\(AS(?<number>\d{1,10})\)")]
    private static partial Regex NameBeforeNumber();

    [GeneratedRegex(@"\bonly\s+(?=\d|(?:one|two|three|four|five|six|seven|eight|nine|ten)\b)", Plain)]
    private static partial Regex OnlyNumber();

    [GeneratedRegex(@"\ball\b(?!\s+(?:\d|two|three|four|five|six|seven|eight|nine|ten))", Plain)]
    private static partial Regex Every();

    [GeneratedRegex(@"\ball (?:of )?(?:the )?(?<count>" + Words.NumberPattern + @")\b", Plain)]
    private static partial Regex EveryOf();

    [GeneratedRegex(@"\b(?:roughly|about|around|approximately|some|circa|nearly|almost|close to|up to|more than|over|at least|above|less than|fewer than|under|at most|below)\s+(?:the remaining\s+)?$", Plain)]
    private static partial Regex Qualifier();

    [GeneratedRegex(@"\b(?:before|prior to|after)\s+(?:the\s+)?$", Plain)]
    private static partial Regex Side();

    // The sole upstream before a time is judged over all of the data before it.
    [GeneratedRegex(@"\bbefore\s+(?:the\s+)?$", Plain)]
    private static partial Regex SoleBefore();

    [GeneratedRegex(@"\bsince\s+(?:the\s+)?$", Plain)]
    private static partial Regex Since();

    [GeneratedRegex(@"\b(?:to|with|for|into)\s+(?:the\s+)?$", Plain)]
    private static partial Regex BelongsToNoun();

    [GeneratedRegex(@"\b(?:but not|not|except|unlike|without)\b", Plain)]
    private static partial Regex Except();

    [GeneratedRegex(@"\b(?:until|till)\s+(?:the\s+)?$", Plain)]
    private static partial Regex Until();

    [GeneratedRegex(@"\b(?:until|till)\b", Plain)]
    private static partial Regex AnyUntil();

    [GeneratedRegex(@"\b(?:not|never)\b", Plain)]
    private static partial Regex NotOrNever();

    [GeneratedRegex(@"\b(?:never|at no (?:time|point|moment)|on no occasion)\b", Plain)]
    private static partial Regex Never();

    [GeneratedRegex(@"\bonly\s+$", Plain)]
    private static partial Regex Only();

    [GeneratedRegex(@"\b(?:los(?:t|es|e)|drop(?:s|ped)?|shed|gave up)\s+(?:even\s+)?(?:a|any|one|a single|some)\s+(?:(?:of (?:its|their|the)|single|more)\s+)?(?:(?<route>routes?)|prefix(?:es)?|networks?|blocks?)\b", Plain)]
    private static partial Regex AnyLost();

    [GeneratedRegex(@"\btook over\b.*\bfrom\s+(?:the\s+)?(?:[\p{L}-]+\s+){0,4}$", Plain)]
    private static partial Regex TookOver();

    [GeneratedRegex(@"\b(?:gone|away|absent)\b", Plain)]
    private static partial Regex Away();

    [GeneratedRegex(@"\bsince(?: then)?\W*$", Plain)]
    private static partial Regex LastSince();

    [GeneratedRegex(@"\bbetween\b", Plain)]
    private static partial Regex Between();

    [GeneratedRegex(@"\bor\b", Plain)]
    private static partial Regex Or();

    [GeneratedRegex(@"^[\s,)]*(?:\((?:AS)?\d+\))?[\s,]*(?:and|or|nor|as well as)?\s*(?:(?:by|via|through|the|its|[\p{L}-]+(?<=n|ian|ese|ish|i)|carriers?|company|operator|provider|telco|state-owned)\s+){0,4}(?:(?-i:\p{Lu})[\p{L}\d&.-]*\s+){0,4}\(?$", Plain)]
    private static partial Regex Conjunction();

    [GeneratedRegex(@"(?<name>\p{Lu}\p{L}+)(?:['’]s)?")]
    private static partial Regex OneCapitalised();

    [GeneratedRegex(@"(?<name>\p{Lu}\p{L}+(?: \p{Lu}\p{L}+)?)(?:['’]s)?")]
    private static partial Regex Capitalised();

    [GeneratedRegex(@"\b(?:by|via|through|from|" + OfEvent + @")\s+(?:the\s+)?(?:[\p{L}-]+\s+){0,4}$", Plain)]
    private static partial Regex By();

    // "The arrival of B" is B's; in "the customers of B", "a subsidiary of B", "instead of B" somebody else is spoken about.
    private const string EventNouns = @"(?:(?<began>arrival|appearance|entry|addition|coming|(?<!\bat the )(?:beginning|start))|(?<ended>departure|disappearance|loss|exit|withdrawal|end)|(?<returned>return|reappearance))";

    private const string OfEvent = @"(?:" + EventNouns + @"|help|use|way|means) of";

    [GeneratedRegex(@"\b" + EventNouns + @"\s+of\s+(?:the\s+)?(?:[\p{L}-]+\s+){0,4}$", Plain)]
    private static partial Regex EventBefore();

    [GeneratedRegex(@"^(?:['’]s?)?\s+(?:(?:sudden|brief|first|second|new)\s+)?" + EventNouns + @"\b(?!\s+of\b)", Plain)]
    private static partial Regex EventBehind();

    [GeneratedRegex(@"\b(?:links?|connections?|paths?|routes?|cables?)\s+(?:through|via|by|to|with|of|from)\b|['’]s?\s+(?:links?|connections?|paths?|routes?)\b", Plain)]
    private static partial Regex Link();

    [GeneratedRegex(@"^\W*(?:(?:and|then|later)\s+)*(?:(?:was|were|had)\s+)?(?:ended|over|restored|resolved|recovered|finished|stopped)\b", Plain)]
    private static partial Regex EndsOutage();

    // "Joined China Unicom" says that this one stayed.
    [GeneratedRegex(@"\bjoined\b(?=\s+(?-i:\p{Lu}))", Plain)]
    private static partial Regex JoinedAnother();

    [GeneratedRegex(@"\bhad\s+(?:(?:already|all|completely|been)\s+){0,3}(?:disappeared|vanished|gone|withdrawn|dropped|stopped|ceased|left|returned|come back)\b", Plain)]
    private static partial Regex HadBefore();

    [GeneratedRegex(@"\b(?:between|from)\b.*\b(?:and|to|until|till)\b|\d\s*[–—-]\s*\d", Plain)]
    private static partial Regex Range();

    [GeneratedRegex(@"^[\s,]*\(\s*$")]
    private static partial Regex Bracket();

    [GeneratedRegex(@"(?<![\d.])\d{1,3}(?:\.\d{1,3}){3}/\d{1,2}\b|\b[0-9a-fA-F]{1,4}(?::[0-9a-fA-F]{0,4})+/\d{1,3}\b")]
    private static partial Regex PrefixText();
}
