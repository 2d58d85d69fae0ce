namespace Isthmus.Relationships;

/// <summary>
/// Smallest sets of nodes or of links without which no way leads from some nodes to one (Menger; maximum flow with unit capacities): all of
/// them where they are of three or fewer, otherwise the one nearest to the end.
/// </summary>
public sealed class MinimumCuts
{
    /// <summary>Cuts of one size that are told at most.</summary>
    public const int CutsMax = 20;

    /// <summary>Of larger sets only the one nearest to the end is told.</summary>
    private const int AllSizeMax = 3;

    private const int Unlimited = 1 << 20;

    private readonly int _nodes;
    private readonly IReadOnlyList<(int From, int To)> _links;
    private readonly IReadOnlyCollection<int> _starts;

    /// <param name="nodes">How many nodes there are; the end is one more, with this number.</param>
    /// <param name="links">In the direction of the ways; a link to the end has <paramref name="nodes"/> as its second.</param>
    /// <param name="starts">Where ways begin.</param>
    public MinimumCuts(int nodes, IReadOnlyList<(int From, int To)> links, IReadOnlyCollection<int> starts) =>
        (_nodes, _links, _starts) = (nodes, links, starts);

    /// <summary>
    /// The smallest sets of nodes that every way crosses, starts among them; up to <see cref="CutsMax"/>, each sorted. Empty where no way
    /// leads to the end at all.
    /// </summary>
    public IReadOnlyList<IReadOnlyList<int>> OfNodes() => All(byNode: true);

    /// <summary>The smallest sets of links, by their places in the list.</summary>
    public IReadOnlyList<IReadOnlyList<int>> OfLinks() => All(byNode: false);

    private List<IReadOnlyList<int>> All(bool byNode)
    {
        var (size, nearest, used) = Find(byNode, []);
        if (size is 0 or >= Unlimited) return [];
        var cuts = new List<IReadOnlyList<int>> { nearest };
        if (size <= AllSizeMax) Grow(byNode, [], size, used, cuts);
        return cuts;
    }

    // Every smallest set has one element on each way of the flow: what makes the rest smaller by one when it is taken is of some set.
    private void Grow(bool byNode, int[] taken, int size, IReadOnlyList<int> candidates, List<IReadOnlyList<int>> cuts)
    {
        foreach (int one in candidates.Where(one => taken.Length == 0 || one > taken[^1]))
        {
            if (cuts.Count >= CutsMax) return;
            int[] more = [.. taken, one];
            var (left, _, used) = Find(byNode, more);
            if (left != size - 1) continue;
            if (left == 0)
            {
                if (!cuts.Any(cut => cut.SequenceEqual(more))) cuts.Add(more);
            }
            else Grow(byNode, more, left, used, cuts);
        }
    }

    // Two nodes for each, in and out, then the end and where all begins. The cut nearest to the end: from there back along what has room.
    private (int Size, IReadOnlyList<int> Nearest, IReadOnlyList<int> Used) Find(bool byNode, int[] without)
    {
        int end = 2 * _nodes, begin = end + 1;
        var net = new FlowNetwork(end + 2);
        int[] within = new int[_nodes], across = new int[_links.Count];
        for (int node = 0; node < _nodes; node++)
            within[node] = net.Add(2 * node, 2 * node + 1, byNode ? without.Contains(node) ? 0 : 1 : Unlimited);
        for (int link = 0; link < _links.Count; link++)
            across[link] = net.Add(2 * _links[link].From + 1, _links[link].To == _nodes ? end : 2 * _links[link].To,
                byNode ? Unlimited : without.Contains(link) ? 0 : 1);
        foreach (int start in _starts) net.Add(begin, 2 * start, Unlimited);
        int size = net.Flow(begin, end, Unlimited);
        if (size >= Unlimited) return (size, [], []);
        bool[] reaches = net.Reaching(end);
        var asked = byNode ? within : across;
        var nearest = new List<int>();
        var used = new List<int>();
        for (int i = 0; i < asked.Length; i++)
        {
            if (!net.IsFull(asked[i])) continue;
            var (from, to) = net.EndsOf(asked[i]);
            if (reaches[to] && !reaches[from]) nearest.Add(i);
            used.Add(i);
        }
        return (size, nearest, used);
    }

    private sealed class FlowNetwork(int nodes)
    {
        private readonly List<int>[] _out = [.. Enumerable.Range(0, nodes).Select(_ => new List<int>())];
        private readonly List<(int From, int To)> _ends = [];
        private readonly List<int> _room = [];
        private readonly List<int> _capacity = [];

        public int Add(int from, int to, int capacity)
        {
            int id = _ends.Count;
            foreach (var (one, other, room) in new[] { (from, to, capacity), (to, from, 0) })
            {
                _out[one].Add(_ends.Count);
                _ends.Add((one, other));
                _room.Add(room);
                _capacity.Add(room);
            }
            return id;
        }

        public (int From, int To) EndsOf(int id) => _ends[id];

        public bool IsFull(int id) => _capacity[id] == 1 && _room[id] == 0;

        // The shortest way with room, again and again; all that is asked of here is small. No more than the most.
        public int Flow(int begin, int end, int most)
        {
            int flow = 0;
            while (flow < most)
            {
                int[] by = new int[_out.Length];
                Array.Fill(by, -1);
                var open = new Queue<int>([begin]);
                while (by[end] < 0 && open.TryDequeue(out int at))
                    foreach (int id in _out[at])
                        if (_room[id] > 0 && by[_ends[id].To] < 0 && _ends[id].To != begin)
                        {
                            by[_ends[id].To] = id;
                            open.Enqueue(_ends[id].To);
                        }
                if (by[end] < 0) return flow;
                int room = most;
                for (int at = end; at != begin; at = _ends[by[at]].From) room = Math.Min(room, _room[by[at]]);
                for (int at = end; at != begin; at = _ends[by[at]].From)
                {
                    _room[by[at]] -= room;
                    _room[by[at] ^ 1] += room;
                }
                flow += room;
            }
            return flow;
        }

        // Nodes from which there is still room to one.
        public bool[] Reaching(int to)
        {
            bool[] reaches = new bool[_out.Length];
            reaches[to] = true;
            var open = new Queue<int>([to]);
            while (open.TryDequeue(out int at))
                foreach (int id in _out[at])
                    if (_room[id ^ 1] > 0 && !reaches[_ends[id].To])
                    {
                        reaches[_ends[id].To] = true;
                        open.Enqueue(_ends[id].To);
                    }
            return reaches;
        }
    }
}
