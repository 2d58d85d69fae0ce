using Isthmus.Text;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export;

/// <summary>
/// Writes route events as text to a stream, in the order in which they come. Nothing is allocated for an element:
/// what records, peers, prefixes and attribute blocks have in common is written once and copied.
/// </summary>
public sealed class ElementWriter : IDisposable
{
    /// <summary>Text is handed to the stream in pieces of about this size.</summary>
    private const int FlushBytes = 1 << 17;

    private readonly Stream _output;
    private readonly Action<TextBuffer> _handOver;
    private readonly ElementForm _form;
    private readonly TextBuffer _text = new(FlushBytes + (1 << 14)), _head = new(), _prefix = new(), _piece = new();
    private readonly AttributeTexts _attributes = new();
    private readonly TextBuffer _peers = new(4096);
    private readonly List<Range> _peerTexts = [];
    private RecordHead _record;
    private Prefix _lastPrefix;
    private bool _wide;

    /// <param name="output">Where the text goes; it is left open.</param>
    public ElementWriter(ElementFormat format, Stream output)
    {
        Format = format;
        _output = format is ElementFormat.Parquet ? new ParquetRows(output) : output;
        _handOver = text => text.FlushTo(_output);
        _form = ElementForm.Of(format);
        _text.Append(_form.Header);
    }

    private ElementWriter(ElementFormat format, Action<TextBuffer> handOver)
    {
        (Format, _output, _handOver) = (format, Stream.Null, handOver);
        _form = ElementForm.Of(format);
    }

    /// <summary>How elements are written.</summary>
    public ElementFormat Format { get; }

    /// <summary>A writer of the same form whose text is meant for <see cref="Append"/>: nothing stands before its first element.</summary>
    /// <param name="handOver">Takes the text of some whole elements, and leaves the buffer empty.</param>
    internal ElementWriter Beside(Action<TextBuffer> handOver) => new(Format, handOver);

    /// <summary>Writes the text of whole elements that another writer has made.</summary>
    internal void Append(ReadOnlySpan<byte> text)
    {
        if (_text.Length > 0) _text.FlushTo(_output);
        _output.Write(text);
    }

    /// <summary>A new file starts: its peers are its own.</summary>
    public void StartFile(string name, string collector)
    {
        _form.StartFile(name, collector);
        _peers.Clear();
        _peerTexts.Clear();
    }

    /// <summary>A new record starts, whose events were asked for from the reader.</summary>
    public void StartRecord(in MrtRecord record, RouteEventReader reader)
    {
        _record = new(record.Type, record.Time, record.Number, record.Offset, reader.UnsaidAddPath || HasPathIds(record));
        _wide = record.Type is MrtType.TableDumpV2 || record.Type is not MrtType.TableDump && record.Subtype is 4 or 7 or 9 or 11;
        _head.Clear();
    }

    /// <summary>Writes an event of the record.</summary>
    public void Write(in RouteEvent routeEvent, RouteEventReader reader)
    {
        if (_head.Length == 0) _form.WriteRecord(_head, _record);
        var text = _text;
        text.Append(_head.Text);
        text.Append(_form.KindText(routeEvent.Kind));
        text.Append(PeerText(routeEvent.Peer, reader));
        if (routeEvent.Kind is RouteEventKind.PeerState) _form.WriteState(text, routeEvent);
        else WriteRoute(routeEvent);
        if (text.Length > FlushBytes) _handOver(text);
    }

    /// <summary>Nothing more will come: hands over what is still held back, and what ends the form.</summary>
    public void Flush()
    {
        _handOver(_text);
        _output.Flush();
    }

    private void WriteRoute(in RouteEvent routeEvent)
    {
        var text = _text;
        if (routeEvent.Prefix != _lastPrefix || _prefix.Length == 0)
        {
            _prefix.Clear();
            _form.WritePrefix(_prefix, routeEvent.Prefix);
            _lastPrefix = routeEvent.Prefix;
        }
        text.Append(_prefix.Text);
        _form.WritePathId(text, routeEvent.PathId, _record.PathIds);
        if (routeEvent.Kind is RouteEventKind.Withdrawal) text.Append(_form.NoAttributes);
        else WriteAttributes(routeEvent);
        _form.WriteEnd(text, routeEvent);
    }

    private void WriteAttributes(in RouteEvent routeEvent)
    {
        bool isRib = routeEvent.Kind is RouteEventKind.RibEntry;
        var block = routeEvent.Attributes.Bytes;
        var family = routeEvent.Prefix.Family;
        if (routeEvent.NextHop.Family is not AddressFamily.None)
        {
            _form.WriteAttributes(_text, new(routeEvent.Attributes, routeEvent.NextHop), family, isRib);
            return;
        }
        // The same bytes read otherwise in a dump, with other widths, and for the other family.
        int reading = (isRib ? 1 : 0) | (_wide ? 2 : 0) | (_record.Type is MrtType.TableDumpV2 ? 4 : 0) | (int)family << 3;
        ulong hash = routeEvent.Block.IsKnown
            ? AttributeTexts.HashOf(routeEvent.Block, reading) : AttributeTexts.HashOf(block, reading);
        if (!_attributes.TryFind(hash, block, out var text))
        {
            _piece.Clear();
            _form.WriteAttributes(_piece, new(routeEvent.Attributes), family, isRib);
            _attributes.Add(hash, block, text = _piece.Text);
        }
        _text.Append(text);
    }

    private ReadOnlySpan<byte> PeerText(int peer, RouteEventReader reader)
    {
        while (_peerTexts.Count <= peer)
        {
            int start = _peers.Length;
            _form.WritePeer(_peers, reader.Peers.Span[_peerTexts.Count]);
            _peerTexts.Add(start.._peers.Length);
        }
        return _peers.Text[_peerTexts[peer]];
    }

    private static bool HasPathIds(in MrtRecord record) => record.Type switch
    {
        MrtType.TableDumpV2 => record.Subtype is >= 8 and <= 12,
        MrtType.Bgp4Mp or MrtType.Bgp4MpEt => record.Subtype is >= 8 and <= 11,
        _ => false,
    };

    public void Dispose()
    {
        foreach (var buffer in (ReadOnlySpan<TextBuffer>)[_text, _head, _prefix, _piece, _peers]) buffer.Dispose();
    }
}
