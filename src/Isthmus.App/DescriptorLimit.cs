using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Isthmus.App;

/// <summary>
/// How many files the system lets the program have open at once (POSIX getrlimit, RLIMIT_NOFILE). With too few the runtime cannot load
/// what the program is made of, and could not even say so: this names nothing that would have to be loaded.
/// </summary>
internal static class DescriptorLimit
{
    /// <summary>Files that a program of many assemblies has to have open, and a native one, which has only its inputs.</summary>
    private const ulong FilesMin = 128, NativeFilesMin = 32;

    private const int OfLinux = 7, OfMac = 8;

    /// <summary>Says on standard error that too few may be open, where that is so.</summary>
    public static bool SaysTooFew()
    {
        if (OperatingSystem.IsWindows()) return false;
        ulong[] limits = new ulong[2];
        ulong needed = RuntimeFeature.IsDynamicCodeSupported ? FilesMin : NativeFilesMin;
        // The runtime has raised the limit as far as it may be raised.
        if (Get(OperatingSystem.IsMacOS() ? OfMac : OfLinux, limits) != 0 || limits[0] >= needed) return false;
        byte[] text = needed == FilesMin
            ? [.. "isthmus: the system allows too few open files: the program needs 128; allow more with ulimit -n 1024\n"u8]
            : [.. "isthmus: the system allows too few open files: the program needs 32; allow more with ulimit -n 1024\n"u8];
        _ = Write(2, text, text.Length);
        return true;
    }

    [DllImport("libc", EntryPoint = "getrlimit")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Get(int resource, ulong[] limits);

    [DllImport("libc", EntryPoint = "write")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint Write(int descriptor, byte[] bytes, nint count);
}
