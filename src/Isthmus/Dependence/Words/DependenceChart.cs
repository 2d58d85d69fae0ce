using System.Globalization;
using System.Text;

using Isthmus.Registry;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Dependence.Words;

/// <summary>Dependence on countries over time, stacked: each time reaches to the next; what is not known stays ground.</summary>
/// <param name="series">Two times at least, evenly apart.</param>
internal sealed class DependenceChart(IReadOnlyList<DependenceAnswer> series)
{
    private const int CountriesMax = 6, TicksMax = 7;
    private const double Left = 48, Top = 12, Width = 900, Height = 260;

    /// <summary>The countries that have a colour, those that come to most first.</summary>
    public IReadOnlyList<Country> Countries { get; } =
    [
        .. series.SelectMany(answer => answer.Countries).GroupBy(country => country.Country)
            .Select(group => (Country: group.Key, Most: group.Sum(country => country.LastForeignHop.Value ?? 0)))
            .Where(country => country.Most > 0).OrderByDescending(country => Math.Round(country.Most, 9)).ThenBy(country => country.Country)
            .Take(CountriesMax).Select(country => country.Country),
    ];

    /// <summary>The part of each country, and of all others, at a time; null where it is not known.</summary>
    public double[]? PartsOf(DependenceAnswer answer)
    {
        if (answer.State is not DependenceState.Answered) return null;
        double[] parts = [.. Countries.Select(country =>
            answer.Countries.FirstOrDefault(one => one.Country == country)?.LastForeignHop.Value ?? 0)];
        return [.. parts, Math.Max(0, 1 - parts.Sum())];
    }

    public string Draw()
    {
        var svg = new StringBuilder();
        double Y(double part) => Top + Height * (1 - part);
        double X(int place) => Left + Width * place / series.Count;
        svg.Append(CultureInfo.InvariantCulture, $"<svg id=\"dependence\" class=\"chart\" viewBox=\"0 0 {Left + Width + 12} {Top + Height + 40}\" role=\"img\">");
        svg.Append(CultureInfo.InvariantCulture, $"<title>Dependence over time</title><desc>{Description()}</desc>");
        Rect("ground", Left, Top, Width, Height);
        foreach (var (place, answer) in series.Index())
        {
            if (PartsOf(answer) is not { } parts) continue;
            double below = 0;
            foreach (var (country, part) in parts.Index())
            {
                if (part <= 0) continue;
                Rect(country < Countries.Count ? $"u{country}" : "other", X(place), Y(below + part), X(place + 1) - X(place), Height * part);
                below += part;
            }
        }
        foreach (double part in (ReadOnlySpan<double>)[0, 0.25, 0.5, 0.75, 1])
            svg.Append(CultureInfo.InvariantCulture, $"<text class=\"tick y\" x=\"{Left - 6}\" y=\"{Y(part) + 4:0.#}\">{part * 100:0}%</text>")
                .Append(CultureInfo.InvariantCulture, $"<line class=\"grid\" x1=\"{Left}\" x2=\"{Left + Width}\" y1=\"{Y(part):0.#}\" y2=\"{Y(part):0.#}\"/>");
        int step = (series.Count + TicksMax - 1) / TicksMax;
        for (int place = 0; place < series.Count; place += step)
            svg.Append(CultureInfo.InvariantCulture, $"<line class=\"mark\" x1=\"{X(place):0.#}\" x2=\"{X(place):0.#}\" y1=\"{Top + Height}\" y2=\"{Top + Height + 5}\"/>")
                .Append(CultureInfo.InvariantCulture, $"<text class=\"tick\" x=\"{X(place):0.#}\" y=\"{Top + Height + 20}\">{TickOf(series[place].At)}</text>");
        return svg.Append("</svg>").ToString();

        void Rect(string css, double x, double y, double width, double height) => svg.Append(CultureInfo.InvariantCulture,
            $"<rect class=\"{css}\" x=\"{x:0.##}\" y=\"{y:0.##}\" width=\"{width:0.##}\" height=\"{height:0.##}\"/>");
    }

    private string TickOf(Timestamp at) => series[^1].At - series[0].At > TimeSpan.FromDays(3) ? Wording.Date(at)
        : $"{Wording.Date(at)} {Wording.ClockBrief(at)}";

    // What the picture shows, for who cannot see it.
    private string Description()
    {
        var known = series.Where(answer => answer.State is DependenceState.Answered).ToArray();
        if (known.Length == 0) return "Nothing is known at any of the times.";
        string At(DependenceAnswer answer) => $"{Wording.Moment(answer.At)}: "
            + string.Join(", ", Countries.Select((country, place) => $"{country} {Wording.Percent(PartsOf(answer)![place])}"));
        return $"From {At(known[0])} to {At(known[^1])}; {Wording.Count(series.Count - known.Length)} of {Wording.Count(series.Count)} times not known.";
    }
}
