using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>What all elements of a record share.</summary>
/// <param name="PathIds">True where prefixes carry ADD-PATH identifiers.</param>
internal readonly record struct RecordHead(
    MrtType Type, Timestamp Time, long Number, long Offset, bool PathIds);

/// <summary>
/// A text form of elements, in pieces that come in this order: record, kind, peer, then either a state, or prefix,
/// attributes and end. A piece that comes again is copied by <see cref="ElementWriter"/>, not asked for again.
/// </summary>
internal abstract class ElementForm
{
    public static ElementForm Of(ElementFormat format) => format switch
    {
        ElementFormat.Json => new JsonForm(),
        ElementFormat.Csv => new CsvForm(),
        ElementFormat.Parquet => new RowForm(),
        _ => new LineForm(),
    };

    /// <summary>What stands before the first element.</summary>
    public virtual ReadOnlySpan<byte> Header => default;

    /// <summary>A new file starts.</summary>
    public abstract void StartFile(string name, string collector);

    public abstract void WriteRecord(TextBuffer text, in RecordHead head);

    public abstract ReadOnlySpan<byte> KindText(RouteEventKind kind);

    public abstract void WritePeer(TextBuffer text, MrtPeer peer);

    public abstract void WritePrefix(TextBuffer text, Prefix prefix);

    /// <summary>The path identifier, or what stands for none.</summary>
    public abstract void WritePathId(TextBuffer text, uint pathId, bool exists);

    public abstract void WriteAttributes(TextBuffer text, in AttributeView attributes, AddressFamily family, bool isRib);

    /// <summary>What stands in the place of attributes where there are none.</summary>
    public abstract ReadOnlySpan<byte> NoAttributes { get; }

    public abstract void WriteEnd(TextBuffer text, in RouteEvent routeEvent);

    /// <summary>All that follows the peer when a session changed its state.</summary>
    public abstract void WriteState(TextBuffer text, in RouteEvent routeEvent);

    protected static ReadOnlySpan<byte> OriginAttributeText(byte? origin) => origin switch
    {
        0 => "IGP"u8,
        1 => "EGP"u8,
        _ => "INCOMPLETE"u8,
    };

    /// <summary>The path as bgpdump writes it: <c>1 2 {3,4}</c>, confederations as <c>(1 2)</c> and <c>[3,4]</c>.</summary>
    protected static void WritePath(TextBuffer text, AsPath path)
    {
        Span<uint> usual = stackalloc uint[512];
        WritePath(text, path.ToWords(path.WordsMax <= usual.Length ? usual : new uint[path.WordsMax]));
    }

    /// <inheritdoc cref="WritePath(TextBuffer, AsPath)"/>
    internal static void WritePath(TextBuffer text, PathWords path)
    {
        bool isFirst = true;
        foreach (var segment in path)
        {
            if (!isFirst) text.Append(' ');
            isFirst = false;
            WriteSegment(text, segment.Type, segment.Hops);
        }
    }

    private static void WriteSegment(TextBuffer text, SegmentType type, ReadOnlySpan<uint> hops)
    {
        var (open, close, between) = type switch
        {
            SegmentType.Set => ('{', '}', ','),
            SegmentType.ConfedSequence => ('(', ')', ' '),
            SegmentType.ConfedSet => ('[', ']', ','),
            _ => ('\0', '\0', ' '),
        };
        if (open != 0) text.Append(open);
        for (int i = 0; i < hops.Length; i++)
        {
            if (i > 0) text.Append(between);
            text.Append(hops[i]);
        }
        if (close != 0) text.Append(close);
    }
}
