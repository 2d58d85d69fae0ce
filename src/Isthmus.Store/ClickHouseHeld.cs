using System.Globalization;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <content>What peers held at a time, as the shards find it: all times of a prefix lie on one.</content>
internal sealed partial class ClickHouseRoutes
{
    /// <inheritdoc/>
    public override IEnumerable<TableRoute> RoutesAt(Timestamp time, IReadOnlyList<Peer> peers)
    {
        var places = peers.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        string asked = SessionsOf(peers);
        if (asked.Length == 0) return [];
        long seconds = time.Seconds, rest = time.Microseconds - seconds * Timestamp.PerSecond;
        string begun = FormattableString.Invariant($"(began_s < {seconds} OR began_s = {seconds} AND began_us <= {rest})");
        string held = FormattableString.Invariant($"""
            {Spread("route_rows")} WHERE {_tables.Pinned} AND peer_id IN ({asked}) AND {begun} AND path_id != -1
            AND (ended_s IS NULL OR ended_s > {seconds} OR ended_s = {seconds} AND ended_us > {rest})
            """);
        _paths.Ask($"path_id IN (SELECT DISTINCT path_id FROM {held} AND path_id >= 0)");
        // Of a prefix that a peer never held before there is nothing to say.
        return InOrder(_tables.RowsOfAll($"""
            SELECT {StepColumns} FROM {held}
            AND (path_id >= 0 OR (family, high, low, length, peer_id) IN (SELECT family, high, low, length, peer_id
                FROM {_address.Name}.all_path_prefixes WHERE {_tables.Pinned} AND peer_id IN ({asked}) AND {begun}))
            ORDER BY family, high, low, length
            """, row => new TableRoute(Records.Peers[row.Number(4)], PrefixOf(row, 0), StepOf(row))), places);
    }

    /// <inheritdoc/>
    public override IReadOnlyDictionary<(Peer Peer, AddressFamily Family), Timestamp> ShownLater(Timestamp time, IReadOnlyList<Peer> peers)
    {
        string asked = SessionsOf(peers);
        if (asked.Length == 0) return new Dictionary<(Peer, AddressFamily), Timestamp>();
        long from = time.Microseconds, to = (time + RoutingState.LateMax).Microseconds;
        string within = FormattableString.Invariant($"""
            {_tables.Pinned} AND peer_id IN ({asked}) AND began_s >= {time.Seconds} AND began_s <= {to / Timestamp.PerSecond}
            AND toInt64(began_s) * 1000000 + began_us > {from} AND toInt64(began_s) * 1000000 + began_us <= {to}
            """);
        const string Key = "family, high, low, length, peer_id, began_s, began_us";
        return _tables.RowsOfAll($"""
            SELECT peer_id, family, max(toInt64(began_s) * 1000000 + began_us) FROM {Spread("route_rows")}
            WHERE {within} AND cause = '{Cause.RibEntry}' AND path_id >= 0
                AND ({Key}) IN (SELECT {Key} FROM {_address.Name}.all_route_rows WHERE {within} AND step = 0)
            GROUP BY peer_id, family
            """, row => KeyValuePair.Create((Records.Peers[row.Number(0)], (AddressFamily)row.Number(1)), new Timestamp(row.Number(2))))
            .ToDictionary();
    }

    private string SessionsOf(IReadOnlyList<Peer> peers)
    {
        var of = peers.ToHashSet();
        return string.Join(',', Records.Peers.Where(entry => of.Contains(entry.Value))
            .Select(entry => entry.Key.ToString(CultureInfo.InvariantCulture)));
    }
}
