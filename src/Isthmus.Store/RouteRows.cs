using DuckDB.NET.Native;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>
/// The route rows of one collector, and the records that prove them. What is settled is written once; of the rest, which files that come
/// later may change, the rows have a tail, and go when the collector goes on.
/// </summary>
internal sealed class RouteRows(Database database, int collector)
{
    /// <summary>It begins as it does, whatever comes; and ends so, where it ends.</summary>
    private const byte Settled = 0;

    /// <summary>It begins as it does; what comes may say that it ended otherwise.</summary>
    private const byte EndsAnew = 1;

    /// <summary>What comes may say that it was not.</summary>
    private const byte Tail = 2;

    private static readonly DuckDBType[] _ofRecords =
        [DuckDBType.Integer, DuckDBType.Integer, DuckDBType.UnsignedInteger, DuckDBType.UnsignedBigInt, DuckDBType.Integer];

    private static readonly DuckDBType[] _ofRows =
    [
        DuckDBType.Integer, DuckDBType.Integer, DuckDBType.UnsignedInteger, DuckDBType.UnsignedInteger, DuckDBType.UnsignedInteger,
        DuckDBType.UnsignedInteger, DuckDBType.Integer, DuckDBType.UnsignedTinyInt, DuckDBType.Integer, DuckDBType.UnsignedInteger,
        DuckDBType.UnsignedTinyInt,
    ];

    private static readonly DuckDBType[] _ofEnds =
        [DuckDBType.Integer, DuckDBType.Integer, DuckDBType.UnsignedInteger, DuckDBType.UnsignedInteger, DuckDBType.UnsignedTinyInt];

    private string Own => FormattableString.Invariant($"peer_id IN (SELECT peer_id FROM peers WHERE collector_id = {collector})");

    /// <summary>Takes away all that is not settled, with the records that prove nothing else.</summary>
    public void ForgetTail() => database.Do($"""
        CREATE OR REPLACE TEMP TABLE left_records AS SELECT DISTINCT record_id FROM route_rows WHERE tail = {Tail} AND {Own};
        DELETE FROM route_rows WHERE tail = {Tail} AND {Own};
        UPDATE route_rows SET ended_s = NULL, ended_us = 0, tail = {Settled} WHERE tail = {EndsAnew} AND {Own};
        """);

    /// <summary>Writes the rows of a collector, or those that follow on what is settled.</summary>
    /// <param name="sources">The ids of its files.</param>
    /// <param name="peers">The ids of its sessions.</param>
    /// <param name="prefixes">The ids of all prefixes.</param>
    /// <param name="paths">The ids that its paths have in the store.</param>
    public void Write(Collected collected, Dictionary<Source, long> sources, long[] peers, Dictionary<Prefix, int> prefixes,
        Dictionary<int, int> paths)
    {
        var records = WriteRecords(collected, sources);
        var histories = Sort(collected.Histories, prefixes);
        var begun = collected.IsFurther ? End(histories, peers) : [];
        using var rows = new Columns(database.Connection, null, "route_rows", _ofRows);
        foreach (var (prefix, history) in histories)
        {
            var earliest = begun.GetValueOrDefault((prefix, peers[history.Peer]));
            for (int place = 0; place < history.Count; place++)
            {
                var step = history.Steps[place];
                rows.Set(0, prefix);
                rows.Set(1, (int)peers[history.Peer]);
                SetTime(rows, 2, Later(step.Time, earliest));
                if (place + 1 < history.Count)
                {
                    SetTime(rows, 4, Later(history.Steps[place + 1].Time, earliest));
                }
                else
                {
                    rows.SetNull(4);
                    rows.Set(5, 0u);
                }
                rows.Set(6, step.Path < 0 ? step.Path : paths[step.Path]);
                rows.Set(7, (byte)step.Cause);
                rows.Set(8, step.Place.IsNone ? -1 : records[KeyOf(step.Place, sources)]);
                rows.Set(9, step.PathId);
                bool endsAnew = place + 1 == history.Settled && place + 1 < history.Count;
                rows.Set(10, place >= history.Settled ? Tail : endsAnew ? EndsAnew : Settled);
                rows.EndRow();
            }
        }
        rows.Complete();
        if (collected.IsFurther) database.Do("""
            DELETE FROM records WHERE record_id IN (FROM left_records)
                AND record_id NOT IN (SELECT record_id FROM route_rows WHERE record_id IN (FROM left_records))
            """);
    }

    private static (int Prefix, RouteHistory History)[] Sort(IReadOnlyList<RouteHistory> histories, Dictionary<Prefix, int> prefixes)
    {
        var sorted = new (int Prefix, RouteHistory History)[histories.Count];
        long[] keys = new long[histories.Count];
        for (int i = 0; i < keys.Length; i++)
        {
            // Those of one prefix stand together.
            int id = i > 0 && histories[i].Prefix == histories[i - 1].Prefix ? sorted[i - 1].Prefix : prefixes[histories[i].Prefix];
            sorted[i] = (id, histories[i]);
            keys[i] = (long)id << 32 | (uint)histories[i].Peer;
        }
        Array.Sort(keys, sorted);
        return sorted;
    }

