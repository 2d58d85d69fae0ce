using Isthmus.Filters;
using Isthmus.Sources;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Export.Dissection;

/// <summary>The work of <c>isthmus read --hex</c>: the records that are wanted, taken apart.</summary>
public static class HexRun
{
    /// <summary>Reads the files one after the other; damage is shown where it is, and entered in the tally.</summary>
    /// <param name="request">With a filter, records with an event that fits are shown; with <c>fault</c> in it also such without events.</param>
    /// <param name="numbers">Which records of each file; null for all.</param>
    /// <exception cref="InputException">No record of these numbers.</exception>
    public static ReadTally Run(
        ReadRequest request, RecordNumbers? numbers, HexText output, ReadProgress progress, CancellationToken stop)
    {
        progress.FilesTotal += request.Files.Count;
        progress.BytesTotal += request.Files.Sum(file => file.SizeBytes);
        var tallies = new List<FileTally>(request.Files.Count);
        bool found = false;
        foreach (var file in request.Files)
        {
            var reading = new Reading(file, request, output);
            tallies.Add(reading.Run(numbers, stop));
            found |= reading.HasFound;
            progress.AddBytes(file.SizeBytes);
            progress.AddRecords(tallies[^1].Records);
            progress.AddFile();
        }
        if (!found && numbers is not null && tallies is [.., var last])
            throw new InputException($"there is no record {numbers.Text}: {last.Name} has {last.Records}");
        return new(tallies);
    }

    /// <summary>One file on its way through.</summary>
    private sealed class Reading(InputFile file, ReadRequest request, HexText output)
    {
        private readonly FaultLedger _faults = new(request.FaultsKept);
        private readonly FileFilter? _filter = request.Where?.For(file.Collector);
        private readonly RouteEventReader _events = new();
        private readonly Dissector _dissector = new();
        private long _elements, _others;

        /// <summary>True when the file has a record of the numbers that were asked for.</summary>
        public bool HasFound { get; private set; }

        public FileTally Run(RecordNumbers? numbers, CancellationToken stop)
        {
            using var plain = file.Unpack();
            using var records = RecordSource.Open(plain, _faults);
            records.OnLost = (entry, head) => WriteLoss(records, numbers, entry, head);
            long last = numbers?.Last ?? long.MaxValue, number = 0;
            while (number < last && records.TryRead(out var record) && (number = record.Number) <= last)
            {
                stop.ThrowIfCancellationRequested();
                bool isNamed = numbers is null || numbers.Holds(number);
                // Later records refer to an index table, whether it is wanted or not; that of text is not in the file.
                bool isIndex = record.Type is MrtType.TableDumpV2 && record.Subtype is 1;
                HasFound |= isNamed && !(isIndex && records.IsText);
                if (isNamed || isIndex) Read(records, record, isNamed && !records.IsStandIn && !(isIndex && records.IsText));
            }
            if (numbers is null) _faults.AddDamage(plain);
            return new(file.Name, records.Records, _others, _elements, _faults) { Compression = plain.Format, Bytes = records.Offset };
        }

        private void WriteLoss(RecordSource records, RecordNumbers? numbers, FaultEntry entry, ReadOnlySpan<byte> head)
        {
            bool isNamed = entry.IsLine && numbers is not null && numbers.Holds(entry.Record);
            HasFound |= isNamed;
            if (!isNamed && (numbers is not null || _filter is { AsksFault: false })) return;
            var (line, offset, _) = records.PlaceOf(default);
            if (entry.IsLine)
            {
                var wrong = ((int)(entry.Offset - offset), entry.Text);
                output.Write(new(file.Name, line, offset, IsLine: true), head, LineFields.Dissect(head), wrong);
            }
            else
            {
                output.WriteLost(entry.ToLine(file.Name), entry.BytesSkipped, head);
            }
        }

        private void Read(RecordSource records, in MrtRecord record, bool isNamed)
        {
            foreach (ref readonly var _ in _events.Read(record)) { }
            var fault = _events.Fault.Kind is FaultKind.Unknown ? default : _events.Fault;
            var fields = _dissector.Dissect(record);
            if (!isNamed || !IsWanted(record, fault)) return;
            if (_events.Fault.Kind is FaultKind.Unknown) _others++;
            if (fault.Kind is not FaultKind.None) records.Enter(record, fault);
            var bytes = records.BytesOf(record);
            if (records.IsText) fields = LineFields.Dissect(bytes);
            output.Write(new(file.Name, record.Number, record.Offset, records.IsText), bytes, fields,
                fault.Kind is FaultKind.None ? null : (records.IsText ? 0 : fault.Offset, fault.ToString()));
        }

        private bool IsWanted(in MrtRecord record, Fault fault)
        {
            bool hasFault = fault.Kind is not FaultKind.None;
            long wanted = 0;
            foreach (ref readonly var routeEvent in _events.Read(record))
                if (_filter is null || _filter.Passes(routeEvent, _events, hasFault)) wanted++;
            _elements += wanted;
            return _filter is null || wanted > 0
                || hasFault && _filter.AsksFault && _filter.Decide(new() { Time = record.Time, HasFault = true }) is not Verdict.No;
        }
    }
}
