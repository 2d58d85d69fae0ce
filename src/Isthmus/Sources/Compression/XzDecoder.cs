using System.Buffers.Binary;
using System.Globalization;

using SharpCompress.Compressors.Xz;

using Crc32 = System.IO.Hashing.Crc32;

namespace Isthmus.Sources.Compression;

/// <summary>
/// The .xz format, stream after stream with padding between. Blocks are held against their checks by the library, the index of
/// each stream against its checksum and what came out of it here. Where damage is met it is read once more, block by block, so that
/// all that is sound before it and behind it comes out.
/// </summary>
internal sealed class XzDecoder : Decoder
{
    /// <summary>What the library has decoded of a step in which it finds damage is lost.</summary>
    private const int StepBytes = 1 << 14;

    /// <summary>A byte takes less than so many stored ones, so that a step within what is at hand meets no cut.</summary>
    private const int StoredBytesPerByte = 8;

    /// <summary>Zero bytes between and behind streams come in fours (section 2.2 of the format).</summary>
    private const int PaddingBytes = 4;

    /// <summary>A stream of no blocks: header, index and footer. Zeros that are fewer can be no lost one.</summary>
    private const int EmptyStreamBytes = 32;

    /// <summary>CRC32, backward size, flags and magic (section 2.1.2 of the format).</summary>
    private const int FooterBytes = 12;

    /// <summary>Magic, flags and CRC32 (section 2.1.1 of the format).</summary>
    private const int StreamHeaderBytes = 12;

    /// <summary>An index of some 10,000 blocks; a larger one is not held against its stream.</summary>
    private const int IndexBytesMax = 1 << 16;

    private StoredInput _input;
    private XZStream? _stream;
    private SoundParts? _blocks;
    private long _streamBytes;
    private bool _ended;

    public XzDecoder(StoredBytes stored) : base(stored)
    {
        _input = new(stored, IndexBytesMax + FooterBytes);
        if (IsStream(stored.Peek(6)) || !stored.CanRewind) return;
        bool isHead = XzBlocks.IsDamagedFile(stored.Peek(StreamHeaderBytes));
        string what = isHead ? "the first bytes of an xz stream are damaged; its blocks are read all the same"
            : "the first bytes begin no xz stream; the blocks behind them are read";
        AddFault(new StreamFault(what, 0, 0) { LosesBytes = !isHead });
        GoOnByBlocks(untold: null);
    }

    /// <summary>True when the bytes begin a stream (section 2.1.1.1 of the format).</summary>
    public static bool IsStream(ReadOnlySpan<byte> bytes) => bytes is [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..];

    protected override int Decode(Span<byte> destination)
    {
        while (!_ended)
        {
            int count = _blocks is null ? TryStep(destination) : ReadBlocks(_blocks, destination);
            if (count > 0) return count;
        }
        return 0;
    }

    // Gives none at the end, between streams, and where it goes on block by block. Damaged bytes make the library throw whatever
    // fits: it knows more kinds of exceptions than of damage.
    private int TryStep(Span<byte> destination)
    {
        try
        {
            if (_stream is null && XzBlocks.FilterOf(Stored.Peek(XzBlocks.StartBytes)) is { } filter) return Leave(
                $"an xz stream packed with the filter {filter}, which is not read here: unpack it with xz -d and give what comes of it");
            _stream ??= new(_input);
            Stored.Peek(StepBytes * StoredBytesPerByte);
            int step = Math.Clamp(Stored.Ready.Length / StoredBytesPerByte, 1, StepBytes);
            int count = _stream.Read(destination[..Math.Min(destination.Length, step)]);
            _streamBytes += count;
            if (count == 0) EndStream();
            return count;
        }
        catch (Exception damage)
        {
            return Leave(_input.WasEmpty ? "cut off inside an xz stream" : "damaged inside an xz stream: " + XzBlocks.Reason(damage));
        }
    }

    // What comes behind is read by its blocks, where the bytes can be read once more.
    private int Leave(string what)
    {
        if (Stored.CanRewind) GoOnByBlocks(what);
        else
        {
            AddFault(what);
            _ended = true;
        }
        return 0;
    }

    private void GoOnByBlocks(string? untold) =>
        _blocks = new(new XzBlocks(Stored), Stored, Produced, Faults is [.., var told] ? told.CompressedOffset : -1, untold);

    private int ReadBlocks(SoundParts blocks, Span<byte> destination)
    {
        int count = blocks.Read(destination);
        if (blocks.Damage is { } damage) AddFault(new StreamFault(damage, Stored.Offset, Produced) { LosesBytes = blocks.LosesBytes });
        else _ended = count == 0;
        return count;
    }

    private void EndStream()
    {
        if (IndexFault(_input.Kept) is { } wrong) AddFault(wrong);
        CloseStream();
        long end = Stored.Offset;
        while (Stored.Peek(PaddingBytes) is [0, 0, 0, 0]) Stored.Skip(PaddingBytes);
        if (Stored.Offset - end >= EmptyStreamBytes) AddFault(StreamFault.Zeros("stream of xz", end, Stored.Offset, Produced));
        var next = Stored.Peek(6);
        if (IsStream(next)) return;
        _ended = next.IsEmpty || !Stored.CanRewind;
        if (!next.IsEmpty) AddFault("bytes behind an xz stream that begin no other");
        if (!_ended) GoOnByBlocks(untold: null);
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
    internal static ulong Number(ref ReadOnlySpan<byte> rest)
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
        if (disposing)
        {
            _stream?.Dispose();
            _blocks?.Dispose();
        }
        base.Dispose(disposing);
    }
}
