using Isthmus.Attribution;
using Isthmus.Dependence;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Cuts;

/// <summary>What one path says of the way out of a subject.</summary>
/// <param name="IsSubjects">Its origin is the subject's.</param>
/// <param name="Origin">The origin.</param>
/// <param name="Gateway">The last AS of the subject on the way out; of a prefix the origin.</param>
/// <param name="Upstream">The next one, outside; AS0 where the path ends inside.</param>
/// <param name="IsTransit">Another stands behind the upstream, to whom it passes the route.</param>
public readonly record struct WayOut(bool IsSubjects, Asn Origin, Asn Gateway, Asn Upstream, bool IsTransit);

/// <summary>The routes that vantage points outside a subject hold to its prefixes, of one family, at the time of a table.</summary>
public sealed class SubjectRoutes
{
    /// <summary>So many full-feed peer ASes are asked alone; where there are fewer, all that hold a route of the subject are.</summary>
    private const int FullFeedAsesMin = 3;

    private readonly CountryView _view;
    private readonly WayOut[] _ways;
    private readonly bool[] _isRead;

    /// <param name="family">None for IPv4 where there are routes of it, else IPv6.</param>
    /// <param name="view">Whose an AS is.</param>
    public SubjectRoutes(WholeTable table, Subject subject, CountryView view, AddressFamily family = AddressFamily.None)
    {
        (Table, Subject, _view) = (table, subject, view);
        (_ways, _isRead) = (new WayOut[table.Paths.Sent.Count], new bool[table.Paths.Sent.Count]);
        Family = family is AddressFamily.None ? AddressFamily.IPv4 : family;
        Choose();
        if (family is AddressFamily.None && Rows.Count == 0)
        {
            Family = AddressFamily.IPv6;
            Choose();
            if (Rows.Count == 0)
            {
                Family = AddressFamily.IPv4;
                Choose();
            }
        }
    }

    /// <summary>What every peer held.</summary>
    public WholeTable Table { get; }

    /// <summary>Whose routes they are.</summary>
    public Subject Subject { get; }

    /// <summary>IPv4 or IPv6.</summary>
    public AddressFamily Family { get; private set; }

    /// <summary>The peers that are asked, by their places in the table: outside the subject, with a known table of the family.</summary>
    public IReadOnlyList<int> Peers { get; private set; } = [];

    /// <summary>Their ASes, in order.</summary>
    public IReadOnlyList<Asn> PeerAses { get; private set; } = [];

    /// <summary>Full-feed peer ASes among all outside the subject.</summary>
    public int FullFeedAses { get; private set; }

    /// <summary>True where full feeds alone are asked.</summary>
    public bool AreFullFeeds { get; private set; }

    /// <summary>The subject's prefixes that some of them hold, by their rows in the table.</summary>
    public IReadOnlyList<int> Rows { get; private set; } = [];

    /// <summary>For each row how much it reaches: addresses that no more-specific prefix covers; for IPv6 one a prefix.</summary>
    public IReadOnlyDictionary<int, long> Weights { get; private set; } = new Dictionary<int, long>();

    /// <summary>The sum of the weights.</summary>
    public long Addresses => Weights.Values.Sum();

    /// <summary>True for an AS of the subject: a country's, or the AS itself; of a prefix none is.</summary>
    public bool IsInside(Asn asn) => Subject.Kind switch
    {
        SubjectKind.As => asn == Subject.Asn,
        SubjectKind.Country => _view.CountryOf(asn) == Subject.Country,
        _ => false,
    };

    /// <summary>The country of an AS.</summary>
    public Country CountryOf(Asn asn) => _view.CountryOf(asn);

    /// <summary>What a single path says.</summary>
    public WayOut this[int path]
    {
        get
        {
            if (_isRead[path]) return _ways[path];
            _isRead[path] = true;
            return _ways[path] = Read(path);
        }
    }

    /// <summary>The single paths of the subject's that a peer holds of a row and that may be believed; empty for none.</summary>
    public IEnumerable<int> Held(int peer, int row)
    {
        int held = Table.HeldBy(peer, row);
        if (held < 0) yield break;
        foreach (int path in Table.Paths.Sent.Each(held))
            if (this[path].IsSubjects && Table.IsBelieved(peer, path)) yield return path;
    }

