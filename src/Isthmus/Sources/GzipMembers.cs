using System.IO.Compression;

namespace Isthmus.Sources;

/// <summary>Finds members of a gzip file behind damage (RFC 1952 section 2.3).</summary>
internal sealed class GzipMembers(StoredBytes stored)
{
    /// <summary>Stored bytes that damaged codes may take in before it shows, those that were read ahead among them.</summary>
    public const int OverrunBytes = 1 << 18;

    /// <summary>Plain bytes that come out without damage prove that a member is one; a shorter one has its checksum.</summary>
    private const int ProofBytes = 1 << 17;

    /// <summary>So many places of one file are tried: a file that is made to have more has no others.</summary>
    private const int TriesMax = 10_000;

    /// <summary>Bytes of a header without its optional parts.</summary>
    public const int HeaderBytes = 10;

    private int _tries;

    /// <summary>Where the next member that is sound, or long enough to tell, begins from an offset on; -1 for none.</summary>
    public long FindSound(long from)
    {
        for (long at = from; _tries < TriesMax; at++)
        {
            at = stored.Find(at, HeaderBytes, IsHeader);
            if (at < 0 || IsSound(at)) return at;
        }
        return -1;
    }

    /// <summary>The first bytes of a member: magic and deflate.</summary>
    public static readonly byte[] Head = [0x1f, 0x8b, 8];

    /// <summary>True where some of a member's first three bytes are others, and what follows them is as in a header.</summary>
    public static bool IsDamagedHeader(ReadOnlySpan<byte> bytes) => bytes.Length >= HeaderBytes && !bytes.StartsWith(Head)
        && (bytes[0] == Head[0] || bytes[1] == Head[1] || bytes[2] == Head[2]) && IsHeader([.. Head, .. bytes[Head.Length..HeaderBytes]]);

    /// <summary>True where a member begins whose first bytes are damaged: with the right ones it is sound.</summary>
    public bool IsDamagedHeadAlone(long at)
    {
        stored.Seek(at);
        return IsDamagedHeader(stored.Peek(HeaderBytes)) && IsSound(at, Head);
    }

    // Deflate, no flag that is reserved, XFL of those that are in use, and an operating system that has a number or none.
    private static bool IsHeader(ReadOnlySpan<byte> bytes) =>
        bytes is [0x1f, 0x8b, 8, < 0x20, _, _, _, _, 0 or 2 or 4, <= 13 or 255, ..];

    private bool IsSound(long at, byte[]? head = null)
    {
        _tries++;
        stored.Seek(at);
        var input = new StoredInput(stored, head: head);
        byte[] plain = new byte[1 << 14];
        long bytes = 0;
        try
        {
            using var member = new GZipStream(input, CompressionMode.Decompress, leaveOpen: true);
            while (bytes < ProofBytes && member.Read(plain) is var count and > 0) bytes += count;
            return true;
        }
        catch (InvalidDataException)
        {
            // The last one may be cut off: what came of it until then is sound.
            return head is null && input.WasEmpty && bytes > 0;
        }
    }
}
