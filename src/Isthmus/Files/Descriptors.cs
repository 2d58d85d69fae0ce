using System.Globalization;
using System.Runtime.InteropServices;

namespace Isthmus.Files;

/// <summary>
/// The open files that the program was started with, by their numbers (POSIX file descriptors). The number of one that is closed at the
/// start is soon that of a pipe or file which the runtime opens for itself: to read it may wait for ever, to write it breaks the runtime.
/// </summary>
public static class Descriptors
{
    /// <summary>The numbers of standard input, standard output and standard error.</summary>
    public const int Input = 0, Output = 1, Error = 2;

    // fcntl.h of Linux and macOS.
    private const int GetFlags = 1, CloseOnExec = 1, GetStatus = 3;

    // O_NONBLOCK.
    private static int NonBlocking => OperatingSystem.IsMacOS() ? 0x4 : 0x800;

    /// <summary>
    /// True where whoever started the program gave it a file of this number; always on Windows, which has no such numbers.
    /// </summary>
    public static bool IsGiven(int descriptor)
    {
        if (OperatingSystem.IsWindows()) return true;
        // What comes from before the program's start has not been closed by it.
        int flags = Fcntl(descriptor, GetFlags);
        return flags >= 0 && (flags & CloseOnExec) == 0;
    }

    /// <summary>False where reading or writing it fails when the other end is not ready, as whoever gave it has set it to do.</summary>
    public static bool Waits(int descriptor) =>
        OperatingSystem.IsWindows() || Fcntl(descriptor, GetStatus) is var status && (status < 0 || (status & NonBlocking) == 0);

    /// <summary>Refuses a path that stands for an open file which the program was not started with.</summary>
    /// <exception cref="IOException">It is such a path.</exception>
    public static void Require(string path)
    {
        if (NumberOf(path) is not { } descriptor || IsGiven(descriptor)) return;
        throw new IOException(descriptor switch
        {
            Input => "standard input is closed; give a file, or pipe something in",
            Output => "standard output is closed; give a file",
            Error => "standard error is closed; give a file",
            _ => string.Create(CultureInfo.InvariantCulture, $"{path} is not open; give a file, or a descriptor that is"),
        });
    }

    private static int? NumberOf(string path)
    {
        bool mayBeOne = path.Contains("/dev/", StringComparison.Ordinal) || path.Contains("/proc/", StringComparison.Ordinal);
        if (!mayBeOne || OperatingSystem.IsWindows()) return null;
        string full = Path.GetFullPath(path);
        string own = string.Create(CultureInfo.InvariantCulture, $"/proc/{Environment.ProcessId}/fd/");
        return full switch
        {
            "/dev/stdin" => Input,
            "/dev/stdout" => Output,
            "/dev/stderr" => Error,
            _ => NumberBehind(full, "/dev/fd/") ?? NumberBehind(full, "/proc/self/fd/") ?? NumberBehind(full, own),
        };
    }

    private static int? NumberBehind(string path, string folder) => path.StartsWith(folder, StringComparison.Ordinal)
        && int.TryParse(path.AsSpan(folder.Length), NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;

    [DllImport("libc", EntryPoint = "fcntl", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Fcntl(int descriptor, int command);
}
