using System.Globalization;

using DuckDB.NET.Data;

using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>One DuckDB file that is a store, open: its schema is checked, and what DuckDB refuses is said in one line.</summary>
internal sealed class Database : ITables, IDisposable
{
    /// <summary>The version of schema.sql; a store of another one is not read.</summary>
    public const int SchemaVersion = SchemaSteps.Newest;

    /// <summary>Memory that DuckDB may take where nobody says otherwise; what needs more goes to a folder beside the file.</summary>
    public const string MemoryDefault = "300MB";

    private readonly DuckAddress _address;
    private DuckDBTransaction? _transaction;

    private Database(DuckAddress address, DuckDBConnection connection) => (_address, Connection) = (address, connection);

    public DuckDBConnection Connection { get; }

    /// <summary>Opens a store to ask it.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be read.</exception>
    public static Database ToRead(DuckAddress address)
    {
        if (!File.Exists(address.Path)) throw new StoreException($"there is no store {address}; 'isthmus ingest INPUT --store {address}' makes one");
        return Open(address, "READ_ONLY", static database => database.Check());
    }

    /// <summary>Opens a store to add to it, and makes it where there is none. One of an older schema becomes one of the newest.</summary>
    /// <exception cref="StoreException">It cannot be written.</exception>
    public static Database ToWrite(DuckAddress address) => ToWrite(address, out _);

    /// <inheritdoc cref="ToWrite(DuckAddress)"/>
    /// <param name="older">The schema that it was of; null for the newest.</param>
    public static Database ToWrite(DuckAddress address, out int? older)
    {
        bool isNew = !File.Exists(address.Path);
        if (Path.GetDirectoryName(Path.GetFullPath(address.Path)) is { } folder && !Directory.Exists(folder))
            throw new StoreException($"there is no folder {folder} for the store {address}");
        int version = SchemaVersion;
        var database = Open(address, "READ_WRITE", database =>
        {
            if (isNew || database.IsEmpty) database.Create();
            else version = database.Version();
            // Then all of it is in the one file.
            if (version < SchemaVersion) database.Do("CHECKPOINT");
        });
        older = version < SchemaVersion ? version : null;
        if (older is null) return database;
        database.Dispose();
        SchemaSteps.Backup(address, version);
        return Open(address, "READ_WRITE", database =>
        {
            if (database.Version() == version) SchemaSteps.Take(database, version);
        });
    }

    private static Database Open(DuckAddress address, string mode, Action<Database> makeReady)
    {
        var database = Open(address, mode);
        try
        {
            makeReady(database);
            return database;
        }
        catch
        {
            // Who holds it open keeps others out.
            database.Dispose();
            throw;
        }
    }

    private static Database Open(DuckAddress address, string mode)
    {
        var text = new DuckDBConnectionStringBuilder { DataSource = address.Path };
        text["access_mode"] = mode;
        text["autoinstall_known_extensions"] = "false";
        text["autoload_known_extensions"] = "false";
        text["memory_limit"] = Environment.GetEnvironmentVariable("ISTHMUS_STORE_MEMORY") is { Length: > 0 } asked ? asked : MemoryDefault;
        try
        {
            var connection = new DuckDBConnection(text.ConnectionString);
            connection.Open();
            return new(address, connection);
        }
        catch (DuckDBException failure)
        {
            throw Of(address, failure);
        }
        catch (Exception failure) when ((failure.InnerException ?? failure) is DllNotFoundException)
        {
            throw new StoreException("the library of DuckDB is not beside the program: copy libduckdb from where the program is from", failure);
        }
    }

    /// <summary>The size of the file.</summary>
    public long Bytes => new FileInfo(_address.Path).Length;

    private bool IsEmpty => Number("SELECT count(*) FROM information_schema.tables") == 0;

    private void Create()
    {
        using var schema = new StreamReader(typeof(Database).Assembly.GetManifestResourceStream("schema.sql")!);
        Do("BEGIN");
        Do(schema.ReadToEnd());
        foreach (var cause in Enum.GetValues<Routes.Cause>()) Do($"INSERT INTO causes VALUES ({(byte)cause}, '{cause}')");
        Do(FormattableString.Invariant($"INSERT INTO about VALUES ('schema', '{SchemaVersion}')"));
        Do("COMMIT");
    }

    private void Check()
    {
        if (Version() is var version && version < SchemaVersion) throw new StoreException(
            $"the store {_address} is of schema {version}, and this program reads {SchemaVersion}: 'isthmus store {_address} --migrate' brings it"
            + " there, and keeps a copy of it as it was");
    }

    private int Version()
    {
        if (Number("SELECT count(*) FROM information_schema.tables WHERE table_name IN ('about', 'route_rows')") != 2)
            throw new StoreException($"{_address} is a DuckDB file, and no store of Isthmus; 'isthmus ingest' makes one");
        string version = Texts("SELECT value FROM about WHERE name = 'schema'").FirstOrDefault("none");
        return int.TryParse(version, CultureInfo.InvariantCulture, out int stated) && stated is >= 1 and <= SchemaVersion ? stated
            : throw new StoreException($"the store {_address} is of schema {version}, and this program reads {SchemaVersion}; use a newer one");
    }

