namespace Isthmus.Sources;

/// <summary>How far a long reading has come, for whoever shows it; written by the reading threads, read by any.</summary>
public sealed class ReadProgress
{
    private long _bytes, _records;
    private int _files;

    /// <summary>Files to read, over all passes begun.</summary>
    public int FilesTotal { get; set; }

    /// <summary>Stored (compressed) bytes to read, over all passes begun.</summary>
    public long BytesTotal { get; set; }

    public int FilesDone => Volatile.Read(ref _files);

    public long BytesDone => Interlocked.Read(ref _bytes);

    public long Records => Interlocked.Read(ref _records);

    internal void AddBytes(long bytes) => Interlocked.Add(ref _bytes, bytes);

    internal void AddRecords(long records) => Interlocked.Add(ref _records, records);

    internal void AddFile() => Interlocked.Increment(ref _files);
}
