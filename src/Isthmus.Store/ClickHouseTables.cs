using System.Globalization;
using System.Text;

using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>
/// The tables of a store in ClickHouse, as they are of some editions of its collectors: what others add meanwhile is not seen, so that
/// several questions have answers that belong together.
/// </summary>
internal sealed class ClickHouseTables : ITables
{
    /// <summary>Bytes of rows that are sent at once.</summary>
    private const int BlockMax = 8 << 20;

    private readonly ClickHouseServer _server;
    private readonly Lazy<ILookup<string, string>> _types;
    private readonly string _database;
    private readonly bool _knowsBlocks;

    /// <param name="knowsBlocks">True where the server knows a block of rows that comes again.</param>
    public ClickHouseTables(ClickHouseServer server, string database, bool knowsBlocks)
    {
        (_server, _database, _knowsBlocks) = (server, database, knowsBlocks);
        _types = new(() => Rows($"SELECT table, type FROM system.columns WHERE database = '{database}'", row => (row.Text(0), row.Text(1)))
            .ToLookup(row => row.Item1, row => row.Item2));
    }

    /// <summary>The editions that are asked, a collector each; of none nothing is there.</summary>
    public IReadOnlyList<long> Editions { get; init; } = [];

    /// <summary>The edition that rows are appended to.</summary>
    public long Adding { get; init; }

    /// <summary>The same server, for other editions.</summary>
    public ClickHouseTables Of(IReadOnlyList<long> editions, long adding) => new(this, editions, adding);

    private ClickHouseTables(ClickHouseTables other, IReadOnlyList<long> editions, long adding)
    {
        (_server, _database, _types, _knowsBlocks) = (other._server, other._database, other._types, other._knowsBlocks);
        (Editions, Adding) = (editions, adding);
    }

    /// <inheritdoc/>
    public string AsAppended => "edition, place";

    /// <summary>What is asked of a table is of the editions alone.</summary>
    public string Pinned => Editions.Count == 0 ? "edition = 0" : $"edition IN ({string.Join(',', Editions)})";

    // By its database, too: shards that are asked stand in another one.
    /// <inheritdoc/>
    public string From(string table) => table is "selections" or "about" or "notices" or "unread" or "passed_over"
        ? table : $"(SELECT * FROM {_database}.all_{table} WHERE {Pinned})";

    /// <inheritdoc/>
    public IEnumerable<T> Rows<T>(string sql, Func<IRow, T> make)
    {
        var row = new Row();
        foreach (string line in _server.Lines(sql + " FORMAT TabSeparated"))
        {
            row.Fields = line.Split('\t');
            yield return Made();
        }

        T Made()
        {
            try
            {
                return make(row);
            }
            catch (Exception failure) when (failure is FormatException or OverflowException or IndexOutOfRangeException)
            {
                throw _server.Strange();
            }
        }
    }

    /// <summary>
    /// The same of the editions that are asked: one that a newer one has taken the place of goes when its collector is stored once more.
    /// </summary>
    /// <exception cref="StoreException">One of them went meanwhile.</exception>
    public IEnumerable<T> RowsOfAll<T>(string sql, Func<IRow, T> make)
    {
        foreach (var row in Rows(sql, make)) yield return row;
        if (Editions.Count > 0 && this.Number($"SELECT count() FROM all_collectors WHERE {Pinned}") != Editions.Count)
            throw new StoreException($"the store {_database} was filled anew while it was read; ask again");
    }

    /// <summary>The numbers of a list.</summary>
    public static uint[] ListOf(string field) => field.Length <= 2
        ? [] : [.. field[1..^1].Split(',').Select(number => uint.Parse(number, CultureInfo.InvariantCulture))];

    /// <inheritdoc/>
    public void Append<T>(string table, IEnumerable<T> rows, Action<IRowWriter, T> values)
    {
        bool isOfEdition = From(table) != table;
        int place = 0;
        AppendTo(isOfEdition ? "all_" + table : table, rows, (row, one) =>
        {
            if (isOfEdition) row.Number(Adding).Number(place++);
            values(row, one);
        });
    }

    /// <summary>Adds rows to a table by its own name, a block at a time.</summary>
    public void AppendTo<T>(string table, IEnumerable<T> rows, Action<RowBinary, T> values)
    {
        var block = new RowBinary([.. _types.Value[table]]);
        foreach (var one in rows)
        {
            values(block, one);
            block.EndRow();
            if (block.Bytes.Length >= BlockMax) Send();
        }
        if (block.Rows > 0) Send();

        void Send()
        {
            _server.Insert(table, block.Bytes, _knowsBlocks);
            block.Clear();
        }
    }

    private sealed class Row : IRow
    {
        public string[] Fields { get; set; } = [];

        public bool IsNull(int column) => Fields[column] == "\\N";
        public long Number(int column) => long.Parse(Fields[column], CultureInfo.InvariantCulture);
        public ulong Bits(int column) => ulong.Parse(Fields[column], CultureInfo.InvariantCulture);
        public bool Is(int column) => Fields[column] == "1";
        public Timestamp? Time(int column) => IsNull(column) ? null : new(Number(column));

        public string Text(int column)
        {
            string field = Fields[column];
            if (!field.Contains('\\', StringComparison.Ordinal)) return field;
            var text = new StringBuilder(field.Length);
            for (int at = 0; at < field.Length; at++)
                text.Append(field[at] != '\\' || at + 1 == field.Length ? field[at] : field[++at] switch
                {
                    'n' => '\n',
                    't' => '\t',
                    'r' => '\r',
                    'b' => '\b',
                    'f' => '\f',
                    '0' => '\0',
                    var other => other,
                });
            return text.ToString();
        }
    }
}
