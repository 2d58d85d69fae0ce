using System.Security.Cryptography;
using System.Text;

using Isthmus.Text;

namespace Isthmus.Reports;

/// <summary>How a report is cited: what, over when, from which data, by which program.</summary>
public static class Citation
{
    /// <summary>One value for all inputs: SHA-256 over the lines of their own, sorted.</summary>
    public static string InputsSha256(Report report)
    {
        var lines = report.Observations.Files.Select(file => file.Sha256).Order(StringComparer.Ordinal).Select(hash => hash + "\n");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Concat(lines))));
    }

    /// <summary>In a sentence.</summary>
    public static string Text(Report report, Story story) =>
        $"Isthmus {report.Version}: “{story.Headline.Text}”, {story.Period}, {Sources(report)}, inputs SHA-256 {InputsSha256(report)[..16]}…"
        + (report.Notice is null ? "" : $" {report.Notice}") + $" {Definitions.RoutesOnly}";

    /// <summary>For a bibliography.</summary>
    public static string BibTex(Report report, Story story) => $$"""
        @misc{isthmus-{{InputsSha256(report)[..12]}},
          title = { {{story.Title}}: {{story.Headline.Text}} },
          note  = { {{story.Period}}; {{Sources(report)}}; inputs SHA-256 {{InputsSha256(report)}} },
          annote = { {{report.Notice}} {{Definitions.RoutesOnly}} },
          howpublished = { Report of isthmus {{report.Version}} }
        }
        """;

    private static string Sources(Report report)
    {
        var projects = CoverageWords.Projects(report.Coverage.Collectors);
        string from = projects.Count > 0 ? $" of {Wording.Join(projects)}" : "";
        return $"from {Wording.Count(report.Coverage.Files.Count, "file", "files")} of {Wording.Count(report.Coverage.Collectors.Count, "collector", "collectors")}{from}";
    }
}
