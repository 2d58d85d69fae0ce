using System.Buffers.Binary;

using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>
/// Elements as rows with named columns: the same in JSON and CSV. A column that has nothing to say is null in the
/// one and empty in the other; no column is ever left out.
/// </summary>
internal abstract partial class TableForm : ElementForm
{
    /// <summary>The columns in order.</summary>
    protected static readonly string[] Columns =
    [
        "file", "collector", "record", "offset", "type", "time", "kind", "peerAddress", "peerAs", "prefix", "pathId",
        "path", "origin", "originAttribute", "nextHop", "localPreference", "med", "atomicAggregate", "aggregatorAs",
        "aggregatorAddress", "communities", "extendedCommunities", "largeCommunities", "onlyToCustomer", "otherAttributes",
        "originated", "treatedAsWithdrawn", "oldState", "newState",
    ];

    internal static IReadOnlyList<string> ColumnNames => Columns;

    private readonly byte[] _noAttributes, _noRoute;
    private byte[] _fileCells = [];

    protected TableForm()
    {
        using var text = new TextBuffer();
        for (int column = Array.IndexOf(Columns, "path"); Columns[column] != "originated"; column++) Empty(text, Columns[column]);
        _noAttributes = text.Text.ToArray();
        text.Clear();
        Empty(text, "prefix");
        Empty(text, "pathId");
        text.Append(_noAttributes);
        _noRoute = text.Text.ToArray();
    }

    public override ReadOnlySpan<byte> NoAttributes => _noAttributes;

    /// <summary>What starts a row.</summary>
    protected abstract ReadOnlySpan<byte> RowStart { get; }

    /// <summary>What ends a row, in the place of the last cell's comma.</summary>
    protected abstract ReadOnlySpan<byte> RowEnd { get; }

    /// <summary>A cell of free text, such as a file's name.</summary>
    protected abstract void Name(TextBuffer text, string column, string value);

    /// <summary>What stands before a text of known characters; <see cref="Close"/> ends it.</summary>
    protected abstract void Open(TextBuffer text, string column, bool holdsCommas = false);

    protected abstract void Close(TextBuffer text, bool holdsCommas = false);

    protected abstract void Number(TextBuffer text, string column, long number);

    protected abstract void Truth(TextBuffer text, string column, bool value);

    protected virtual void Time(TextBuffer text, string column, Timestamp time)
    {
        Open(text, column);
        text.Append(time);
        Close(text);
    }

    /// <summary>The hops of a path behind its text, for a form that holds them apart.</summary>
    protected virtual void Hops(TextBuffer text, AsPath path) { }

    protected abstract void Empty(TextBuffer text, string column);

    protected abstract void OpenList(TextBuffer text, string column);

    protected abstract void OpenItem(TextBuffer text, bool first);

    protected abstract void CloseItem(TextBuffer text);

    protected abstract void CloseList(TextBuffer text);

    public override void StartFile(string name, string collector)
    {
        using var text = new TextBuffer();
        Name(text, "file", name);
        Name(text, "collector", collector);
        _fileCells = text.Text.ToArray();
    }

    public override void WriteRecord(TextBuffer text, in RecordHead head)
    {
        text.Append(RowStart);
        text.Append(_fileCells);
        Number(text, "record", head.Number);
        Number(text, "offset", head.Offset);
        Open(text, "type");
        text.Append(head.Type switch
        {
            MrtType.TableDump => "TABLE_DUMP"u8,
            MrtType.TableDumpV2 => "TABLE_DUMP_V2"u8,
            MrtType.Bgp4Mp => "BGP4MP"u8,
            MrtType.Bgp4MpEt => "BGP4MP_ET"u8,
            _ => "BGP"u8,
        });
        Close(text);
        Time(text, "time", head.Time);
    }

    public override void WritePeer(TextBuffer text, MrtPeer peer)
    {
        Address(text, "peerAddress", peer.Address);
        Number(text, "peerAs", peer.Asn.Number);
    }

    public override void WritePrefix(TextBuffer text, Prefix prefix)
    {
        Open(text, "prefix");
        text.Append(prefix);
        Close(text);
    }

    public override void WritePathId(TextBuffer text, uint pathId, bool exists) => NumberOrEmpty(text, "pathId", exists ? pathId : null);

    public override void WriteAttributes(TextBuffer text, in AttributeView attributes, AddressFamily family, bool isRib)
    {
        WritePathAndOrigin(text, attributes);
        WriteOriginAttribute(text, attributes.OriginAttribute);
        Address(text, "nextHop", attributes.NextHopOf(family, isRib));
        NumberOrEmpty(text, "localPreference", attributes.LocalPreference);
        NumberOrEmpty(text, "med", attributes.Med);
        Truth(text, "atomicAggregate", attributes.AtomicAggregate);
        bool aggregated = attributes.TryGetAggregator(out var asn, out var address);
        NumberOrEmpty(text, "aggregatorAs", aggregated ? asn.Number : null);
        Address(text, "aggregatorAddress", address);
        WriteCommunities(text, attributes);
        NumberOrEmpty(text, "onlyToCustomer", attributes.OnlyToCustomer);
        WriteOthers(text, attributes.All);
    }

