using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Support;

/// <summary>Paths in the notation of methods.md: <c>3333 (64512 64513) {4837,1} 131279</c>, as <see cref="PathWords"/>.</summary>
public static class ParsedPath
{
    public static uint[] Of(string text)
    {
        var words = new List<uint>();
        foreach (string part in Parts(text))
        {
            uint[] asns = [.. part.Split([' ', ',', '{', '}', '(', ')'], StringSplitOptions.RemoveEmptyEntries).Select(uint.Parse)];
            var type = part[0] switch { '{' => SegmentType.Set, '(' => SegmentType.ConfedSequence, _ => SegmentType.Sequence };
            words.Add(PathWords.Header(type, asns.Length));
            words.AddRange(asns);
        }
        return [.. words];
    }

    private static IEnumerable<string> Parts(string text)
    {
        for (int start = 0; start < text.Length;)
        {
            char close = text[start] switch { '{' => '}', '(' => ')', _ => '\0' };
            int end = close != '\0' ? text.IndexOf(close, start) + 1 : text.AsSpan(start).IndexOfAny('{', '(') is var open and > 0
                ? start + open : text.Length;
            string part = text[start..end].Trim();
            if (part.Length > 0) yield return part;
            start = end;
            while (start < text.Length && text[start] == ' ') start++;
        }
    }
}
