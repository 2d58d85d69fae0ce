using System.Globalization;

using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>The types of AS path segments (RFC 4271 section 4.3, RFC 5065 section 3).</summary>
public enum SegmentType : byte
{
    Set = 1,
    Sequence = 2,
    ConfederationSequence = 3,
    ConfederationSet = 4,
}

/// <summary>One segment of an AS path.</summary>
public sealed record WrittenSegment(SegmentType Type, IReadOnlyList<Asn> Asns);

/// <summary>
/// AS paths as text, in bgpdump's way: <c>2914 1239 {4837,9929}</c> with a set, <c>(65001 65002)</c> a confederation
/// sequence, <c>[65001,65002]</c> a confederation set. Empty text is the empty path.
/// </summary>
public static class PathText
{
    private static readonly char[] Separators = [' ', ','];

    public static IReadOnlyList<WrittenSegment> Parse(string text)
    {
        var segments = new List<WrittenSegment>();
        for (int at = 0; at < text.Length;)
        {
            var (type, close) = text[at] switch
            {
                '{' => (SegmentType.Set, '}'),
                '(' => (SegmentType.ConfederationSequence, ')'),
                '[' => (SegmentType.ConfederationSet, ']'),
                _ => (SegmentType.Sequence, '\0'),
            };
            bool bare = type is SegmentType.Sequence;
            int end = bare ? text.AsSpan(at).IndexOfAny('{', '(', '[') : text.AsSpan(at).IndexOf(close);
            if (end < 0 && !bare) throw new FormatException($"'{text}' lacks '{close}'");
            end = end < 0 ? text.Length : at + end;
            string inside = bare ? text[at..end] : text[(at + 1)..end];
            var asns = inside.Split(Separators, StringSplitOptions.RemoveEmptyEntries)
                .Select(word => Asn.Parse(word)).ToList();
            if (asns.Count > 0 || !bare) segments.Add(new(type, asns));
            at = bare ? end : end + 1;
        }
        return segments;
    }

    /// <summary>A plain sequence as text.</summary>
    public static string Of(IEnumerable<uint> hops) =>
        string.Join(' ', hops.Select(hop => hop.ToString(CultureInfo.InvariantCulture)));

    /// <summary>The bytes of AS_PATH or AS4_PATH. A segment too long for its one-byte count becomes several.</summary>
    public static byte[] Encode(IReadOnlyList<WrittenSegment> segments, bool wide)
    {
        var writer = new ByteWriter();
        foreach (var segment in segments)
        {
            for (int at = 0; at == 0 || at < segment.Asns.Count; at += byte.MaxValue)
            {
                var part = segment.Asns.Skip(at).Take(byte.MaxValue).ToList();
                writer.U8((int)segment.Type).U8(part.Count);
                foreach (var asn in part) writer.Asn(asn, wide);
            }
        }
        return writer.ToArray();
    }
}
