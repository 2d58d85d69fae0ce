-- The tables of a store in ClickHouse: docs/store.md says what they mean. Times are microseconds since 1970 in UTC. What is in braces is
-- written by ClickHouseSchema: {on} names the cluster, {here N} and {spread N} are the engines of a table that every node has all of, and
-- of one that the shards share. Each statement ends with a line of its own.
CREATE TABLE IF NOT EXISTS about {on} (name String, value String) ENGINE = {here about} ORDER BY name
;
CREATE TABLE IF NOT EXISTS selections {on} (subject String, rule String) ENGINE = {here selections} ORDER BY subject
;
CREATE TABLE IF NOT EXISTS notices {on} (line Int64, notice String) ENGINE = {here notices} ORDER BY line
;
CREATE TABLE IF NOT EXISTS unread {on} (line Int64, file String) ENGINE = {here unread} ORDER BY line
;
CREATE TABLE IF NOT EXISTS passed_over {on} (line Int64, file String) ENGINE = {here passed_over} ORDER BY line
;
-- State 0: asked for; 1: held; 2: given back, or taken from who does not speak any more.
CREATE TABLE IF NOT EXISTS claims {on} (edition UInt64, collector String, worker String, state UInt8, beat UInt64, seconds UInt32)
ENGINE = {here claims} ORDER BY (edition, worker, state, beat)
;
CREATE TABLE IF NOT EXISTS editions {on} (edition UInt64, collector String, base UInt64, sums String) ENGINE = {here editions} ORDER BY edition
;
CREATE TABLE IF NOT EXISTS all_collectors {on} (
    edition UInt64, place UInt32, collector_id Int64, name String, project String, lost_after Nullable(Int64), first_event Nullable(Int64),
    last_update Nullable(Int64), longest_silence_us Int64, last_dump Nullable(Int64), followed Int64)
ENGINE = {here all_collectors} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_sources {on} (
    edition UInt64, place UInt32, source_id Int64, collector_id Int64, name String, path String, sha256 String, kind String, bytes Int64,
    starts Nullable(Int64), is_timed UInt8, first_record Nullable(Int64), last_record Nullable(Int64), opens Nullable(Int64),
    cut_at Nullable(Int64), records Int64, route_events Int64, faults Int64, discarded_attributes Int64, late Int64, view_name String)
ENGINE = {here all_sources} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_source_faults {on} (edition UInt64, place UInt32, source_id Int64, line UInt32, fault String)
ENGINE = {here all_source_faults} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_source_views {on} (edition UInt64, place UInt32, source_id Int64, line UInt32, view_name String)
ENGINE = {here all_source_views} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_not_decoded {on} (
    edition UInt64, place UInt32, source_id Int64, type UInt16, subtype UInt16, message UInt8, afi UInt16, safi UInt8, times Int64)
ENGINE = {here all_not_decoded} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_peers {on} (
    edition UInt64, place UInt32, peer_id Int64, collector_id Int64, address String, asn UInt32, ipv4_prefixes Int32, ipv6_prefixes Int32,
    is_transparent UInt8, up_since Nullable(Int64), is_lost UInt8, ipv4_since Nullable(Int64), ipv6_since Nullable(Int64),
    first_update Nullable(Int64), met Nullable(Int64))
ENGINE = {here all_peers} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_session_spans {on} (
    edition UInt64, place UInt32, peer_id Int64, began Nullable(Int64), ended Nullable(Int64))
ENGINE = {here all_session_spans} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_session_losses {on} (
    edition UInt64, place UInt32, peer_id Int64, lost Nullable(Int64), back Nullable(Int64), cause String)
ENGINE = {here all_session_losses} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_dumps {on} (edition UInt64, place UInt32, peer_id Int64, began Nullable(Int64))
ENGINE = {here all_dumps} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_table_sizes {on} (
    edition UInt64, place UInt32, peer_id Int64, since Nullable(Int64), ipv4_prefixes Int32, ipv6_prefixes Int32)
ENGINE = {here all_table_sizes} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_followed {on} (edition UInt64, place UInt32, prefix String, is_inside UInt8)
ENGINE = {here all_followed} PARTITION BY edition ORDER BY place
;
CREATE TABLE IF NOT EXISTS all_prefixes {on} (
    edition UInt64, place UInt32, prefix String, family UInt8, high UInt64, low UInt64, length UInt8)
ENGINE = {here all_prefixes} PARTITION BY edition ORDER BY (family, high, low, length)
;
CREATE TABLE IF NOT EXISTS all_paths {on} (
    edition UInt64, place UInt32, path_id Int64, path String, hops Array(UInt32), origin Nullable(UInt32), words Array(UInt32),
    members Array(UInt32), identifiers Array(UInt32))
ENGINE = {here all_paths} PARTITION BY edition ORDER BY path_id
;
CREATE TABLE IF NOT EXISTS all_route_rows {on} (
    edition UInt64, family UInt8, high UInt64, low UInt64, length UInt8, peer_id Int64, step UInt32, prefix String, began_s UInt32,
    began_us UInt32, ended_s Nullable(UInt32), ended_us UInt32, path_id Int64, cause String, source_id Int64, record UInt32,
    byte_offset UInt64, bytes Int32, add_path_id UInt32)
ENGINE = {spread all_route_rows} PARTITION BY edition ORDER BY (family, high, low, length, peer_id, step)
;
-- The prefixes for which a peer held a path, by the path: one row for each path, prefix and peer, whenever it was first held.
CREATE TABLE IF NOT EXISTS all_path_prefixes {on} (
    edition UInt64, path_id Int64, family UInt8, high UInt64, low UInt64, length UInt8, peer_id Int64, began_s UInt32, began_us UInt32)
ENGINE = {spread all_path_prefixes} PARTITION BY edition ORDER BY (path_id, family, high, low, length, peer_id)
;
