using System.Security.Cryptography;

using Isthmus.Sources;

namespace Isthmus.Reports.Verification;

/// <summary>
/// The inputs that a report states, found among files that somebody has: by their SHA-256, so that neither name nor
/// folder matters; where no file has it, by their name, to say that the bytes are others.
/// </summary>
/// <param name="Inputs">For each stated input the file, under the name that the report has for it; null where it is missing.</param>
/// <param name="Differing">Stated inputs whose file has other bytes, with the SHA-256 that it has.</param>
/// <param name="Missing">Stated inputs that no file is.</param>
/// <param name="Unused">Files that the report does not name.</param>
public sealed record InputMatch(
    IReadOnlyList<InputFile?> Inputs, IReadOnlyList<(StatedInput Input, string Sha256)> Differing, IReadOnlyList<StatedInput> Missing,
    IReadOnlyList<InputFile> Unused)
{
    /// <summary>The files that were found, in the order of the report.</summary>
    public IReadOnlyList<InputFile> Found => [.. Inputs.OfType<InputFile>()];

    /// <summary>Every input is there, byte for byte.</summary>
    public bool IsWhole => Differing.Count == 0 && Missing.Count == 0;

    /// <summary>Finds the inputs of a report among files.</summary>
    public static InputMatch Find(StatedReport report, IReadOnlyList<InputFile> files, CancellationToken stop)
    {
        string[] hashes = new string[files.Count];
        Parallel.For(0, files.Count, new() { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
        {
            using var stream = files[index].OpenWhole();
            hashes[index] = Convert.ToHexStringLower(SHA256.HashData(stream));
        });
        var byHash = files.Index().GroupBy(entry => hashes[entry.Index], StringComparer.Ordinal)
            .ToDictionary(group => group.Key, group => new Queue<int>(group.Select(entry => entry.Index)), StringComparer.Ordinal);
        var used = new HashSet<int>();
        int?[] places = new int?[report.Inputs.Count];
        foreach (var (index, input) in report.Inputs.Index())
        {
            if (!byHash.TryGetValue(input.Sha256, out var candidates)) continue;
            // Of several files with the same bytes each stands for one input, the last for all that are left.
            places[index] = candidates.Count > 1 ? candidates.Dequeue() : candidates.Peek();
            used.Add(places[index]!.Value);
        }
        var differing = new List<(StatedInput, string)>();
        var missing = new List<StatedInput>();
        var names = new NameTable(files);
        foreach (var (index, input) in report.Inputs.Index().Where(entry => places[entry.Index] is null))
        {
            if (names.First(input.File, used) is { } other)
            {
                places[index] = other;
                used.Add(other);
                differing.Add((input, hashes[other]));
            }
            else
            {
                missing.Add(input);
            }
        }
        return new(
            [.. report.Inputs.Zip(places, (input, place) =>
                place is { } at ? InputFile.Named(files[at], input.File, input.Collector) : null)],
            differing, missing, [.. files.Index().Where(entry => !used.Contains(entry.Index)).Select(entry => entry.Item)]);
    }

    /// <summary>Files by their names from each folder on: a report may have been made from further up or further down.</summary>
    private sealed class NameTable
    {
        private readonly Dictionary<string, Queue<int>> _byName = new(StringComparer.Ordinal), _byEnd = new(StringComparer.Ordinal);

        public NameTable(IReadOnlyList<InputFile> files)
        {
            foreach (var (index, file) in files.Index())
            {
                Enter(_byName, file.Name, index);
                foreach (string end in EndsOf(file.Name)) Enter(_byEnd, end, index);
            }
        }

        /// <summary>The first file that is not used, of that name, or whose name ends with it or is its end.</summary>
        public int? First(string stated, HashSet<int> used)
        {
            int? first = FirstOf(_byEnd, stated, used);
            foreach (string end in EndsOf(stated))
                if (FirstOf(_byName, end, used) is { } index && !(first < index)) first = index;
            return first;
        }

        private static int? FirstOf(Dictionary<string, Queue<int>> table, string name, HashSet<int> used)
        {
            if (!table.TryGetValue(name, out var places)) return null;
            while (places.TryPeek(out int index))
            {
                if (!used.Contains(index)) return index;
                places.Dequeue();
            }
            return null;
        }

        private static void Enter(Dictionary<string, Queue<int>> table, string name, int index)
        {
            if (!table.TryGetValue(name, out var places)) table[name] = places = new();
            places.Enqueue(index);
        }

        // The name itself, and what stands behind each slash.
        private static IEnumerable<string> EndsOf(string name)
        {
            yield return name;
            for (int at = name.IndexOf('/'); at >= 0; at = name.IndexOf('/', at + 1)) yield return name[(at + 1)..];
        }
    }
}
