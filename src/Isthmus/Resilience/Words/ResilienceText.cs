using Isthmus.Attribution;
using Isthmus.Cuts.Words;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Text;

namespace Isthmus.Resilience.Words;

/// <summary>Writes answers on resilience for people.</summary>
public static class ResilienceText
{
    private const int ListMax = 8, FailoversMax = 20;

    /// <summary>A class as JSON has it.</summary>
    public static string Word(FrontierClass known) => known switch
    {
        FrontierClass.Severe => "severe",
        FrontierClass.Significant => "significant",
        FrontierClass.Low => "low",
        _ => "resistant",
    };

    /// <summary>Writes one answer.</summary>
    public static void Write(ResilienceReport report, TextWriter output, int width)
    {
        var page = new TextPage(output, width);
        var names = new Names(report.Registry);
        var answer = report.Answers[0];
        page.Heading(TableCoverage.Few(report.FullFeedAses) + First(report, answer, names), '=');
        if (report.Table.Notice is { } notice) page.Paragraph(notice.ReplaceLineEndings(" "), "");
        if (answer.ForeignUpstreams.Count > 0)
        {
            page.Line();
            WriteFacts(page, report, answer, names);
            WriteList(page, "Gateways, share of what is reached", answer.Gateways, names);
            WriteList(page, answer.Subject.Kind is SubjectKind.Country ? "Foreign upstreams" : "Upstreams", answer.ForeignUpstreams, names);
            WhatIfText.WriteIsolating(page, answer.MinimumCuts ?? [], names, isModelled: false);
        }
        WriteFailovers(page, report.Failovers, names);
        TableCoverage.WriteText(page, report.Table, report.Selection);
    }

    /// <summary>Writes those of all countries, the most fragile first.</summary>
    public static void WriteAll(ResilienceReport report, int top, TextWriter output, int width)
    {
        var page = new TextPage(output, width);
        var names = new Names(report.Registry);
        int fragile = report.Answers.Count(answer => answer.SmallestCut == 1);
        page.Heading(TableCoverage.Few(report.FullFeedAses) + (report.Answers.Count == 0
            ? report.FullFeedAses > 0 ? $"No full-feed peer holds a route of a country that is not its own, at {report.Table.At}"
                : $"Nothing is known at {report.Table.At}: no peer whose table is known has a full feed"
            : $"Every route that is seen to {Wording.Count(fragile)} of {Wording.Count(report.Answers.Count, "country", "countries")} goes by one network, at "
                + $"{report.Table.At}"), '=');
        if (report.Table.Notice is { } notice) page.Paragraph(notice.ReplaceLineEndings(" "), "");
        page.Line();
        page.Table($"{"country",-9}{"cut",5}{"upstreams",11}{"gateways",10}{"control",9}{"class",13}  {"largest upstream",-22}", [
            .. report.Answers.Take(top).Select(answer => (
                $"{answer.Subject.Text,-9}{answer.SmallestCut?.ToString(System.Globalization.CultureInfo.InvariantCulture) ?? "–",5}{Wording.Count(answer.ForeignUpstreams.Count),11}"
                    + $"{Wording.Count(answer.Gateways.Count),10}{Wording.Count(answer.PointsOfControl),9}{(answer.Class is { } known ? Word(known) : "–"),13}"
                    + $"  {answer.ForeignUpstreams[0].Asn,-10} {Wording.PercentFine(answer.ForeignUpstreams[0].Share),7}",
                $"{Names.Full(answer.Subject)}: {Wording.Count(answer.ForeignUpstreams.Count, "foreign upstream", "foreign upstreams")}, the largest "
                    + $"{names.Brief(answer.ForeignUpstreams[0].Asn)} with {Wording.PercentFine(answer.ForeignUpstreams[0].Share)}"))]);
        page.More(report.Answers.Count - Math.Min(top, report.Answers.Count), "countries");
        page.Line();
        page.Paragraph("cut: the fewest networks without which no path that is seen is left, looked for where there are ten foreign upstreams or fewer. "
            + "control: gateways that lead nine tenths. class: by organisations with a gateway.", "");
        TableCoverage.WriteText(page, report.Table, report.Selection);
    }

