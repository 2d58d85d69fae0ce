using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Claims;

/// <summary>The report on North Korea over the sample, made once for all tests of a run.</summary>
internal static class SampleReport
{
    private static readonly Lazy<SeenRoutes> _seen = new(Replay);

    private static readonly Lazy<Report> _made = new(() => Report.Of(Survey.Analyse(KpSeen)));

    public static Report Kp => _made.Value;

    /// <summary>What the peers held, of which the report is.</summary>
    public static SeenRoutes KpSeen => _seen.Value;

    private static SeenRoutes Replay()
    {
        var registry = RegistrySnapshot.Shipped;
        var subject = Subjects.Resolve("KP", registry, out _)!;
        using var inputs = new Inputs();
        var files = inputs.Resolve([Path.Combine(RealData.Repository, "samples", "kp-2017-10")], Stream.Null, CancellationToken.None);
        return Survey.Replay(new(subject, null, null, null), files, registry, new ReadProgress(), CancellationToken.None);
    }
}
