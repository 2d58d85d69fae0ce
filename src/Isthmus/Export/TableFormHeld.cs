using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>What a peer held of a prefix at a time, or that it is not known, as the cells of a row.</summary>
internal readonly ref struct HeldCells
{
    public Timestamp At { get; init; }
    public Peer Peer { get; init; }

    /// <summary>Of the prefix, or of the table that is not known.</summary>
    public AddressFamily Family { get; init; }

    /// <summary>Null where a whole table is not known.</summary>
    public Prefix? Prefix { get; init; }

    /// <summary>True for a path, false for what is not known.</summary>
    public bool IsHeld { get; init; }

    /// <summary>The identifier by ADD-PATH; null for none.</summary>
    public uint? PathId { get; init; }
    public PathWords Path { get; init; }
    public Timestamp? Since { get; init; }
    public Cause? Cause { get; init; }

    /// <summary>What proves it.</summary>
    public SourcePlace Place { get; init; }
}

/// <content>Rows of what peers held at a time.</content>
internal abstract partial class TableForm
{
    /// <summary>The columns of what peers held, in order.</summary>
    public static readonly IReadOnlyList<string> HeldColumns =
    [
        "file", "collector", "record", "offset", "at", "state", "since", "kind", "peerAddress", "peerAs", "family", "prefix", "pathId",
        "path", "origin",
    ];

    /// <summary>Those of them that may hold nothing though they always do in route events.</summary>
    public static readonly IReadOnlyList<string> HeldNullable = ["file", "record", "offset", "kind"];

    /// <summary>Writes what a peer held as a row.</summary>
    internal void WriteHeld(TextBuffer text, in HeldCells row)
    {
        text.Append(RowStart);
        if (row.Place.IsNone) Empty(text, "file");
        else Name(text, "file", row.Place.Source!.Name);
        Name(text, "collector", row.Peer.Collector.Name);
        if (row.Place.IsNone)
        {
            Empty(text, "record");
            Empty(text, "offset");
        }
        else
        {
            Number(text, "record", row.Place.Record);
            Number(text, "offset", row.Place.Offset);
        }
        Time(text, "at", row.At);
        Word(text, "state", row.IsHeld ? "held"u8 : "unknown"u8);
        if (row.Since is { } since) Time(text, "since", since);
        else Empty(text, "since");
        if (KindOf(row.Cause) is { } kind) text.Append(KindText(kind));
        else Empty(text, "kind");
        WritePeer(text, new(row.Peer.Address, row.Peer.Asn));
        Word(text, "family", row.Family is AddressFamily.IPv4 ? "ipv4"u8 : "ipv6"u8);
        if (row.Prefix is { } prefix) WritePrefix(text, prefix);
        else Empty(text, "prefix");
        NumberOrEmpty(text, "pathId", row.PathId);
        if (row.IsHeld)
        {
            Open(text, "path", holdsCommas: true);
            WritePath(text, row.Path);
            Close(text, holdsCommas: true);
            Hops(text, row.Path);
            NumberOrEmpty(text, "origin", OriginOf(row.Path));
        }
        else
        {
            Empty(text, "path");
            Empty(text, "origin");
        }
        EndRow(text);
    }

    /// <inheritdoc cref="Hops(TextBuffer, AsPath)"/>
    protected virtual void Hops(TextBuffer text, PathWords path) { }

    // A path that ends in a set has no one origin (RFC 6472).
    private static uint? OriginOf(PathWords path)
    {
        uint? origin = null;
        foreach (var segment in path)
            if (!segment.IsConfederation && !segment.Hops.IsEmpty) origin = segment.Type is SegmentType.Sequence ? segment.Hops[^1] : null;
        return origin;
    }

    private void Word(TextBuffer text, string column, ReadOnlySpan<byte> word)
    {
        Open(text, column);
        text.Append(word);
        Close(text);
    }

    // The kind of the record that shows it, as route events have it.
    private static RouteEventKind? KindOf(Cause? cause) => cause switch
    {
        Routes.Cause.RibEntry or Routes.Cause.RibAbsence => RouteEventKind.RibEntry,
        Routes.Cause.Announcement => RouteEventKind.Announcement,
        Routes.Cause.Withdrawal or Routes.Cause.TreatedAsWithdrawn => RouteEventKind.Withdrawal,
        Routes.Cause.PeerState => RouteEventKind.PeerState,
        _ => null,
    };
}
