namespace Isthmus.Reports.Html.Sections;

/// <summary>What happened as incidents, each in phases.</summary>
internal static class IncidentSection
{
    private const int IncidentsMax = 20;

    public static void Write(PageWriter page)
    {
        var incidents = page.Story.Incidents;
        if (incidents.Count == 0) return;
        page.Open("incidents", incidents.Count == 1 ? "One incident, in phases" : "Incidents and their phases");
        foreach (var incident in incidents.Take(IncidentsMax))
        {
            page.Paragraph(incident.Heading.Text, "course");
            FrontSection.Proof(page, incident.Heading);
            page.Line("<ol class=\"phases\">");
            foreach (var (phase, sentence) in incident.Phases)
            {
                string name = IncidentStory.Name(phase.Kind);
                page.Line($"<li><p><b>{PageWriter.T(name)}</b>{PageWriter.T(sentence.Text[name.Length..])}</p>");
                FrontSection.Proof(page, sentence);
                page.Line("</li>");
            }
            page.Line("</ol>");
        }
        page.More(incidents.Count - IncidentsMax, "incidents");
        page.Close();
    }
}
