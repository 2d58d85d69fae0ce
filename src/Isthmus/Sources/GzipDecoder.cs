using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;

using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>
/// Gzip (RFC 1952), member after member: by ISA-L where it is installed and by the base library otherwise. The base library has
/// the last word: what is not quite in order it reads again from the start, so that bytes and faults are the same with both.
/// It ends silently where the data are cut off, unless it is told to validate strictly; then a cut, a wrong checksum and a
/// wrong size are all told apart from an end. Behind damage it goes on at the next member that is sound.
/// </summary>
internal sealed class GzipDecoder : Decoder
{
    /// <summary>The base library loses the output of the step in which it finds damage.</summary>
    private const int StepBytes = 1 << 14;

    /// <summary>Magic, method and flags (RFC 1952 section 2.3).</summary>
    private const int FlagsBytes = 4;

    private const byte ReservedFlags = 0xe0;

    /// <summary>Bytes of a member's head that the base library takes before it says that they are none.</summary>
    private const int HeadBytesMax = 4;

    /// <summary>The size that ends a member (RFC 1952 section 2.3.1).</summary>
    private const int SizeBytes = 4;

    /// <summary>Up to so many stored bytes a second look at where the members end costs nothing to speak of.</summary>
    private const int SecondLookBytes = 1 << 20;

    private const string Foreign = "the bytes behind a gzip member are no gzip", ForeignStart = "the first bytes are no gzip";
    private const string DamagedHead = "the first bytes of a gzip member are damaged; the member is read all the same";

    private readonly GzipMembers _sound;
    private IsalInflater? _quick;
    private bool _isInMember;

    // Not made before they are needed: what is sound may never need them.
    private StoredInput? _input;
    private GZipStream? _members;
    private bool _isExact, _ended, _hasMember, _hasBegun;

    // In place of a member's first bytes where these are damaged.
    private byte[]? _head;

    // Where the reading began last, behind damage, and what had come out by then.
    private long _first, _firstProduced;

    /// <param name="quickly">False to leave all of it to the base library.</param>
    public GzipDecoder(StoredBytes stored, bool quickly = true) : base(stored)
    {
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        _sound = new(stored);
        if (quickly && stored.CanRewind && IsalInflater.IsHere) _quick = new();
    }

    /// <summary>True when the bytes begin a member (RFC 1952 section 2.3.1): magic and deflate.</summary>
    public static bool IsMember(ReadOnlySpan<byte> bytes) => bytes is [0x1f, 0x8b, 8, ..];

    // By its magic, within which a file may be cut; whatever is wrong behind it is damage inside a member.
    private static bool BeginsLikeMember(ReadOnlySpan<byte> bytes) => bytes is [0x1f] or [0x1f, 0x8b, ..];

    /// <summary>
    /// True where bytes that are none begin a file of members: the first bytes of the first one are damaged, or sound ones stand behind it.
    /// </summary>
    public static bool IsDamagedFile(StoredBytes stored)
    {
        if (!stored.CanRewind || !GzipMembers.IsDamagedHeader(stored.Peek(GzipMembers.HeaderBytes))) return false;
        var members = new GzipMembers(stored);
        bool isRecord = MrtReader.IsPlausible(stored.Peek(MrtRecord.HeaderBytes));
        bool holds = members.IsDamagedHeadAlone(0) || !isRecord && members.FindSound(1) >= 0;
        stored.Seek(0);
        return holds;
    }

    protected override int Decode(Span<byte> destination)
    {
        if (!_hasBegun && GzipMembers.IsDamagedHeader(Stored.Peek(GzipMembers.HeaderBytes))) EndBehindMember();
        _hasBegun = true;
        while (!_ended)
        {
            int count = _quick is not null ? DecodeQuickly(_quick, destination) : DecodeSurely(destination);
            if (count > 0) return count;
        }
        return 0;
    }

    // Gives none at the end, and where the base library has to go on.
    private int DecodeQuickly(IsalInflater quick, Span<byte> destination)
    {
        while (true)
        {
            if (!_isInMember)
            {
                var head = Stored.Peek(FlagsBytes);
                _ended = head.IsEmpty && Stored.Failure is null;
                if (_ended) return 0;
                if (_hasMember && !BeginsLikeMember(head))
                {
                    EndBehindMember();
                    return 0;
                }
                if (!IsMember(head) || head.Length < FlagsBytes || (head[^1] & ReservedFlags) != 0) break;
                quick.StartMember();
                _isInMember = true;
            }
            Stored.Peek(1);
            var outcome = quick.Inflate(Stored.Ready, destination, out int consumed, out int written);
            if (outcome is IsalInflater.Outcome.Odd) break;
            Stored.Skip(consumed);
            _isInMember = outcome is not IsalInflater.Outcome.MemberEnd;
            _hasMember |= !_isInMember;
            if (written > 0) return written;
            // Cut off.
            if (consumed == 0 && _isInMember) break;
        }
        quick.Dispose();
        _quick = null;
        StartAgain();
        return 0;
    }

