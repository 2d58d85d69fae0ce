using System.Globalization;

using Isthmus.Transit.Changes;

namespace Isthmus.Reports;

/// <summary>A change with its number in the report: <c>3</c>, and <c>3.1</c> for a part of it.</summary>
/// <param name="IsPart">A part of the change above it, as an outage of an unstable time.</param>
public sealed record NumberedChange(string Number, TransitChange Change, bool IsPart)
{
    /// <summary>Changes by time, each followed by its parts; a part whose whole is not there stands for itself.</summary>
    public static IReadOnlyList<NumberedChange> Order(IReadOnlyList<TransitChange> changes)
    {
        var ids = changes.Select(change => change.Id).ToHashSet(StringComparer.Ordinal);
        bool IsPart(TransitChange change) => change.PartOf is { } whole && whole != change.Id && ids.Contains(whole);
        var parts = changes.Where(IsPart).ToLookup(change => change.PartOf!, StringComparer.Ordinal);
        var ordered = new List<NumberedChange>();
        int number = 0;
        foreach (var change in InOrder(changes.Where(change => !IsPart(change))))
        {
            string whole = (++number).ToString(CultureInfo.InvariantCulture);
            ordered.Add(new(whole, change, false));
            foreach (var (index, part) in InOrder(parts[change.Id]).Index())
                ordered.Add(new(string.Create(CultureInfo.InvariantCulture, $"{whole}.{index + 1}"), part, true));
        }
        return ordered;
    }

    private static IEnumerable<TransitChange> InOrder(IEnumerable<TransitChange> changes) =>
        changes.OrderBy(change => change.Time).ThenBy(change => change.Id, StringComparer.Ordinal);
}
