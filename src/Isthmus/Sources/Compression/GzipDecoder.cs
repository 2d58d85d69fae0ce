using System.Buffers.Binary;
using System.IO.Compression;

using Isthmus.Wire.Mrt;

namespace Isthmus.Sources.Compression;

/// <summary>
/// Gzip (RFC 1952), member after member: by ISA-L where it is installed and by the base library otherwise, as long as all is sound. A
/// member that they do not read to its end is read once more by itself (<see cref="GzipMember"/>): all that its codes give comes out, what
/// is wrong is told, and the reading goes on at the next sound member, which may begin before the place where the damage shows. No
/// stored byte gives plain bytes twice.
/// </summary>
internal sealed class GzipDecoder : Decoder
{
    private const int StepBytes = 1 << 14;

    /// <summary>So many bytes of a header are looked at; no name of a file system is longer.</summary>
    private const int ShortHeaderBytes = 512;

    /// <summary>A member of no bytes: header, two bytes of codes, trailer. Fewer zeros behind a member can be no lost one.</summary>
    private const int EmptyMemberBytes = 20;

    /// <summary>The size that ends a member (RFC 1952 section 2.3.1).</summary>
    private const int SizeBytes = 4;

    /// <summary>Up to so many stored bytes a second look at where the members end costs nothing to speak of.</summary>
    private const int SecondLookBytes = 1 << 20;

    private const string Foreign = "the bytes behind a gzip member are no gzip", ForeignStart = "the first bytes are no gzip";
    private const string DamagedHead = "the first bytes of a gzip member are damaged; the member is read all the same";
    private const string CutOff = "cut off inside a gzip member";
    private const string DamagedCodes = "damaged inside a gzip member: its codes are wrong";
    private const string OtherSum = "the checksum of a gzip member is wrong; all that its codes give was read";
    private const string OtherSize = "the size of a gzip member is wrong, its checksum is right; all of it was read";
    private const string OtherTrailer = "checksum and size of a gzip member are wrong; what its codes give was read";
    private const string OtherHeaderSum = "the checksum of a gzip member's header is wrong; the member was read";
    private const string GivenUp = "too many places behind it look like a gzip member and are none: the rest was not searched";

    private readonly GzipMembers _members;
    private byte[]? _known;
    private readonly IsalInflater? _quick;
    private bool _isInMember, _ended;

    // Where the member that is being read begins, or all that the base library reads, and what had come out by then.
    private long _start, _startProduced;

    // The base library's, and null where it is not asked.
    private StoredInput? _input;
    private GZipStream? _base;

    // A member that is read by itself: what of it came out before, what is wrong with it, and where to go on; -1 for nowhere.
    private GzipMember? _member;
    private long _skip, _next;
    private Finding? _finding;

    private sealed record Finding(string What, long Offset, bool LosesBytes);

    // Most files are sound and ask for none.
    private byte[] Known => _known ??= new byte[StepBytes];

    /// <param name="quickly">False to leave what is sound to the base library.</param>
    public GzipDecoder(StoredBytes stored, bool quickly = true) : base(stored)
    {
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        _members = new(stored);
        if (quickly && stored.CanRewind && IsalInflater.IsHere) _quick = new();
    }

    /// <summary>True when the bytes begin a member (RFC 1952 section 2.3.1): magic and deflate.</summary>
    public static bool IsMember(ReadOnlySpan<byte> bytes) => bytes is [0x1f, 0x8b, 8, ..];

    /// <summary>
    /// True where bytes that are none begin a file of members: the first bytes of the first one are damaged, or sound ones stand behind it.
    /// </summary>
    public static bool IsDamagedFile(StoredBytes stored)
    {
        if (!stored.CanRewind || !GzipMembers.IsDamagedHeader(stored.Peek(GzipMember.HeaderBytes))) return false;
        var members = new GzipMembers(stored);
        bool isRecord = MrtReader.IsPlausible(stored.Peek(MrtRecord.HeaderBytes));
        bool holds = members.HeadFor(0) is not null || !isRecord && members.FindSound(1) >= 0;
        stored.Seek(0);
        return holds;
    }

    protected override int Decode(Span<byte> destination)
    {
        while (!_ended)
        {
            int count = _member is not null ? ReadMember(_member, destination)
                : _isInMember && _quick is not null ? ReadQuickly(_quick, destination)
                : _base is not null ? ReadSurely(_base, destination)
                : 0;
            if (count > 0) return count;
            if (!_ended && !_isInMember && _member is null && _base is null) Begin();
        }
        return 0;
    }

    // What stands here, and who reads it.
    private void Begin()
    {
        if (!TryBeginMember()) return;
        if (_quick is not null)
        {
            _isInMember = IsShortHeader(Stored.Peek(ShortHeaderBytes));
            if (_isInMember) _quick.StartMember();
            else ReadAgain();
        }
        else if (Stored.CanRewind)
        {
            _input = new(Stored, SizeBytes);
            _base = new(_input, CompressionMode.Decompress);
        }
        else _member = new(Stored);
    }