    // Gives none at the end, and where the step with the damage is to be read again.
    private int DecodeSurely(Span<byte> destination)
    {
        if (_members is null || _input is null) Begin();
        try
        {
            int count = _members.Read(destination[..Math.Min(destination.Length, _isExact ? 1 : StepBytes)]);
            _ended = count == 0;
            if (_ended) FindForeign();
            return count;
        }
        catch (InvalidDataException)
        {
            if (_input.WasEmpty || _isExact || !Stored.CanRewind)
            {
                Stop();
            }
            else
            {
                // Byte by byte, all that the codes give before the damage comes out.
                _isExact = true;
                StartAgain();
            }
            return 0;
        }
    }

    // Zeros up to the end of the file are padding; other bytes are damage, or a member whose head is damaged.
    private void EndBehindMember()
    {
        _ended = true;
        long offset = Stored.Offset;
        while (Stored.Peek(StepBytes) is { IsEmpty: false } rest)
        {
            if (rest.ContainsAnyExcept((byte)0))
            {
                if (!GoOnInDamagedHead(offset)) StopOrGoOn(offset == 0 ? ForeignStart : Foreign, offset, offset);
                return;
            }
            Stored.Skip(rest.Length);
        }
    }

    private bool GoOnInDamagedHead(long offset)
    {
        if (!Stored.CanRewind || !_sound.IsDamagedHeadAlone(offset)) return false;
        AddFault(new StreamFault(DamagedHead, offset, Produced) { LosesBytes = false });
        _quick?.Dispose();
        _quick = null;
        (_first, _firstProduced, _head) = (offset, Produced, GzipMembers.Head);
        _ended = _isExact = false;
        Stored.Seek(offset);
        Begin();
        return true;
    }

    // Tells damage, and goes on at the next sound member where there is one.
    private void StopOrGoOn(string what, long offset, long from)
    {
        AddFault(what, offset);
        _ended = true;
        if (!Stored.CanRewind || _sound.FindSound(from) is not (>= 0 and var next)) return;
        (_first, _firstProduced, _head) = (next, Produced, null);
        _ended = _isExact = false;
        Stored.Seek(next);
        Begin();
    }

    [MemberNotNull(nameof(_input), nameof(_members))]
    private void Begin()
    {
        _members?.Dispose();
        _input = new(Stored, SizeBytes, head: _head);
        _members = new(_input, CompressionMode.Decompress);
    }

    // The base library passes over what stands behind the last member, and takes more bytes than it needs. The size that ends a file of
    // one member says that nothing does; else all is read once more, no byte further than the codes reach.
    private void FindForeign()
    {
        uint size = _input!.Kept is { Length: SizeBytes } last ? BinaryPrimitives.ReadUInt32LittleEndian(last) : 0;
        bool isOneMember = Stored.Peek(1).IsEmpty && size == (uint)((Produced - _firstProduced) & uint.MaxValue)
            && Stored.Offset - _first > SecondLookBytes;
        if (Stored.Failure is not null || !Stored.CanRewind || isOneMember) return;
        bool isWhole = TakeExactly(out var input);
        if (isWhole && input.WasEmpty) return;
        // It began like a member, by its first byte, or by two: then method and flags were looked at together.
        Stored.Seek(Stored.Offset - (isWhole ? 1 : IsOtherMethod(input) ? HeadBytesMax : 2));
        EndBehindMember();
    }

    // Takes from where the reading began all that the base library takes, and no byte more; false where something is wrong.
    private bool TakeExactly(out StoredInput input)
    {
        Stored.Seek(_first);
        input = new(Stored, HeadBytesMax, oneByOne: true, head: _head);
        try
        {
            using GZipStream members = new(input, CompressionMode.Decompress, leaveOpen: true);
            byte[] known = new byte[StepBytes];
            while (members.Read(known) > 0) { }
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private static bool IsOtherMethod(StoredInput input) => input.Kept is [0x1f, 0x8b, not 8, _];

    // By the base library, from where it began to where the reading stands.
    private void StartAgain()
    {
        Stored.Seek(_first);
        Begin();
        byte[] known = new byte[StepBytes];
        try
        {
            for (long left = Produced - _firstProduced; left > 0;)
            {
                int count = _members.Read(known, 0, (int)Math.Min(known.Length, left));
                _ended = count == 0;
                if (_ended) return;
                left -= count;
            }
        }
        catch (InvalidDataException)
        {
            Stop();
        }
    }

    // Codes that are wrong may be taken for a while before it shows.
    private void Stop()
    {
        long at = Stored.Offset;
        bool isCut = _input!.WasEmpty;
        if (!isCut && Stored.CanRewind)
        {
            // A member that says another method is one whose head is damaged.
            if (!TakeExactly(out var input) && IsOtherMethod(input) && GoOnInDamagedHead(Stored.Offset - HeadBytesMax)) return;
            Stored.Seek(at);
        }
        StopOrGoOn(isCut ? "cut off inside a gzip member" : "damaged inside a gzip member: its codes, checksum or size are wrong",
            at, Math.Max(_first + 1, at - GzipMembers.OverrunBytes));
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _quick?.Dispose();
            _members?.Dispose();
        }
        base.Dispose(disposing);
    }
}
