using System.Globalization;

using Isthmus.Scenarios.Damage;

namespace Isthmus.Benchmarks;

/// <summary>The command <c>damage</c>: a seeded campaign of damaged files (docs/robustness.md).</summary>
internal static class Damage
{
    /// <summary>Prints the tables, and each run that lost something in silence; 1 where there is one.</summary>
    public static int Run(ulong seed, int count, IReadOnlyList<string> paths)
    {
        string[] files = [.. paths.SelectMany(FilesOf)];
        DamageInput[] inputs = [.. files.Length == 0 ? DamageInput.Written(seed) : files.Select(DamageInput.Of).OfType<DamageInput>()];
        using var campaign = new DamageCampaign(inputs);
        var table = new DamageTable();
        for (int i = 0; i < count; i++)
        {
            var result = campaign.Run(seed + (ulong)i);
            table.Add(result);
            if (DamageTable.IsFailure(result.Outcome))
            {
                string kept = Path.Combine(Path.GetTempPath(), $"isthmus-damage-{result.Seed}");
                File.Copy(campaign.LastFile, kept, overwrite: true);
                Console.Error.WriteLine(
                    $"{result.Seed}: {result.Input.Name}, {result.Container}, {result.Corruption}: {result.Outcome}: {result.Class}; {kept}");
            }
            if (!Console.IsErrorRedirected) Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{i + 1} of {count} "));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} runs from seed {seed} over {inputs.Length} inputs\n"));
        Console.WriteLine(table);
        return table.Failures.Any() ? 1 : 0;
    }

    /// <summary>Reports on drawn archives with a damaged file, and texts checked against them; 1 where one says what is false.</summary>
    public static int RunReports(ulong seed, int count)
    {
        using var campaign = new ReportDamageCampaign(seed, Worlds);
        var results = new List<ReportDamageResult>();
        for (int i = 0; i < count; i++)
        {
            results.Add(campaign.Run(seed + (ulong)i, checks: true));
            if (ReportDamageTable.IsFailure(results[^1].Outcome)) Console.Error.WriteLine(results[^1]);
            if (!Console.IsErrorRedirected) Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"\r{i + 1} of {count} "));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} reports and checks from seed {seed} over {Worlds} archives\n"));
        Console.WriteLine(ReportDamageTable.Of(results));
        return results.Exists(result => ReportDamageTable.IsFailure(result.Outcome)) ? 1 : 0;
    }

    /// <summary>Drawn archives of one campaign of reports.</summary>
    private const int Worlds = 10;

    private static IEnumerable<string> FilesOf(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [path];
}
