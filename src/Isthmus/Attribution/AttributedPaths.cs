using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Attribution;

/// <summary>What one path says about the subject, derived once per path and not once per route.</summary>
/// <param name="OfSubject">True when the path's origin is the subject (a prefix subject: any path).</param>
/// <param name="Origin">Null where the path has none that counts: refused, or a set of several.</param>
/// <param name="Upstream">
/// The AS left of the origin; for a country the first foreign AS on the way out (methods.md section 4.4). Null where
/// the path has none, as when the vantage point is the origin or lies in the country.
/// </param>
/// <param name="SecondUpstream">The AS left of the upstream.</param>
/// <param name="Gateway">For a country: its last AS on the way out; otherwise the origin.</param>
/// <param name="IsTransit">False where the upstream is the vantage point itself: that proves a link, not transit (4.1).</param>
/// <param name="ComesBack">For a country: another of its ASes stands further on the path.</param>
public sealed record AttributedPath(
    CleanPath Clean, bool OfSubject, Asn? Origin, Asn? Upstream, Asn? SecondUpstream, Asn? Gateway, bool IsTransit, bool ComesBack);

/// <summary>Derives what paths say about one subject; each path once.</summary>
public sealed class AttributedPaths(PathTable paths, Subject subject, RegistrySnapshot registry, PathCleaning cleaning)
{
    private readonly List<AttributedPath?> _known = [];

    public Subject Subject { get; } = subject;

    /// <summary>Who holds what.</summary>
    public RegistrySnapshot Registry { get; } = registry;

    /// <summary>What a path of the table says.</summary>
    public AttributedPath this[int path]
    {
        get
        {
            while (_known.Count <= path) _known.Add(null);
            return _known[path] ??= Attribute(paths[path]);
        }
    }

    /// <summary>True when a path makes its prefix one of the subject's.</summary>
    /// <param name="words">As in <see cref="PathTable"/>.</param>
    public bool IsOfSubject(ReadOnlySpan<uint> words)
    {
        if (Subject.Kind is SubjectKind.Prefix) return false;
        foreach (uint word in words)
            if (IsNational(new(word))) return Attribute(words).OfSubject;
        return false;
    }

    /// <summary>True when a prefix is to be followed whoever announces it.</summary>
    public bool Follows(Prefix prefix) => Subject.Kind switch
    {
        SubjectKind.Prefix => Subject.Prefix.Covers(prefix),
        SubjectKind.Country => Registry.CountryOf(prefix) == Subject.Country,
        _ => false,
    };

    private AttributedPath Attribute(ReadOnlySpan<uint> words)
    {
        var clean = cleaning.Clean(words);
        if (!clean.CountsForShares) return new(clean, clean.Origins.Any(IsNational), null, null, null, null, false, false);
        var hops = clean.Hops;
        int gate = hops.Count - 1;
        var origin = hops[gate];
        bool ofSubject = Subject.Kind is SubjectKind.Prefix || IsNational(origin);
        if (Subject.Kind is SubjectKind.Country && ofSubject)
            while (gate > 0 && IsNational(hops[gate - 1])) gate--;
        bool comesBack = Subject.Kind is SubjectKind.Country && hops.Take(gate).Any(IsNational);
        return new(clean, ofSubject, origin, gate > 0 ? hops[gate - 1] : null, gate > 1 ? hops[gate - 2] : null,
            hops[gate], gate > 1, comesBack);
    }

    private bool IsNational(Asn asn) => Subject.Kind is SubjectKind.Country
        ? Registry.CountryOf(asn) == Subject.Country
        : asn == Subject.Asn;
}