    // Ends what was settled and lasted, where the next step says so. Gives when that began, where it is later than that step: time does not
    // turn back.
    private Dictionary<(int Prefix, long Peer), Timestamp> End((int Prefix, RouteHistory History)[] histories, long[] peers)
    {
        database.Do("""
            CREATE OR REPLACE TEMP TABLE ends (prefix_id INTEGER, peer_id INTEGER, ended_s UINTEGER, ended_us UINTEGER, tail UTINYINT)
            """);
        using (var rows = new Columns(database.Connection, "temp", "ends", _ofEnds))
        {
            foreach (var (prefix, history) in histories)
            {
                rows.Set(0, prefix);
                rows.Set(1, (int)peers[history.Peer]);
                SetTime(rows, 2, history.Steps[0].Time);
                rows.Set(4, history.Settled > 0 ? Settled : EndsAnew);
                rows.EndRow();
            }
            rows.Complete();
        }
        var begun = database.Rows("""
            SELECT r.prefix_id, r.peer_id, r.began_s, r.began_us FROM route_rows r JOIN ends e USING (prefix_id, peer_id)
            WHERE r.ended_s IS NULL AND (r.began_s, r.began_us) > (e.ended_s, e.ended_us)
            """, row => KeyValuePair.Create((row.GetInt32(0), (long)row.GetInt32(1)),
                new Timestamp(row.GetFieldValue<uint>(2) * Timestamp.PerSecond + row.GetFieldValue<uint>(3)))).ToDictionary();
        database.Do("""
            UPDATE route_rows SET ended_s = greatest(e.ended_s, began_s), tail = e.tail,
                ended_us = CASE WHEN e.ended_s > began_s OR e.ended_s = began_s AND e.ended_us > began_us THEN e.ended_us ELSE began_us END
            FROM ends e WHERE route_rows.ended_s IS NULL AND route_rows.prefix_id = e.prefix_id AND route_rows.peer_id = e.peer_id
            """);
        return begun;
    }

    private static Timestamp Later(Timestamp time, Timestamp other) => time > other ? time : other;

    private static void SetTime(Columns rows, int column, Timestamp time)
    {
        rows.Set(column, checked((uint)time.Seconds));
        rows.Set(column + 1, (uint)(time.Microseconds - time.Seconds * Timestamp.PerSecond));
    }

    private static (long Source, long Offset) KeyOf(SourcePlace place, Dictionary<Source, long> sources) =>
        (sources[place.Source!], place.Offset);

    private Dictionary<(long Source, long Offset), int> WriteRecords(Collected collected, Dictionary<Source, long> sources)
    {
        var places = new Dictionary<(long Source, long Offset), SourcePlace>();
        foreach (var history in collected.Histories)
            foreach (var step in history.Steps)
                if (!step.Place.IsNone) places.TryAdd(KeyOf(step.Place, sources), step.Place);
        var records = collected.IsFurther ? Known(places.Keys, sources.Values) : [];
        int next = (int)database.Number("SELECT coalesce(max(record_id), -1) + 1 FROM records");
        (long Source, long Offset)[] added = [.. places.Keys.Where(key => !records.ContainsKey(key))];
        Array.Sort(added);
        using var rows = new Columns(database.Connection, null, "records", _ofRecords);
        foreach (var key in added)
        {
            var place = places[key];
            records[key] = next;
            rows.Set(0, next++);
            rows.Set(1, (int)key.Source);
            rows.Set(2, checked((uint)place.Record));
            rows.Set(3, checked((ulong)key.Offset));
            rows.Set(4, place.Length);
            rows.EndRow();
        }
        rows.Complete();
        return records;
    }

    // What was not settled may be proved by records that were written for it.
    private Dictionary<(long Source, long Offset), int> Known(
        IEnumerable<(long Source, long Offset)> places, IEnumerable<long> sources)
    {
        database.Do("CREATE OR REPLACE TEMP TABLE places (source_id INTEGER, byte_offset UBIGINT)");
        using (var rows = new Columns(database.Connection, "temp", "places", DuckDBType.Integer, DuckDBType.UnsignedBigInt))
        {
            foreach (var (source, offset) in places)
            {
                rows.Set(0, (int)source);
                rows.Set(1, checked((ulong)offset));
                rows.EndRow();
            }
            rows.Complete();
        }
        return database.Rows("SELECT source_id, byte_offset, record_id FROM records JOIN places USING (source_id, byte_offset)", row =>
            KeyValuePair.Create(((long)row.GetInt32(0), checked((long)row.GetFieldValue<ulong>(1))), row.GetInt32(2))).ToDictionary();
    }
}
