using System.Text;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>An SVG picture in the making: sound XML whatever the names in it, with a title and a description.</summary>
internal sealed class Drawing
{
    /// <summary>Units of the width of a picture for a screen, and for a telephone, where texts keep their size.</summary>
    public const double WidthWide = 960, WidthNarrow = 360;

    /// <summary>What the title and the description of a picture end with: behind it stands what is drawn.</summary>
    public const string HeadEnd = "</desc>\n";

    private readonly StringBuilder _svg = new();
    private readonly List<string> _open = [];

    /// <param name="id">Of the picture; its title and description have ids made of it.</param>
    /// <param name="css">Class of the picture.</param>
    /// <param name="isGroup">True where parts of it can be followed as links; else it is one image to a screen reader.</param>
    public Drawing(string id, string css, (double Width, double Height) size, (string Title, string Text) said, bool isGroup = false)
    {
        _svg.Append($"<svg id=\"{id}\" class=\"{css}\" viewBox=\"0 0 {Svg.Number(size.Width)} {Svg.Number(size.Height)}\" ")
            .Append($"role=\"{(isGroup ? "group" : "img")}\" aria-labelledby=\"{id}-title\" aria-describedby=\"{id}-text\">\n")
            .Append($"<title id=\"{id}-title\">{Svg.Text(said.Title)}</title>\n<desc id=\"{id}-text\">{Svg.Text(said.Text)}{HeadEnd}");
    }

    public void Rect(string css, double x, double y, double width, double height, string? fill = null) => _svg.Append(
        $"<rect class=\"{css}\"{Fill(fill)} x=\"{Svg.Number(x)}\" y=\"{Svg.Number(y)}\" width=\"{Svg.Number(width)}\" height=\"{Svg.Number(height)}\"/>\n");

    public void Line(string css, double x1, double y1, double x2, double y2) => _svg.Append(
        $"<line class=\"{css}\" x1=\"{Svg.Number(x1)}\" y1=\"{Svg.Number(y1)}\" x2=\"{Svg.Number(x2)}\" y2=\"{Svg.Number(y2)}\"/>\n");

    public void Circle(string css, double x, double y, double radius) => _svg.Append(
        $"<circle class=\"{css}\" cx=\"{Svg.Number(x)}\" cy=\"{Svg.Number(y)}\" r=\"{Svg.Number(radius)}\"/>\n");

    public void Path(string css, string outline, string? fill = null, double? width = null)
    {
        if (outline.Length == 0) return;
        string stroke = width is { } units ? $" stroke-width=\"{Svg.Number(units)}\"" : "";
        _svg.Append($"<path class=\"{css}\"{Fill(fill)}{stroke} d=\"{outline}\"/>\n");
    }

    public void Text(string css, double x, double y, string text) => _svg.Append(
        $"<text class=\"{css}\" x=\"{Svg.Number(x)}\" y=\"{Svg.Number(y)}\">{Svg.Text(text)}</text>\n");

    /// <summary>A part that leads to a place on the page, and says so.</summary>
    public void Link(string target, string said)
    {
        _svg.Append($"<a href=\"#{target}\" aria-label=\"{Svg.Text(said)}\"><title>{Svg.Text(said)}</title>\n");
        _open.Add("a");
    }

    /// <summary>A part with a name that a pointer shows.</summary>
    public void Group(string css, string said)
    {
        _svg.Append($"<g class=\"{css}\"><title>{Svg.Text(said)}</title>\n");
        _open.Add("g");
    }

    /// <summary>Ends the part opened last.</summary>
    public void End()
    {
        _svg.Append($"</{_open[^1]}>\n");
        _open.RemoveAt(_open.Count - 1);
    }

    /// <summary>Markup that is known to be sound.</summary>
    public void Raw(string markup) => _svg.Append(markup);

    /// <summary>The whole picture.</summary>
    public string Done() => _svg.Append("</svg>\n").ToString();

    private static string Fill(string? fill) => fill is null ? "" : $" fill=\"{fill}\"";
}
