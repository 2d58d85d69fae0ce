using System.Globalization;

namespace Isthmus.Sources.Compression;

/// <summary>Damage of a compressed stream: what is wrong, and where.</summary>
/// <param name="What">In words, without the file's name: <c>cut off inside a gzip member</c>.</param>
/// <param name="CompressedOffset">Bytes from the start of the file as stored; for bzip2 the byte that holds the bit.</param>
/// <param name="DecompressedOffset">Bytes that came out before it.</param>
public sealed record StreamFault(string What, long CompressedOffset, long DecompressedOffset)
{
    /// <summary>False where all plain bytes came out in spite of it.</summary>
    public bool LosesBytes { get; init; } = true;

    /// <summary>Zero bytes from one place of the stored file to another, behind a part of that name: they may have been data.</summary>
    internal static StreamFault Zeros(string part, long from, long to, long produced) => new(string.Create(CultureInfo.InvariantCulture,
        $"{to - from} zero bytes behind a {part}: padding, or data that are lost"), from, produced);
}
