using System.CommandLine;

using Isthmus.Archives;
using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary>The options that have registries of the period's end fetched, as the archives are.</summary>
internal static class DatedRegistryOptions
{
    public static readonly Option<bool> Asked = new("--dated-registry")
    {
        Description = "Fetch who held what at the period's end, before the registry shipped: statistics of the five RIRs, CAIDA's as-org2info.",
    };

    public static readonly Option<string?> Mirror = new("--registry-archive")
    {
        Description = "Folder on a server that has ripencc/, arin/, …, and as-organizations/, in place of ftp.ripe.net and publicdata.caida.org.",
        HelpName = "URL",
    };

    /// <summary>The addresses that a command line would ask.</summary>
    public static IEnumerable<string> PlacesOf(ParseResult parsed) => !parsed.GetValue(Asked) ? []
        : MirrorOf(parsed) is { } mirror ? [mirror.Name] : [RegistryFetch.Statistics.Name, RegistryFetch.Organisations.Name];

    private static Archives.Archive? MirrorOf(ParseResult parsed) =>
        parsed.GetValue(Mirror) is { } address ? ArchiveOptions.ArchiveOf(Mirror.Name, address) : null;

    /// <summary>The registry that the options ask for, those of the period's end among them.</summary>
    public static RegistrySnapshot Read(ParseResult parsed, CancellationToken stop)
    {
        if (!parsed.GetValue(Asked)) return RegistryOptions.Read(parsed);
        string[] given = [.. parsed.GetValue(SurveyOptions.Inputs) ?? [], .. ReportCommand.InputsOf(parsed)];
        ArchiveOptions.IsAsked(parsed, given);
        using var cache = ArchiveOptions.OpenCache(parsed);
        var dated = Fetch(parsed, parsed.GetValue(SurveyOptions.To)!.Value, cache, stop);
        return RegistryOptions.Read(parsed, [.. dated.Select(one => (one.Copy.Path, one.Name))]);
    }

    /// <summary>Fetches those of the period's end; what cannot be had is said.</summary>
    /// <param name="to">The period's end.</param>
    public static IReadOnlyList<DatedRegistry> Fetch(ParseResult parsed, Timestamp to, ArchiveCache cache, CancellationToken stop)
    {
        var notes = new List<string>();
        var progress = new FetchProgress(notes.Add);
        // The end is not of the period.
        var last = to - TimeSpan.FromMicroseconds(1);
        try
        {
            using var line = new ProgressLine(seconds => ProgressLine.Text(progress, seconds));
            return new RegistryFetch(cache, progress, ArchiveOptions.Clock, parsed.GetValue(ArchiveOptions.Offline))
                .Get(MirrorOf(parsed), DateOnly.FromDateTime(last.ToDateTimeOffset().UtcDateTime), stop);
        }
        finally
        {
            foreach (string note in notes) Terminal.Say(note);
        }
    }
}
