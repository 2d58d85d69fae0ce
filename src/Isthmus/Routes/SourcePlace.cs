using System.Runtime.InteropServices;

namespace Isthmus.Routes;

/// <summary>
/// An input whose bytes prove what is said: a file of an archive. Within a run it is one object; <see cref="Sha256"/> names it in every
/// run.
/// </summary>
/// <param name="name">As given or found, without the folder that was named on the command line.</param>
/// <param name="collector">Whose records it holds.</param>
public sealed class Source(string name, Collector collector)
{
    /// <summary>As given or found, without the folder that was named on the command line.</summary>
    public string Name { get; } = name;

    /// <summary>Whose records it holds.</summary>
    public Collector Collector { get; } = collector;

    /// <summary>SHA-256 of the bytes as stored (compressed), lower-case hex; empty until the last of them is read.</summary>
    public string Sha256 { get; private set; } = "";

    /// <summary>The last byte is read.</summary>
    /// <param name="sha256">Of all bytes, lower-case hex.</param>
    public void End(string sha256) => Sha256 = sha256;

    /// <summary>Its name.</summary>
    public override string ToString() => Name;
}

/// <summary>Where the bytes are that prove a step; <c>default</c> where it follows from what is not there, as from silence.</summary>
[StructLayout(LayoutKind.Auto)]
public readonly record struct SourcePlace
{
    // Numbers of records fit 32 bits, and places are kept by the million.
    private readonly uint _record;

    /// <summary>A place in a source.</summary>
    /// <param name="source">What holds the record.</param>
    /// <param name="place">Where it stands there.</param>
    public SourcePlace(Source source, RecordPlace place) : this(source, place.Number, place.Offset, place.Length)
    {
    }

    /// <inheritdoc cref="SourcePlace(Source, RecordPlace)"/>
    public SourcePlace(Source source, long record, long offset, int length)
    {
        (Source, Offset, Length) = (source, offset, length);
        _record = (uint)Math.Min(record, uint.MaxValue);
    }

    /// <summary>What holds the bytes; null for none.</summary>
    public Source? Source { get; }

    /// <summary>1-based number of the MRT record in its source; of more than 2^32 - 1 that.</summary>
    public long Record => _record;

    /// <summary>Bytes from the start of the decompressed source to the record's header.</summary>
    public long Offset { get; }

    /// <summary>Bytes of the record with its header.</summary>
    public int Length { get; }

    /// <summary>True for no place.</summary>
    public bool IsNone => Source is null;

    /// <summary>File, record and byte as people read them: <c>rrc00/updates.gz, record 7, byte 1024</c>; empty for none.</summary>
    public override string ToString() => IsNone ? "" : FormattableString.Invariant($"{Source}, record {Record}, byte {Offset}");
}
