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
        if (count == 0 && stored.Failure is { } failure && _faults.Count == 0) AddFault("the file cannot be read further: " + failure);
        return count;
    }

    protected abstract int Decode(Span<byte> destination);

    protected void AddFault(string what) => AddFault(what, stored.Offset);

    protected void AddFault(string what, long compressedOffset) => AddFault(new StreamFault(what, compressedOffset, Produced));

    protected void AddFault(StreamFault fault) => _faults.Add(fault);

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
