namespace Isthmus.Tests.Support;

/// <summary>Expected outputs, one file each under <c>Golden/</c>, reviewed like code. UPDATE_GOLDEN=1 rewrites them.</summary>
public static class Golden
{
    /// <summary>Fails where <paramref name="actual"/> is not the text of the golden file.</summary>
    public static void Check(string name, string actual) =>
        CheckFile(Path.Combine(RealData.Repository, "tests", "Isthmus.Tests", "Golden", name), actual);

    /// <summary>The same for a file elsewhere in the repository, as a generated document.</summary>
    public static void CheckFile(string path, string actual)
    {
        if (Updating)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllText(path, actual);
        }
        Assert.True(File.Exists(path), $"no golden file {path}; run once with UPDATE_GOLDEN=1 and read it");
        Assert.Equal(File.ReadAllText(path), actual);
    }

    /// <summary>Asked to rewrite what is expected, and not in the check that everyone relies on.</summary>
    public static bool Updating =>
        Environment.GetEnvironmentVariable("UPDATE_GOLDEN") is "1" && Environment.GetEnvironmentVariable("CI") is null;
}
