using System.Globalization;

namespace Isthmus.Scenarios;

/// <summary>An AS path as a line shows it, judged by docs/methods.md and by no code of the program.</summary>
/// <param name="Origin">The last AS; null where that is a set or a reserved number.</param>
/// <param name="Upstream">The AS left of the origin's first mention; null where none can be counted.</param>
/// <param name="IsLink">True where the upstream is the vantage point itself, which proves a link and no transit.</param>
/// <param name="Text">As the line has it.</param>
public sealed record HeldPath(uint? Origin, uint? Upstream, bool IsLink, string Text)
{
    /// <summary>The members of a set at the end: any of them may be the origin.</summary>
    public IReadOnlyList<uint> OriginSet { get; } = Origin is null && Text.Split(' ')[^1] is ['{', .. var members, '}']
        ? [.. members.Split(',').Select(member => uint.Parse(member, NumberStyles.None, CultureInfo.InvariantCulture))] : [];

    /// <summary>True where the path may be of an origin: it ends in it, or in a set that names it.</summary>
    public bool MayBeOf(uint origin) => Origin == origin || OriginSet.Contains(origin);

    /// <summary>Judges the text of a path as <c>bgpdump -m</c> prints it.</summary>
    public static HeldPath Of(string text)
    {
        var hops = new List<uint?>();
        bool isConfederation = false;
        foreach (string word in text.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            bool opens = word[0] is '(' or '[', closes = word[^1] is ')' or ']';
            if (!opens && !isConfederation)
            {
                uint? hop = uint.TryParse(word, NumberStyles.None, CultureInfo.InvariantCulture, out uint asn) ? asn : null;
                if (hops.Count == 0 || hops[^1] != hop || hop is null) hops.Add(hop);
            }
            isConfederation = (isConfederation || opens) && !closes;
        }
        while (hops.Count > 1 && hops[^1] is { } last && IsPrivate(last)) hops.RemoveAt(hops.Count - 1);
        if (hops.Count == 0 || hops[^1] is not { } origin || IsReserved(origin)) return new(null, null, false, text);
        int at = hops.IndexOf(origin);
        bool isLoop = hops.Distinct().Count() < hops.Count && at == hops.Count - 1;
        bool refused = isLoop || hops.Exists(hop => hop is null || IsReserved(hop.Value));
        return new(origin, at == 0 || refused ? null : hops[at - 1], at == 1, text);
    }

    private static bool IsPrivate(uint asn) => asn is (>= 64512 and <= 65534) or (>= 4_200_000_000 and <= 4_294_967_294);

    private static bool IsReserved(uint asn) =>
        asn is 0 or 23456 or 65535 or (>= 64496 and <= 65551) or >= 4_200_000_000;
}
