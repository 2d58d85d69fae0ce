using ZstdSharp;

namespace Isthmus.Sources.Compression;

/// <summary>
/// Zstandard (RFC 8878), frame after frame. Where damage is met it is read once more, each frame by itself, so that all that is sound
/// before it and behind it comes out.
/// </summary>
internal sealed class ZstdDecoder : Decoder
{
    private readonly DecompressionStream _frames;
    private SoundParts? _sound;
    private bool _ended;

    public ZstdDecoder(StoredBytes stored) : base(stored)
    {
        _frames = new(new StoredInput(stored), leaveOpen: false);
        if (IsFrame(stored.Peek(4)) || !ZstdFrames.IsDamagedFile(stored)) return;
        AddFault(new StreamFault("the first bytes of a zstd frame are damaged; the frame is read all the same", 0, 0) { LosesBytes = false });
        _sound = new(new ZstdFrames(stored, hasDamagedHead: true), stored, given: 0, told: -1, untold: null);
    }

    /// <summary>True when the bytes begin a frame, or one to be skipped (RFC 8878 sections 3.1.1 and 3.1.2).</summary>
    public static bool IsFrame(ReadOnlySpan<byte> bytes) =>
        bytes is [0x28, 0xb5, 0x2f, 0xfd, ..] or [>= 0x50 and <= 0x5f, 0x2a, 0x4d, 0x18, ..];

    protected override int Decode(Span<byte> destination)
    {
        while (!_ended)
        {
            int count = _sound is null ? TryRead(destination) : ReadSound(_sound, destination);
            if (count > 0) return count;
        }
        return 0;
    }

    // Damaged bytes make the library throw more than it says.
    private int TryRead(Span<byte> destination)
    {
        try
        {
            int count = _frames.Read(destination);
            _ended = count == 0;
            return count;
        }
        catch (Exception damage)
        {
            string what = damage is EndOfStreamException ? "cut off inside a zstd frame" : "damaged inside a zstd frame: " + ZstdFrames.Reason(damage);
            if (Stored.CanRewind)
            {
                _sound = new(new ZstdFrames(Stored), Stored, Produced, told: -1, what);
                return 0;
            }
            AddFault(what);
            _ended = true;
            return 0;
        }
    }

    private int ReadSound(SoundParts frames, Span<byte> destination)
    {
        int count = frames.Read(destination);
        if (frames.Damage is { } damage) AddFault(new StreamFault(damage, Stored.Offset, Produced) { LosesBytes = frames.LosesBytes });
        else _ended = count == 0;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _frames.Dispose();
            _sound?.Dispose();
        }
        base.Dispose(disposing);
    }
}
