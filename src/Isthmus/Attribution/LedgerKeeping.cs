using System.Runtime.InteropServices;

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
    private readonly Dictionary<Asn, Asn[]> _alone = [];
    private readonly HashSet<int> _told = [];
    private readonly Dictionary<Asn, int> _origins = [];

    /// <summary>What may be listed: its witnesses are named only where it is.</summary>
    /// <param name="Origins">Of a prefix, in the order of their word.</param>
    /// <param name="Counts">Of a prefix: whether the subject has it; null where no routes were read.</param>
    private readonly record struct Candidate(Asn? Asn, Prefix Prefix, Asn[] Origins, bool? Counts);

    public AttributionLedger Of(IRouteSpans seen, AttributedPaths paths)
    {
        var ases = new HashSet<Asn>();
        if (subject.Kind is SubjectKind.As) ases.Add(subject.Asn);
        var prefixes = new List<Candidate>();
        for (int from = 0, to; from < seen.Histories.Count; from = to)
        {
            var prefix = seen.Histories[from].Prefix;
            for (to = from + 1; to < seen.Histories.Count && seen.Histories[to].Prefix == prefix;) to++;
            if (CandidateOf(prefix, seen, from, to, paths, ases) is { } candidate) prefixes.Add(candidate);
        }
        return Close([.. ases.Order().Select(asn => new Candidate(asn, default, [], null)), .. prefixes], line => IsUsed(line, seen));
    }

    // Where nothing is routed the holder of a block stands for its origin.
    public AttributionLedger Registered()
    {
        Candidate[] candidates = subject.Kind switch
        {
            SubjectKind.As => [new(subject.Asn, default, [], null)],
            SubjectKind.Prefix => [new(null, subject.Prefix, [], null)],
            _ =>
            [
                .. registry.AsesSaidOf(subject.Country).Select(asn => new Candidate(asn, default, [], null)),
                .. CountryBlocks.Of(subject.Country, registry).Select(prefix => new Candidate(null, prefix, [], null)),
            ],
        };
        return Close(candidates, line => candidates.Any(candidate => candidate.Asn is { } asn ? asn == line.Asn
            : line.Prefix?.Covers(candidate.Prefix) == true || line.Prefix is { } within && candidate.Prefix.Covers(within)));
    }

    private AttributionLedger Close(Candidate[] candidates, Func<CountryOverride, bool> isUsed)
    {
        int left = Math.Max(0, candidates.Length - AttributionLedger.EntriesMax);
        bool[] differ = [.. candidates.Select(Differ)];
        int conflicts = differ.Count(conflict => conflict);
        // Those on which witnesses differ are listed first where not all are, and all in their order.
        int agreeing = Math.Max(0, AttributionLedger.EntriesMax - conflicts), differing = AttributionLedger.EntriesMax;
        var listed = new List<AttributionEntry>();
        for (int i = 0; i < candidates.Length; i++)
            if (left == 0 || (differ[i] ? differing-- : agreeing--) > 0) listed.Add(EntryOf(candidates[i]));
        return new(view.Rule, listed, left, conflicts,
            subject.Kind is SubjectKind.Country ? [.. _claiming.Where(registry.Has).Select(ClaimOf)] : [],
            [.. registry.Overrides?.Lines.Select(line => new OverrideUse(line, isUsed(line))) ?? []]);
    }

    // As an entry has it, and without making one.
    private bool Differ(Candidate candidate)
    {
        var country = Country.None;
        if (candidate.Asn is { } asn) return !registry.Agree(asn, ref country);
        if (!registry.Agree(candidate.Prefix, ref country)) return true;
        foreach (var origin in candidate.Origins)
        {
            foreach (var witness in OriginSays(origin))
            {
                if (country.IsNone) country = witness.Country;
                else if (witness.Country != country) return true;
            }
        }
        return false;
    }

    private AttributionEntry EntryOf(Candidate candidate)
    {
        if (candidate.Asn is { } asn)
        {
            var said = registry.WitnessesOf(asn);
            var chosen = Choose(said, view.OrderOfAses);
            return new(asn, null, said, chosen?.Country ?? Country.None, chosen?.Kind, null);
        }
        var witnesses = registry.WitnessesOf(candidate.Prefix);
        if (candidate.Counts is not null)
            witnesses = [.. witnesses.Concat(candidate.Origins.SelectMany(OriginSays)).OrderBy(witness => witness.Kind)];
        var by = Choose(witnesses, candidate.Counts is null && view.Rule is CountryRule.Origin or CountryRule.Organisation
            ? [.. view.OrderOfPrefixes, WitnessKind.Delegation] : view.OrderOfPrefixes);
        return new(null, candidate.Prefix, witnesses, by?.Country ?? Country.None, by?.Kind, candidate.Counts);
    }

    private static CountryWitness? Choose(IReadOnlyList<CountryWitness> witnesses, IReadOnlyList<WitnessKind> order) => order
        .Select(kind => witnesses.FirstOrDefault(witness => witness.Kind == kind)).FirstOrDefault(witness => witness is not null);

    // Null for a prefix that was followed, and that nobody ever held so that its origin can be told.
    private Candidate? CandidateOf(Prefix prefix, IRouteSpans seen, int from, int to, AttributedPaths paths, HashSet<Asn> ases)
    {
        _origins.Clear();
        bool counts = false;
        for (int history = from; history < to; history++)
        {
            var steps = seen.Histories[history].Steps;
            if (steps.Count > 1) _told.Clear();
            for (int step = 0; step < steps.Count; step++)
            {
                int held = steps[step].Path;
                if (held < 0) continue;
                if (paths.SetOf(held) is null)
                {
                    if (steps.Count == 1 || _told.Add(held)) counts |= Told(held);
                    continue;
                }
                foreach (int path in paths.Each(held))
                    if (_told.Add(path)) counts |= Told(path);
            }
        }
        if (_origins.Count == 0 && !counts) return null;
        foreach (var origin in _origins.Keys) ases.Add(origin);
        return new(null, prefix, InOrder(), counts);

        bool Told(int path)
        {
            var said = paths[path];
            if (said.Origin is { } origin) CollectionsMarshal.GetValueRefOrAddDefault(_origins, origin, out _)++;
            if (!paths.Counts(prefix, path)) return false;
            if (said is { Upstream: { } upstream, IsTransit: true }) ases.Add(upstream);
            return true;
        }
    }

    // Of several origins the subject's own counts first, as one of its paths makes a prefix the country's; then the most seen.
    private Asn[] InOrder() => _origins.Count == 1 ? Alone()
        : [.. _origins.OrderByDescending(entry => view.CountryOf(entry.Key) == subject.Country)
            .ThenByDescending(entry => entry.Value).ThenBy(entry => entry.Key).Select(entry => entry.Key)];

    // Most prefixes have one origin, and most origins several prefixes.
    private Asn[] Alone()
    {
        foreach (var origin in _origins.Keys)
            return _alone.TryGetValue(origin, out var known) ? known : _alone[origin] = [origin];
        return [];
    }

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
