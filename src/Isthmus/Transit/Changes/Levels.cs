using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>How a prefix stands from one instant to the next.</summary>
/// <param name="Held">Peer ASes that hold a route, whoever its origin.</param>
/// <param name="Known">Peer ASes of which something is known.</param>
/// <param name="Dominant">The upstream that most of them use; <see cref="Holding.None"/> where none is.</param>
/// <param name="Changed">Peer ASes whose holding changed at this instant.</param>
internal readonly record struct Level(Timestamp Time, int Held, int Known, int Dominant, IReadOnlyCollection<Asn> Changed)
{
    /// <summary>Part of the peer ASes with data that hold the prefix; null where nothing is known.</summary>
    public double? Visibility => Known == 0 ? null : (double)Held / Known;
}

/// <summary>One prefix as all peer ASes that ever held it see it, step by step.</summary>
internal sealed class Levels
{
    public Levels(Sightings sightings, int prefix, IReadOnlyList<int> sightingsOfPrefix)
    {
        Prefix = prefix;
        Indexes = sightingsOfPrefix;
        Watching = sightingsOfPrefix.Select(index => sightings.PeerAs(sightings.All[index].Peer)).Distinct().Count();
        Steps = Sweep(sightings, sightingsOfPrefix);
        End = sightings.Seen.To;
        Usual = Median();
    }

    /// <summary>Index into <see cref="Sightings.Prefixes"/>.</summary>
    public int Prefix { get; }

    /// <summary>The sightings of this prefix: indexes into <see cref="Sightings.All"/>.</summary>
    public IReadOnlyList<int> Indexes { get; }

    /// <summary>Peer ASes that ever held it.</summary>
    public int Watching { get; }

    public IReadOnlyList<Level> Steps { get; }

    public Timestamp End { get; }

    /// <summary>The median over time of its visibility.</summary>
    public double Usual { get; }

    public Timestamp EndOf(int step) => step + 1 < Steps.Count ? Steps[step + 1].Time : End;

    /// <summary>The best visibility in a stretch of time.</summary>
    public double BestBetween(Timestamp from, Timestamp to)
    {
        double best = 0;
        for (int i = 0; i < Steps.Count; i++)
            if (EndOf(i) > from && Steps[i].Time < to) best = Math.Max(best, Steps[i].Visibility ?? 0);
        return best;
    }

    private static List<Level> Sweep(Sightings sightings, IReadOnlyList<int> indexes)
    {
        var holdings = indexes.ToDictionary(index => index, _ => Holding.Unknown);
        var sessions = indexes.GroupBy(index => sightings.PeerAs(sightings.All[index].Peer))
            .ToDictionary(group => group.Key, group => group.ToArray());
        var states = sessions.ToDictionary(entry => entry.Key, _ => Holding.Unknown);
        var users = new SortedDictionary<int, int>();
        int held = 0, known = 0;
        var levels = new List<Level>();
        var steps = indexes
            .SelectMany(index => sightings.All[index].Runs.Select((run, place) => (time: run.From, index, place)))
            .OrderBy(step => step.time).ThenBy(step => step.index).ThenBy(step => step.place);
        foreach (var instant in steps.GroupBy(step => step.time))
        {
            foreach (var (_, index, place) in instant) holdings[index] = sightings.All[index].Runs[place].Holding;
            var changed = new List<Asn>();
            foreach (var asn in instant.Select(step => sightings.PeerAs(sightings.All[step.index].Peer)).Distinct())
            {
                int before = states[asn], after = StateOf(sessions[asn].Select(index => holdings[index]));
                if (before == after) continue;
                states[asn] = after;
                changed.Add(asn);
                held += (IsHeld(after) ? 1 : 0) - (IsHeld(before) ? 1 : 0);
                known += (after != Holding.Unknown ? 1 : 0) - (before != Holding.Unknown ? 1 : 0);
                if (before >= 0) users[before]--;
                if (after >= 0) users[after] = users.GetValueOrDefault(after) + 1;
            }
            if (changed.Count > 0) levels.Add(new(instant.Key, held, known, Dominant(users), changed));
        }
        return levels;
    }

    /// <summary>True for any route, whoever its origin.</summary>
    public static bool IsHeld(int holding) => holding is not (Holding.None or Holding.Unknown);

    // A peer AS with several sessions holds what the first of them does that holds anything.
    private static int StateOf(IEnumerable<int> holdings)
    {
        int state = Holding.Unknown;
        foreach (int holding in holdings)
        {
            if (IsHeld(holding)) return holding;
            if (holding == Holding.None) state = Holding.None;
        }
        return state;
    }

    private static int Dominant(SortedDictionary<int, int> users)
    {
        int most = 0, dominant = Holding.None;
        foreach (var (upstream, count) in users)
            if (count > most) (most, dominant) = (count, upstream);
        return dominant;
    }

    private double Median()
    {
        var spans = Steps.Select((step, i) => (step.Visibility, Seconds: (EndOf(i) - step.Time).TotalSeconds))
            .Where(span => span.Visibility > 0).OrderBy(span => span.Visibility).ToArray();
        double half = spans.Sum(span => span.Seconds) / 2, reached = 0;
        foreach (var (visibility, seconds) in spans)
            if ((reached += seconds) >= half) return visibility!.Value;
        return spans.Length > 0 ? spans[^1].Visibility!.Value : 0;
    }
}
