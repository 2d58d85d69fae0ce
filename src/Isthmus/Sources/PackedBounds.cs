using System.Globalization;

namespace Isthmus.Sources;

/// <summary>
/// What is taken of one archive, with the archives inside it: one that holds itself, or many that hold many, would have no end.
/// </summary>
internal sealed class PackedBounds
{
    /// <summary>Files that are taken of one archive.</summary>
    public const int FilesMax = 200_000;

    /// <summary>Bytes that are copied out of one archive, as they are stored in it.</summary>
    public const long BytesMax = 32L << 30;

    /// <summary>Archives inside one another.</summary>
    public const int DepthMax = 8;

    /// <summary>Characters of all names in one archive: three hundred for each of so many files.</summary>
    private const int NameCharactersMax = 60_000_000;

    private int _files, _depth;
    private long _claimed, _kept, _characters;

    /// <summary>Bytes that may still be kept.</summary>
    public long BytesLeft => BytesMax - _kept;

    /// <summary>Goes into an archive; what is said where that is too deep.</summary>
    public string? Enter() => ++_depth <= DepthMax ? null : string.Create(CultureInfo.InvariantCulture,
        $"is an archive inside more than {DepthMax - 1} others, the most that are opened; unpack it");

    /// <summary>Comes out of the archive.</summary>
    public void Leave() => _depth--;

    /// <summary>Counts a file of so many bytes and characters of names; what is said where that is too much.</summary>
    public string? Exceeded(long bytes, int characters)
    {
        _claimed = unchecked(_claimed + bytes);
        _characters += characters;
        return ++_files > FilesMax ? Said($"holds more than {FilesMax} files, the most that are taken of one archive; unpack it")
            : _claimed > BytesMax || _claimed < 0
                ? Said($"holds more than {BytesMax} bytes, the most that are unpacked of one archive; unpack it yourself")
            : _characters > NameCharactersMax
                ? Said($"holds names of more than {NameCharactersMax} characters, the most that are taken of one archive; unpack it")
            : null;
    }

    /// <summary>Counts bytes that were kept.</summary>
    public void Keep(long bytes) => _kept += bytes;

    private static string Said(FormattableString text) => FormattableString.Invariant(text);
}
