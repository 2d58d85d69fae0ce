using System.Collections.Frozen;

using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Attribution;

/// <summary>What one path says about the subject, derived once per path and not once per route.</summary>
/// <param name="OfSubject">True when the path's origin is the subject (a prefix subject: any path).</param>
/// <param name="Origin">Null where the path has none that counts: refused, or a set of several.</param>
/// <param name="Upstream">
/// The AS left of the origin; for a country the first foreign AS on the way out (methods.md, "Countries"), which is the
/// origin itself where that is foreign. Null where the path has none, as when the vantage point is the origin or lies in
/// the country.
/// </param>
/// <param name="SecondUpstream">The AS left of the upstream.</param>
/// <param name="Gateway">For a country: its last AS on the way out, null where no AS of the path is its; otherwise the origin.</param>
/// <param name="IsTransit">False where the upstream is the vantage point itself: that proves a link, not transit (methods.md, "Paths").</param>
/// <param name="ComesBack">For a country: another of its ASes stands further on the path.</param>
public sealed record AttributedPath(
    CleanPath Clean, bool OfSubject, Asn? Origin, Asn? Upstream, Asn? SecondUpstream, Asn? Gateway, bool IsTransit, bool ComesBack);

/// <summary>What a path makes of its prefix.</summary>
public enum Standing : byte
{
    Foreign,
    /// <summary>Of a country: not its own by the rule, but some other witness says that its origin is.</summary>
    Disputed,
    Own,
}

