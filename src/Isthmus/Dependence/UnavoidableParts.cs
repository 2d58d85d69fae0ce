using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Dependence;

/// <summary>
/// For each of some subjects the addresses of which every route of every vantage point crosses a network or a country, each address once
/// (docs/methods.md, "Dependence"). A vantage point in a country crosses it; but where no other does, it is not counted.
/// </summary>
internal sealed class UnavoidableParts
{
    private const int Words = 8;

    private readonly WholeTable _table;
    private readonly AsCountries _countries;
    private readonly Dictionary<int, Found> _found = [];
    private readonly List<Crossed> _crossed = [];

    /// <summary>What is known of one subject.</summary>
    public sealed class Found
    {
        /// <summary>Addresses, or IPv6 prefixes, of which any route is held outside.</summary>
        public long Weight { get; set; }

        /// <summary>Prefixes of which any is.</summary>
        public int Prefixes { get; set; }

        /// <summary>The addresses of which every route crosses a country, by its number.</summary>
        public Dictionary<int, long> Countries { get; } = [];

        /// <summary>The addresses of which every route crosses a network.</summary>
        public Dictionary<Asn, long> Networks { get; } = [];
    }

    /// <summary>What all routes of a prefix cross that are one subject's.</summary>
    private sealed class Crossed(int subject)
    {
        private readonly ulong[] _every = new ulong[Words], _any = new ulong[Words];
        private bool _isNew = true;

        public int Subject => subject;

        public List<Asn> Networks { get; } = [];

        public void Add(ReadOnlySpan<Asn> carriers, ForeignWay way, AsCountries countries, int own)
        {
            Span<ulong> met = stackalloc ulong[Words];
            met.Clear();
            foreach (var asn in way.Carriers)
                if (!GlobalBackbones.Contains(asn)) Mark(met, countries.Of(asn));
            for (int word = 0; word < Words; word++) _any[word] |= met[word];
            Mark(met, own);
            for (int word = 0; word < Words; word++) _every[word] = _isNew ? met[word] : _every[word] & met[word];
            if (_isNew) Networks.AddRange(carriers);
            else
                for (int i = Networks.Count - 1; i >= 0; i--)
                    if (!carriers.Contains(Networks[i])) Networks.RemoveAt(i);
            _isNew = false;
        }

        public IEnumerable<int> Countries()
        {
            for (int country = 0; country < Words * 64; country++)
                if ((_every[country >> 6] & _any[country >> 6] & 1UL << country) != 0) yield return country;
        }

        private static void Mark(Span<ulong> set, int country)
        {
            if (country >= 0 && country < Words * 64) set[country >> 6] |= 1UL << country;
        }
    }

    /// <param name="peers">The vantage points.</param>
    /// <param name="weights">From <see cref="WholeTable.WeighTogether"/>.</param>
    /// <param name="rows">Which rows are looked at; null for all of the family.</param>
    /// <param name="subjectsOf">The numbers of the subjects whose a path is: several where it ends in an AS_SET.</param>
    /// <param name="scopeOf">The subject by its number.</param>
    public UnavoidableParts(WholeTable table, AsCountries countries, AddressFamily family, int[] peers, long[] weights,
        Func<int, bool>? rows, Func<int, IReadOnlyList<int>> subjectsOf, Func<int, DependenceScope> scopeOf)
    {
        (_table, _countries) = (table, countries);
        var (first, count) = table.RowsOf(family).GetOffsetAndLength(table.Prefixes.Count);
        int[] held = new int[peers.Length], before = new int[peers.Length];
        bool isFirst = true;
        for (int row = first; row < first + count; row++)
        {
            if (rows?.Invoke(row) is false) continue;
            table.HeldBy(peers, row, held);
            // Prefixes of one origin stand side by side, and mostly have the same paths.
            if (isFirst || !held.AsSpan().SequenceEqual(before))
            {
                Cross(peers, held, subjectsOf, scopeOf);
                held.CopyTo(before, 0);
                isFirst = false;
            }
            foreach (var crossed in _crossed) Add(crossed, weights[row - first]);
        }
    }

    /// <summary>What is known of a subject, by its number.</summary>
    public Found Of(int subject) => _found.GetValueOrDefault(subject) ?? new();

    private void Add(Crossed crossed, long weight)
    {
        if (!_found.TryGetValue(crossed.Subject, out var found)) _found[crossed.Subject] = found = new();
        found.Weight += weight;
        found.Prefixes++;
        foreach (int country in crossed.Countries()) CollectionsMarshal.GetValueRefOrAddDefault(found.Countries, country, out _) += weight;
        foreach (var asn in crossed.Networks) CollectionsMarshal.GetValueRefOrAddDefault(found.Networks, asn, out _) += weight;
    }

    private void Cross(int[] peers, int[] held, Func<int, IReadOnlyList<int>> subjectsOf, Func<int, DependenceScope> scopeOf)
    {
        _crossed.Clear();
        for (int i = 0; i < peers.Length; i++)
        {
            if (held[i] < 0) continue;
            if (_table.Paths.Sent.SetOf(held[i]) is not { } set) Cross(peers[i], held[i], subjectsOf, scopeOf);
            else
                foreach (int path in set) Cross(peers[i], path, subjectsOf, scopeOf);
        }
    }

    private void Cross(int peer, int path, Func<int, IReadOnlyList<int>> subjectsOf, Func<int, DependenceScope> scopeOf)
    {
        var subjects = subjectsOf(path);
        if (subjects.Count == 0 || !_table.IsBelieved(peer, path)) return;
        var peerAs = _table.Peers[peer].Peer.Asn;
        var clean = _table.Paths[path];
        foreach (int subject in subjects)
        {
            var scope = scopeOf(subject);
            if (!scope.IsOutside(peerAs)) continue;
            var crossed = _crossed.Find(one => one.Subject == subject);
            if (crossed is null) _crossed.Add(crossed = new(subject));
            crossed.Add(clean.Carriers, scope.WayOf(clean, peerAs), _countries, _countries.Of(peerAs));
        }
    }
}
