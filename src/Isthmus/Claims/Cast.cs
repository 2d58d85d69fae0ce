using Isthmus.Attribution;
using Isthmus.Reports;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>Who plays in a report: the subject's own networks, and those that carry it.</summary>
internal sealed class Cast
{
    private readonly Report _report;

    public Cast(Report report)
    {
        _report = report;
        var origins = report.Transit.Prefixes.Select(prefix => prefix.Origin).OfType<Asn>();
        if (report.Subject.Kind is SubjectKind.Country) origins = origins.Concat(OriginsOf(report));
        Own = (report.Subject.Kind is SubjectKind.As ? origins.Append(report.Subject.Asn) : origins).ToHashSet();
        var carriers = report.Transit.OfAnyFamily.Select(upstream => upstream.Asn)
            .Concat(report.Transit.Changes.Select(change => change.Upstream).OfType<Asn>());
        Carriers = carriers.ToHashSet();
        Networks = Own.Concat(Carriers).ToHashSet();
    }

    // What is gone at the end was the country's own all the same.
    private static IEnumerable<Asn> OriginsOf(Report report)
    {
        var paths = report.JudgedPaths();
        var asked = new HashSet<int>();
        foreach (var history in report.Observations.Histories)
            foreach (var step in history.Steps)
                if (step.Path >= 0 && !asked.Contains(step.Path) && paths.Counts(history.Prefix, step.Path))
                {
                    asked.Add(step.Path);
                    foreach (var origin in paths.OriginsOf(step.Path)) yield return origin;
                }
    }

    /// <summary>The networks that originate the subject's prefixes, or did in the period.</summary>
    public IReadOnlySet<Asn> Own { get; }

    /// <summary>Its upstreams at any time of the period.</summary>
    public IReadOnlySet<Asn> Carriers { get; }

    /// <summary>How many prefixes the subject has.</summary>
    public int Prefixes => _report.Transit.Prefixes.Count;

    /// <summary>All of these.</summary>
    public IReadOnlySet<Asn> Networks { get; }

    /// <summary>
    /// True where a text means the subject itself: its country, one of its networks, or a number that is nearly one of them.
    /// </summary>
    public bool IsSubject(Mention mention) =>
        !mention.Country.IsNone && mention.Country == _report.Subject.Country
        || mention.Named.Asns.Any(Own.Contains)
        || IsSlipOfSubject(mention);

    /// <summary>True for one network of a country that has others: what is said of it is not said of the country.</summary>
    public bool IsPart(Mention mention) => _report.Subject.Kind is SubjectKind.Country && Own.Count > 1 && mention.Country.IsNone
        && mention.Named.Asns.Any(Own.Contains);

    /// <summary>True for a number that is nearly one of the subject's own and belongs to nobody in the data.</summary>
    public bool IsSlipOfSubject(Mention mention) =>
        mention.Named is { Stated: true, Asns: [var asn] } && !Networks.Contains(asn) && Own.Any(own => IsSlip(own, asn));

    /// <summary>
    /// The network of the data whose number differs from another by a slip of the pen: one digit, or two that changed places.
    /// </summary>
    public Asn? MeantBy(Asn asn) => Networks.Where(other => IsSlip(other, asn)).Select(other => (Asn?)other).FirstOrDefault();

    private static bool IsSlip(Asn one, Asn other)
    {
        string left = one.ToString(), right = other.ToString();
        if (one == other || left.Length != right.Length || FormerNames.AreOf(other)) return false;
        int[] differ = [.. Enumerable.Range(0, left.Length).Where(i => left[i] != right[i])];
        return differ.Length == 1 || differ.Length == 2 && differ[1] == differ[0] + 1
            && left[differ[0]] == right[differ[1]] && left[differ[1]] == right[differ[0]];
    }
}
