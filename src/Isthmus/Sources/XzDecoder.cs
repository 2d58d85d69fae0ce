using System.Buffers.Binary;
using System.Globalization;

using SharpCompress.Compressors.Xz;

using Crc32 = System.IO.Hashing.Crc32;

namespace Isthmus.Sources;

/// <summary>
/// The .xz format, stream after stream with padding between. Blocks are held against their checks by the library, the index of
/// each stream against its checksum and what came out of it here. Where damage is met the step is read again byte by byte, so that
/// all that is sound before it comes out.
/// </summary>
internal sealed class XzDecoder : Decoder
{
    /// <summary>What the library has decoded of a step in which it finds damage is lost.</summary>
    private const int StepBytes = 1 << 14;

    /// <summary>A byte takes less than so many stored ones, so that a step within what is at hand meets no cut.</summary>
    private const int StoredBytesPerByte = 8;

    /// <summary>Zero bytes between and behind streams come in fours (section 2.2 of the format).</summary>
    private const int PaddingBytes = 4;

    /// <summary>CRC32, backward size, flags and magic (section 2.1.2 of the format).</summary>
    private const int FooterBytes = 12;

    /// <summary>An index of some 10,000 blocks; a larger one is not held against its stream.</summary>
    private const int IndexBytesMax = 1 << 16;

    private StoredInput _input;
    private XZStream? _stream;
    private long _streamBytes;
    private bool _isExact, _ended;

    public XzDecoder(StoredBytes stored) : base(stored) => _input = new(stored, IndexBytesMax + FooterBytes);

    /// <summary>True when the bytes begin a stream (section 2.1.1.1 of the format).</summary>
    public static bool IsStream(ReadOnlySpan<byte> bytes) => bytes is [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..];

    protected override int Decode(Span<byte> destination)
    {
        while (!_ended)
        {
            int count = TryStep(destination, _isExact ? 1 : StepBytes);
            if (count > 0) return count;
        }
        return 0;
    }

    // Gives none at the end, between streams, and where the step with the damage is to be read again. Damaged bytes make the
    // library throw whatever fits: it knows more kinds of exceptions than of damage.
    private int TryStep(Span<byte> destination, int bytesMax)
    {
        try
        {
            _stream ??= new(_input);
            Stored.Peek(StepBytes * StoredBytesPerByte);
            int step = Math.Clamp(Stored.Ready.Length / StoredBytesPerByte, 1, bytesMax);
            int count = _stream.Read(destination[..Math.Min(destination.Length, step)]);
            _streamBytes += count;
            if (count == 0) EndStream();
            return count;
        }
        catch (Exception damage)
        {
            if (_input.WasEmpty || _isExact || !Stored.CanRewind)
            {
                AddFault(_input.WasEmpty ? "cut off inside an xz stream" : "damaged inside an xz stream: " + damage.Message);
                _ended = true;
            }
            else
            {
                StartAgain();
            }
            return 0;
        }
    }

    // From the first byte to where the reading stands, and on from there byte by byte.
    private void StartAgain()
    {
        Stored.Rewind();
        CloseStream();
        _input = new(Stored, IndexBytesMax + FooterBytes);
        _isExact = true;
        byte[] known = new byte[StepBytes];
        for (long left = Produced; left > 0 && !_ended;) left -= TryStep(known.AsSpan(0, (int)Math.Min(known.Length, left)), StepBytes);
    }

    private void EndStream()
    {
        // What was told before it was read again is not told twice.
        bool isNew = Faults is not [.., var told] || told.CompressedOffset < Stored.Offset;
        if (isNew && IndexFault(_input.Kept) is { } wrong) AddFault(wrong);
        CloseStream();
        while (Stored.Peek(PaddingBytes) is [0, 0, 0, 0]) Stored.Skip(PaddingBytes);
        var next = Stored.Peek(6);
        _ended = !IsStream(next);
        if (_ended && !next.IsEmpty) AddFault("bytes behind an xz stream that begin no other");
    }

    private void CloseStream()
    {
        _stream?.Dispose();
        _stream = null;
        _streamBytes = 0;
    }

    // Index (section 4 of the format): a zero, the number of blocks, two sizes of each, zeros up to a multiple of four, CRC32.
    private string? IndexFault(ReadOnlySpan<byte> kept)
    {
        var footer = kept[^FooterBytes..];
        long bytes = (BinaryPrimitives.ReadUInt32LittleEndian(footer[4..]) + 1L) * 4;
        if (bytes > kept.Length - FooterBytes) return null;
        var index = kept[..^FooterBytes][^(int)bytes..];
        if (Crc32.HashToUInt32(index[..^4]) != BinaryPrimitives.ReadUInt32LittleEndian(index[^4..]))
            return "damaged index of an xz stream: its checksum is wrong; all blocks were read";
        var rest = index[1..^4];
        ulong size = 0;
        for (ulong left = Number(ref rest); left > 0 && !rest.IsEmpty; left--)
        {
            Number(ref rest);
            size = unchecked(size + Number(ref rest));
        }
        return size == (ulong)_streamBytes ? null : string.Create(CultureInfo.InvariantCulture,
            $"the index of an xz stream counts {size} bytes in its blocks, {_streamBytes} came out of them");
    }

    // Seven bits a byte, the lowest first (section 1.2 of the format); what is no number counts as its bytes say.
    private static ulong Number(ref ReadOnlySpan<byte> rest)
    {
        ulong number = 0;
        for (int shift = 0; !rest.IsEmpty && shift < 63; shift += 7)
        {
            byte value = rest[0];
            rest = rest[1..];
            number |= (ulong)(value & 0x7F) << shift;
            if (value < 0x80) break;
        }
        return number;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _stream?.Dispose();
        base.Dispose(disposing);
    }
}
