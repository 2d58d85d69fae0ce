namespace Isthmus.Filters;

/// <summary>What a field holds, and so what may be asked of it.</summary>
internal enum FieldKind
{
    Prefix,
    Peer,
    Name,
    Project,
    View,
    Time,
    Community,
    AsNumber,
    Country,
    Length,
    Family,
    EventKind,
    Path,
    Fault,
}

/// <summary>A field that a filter can ask about.</summary>
/// <param name="Wants">Its values in words, with an example.</param>
internal sealed record FilterField(string Name, FieldKind Kind, string Wants)
{
    /// <summary>All fields, in the order of docs/filter.md.</summary>
    public static IReadOnlyList<FilterField> All => _all;

    private static readonly FilterField[] _all =
    [
        new("prefix", FieldKind.Prefix, "a prefix as 175.45.176.0/22, or a file of them as @prefixes.txt"),
        new("prefix-length", FieldKind.Length, "a length as 24 or 25-32"),
        new("origin", FieldKind.AsNumber, "an AS number as 131279"),
        new("origin-country", FieldKind.Country, "a country as KP or \"North Korea\""),
        new("upstream", FieldKind.AsNumber, "an AS number as 4837"),
        new("hop", FieldKind.AsNumber, "an AS number as 4837"),
        new("hop-country", FieldKind.Country, "a country as CN or \"China\""),
        new("path", FieldKind.Path, "a pattern in quotes as \"4837 131279$\""),
        new("path-length", FieldKind.Length, "a number of hops as 6"),
        new("community", FieldKind.Community, "a community as 65000:100, 65000:*, 1:2:3, rt:65000:1 or no-export"),
        new("peer", FieldKind.Peer, "an address as 192.0.2.1"),
        new("peer-as", FieldKind.AsNumber, "an AS number as 3333"),
        new("collector", FieldKind.Name, "a name as rrc00 or route-views*"),
        new("project", FieldKind.Project, "ris, routeviews or pch"),
        new("view", FieldKind.View, "the name of a dump's view as vrf-a or \"\""),
        new("time", FieldKind.Time, "a time as 2017-10-01 or 2017-10-01T09:07:51"),
        new("family", FieldKind.Family, "ipv4 or ipv6"),
        new("kind", FieldKind.EventKind, "rib, announcement, withdrawal or state"),
        new("fault", FieldKind.Fault, "nothing"),
    ];

    /// <summary>How the field is asked, in words.</summary>
    public string Form => Kind switch
    {
        FieldKind.Prefix => "write prefix, then exact, within, covering, overlaps, =, != or in, then a prefix",
        FieldKind.Path => "write path ~ \"4837 131279$\"",
        FieldKind.Time => "write time, then <, <=, > or >=, then a time",
        FieldKind.AsNumber or FieldKind.Length => $"write {Name}, then =, !=, in, <, <=, > or >=, then a number",
        _ => $"write {Name}, then =, != or in, then a value",
    };

    /// <summary>True when the field says which vantage point it is, or which table of it, and nothing of its routes.</summary>
    public bool IsOfVantagePoints => Kind is FieldKind.Peer or FieldKind.Name or FieldKind.Project or FieldKind.View || Name == "peer-as";

    /// <summary>True when the field can be asked of a route that a peer holds, of which peer, prefix and AS path are known.</summary>
    public bool IsOfHeldRoutes => Kind
        is not (FieldKind.View or FieldKind.Time or FieldKind.Community or FieldKind.EventKind or FieldKind.Fault);

    public static FilterField? Find(string name) => Array.Find(_all, field => field.Name == name);

    public bool Allows(Relation relation) => Kind switch
    {
        FieldKind.Path => relation is Relation.Like,
        FieldKind.Time => relation is Relation.Less or Relation.AtMost or Relation.More or Relation.AtLeast,
        FieldKind.Prefix => relation is Relation.Is or Relation.IsNot or >= Relation.Exact,
        FieldKind.AsNumber or FieldKind.Length => relation is >= Relation.Is and <= Relation.AtLeast,
        _ => relation is Relation.Is or Relation.IsNot,
    };

    /// <summary>The field whose name is next to a slip of the pen; null where none is near.</summary>
    public static string? Near(string name)
    {
        var (near, distance) = All.Select(field => (field.Name, Distance(field.Name, name))).MinBy(pair => pair.Item2);
        return distance <= Math.Max(1, name.Length / 3) ? near : null;
    }

    // Letters to change, add, take away or swap with the next (optimal string alignment).
    private static int Distance(string one, string other)
    {
        int[,] cost = new int[one.Length + 1, other.Length + 1];
        for (int i = 0; i <= one.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= other.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= one.Length; i++)
        {
            for (int j = 1; j <= other.Length; j++)
            {
                int change = cost[i - 1, j - 1] + (one[i - 1] == other[j - 1] ? 0 : 1);
                cost[i, j] = Math.Min(change, Math.Min(cost[i - 1, j], cost[i, j - 1]) + 1);
                if (i > 1 && j > 1 && one[i - 1] == other[j - 2] && one[i - 2] == other[j - 1])
                    cost[i, j] = Math.Min(cost[i, j], cost[i - 2, j - 2] + 1);
            }
        }
        return cost[one.Length, other.Length];
    }
}
