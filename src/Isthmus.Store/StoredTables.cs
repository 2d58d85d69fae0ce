using System.Globalization;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <content>What peers held at a time: one question, in the SQL that engines have in common.</content>
public abstract partial class StoredRoutes : IKeptTables
{
    /// <inheritdoc/>
    public virtual IEnumerable<TableRoute> RoutesAt(Timestamp time, IReadOnlyList<Peer> peers)
    {
        var places = peers.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        string asked = string.Join(',', Records.Peers.Where(entry => places.ContainsKey(entry.Value))
            .Select(entry => entry.Key.ToString(CultureInfo.InvariantCulture)));
        if (asked.Length == 0) yield break;
        long seconds = time.Seconds, rest = time.Microseconds - seconds * Timestamp.PerSecond;
        string begun = FormattableString.Invariant($"(began_s < {seconds} OR began_s = {seconds} AND began_us <= {rest})");
        foreach (var route in InOrder(_tables.Rows(FormattableString.Invariant($"""
            SELECT p.prefix, r.peer_id, r.began_s, r.began_us, r.path_id, r.cause_id, r.add_path_id, e.source_id, e.record, e.byte_offset,
                e.length
            FROM route_rows r JOIN prefixes p ON p.prefix_id = r.prefix_id LEFT JOIN records e ON e.record_id = r.record_id
            WHERE r.peer_id IN ({asked}) AND {begun} AND r.path_id <> -1
                AND (ended_s IS NULL OR ended_s > {seconds} OR ended_s = {seconds} AND ended_us > {rest})
                AND (r.path_id >= 0 OR (r.prefix_id, r.peer_id) IN (
                    SELECT prefix_id, peer_id FROM route_rows WHERE path_id >= 0 AND peer_id IN ({asked}) AND {begun}))
            ORDER BY p.family, p.high, p.low, p.length
            """), RouteOf), places)) yield return route;
    }

    /// <summary>Routes that are sorted by prefix, sorted by peer, too.</summary>
    private protected static IEnumerable<TableRoute> InOrder(IEnumerable<TableRoute> routes, IReadOnlyDictionary<Peer, int> places)
    {
        var at = new List<TableRoute>();
        foreach (var route in routes)
        {
            if (at.Count > 0 && at[0].Prefix != route.Prefix)
            {
                foreach (var one in at.OrderBy(one => places[one.Peer])) yield return one;
                at.Clear();
            }
            at.Add(route);
        }
        foreach (var one in at.OrderBy(one => places[one.Peer])) yield return one;
    }

    /// <inheritdoc/>
    public virtual IReadOnlyDictionary<(Peer Peer, AddressFamily Family), Timestamp> ShownLater(Timestamp time, IReadOnlyList<Peer> peers)
    {
        var of = peers.ToHashSet();
        string asked = string.Join(',', Records.Peers.Where(entry => of.Contains(entry.Value))
            .Select(entry => entry.Key.ToString(CultureInfo.InvariantCulture)));
        if (asked.Length == 0) return new Dictionary<(Peer, AddressFamily), Timestamp>();
        long from = time.Microseconds, to = (time + RoutingState.LateMax).Microseconds;
        return _tables.Rows(FormattableString.Invariant($"""
            SELECT peer_id, family, max(began) FROM (
                SELECT r.peer_id, p.family, r.began_s * 1000000 + r.began_us AS began FROM (
                    SELECT peer_id, prefix_id, began_s::BIGINT AS began_s, began_us FROM route_rows
                    WHERE cause_id = {(byte)Cause.RibEntry} AND peer_id IN ({asked}) AND path_id >= 0
                        AND began_s >= {time.Seconds} AND began_s <= {to / Timestamp.PerSecond}) r
                JOIN prefixes p ON p.prefix_id = r.prefix_id
                JOIN (SELECT peer_id, prefix_id, min(began_s::BIGINT * 1000000 + began_us) AS first FROM route_rows
                    WHERE peer_id IN ({asked}) GROUP BY peer_id, prefix_id) f
                ON f.peer_id = r.peer_id AND f.prefix_id = r.prefix_id AND f.first = r.began_s * 1000000 + r.began_us) s
            WHERE began > {from} AND began <= {to} GROUP BY peer_id, family
            """), row => KeyValuePair.Create((Records.Peers[row.Number(0)], (AddressFamily)row.Number(1)), new Timestamp(row.Number(2))))
            .ToDictionary();
    }

    private TableRoute RouteOf(IRow row)
    {
        var place = row.IsNull(7) ? default
            : new SourcePlace(Records.Sources[row.Number(7)], row.Number(8), row.Number(9), (int)row.Number(10));
        var time = new Timestamp(row.Number(2) * Timestamp.PerSecond + row.Number(3));
        return new(Records.Peers[row.Number(1)], Prefix.Parse(row.Text(0)),
            new(time, (int)row.Number(4), (Cause)row.Number(5), place) { PathId = (uint)row.Number(6) });
    }
}
