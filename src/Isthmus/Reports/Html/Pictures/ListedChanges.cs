namespace Isthmus.Reports.Html.Pictures;

/// <summary>The changes that a page tells one by one: all, or of very many those that most peer ASes saw on most prefixes.</summary>
internal static class ListedChanges
{
    /// <summary>Changes in the list of a page, and marks in a picture of it.</summary>
    public const int Max = 200, MarksMax = 40;

    /// <summary>Those changes, in the order of all.</summary>
    public static IReadOnlyList<NumberedChange> Of(Story story, int most = Max)
    {
        if (story.Changes.Count <= most) return story.Changes;
        var largest = story.Changes.OrderBy(numbered => numbered.IsPart).ThenByDescending(Weight).Take(most)
            .Select(numbered => numbered.Number).ToHashSet(StringComparer.Ordinal);
        return [.. story.Changes.Where(numbered => largest.Contains(numbered.Number))];
    }

    private static long Weight(NumberedChange numbered) =>
        (long)numbered.Change.PeerAses * Math.Max(1, numbered.Change.Prefixes.Count);
}
