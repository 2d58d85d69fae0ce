using ZstdSharp;

namespace Isthmus.Sources;

/// <summary>Zstandard (RFC 8878), frame after frame.</summary>
internal sealed class ZstdDecoder : Decoder
{
    private readonly DecompressionStream _frames;
    private bool _ended;

    public ZstdDecoder(StoredBytes stored) : base(stored) => _frames = new(new StoredInput(stored), leaveOpen: false);

    /// <summary>True when the bytes begin a frame, or one to be skipped (RFC 8878 sections 3.1.1 and 3.1.2).</summary>
    public static bool IsFrame(ReadOnlySpan<byte> bytes) =>
        bytes is [0x28, 0xb5, 0x2f, 0xfd, ..] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..];

    protected override int Decode(Span<byte> destination)
    {
        if (_ended) return 0;
        try
        {
            int count = _frames.Read(destination);
            _ended = count == 0;
            return count;
        }
        catch (EndOfStreamException)
        {
            AddFault("cut off inside a zstd frame");
        }
        catch (ZstdException damage)
        {
            AddFault("damaged inside a zstd frame: " + damage.Message);
        }
        _ended = true;
        return 0;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _frames.Dispose();
        base.Dispose(disposing);
    }
}
