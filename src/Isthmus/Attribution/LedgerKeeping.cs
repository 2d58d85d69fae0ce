using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Attribution;

/// <summary>Fills an <see cref="AttributionLedger"/>.</summary>
internal sealed class LedgerKeeping(Subject subject, CountryView view, RegistrySnapshot registry)
{
    private static readonly WitnessKind[] _claiming =
        [WitnessKind.Delegation, WitnessKind.Organisation, WitnessKind.OriginatedAddresses, WitnessKind.Geolocation];

    private readonly Dictionary<Asn, CountryWitness[]> _says = [];
    private readonly HashSet<int> _told = [];

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
        var (start, length) = histories.GetOffsetAndLength(seen.Histories.Count);
        for (int history = start; history < start + length; history++)
        {
            var steps = seen.Histories[history].Steps;
            _told.Clear();
            for (int step = 0; step < steps.Count; step++)
            {
                if (steps[step].Path < 0) continue;
                foreach (int path in paths.Each(steps[step].Path))
                {
                    if (!_told.Add(path)) continue;
                    var said = paths[path];
                    if (said.Origin is { } origin) origins[origin] = origins.GetValueOrDefault(origin) + 1;
                    if (!paths.Counts(prefix, path)) continue;
                    counts = true;
                    if (said is { Upstream: { } upstream, IsTransit: true }) ases.Add(upstream);
                }
            }
        }
        if (origins.Count == 0 && !counts) return null;
        ases.UnionWith(origins.Keys);
        return EntryOf(prefix, [.. registry.WitnessesOf(prefix).Concat(OriginsSay(origins)).OrderBy(witness => witness.Kind)], counts);
    }

    // Of several origins the subject's own counts first, as one of its paths makes a prefix the country's; then the most seen.
    private IEnumerable<CountryWitness> OriginsSay(Dictionary<Asn, int> origins) => origins.Count == 1 ? OriginSays(origins.Keys.First())
        : origins.OrderByDescending(entry => view.CountryOf(entry.Key) == subject.Country)
            .ThenByDescending(entry => entry.Value).ThenBy(entry => entry.Key).SelectMany(entry => OriginSays(entry.Key));

    // What is said of an AS is asked once, however many prefixes it originates.
    private CountryWitness[] OriginSays(Asn origin)
    {
        if (_says.TryGetValue(origin, out var known)) return known;
        var said = registry.WitnessesOf(origin);
        var says = new List<CountryWitness>();
        if (Choose(said, view.OrderOfAses) is { } chosen) says.Add(chosen with { Kind = WitnessKind.OriginRegistration, Origin = origin });
        if (said.FirstOrDefault(witness => witness.Kind is WitnessKind.Organisation) is { } runs) says.Add(runs with { Origin = origin });
        return _says[origin] = [.. says];
    }

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
