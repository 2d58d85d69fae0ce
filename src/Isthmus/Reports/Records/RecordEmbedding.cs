using System.Text;

using Isthmus.Export;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire.Mrt;

namespace Isthmus.Reports.Records;

/// <summary>
/// Reads the records that prove a report once more from its inputs, and decodes them. Inputs that came through a pipe
/// or the network are still in their temporary files then.
/// </summary>
public static class RecordEmbedding
{
    /// <summary>The report with its records.</summary>
    /// <param name="inputs">The inputs that the report was made from, in the same order; null for one that is not there any more.</param>
    /// <exception cref="InputException">An input is no longer what it was.</exception>
    public static Report Embed(Report report, IReadOnlyList<InputFile?> inputs, CancellationToken stop)
    {
        var (chosen, asked) = RecordChoice.Of(report, new(report));
        var places = chosen.ToLookup(place => place.Source);
        var files = report.Observations.Files.Where(file => places.Contains(file.Source) && inputs[file.Input] is not null).ToArray();
        var found = new List<Found>[files.Length];
        Parallel.For(0, files.Length, new() { CancellationToken = stop, MaxDegreeOfParallelism = Environment.ProcessorCount }, index =>
        {
            var file = files[index];
            found[index] = ReadFile(file.Source, inputs[file.Input]!, [.. places[file.Source].OrderBy(place => place.Offset)], stop);
        });
        int there = files.Sum(file => places[file.Source].Count());
        return report with { Records = new(Numbered(found.SelectMany(list => list)), there, asked) };
    }

    private static RawRecord[] Numbered(IEnumerable<Found> found)
    {
        var all = found.ToArray();
        var ids = all.Select((record, index) => (record.Place, Id: FormattableString.Invariant($"r{index + 1}")))
            .ToDictionary(entry => (entry.Place.Source, entry.Place.Offset), entry => entry.Id);
        string? IdOf(SourcePlace? place) => place is { } there ? ids[(there.Source, there.Offset)] : null;
        return
        [
            .. all.Select(record => new RawRecord(
                IdOf(record.Place)!, record.Place, record.Bytes, IdOf(record.PeerTable), record.Reading)),
        ];
    }

    /// <summary>A record before it has a number.</summary>
    private sealed record Found(SourcePlace Place, byte[] Bytes, SourcePlace? PeerTable, RecordReading Reading);

    private static List<Found> ReadFile(Source source, InputFile input, SourcePlace[] wanted, CancellationToken stop)
    {
        using var plain = input.Unpack();
        using var records = RecordSource.Open(plain, new FaultLedger());
        using var reading = new RecordLines();
        var found = new List<Found>();
        Found? peerTable = null;
        int next = 0;
        while (next < wanted.Length && records.TryRead(out var record))
        {
            stop.ThrowIfCancellationRequested();
            bool isTable = record is { Type: MrtType.TableDumpV2, Subtype: 1 };
            if (record.Offset != wanted[next].Offset && !isTable) continue;
            var place = new SourcePlace(source, records.PlaceOf(record));
            var read = new Found(place, records.BytesOf(record).ToArray(), null, reading.Read(record));
            // A line of text names its peer itself; the table before it is not in the file.
            if (isTable && records.IsText) continue;
            if (isTable) peerTable = read;
            if (record.Offset != wanted[next].Offset) continue;
            // Where bytes were lost the place is that of the record behind them, without a length.
            if (wanted[next].Length > 0 && place.Length != wanted[next].Length) break;
            next++;
            if (record.Type is not MrtType.TableDumpV2 || isTable)
            {
                found.Add(read);
                continue;
            }
            if (peerTable is not null && !found.Contains(peerTable)) found.Add(peerTable);
            found.Add(read with { PeerTable = peerTable?.Place });
        }
        return next == wanted.Length ? [.. found.OrderBy(one => one.Place.Offset)] : throw new InputException(
            FormattableString.Invariant($"{input.Name} has changed while it was read: record {wanted[next].Record} is no longer at byte {wanted[next].Offset}"));
    }

    /// <summary>Decodes the records of one file, in its order.</summary>
    private sealed class RecordLines : IDisposable
    {
        private readonly MemoryStream _text = new();
        private readonly ElementWriter _writer;
        private readonly RouteEventReader _events = new();

        public RecordLines()
        {
            _writer = new(ElementFormat.Line, _text);
            _writer.StartFile("", "");
        }

        public RecordReading Read(in MrtRecord record)
        {
            _text.SetLength(0);
            int lines = 0;
            var walk = _events.Read(record);
            _writer.StartRecord(record, _events);
            foreach (ref readonly var routeEvent in walk)
                if (++lines <= RecordReading.LinesMax) _writer.Write(routeEvent, _events);
            _writer.Flush();
            string text = Encoding.UTF8.GetString(_text.GetBuffer(), 0, (int)_text.Length);
            string[] kept = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            return new(MrtNames.Of(record.Type, record.Subtype), record.Time, kept, lines - kept.Length);
        }

        public void Dispose() => _writer.Dispose();
    }
}
