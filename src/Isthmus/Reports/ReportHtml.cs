namespace Isthmus.Reports;

/// <summary>Writes a report as one page.</summary>
public static class ReportHtml
{
    public static void Write(Report report, TextWriter output) => ReportText.Write(report, output);
}
