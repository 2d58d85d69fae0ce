using System.Buffers.Binary;
using System.Globalization;

using Isthmus.Routes;
using Isthmus.Sources.Compression;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>Bytes of a decompressed file, from the first to the one before <paramref name="To"/>.</summary>
public readonly record struct ByteRange(long From, long To)
{
    public long Length => To - From;
}

/// <summary>One fault of a file: where it is, what is wrong, what was done.</summary>
/// <param name="Record">1-based number of the record; 0 for a fault of the file as a whole.</param>
/// <param name="Offset">Bytes from the start of the decompressed file.</param>
/// <param name="Fault">What is wrong, what was needed and there, and the treatment.</param>
/// <param name="What">In words where the fault's own do not say enough; null for those.</param>
public sealed record FaultEntry(long Record, long Offset, Fault Fault, string? What = null)
{
    /// <summary>When the record was written; null where no record could be read.</summary>
    public Timestamp? Time { get; init; }

    /// <summary>Bytes that were not decoded because of it; 0 where all were.</summary>
    public long BytesSkipped { get; init; }

    /// <summary>The bytes in which no record could be found; null where framing went on.</summary>
    public ByteRange? Lost { get; init; }

    /// <summary>Bytes from the start of the file as stored, for a compressed stream that is damaged; null elsewhere.</summary>
    public long? StoredOffset { get; init; }

    /// <summary>True when bytes were lost that could have held whole records.</summary>
    public bool LosesFraming { get; init; }

    /// <summary>
    /// True where an attribute was left out that says nothing of the route's way (RFC 7606 sections 7.6 and 7.7, RFC 7607 section 2):
    /// no byte is lost, and the route stands.
    /// </summary>
    public bool LosesNothing => Fault.Treatment is Treatment.DiscardAttribute
        && Fault.Attribute is (byte)AttributeCode.AtomicAggregate or (byte)AttributeCode.Aggregator or (byte)AttributeCode.As4Aggregator;

    /// <summary>True for a line of text: the number is the line's.</summary>
    public bool IsLine { get; init; }

    /// <summary>The fault of a record that was framed.</summary>
    internal static FaultEntry OfRecord(in MrtRecord record, Fault fault) => new(record.Number, record.Offset + fault.Offset, fault)
    {
        Time = record.Time,
        BytesSkipped = fault.Treatment switch
        {
            Treatment.SkipRecord => Math.Max(0, record.Bytes.Length - fault.Offset),
            Treatment.SkipEntry => EntryBytesSkipped(record, fault),
            _ => 0,
        },
    };

    // All entries from the first on whose peer is not in the table: each says its length (RFC 6396 section 4.3.4).
    private static long EntryBytesSkipped(in MrtRecord record, Fault fault)
    {
        int head = record.HasPathIdsInEntries ? 12 : 8;
        long skipped = 0;
        for (var rest = record.Bytes[fault.Offset..]; rest.Length >= head;)
        {
            int bytes = Math.Min(rest.Length, head + BinaryPrimitives.ReadUInt16BigEndian(rest[(head - 2)..]));
            if (BinaryPrimitives.ReadUInt16BigEndian(rest) >= fault.Needed) skipped += bytes;
            rest = rest[bytes..];
        }
        return skipped;
    }

    /// <summary>
    /// What the record of a line cannot hold is wrong with the line; where in the record is of no use to anybody.
    /// </summary>
    internal static FaultEntry OfLine(RecordPlace line, Timestamp time, Fault fault) => new(line.Number, line.Offset, fault)
    {
        Time = time,
        IsLine = true,
        BytesSkipped = fault.Treatment is Treatment.SkipRecord ? line.Length : 0,
    };

    /// <summary>In words, without the file's name and the place.</summary>
    public string Text => What ?? Fault.ToString();

    /// <summary>One line: <c>rrc00/updates.20240301.0005.gz: record 1204, byte 88123: AS_PATH needs 12 bytes, 4 left; …</c></summary>
    public string ToLine(string file) => Record == 0
        ? string.Create(CultureInfo.InvariantCulture, $"{file}: byte {Offset}: {Text}")
        : string.Create(CultureInfo.InvariantCulture, $"{file}: {(IsLine ? "line" : "record")} {Record}, byte {Offset}: {Text}");
}

/// <summary>
/// What is wrong with one file: the gravest fault of every record, every loss of framing, every damage of the compressed
/// stream. All are counted, the first ones kept.
/// </summary>
/// <param name="keptMax">Faults of records kept; the rest are counted. A file of noise has one for every record.</param>
public sealed class FaultLedger(int keptMax = FaultLedger.ToldMax)
{
    /// <summary>Faults of records that are told in lines.</summary>
    public const int ToldMax = 100;

    /// <summary>Losses of framing kept: each says which bytes are missing. Only a file made to have more has more.</summary>
    private const int LossesMax = 10_000;

    /// <summary>Views kept: no dump has so many, but for one that is made to.</summary>
    public const int ViewsMax = 100;

    private readonly List<FaultEntry> _kept = [];
    private readonly SortedDictionary<FaultKind, long> _counts = [];
    private readonly Dictionary<PassedOver, long> _passedOver = [];
    private readonly List<string> _views = [];
    private int _losses;


