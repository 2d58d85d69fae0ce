using System.Text.RegularExpressions;

namespace Isthmus.Claims;

/// <summary>
/// Finds who carries in a clause by the place of a name alone: before a verb of carrying, or behind "by", "via" or
/// "through". A name that stands there is never passed over for the carrier named before it: if nobody knows it, nothing
/// can be said.
/// </summary>
internal sealed partial class Actors(NameIndex names)
{
    /// <summary>The name that stands in a carrier's place and is none of those found; null for none.</summary>
    /// <param name="found">What the clause is known to name.</param>
    /// <param name="namesSubject">True where the clause names the subject: then it surely speaks of routes.</param>
    public Mention? Of(string clause, IReadOnlyList<Mention> found, bool namesSubject)
    {
        foreach (Match match in Name().Matches(clause))
        {
            if (!Words.MakesActor(clause[..match.Index], clause[(match.Index + match.Length)..])) continue;
            if (found.FirstOrDefault(other => match.Index < other.End && other.Place < match.Index + match.Length) is { } known)
            {
                // A country without a network among the carriers is a statement too.
                if (known.Named is { Asns.Count: 0, Country.IsNone: false }) return known;
                continue;
            }
            // A number in brackets says who is meant; the name stays unread.
            if (Numbered().IsMatch(clause[(match.Index + match.Length)..])) continue;
            string name = match.Value;
            var begins = name.Length >= 4 ? names.Find(name, whole: false) : [];
            bool isSurelyName = match.Index > 0 || namesSubject || name.Count(char.IsUpper) > 1;
            if (begins.Count > 0 || isSurelyName) return new(new(name, begins, false), Registry.Country.None, match.Index, match.Length);
        }
        return null;
    }

    [GeneratedRegex(@"^,?\s{0,3}\(ASN?[ -]?\d")]
    private static partial Regex Numbered();

    // Capitalised words; those that only begin a sentence are no names.
    [GeneratedRegex(@"(?<![\p{L}\d.])(?!(?:One|Two|Three|Four|Five|Six|Seven|Eight|Nine|Ten|Eleven|Twelve|The|A|An|Until|Till|Since|On|At|In|After|Before|When|While|But|And|Now|Then|It|Its|They|Their|This|That|There|Both|He|She|We|You|I|Only|All|From|Between|During|By|No|Nobody|Routes?|Traffic|Internet|Networks?|Links?|Prefix(?:es)?|UTC|GMT|Who|Which|AS\d*|ASN|BGP|IP|(?:Jan|Febr)uary|March|April|May|June|July|August|(?:Sept|Nov|Dec)ember|October|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b)\p{Lu}[\p{L}\d&]+(?:[ -]\p{Lu}[\p{L}\d&]*){0,3}")]
    private static partial Regex Name();
}
