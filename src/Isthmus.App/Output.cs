using System.Text;

using Microsoft.Win32.SafeHandles;

namespace Isthmus.App;

/// <summary>Where data go: standard output, or a file that appears only when it is whole.</summary>
internal sealed class Output : IDisposable
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Errno EPIPE; on Windows ERROR_BROKEN_PIPE and ERROR_NO_DATA as results.</summary>
    private static readonly int[] BrokenPipe = [32, unchecked((int)0x8007006D), unchecked((int)0x800700E8)];

    private readonly string? _file;
    private readonly string? _part;

    private Output(string? file)
    {
        _file = file;
        _part = file is null || IsDevice(file) ? null : file + ".part";
        Stream = file is null
            ? StandardOutput() : new FileStream(_part ?? file, FileMode.Create, FileAccess.Write, FileShare.Read, BufferBytes);
        Text = new StreamWriter(Stream, new UTF8Encoding(false), BufferBytes, leaveOpen: true) { NewLine = "\n" };
    }

    public Stream Stream { get; }

    public TextWriter Text { get; }

    /// <summary>Opens a file, or standard output for null and <c>-</c>.</summary>
    public static Output Open(string? file) => new(file is "-" ? null : file);

    public static bool IsBrokenPipe(IOException failure) => BrokenPipe.Contains(failure.HResult);

    /// <summary>All is written: brings it out, and gives a file its name.</summary>
    public void Complete()
    {
        Text.Flush();
        Stream.Dispose();
        if (_part is not null) File.Move(_part, _file!, overwrite: true);
    }

    public void Dispose()
    {
        if (_file is null) return;
        Stream.Dispose();
        if (_part is not null) File.Delete(_part);
    }

    // A device or a pipe is written to, not replaced; and a link goes on leading to where it led.
    private static bool IsDevice(string file) =>
        !OperatingSystem.IsWindows() && Path.GetFullPath(file).StartsWith("/dev/", StringComparison.Ordinal)
        || new FileInfo(file).LinkTarget is not null;

    // The console's own stream swallows a broken pipe and lets us write on into nothing. A plain handle says so; but it
    // keeps a position of its own, which in a file that standard error shares would overwrite what was said there.
    private static Stream StandardOutput()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        var handle = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return handle.CanSeek ? Console.OpenStandardOutput() : handle;
    }
}
