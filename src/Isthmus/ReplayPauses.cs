using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus;

/// <summary>Times at which a replay stops, when all that comes up to them is in the table and nothing later, and tells.</summary>
/// <param name="times">In any order; those before the first record and after the last are none.</param>
/// <param name="tell">Takes the table, the time of the first record, and the time at which it stops.</param>
internal sealed class ReplayPauses(IEnumerable<Timestamp> times, Action<RoutingState, Timestamp, Timestamp> tell)
{
    private readonly Queue<Timestamp> _ahead = new(times.Distinct().Order());

    /// <summary>The next time to stop at, where it lies before another; null for none. It is taken.</summary>
    public Timestamp? Before(Timestamp time) => _ahead.TryPeek(out var next) && next < time ? _ahead.Dequeue() : null;

    /// <summary>Tells.</summary>
    public void Tell(RoutingState table, Timestamp first, Timestamp time)
    {
        if (time >= first) tell(table, first, time);
    }
}
