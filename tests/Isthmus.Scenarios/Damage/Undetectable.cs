using Isthmus.Export.Dissection;
using Isthmus.Wire.Mrt;

namespace Isthmus.Scenarios.Damage;

/// <summary>
/// Damage that leaves no trace in the format: by the RFCs what stands there after it is as sound as what stood there before.
/// </summary>
internal static class Undetectable
{
    /// <summary>The prefixes of messages have neither a count nor a check: a length that is another one shifts those behind it.</summary>
    private static readonly string[] _prefixFields = ["announced", "withdrawn", "prefix", "prefix length"];

    /// <summary>The class of damage of records; null where a reader can know of it.</summary>
    public static string? OfRecords(byte[] sound, byte[] damaged)
    {
        var before = Corruptions.Borders(sound);
        if (IsOfWhole(Split(sound, before), damaged)) return "whole records missing";
        if (damaged.Length != sound.Length) return null;
        if (SaysPathIdentifiers(sound, damaged, before)) return "prefixes that read as well with path identifiers";
        var fields = new SortedSet<string>(StringComparer.Ordinal);
        var dissector = new Dissector();
        for (int i = 0; i + 1 < before.Count; i++)
        {
            var record = new MrtReader(sound.AsSpan(before[i])).Take(before[i + 1] - before[i]);
            foreach (var field in dissector.Dissect(record))
            {
                int at = before[i] + field.Offset;
                if (field.Length > 0 && !sound.AsSpan(at, field.Length).SequenceEqual(damaged.AsSpan(at, field.Length)))
                    fields.Add(field.Name);
            }
        }
        return fields.All(_prefixFields.Contains) ? "bytes of prefixes" : null;
    }

    /// <summary>The subtypes of BGP4MP that alone say that prefixes have path identifiers (RFC 8050 section 3).</summary>
    private static readonly int[] _addPathSubtypes = [8, 9, 10, 11];

    // Nothing else is another one: where the prefixes are sound in both readings, no byte says which was meant.
    private static bool SaysPathIdentifiers(byte[] sound, byte[] damaged, IReadOnlyList<int> borders)
    {
        int[] changed = [.. Enumerable.Range(0, sound.Length).Where(at => sound[at] != damaged[at])];
        return changed.Length > 0 && changed.All(at =>
        {
            int start = borders.Last(border => border <= at);
            return at - start is 6 or 7 && (damaged[start + 4] << 8 | damaged[start + 5]) is 16 or 17
                && _addPathSubtypes.Contains(damaged[start + 6] << 8 | damaged[start + 7]);
        });
    }

    /// <summary>The class of damage of lines; null where a reader can know of it.</summary>
    public static string? OfLines(byte[] sound, byte[] damaged)
    {
        string[] before = Lines(sound), after = Lines(damaged);
        int next = 0;
        foreach (string line in after)
        {
            int found = Array.IndexOf(before, line, next);
            if (found < 0 && line.StartsWith('#')) return "a line that begins with #";
            if (found < 0) return IsJoined(before, line) ? "two lines joined to one that is as sound" : null;
            next = found + 1;
        }
        return "whole lines missing";
    }

    // The start of one line and the end of another.
    private static bool IsJoined(string[] before, string line) => Enumerable.Range(1, line.Length - 1).Any(at =>
        before.Any(one => one.StartsWith(line[..at], StringComparison.Ordinal))
        && before.Any(one => one.EndsWith(line[at..], StringComparison.Ordinal)));

    private static string[] Lines(byte[] text) =>
        System.Text.Encoding.Latin1.GetString(text).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static IEnumerable<byte[]> Split(byte[] bytes, IReadOnlyList<int> borders) =>
        borders.Zip(borders.Skip(1), (from, to) => bytes[from..to]);

    // The records of one file in their order, some left out.
    private static bool IsOfWhole(IEnumerable<byte[]> records, byte[] damaged)
    {
        int at = 0;
        foreach (byte[] record in records)
            if (damaged.AsSpan(at).StartsWith(record)) at += record.Length;
        return at == damaged.Length;
    }
}