    /// <summary>The hops of a path from the vantage point to the gateway: those inside the subject behind it left out.</summary>
    public Asn[] HopsToGateway(int path)
    {
        var hops = Table.Paths[path].Hops;
        int end = hops.Length;
        while (end > 1 && IsInside(hops[end - 1]) && IsInside(hops[end - 2])) end--;
        return hops[..end].ToArray();
    }

    private void Choose()
    {
        int[] known = [.. Enumerable.Range(0, Table.Peers.Count)
            .Where(peer => Table.Peers[peer].Knows(Family) && !IsInside(Table.Peers[peer].Peer.Asn))];
        int[] full = [.. known.Where(peer => Table.Peers[peer].IsFull(Family))];
        FullFeedAses = full.Select(peer => Table.Peers[peer].Peer.Asn).Distinct().Count();
        var (first, count) = Table.RowsOf(Family).GetOffsetAndLength(Table.Prefixes.Count);
        var rows = new List<int>();
        AreFullFeeds = FullFeedAses >= FullFeedAsesMin;
        int[] asked = AreFullFeeds ? full : known;
        for (int row = first; row < first + count; row++)
            if (MayBeSubjects(row) && IsHeld(asked, row)) rows.Add(row);
        Rows = rows;
        Peers = AreFullFeeds ? full : [.. known.Where(peer => rows.Any(row => Held(peer, row).Any()))];
        PeerAses = [.. Peers.Select(peer => Table.Peers[peer].Peer.Asn).Distinct().Order()];
        Weights = WeightsOf(rows);
    }

    // Most routes of the world are not the subject's, and one look tells.
    private bool IsHeld(ReadOnlySpan<int> peers, int row)
    {
        foreach (int peer in peers)
        {
            int held = Table.HeldBy(peer, row);
            if (held >= 0 && (held < _ways.Length && !this[held].IsSubjects ? false : Held(peer, row).Any())) return true;
        }
        return false;
    }

    // Addresses that no more-specific prefix covers which is the subject's, too; what another originates inside is not the subject's
    // either.
    private Dictionary<int, long> WeightsOf(List<int> rows)
    {
        var weights = new Dictionary<int, long>();
        var open = new Stack<int>();
        var mine = rows.ToHashSet();
        if (rows.Count == 0) return weights;
        var (first, count) = Table.RowsOf(Family).GetOffsetAndLength(Table.Prefixes.Count);
        for (int row = rows[0]; row < first + count; row++)
        {
            var prefix = Table.Prefixes[row];
            while (open.TryPeek(out int over) && !Table.Prefixes[over].Covers(prefix)) open.Pop();
            bool isMine = mine.Contains(row);
            // Without one of the subject's around it, it takes nothing from it.
            if (!isMine && open.Count == 0) continue;
            long size = Family is AddressFamily.IPv4 ? 1L << 32 - prefix.Length : 1;
            if (Family is AddressFamily.IPv4 && open.TryPeek(out int outer) && weights.ContainsKey(outer)) weights[outer] -= size;
            if (isMine) weights[row] = size;
            open.Push(row);
        }
        return weights;
    }

    private bool MayBeSubjects(int row) => Subject.Kind is not SubjectKind.Prefix || Subject.Prefix.Covers(Table.Prefixes[row])
        || Subject.IsAddress && Table.Prefixes[row].Covers(Subject.Prefix);

    private WayOut Read(int path)
    {
        var clean = Table.Paths[path];
        if (clean.Verdict is not PathVerdict.Accepted || clean.Origins.Length != 1) return default;
        var hops = clean.Hops;
        var origin = hops[^1];
        if (Subject.Kind is not SubjectKind.Prefix && !IsInside(origin)) return default;
        int gate = hops.Length - 1;
        while (gate > 0 && IsInside(hops[gate - 1])) gate--;
        return new(true, origin, hops[gate], gate > 0 ? hops[gate - 1] : default, gate > 1);
    }
}
