namespace Isthmus.Sources.Compression;

/// <summary>
/// Where blocks of a compressed stream are missing between plain bytes: what stands before such a place and what stands behind it are
/// no neighbours, so that no record and no line reaches across.
/// </summary>
internal sealed class StreamGaps(Stream plain)
{
    private readonly DecompressedStream? _packed = plain as DecompressedStream;
    private int _passed;

    /// <summary>What ends where the stream does: the file, or what came of it.</summary>
    public string Whole => _packed is { IsCutShort: true } ? "what came of the file" : "the file";

    /// <summary>True while no damage of the stream is known that was not passed: there is nothing to take.</summary>
    public bool IsNone => _packed is null || _passed >= _packed.FaultCount;

    /// <summary>
    /// The first such place from an offset on and before an end, which then counts as passed; -1 where there is none. Both are
    /// bytes of the plain stream that were read already.
    /// </summary>
    public long Take(long offset, long end)
    {
        while (_packed is not null && _passed < _packed.FaultCount && _packed.Faults[_passed].DecompressedOffset < end)
        {
            var fault = _packed.Faults[_passed++];
            if (fault.LosesBytes && fault.DecompressedOffset >= offset) return fault.DecompressedOffset;
        }
        return -1;
    }
}
