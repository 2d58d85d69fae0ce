using Isthmus.Transit.Timelines;

namespace Isthmus.Transit.Changes;

/// <summary>Which of those that changed belong to one wave of news.</summary>
internal static class Onset
{
    /// <summary>
    /// News reaches the next peer AS within this: what is slower is damping, stuck, or another cause (methods.md, "Dates").
    /// </summary>
    public static readonly TimeSpan GapMax = TimeSpan.FromSeconds(180);

    /// <summary>
    /// The beginnings of stays in order, without those few that came long before a wave of others: one peer AS that went its own
    /// way does not date what all of them did. As many as that may have used it before; more of them are the beginning, and so is
    /// the first of those that come one after another.
    /// </summary>
    /// <param name="fewMax">So many may be those few, where it is less than makes a change.</param>
    public static IEnumerable<Stay> Of(IEnumerable<Stay> beginnings, int watching, int? fewMax = null)
    {
        Stay[] sorted = [.. beginnings.OrderBy(stay => stay.From).ThenBy(stay => stay.PeerAs)];
        int enough = Presences.Threshold(watching);
        for (int i = Math.Min(enough - 1, fewMax ?? Presences.UsersBeforeMax(watching)); i > 0; i--)
            if (sorted.Length - i >= enough && sorted[i].From - sorted[i - 1].From > GapMax && IsWave(sorted.AsSpan(i, enough)))
                return sorted[i..];
        return sorted;
    }

    /// <summary>True where each of those in order comes soon after the one before.</summary>
    public static bool IsWave(ReadOnlySpan<Stay> stays)
    {
        for (int i = 1; i < stays.Length; i++)
            if (stays[i].From - stays[i - 1].From > GapMax) return false;
        return true;
    }
}
