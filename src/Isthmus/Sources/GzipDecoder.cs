using System.IO.Compression;

namespace Isthmus.Sources;

/// <summary>
/// Gzip (RFC 1952), member after member. The base library ends silently where the data are cut off, unless it is
/// told to validate strictly; then a cut, a wrong checksum and a wrong size are all told apart from an end.
/// </summary>
internal sealed class GzipDecoder : Decoder
{
    /// <summary>Read in steps, as the output of a step in which the inflater finds damage is lost.</summary>
    private const int StepBytes = 1 << 14;

    private readonly GZipStream _members;
    private readonly StoredInput _input;
    private bool _ended;

    public GzipDecoder(StoredBytes stored) : base(stored)
    {
        AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);
        _input = new(stored);
        _members = new(_input, CompressionMode.Decompress);
    }

    /// <summary>True when the bytes begin a member (RFC 1952 section 2.3.1): magic and deflate.</summary>
    public static bool IsMember(ReadOnlySpan<byte> bytes) => bytes is [0x1f, 0x8b, 8, ..];

    protected override int Decode(Span<byte> destination)
    {
        if (_ended) return 0;
        try
        {
            int count = _members.Read(destination[..Math.Min(destination.Length, StepBytes)]);
            _ended = count == 0;
            return count;
        }
        catch (InvalidDataException)
        {
            AddFault(_input.WasEmpty
                ? "cut off inside a gzip member" : "damaged inside a gzip member: its codes, checksum or size are wrong");
            _ended = true;
            return 0;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _members.Dispose();
        base.Dispose(disposing);
    }
}
