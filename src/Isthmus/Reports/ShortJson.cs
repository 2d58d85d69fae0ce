using System.Text.Json;

namespace Isthmus.Reports;

/// <summary>
/// A report's JSON whose lists end after so many entries, for a page that people send each other: it says what it leaves out.
/// </summary>
internal static class ShortJson
{
    /// <summary>Lists that are always whole: without them nobody could check the rest.</summary>
    private static readonly string[] _whole = ["inputs", "records", "arguments", "sentences"];

    /// <summary>
    /// The same with at most so many entries of each list, and the key <c>leftOut</c>: how many lack, by the key of their list.
    /// </summary>
    /// <param name="json">A whole report, as JSON in UTF-8 on one line.</param>
    public static byte[] Of(ReadOnlySpan<byte> json, int most)
    {
        using var output = new MemoryStream();
        using (var writer = new Utf8JsonWriter(output, new() { SkipValidation = true }))
        {
            var walk = new Walk(json, writer, most);
            walk.Report();
        }
        return output.ToArray();
    }

    private ref struct Walk(ReadOnlySpan<byte> json, Utf8JsonWriter writer, int most)
    {
        private readonly ReadOnlySpan<byte> _json = json;
        private readonly SortedDictionary<string, long> _leftOut = new(StringComparer.Ordinal);
        private Utf8JsonReader _reader = new(json);

        public void Report()
        {
            _reader.Read();
            writer.WriteStartObject();
            Members("");
            writer.WriteStartObject("leftOut");
            foreach (var (list, entries) in _leftOut) writer.WriteNumber(list, entries);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        private void Members(string path)
        {
            while (_reader.Read() && _reader.TokenType is JsonTokenType.PropertyName)
            {
                string name = _reader.GetString()!;
                writer.WritePropertyName(name);
                _reader.Read();
                Value(path.Length == 0 ? name : $"{path}.{name}");
            }
        }

        private void Value(string path)
        {
            if (_reader.TokenType is JsonTokenType.StartObject)
            {
                writer.WriteStartObject();
                Members(path);
                writer.WriteEndObject();
            }
            else if (_reader.TokenType is JsonTokenType.StartArray)
            {
                writer.WriteStartArray();
                Entries(path, _whole.Contains(path) ? int.MaxValue : most);
                writer.WriteEndArray();
            }
            else
            {
                // As it stands, so that what was escaped stays so.
                writer.WriteRawValue(_json[(int)_reader.TokenStartIndex..(int)_reader.BytesConsumed], skipInputValidation: true);
            }
        }

        private void Entries(string path, int upTo)
        {
            int count = 0;
            for (; _reader.Read() && _reader.TokenType is not JsonTokenType.EndArray; count++)
                if (count < upTo) Value(path); else _reader.Skip();
            if (count > upTo) _leftOut[path] = _leftOut.GetValueOrDefault(path) + count - upTo;
        }
    }
}
