using System.Globalization;
using System.Net;

using Isthmus.Text;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>Numbers and texts as they stand in markup.</summary>
internal static class Svg
{
    /// <summary>A text that is safe between tags and in attributes.</summary>
    public static string Text(string text) => WebUtility.HtmlEncode(Wording.Printable(text));

    /// <summary>A coordinate: a tenth of a unit is finer than any screen.</summary>
    public static string Number(double value) => Math.Round(value, 1).ToString("0.#", CultureInfo.InvariantCulture);
}
