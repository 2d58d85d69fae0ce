using System.Globalization;

namespace Isthmus.Registry;

/// <summary>
/// Chooses among editions of one source that were given together: what was so on a day is said by the latest edition that is not
/// after it. A source in one edition stays, whatever its date.
/// </summary>
internal static class RegistryEditions
{
    /// <summary>The layers that count on a day, in their order, and a sentence for each source of which one edition was chosen.</summary>
    /// <param name="day">Null for the latest of each.</param>
    public static (IReadOnlyList<RegistryLayer> Layers, IReadOnlyList<string> Choices) Choose(
        IReadOnlyList<RegistryLayer> layers, DateOnly? day)
    {
        var left = new HashSet<RegistryLayer>(ReferenceEqualityComparer.Instance);
        var choices = new List<string>();
        foreach (var series in layers.Where(layer => layer.Series.Length > 0 && DayOf(layer) is not null).GroupBy(layer => layer.Series))
        {
            // Two files of one day are parts of one edition.
            var days = series.Select(layer => DayOf(layer)!.Value).Distinct().Order().ToArray();
            if (days.Length < 2) continue;
            var chosen = days.LastOrDefault(each => day is null || each <= day, days[0]);
            left.UnionWith(series.Where(layer => DayOf(layer) != chosen));
            string why = day is not { } at ? "the latest"
                : chosen <= at ? $"the latest that is not after {Text(at)}" : $"the earliest, as all are after {Text(at)}";
            choices.Add(FormattableString.Invariant($"Of {days.Length} editions of {series.Key} that of {Text(chosen)} is used: {why}."));
        }
        return ([.. layers.Where(layer => !left.Contains(layer))], choices);
    }

    /// <summary>The first eight digits of a file's name that are a day, as 2017-10-01; empty where it has none.</summary>
    public static string DayIn(string name) =>
        PlaceOfDay(name) is { } at ? $"{name[at..(at + 4)]}-{name[(at + 4)..(at + 6)]}-{name[(at + 6)..(at + 8)]}" : "";

    /// <summary>The name with its day left out, which editions of one source share.</summary>
    public static string WithoutDay(string name) => PlaceOfDay(name) is { } at ? $"{name[..at]}…{name[(at + 8)..]}" : name;

    private static int? PlaceOfDay(string name)
    {
        for (int i = 0; i + 8 <= name.Length; i++)
            if (DateOnly.TryParseExact(name.AsSpan(i, 8), "yyyyMMdd", CultureInfo.InvariantCulture, DateTimeStyles.None, out _)) return i;
        return null;
    }

    // A month is dated by its first day.
    private static DateOnly? DayOf(RegistryLayer layer) => DateOnly.TryParseExact(
        layer.Date, ["yyyy-MM-dd", "yyyy-MM"], CultureInfo.InvariantCulture, DateTimeStyles.None, out var day) ? day : null;

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
