using System.Globalization;

using Isthmus.Sources;

namespace Isthmus.Export.Damage;

/// <summary>Puts the views of a dump into words (RFC 6396 section 4.3.1).</summary>
public static class ViewWords
{
    /// <summary>Their names in quotes, as a filter takes them: <c>"", "vrf-a"</c>.</summary>
    public static string List(IEnumerable<string> views) => string.Join(", ", views.Select(view => $"\"{view}\""));

    /// <summary>What there is to say of a file with several; null where it has not.</summary>
    public static string? Of(string file, IReadOnlyList<string> views) => views.Count < 2 ? null : string.Create(
        CultureInfo.InvariantCulture,
        $"{file} holds the tables of {views.Count}{(views.Count < FaultLedger.ViewsMax ? "" : " or more")} views: {List(views)}");
}
