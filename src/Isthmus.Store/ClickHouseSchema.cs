using System.Text.RegularExpressions;

namespace Isthmus.Store;

/// <summary>Makes the tables of a store in ClickHouse, on one server or on all of a cluster, and knows which version they are of.</summary>
internal static partial class ClickHouseSchema
{
    /// <summary>The version of clickhouse.sql; a store of another one is not read.</summary>
    public const int Version = 1;

    /// <summary>
    /// The shard of a row: prefixes that begin with the same 16 bits, of IPv6 32, are on one, so that the history of a prefix is on one
    /// shard, and mostly with it what is inside it.
    /// </summary>
    private const string ShardOf = "intHash64(bitShiftRight(high, if(family = 1, 48, 32)))";

    /// <summary>Statements that are sent at once.</summary>
    private const int TogetherMax = 8;

    /// <summary>What a node says that was ended while it made a table: ZooKeeper knows the replica, and the node does not.</summary>
    private const int IsReplicaAlready = 253;

    private static readonly string[] _spread = ["route_rows", "path_prefixes"];

    /// <summary>True where a database has the tables of a store; they are of a version that this program reads.</summary>
    /// <exception cref="StoreException">They are of a newer one, or of something else.</exception>
    public static bool IsThere(ClickHouseServer server, ClickHouseTables tables, ClickHouseAddress address)
    {
        long found = tables.Number($"SELECT count() FROM system.tables WHERE database = '{address.Name}' AND name IN ('about', 'all_route_rows')");
        // Another may be making them.
        if (found < 2) return false;
        string version = tables.Texts("SELECT value FROM about WHERE name = 'schema'").FirstOrDefault("");
        // Made, and not yet said of which version: who made it was ended in between.
        if (version.Length == 0) return false;
        if (!int.TryParse(version, out int stated) || stated > Version)
            throw new StoreException($"the store {address} is of schema {version}, and this program reads {Version}; use a newer one");
        return true;
    }

    /// <summary>Makes what is not there.</summary>
    public static void Make(ClickHouseServer server, ClickHouseTables tables, ClickHouseAddress address)
    {
        // What is of the whole cluster waits for all its nodes: where all is there nothing is made.
        if (HasDatabase(tables, address) && IsThere(server, tables, address)) return;
        string on = address.Cluster is { } cluster ? $"ON CLUSTER {cluster}" : "";
        server.Do($"CREATE DATABASE IF NOT EXISTS {address.Name} {on}", isSafe: true, inDatabase: false);
        using var schema = new StreamReader(typeof(ClickHouseSchema).Assembly.GetManifestResourceStream("clickhouse.sql")!);
        var statements = schema.ReadToEnd().Split("\n;\n").Select(statement => Made(Comment().Replace(statement, ""), address, on));
        DoAll(statements.Where(sql => sql.Length > 0));
        foreach (string table in _spread)
            if (address.Cluster is not null)
                server.Do($"CREATE TABLE IF NOT EXISTS {address.Name}.every_{table} {on} AS {address.Name}.all_{table}"
                    + $" ENGINE = Distributed({address.Cluster}, {address.Name}, all_{table}, {ShardOf})", isSafe: true);
        if (address.Cluster is { } shared)
            server.Do($"CREATE TABLE IF NOT EXISTS {address.Name}.every_part {on} AS system.parts ENGINE = Distributed({shared}, system, parts)",
                isSafe: true);
        DoAll(Views(address, on));
        tables.AppendTo("about", [Version], (row, version) =>
            row.Text("schema").Text(version.ToString(System.Globalization.CultureInfo.InvariantCulture)));

        // A statement for a cluster mostly waits.
        void DoAll(IEnumerable<string> some)
        {
            try
            {
                Parallel.ForEach(some, new() { MaxDegreeOfParallelism = TogetherMax }, DoOne);
            }
            catch (AggregateException failures) when (failures.InnerExceptions[0] is StoreException failure)
            {
                throw new StoreException(failure.Message, failure);
            }
        }

        // No store was ever there, so that nothing is in the table: it is made under another name in ZooKeeper.
        void DoOne(string sql)
        {
            try
            {
                server.Do(sql, isSafe: true);
            }
            catch (ClickHouseRefusal refusal) when (refusal.Code == IsReplicaAlready && TableOf().Match(sql) is { Success: true } table)
            {
                server.Do($"DROP TABLE IF EXISTS {table.Groups[1].Value} {on}", isSafe: true);
                server.Do(sql.Replace("'/isthmus/", $"'/isthmus/{Guid.NewGuid():N}/", StringComparison.Ordinal), isSafe: true);
            }
        }
    }

    private static bool HasDatabase(ClickHouseTables tables, ClickHouseAddress address)
    {
        try
        {
            return tables.Number($"SELECT count() FROM system.databases WHERE name = '{address.Name}'") > 0;
        }
        catch (ClickHouseRefusal refusal) when (refusal.Code == 81)
        {
            return false;
        }
    }

    /// <summary>Where rows that the shards share are written to, and asked.</summary>
    public static string Spread(ClickHouseAddress address, string table) => (address.Cluster is null ? "all_" : "every_") + table;

    // What is valid, for whoever asks in SQL: the newest edition of each collector that was said to be whole.
    private static IEnumerable<string> Views(ClickHouseAddress address, string on)
    {
        string name = address.Name;
        yield return $"CREATE VIEW IF NOT EXISTS {name}.valid {on} AS SELECT max(edition) AS edition FROM {name}.editions GROUP BY collector";
        foreach (string table in (string[])["collectors", "sources", "source_faults", "source_views", "not_decoded", "peers", "session_spans",
            "session_losses", "dumps", "table_sizes", "followed", "prefixes", "paths", .. _spread])
        {
            string from = _spread.Contains(table) ? Spread(address, table) : "all_" + table;
            yield return $"CREATE VIEW IF NOT EXISTS {name}.{table} {on} AS SELECT * FROM {name}.{from}"
                + $" WHERE edition IN (SELECT max(edition) FROM {name}.editions GROUP BY collector)";
        }
    }

    private static string Made(string statement, ClickHouseAddress address, string on) => Brace().Replace(statement, match =>
    {
        if (match.Groups[1].Value == "on") return on;
        string table = match.Groups[2].Value;
        if (address.Cluster is null) return "MergeTree";
        // A table that every node has is one set of replicas; of one that is shared each shard is.
        return match.Groups[1].Value == "here" ? $"ReplicatedMergeTree('/isthmus/{address.Name}/every/{table}', '{{shard}}-{{replica}}')"
            : $"ReplicatedMergeTree('/isthmus/{address.Name}/{{shard}}/{table}', '{{replica}}')";
    }).Trim().Replace("EXISTS ", $"EXISTS {address.Name}.", StringComparison.Ordinal);

    [GeneratedRegex(@"\{(on|here|spread) ?(\w*)\}")]
    private static partial Regex Brace();

    [GeneratedRegex(@"^CREATE TABLE IF NOT EXISTS (\S+) ")]
    private static partial Regex TableOf();

    [GeneratedRegex("^--.*\n", RegexOptions.Multiline)]
    private static partial Regex Comment();
}
