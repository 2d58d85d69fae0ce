using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <summary>
/// The words of a clause that no rule has read. Every word must be one of a recognised part (who, whom, when, how much, the
/// act), or one that says nothing by itself; else the clause states more than was judged, and is never plainly confirmed.
/// </summary>
internal static partial class Remainder
{
    /// <summary>The unread words, in order, those that stand together as one.</summary>
    /// <param name="clause">The clause.</param>
    /// <param name="read">Places and lengths of what the rules took from it.</param>
    public static IReadOnlyList<string> Of(string clause, IEnumerable<(int Place, int Length)> read)
    {
        bool[] taken = new bool[clause.Length];
        foreach (var (place, length) in read) Array.Fill(taken, true, place, length);
        foreach (var match in Words.Acts(clause)) Array.Fill(taken, true, match.Index, match.Length);
        // Of two acts "at the same time" each word is plain and the whole is not.
        Match[] together = [.. Together().Matches(clause).Cast<Match>()];
        var unread = new List<string>();
        int last = -1;
        foreach (Match word in Word().Matches(clause))
        {
            bool isRead = true;
            int end = word.Index + Possessive().Replace(word.Value, "").Length;
            for (int i = word.Index; i < end && isRead; i++) isRead = taken[i];
            bool isPlain = _plain.Contains(word.Value.TrimEnd('’', '\''))
                && !Array.Exists(together, phrase => phrase.Index <= word.Index && word.Index < phrase.Index + phrase.Length);
            if (isRead || isPlain)
            {
                last = -1;
                continue;
            }
            if (last >= 0) unread[^1] = clause[last..(word.Index + word.Length)];
            else
            {
                last = word.Index;
                unread.Add(word.Value);
            }
        }
        return unread;
    }

    /// <summary>True where a clause speaks of what may be, or will be: no record decides it.</summary>
    public static bool IsMood(string clause) => Mood().IsMatch(clause);

    // Words that add no condition and no fact of their own to what the parts say.
    private static readonly HashSet<string> _plain = new((
        "a an the this that these those its their his it they them which who whose it's s of to for from by via through with in on at as into " +
        "and or both also then again later earlier was were is are be been being has have had did does do having since-then there here any " +
        "route routes routing network networks prefix prefixes block blocks internet web global world's world table tables bgp ip ipv4 ipv6 upstream " +
        "upstreams provider providers carrier carriers transit link links connection connections connectivity access service space address " +
        "addresses subject company telco operator operators state-owned state rail railway telecom telecoms telecommunications " +
        "firm giant country country's nation nation's UTC GMT time when between during up out about around roughly approximately " +
        "some or so short brief periods period same remaining percent per cent number many public seen view completely entirely over").Split(' '),
        StringComparer.OrdinalIgnoreCase)
    {
        "said", "says", "according", "reportedly", "data", "show", "shows", "showed", "however", "meanwhile", "while", "but",
        "breaking", "update", "news", "itself", "one", "end", "relies", "relied", "rely", "going", "internet's", "world's", "now", "still", "currently", "writing",
    };

    [GeneratedRegex(@"\b(?:at|in) the same (?:time|moment|minute|second|day)\b|\bone after the other\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Together();

    [GeneratedRegex(@"(?<=.)['’]s?$")]
    private static partial Regex Possessive();

    [GeneratedRegex(@"[\p{L}\p{N}][\p{L}\p{N}'’./:-]*(?<![.:'’])")]
    private static partial Regex Word();

    [GeneratedRegex(@"\b(?:may|might|could|will|would|shall|should|plans?|planned|expect(?:s|ed)?|if|unless|likely|probably|possibly|perhaps|intend(?:s|ed)?|hopes?|seeks?|asked|appears? to|seems? to|threaten(?:s|ed)?|secretly|pays?|paid|buys?|bought|sells?|sold|leases?|leased|(?:order(?:s|ed)?|told|tells|wants?|wanted|agree[sd]?|decide[sd]?|allow(?:s|ed)?|urge[sd]?|request(?:s|ed)?|promise[sd]?|offer(?:s|ed)?|refuse[sd]?|try|tries|tried)\b(?:\W+[\p{L}\p{N}()-]{1,40}){0,12}?\W+to\s+(?:carry|provide|serve|route|connect|stop|begin|start|take|drop|replace|withdraw))\b(?!\s+\d)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mood();
}
