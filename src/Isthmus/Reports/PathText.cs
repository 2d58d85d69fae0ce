using System.Globalization;
using System.Text;

namespace Isthmus.Reports;

/// <summary>An interned AS path as people write it: <c>3356 20485 131279</c>, sets in braces, confederations in brackets.</summary>
public static class PathText
{
    /// <summary>A path of a table; of several that a peer holds at once each, that of the lowest identifier first.</summary>
    public static string Of(Routes.PathTable paths, int path) => paths.SetOf(path) is { } set
        ? string.Join(" | ", set.Select(one => Of(paths[one]))) : Of(paths[path]);

    /// <summary>The path of <see cref="Routes.PathTable"/>'s words.</summary>
    public static string Of(ReadOnlySpan<uint> words)
    {
        var text = new StringBuilder();
        while (words.Length > 0)
        {
            int type = (int)(words[0] >> 16), count = Math.Min((int)(words[0] & 0xFFFF), words.Length - 1);
            var (open, between, close) = type switch
            {
                1 => ("{", ",", "}"),
                3 => ("(", " ", ")"),
                4 => ("[", ",", "]"),
                _ => ("", " ", ""),
            };
            if (text.Length > 0) text.Append(' ');
            text.Append(open);
            for (int i = 1; i <= count; i++)
                text.Append(i > 1 ? between : "").Append(words[i].ToString(CultureInfo.InvariantCulture));
            text.Append(close);
            words = words[(count + 1)..];
        }
        return text.ToString();
    }
}
