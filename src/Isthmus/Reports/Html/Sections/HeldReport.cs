using System.Text;

namespace Isthmus.Reports.Html.Sections;

/// <summary>The report as JSON that a page holds: whole where it fits, else with lists that end after so many entries.</summary>
/// <param name="EntriesMax">Entries of each list; null where the report is whole.</param>
internal sealed record HeldReport(string Json, int? EntriesMax)
{
    private static readonly int[] _steps = [1024, 256, 64, 16, 4];

    /// <summary>As much of a report as fits.</summary>
    /// <param name="room">Bytes that it may take.</param>
    public static HeldReport Of(Report report, long room)
    {
        byte[] whole = ReportJson.Compact(report);
        if (whole.Length <= room) return new(Encoding.UTF8.GetString(whole), null);
        foreach (int most in _steps)
        {
            byte[] cut = ShortJson.Of(whole, most);
            if (cut.Length <= room || most == _steps[^1]) return new(Encoding.UTF8.GetString(cut), most);
        }
        throw new InvalidOperationException("the last step always answers");
    }
}