/// <summary>Derives what paths say about one subject; each path once.</summary>
/// <param name="rule">Which witness makes a prefix a country's.</param>
public sealed class AttributedPaths(
    PathTable paths, Subject subject, RegistrySnapshot registry, PathCleaning cleaning, CountryRule rule = CountryRule.Origin)
{
    /// <summary>
    /// Prefixes followed only because some witness other than the rule's puts them in the country. They serve the attribution
    /// ledger; for a large country they would be many thousands, and each is followed at every peer.
    /// </summary>
    public const int DisputedMax = 512;

    private readonly List<AttributedPath?> _known = [];
    private readonly HashSet<Prefix> _disputed = [];

    // The ASes that are the subject's by the rule, and by any witness at all.
    private readonly FrozenSet<uint> _national = Ases(subject, registry, new(registry, rule)), _said = Ases(subject, registry, null);

    public Subject Subject { get; } = subject;

    /// <summary>Who holds what.</summary>
    public RegistrySnapshot Registry { get; } = registry;

    /// <summary>Networks of which one stands on every path that is not <see cref="Standing.Foreign"/>.</summary>
    public IReadOnlySet<uint> Said => _said;

    /// <summary>The countries of ASes and prefixes by the rule.</summary>
    public CountryView View { get; } = new(registry, rule);

    /// <summary>True when there were more disputed prefixes than <see cref="DisputedMax"/>: what other rules would give is not known.</summary>
    public bool LeftDisputedOut { get; private set; }

    /// <summary>Another view of the same table, cleaned alike: a path that it has cleaned is not cleaned again. Null for none.</summary>
    public AttributedPaths? Alike { get; init; }

    /// <summary>What a path of the table says; of a set of paths what its first says.</summary>
    public AttributedPath this[int path]
    {
        get
        {
            path = paths.First(path);
            while (_known.Count <= path) _known.Add(null);
            return _known[path] ??= Attribute(paths[path], Alike?[path].Clean);
        }
    }

    /// <summary>The paths of a set that a peer holds at once; null for a single path.</summary>
    public IReadOnlyList<int>? SetOf(int path) => paths.SetOf(path);

    /// <summary>All paths that an id stands for, from <see cref="PathTable.Each"/>.</summary>
    public IReadOnlyList<int> Each(int path) => paths.Each(path);

    /// <summary>The origins of a path, or of the several that a peer holds at once; none where there is no route.</summary>
    public IEnumerable<Asn> OriginsOf(int path) => Each(path).Select(one => this[one].Origin).OfType<Asn>();

    /// <summary>
    /// True when a route is the subject's: by its prefix where an override or the rule decides so, else by its origin; of several
    /// paths when any is.
    /// </summary>
    public bool Counts(Prefix prefix, int path)
    {
        if (DecidedBy(prefix) is { } decided) return decided;
        if (SetOf(path) is not { } set) return this[path].OfSubject;
        foreach (int one in set)
            if (this[one].OfSubject) return true;
        return false;
    }

    /// <summary>
    /// True when a prefix counts in size, shares and visibility: no bogon, and not longer than /24 or /48. Where the subject is such a
    /// prefix itself, it was asked for and counts.
    /// </summary>
    public bool IsInScope(Prefix prefix) => PrefixFilter.CountsGlobally(prefix)
        || Subject.Kind is SubjectKind.Prefix && !PrefixFilter.CountsGlobally(Subject.Prefix);

    /// <summary>True for a prefix that is longer than /24 or /48 and no bogon: it stands apart from those that count.</summary>
    public bool StandsApart(Prefix prefix) => !IsInScope(prefix) && !PrefixFilter.IsBogon(prefix);

    /// <summary>True when it judges the paths of a table, for a subject, by the same word.</summary>
    public bool Judges(PathTable table, Subject subject, RegistrySnapshot registry, CountryRule rule) =>
        ReferenceEquals(paths, table) && Subject == subject && ReferenceEquals(Registry, registry) && View.Rule == rule;

    /// <summary>True when the same ASes are the subject's here and there.</summary>
    public bool HasTheAsesOf(AttributedPaths others) => _national.SetEquals(others._national);

    /// <summary>What a path makes of its prefix.</summary>
    public Standing StandingOf(PathWords path)
    {
        if (Subject.Kind is SubjectKind.Prefix) return Standing.Foreign;
        if (cleaning.OriginOfOrdinary(path) is { } only)
            return IsNational(only) ? Standing.Own : _said.Contains(only.Number) ? Standing.Disputed : Standing.Foreign;
        if (!HasSaid(path)) return Standing.Foreign;
        var ends = EndsOf(cleaning.Clean(path), path);
        return ends.Any(IsNational) ? Standing.Own
            : ends.Any(origin => _said.Contains(origin.Number)) ? Standing.Disputed : Standing.Foreign;
    }

    // Whose the route is: a refused path is the subject's all the same where it ends in it, and its prefix is visible by it. Numbers
    // that no network has are no end of a path (methods.md, "Paths").
    private static IReadOnlyList<Asn> EndsOf(CleanPath clean, PathWords path)
    {
        if (clean.Origins.Count > 0) return clean.Origins;
        IReadOnlyList<Asn> ends = [];
        foreach (var segment in path)
        {
            if (segment.IsConfederation) continue;
            Asn[] known = [.. segment.Hops.ToArray().Select(hop => new Asn(hop)).Where(hop => !PathCleaning.IsReserved(hop))];
            if (known.Length > 0) ends = segment.Type is SegmentType.Set ? known : known[^1..];
        }
        return ends;
    }

    // Most paths of the world hold none of the subject's, and need no cleaning.
    private bool HasSaid(PathWords path)
    {
        foreach (var segment in path)
            foreach (uint hop in segment.Hops)
                if (_said.Contains(hop)) return true;
        return false;
    }

    /// <summary>
    /// True for a prefix of the subject of which more-specifics by other origins are looked for. Of a prefix subject all that lies
    /// in it is followed; default routes and blocks that nobody holds whole are bogons.
    /// </summary>
    public bool IsBlock(Prefix prefix) => Subject.Kind is not SubjectKind.Prefix && PrefixFilter.CountsGlobally(prefix);

    /// <summary>True when a prefix is to be followed whoever announces it.</summary>
    public bool Follows(Prefix prefix) => Subject.Kind switch
    {
        SubjectKind.Prefix => Subject.Prefix.Covers(prefix) || Subject.IsAddress && prefix.Length > 0 && prefix.Covers(Subject.Prefix),
        SubjectKind.Country => (View.CountryOf(prefix) ?? Registry.CountryOf(prefix)) == Subject.Country
            || Registry.IsSaidOf(prefix, Subject.Country) && FollowsDisputed(prefix),
        _ => false,
    };

    /// <summary>True when a disputed prefix is to be followed: as long as there are not too many.</summary>
    public bool FollowsDisputed(Prefix prefix)
    {
        if (_disputed.Contains(prefix)) return true;
        if (_disputed.Count < DisputedMax) return _disputed.Add(prefix);
        LeftDisputedOut = true;
        return false;
    }

    internal void Save(StateWriter to)
    {
        to.Write(Subject.Text);
        to.Write(Facts);
        to.Write(_disputed, prefix => to.Write(prefix));
        to.Write(LeftDisputedOut);
    }

    // False where it was of another subject, or by other facts on who holds what.
    internal bool Load(StateReader from)
    {
        bool isSame = from.Text() == Subject.Text && from.Text() == Facts;
        if (!isSame) return false;
        _disputed.UnionWith(from.All(from.Prefix));
        LeftDisputedOut = from.Bool();
        return true;
    }

    private string Facts => Subject.Kind is SubjectKind.Country ? Registry.Facts : "";

    private AttributedPath Attribute(PathWords path, CleanPath? cleaned)
    {
        var clean = cleaned ?? cleaning.Clean(path);
        if (!clean.CountsForShares) return new(clean, Subject.Kind is SubjectKind.Prefix || EndsOf(clean, path).Any(IsNational),
            null, null, null, null, false, false);
        var hops = clean.Hops;
        int gate = hops.Count - 1;
        var origin = hops[gate];
        bool ofSubject = Subject.Kind is SubjectKind.Prefix || IsNational(origin);
        if (Subject.Kind is SubjectKind.Country)
        {
            gate = hops.Count;
            while (gate > 0 && IsNational(hops[gate - 1])) gate--;
        }
        bool comesBack = Subject.Kind is SubjectKind.Country && hops.Take(gate).Any(IsNational);
        return new(clean, ofSubject, origin, gate > 0 ? hops[gate - 1] : null, gate > 1 ? hops[gate - 2] : null,
            gate < hops.Count ? hops[gate] : null, gate > 1, comesBack);
    }

    private bool? DecidedBy(Prefix prefix) => Subject.Kind is SubjectKind.Country && View.JudgesPrefixes
        && View.CountryOf(prefix) is { } country ? country == Subject.Country : null;

    private bool IsNational(Asn asn) => _national.Contains(asn.Number);

    private static FrozenSet<uint> Ases(Subject subject, RegistrySnapshot registry, CountryView? view) => subject.Kind switch
    {
        SubjectKind.As => [subject.Asn.Number],
        SubjectKind.Country => registry.AsesSaidOf(subject.Country)
            .Where(asn => view is null || view.CountryOf(asn) == subject.Country).Select(asn => asn.Number).ToFrozenSet(),
        _ => [],
    };
}
