using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Isthmus.Sources;

/// <summary>What stands behind a name in a file system.</summary>
public enum FileNature
{
    File,
    Folder,
    /// <summary>A named or unnamed pipe: it is read once, front to back.</summary>
    Pipe,
    Socket,
    /// <summary>A character or block device.</summary>
    Device,
}

/// <summary>
/// The file behind a name, links followed: two names with one identity are one file (POSIX <c>st_dev</c> and <c>st_ino</c>).
/// Elsewhere than on Linux and macOS the full path stands for it.
/// </summary>
public readonly record struct FileIdentity(FileNature Nature, string Key)
{
    // struct statx of linux/stat.h is the same on all architectures.
    private const int StatxBytes = 256, StatxMode = 28, StatxInode = 32, StatxDevice = 136;

    // struct stat of macOS with 64-bit inodes.
    private const int StatBytes = 256, StatMode = 4, StatInode = 8;

    private const int FromWorkingFolder = -100;
    private const uint BasicFields = 0x7ff;

    /// <summary>The file, pipe or device that standard input comes from; null where the system does not tell.</summary>
    /// <param name="isWhole">False where some of a file has been read before, so that what comes is not all of it.</param>
    public static FileIdentity? OfStandardInput(out bool isWhole)
    {
        isWhole = true;
        if (Of("/dev/stdin") is not { } identity) return null;
        if (identity.Nature is not FileNature.File || !OperatingSystem.IsLinux()) return identity;
        try
        {
            isWhole = File.ReadLines("/proc/self/fdinfo/0").FirstOrDefault() is "pos:\t0";
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // A system that tells less: mostly nobody has read of it.
        }
        return identity;
    }

    /// <summary>The file behind a path; null where there is none, or where it cannot be looked at.</summary>
    public static FileIdentity? Of(string path)
    {
        try
        {
            // As the base library opens it, which takes .. for the folder before it, whether that is there, or a link, or not.
            string full = path.Length == 0 || path.Contains('\0', StringComparison.Ordinal) ? path : Path.GetFullPath(path);
            if (OperatingSystem.IsLinux()) return OfLinux(full);
            if (OperatingSystem.IsMacOS()) return OfMac(full);
        }
        catch (Exception missing) when (missing is EntryPointNotFoundException or DllNotFoundException)
        {
            // A C library without the call: names tell.
        }
        return Directory.Exists(path) ? new(FileNature.Folder, Path.GetFullPath(path))
            : File.Exists(path) ? new(FileNature.File, Path.GetFullPath(path)) : null;
    }

    private static FileIdentity? OfLinux(string path)
    {
        byte[] state = new byte[StatxBytes];
        if (Statx(FromWorkingFolder, Terminated(path), 0, BasicFields, state) != 0) return null;
        return new(NatureOf(MemoryMarshal.Read<ushort>(state.AsSpan(StatxMode))),
            string.Create(CultureInfo.InvariantCulture, $"{MemoryMarshal.Read<ulong>(state.AsSpan(StatxDevice)):x}:{MemoryMarshal.Read<ulong>(state.AsSpan(StatxInode)):x}"));
    }

    private static FileIdentity? OfMac(string path)
    {
        byte[] state = new byte[StatBytes];
        if (Stat(Terminated(path), state) != 0) return null;
        return new(NatureOf(BinaryPrimitives.ReadUInt16LittleEndian(state.AsSpan(StatMode))),
            string.Create(CultureInfo.InvariantCulture, $"{MemoryMarshal.Read<int>(state):x}:{MemoryMarshal.Read<ulong>(state.AsSpan(StatInode)):x}"));
    }

    private static FileNature NatureOf(ushort mode) => (mode & 0xF000) switch
    {
        0x4000 => FileNature.Folder,
        0x1000 => FileNature.Pipe,
        0xC000 => FileNature.Socket,
        0x2000 or 0x6000 => FileNature.Device,
        _ => FileNature.File,
    };

    private static byte[] Terminated(string path) => Encoding.UTF8.GetBytes(path + '\0');

    [DllImport("libc", EntryPoint = "statx", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Statx(int folder, byte[] path, int flags, uint mask, byte[] state);

    [DllImport("libc", EntryPoint = "stat$INODE64", SetLastError = false)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int Stat(byte[] path, byte[] state);
}
