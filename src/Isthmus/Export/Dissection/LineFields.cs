using System.Text;

using Isthmus.Wire;

namespace Isthmus.Export.Dissection;

/// <summary>The fields of a line of <c>bgpdump -m</c>, each with the bar behind it.</summary>
internal static class LineFields
{
    private static readonly string[] _head = ["type", "time", "kind", "peer address", "peer AS"];
    private static readonly string[] _state = [.. _head, "old state", "new state"];
    private static readonly string[] _route =
        [.. _head, "prefix", "path", "origin", "next hop", "local preference", "MED", "communities", "AG or NAG", "aggregator"];

    private static readonly string[] _routeWithPathId = [.. _route[..6], "path identifier", .. _route[6..]];

    /// <summary>All bytes of the line, front to back; a field that a line does not have is shown without a name.</summary>
    public static IReadOnlyList<DissectedField> Dissect(ReadOnlySpan<byte> line)
    {
        var fields = new List<DissectedField>();
        string[] names = _route;
        for (int at = 0; at < line.Length;)
        {
            int bar = line[at..].IndexOf((byte)'|');
            int length = bar < 0 ? line.Length - at : bar + 1;
            string text = Encoding.UTF8.GetString(line.Slice(at, bar < 0 ? length : bar));
            if (fields.Count == 0 && text.EndsWith("_AP", StringComparison.Ordinal)) names = _routeWithPathId;
            if (fields.Count == 2 && text == "STATE") names = _state;
            string name = fields.Count < names.Length ? names[fields.Count] : "not a field";
            fields.Add(new(at, length, 0, name, name == "time" ? InWords(text) : text.Length == 0 ? "none" : text));
            at += length;
        }
        return fields;
    }

    private static string InWords(string seconds) =>
        uint.TryParse(seconds.Split('.')[0], out uint whole) ? $"{seconds}, {Timestamp.FromSeconds(whole)}" : seconds;
}