    private static string First(ResilienceReport report, ResilienceAnswer answer, Names names)
    {
        string subject = Names.Spoken(answer.Subject), time = $"at {report.Table.At}";
        if (answer.ForeignUpstreams.Count == 0) return report.FullFeedAses > 0
            ? $"No vantage point outside whose table is known holds a route of {subject} behind another network, {time}"
            : $"Nothing is known of {subject} {time}: no vantage point outside whose table is known holds a route of it";
        string upstreams = answer.ForeignUpstreams is [var only]
            ? $"is seen to be reached by one network outside alone, {names.Spoken(only.Asn)}"
            : $"is reached by {Wording.Count(answer.ForeignUpstreams.Count)} networks outside, most by {names.Spoken(answer.ForeignUpstreams[0].Asn)} ({Wording.Percent(answer.ForeignUpstreams[0].Share)})";
        return $"{subject} {upstreams}, {time}";
    }

    private static void WriteFacts(TextPage page, ResilienceReport report, ResilienceAnswer answer, Names names)
    {
        string countries = Wording.Join([.. answer.ForeignCountries.Take(ListMax).Select(one =>
            $"{(one.Country.IsNone ? "not known" : CountryNames.NameOf(one.Country))} {Wording.PercentFine(one.Share)}")]);
        page.Paragraph($"{Wording.Count(answer.Gateways.Count, "gateway", "gateways")}, {Wording.Count(answer.ForeignUpstreams.Count, "upstream", "upstreams")} outside, of {countries}.", "  ", 2);
        if (answer.Class is { } known) page.Paragraph($"Frontier: {Wording.Count(answer.Organisations!.Value, "organisation", "organisations")}"
            + $"{(report.Registry.Has(WitnessKind.Organisation) ? "" : " (networks: no source says who runs them)")}; risk of being cut off: {Word(known)}"
            + " (1 or 2 severe, below 10 significant, to 40 low, above resistant).", "  ", 2);
        page.Paragraph($"Points of control: {Wording.Count(answer.PointsOfControl, "gateway leads", "gateways lead")} nine tenths of what is reached.", "  ", 2);
        if (answer.Reliability is { } reliability) page.Paragraph(
            $"Reliability: without {names.Brief(reliability.Worst)} {Wording.Count(reliability.Lost)} of {Wording.Count(reliability.Networks, "network", "networks")} "
            + $"would have no way up left ({Wording.PercentFine(reliability.Score)}; with itself {Wording.PercentFine(reliability.ScoreWithIt)}). Relationships: {report.Relationships}.", "  ", 2);
        if (answer.SingleHomed.Of > 0) page.Paragraph(
            $"Single-homed: {Wording.Count(answer.SingleHomed.Count)} of {Wording.Count(answer.SingleHomed.Of, "network", "networks")} with one provider.", "  ", 2);
    }

    private static void WriteList(TextPage page, string heading, IReadOnlyList<GatewayShare> shares, Names names)
    {
        page.Line();
        page.Heading(heading);
        page.Table($"  {"",-52}{"share",8}", [.. shares.Take(ListMax).Select(one => (
            $"  {Wording.Cut(names.Brief(one.Asn), 51),-52}{Wording.PercentFine(one.Share),8}",
                $"{names.Brief(one.Asn)}: {Wording.PercentFine(one.Share)}"))]);
        page.More(shares.Count - Math.Min(ListMax, shares.Count), "networks");
    }

    private static void WriteFailovers(TextPage page, IReadOnlyList<Failover>? failovers, Names names)
    {
        if (failovers is null) return;
        page.Line();
        page.Heading("What happened when upstreams went");
        if (failovers.Count == 0) page.Paragraph("In the period of the data no upstream is seen to go, and no outage.", "  ", 2);
        foreach (var failover in failovers.Take(FailoversMax))
        {
            string lost = failover.Lost.Count == 0 ? "routes" : Wording.Join([.. failover.Lost.Select(asn => asn.ToString())]);
            string what = Wording.Count(failover.Prefixes.Count, "prefix", "prefixes");
            string told = failover.Took.Count == 0
                ? $"{what} by {lost} went, and nobody else carried them{(failover.Until is { } until ? $" until {Wording.Moment(until)} ({Wording.Length(until - failover.At)})" : "")}"
                : $"{lost} left {what}: {Wording.Join([.. failover.Took.Select(names.Short)])} "
                    + (failover.After == TimeSpan.Zero ? "carried already" : $"came after {Wording.Length(failover.After!.Value)}");
            page.Paragraph($"{Wording.Moment(failover.At)}  {told}", "  ", 2);
        }
        page.More(failovers.Count - Math.Min(FailoversMax, failovers.Count), "losses");
    }
}