    // ISA-L takes bytes of a long header for data where they come in several pieces: it is given what it sees the end of.
    private static bool IsShortHeader(ReadOnlySpan<byte> start)
    {
        if (start.Length < GzipMember.HeaderBytes) return false;
        byte flags = start[GzipMember.FlagsAt];
        var rest = start[GzipMember.HeaderBytes..];
        int extra = rest is [var low, var high, ..] ? 2 + (low | high << 8) : -1;
        if ((flags & GzipMember.HasExtra) != 0 && !TryPass(ref rest, extra)) return false;
        if ((flags & GzipMember.HasName) != 0 && !TryPass(ref rest, rest.IndexOf((byte)0) + 1)) return false;
        if ((flags & GzipMember.HasComment) != 0 && !TryPass(ref rest, rest.IndexOf((byte)0) + 1)) return false;
        return (flags & GzipMember.Reserved) == 0;
    }

    private static bool TryPass(ref ReadOnlySpan<byte> rest, int bytes)
    {
        bool isThere = bytes > 0 && bytes <= rest.Length;
        if (isThere) rest = rest[bytes..];
        return isThere;
    }

    // False at the end, and where something else stands, of which is then told.
    private bool TryBeginMember()
    {
        (_start, _startProduced) = (Stored.Offset, Produced);
        var head = Stored.Peek(GzipMembers.Head.Length);
        if (head.IsEmpty) _ended = true;
        else if (IsMember(head)) return true;
        else if (head.Length < GzipMembers.Head.Length && GzipMembers.Head.AsSpan().StartsWith(head))
        {
            Stored.Skip(head.Length);
            Tell(new(CutOff, Stored.Offset, LosesBytes: true), next: -1);
        }
        else if (!IsPadding())
        {
            if (Stored.CanRewind && _members.HeadFor(_start) is { } right)
                ReadWith(right);
            else
            {
                long next = Stored.CanRewind ? _members.FindSound(_start) : -1;
                Tell(new(_start == 0 ? ForeignStart : Foreign, _start, LosesBytes: true), next);
            }
        }
        return false;
    }

    // Zeros up to the end of the file; other bytes are damage, or a member whose head is damaged. Room for a member is told.
    private bool IsPadding()
    {
        long start = Stored.Offset;
        while (Stored.Peek(StepBytes) is { IsEmpty: false } rest)
        {
            if (rest.ContainsAnyExcept((byte)0)) return false;
            Stored.Skip(rest.Length);
        }
        if (Stored.Offset - start >= EmptyMemberBytes) AddFault(StreamFault.Zeros("gzip member", start, Stored.Offset, Produced));
        return _ended = true;
    }

    private int ReadQuickly(IsalInflater quick, Span<byte> destination)
    {
        Stored.Peek(1);
        var outcome = quick.Inflate(Stored.Ready, destination, out int consumed, out int written);
        if (outcome is IsalInflater.Outcome.Odd || outcome is IsalInflater.Outcome.More && consumed == 0 && written == 0)
        {
            _isInMember = false;
            ReadAgain();
            return 0;
        }
        Stored.Skip(consumed);
        _isInMember = outcome is not IsalInflater.Outcome.MemberEnd;
        return written;
    }

    private int ReadSurely(GZipStream members, Span<byte> destination)
    {
        bool isSound = true;
        try
        {
            int count = members.Read(destination[..Math.Min(destination.Length, StepBytes)]);
            if (count > 0) return count;
        }
        catch (InvalidDataException)
        {
            isSound = false;
        }
        // It passes over what stands behind the last member, and takes more bytes than it needs. The size that ends a file of one member
        // says that nothing does.
        uint size = _input!.Kept is { Length: SizeBytes } last ? BinaryPrimitives.ReadUInt32LittleEndian(last) : 0;
        bool isOneMember = Stored.Peek(1).IsEmpty && size == (uint)((Produced - _startProduced) & uint.MaxValue)
            && Stored.Offset - _start > SecondLookBytes;
        CloseBase();
        if (isSound && (!Stored.CanRewind || isOneMember)) _ended = true;
        else CatchUp();
        return 0;
    }

    // From where the base library began, past all that it has given.
    private void CatchUp()
    {
        long given = Produced - _startProduced;
        Stored.Seek(_start);
        while (TryBeginMember())
        {
            var member = ReadToEnd(head: null);
            if (member.IsSound && member.Produced <= given) given -= member.Produced;
            else
            {
                _skip = given;
                Judge(member);
                return;
            }
        }
    }

    private void CloseBase()
    {
        _base?.Dispose();
        (_base, _input) = (null, null);
    }

