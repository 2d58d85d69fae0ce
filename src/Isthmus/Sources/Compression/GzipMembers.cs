namespace Isthmus.Sources.Compression;

/// <summary>Finds members of a gzip file behind damage (RFC 1952 section 2.3), and what is right of a damaged header.</summary>
internal sealed class GzipMembers(StoredBytes stored)
{
    /// <summary>Plain bytes that come out without damage prove that a member is one; a shorter one has its checksum and its size.</summary>
    private const int ProofBytes = 1 << 17;

    /// <summary>
    /// Bytes, stored and plain, that are spent on places that look like a member and are none, and as many times the bytes that were
    /// passed: a file that is made to have more is not searched further.
    /// </summary>
    public const long SearchBytesMax = 64L << 20, SearchBytesPerByteMax = 4;

    private const int PlainBytes = 1 << 14;

    // Made when it is first asked for: most files are sound.
    private byte[]? _plain;
    private long _spent;

    /// <summary>The first bytes of a member: magic and deflate.</summary>
    public static readonly byte[] Head = [0x1f, 0x8b, 8];

    /// <summary>True where the search was given up for its cost.</summary>
    public bool HasGivenUp { get; private set; }

    /// <summary>Where the next member that is sound, or long enough to tell, begins from an offset on; -1 for none.</summary>
    public long FindSound(long from)
    {
        for (long at = from; ; at++)
        {
            at = stored.Find(at, GzipMember.HeaderBytes, IsHeader);
            if (at < 0 || IsSound(at)) return at;
            HasGivenUp |= _spent > SearchBytesMax + at * SearchBytesPerByteMax;
            if (HasGivenUp) return -1;
        }
    }

    /// <summary>Bytes were decoded that another part of the file has to be decoded from again.</summary>
    public void Spend(long bytes) => _spent += bytes;

    /// <summary>True where some of a member's first three bytes are others, and what follows them is as in a header.</summary>
    public static bool IsDamagedHeader(ReadOnlySpan<byte> bytes) => bytes.Length >= GzipMember.HeaderBytes && !bytes.StartsWith(Head)
        && (bytes[0] == Head[0] || bytes[1] == Head[1] || bytes[2] == Head[2])
        && IsHeader([.. Head, .. bytes[Head.Length..GzipMember.HeaderBytes]]);

    /// <summary>
    /// The first bytes with which the member that begins there is sound, where it is not with its own: magic and method, or one bit of
    /// the flags, are others. Null where there are none.
    /// </summary>
    public byte[]? HeadFor(long at)
    {
        stored.Seek(at);
        var own = stored.Peek(GzipMember.HeaderBytes);
        if (own.Length < GzipMember.HeaderBytes) return null;
        if (!own.StartsWith(Head)) return IsDamagedHeader(own) && IsSound(at, Head) ? Head : null;
        byte flags = own[3];
        for (int bit = 0; bit < 8; bit++)
        {
            byte[] head = [.. Head, (byte)(flags ^ 1 << bit)];
            if (IsSound(at, head)) return head;
        }
        return null;
    }

    // Deflate, no flag that is reserved, XFL of those that are in use, and an operating system that has a number or none.
    private static bool IsHeader(ReadOnlySpan<byte> bytes) =>
        bytes is [0x1f, 0x8b, 8, < 0x20, _, _, _, _, 0 or 2 or 4, <= 13 or 255, ..];

    private bool IsSound(long at, byte[]? head = null)
    {
        stored.Seek(at);
        var member = new GzipMember(stored, head: head);
        byte[] plain = _plain ??= new byte[PlainBytes];
        while (member.Produced < ProofBytes && member.Read(plain) > 0) { }
        // The last one may be cut off: what came of it until then is sound. Others have a trailer, of which one half may be damaged.
        bool isSound = member.State switch
        {
            InflateState.More => true,
            InflateState.Ended => head is not null ? member.IsSound : !member.HasOtherSum || !member.HasOtherSize,
            InflateState.Cut => head is null && member.Produced > 0,
            _ => false,
        };
        if (!isSound) _spent += member.Produced + stored.Offset - at;
        return isSound;
    }
}