    public override void WriteEnd(TextBuffer text, in RouteEvent routeEvent)
    {
        if (routeEvent.Kind is RouteEventKind.RibEntry) Time(text, "originated", routeEvent.Originated);
        else Empty(text, "originated");
        Truth(text, "treatedAsWithdrawn", routeEvent.TreatedAsWithdrawn);
        Empty(text, "oldState");
        Empty(text, "newState");
        EndRow(text);
    }

    public override void WriteState(TextBuffer text, in RouteEvent routeEvent)
    {
        text.Append(_noRoute);
        Empty(text, "originated");
        Truth(text, "treatedAsWithdrawn", false);
        Number(text, "oldState", routeEvent.OldState);
        Number(text, "newState", routeEvent.NewState);
        EndRow(text);
    }

    protected virtual void EndRow(TextBuffer text)
    {
        text.DropLast();
        text.Append(RowEnd);
    }

    private void WritePathAndOrigin(TextBuffer text, in AttributeView attributes)
    {
        if (!attributes.Has(AttributeCode.AsPath))
        {
            Empty(text, "path");
            Empty(text, "origin");
            return;
        }
        Open(text, "path", holdsCommas: true);
        WritePath(text, attributes.All.AsPath);
        Close(text, holdsCommas: true);
        Hops(text, attributes.All.AsPath);
        // A path that ends in a set has no one origin (RFC 6472).
        NumberOrEmpty(text, "origin", attributes.All.AsPath.Origin?.Number);
    }

    private void WriteOriginAttribute(TextBuffer text, byte? origin)
    {
        if (origin is null)
        {
            Empty(text, "originAttribute");
            return;
        }
        Open(text, "originAttribute");
        text.Append(OriginAttributeText(origin));
        Close(text);
    }

    private void WriteCommunities(TextBuffer text, in AttributeView attributes)
    {
        OpenList(text, "communities");
        var bytes = attributes.Communities;
        for (int at = 0; at + 4 <= bytes.Length; at += 4)
        {
            OpenItem(text, at == 0);
            text.Append(BinaryPrimitives.ReadUInt16BigEndian(bytes[at..]));
            text.Append(':');
            text.Append(BinaryPrimitives.ReadUInt16BigEndian(bytes[(at + 2)..]));
            CloseItem(text);
        }
        CloseList(text);
        OpenList(text, "extendedCommunities");
        bytes = attributes.ExtendedCommunities;
        for (int at = 0; at + 8 <= bytes.Length; at += 8)
        {
            OpenItem(text, at == 0);
            ExtendedCommunityText.Write(text, bytes.Slice(at, 8));
            CloseItem(text);
        }
        CloseList(text);
        OpenList(text, "largeCommunities");
        bytes = attributes.LargeCommunities;
        for (int at = 0; at + 12 <= bytes.Length; at += 12)
        {
            OpenItem(text, at == 0);
            for (int part = 0; part < 12; part += 4)
            {
                if (part > 0) text.Append(':');
                text.Append(BinaryPrimitives.ReadUInt32BigEndian(bytes[(at + part)..]));
            }
            CloseItem(text);
        }
        CloseList(text);
    }

    // Attributes that no column is for, kept raw: code, flags and value, as 99:e0:00ff.
    private void WriteOthers(TextBuffer text, PathAttributes attributes)
    {
        OpenList(text, "otherAttributes");
        bool first = true;
        foreach (var attribute in attributes)
        {
            if (HasColumn((AttributeCode)attribute.Code)) continue;
            OpenItem(text, first);
            first = false;
            text.Append(attribute.Code);
            text.Append(':');
            text.AppendHex([attribute.Flags]);
            text.Append(':');
            text.AppendHex(attribute.Value);
            CloseItem(text);
        }
        CloseList(text);
    }

    // AS4_PATH and AS4_AGGREGATOR have those of what they stand for (RFC 6793 section 4.2.3), the MP attributes those of their routes.
    private static bool HasColumn(AttributeCode code) => code is (>= AttributeCode.Origin and <= AttributeCode.Communities)
        or (>= AttributeCode.MpReach and <= AttributeCode.As4Aggregator) or AttributeCode.LargeCommunities or AttributeCode.OnlyToCustomer;

    private void Address(TextBuffer text, string column, IpAddress address)
    {
        if (address.Family is AddressFamily.None)
        {
            Empty(text, column);
            return;
        }
        Open(text, column);
        text.Append(address);
        Close(text);
    }

    private void NumberOrEmpty(TextBuffer text, string column, uint? number)
    {
        if (number is { } known) Number(text, column, known);
        else Empty(text, column);
    }
}
