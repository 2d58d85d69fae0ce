using Isthmus.Transit.Timelines;

namespace Isthmus.Transit.Changes;

/// <summary>All that changed of one prefix: READ THIS for the order in which one kind of change explains another.</summary>
internal static class PrefixFindings
{
    public static IReadOnlyList<Finding> Of(Levels levels, Gateways? gateways)
    {
        var course = levels.Course;
        // First what disturbed the prefix as a whole; within it nothing else is looked for.
        var outages = Disturbances.Outages(levels);
        var unstable = Disturbances.Unstable(levels);
        Disturbance[] disturbed = [.. outages, .. unstable];
        var birth = Birth.Find(levels);
        List<Finding> found = [.. outages.Select(outage => OutageFindings.Outage(levels, outage)).OfType<Finding>(),
            .. unstable.Select(time => OutageFindings.Unstable(levels, time)).OfType<Finding>()];
        if (birth is not null) found.Add(birth);
        // Then who carries it, and which of that is only a step in between.
        var upstreams = Intermediaries.Tell(course, [.. new UpstreamFindings(levels, Facet.Upstream, disturbed, birth?.First).Find()]);
        var origins = OriginFindings.Find(levels).ToArray();
        found.AddRange(upstreams.Where(finding => !IsLostToOrigin(finding, origins, outages)));
        found.AddRange(origins);
        // What the first tier does shows in the second, and is not told twice.
        Disturbance[] below = [.. disturbed, .. found.Select(finding => Around(course, finding))];
        found.AddRange(new UpstreamFindings(levels, Facet.SecondUpstream, below, birth?.First).Find());
        if (gateways is not null) found.AddRange(NewGateways(levels, gateways, disturbed, birth));
        return found;
    }

    // An upstream whose last users went over to another origin's route was not left by the subject; nor was one that went with the prefix
    // itself, which only another origin brought back.
    private static bool IsLostToOrigin(Finding finding, Finding[] origins, IReadOnlyList<Disturbance> outages) =>
        finding.Of.Kind is ChangeKind.UpstreamVanished && Array.Exists(origins, origin =>
            (finding.Time - origin.First).Duration() <= UpstreamFindings.After
            || outages.Any(outage => finding.Time >= outage.From - UpstreamFindings.After && finding.Time <= outage.To
                && (outage.To - origin.First).Duration() <= UpstreamFindings.After));

    private static IEnumerable<Finding> NewGateways(Levels levels, Gateways gateways, Disturbance[] disturbed, Finding? birth) =>
        from finding in new UpstreamFindings(levels, Facet.Gateway, disturbed, birth?.First).Find()
        where finding.Share?.After > finding.Share?.Before && gateways.IsNew(finding.Of.Gateway!.Value, finding.First)
        select finding with { Of = finding.Of with { Upstream = Gateways.UpstreamOf(levels.Course, finding) } };

    private static Disturbance Around(PrefixCourse course, Finding finding) => new(
        course.Prefix, finding.First - UpstreamFindings.After,
        (finding.Until is { } until && until > finding.Last ? until : finding.Last) + UpstreamFindings.After, false);
}
