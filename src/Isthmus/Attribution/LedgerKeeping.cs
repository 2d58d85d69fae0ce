using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Attribution;

/// <summary>Fills an <see cref="AttributionLedger"/>.</summary>
internal sealed class LedgerKeeping(Subject subject, CountryView view, RegistrySnapshot registry)
{
    private static readonly WitnessKind[] _claiming =
        [WitnessKind.Delegation, WitnessKind.Organisation, WitnessKind.OriginatedAddresses, WitnessKind.Geolocation];

    public AttributionLedger Of(IRouteSpans seen, AttributedPaths paths)
    {
        var ases = new SortedSet<Asn>();
        if (subject.Kind is SubjectKind.As) ases.Add(subject.Asn);
        var prefixes = new List<AttributionEntry>();
        for (int from = 0, to; from < seen.Histories.Count; from = to)
        {
            var prefix = seen.Histories[from].Prefix;
            for (to = from + 1; to < seen.Histories.Count && seen.Histories[to].Prefix == prefix;) to++;
            if (EntryOf(prefix, seen, from..to, paths, ases) is { } entry) prefixes.Add(entry);
        }
        return Close([.. ases.Select(EntryOf), .. prefixes], line => IsUsed(line, seen));
    }

    // Where nothing is routed the holder of a block stands for its origin.
    public AttributionLedger Registered()
    {
        AttributionEntry[] entries = subject.Kind switch
        {
            SubjectKind.As => [EntryOf(subject.Asn)],
            SubjectKind.Prefix => [EntryOf(subject.Prefix, registry.WitnessesOf(subject.Prefix), null)],
            _ =>
            [
                .. registry.AsesSaidOf(subject.Country).Select(EntryOf),
                .. CountryBlocks.Of(subject.Country, registry).Select(prefix => EntryOf(prefix, registry.WitnessesOf(prefix), null)),
            ],
        };
        return Close(entries, line => entries.Any(entry => entry.Asn is { } asn ? asn == line.Asn
            : line.Prefix?.Covers(entry.Prefix!.Value) == true || line.Prefix is { } within && entry.Prefix!.Value.Covers(within)));
    }

    private AttributionLedger Close(AttributionEntry[] entries, Func<CountryOverride, bool> isUsed)
    {
        int left = Math.Max(0, entries.Length - AttributionLedger.EntriesMax);
        var listed = left == 0 ? entries : [.. entries.Index().OrderByDescending(entry => entry.Item.Conflict).ThenBy(entry => entry.Index)
            .Take(AttributionLedger.EntriesMax).OrderBy(entry => entry.Index).Select(entry => entry.Item)];
        return new(view.Rule, listed, left, entries.Count(entry => entry.Conflict),
            subject.Kind is SubjectKind.Country ? [.. _claiming.Where(registry.Has).Select(ClaimOf)] : [],
            [.. registry.Overrides?.Lines.Select(line => new OverrideUse(line, isUsed(line))) ?? []]);
    }

    private AttributionEntry EntryOf(Asn asn)
    {
        var witnesses = registry.WitnessesOf(asn);
        var by = Choose(witnesses, view.OrderOfAses);
        return new(asn, null, witnesses, by?.Country ?? Country.None, by?.Kind, null);
    }

    private AttributionEntry EntryOf(Prefix prefix, IReadOnlyList<CountryWitness> witnesses, bool? counts)
    {
        var by = Choose(witnesses, counts is null && view.Rule is CountryRule.Origin or CountryRule.Organisation
            ? [.. view.OrderOfPrefixes, WitnessKind.Delegation] : view.OrderOfPrefixes);
        return new(null, prefix, witnesses, by?.Country ?? Country.None, by?.Kind, counts);
    }

    private static CountryWitness? Choose(IReadOnlyList<CountryWitness> witnesses, IReadOnlyList<WitnessKind> order) => order
        .Select(kind => witnesses.FirstOrDefault(witness => witness.Kind == kind)).FirstOrDefault(witness => witness is not null);

    // Null for a prefix that was followed, and that nobody ever held so that its origin can be told.
    private AttributionEntry? EntryOf(Prefix prefix, IRouteSpans seen, Range histories, AttributedPaths paths, SortedSet<Asn> ases)
    {
        var origins = new Dictionary<Asn, int>();
        bool counts = false;
        foreach (var history in seen.Histories.Take(histories))
            foreach (int path in history.Steps.Select(step => step.Path).Where(path => path >= 0)
                .SelectMany(paths.Each).Distinct())
            {
                var said = paths[path];
                if (said.Origin is { } origin) origins[origin] = origins.GetValueOrDefault(origin) + 1;
                if (!paths.Counts(prefix, path)) continue;
                counts = true;
                if (said is { Upstream: { } upstream, IsTransit: true }) ases.Add(upstream);
            }
        if (origins.Count == 0 && !counts) return null;
        ases.UnionWith(origins.Keys);
        var witnesses = registry.WitnessesOf(prefix).Concat(OriginsSay(origins)).OrderBy(witness => witness.Kind);
        return EntryOf(prefix, [.. witnesses], counts);
    }

    // Of several origins the subject's own counts first, as one of its paths makes a prefix the country's; then the most seen.
    private IEnumerable<CountryWitness> OriginsSay(Dictionary<Asn, int> origins) =>
        from entry in origins.OrderByDescending(entry => view.CountryOf(entry.Key) == subject.Country)
            .ThenByDescending(entry => entry.Value).ThenBy(entry => entry.Key)
        let said = registry.WitnessesOf(entry.Key)
        from witness in new[]
        {
            (Kind: WitnessKind.OriginRegistration, By: Choose(said, view.OrderOfAses)),
            (Kind: WitnessKind.Organisation, By: said.FirstOrDefault(witness => witness.Kind is WitnessKind.Organisation)),
        }
        where witness.By is not null
        select witness.By with { Kind = witness.Kind, Origin = entry.Key };

    private bool IsUsed(CountryOverride line, IRouteSpans seen)
    {
        if (line.Prefix is { } prefix)
            return seen.Histories.Any(history => prefix.Covers(history.Prefix))
                || subject.Kind is SubjectKind.Prefix && prefix.Covers(subject.Prefix);
        uint asn = line.Asn!.Value.Number;
        if (subject.Kind is SubjectKind.As && subject.Asn.Number == asn) return true;
        for (int path = 0; path < seen.Paths.Count; path++)
            if (seen.Paths[path].Contains(asn)) return true;
        return false;
    }

    private CountryClaim ClaimOf(WitnessKind kind)
    {
        var country = subject.Country;
        int? ases = registry.SpeaksOfAses(kind)
            ? registry.AsesSaidOf(country).Count(asn => registry.CountryOf(asn, kind) == country) : null;
        if (!registry.SpeaksOfBlocks(kind)) return new(kind, ases, null, null);
        var (ipv4, ipv6) = CountryBlocks.SizeOf(country, kind, registry);
        return new(kind, ases, ipv4, ipv6);
    }
}
