using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Text;

namespace Isthmus.Dependence.Words;

/// <summary>
/// Writes which countries and networks lie on the way to a subject and could observe what comes in (docs/methods.md, "Exposure"): each
/// country over the vantage points outside it, backbones of the world apart, and always with what that does not mean.
/// </summary>
public static class ExposureWords
{
    private const int CountriesMax = 20, NetworksMax = 4, BackbonesMax = 10;

    /// <summary>Writes it for people.</summary>
    public static void WriteText(DependenceReport report, TextWriter output, int width)
    {
        var page = new TextPage(output, Math.Min(width, 80));
        var answer = report.Answer;
        DependenceText.Open(report, page, "Who is on the way to", "and could observe");
        page.Paragraph(DependenceWords.Caveat, "");
        if (answer.State is not DependenceState.Answered) return;
        page.Line();
        page.Heading("Countries");
        foreach (var country in Exposed(answer).Take(CountriesMax))
            page.Paragraph($"{country.Country} {CountryNames.NameOf(country.Country)}: {Wording.PercentFine(country.AnyHop!.Value)}"
                + (country.Unavoidable > 0 ? $", unavoidable for {Wording.PercentFine(country.Unavoidable)}" : "")
                + $", by {string.Join(", ", country.Networks.Take(NetworksMax))}"
                + (country.Networks.Count > NetworksMax ? $" and {Wording.Count(country.Networks.Count - NetworksMax)} more" : ""), "  ", hang: 2);
        page.More(Exposed(answer).Count - CountriesMax, "countries");
        var unknown = answer.Countries.Where(country => country.AnyHop is null).Select(country => country.Country.ToString()).ToArray();
        if (unknown.Length > 0) page.Paragraph($"Not known, as no vantage point stands outside: {string.Join(", ", unknown)}.", "  ");
        page.Line();
        page.Heading("Backbones of the world, which stand for no country");
        if (answer.Backbones.Count == 0) page.Paragraph("None is on the way.", "  ");
        var names = new Names(report.Registry);
        foreach (var one in answer.Backbones.Take(BackbonesMax))
            page.Paragraph($"{names.Brief(one.Asn)}: {Wording.PercentFine(one.AnyHop)}", "  ", hang: 2);
        page.More(answer.Backbones.Count - BackbonesMax, "backbones");
        page.Line();
        page.Paragraph("The countries of one route are counted each, so that together they may be more than all. The vantage points of a country, and"
            + " networks of the subject's own, do not count for it. What goes out of the subject is not seen in BGP."
            + " Definitions: docs/methods.md, \"Exposure\".", "");
    }

    /// <summary>Writes it as one JSON document; its keys stand in docs/dependence.md.</summary>
    public static void WriteJson(DependenceReport report, Stream output)
    {
        using var json = DependenceJson.On(output);
        var answer = report.Answer;
        json.WriteStartObject();
        DependenceJson.Open(json, report, answer);
        json.WriteStartArray("countries");
        foreach (var country in Exposed(answer).Concat(answer.Countries.Where(country => country.AnyHop is null)))
        {
            json.WriteStartObject();
            json.WriteString("country", country.Country.ToString());
            DependenceJson.Number(json, "share", country.AnyHop);
            DependenceJson.Number(json, "unavoidable", country.Unavoidable);
            DependenceJson.Ases(json, "networks", country.Networks);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("global");
        foreach (var one in answer.Backbones)
        {
            json.WriteStartObject();
            json.WriteNumber("asn", one.Asn.Number);
            json.WriteString("name", one.Name);
            DependenceJson.Number(json, "share", one.AnyHop);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        DependenceJson.Close(json, output);
    }

    private static IReadOnlyList<CountryDependence> Exposed(DependenceAnswer answer) =>
    [
        .. answer.Countries.Where(country => country.AnyHop > 0).OrderByDescending(country => Math.Round(country.AnyHop!.Value, 9))
            .ThenBy(country => country.Country),
    ];
}
