namespace Isthmus.App;

/// <summary>The sample that comes with the program: a re-enactment, for a first look.</summary>
internal static class Sample
{
    private const string Folder = "samples/kp-2017-10";

    /// <summary>The sample's folder beside the program, or in a folder above it, as in a clone; null where there is none.</summary>
    public static string? Find()
    {
        string? folder = AppContext.BaseDirectory;
        while (folder is not null && !Directory.Exists(Path.Combine(folder, Folder))) folder = Path.GetDirectoryName(folder);
        return folder is null ? null : Path.Combine(folder, Folder);
    }

    /// <summary>The inputs given, or the sample where there are none, which is said on standard error.</summary>
    public static IReadOnlyList<string> OrGiven(IReadOnlyList<string> inputs)
    {
        if (inputs.Count > 0) return inputs;
        string sample = Find() ?? throw new UsageException(
            "no INPUT given, and the sample is not beside this program; name a file, a folder, a glob or - for standard input."
            + " RIPE RIS (data.ris.ripe.net) and RouteViews (archive.routeviews.org) have archives; INPUT may be their http(s) URL");
        Terminal.Say($"no INPUT given; reading the sample {Folder}, a re-enactment and no archive data");
        return [sample];
    }
}
