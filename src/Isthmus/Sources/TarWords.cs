namespace Isthmus.Sources;

/// <summary>
/// What entries of tar hold that are no files: words about other entries, or nothing. Whoever packs an archive may give any bytes such
/// a type, and no tool unpacks them.
/// </summary>
internal static class TarWords
{
    /// <summary>
    /// True where bytes are what an entry of a type holds (POSIX.1-2017 pax; GNU tar manual, "Dumpdir" and "Basic Tar Format"; star(5)).
    /// </summary>
    /// <param name="start">The first of its bytes: all of them where words are no longer.</param>
    /// <param name="size">How many bytes it has.</param>
    public static bool Fit(char type, ReadOnlySpan<byte> start, long size) => type switch
    {
        // The name of a volume stands in the header; an entry of data about a file alone has no bytes of the file.
        'V' or 'I' => false,
        'D' => IsFolderList(start),
        'x' or 'X' or 'g' => start.IndexOf((byte)' ') is > 0 and < LengthDigits and var blank
            && !start[..blank].ContainsAnyExceptInRange((byte)'0', (byte)'9'),
        'L' or 'K' => size <= start.Length && !start.TrimEnd((byte)0).Contains((byte)0),
        _ => !start.ContainsAnyInRange((byte)1, (byte)8) && !start.ContainsAnyInRange((byte)14, (byte)31),
    };

    /// <summary>Digits of the length that begins a record of a pax header, and the blank behind them.</summary>
    private const int LengthDigits = 20;

    // Of each name in a folder: a letter, the name, a zero; a zero more at the end.
    private static bool IsFolderList(ReadOnlySpan<byte> list)
    {
        for (int end; list.Length > 0 && list[0] != 0; list = list[(end + 1)..])
        {
            if (!"YNDRTX"u8.Contains(list[0])) return false;
            end = list.IndexOf((byte)0);
            if (end < 0) return true;
        }
        return list.TrimEnd((byte)0).IsEmpty;
    }
}
