using System.Collections;
using System.Diagnostics.CodeAnalysis;

using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>A sum for each of some upstreams, by their places, and which of them any share was added to.</summary>
internal sealed class DenseShares(int upstreams)
{
    private readonly double[] _shares = new double[upstreams];
    private readonly bool[] _has = new bool[upstreams];
    private int _count;

    /// <summary>True where anything was added.</summary>
    public bool Any => _count > 0;

    public void Clear()
    {
        Array.Clear(_shares);
        Array.Clear(_has);
        _count = 0;
    }

    public void Add(int place, double share)
    {
        _shares[place] += share;
        if (_has[place]) return;
        _has[place] = true;
        _count++;
    }

    /// <summary>Adds all of another one, each so many times.</summary>
    public void Add(DenseShares others, double times)
    {
        for (int place = 0; place < _shares.Length; place++)
            if (others._has[place]) Add(place, others._shares[place] * times);
    }

    /// <summary>The sums of those that were added to.</summary>
    /// <param name="asns">The AS number of each place, sorted.</param>
    /// <param name="by">What each sum is divided by.</param>
    public IReadOnlyDictionary<Asn, double> Of(Asn[] asns, double by = 1)
    {
        var kept = new Asn[_count];
        double[] shares = new double[_count];
        for (int place = 0, at = 0; at < kept.Length; place++)
            if (_has[place]) (kept[at], shares[at++]) = (asns[place], _shares[place] / by);
        return new SortedShares(kept, shares);
    }

    /// <summary>Shares by AS number, in order: two arrays, as a long series has many.</summary>
    private sealed class SortedShares(Asn[] asns, double[] shares) : IReadOnlyDictionary<Asn, double>
    {
        public int Count => asns.Length;

        public IEnumerable<Asn> Keys => asns;

        public IEnumerable<double> Values => shares;

        public double this[Asn key] => TryGetValue(key, out double share) ? share : throw new KeyNotFoundException();

        public bool ContainsKey(Asn key) => Array.BinarySearch(asns, key) >= 0;

        public bool TryGetValue(Asn key, [MaybeNullWhen(false)] out double value)
        {
            int place = Array.BinarySearch(asns, key);
            value = place < 0 ? 0 : shares[place];
            return place >= 0;
        }

        public IEnumerator<KeyValuePair<Asn, double>> GetEnumerator()
        {
            for (int place = 0; place < asns.Length; place++) yield return new(asns[place], shares[place]);
        }

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }
}
