using Isthmus.Routes;
using Isthmus.Sources;

namespace Isthmus.Tests.Export;

/// <summary>Bytes as an input file of a collector, gone at the end of the test.</summary>
internal sealed class TemporaryFile : IDisposable
{
    private readonly string _path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());

    public TemporaryFile(string name, byte[] bytes)
    {
        File.WriteAllBytes(_path, bytes);
        Input = Of(_path, name);
    }

    public InputFile Input { get; }

    public static InputFile Of(string path, string name) =>
        new(path, name, new("rrc00", Project.Ris), FileKind.Unknown, null, new FileInfo(path).Length);

    public void Dispose() => File.Delete(_path);
}
