using Isthmus.Sources;
using Isthmus.Sources.Compression;

namespace Isthmus.Reports.Verification;

/// <summary>Whether the records that a report embeds stand where it says.</summary>
public static class RecordCheck
{
    private const int PassedOverBytes = 1 << 16;

    /// <summary>Reads the inputs and says of each record that is not there what is; a line each.</summary>
    /// <param name="match">The inputs; records of missing ones are passed over.</param>
    /// <param name="checkedRecords">How many could be looked at.</param>
    public static IReadOnlyList<string> Find(StatedReport report, InputMatch match, out int checkedRecords, CancellationToken stop)
    {
        var files = report.Inputs.Zip(match.Inputs).Where(pair => pair.Second is not null)
            .DistinctBy(pair => pair.First.File).ToDictionary(pair => pair.First.File, pair => pair.Second!, StringComparer.Ordinal);
        var byFile = report.Records.Where(record => files.ContainsKey(record.File))
            .GroupBy(record => record.File, StringComparer.Ordinal).ToArray();
        var wrong = new List<string>[byFile.Length];
        Parallel.For(0, byFile.Length, new() { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount },
            index => wrong[index] = OfFile(files[byFile[index].Key], [.. byFile[index].OrderBy(record => record.Offset)]));
        checkedRecords = byFile.Sum(group => group.Count());
        return [.. wrong.SelectMany(lines => lines)];
    }

    private static List<string> OfFile(InputFile file, StatedRecord[] records)
    {
        using var plain = Decompression.Open(file.OpenWhole(), told: file.Packing);
        var wrong = new List<string>();
        byte[] passed = new byte[PassedOverBytes];
        byte[] before = [];
        long at = 0, beforeAt = 0;
        foreach (var record in records)
        {
            int Pass(long bytes) => plain.Read(passed, 0, (int)Math.Min(passed.Length, bytes));
            while (at < record.Offset && Pass(record.Offset - at) is var read and > 0) at += read;
            byte[] there = new byte[record.Bytes.Length];
            int length = 0;
            // A record that begins within the one before: what was read of it is not there to be read again.
            if (at > record.Offset && record.Offset >= beforeAt)
            {
                var shared = before.AsSpan((int)Math.Min(before.Length, record.Offset - beforeAt));
                shared[..Math.Min(shared.Length, there.Length)].CopyTo(there);
                length = Math.Min(shared.Length, there.Length);
            }
            while (length < there.Length && plain.Read(there.AsSpan(length)) is var read and > 0) length += read;
            if (length < there.Length) wrong.Add(Line(record, FormattableString.Invariant($"the file ends {there.Length - length} bytes early")));
            else if (there.AsSpan().CommonPrefixLength(record.Bytes) is var same && same < there.Length)
                wrong.Add(Line(record, FormattableString.Invariant($"other bytes, from byte {same} of the record on")));
            (before, beforeAt, at) = (there, record.Offset, Math.Max(at, record.Offset + length));
        }
        return wrong;
    }

    private static string Line(StatedRecord record, string what) =>
        FormattableString.Invariant($"record {record.Id}, {record.File}, byte {record.Offset}: {what}");
}
