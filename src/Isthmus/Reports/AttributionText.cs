using System.Globalization;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Text;
using Isthmus.Transit;

namespace Isthmus.Reports;

/// <summary>Writes the attribution ledger as text that a person reads.</summary>
public static class AttributionText
{
    private const int ConflictsMax = 12, EntriesMax = 40, UpstreamsMax = 3, NameWidth = 28;

    /// <summary>Writes a page of a subject's ledger alone.</summary>
    /// <param name="width">Columns to wrap at.</param>
    public static void Write(
        Subject subject, AttributionLedger ledger, RegistrySnapshot registry, TextWriter output, int width = 100)
    {
        var page = new TextPage(output, width);
        string title = $"{Names.Full(subject)}: whose it is, by whose word";
        page.Heading(title, '=');
        page.Paragraph($"Rule {AttributionWords.Token(ledger.Rule)}. {AttributionWords.Of(ledger.Rule)}", "");
        page.Paragraph("No routes are read here: where the rule asks for the origin of a prefix, its delegation stands in.", "");
        page.Paragraph(AttributionWords.Caveat, "");
        page.Line();
        Claims(page, subject, ledger);
        var names = new Names(registry);
        var conflicts = ledger.Entries.Where(entry => entry.Conflict).ToArray();
        var agreed = ledger.Entries.Where(entry => !entry.Conflict).ToArray();
        Entries(page, $"Where witnesses differ: {Wording.Count(ledger.Conflicts)} of {Wording.Count(Total(ledger))}; the first country named counts", conflicts, ledger.Conflicts, names);
        Entries(page, "Where they agree, or one alone speaks", agreed, Total(ledger) - ledger.Conflicts, names);
        Overrides(page, ledger, registry);
        foreach (string source in registry.Sources) page.Paragraph($"Registry: {source}", "  ");
    }

    /// <summary>The section of a report: what the choice of witness changes, and where witnesses differ.</summary>
    internal static void Section(TextPage page, Report report)
    {
        if (report.Attribution is not { } ledger) return;
        bool isCountry = report.Subject.Kind is SubjectKind.Country;
        if (!isCountry && ledger.Conflicts == 0 && ledger.Overrides.Count == 0) return;
        var names = new Names(report.Registry);
        page.Heading("Of which country, by whose word");
        page.Paragraph($"Rule {AttributionWords.Token(ledger.Rule)}. {AttributionWords.Of(ledger.Rule)}", "  ");
        if (isCountry) Effects(page, report, names);
        if (ledger.Conflicts > 0)
            page.Paragraph($"Witnesses differ on {Wording.Count(ledger.Conflicts)} of {Wording.Count(Total(ledger))} prefixes and ASes; "
                + "the first country named counts.", "  ");
        foreach (var entry in ledger.Entries.Where(entry => entry.Conflict).Take(ConflictsMax)) Entry(page, entry, names);
        page.More(ledger.Conflicts - ConflictsMax, "on which witnesses differ");
        page.Line();
        Overrides(page, ledger, report.Registry);
    }

    private static void Claims(TextPage page, Subject subject, AttributionLedger ledger)
    {
        if (ledger.Claims.Count == 0) return;
        page.Heading($"What each kind of witness puts in {subject.Text}, routed or not");
        page.Table($"  {"",-22}{"ASes",10}{"IPv4 addresses",16}{"IPv6 /48s",16}", [.. ledger.Claims.Select(claim =>
            ($"  {AttributionWords.Token(claim.Kind),-22}{Number(claim.Ases, 10)}{Number(claim.Ipv4Addresses, 16)}"
                + Number(claim.Ipv6Slash48s, 16),
            $"{AttributionWords.Token(claim.Kind)}: {Number(claim.Ases)} ASes, {Number(claim.Ipv4Addresses)} IPv4 addresses, "
                + $"{Number(claim.Ipv6Slash48s)} IPv6 /48s"))]);
        page.Line();
    }

    private static void Entries(TextPage page, string heading, AttributionEntry[] entries, int count, Names names)
    {
        if (count == 0) return;
        page.Heading(heading);
        foreach (var entry in entries.Take(EntriesMax)) Entry(page, entry, names);
        page.More(count - EntriesMax, "prefixes and ASes");
        page.Line();
    }

    private static void Entry(TextPage page, AttributionEntry entry, Names names)
    {
        string of = Wording.Cut(entry.Asn is { } asn ? names.Brief(asn) : entry.Of, NameWidth - 1).PadRight(NameWidth);
        string why = entry.ChosenBy is null or WitnessKind.Override ? $". {AttributionWords.WhyChosen(entry)}" : "";
        page.Paragraph($"{of}{AttributionWords.Of(entry)}{why}", "  ", NameWidth);
    }

    private static void Effects(TextPage page, Report report, Names names)
    {
        page.Line();
        bool hasOverrides = report.Registry.Overrides is not null;
        (string, string) RowOf(AttributionEffect effect)
        {
            string name = $"{AttributionWords.NameOf(effect, hasOverrides)}{(effect.IsChosen ? " (chosen)" : "")}", upstreams = Upstreams(effect, names);
            return effect.Size is { } size
                ? ($"  {name,-30}{Number(size.Prefixes, 10)}{Number(size.Ipv4Addresses, 14)}{Number(size.Ipv6Slash48s, 10)}  {upstreams}",
                    $"by {name}: {Number(size.Prefixes)} prefixes, {Number(size.Ipv4Addresses)} addresses, {Number(size.Ipv6Slash48s)} /48s; "
                    + $"upstreams by peer-AS share: {upstreams}")
                : ($"  {name,-30}  {AttributionWords.NotKnown(effect)}", $"by {name}: {AttributionWords.NotKnown(effect)}");
        }
        page.Table($"  {"by",-30}{"prefixes",10}{"addresses",14}{"/48s",10}  upstreams, by peer-AS share", [.. report.AttributionEffects.Select(RowOf)]);
        page.Line();
    }

    private static string Upstreams(AttributionEffect effect, Names names)
    {
        string most = string.Join(", ", effect.Upstreams.Take(UpstreamsMax).Select(upstream =>
            $"{Wording.Cut(names.Short(upstream.Asn), 16)} {Wording.Percent(upstream.Shares.PeerAs)}"));
        return effect.Upstreams.Count > UpstreamsMax ? $"{most}, {Wording.Count(effect.Upstreams.Count - UpstreamsMax)} more"
            : most.Length > 0 ? most : "none";
    }

    private static void Overrides(TextPage page, AttributionLedger ledger, RegistrySnapshot registry)
    {
        if (ledger.Overrides.Count == 0) return;
        page.Heading($"What a user says in {registry.Overrides!.Name}");
        foreach (var use in ledger.Overrides)
            page.Paragraph($"line {use.Line.Line.ToString(CultureInfo.InvariantCulture)}: {use.Line.Of} is of {use.Line.Country} because "
                + $"{use.Line.Why}{(use.Used ? "" : "; not used: nothing here is of it")}", "  ", 4);
        page.Line();
    }

    private static int Total(AttributionLedger ledger) => ledger.Entries.Count + ledger.LeftOut;

    private static string Number(long? count, int width = 0) => (count is { } known ? Wording.Count(known) : "–").PadLeft(width);
}
