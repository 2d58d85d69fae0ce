using Isthmus.Attribution;
using Isthmus.Text;
using Isthmus.Transit;

namespace Isthmus.Reports.Html.Sections;

/// <summary>Of which country prefixes and ASes are, by whose word, where witnesses differ, and what another choice would change.</summary>
internal static class AttributionSection
{
    private const int EntriesMax = 60, UpstreamsMax = 3;

    public static void Write(PageWriter page)
    {
        var report = page.Report;
        if (report.Attribution is not { } ledger) return;
        bool isCountry = report.Subject.Kind is SubjectKind.Country;
        if (!isCountry && ledger.Conflicts == 0 && ledger.Overrides.Count == 0) return;
        page.Open("attribution", "Of which country, by whose word");
        page.Paragraph($"Rule {AttributionWords.Token(ledger.Rule)}. {AttributionWords.Of(ledger.Rule)} {AttributionWords.Caveat}");
        if (isCountry) Effects(page);
        if (ledger.Entries.Count > 0) Entries(page, ledger);
        foreach (var use in ledger.Overrides)
            page.Paragraph($"{report.Registry.Overrides!.Name}, line {Wording.Count(use.Line.Line)}: {use.Line.Of} is of {use.Line.Country} because "
                + $"{use.Line.Why}{(use.Used ? "" : "; not used: nothing here is of it")}", "meta");
        page.Close();
    }

    private static void Effects(PageWriter page)
    {
        bool hasOverrides = page.Report.Registry.Overrides is not null;
        page.Table("What each choice of witness gives", ["By", "#Prefixes", "#IPv4 addresses", "#IPv6 /48s", "Upstreams, by peer-AS share"],
            page.Report.AttributionEffects.Select(effect => (string[])
            [
                PageWriter.T($"{AttributionWords.NameOf(effect, hasOverrides)}{(effect.IsChosen ? " (chosen)" : "")}"),
                Number(effect.Size?.Prefixes), Number(effect.Size?.Ipv4Addresses), Number(effect.Size?.Ipv6Slash48s),
                PageWriter.T(effect.Size is null ? AttributionWords.NotKnown(effect) : Upstreams(page, effect)),
            ]), "attribution-table");
    }

    private static string Upstreams(PageWriter page, AttributionEffect effect)
    {
        var most = effect.Upstreams.Take(UpstreamsMax)
            .Select(upstream => $"{page.Story.Names.Short(upstream.Asn)} {Wording.Percent(upstream.Shares.PeerAs)}");
        int more = effect.Upstreams.Count - UpstreamsMax;
        return string.Join(", ", most) + (more > 0 ? $", {Wording.Count(more)} more" : "");
    }

    // Those on which witnesses differ stand first.
    private static void Entries(PageWriter page, AttributionLedger ledger)
    {
        int total = ledger.Entries.Count + ledger.LeftOut;
        page.Paragraph($"Witnesses differ on {Wording.Count(ledger.Conflicts)} of {Wording.Count(total)} prefixes and ASes.");
        page.Details("By whose word, one by one");
        page.Table("The first country named counts.", ["Of", "Witnesses", "Choice"],
            ledger.Entries.OrderByDescending(entry => entry.Conflict).Take(EntriesMax).Select(entry => (string[])
            [
                PageWriter.T(entry.Asn is { } asn ? page.Story.Names.Brief(asn) : entry.Of), PageWriter.T(AttributionWords.Of(entry)),
                PageWriter.T(AttributionWords.WhyChosen(entry)),
            ]));
        page.EndDetails();
        page.More(total - EntriesMax, "prefixes and ASes");
    }

    private static string Number(long? count) => count is { } known ? Wording.Count(known) : "–";
}