    private GzipMember ReadToEnd(byte[]? head)
    {
        Stored.Seek(_start);
        var member = new GzipMember(Stored, head: head);
        while (member.Read(Known) > 0) { }
        return member;
    }

    // A member that the libraries do not read to its end.
    private void ReadAgain()
    {
        _skip = Produced - _startProduced;
        Judge(ReadToEnd(head: null));
    }

    // A member that is sound with other first bytes.
    private void ReadWith(byte[] head)
    {
        AddFault(new StreamFault(DamagedHead, _start, Produced) { LosesBytes = false });
        ReadToEnd(head);
        Read(head, long.MaxValue, finding: null, Stored.Offset, _skip);
    }

    // What is wrong with a member that was read to its end, which is then read once more.
    private void Judge(GzipMember member)
    {
        long end = Stored.Offset;
        bool isEnd = member.State is InflateState.Ended;
        bool isBorder = isEnd && (member.IsSound || IsBorder());
        // Where one half of the trailer is right the codes are; bytes of the other may be missing.
        isEnd = isEnd && (isBorder || !member.HasOtherSum || !member.HasOtherSize);
        long behind = end;
        if (isEnd && !isBorder && _members.FindSound(end - GzipMember.TrailerBytes) is >= 0 and var sound) behind = sound;
        if (isEnd)
        {
            string? what = (member.HasOtherSum, member.HasOtherSize, member.HasOtherHeaderSum) switch
            {
                (true, true, _) => OtherTrailer,
                (true, _, _) => OtherSum,
                (_, true, _) => OtherSize,
                (_, _, true) => OtherHeaderSum,
                _ => null,
            };
            Read(head: null, long.MaxValue, what is null ? null
                : new(what, end - GzipMember.TrailerBytes, member is { HasOtherSum: true, HasOtherSize: true }), behind, _skip);
            return;
        }
        if (_skip == 0 && _members.HeadFor(_start) is { } right)
        {
            ReadWith(right);
            return;
        }
        bool isCut = member.State is InflateState.Cut;
        long next = _members.FindSound(Math.Max(_start + 1, member.ProvenTo));
        bool isOver = next >= 0 && next < end;
        // What the damaged codes made of the members behind it is none of theirs.
        if (isOver) _members.Spend(end - next + member.Produced);
        Finding finding = new(isCut && next < 0 ? CutOff : DamagedCodes, isOver ? next : end, LosesBytes: true);
        Read(head: null, isOver ? next : long.MaxValue, finding, next, _skip);
    }

    // Behind a member, by what stands there.
    private bool IsBorder()
    {
        var next = Stored.Peek(GzipMember.HeaderBytes);
        return next.IsEmpty || IsMember(next) || GzipMembers.IsDamagedHeader(next) || !next.ContainsAnyExcept((byte)0);
    }

    private void Read(byte[]? head, long limit, Finding? finding, long next, long skip)
    {
        Stored.Seek(_start);
        (_member, _finding, _next, _skip) = (new(Stored, limit, head), finding, next, skip);
    }

    private int ReadMember(GzipMember member, Span<byte> destination)
    {
        while (_skip > 0)
        {
            int passed = member.Read(Known.AsSpan(0, (int)Math.Min(StepBytes, _skip)));
            // More came of damaged codes before it was known where the next member begins.
            if (passed == 0) _skip = 0;
            _skip -= passed;
        }
        int count = member.Read(destination);
        if (count > 0) return count;
        _member = null;
        if (!Stored.CanRewind) JudgeAtEnd(member);
        else if (_finding is { } finding) Tell(finding, _next);
        else GoOn(_next);
        return 0;
    }

    // What cannot be read again has been read as far as it goes.
    private void JudgeAtEnd(GzipMember member)
    {
        long end = Stored.Offset;
        if (member.State is not InflateState.Ended)
            Tell(new(member.State is InflateState.Cut ? CutOff : DamagedCodes, end, LosesBytes: true), next: -1);
        else if (member.HasOtherSum || member.HasOtherSize)
        {
            bool isBoth = member is { HasOtherSum: true, HasOtherSize: true };
            string what = isBoth ? OtherTrailer : member.HasOtherSum ? OtherSum : OtherSize;
            AddFault(new StreamFault(what, end - GzipMember.TrailerBytes, Produced) { LosesBytes = isBoth });
        }
    }

    private void Tell(Finding finding, long next)
    {
        string what = next < 0 && _members.HasGivenUp ? $"{finding.What}; {GivenUp}" : finding.What;
        AddFault(new StreamFault(what, finding.Offset, Produced) { LosesBytes = finding.LosesBytes });
        GoOn(next);
    }

    private void GoOn(long next)
    {
        _skip = 0;
        _ended = next < 0;
        if (!_ended) Stored.Seek(next);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _quick?.Dispose();
            CloseBase();
        }
        base.Dispose(disposing);
    }
}
