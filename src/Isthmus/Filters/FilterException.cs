using System.Globalization;

namespace Isthmus.Filters;

/// <summary>A filter that makes no sense; the message says where, what is wrong and what to do, in one line.</summary>
public sealed class FilterException : Exception
{
    /// <summary>So much of a long filter is shown around the place.</summary>
    private const int ShownMax = 96;

    private readonly string _text;

    /// <param name="text">The filter.</param>
    /// <param name="column">From 1.</param>
    public FilterException(string text, int column, string what)
        : base(string.Create(CultureInfo.InvariantCulture, $"column {column}: {what}"))
    {
        Column = column;
        _text = text;
    }

    /// <summary>Where in the filter, from 1.</summary>
    public int Column { get; }

    /// <summary>The filter, and below it a caret at the place.</summary>
    public string Picture
    {
        get
        {
            int from = Math.Max(0, Math.Min(Column - 1 - ShownMax / 2, _text.Length - ShownMax));
            string shown = _text.Substring(from, Math.Min(ShownMax, _text.Length - from));
            string plain = string.Concat(shown.Select(letter => char.IsControl(letter) ? ' ' : letter));
            return $"  {plain}\n  {new string(' ', Column - 1 - from)}^";
        }
    }
}
