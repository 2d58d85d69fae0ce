-- The tables of a store: docs/store.md says what they mean. Times are UTC, to the microsecond.
CREATE TABLE about (name VARCHAR NOT NULL, value VARCHAR NOT NULL);
CREATE TABLE selections (subject VARCHAR NOT NULL, rule VARCHAR NOT NULL);
CREATE TABLE collectors (
    collector_id INTEGER NOT NULL, name VARCHAR NOT NULL, project VARCHAR NOT NULL, lost_after TIMESTAMP,
    first_event TIMESTAMP, last_update TIMESTAMP, longest_silence_us BIGINT NOT NULL, last_dump TIMESTAMP NOT NULL,
    followed INTEGER NOT NULL, sums VARCHAR NOT NULL);
CREATE TABLE sources (
    source_id INTEGER NOT NULL, collector_id INTEGER NOT NULL, name VARCHAR NOT NULL, path VARCHAR NOT NULL, sha256 VARCHAR NOT NULL,
    kind VARCHAR NOT NULL, bytes BIGINT NOT NULL, starts TIMESTAMP NOT NULL, is_timed BOOLEAN NOT NULL, first_record TIMESTAMP,
    last_record TIMESTAMP, opens TIMESTAMP, cut_at TIMESTAMP, records BIGINT NOT NULL, route_events BIGINT NOT NULL,
    faults BIGINT NOT NULL, discarded_attributes BIGINT NOT NULL, late BIGINT NOT NULL, view_name VARCHAR NOT NULL);
CREATE TABLE source_faults (source_id INTEGER NOT NULL, line INTEGER NOT NULL, fault VARCHAR NOT NULL);
CREATE TABLE source_views (source_id INTEGER NOT NULL, line INTEGER NOT NULL, view_name VARCHAR NOT NULL);
CREATE TABLE not_decoded (
    source_id INTEGER NOT NULL, type USMALLINT NOT NULL, subtype USMALLINT NOT NULL, message UTINYINT NOT NULL,
    afi USMALLINT NOT NULL, safi UTINYINT NOT NULL, times BIGINT NOT NULL);
CREATE TABLE notices (line INTEGER NOT NULL, notice VARCHAR NOT NULL);
CREATE TABLE unread (line INTEGER NOT NULL, file VARCHAR NOT NULL);
CREATE TABLE passed_over (line INTEGER NOT NULL, file VARCHAR NOT NULL);
CREATE TABLE peers (
    peer_id INTEGER NOT NULL, collector_id INTEGER NOT NULL, address VARCHAR NOT NULL, asn UINTEGER NOT NULL,
    ipv4_prefixes INTEGER NOT NULL, ipv6_prefixes INTEGER NOT NULL, is_transparent BOOLEAN NOT NULL, up_since TIMESTAMP,
    is_lost BOOLEAN NOT NULL, ipv4_since TIMESTAMP, ipv6_since TIMESTAMP, first_update TIMESTAMP, met TIMESTAMP NOT NULL);
CREATE TABLE session_spans (peer_id INTEGER NOT NULL, began TIMESTAMP NOT NULL, ended TIMESTAMP NOT NULL);
CREATE TABLE session_losses (peer_id INTEGER NOT NULL, lost TIMESTAMP NOT NULL, back TIMESTAMP, cause VARCHAR NOT NULL);
CREATE TABLE dumps (peer_id INTEGER NOT NULL, began TIMESTAMP NOT NULL);
CREATE TABLE table_sizes (peer_id INTEGER NOT NULL, since TIMESTAMP NOT NULL, ipv4_prefixes INTEGER NOT NULL, ipv6_prefixes INTEGER NOT NULL);
CREATE TABLE followed (prefix VARCHAR NOT NULL, is_inside BOOLEAN NOT NULL);
CREATE TABLE prefixes (
    prefix_id INTEGER NOT NULL, prefix VARCHAR NOT NULL, family UTINYINT NOT NULL, high UBIGINT NOT NULL, low UBIGINT NOT NULL,
    length UTINYINT NOT NULL);
-- A peer that holds paths by identifiers (ADD-PATH) holds a set of them: its row has their ids in members, and the texts of all in path.
CREATE TABLE paths (
    path_id INTEGER NOT NULL, path VARCHAR NOT NULL, hops UINTEGER[] NOT NULL, origin UINTEGER, words UINTEGER[] NOT NULL,
    members INTEGER[], identifiers UINTEGER[]);
CREATE TABLE records (
    record_id INTEGER NOT NULL, source_id INTEGER NOT NULL, record UINTEGER NOT NULL, byte_offset UBIGINT NOT NULL,
    length INTEGER NOT NULL);
CREATE TABLE causes (cause_id UTINYINT NOT NULL, cause VARCHAR NOT NULL);
-- Where the reading of a collector stood, so that files which come later are read without the earlier ones.
CREATE TABLE checkpoints (collector_id INTEGER NOT NULL, state BLOB NOT NULL);
-- One row for each time that a peer held one thing for one prefix. Seconds and microseconds stand apart, as most times are whole seconds.
-- What files that come later may still change has a tail: 1 where it may not end then, 2 where it may not be at all.
CREATE TABLE route_rows (
    prefix_id INTEGER NOT NULL, peer_id INTEGER NOT NULL, began_s UINTEGER NOT NULL, began_us UINTEGER NOT NULL, ended_s UINTEGER,
    ended_us UINTEGER NOT NULL, path_id INTEGER NOT NULL, cause_id UTINYINT NOT NULL, record_id INTEGER NOT NULL,
    add_path_id UINTEGER NOT NULL, tail UTINYINT NOT NULL);
CREATE VIEW route_spans AS
SELECT p.prefix, c.name AS collector, r.asn AS peer_as, r.address AS peer_address,
    make_timestamp(s.began_s::BIGINT * 1000000 + s.began_us) AS began, make_timestamp(s.ended_s::BIGINT * 1000000 + s.ended_us) AS ended,
    CASE s.path_id WHEN -1 THEN 'none' WHEN -2 THEN 'unknown' ELSE 'held' END AS state, a.path, a.hops, a.origin, u.cause,
    f.name AS source, f.sha256, e.record, e.byte_offset, e.length, s.prefix_id, s.peer_id, s.path_id
FROM route_rows s JOIN prefixes p USING (prefix_id) JOIN peers r USING (peer_id) JOIN collectors c USING (collector_id)
JOIN causes u USING (cause_id) LEFT JOIN paths a ON a.path_id = s.path_id LEFT JOIN records e ON e.record_id = s.record_id
LEFT JOIN sources f ON f.source_id = e.source_id;
