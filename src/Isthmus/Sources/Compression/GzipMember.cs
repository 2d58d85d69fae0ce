using System.Buffers.Binary;

using Crc32 = System.IO.Hashing.Crc32;

namespace Isthmus.Sources.Compression;

/// <summary>One member of a gzip file (RFC 1952 section 2.3): its header, what its codes give, and its trailer.</summary>
internal sealed class GzipMember
{
    /// <summary>Bytes of a header without its optional parts.</summary>
    public const int HeaderBytes = 10;

    /// <summary>Checksum and size.</summary>
    public const int TrailerBytes = 8;

    /// <summary>Where the flags stand (RFC 1952 section 2.3.1).</summary>
    public const int FlagsAt = 3;

    /// <summary>The flags of what a header has, and those that are to be zero.</summary>
    public const byte HasHeaderSum = 2, HasExtra = 4, HasName = 8, HasComment = 16, Reserved = 0xe0;

    private readonly StoredBytes _stored;
    private readonly long _limit;
    private readonly Crc32 _headerSum = new(), _sum = new();
    private readonly Inflater? _codes;

    /// <param name="stored">It stands at the first byte of the member.</param>
    /// <param name="limit">Offset of the first stored byte that is not to be taken.</param>
    /// <param name="head">In place of the member's first bytes where these are damaged.</param>
    public GzipMember(StoredBytes stored, long limit = long.MaxValue, byte[]? head = null)
    {
        (_stored, _limit) = (stored, limit);
        State = BeginCodes(head ?? []);
        if (State is InflateState.More) _codes = new(stored, limit);
    }

    /// <summary>How it stands after the last call.</summary>
    public InflateState State { get; private set; }

    public long Produced => _codes?.Produced ?? 0;

    /// <inheritdoc cref="Inflater.ProvenTo"/>
    public long ProvenTo => _codes?.ProvenTo ?? 0;

    /// <summary>True where the codes have come to their end and the trailer says otherwise: of the checksum, of the size.</summary>
    public bool HasOtherSum { get; private set; }

    /// <inheritdoc cref="HasOtherSum"/>
    public bool HasOtherSize { get; private set; }

    /// <summary>True where the header's own checksum is wrong.</summary>
    public bool HasOtherHeaderSum { get; private set; }

    /// <summary>True where header, codes and trailer are sound.</summary>
    public bool IsSound => State is InflateState.Ended && !HasOtherSum && !HasOtherSize && !HasOtherHeaderSum;

    /// <summary>Gives at least one byte, or none where the member has ended, for whatever reason.</summary>
    public int Read(Span<byte> destination)
    {
        if (_codes is null || State is not InflateState.More) return 0;
        int count = _codes.Read(destination);
        _sum.Append(destination[..count]);
        if (count > 0 || _codes.State is InflateState.More) return count;
        State = _codes.State;
        if (State is InflateState.Ended) EndCodes();
        return 0;
    }

    private InflateState BeginCodes(byte[] head)
    {
        Span<byte> header = stackalloc byte[HeaderBytes];
        for (int i = 0; i < HeaderBytes; i++)
        {
            bool isLikeOne = header[..i].StartsWith(GzipMembers.Head.AsSpan(0, Math.Min(i, GzipMembers.Head.Length)));
            if (!TryTake(out header[i])) return isLikeOne ? InflateState.Cut : InflateState.Damaged;
            if (i < head.Length) header[i] = head[i];
        }
        byte flags = header[FlagsAt];
        if (!header.StartsWith(GzipMembers.Head) || (flags & Reserved) != 0) return InflateState.Damaged;
        bool isWhole = true;
        if ((flags & HasExtra) != 0)
        {
            isWhole = TryTake(out byte low) & TryTake(out byte high);
            for (int left = low | high << 8; isWhole && left > 0; left--) isWhole = TryTake(out _);
        }
        if ((flags & HasName) != 0) isWhole = isWhole && TryPassText();
        if ((flags & HasComment) != 0) isWhole = isWhole && TryPassText();
        uint sum = _headerSum.GetCurrentHashAsUInt32() & 0xffff;
        if (isWhole && (flags & HasHeaderSum) != 0)
        {
            isWhole = TryTake(out byte low) & TryTake(out byte high);
            HasOtherHeaderSum = sum != (uint)(low | high << 8);
        }
        return isWhole ? InflateState.More : InflateState.Cut;
    }

    private bool TryPassText()
    {
        while (TryTake(out byte letter))
            if (letter == 0) return true;
        return false;
    }

    private bool TryTake(out byte value)
    {
        value = 0;
        if (_stored.Offset >= _limit || _stored.Peek(1) is not [var taken]) return false;
        value = taken;
        _stored.Skip(1);
        _headerSum.Append([value]);
        return true;
    }

    private void EndCodes()
    {
        var trailer = _stored.Peek(TrailerBytes);
        if (trailer.Length < TrailerBytes || _limit - _stored.Offset < TrailerBytes)
        {
            _stored.Skip((int)Math.Min(trailer.Length, _limit - _stored.Offset));
            State = InflateState.Cut;
            return;
        }
        HasOtherSum = BinaryPrimitives.ReadUInt32LittleEndian(trailer) != _sum.GetCurrentHashAsUInt32();
        HasOtherSize = BinaryPrimitives.ReadUInt32LittleEndian(trailer[4..]) != (uint)(Produced & uint.MaxValue);
        _stored.Skip(TrailerBytes);
    }
}
