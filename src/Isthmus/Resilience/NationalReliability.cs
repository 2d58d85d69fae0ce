using Isthmus.Registry;
using Isthmus.Relationships;
using Isthmus.Wire;

namespace Isthmus.Resilience;

/// <summary>The network of a country whose failure would cost the most others of it their way up (docs/methods.md, "Resilience").</summary>
/// <param name="Worst">The network.</param>
/// <param name="Lost">Networks of the country that would have no way to the top left, it aside.</param>
/// <param name="Networks">Networks of the country that have one.</param>
public sealed record Reliability(Asn Worst, int Lost, int Networks)
{
    /// <summary>The part that would be lost, the failed one not counted as lost; lower is better.</summary>
    public double Score => (double)Lost / Networks;

    /// <summary>The same with the failed one.</summary>
    public double ScoreWithIt => (double)(Lost + 1) / Networks;
}

/// <summary>
/// Which networks depend on one network for every way up to the clique: for all countries at once, by the dominators of the graph of
/// purchases (Cooper, Harvey and Kennedy).
/// </summary>
public sealed class NationalReliability
{
    private readonly RelationshipGraph _graph;
    // The nearest AS that every way to the top crosses, by index; -1 for none but the top itself, and for what has no way.
    private readonly int[] _over;
    private readonly bool[] _isConnected;

    /// <summary>Finds who depends on whom.</summary>
    public NationalReliability(RelationshipGraph graph)
    {
        _graph = graph;
        (_over, _isConnected) = Dominators(graph);
    }

    /// <summary>True for an AS with a way up to the clique, or of it.</summary>
    public bool IsConnected(int index) => _isConnected[index];

    /// <summary>The worst failure of each country that has a network with a way up.</summary>
    public IReadOnlyDictionary<Country, Reliability> Of(Func<Asn, Country> countryOf)
    {
        var countries = new Country[_graph.Count];
        var networks = new Dictionary<Country, int>();
        for (int at = 0; at < _graph.Count; at++)
        {
            countries[at] = countryOf(_graph[at]);
            if (!countries[at].IsNone && _isConnected[at]) networks[countries[at]] = networks.GetValueOrDefault(countries[at]) + 1;
        }
        int[] lost = new int[_graph.Count];
        for (int at = 0; at < _graph.Count; at++)
            for (int over = _isConnected[at] ? _over[at] : -1; over >= 0; over = _over[over])
                if (countries[over] == countries[at]) lost[over]++;
        var worst = new Dictionary<Country, Reliability>();
        for (int at = 0; at < _graph.Count; at++)
            if (_isConnected[at] && networks.TryGetValue(countries[at], out int all)
                && (!worst.TryGetValue(countries[at], out var known) || lost[at] > known.Lost)) worst[countries[at]] = new(_graph[at],
                    lost[at], all);
        return worst;
    }

    private static (int[] Over, bool[] IsConnected) Dominators(RelationshipGraph graph)
    {
        int root = graph.Count;
        int[] top = [.. graph.Clique.Select(graph.IndexOf)];
        int[] order = PostOrder(graph, top);
        int[] place = new int[graph.Count + 1], over = new int[graph.Count + 1];
        Array.Fill(place, -1);
        Array.Fill(over, -1);
        for (int i = 0; i < order.Length; i++) place[order[i]] = i;
        place[root] = order.Length;
        over[root] = root;
        bool[] isTop = new bool[graph.Count];
        foreach (int at in top) isTop[at] = true;
        for (bool changes = true; changes;)
        {
            changes = false;
            for (int i = order.Length - 1; i >= 0; i--)
            {
                int at = order[i], found = isTop[at] ? root : -1;
                foreach (int provider in graph.Of(at, Neighbour.Provider))
                {
                    if (over[provider] < 0) continue;
                    found = found < 0 ? provider : Meet(found, provider);
                }
                if (found == over[at]) continue;
                (over[at], changes) = (found, true);
            }
        }
        bool[] connected = [.. place[..graph.Count].Select(one => one >= 0)];
        return ([.. over[..graph.Count].Select(one => one == root ? -1 : one)], connected);

        int Meet(int one, int other)
        {
            while (one != other)
            {
                while (place[one] < place[other]) one = over[one];
                while (place[other] < place[one]) other = over[other];
            }
            return one;
        }
    }

    private static int[] PostOrder(RelationshipGraph graph, IReadOnlyList<int> top)
    {
        var order = new List<int>();
        bool[] isMet = new bool[graph.Count];
        var open = new Stack<(int At, int Next)>();
        foreach (int first in top)
        {
            if (isMet[first]) continue;
            isMet[first] = true;
            open.Push((first, 0));
            while (open.TryPop(out var step))
            {
                var customers = graph.Of(step.At, Neighbour.Customer);
                int next = step.Next;
                while (next < customers.Length && isMet[customers[next]]) next++;
                if (next == customers.Length)
                {
                    order.Add(step.At);
                    continue;
                }
                open.Push((step.At, next + 1));
                isMet[customers[next]] = true;
                open.Push((customers[next], 0));
            }
        }
        return [.. order];
    }
}
