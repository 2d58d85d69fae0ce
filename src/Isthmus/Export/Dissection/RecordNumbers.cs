using System.Globalization;

namespace Isthmus.Export.Dissection;

/// <summary>Which records of a file are wanted, by their numbers: <c>12</c>, <c>12-20</c>, <c>3,12-20</c>.</summary>
public sealed class RecordNumbers
{
    private readonly List<(long First, long Last)> _ranges = [];

    private RecordNumbers(string text) => Text = text;

    /// <summary>As it was written.</summary>
    public string Text { get; }

    /// <summary>No later record is wanted.</summary>
    public long Last => _ranges.Max(range => range.Last);

    /// <summary>Reads numbers from 1 and ranges of them, with commas between; null for text that is none.</summary>
    public static RecordNumbers? TryParse(string text)
    {
        var numbers = new RecordNumbers(text);
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Split('-');
            if (ends.Length > 2 || !TryNumber(ends[0], out long first) || !TryNumber(ends[^1], out long last) || last < first) return null;
            numbers._ranges.Add((first, last));
        }
        return numbers;
    }

    public bool Holds(long number) => _ranges.Any(range => range.First <= number && number <= range.Last);

    private static bool TryNumber(string text, out long number) =>
        long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number > 0;
}
