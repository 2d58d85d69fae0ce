using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Timelines;

namespace Isthmus.Reports;

/// <summary>
/// A stretch in which nothing of the subject was seen, though no single outage is of all: the losses of its prefixes overlap.
/// </summary>
/// <param name="Unseen">From the last loss to the first return, by what the peers held.</param>
/// <param name="Prefixes">How many prefixes were lost: all.</param>
/// <param name="Parts">The losses, in order of time.</param>
internal sealed record WholeOutage(Absence Unseen, int Prefixes, IReadOnlyList<TransitChange> Parts)
{
    /// <summary>The first such stretch; null where something is held at every time, or one outage alone is of all.</summary>
    /// <param name="changes">Losses whose seconds only dumps show, and those of a part of the peer ASes, are left out.</param>
    /// <param name="heard">What the peers held.</param>
    public static WholeOutage? Of(IEnumerable<TransitChange> changes, Sightings heard)
    {
        TransitChange[] losses = [.. changes.Where(change => change is { Earliest: null, UntilEarliest: null, ShareAfter: not > 0 }
            && change.Kind is ChangeKind.Outage or ChangeKind.PrefixVanished).OrderBy(change => change.Time)];
        if (losses.Length < 2) return null;
        foreach (var unseen in Absences.Of(heard, heard.Prefixes))
        {
            TransitChange[] parts = [.. losses.Where(loss => loss.First <= unseen.From && !(loss.Until < unseen.From))];
            // Where one of them is of all, it tells itself.
            if (parts.Length > 1 && !parts.Any(ChangeWords.IsTotal)
                && parts.SelectMany(part => part.Prefixes).Distinct().Count() >= parts[0].SubjectPrefixes)
                return new(unseen, parts[0].SubjectPrefixes, parts);
        }
        return null;
    }

    /// <summary>How long, as far as it has an end.</summary>
    public TimeSpan? Length => Unseen.To - Unseen.From;

    /// <summary>
    /// Which of its prefixes went before the others, and which came back after them: a clause; empty where all did both together.
    /// </summary>
    public string Course
    {
        get
        {
            var first = Parts[0];
            string lost = Parts[^1].Time - first.Time <= OneChange.Within ? ""
                : $"; they were lost one after another, the first {ChangeWords.When(first)}";
            TransitChange[] later = [.. Parts.Where(part => Unseen.To is { } to && !(part.Until - to <= OneChange.Within))];
            int prefixes = later.SelectMany(part => part.Prefixes).Distinct().Count();
            if (prefixes == 0) return lost;
            string back = later.Max(part => part.Until) is { } last && !Array.Exists(later, part => part.Until is null)
                ? $"{(prefixes == 1 ? "is back" : "are back later, the last")} {ChangeWords.On(last)}"
                : $"{(prefixes == 1 ? "is" : "are")} not back by the end of the period";
            return $"{lost}; {Wording.Count(prefixes)} of them {back}";
        }
    }
}
