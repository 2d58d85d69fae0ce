namespace Isthmus.Archives;

/// <summary>How far fetching has come, for whoever shows it; written by the fetching threads, read by any.</summary>
public sealed class FetchProgress
{
    private readonly Action<string>? _note;
    private long _bytes, _doneBytes;
    private int _files;

    /// <param name="note">Told of what is worth to be said and ends nothing, in a line; may be called by several threads, one at a time.</param>
    public FetchProgress(Action<string>? note = null) => _note = note;

    /// <summary>Files to get.</summary>
    public int FilesTotal { get; internal set; }

    /// <summary>Bytes of these, by what the archive lists; files of unknown size are none.</summary>
    public long BytesTotal { get; internal set; }

    /// <summary>Files that are there.</summary>
    public int FilesDone => Volatile.Read(ref _files);

    /// <summary>Bytes that came over the network.</summary>
    public long BytesFetched => Interlocked.Read(ref _bytes);

    /// <summary>Bytes, by what the archive lists, that are done with.</summary>
    public long BytesDone => Interlocked.Read(ref _doneBytes);

    internal void AddBytes(int count) => Interlocked.Add(ref _bytes, count);

    /// <summary>Of a file that is under way so many bytes, of what the archive lists, are done with.</summary>
    internal void AddDone(long bytes) => Interlocked.Add(ref _doneBytes, bytes);

    internal void AddFile() => Interlocked.Increment(ref _files);

    internal void Note(string text)
    {
        if (_note is null) return;
        lock (_note) _note(text);
    }
}
