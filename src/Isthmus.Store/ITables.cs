using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>
/// The tables of a store, whatever engine keeps them: rows to append, and rows of an answer. The SQL that is asked through it is what the
/// engines have in common.
/// </summary>
internal interface ITables
{
    /// <summary>What a question is sorted by to have the rows of a table in the order in which they were appended.</summary>
    string AsAppended { get; }

    /// <summary>A table, as a question names it behind FROM.</summary>
    string From(string table);

    /// <summary>The rows of an answer, as they come; a row is good until the next.</summary>
    IEnumerable<T> Rows<T>(string sql, Func<IRow, T> make);

    /// <summary>Adds rows to a table.</summary>
    void Append<T>(string table, IEnumerable<T> rows, Action<IRowWriter, T> values);
}

/// <summary>A row of an answer.</summary>
internal interface IRow
{
    /// <summary>True where a column holds nothing.</summary>
    bool IsNull(int column);

    /// <summary>A whole number of a column of any width.</summary>
    long Number(int column);

    /// <summary>The bits of a column of 64 without sign.</summary>
    ulong Bits(int column);

    /// <summary>A text.</summary>
    string Text(int column);

    /// <summary>True or false.</summary>
    bool Is(int column);

    /// <summary>A time; null where there is none.</summary>
    Timestamp? Time(int column);
}

/// <summary>Takes the values of a row, column by column.</summary>
internal interface IRowWriter
{
    /// <summary>A whole number, for a column that it fits into.</summary>
    IRowWriter Number(long value);

    /// <summary>A text.</summary>
    IRowWriter Text(string value);

    /// <summary>True or false.</summary>
    IRowWriter Is(bool value);

    /// <summary>A time, to the microsecond; null for none.</summary>
    IRowWriter Time(Timestamp? value);
}

/// <summary>What is asked of tables in a few words.</summary>
internal static class TableQuestions
{
    /// <summary>The texts of the first column.</summary>
    public static IReadOnlyList<string> Texts(this ITables tables, string sql) => [.. tables.Rows(sql, row => row.Text(0))];

    /// <summary>The first number of an answer; zero where it has none.</summary>
    public static long Number(this ITables tables, string sql) =>
        tables.Rows(sql, row => row.IsNull(0) ? 0 : row.Number(0)).FirstOrDefault();
}
