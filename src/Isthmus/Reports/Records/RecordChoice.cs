using Isthmus.Routes;

namespace Isthmus.Reports.Records;

/// <summary>Which records a report embeds: all where they are few, else the most telling ones.</summary>
internal static class RecordChoice
{
    /// <summary>So many of each change and sentence come before all others: first, third, median, last and the date.</summary>
    private const int TellingMax = 5;

    /// <summary>The places to embed, and how many there are in all.</summary>
    public static (IReadOnlyList<SourcePlace> Chosen, int Asked) Of(Report report, Story story)
    {
        var provenance = story.Provenance;
        IReadOnlyList<SourcePlace>[] lists =
        [
            .. story.Changes.Select(numbered => provenance.WitnessesOf(numbered.Change).ToArray()),
            .. story.Sentences.Select(provenance.RecordsOf),
        ];
        var all = lists.SelectMany(list => list.Take(TellingMax)).Concat(lists.SelectMany(list => list.Skip(TellingMax)))
            .DistinctBy(place => (place.Source, place.Offset)).ToArray();
        var chosen = new List<SourcePlace>();
        long bytes = 0;
        foreach (var place in all)
        {
            if (chosen.Count == EmbeddedRecords.RecordsMax || bytes + place.Length > EmbeddedRecords.BytesMax) continue;
            chosen.Add(place);
            bytes += place.Length;
        }
        return (chosen, all.Length);
    }
}
