using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Transit.Shares;

/// <summary>
/// Who shares one vote: each group weighs the same, and within it each peer AS does. Weighting by peer AS is one group of
/// all; weighting by country is a group a country, and one of those of which no source says where they are.
/// </summary>
internal sealed class VoteGroups(Weighting by, Func<Asn, Country> countryOf)
{
    private readonly Dictionary<Country, int> _groups = [];

    public Weighting By { get; } = by;

    public Country CountryOf(Asn peerAs) => countryOf(peerAs);

    /// <summary>The group of a peer AS, from 0.</summary>
    public int Of(Asn peerAs)
    {
        if (By is Weighting.PeerAs) return 0;
        var country = countryOf(peerAs);
        return _groups.TryGetValue(country, out int group) ? group : _groups[country] = _groups.Count;
    }

    /// <summary>Groups named so far.</summary>
    public int Count => By is Weighting.PeerAs ? 1 : _groups.Count;

    /// <summary>The weights, together 1, of members that stand there so many times.</summary>
    /// <param name="groups">The group of each.</param>
    /// <param name="times">How often each stands there: 0 for not at all.</param>
    public void Weigh(ReadOnlySpan<int> groups, ReadOnlySpan<int> times, Span<double> weights)
    {
        Span<int> members = Count <= 256 ? stackalloc int[Count] : new int[Count];
        members.Clear();
        for (int i = 0; i < groups.Length; i++) members[groups[i]] += times[i];
        int standing = 0;
        foreach (int count in members)
            if (count > 0) standing++;
        for (int i = 0; i < groups.Length; i++)
            weights[i] = times[i] == 0 ? 0 : (double)times[i] / members[groups[i]] / standing;
    }

    /// <summary>The weights of votes that stand there once.</summary>
    public double[] Weigh(Vote[] votes) => Weigh([.. votes.Select(vote => Of(vote.PeerAs))]);

    /// <summary>The weights of members that stand there once.</summary>
    public double[] Weigh(ReadOnlySpan<int> groups)
    {
        int[] once = new int[groups.Length];
        Array.Fill(once, 1);
        double[] weights = new double[groups.Length];
        Weigh(groups, once, weights);
        return weights;
    }
}
