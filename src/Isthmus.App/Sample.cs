using Isthmus.Sources;

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

    /// <summary>
    /// The inputs given, or the sample where there are none, which is said on standard error: as it lies beside the program, or
    /// unpacked from it.
    /// </summary>
    /// <param name="inputs">Keeps what is unpacked until it is disposed of.</param>
    public static IReadOnlyList<string> OrGiven(IReadOnlyList<string> given, Inputs inputs)
    {
        if (given.Count > 0) return given;
        Terminal.Say($"no INPUT given; reading the sample {Folder}, a re-enactment and no archive data");
        if (Find() is { } folder) return [folder];
        using var packed = typeof(Sample).Assembly.GetManifestResourceStream("sample.zip")!;
        return [inputs.Unpack(packed)];
    }
}
