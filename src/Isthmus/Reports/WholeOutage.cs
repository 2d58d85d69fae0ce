using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>
/// A stretch in which nothing of the subject was seen, though no single outage is of all: the losses of its prefixes overlap.
/// </summary>
/// <param name="To">Null where it lasts to the end of the period.</param>
/// <param name="First">The loss that came first.</param>
/// <param name="Prefixes">How many prefixes were lost: all.</param>
/// <param name="Parts">The losses, in order of time.</param>
internal sealed record WholeOutage(Timestamp From, Timestamp? To, TransitChange First, int Prefixes, IReadOnlyList<TransitChange> Parts)
{
    private static readonly Timestamp _never = new(long.MaxValue);

    /// <summary>The first such stretch; null where the losses leave something at every time, or one alone is of all.</summary>
    /// <param name="changes">Losses whose seconds only dumps show, and those of a part of the peer ASes, are left out.</param>
    public static WholeOutage? Of(IEnumerable<TransitChange> changes)
    {
        TransitChange[] losses = [.. changes.Where(change => change is { Earliest: null, UntilEarliest: null, ShareAfter: not > 0 }
            && change.Kind is ChangeKind.Outage or ChangeKind.PrefixVanished).OrderBy(change => change.Time)];
        var turns = losses
            .SelectMany(loss => new (Timestamp Time, int Sign, TransitChange Of)[]
            {
                (ChangeWords.NoneSeenFrom(loss), 1, loss), (EndOf(loss), -1, loss),
            })
            .OrderBy(turn => turn.Time).ThenBy(turn => turn.Sign);
        var down = new Dictionary<Prefix, int>();
        Timestamp? from = null;
        foreach (var (time, sign, of) in turns)
        {
            foreach (var prefix in of.Prefixes)
                if ((down[prefix] = down.GetValueOrDefault(prefix) + sign) == 0) down.Remove(prefix);
            if (from is { } begun && down.Count < of.SubjectPrefixes && time > begun)
            {
                TransitChange[] parts = [.. losses.Where(loss => ChangeWords.NoneSeenFrom(loss) < time && EndOf(loss) > begun)];
                // Where one of them is of all, it tells itself.
                if (!parts.Any(ChangeWords.IsTotal)) return new(begun, time == _never ? null : time, parts[0], of.SubjectPrefixes, parts);
            }
            from = down.Count >= of.SubjectPrefixes ? from ?? time : null;
        }
        return null;
    }

    /// <summary>How long, as far as it has an end.</summary>
    public TimeSpan? Length => To - From;

    /// <summary>From when to when, the day said once: <c>04:30:00 to 06:00:00 on 1 October 2017</c>.</summary>
    /// <param name="zone">As of <see cref="ChangeWords.Interval"/>.</param>
    public string Interval(string zone = "") => To is not { } to ? $"{ChangeWords.At(From)}{zone} on, to the end of the period,"
        : Wording.Date(From) == Wording.Date(to) ? $"{Wording.Clock(From)} to {Wording.Clock(to)} on {Wording.Day(From)}{zone}"
        : $"{ChangeWords.At(From)} to {ChangeWords.At(to)}{zone}";

    private static Timestamp EndOf(TransitChange loss) => loss.Until ?? _never;
}
