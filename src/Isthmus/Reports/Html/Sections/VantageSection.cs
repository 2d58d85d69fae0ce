using Isthmus.Reports.Html.Pictures;
using Isthmus.Text;

namespace Isthmus.Reports.Html.Sections;

/// <summary>Which upstream each vantage point used, over time.</summary>
internal static class VantageSection
{
    private const int StepsMax = 30;

    /// <param name="hasLegend">True where a picture before has told the colours.</param>
    public static void Write(PageWriter page, bool hasLegend)
    {
        var report = page.Report;
        if (report.To <= report.From || report.Observations.Histories.Count == 0) return;
        var courses = PeerCourse.Of(report, page.Story.Provenance.Sightings, page.Palette);
        if (courses.Count == 0) return;
        var raster = new PeerRaster(report, page.Story, page.Palette, courses);
        page.Open("vantage", "What each vantage point saw");
        if (!hasLegend) ChartSection.Legend(page, hasOthers: page.Palette.Upstreams.Count >= Palette.OwnMax, hasGaps: true);
        page.Figure("raster", raster.Draw() + new PeerRaster(report, page.Story, page.Palette, courses, isNarrow: true).Draw(), "A row for each peer of a collector, coloured by the upstream that its routes to the subject use. A row splits "
            + "where it reaches some prefixes by one and some by another; ground is no route, dotted is unknown. Grouped by project and by the country where the peer is registered"
            + (raster.Rows.Count < courses.Count ? $"; {Wording.Count(raster.Rows.Count)} of {Wording.Count(courses.Count)} vantage points, evenly chosen." : "."));
        page.Details("Each vantage point in words");
        page.Table("Prefixes held by each upstream, from each time on (UTC).", ["Peer", "Country", "Collector", "Course"],
            raster.Rows.Select(course => (string[])
            [
                PageWriter.T($"{page.Story.Names.Brief(course.Peer.Asn)} {course.Peer.Address}"), course.Country.ToString(),
                PageWriter.T($"{course.Peer.Collector.Name}, {KindWords.Words(course.Peer.Collector.Project)}"), PageWriter.T(Course(report, course)),
            ]), "raster-table");
        page.EndDetails();
        page.Close();
    }

    private static string Course(Report report, PeerCourse course)
    {
        bool oneDay = Wording.Date(report.From) == Wording.Date(report.To);
        var steps = course.Moments.Take(StepsMax)
            .Select(moment => $"{(oneDay ? Wording.Clock(moment.From) : Wording.Moment(moment.From)[5..])} {PeerCourse.Words(moment)}");
        int more = course.Moments.Count - StepsMax;
        return string.Join("; ", steps) + (more > 0 ? $"; {Wording.Count(more, "step", "steps")} more" : "");
    }
}
