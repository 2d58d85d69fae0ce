using Isthmus.Text;
using Isthmus.Transit;
using Isthmus.Transit.Changes;

namespace Isthmus.Reports;

/// <summary>What other origins announced inside the subject's prefixes, in words: what is seen, not whether it was allowed.</summary>
internal static class InsideWords
{
    /// <summary>The heading of the list.</summary>
    public static string Heading(TransitAnswer answer)
    {
        int prefixes = answer.Inside.Select(inside => inside.Prefix).Distinct().Count();
        return $"Inside its prefixes, by other origins: {(answer.LeftInsideOut ? "the first " : "")}{Wording.Count(prefixes, "prefix", "prefixes")}";
    }

    /// <summary>The last to be seen for the first time comes first: it is the news.</summary>
    public static IEnumerable<InsidePrefix> Order(IReadOnlyList<InsidePrefix> inside) => inside
        .OrderByDescending(prefix => prefix.FirstSeen).ThenBy(prefix => prefix.Prefix).ThenBy(prefix => prefix.Origin);

    /// <summary>One of them in a line.</summary>
    public static string Line(InsidePrefix inside, Names names) =>
        $"{inside.Prefix,-20} {names.Label(inside.Origin)}, inside {inside.Covering}; first seen {Wording.Moment(inside.FirstSeen)}, {Last(inside)}";

    /// <summary>Who holds it at the end, or when it was seen last.</summary>
    public static string Last(InsidePrefix inside) => inside.PeerAsesAtEnd > 0
        ? $"held by {Wording.Count(inside.PeerAsesAtEnd, "peer AS", "peer ASes")} at the end" : $"last seen {Wording.Moment(inside.LastSeen)}";
}