    /// <summary>Does several things, all or none of them, whatever ends the program in between.</summary>
    public void AllOrNone(Action does)
    {
        using var transaction = Connection.BeginTransaction();
        _transaction = transaction;
        try
        {
            does();
            transaction.Commit();
        }
        catch (DuckDBException failure)
        {
            throw Of(_address, failure);
        }
        finally
        {
            _transaction = null;
        }
    }

    /// <summary>Runs a statement.</summary>
    public void Do(string sql)
    {
        using var command = CommandOf(sql);
        Told(command.ExecuteNonQuery);
    }

    /// <summary>The first number of an answer.</summary>
    public long Number(string sql)
    {
        using var command = CommandOf(sql);
        return Convert.ToInt64(Told(command.ExecuteScalar) ?? 0L, CultureInfo.InvariantCulture);
    }

    /// <summary>The texts of the first column.</summary>
    public IReadOnlyList<string> Texts(string sql) => [.. Rows(sql, row => row.GetString(0))];

    /// <summary>The rows of an answer, as they come.</summary>
    public IEnumerable<T> Rows<T>(string sql, Func<DuckDBDataReader, T> make)
    {
        using var command = CommandOf(sql);
        using var rows = Told(command.ExecuteReader);
        while (Told(rows.Read)) yield return make(rows);
    }

    /// <summary>Adds rows to a table.</summary>
    public void Append<T>(string table, IEnumerable<T> rows, Action<IDuckDBAppenderRow, T> values)
    {
        using var appender = Told(() => Connection.CreateAppender(table));
        foreach (var one in rows)
        {
            var row = appender.CreateRow();
            values(row, one);
            row.EndRow();
        }
        Told(() =>
        {
            appender.Close();
            return 0;
        });
    }

    string ITables.AsAppended => "rowid";

    string ITables.From(string table) => table;

    IEnumerable<T> ITables.Rows<T>(string sql, Func<IRow, T> make) => Rows(sql, row => make(new Row(row)));

    void ITables.Append<T>(string table, IEnumerable<T> rows, Action<IRowWriter, T> values)
    {
        var types = Texts($"SELECT data_type FROM duckdb_columns() WHERE NOT internal AND table_name = '{table}' ORDER BY column_index");
        Append(table, rows, (row, one) => values(new RowWriter(row, types), one));
    }

    public void Dispose() => Connection.Dispose();

    private DuckDBCommand CommandOf(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        command.Transaction = _transaction;
        return command;
    }

    private T Told<T>(Func<T> does)
    {
        try
        {
            return does();
        }
        catch (DuckDBException failure)
        {
            throw Of(_address, failure);
        }
    }

    private static StoreException Of(DuckAddress address, DuckDBException failure)
    {
        string said = failure.Message.Split('\n')[0];
        string told = said.Contains("Could not set lock", StringComparison.Ordinal)
            ? "another program has it open, and who writes it has it alone; wait until it is done, or stop it"
            : said.Contains("not a valid DuckDB database", StringComparison.Ordinal) ? "it is no DuckDB file"
            : said.Contains("No space left", StringComparison.Ordinal) ? "the disk is full; make room, and run the command again"
            : said.Contains("Permission denied", StringComparison.Ordinal) ? "it may not be opened by this user"
            : $"{said}; where it is damaged, fill it again from its files, or take a copy";
        return new($"the store {address}: {told}", failure);
    }

    private sealed class Row(DuckDBDataReader row) : IRow
    {
        public bool IsNull(int column) => row.IsDBNull(column);
        public long Number(int column) => Convert.ToInt64(row.GetValue(column), CultureInfo.InvariantCulture);
        public ulong Bits(int column) => row.GetFieldValue<ulong>(column);
        public string Text(int column) => row.GetString(column);
        public bool Is(int column) => row.GetBoolean(column);
        public Timestamp? Time(int column) => row.IsDBNull(column)
            ? null : Timestamp.From(new(DateTime.SpecifyKind(row.GetDateTime(column), DateTimeKind.Utc)));
    }

    // DuckDB takes a number in the width of its column alone.
    private sealed class RowWriter(IDuckDBAppenderRow row, IReadOnlyList<string> types) : IRowWriter
    {
        private int _column;

        public IRowWriter Number(long value) => And(types[_column] switch
        {
            "UTINYINT" => row.AppendValue(checked((byte)value)),
            "USMALLINT" => row.AppendValue(checked((ushort)value)),
            "INTEGER" => row.AppendValue(checked((int)value)),
            "UINTEGER" => row.AppendValue(checked((uint)value)),
            _ => row.AppendValue(value),
        });

        public IRowWriter Text(string value) => And(row.AppendValue(value));
        public IRowWriter Is(bool value) => And(row.AppendValue(value));
        public IRowWriter Time(Timestamp? value) => And(row.AppendValue(value?.ToDateTimeOffset().UtcDateTime));

        private RowWriter And(IDuckDBAppenderRow _)
        {
            _column++;
            return this;
        }
    }
}
