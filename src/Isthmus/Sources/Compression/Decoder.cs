namespace Isthmus.Sources.Compression;

/// <summary>Turns stored bytes into plain ones; damage ends up in <see cref="Faults"/>, never in an exception.</summary>
internal abstract class Decoder(StoredBytes stored) : IDisposable
{
    private readonly List<StreamFault> _faults = [];

    public IReadOnlyList<StreamFault> Faults => _faults;

    /// <summary>How many these are: asked for every record.</summary>
    public int FaultCount => _faults.Count;

    /// <summary>Plain bytes given so far.</summary>
    public long Produced { get; private set; }

    protected StoredBytes Stored => stored;

    /// <summary>Gives at least one byte, or none at the end.</summary>
    public int Read(Span<byte> destination)
    {
        if (destination.IsEmpty) return 0;
        int count = Decode(destination);
        Produced += count;
        if (count == 0 && stored.Failure is { } failure && !IsTold(failure)) AddFault(failure);
        return count;
    }

    protected abstract int Decode(Span<byte> destination);

    protected void AddFault(string what) => AddFault(what, stored.Offset);

    protected void AddFault(string what, long compressedOffset) => AddFault(new StreamFault(what, compressedOffset, Produced));

    // Where the reading was ended, and not the file, it is no fault of the file that it stops inside something.
    protected void AddFault(StreamFault fault)
    {
        bool isOfEnd = fault.What.StartsWith(CutOff, StringComparison.Ordinal) && stored.Failure is { } failure && !IsTold(failure);
        _faults.Add(isOfEnd ? fault with { What = $"{stored.Failure}; what came of the file is {fault.What}" } : fault);
    }

    private bool IsTold(string failure) => _faults.Exists(fault => fault.What.StartsWith(failure, StringComparison.Ordinal));

    /// <summary>So begins what is said of a stream that ends before it should.</summary>
    private const string CutOff = "cut off ";

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (disposing) stored.Dispose();
    }
}

/// <summary>Bytes that are not compressed.</summary>
internal sealed class PlainDecoder(StoredBytes stored) : Decoder(stored)
{
    protected override int Decode(Span<byte> destination) => Stored.Read(destination);
}
