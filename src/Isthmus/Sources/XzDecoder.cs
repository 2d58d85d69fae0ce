using SharpCompress.Compressors.Xz;

namespace Isthmus.Sources;

/// <summary>The .xz format, stream after stream with padding between. Blocks are held against their checks.</summary>
internal sealed class XzDecoder(StoredBytes stored) : Decoder(stored)
{
    /// <summary>What the library has decoded of a step in which it finds damage is lost.</summary>
    private const int StepBytes = 1 << 14;

    /// <summary>A byte takes less than so many stored ones, so that a step within what is at hand meets no cut.</summary>
    private const int StoredBytesPerByte = 8;

    /// <summary>Zero bytes between and behind streams come in fours (section 2.2 of the format).</summary>
    private const int PaddingBytes = 4;

    private readonly StoredInput _input = new(stored);
    private XZStream? _stream;
    private bool _ended;

    /// <summary>True when the bytes begin a stream (section 2.1.1.1 of the format).</summary>
    public static bool IsStream(ReadOnlySpan<byte> bytes) => bytes is [0xfd, (byte)'7', (byte)'z', (byte)'X', (byte)'Z', 0, ..];

    protected override int Decode(Span<byte> destination)
    {
        while (!_ended)
        {
            int count = TryStep(destination);
            if (count > 0) return count;
            _stream?.Dispose();
            _stream = null;
            if (_ended) break;
            SkipPadding();
            if (Stored.Peek(6) is not [_, ..] next) break;
            if (IsStream(next)) continue;
            AddFault("bytes behind an xz stream that begin no other");
            break;
        }
        _ended = true;
        return 0;
    }

    // Damaged bytes make the library throw whatever fits: it knows more kinds of exceptions than of damage.
    private int TryStep(Span<byte> destination)
    {
        try
        {
            _stream ??= new(_input);
            Stored.Peek(StepBytes * StoredBytesPerByte);
            int step = Math.Clamp(Stored.Ready.Length / StoredBytesPerByte, 1, StepBytes);
            return _stream.Read(destination[..Math.Min(destination.Length, step)]);
        }
        catch (Exception damage)
        {
            AddFault(_input.WasEmpty ? "cut off inside an xz stream" : "damaged inside an xz stream: " + damage.Message);
            _ended = true;
            return 0;
        }
    }

    private void SkipPadding()
    {
        while (Stored.Peek(PaddingBytes) is [0, 0, 0, 0]) Stored.Skip(PaddingBytes);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _stream?.Dispose();
        base.Dispose(disposing);
    }
}
