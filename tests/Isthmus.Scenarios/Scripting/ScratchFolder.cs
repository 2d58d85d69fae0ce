namespace Isthmus.Scenarios;

/// <summary>Folders for archives that live as long as a test.</summary>
public static class ScratchFolder
{
    private const string Memory = "/dev/shm";

    /// <summary>So much is to be free in memory: a container may have as little as 64 MB there.</summary>
    private const long FreeMin = 4L << 30;

    private const UnixFileMode OwnersAlone = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private static readonly Lazy<bool> _hasMemory =
        new(() => Directory.Exists(Memory) && new DriveInfo(Memory).AvailableFreeSpace >= FreeMin);

    /// <summary>
    /// A new folder, in memory where there is room. A disk's file system looks for each new file past all that were deleted within seconds
    /// (ext4), which are thousands here. It is for files that are read: what lies below /dev is no file to a program that writes.
    /// </summary>
    public static string Create(string prefix)
    {
        if (!OperatingSystem.IsLinux() || !_hasMemory.Value) return Directory.CreateTempSubdirectory(prefix).FullName;
        try
        {
            string name = prefix + Path.GetRandomFileName().Replace(".", "", StringComparison.Ordinal);
            return Directory.CreateDirectory(Path.Combine(Memory, name), OwnersAlone).FullName;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return Directory.CreateTempSubdirectory(prefix).FullName;
        }
    }
}
