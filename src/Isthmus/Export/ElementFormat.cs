namespace Isthmus.Export;

/// <summary>How <c>isthmus read</c> prints elements.</summary>
public enum ElementFormat
{
    /// <summary>As <c>bgpdump -m</c>: one line, fields between bars.</summary>
    Line,
    /// <summary>One JSON object a line, always with the same keys.</summary>
    Json,
    /// <summary>RFC 4180, with a header row; the columns are JSON's keys.</summary>
    Csv,
    /// <summary>A Parquet file with the same columns, typed (docs/schema.md). It is whole after <see cref="ElementWriter.Flush"/>.</summary>
    Parquet,
}
