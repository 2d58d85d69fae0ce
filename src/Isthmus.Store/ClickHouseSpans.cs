using System.Globalization;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>Writes the routes of an edition of a collector, and adds up what it writes.</summary>
internal sealed class ClickHouseSpans(ClickHouseTables tables, ClickHouseAddress address, long edition)
{
    private readonly long[] _sums = new long[9], _pathSums = new long[4];
    private long _rows, _pathRows, _paths, _pathIds;

    private long First => edition << ClickHouseRoutes.IdBits;

    /// <summary>Writes prefixes, paths and routes.</summary>
    /// <returns>The sums that <see cref="ClickHouseRoutes.SumsOf"/> finds where nothing was lost.</returns>
    public string Write(Collected collected, Dictionary<Source, long> sources)
    {
        var paths = WritePaths(collected);
        tables.Append("prefixes", collected.Histories.Select(history => history.Prefix).Distinct(), (row, prefix) =>
            ((RowBinary)row.Text(prefix.ToString()).Number((long)prefix.Family)).Bits(prefix.High).Bits(prefix.Low).Number(prefix.Length));
        tables.AppendTo(ClickHouseSchema.Spread(address, "route_rows"), collected.Histories.SelectMany(history =>
                Enumerable.Range(0, history.Count).Select(place => (history, place))),
            (row, one) => WriteStep(row, one.history, one.place, paths, sources));
        WritePathPrefixes(collected, paths);
        return string.Join(' ', ((long[])[_rows, .. _sums, _pathRows, .. _pathSums, _paths, _pathIds]).Select((sum, place) =>
            // Sums of what cannot be negative are of the type without sign.
            place is 1 or 8 or 12
                ? unchecked((ulong)sum).ToString(CultureInfo.InvariantCulture) : sum.ToString(CultureInfo.InvariantCulture)));
    }

    private Dictionary<int, long> WritePaths(Collected collected)
    {
        var steps = collected.Histories.SelectMany(history => history.Steps);
        int[] held = [.. steps.Select(step => step.Path).Where(path => path >= 0).Distinct().Order()];
        // The paths of a set first, as the set names them.
        var single = held.SelectMany(path => MembersOf(path).DefaultIfEmpty(path)).Distinct().Order();
        int[] all = [.. single, .. held.Where(path => collected.Paths.SetOf(path) is not null)];
        var ids = all.Index().ToDictionary(entry => entry.Item, entry => First + entry.Index);
        tables.Append("paths", all, (row, id) =>
        {
            var words = collected.Paths[id];
            List<uint> hops = [];
            foreach (var segment in words) hops.AddRange(segment.Hops);
            var binary = ((RowBinary)row.Number(ids[id]).Text(collected.Paths.TextOf(id))).List([.. hops]);
            if (words.Origins is [var origin]) binary.Number(origin); else binary.None();
            binary.List(words.Span).List([.. MembersOf(id).Select(one => (uint)(ids[one] - First))])
                .List([.. collected.Paths.NumberedOf(id).Select(one => one.Id)]);
            (_paths, _pathIds) = (_paths + 1, unchecked(_pathIds + ids[id]));
        });
        return ids;

        // None of what is one path.
        IEnumerable<int> MembersOf(int path) => collected.Paths.NumberedOf(path) is [_, ..] numbered
            ? numbered.Select(one => one.Path) : collected.Paths.SetOf(path) ?? [];
    }

    private void WriteStep(RowBinary row, RouteHistory history, int place, Dictionary<int, long> paths, Dictionary<Source, long> sources)
    {
        var step = history.Steps[place];
        var prefix = history.Prefix;
        long peer = First + history.Peer;
        long path = step.Path < 0 ? step.Path : paths[step.Path];
        long source = step.Place.IsNone ? -1 : sources[step.Place.Source!];
        long us = step.Time.Microseconds - step.Time.Seconds * Timestamp.PerSecond;
        row.Number(edition).Number((long)prefix.Family);
        row.Bits(prefix.High).Bits(prefix.Low).Number(prefix.Length).Number(peer).Number(place).Text(prefix.ToString())
            .Number(step.Time.Seconds).Number(us);
        long endedS = 0, endedUs = 0;
        if (place + 1 < history.Count)
        {
            var next = history.Steps[place + 1].Time;
            (endedS, endedUs) = (next.Seconds, next.Microseconds - next.Seconds * Timestamp.PerSecond);
            row.Number(endedS);
        }
        else
        {
            row.None();
        }
        long record = step.Place.IsNone ? 0 : step.Place.Record, offset = step.Place.IsNone ? 0 : step.Place.Offset;
        int bytes = step.Place.IsNone ? 0 : step.Place.Length;
        row.Number(endedUs).Number(path).Text(step.Cause.ToString()).Number(source).Number(record).Number(offset)
            .Number(bytes).Number(step.PathId);
        _rows++;
        // As the servers add up: what is beyond 64 bits is lost.
        Add(_sums, unchecked((long)((prefix.High ^ prefix.Low) + prefix.Length)), unchecked(peer * (path + 3)),
            step.Time.Seconds, us, endedS, endedUs,
            record + source, offset + bytes, step.PathId + place);
    }

    private void WritePathPrefixes(Collected collected, Dictionary<int, long> paths)
    {
        // Whichever time of holding it comes first.
        var rows = collected.Histories.SelectMany(history => history.Steps.Where(step => step.Path >= 0)
            .DistinctBy(step => step.Path).Select(step => (Path: paths[step.Path], history.Prefix, Peer: First + history.Peer, step.Time)));
        tables.AppendTo(ClickHouseSchema.Spread(address, "path_prefixes"), rows, (row, one) =>
        {
            long us = one.Time.Microseconds - one.Time.Seconds * Timestamp.PerSecond;
            ((RowBinary)row.Number(edition).Number(one.Path).Number((long)one.Prefix.Family)).Bits(one.Prefix.High).Bits(one.Prefix.Low)
                .Number(one.Prefix.Length).Number(one.Peer).Number(one.Time.Seconds).Number(us);
            _pathRows++;
            long prefix = unchecked((long)((one.Prefix.High ^ one.Prefix.Low) + one.Prefix.Length));
            Add(_pathSums, one.Path, prefix, one.Peer, one.Time.Seconds + us);
        });
    }

    private static void Add(long[] sums, params ReadOnlySpan<long> values)
    {
        for (int place = 0; place < values.Length; place++) sums[place] = unchecked(sums[place] + values[place]);
    }
}
