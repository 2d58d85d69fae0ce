using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Claims;

/// <summary>The report on North Korea over the sample, made once for all tests of a run.</summary>
internal static class SampleReport
{
    private static readonly Lazy<Report> _made = new(Make);

    public static Report Kp => _made.Value;

    private static Report Make()
    {
        var registry = RegistrySnapshot.Shipped;
        var subject = Subjects.Resolve("KP", registry, out _)!;
        using var inputs = new Inputs();
        var files = inputs.Resolve([Path.Combine(RealData.Repository, "samples", "kp-2017-10")], Stream.Null, CancellationToken.None);
        return Survey.Run(new(subject, null, null, null), files, registry, new ReadProgress(), CancellationToken.None);
    }
}
