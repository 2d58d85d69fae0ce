using System.Text.Json;

using Isthmus.Text;

namespace Isthmus.Reports.Verification;

/// <summary>One place at which two reports differ.</summary>
/// <param name="Key">As <c>changes[0].time</c>.</param>
/// <param name="Stated">What the report says; null where it has no such key.</param>
/// <param name="Rebuilt">What its inputs give; null where they give no such key.</param>
public sealed record ContentDifference(string Key, string? Stated, string? Rebuilt)
{
    private const int TextMax = 60;

    /// <summary>Where two reports differ, key by key, in the order of the first.</summary>
    public static IEnumerable<ContentDifference> Between(JsonElement stated, JsonElement rebuilt) => Compare("", stated, rebuilt);

    /// <summary><c>changes[0].time: the report says "…", the inputs give "…"</c>.</summary>
    public override string ToString() => (Stated, Rebuilt) switch
    {
        (null, { } rebuilt) => $"{Key}: the report lacks it, the inputs give {rebuilt}",
        ({ } stated, null) => $"{Key}: the report says {stated}, the inputs give nothing",
        _ => $"{Key}: the report says {Stated}, the inputs give {Rebuilt}",
    };

    private static IEnumerable<ContentDifference> Compare(string key, JsonElement stated, JsonElement rebuilt)
    {
        if (stated.ValueKind is JsonValueKind.Object && rebuilt.ValueKind is JsonValueKind.Object) return Objects(key, stated, rebuilt);
        if (stated.ValueKind is JsonValueKind.Array && rebuilt.ValueKind is JsonValueKind.Array) return Arrays(key, stated, rebuilt);
        return JsonElement.DeepEquals(stated, rebuilt) ? [] : [new(key, Text(stated), Text(rebuilt))];
    }

    private static IEnumerable<ContentDifference> Objects(string key, JsonElement stated, JsonElement rebuilt)
    {
        string Below(string name) => key.Length == 0 ? name : $"{key}.{name}";
        foreach (var property in stated.EnumerateObject())
        {
            if (!rebuilt.TryGetProperty(property.Name, out var other))
            {
                yield return new(Below(property.Name), Text(property.Value), null);
                continue;
            }
            foreach (var difference in Compare(Below(property.Name), property.Value, other)) yield return difference;
        }
        foreach (var property in rebuilt.EnumerateObject())
            if (!stated.TryGetProperty(property.Name, out _)) yield return new(Below(property.Name), null, Text(property.Value));
    }

    private static IEnumerable<ContentDifference> Arrays(string key, JsonElement stated, JsonElement rebuilt)
    {
        int count = stated.GetArrayLength(), others = rebuilt.GetArrayLength();
        // One after the other: to ask for a place walks past all in front of it.
        foreach (var (i, (one, other)) in stated.EnumerateArray().Zip(rebuilt.EnumerateArray()).Index())
        {
            if (JsonElement.DeepEquals(one, other)) continue;
            foreach (var difference in Compare(FormattableString.Invariant($"{key}[{i}]"), one, other)) yield return difference;
        }
        if (count != others)
            yield return new(key, FormattableString.Invariant($"{count} of them"), FormattableString.Invariant($"{others}"));
    }

    private static string Text(JsonElement value) => Wording.Printable(Wording.Cut(value.GetRawText(), TextMax));
}