    /// <summary>All faults.</summary>
    public long Count { get; private set; }

    /// <summary>Those of all that lose nothing: <see cref="FaultEntry.LosesNothing"/>.</summary>
    public long Harmless { get; private set; }

    /// <summary>What is defined and not decoded, such as routes of a VPN, and how many records or messages of it there are.</summary>
    public IReadOnlyDictionary<PassedOver, long> PassedOver => _passedOver;

    /// <summary>
    /// The names of the views that the file's dumps are of, by their peer index tables (RFC 6396 section 4.3.1), in their order; most
    /// have the one name of nothing.
    /// </summary>
    public IReadOnlyList<string> Views => _views;

    /// <summary>Adds a view, unless it is known.</summary>
    public void AddView(string name)
    {
        if (_views.Count < ViewsMax && !_views.Contains(name)) _views.Add(name);
    }

    /// <summary>Counts a record or message that is sound and not decoded; it is no fault.</summary>
    public void Pass(PassedOver what, long count = 1) => _passedOver[what] = _passedOver.GetValueOrDefault(what) + count;

    /// <summary>All faults by kind; kinds of which there are none are not there.</summary>
    public IReadOnlyDictionary<FaultKind, long> Counts => _counts;

    /// <summary>Bytes in which no record could be found.</summary>
    public long BytesLost { get; private set; }

    /// <summary>Bytes that were not decoded, the lost ones among them.</summary>
    public long BytesSkipped { get; private set; }

    /// <summary>True when bytes were lost that could have held whole records.</summary>
    public bool LosesFraming => _losses > 0;

    /// <summary>The faults kept, in the order in which they were met.</summary>
    public IReadOnlyList<FaultEntry> Kept => _kept;

    /// <summary>In words, one line each: the first faults, and every loss of framing; the rest are counted at the end.</summary>
    /// <param name="file">The file's name.</param>
    /// <param name="withHarmless">False to leave out those that lose nothing.</param>
    public IEnumerable<string> Lines(string file, bool withHarmless = true)
    {
        long told = 0;
        foreach (var entry in _kept.Where((entry, index) => index < ToldMax || entry.LosesFraming))
        {
            if (entry.LosesNothing && !withHarmless) continue;
            told++;
            yield return entry.ToLine(file);
        }
        long all = withHarmless ? Count : Count - Harmless;
        if (all > told) yield return string.Create(CultureInfo.InvariantCulture, $"{file}: {all - told} more faults");
    }

    public void Add(FaultEntry entry)
    {
        Count++;
        _counts[entry.Fault.Kind] = _counts.GetValueOrDefault(entry.Fault.Kind) + 1;
        BytesLost += entry.Lost?.Length ?? 0;
        BytesSkipped += entry.BytesSkipped;
        if (entry.LosesFraming) _losses++;
        if (entry.LosesNothing) Harmless++;
        if (entry.LosesFraming ? _losses <= LossesMax : _kept.Count < keptMax) _kept.Add(entry);
    }

    /// <summary>Enters the fault of a record that was framed.</summary>
    public void Add(in MrtRecord record, Fault fault) => Add(FaultEntry.OfRecord(record, fault));

    /// <summary>What a ledger holds that both were entered in, in the order of their records; of equal ones the first before.</summary>
    internal static FaultLedger InOrder(FaultLedger first, FaultLedger second, int keptMax)
    {
        var both = new FaultLedger(keptMax);
        foreach (var entry in first._kept.Concat(second._kept).OrderBy(entry => entry.Record)) both.Add(entry);
        // Those that are not kept are counted all the same.
        both._counts.Clear();
        foreach (var (kind, count) in first._counts.Concat(second._counts))
            both._counts[kind] = both._counts.GetValueOrDefault(kind) + count;
        foreach (var (what, count) in first._passedOver.Concat(second._passedOver)) both.Pass(what, count);
        foreach (string view in first._views.Concat(second._views)) both.AddView(view);
        both.Count = first.Count + second.Count;
        both.Harmless = first.Harmless + second.Harmless;
        both.BytesLost = first.BytesLost + second.BytesLost;
        both.BytesSkipped = first.BytesSkipped + second.BytesSkipped;
        both._losses = first._losses + second._losses;
        return both;
    }

    /// <summary>Enters the damage of the compressed stream that a file was read from, when it has been read to its end.</summary>
    public void AddDamage(DecompressedStream plain)
    {
        foreach (var damage in plain.Faults)
        {
            // Some damage stops nothing, such as a wrong checksum behind the last block of a stream.
            bool stops = damage.LosesBytes && damage.DecompressedOffset >= plain.Position;
            Fault fault = new(FaultKind.Compression, 0, 0, 0, stops ? Treatment.StopSource : Treatment.None);
            string what = string.Create(CultureInfo.InvariantCulture, $"{damage.What} (stored byte {damage.CompressedOffset})");
            Add(new(0, damage.DecompressedOffset, fault, what)
            {
                StoredOffset = damage.CompressedOffset,
                LosesFraming = damage.LosesBytes,
            });
        }
    }
}
