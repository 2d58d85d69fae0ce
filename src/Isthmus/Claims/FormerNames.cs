using System.Collections.Frozen;

using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Names that international carriers had before they were renamed or bought. The press of a year uses the names of that year; the
/// registry has those of today, and may give the old name to another network.
/// </summary>
internal static class FormerNames
{
    private static readonly FrozenDictionary<string, Asn[]> _carriers = new (string Name, uint[] Asns)[]
    {
        ("telia", [1299]), ("telia carrier", [1299]), ("teliasonera", [1299]), ("telianet", [1299]), ("teliasonera international carrier", [1299]),
        ("level3", [3356, 3549]), ("centurylink", [209, 3356, 3549, 3561]), ("global crossing", [3549]), ("globalcrossing", [3549]),
        ("qwest", [209]), ("savvis", [3561]), ("vsnl", [4755, 6453]), ("vsnl international", [6453]), ("teleglobe", [6453]),
        ("tinet", [3257]), ("tiscali", [3257]), ("interoute", [8928]), ("abovenet", [6461]), ("above net", [6461]),
        ("xo", [2828]), ("uunet", [701, 702, 703]), ("mci", [701, 702, 703]), ("worldcom", [701, 702, 703]), ("verio", [2914]),
        ("cable & wireless", [1273]), ("cable and wireless", [1273]), ("telxius", [12956]), ("seabone", [6762]), ("sparkle", [6762]),
        ("flag", [15412]), ("reliance globalcom", [15412]), ("global cloud xchange", [15412]), ("reach", [4637]), ("telstra global", [4637]),
        ("opentransit", [5511]), ("france telecom", [3215, 5511]), ("sprint", [1239]), ("sprintlink", [1239]), ("psinet", [174]),
        ("golden telecom", [3216]), ("sovintel", [3216]), ("comstar", [8359]), ("china netcom", [4837, 9929]), ("cncgroup", [4837]),
        ("pacnet", [10026]), ("asia netcom", [10026]), ("beyond the network", [3491]), ("lumen", [209, 3356, 3549, 3561]),
    }.ToFrozenDictionary(entry => entry.Name, entry => entry.Asns.Select(asn => new Asn(asn)).ToArray(), StringComparer.Ordinal);

    private static readonly FrozenSet<Asn> _known = _carriers.Values.SelectMany(asns => asns).ToFrozenSet();

    /// <summary>True for one of these carriers: its number stands for itself, however near it is to another.</summary>
    public static bool AreOf(Asn asn) => _known.Contains(asn);

    /// <summary>The networks that bore a name; none where it is no former name of a carrier.</summary>
    /// <param name="name">In small letters, its words without a legal form.</param>
    public static IReadOnlyList<Asn> Of(string name) => _carriers.GetValueOrDefault(name, []);
}
