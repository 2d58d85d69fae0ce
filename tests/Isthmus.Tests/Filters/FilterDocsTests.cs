using System.Globalization;
using System.Text.RegularExpressions;

using Isthmus.Filters;
using Isthmus.Registry;
using Isthmus.Sources;
using Isthmus.Sources.Compression;
using Isthmus.Tests.Support;
using Isthmus.Wire.Mrt;

namespace Isthmus.Tests.Filters;

/// <summary>docs/filter.md says what filters do.</summary>
public sealed partial class FilterDocsTests
{
    private static readonly string _path = Path.Combine(RealData.Repository, "docs", "filter.md");

    [Fact]
    public void The_examples_give_what_stands_beside_them()
    {
        string text = File.ReadAllText(_path);
        Match[] rows = [.. Example().Matches(text).Cast<Match>()];
        Assert.InRange(rows.Length, 12, 40);
        long[] counts = CountInSample([.. rows.Select(row => row.Groups["filter"].Value.Replace("\\|", "|", StringComparison.Ordinal))]);
        for (int i = rows.Length - 1; i >= 0; i--)
        {
            var events = rows[i].Groups["events"];
            string count = counts[i].ToString("N0", CultureInfo.InvariantCulture);
            text = text[..events.Index] + count + text[(events.Index + events.Length)..];
        }
        Golden.CheckFile(_path, text);
    }

    [Fact]
    public void Every_filter_in_quotes_is_one()
    {
        var filters = Quoted().Matches(File.ReadAllText(_path)).Select(match => match.Groups[1].Value).ToArray();
        Assert.InRange(filters.Length, 1, 10);
        foreach (string filter in filters) Filtering.Parse(filter);
    }

    [Fact]
    public void Every_field_has_its_row()
    {
        string text = File.ReadAllText(_path);
        Assert.Equal(FilterField.All.Select(field => field.Name), Row().Matches(text[..text.IndexOf("## Path patterns", StringComparison.Ordinal)])
            .Select(match => match.Groups[1].Value));
        Assert.All(FilterField.All, field => Assert.Contains(Relations(field), text, StringComparison.Ordinal));
    }

    private static string Relations(FilterField field)
    {
        string[] signs = ["=", "!=", "in", "<", "<=", ">", ">="];
        Relation[] relations = [Relation.Is, Relation.IsNot, Relation.Is, Relation.Less, Relation.AtMost, Relation.More, Relation.AtLeast];
        string asked = string.Join(' ', signs.Where((_, i) => field.Allows(relations[i])));
        return field.Kind is FieldKind.Prefix or FieldKind.Path or FieldKind.Fault ? $"| `{field.Name}` |" : $"| `{field.Name}` | `{asked}` |";
    }

    // One pass over the sample for all filters.
    private static long[] CountInSample(string[] filters)
    {
        var parsed = filters.Select(filter => Filter.Parse(filter, () => RegistrySnapshot.Shipped)).ToArray();
        long[] counts = new long[filters.Length];
        using var inputs = new Inputs();
        foreach (var file in inputs.Resolve([Path.Combine(RealData.Repository, "samples", "kp-2017-10")], Stream.Null, default).Files)
        {
            FileFilter[] bound = [.. parsed.Select(filter => filter.For(file.Collector))];
            using var records = new RecordReader(Decompression.Open(File.OpenRead(file.Path)), new());
            var events = new RouteEventReader();
            while (records.TryRead(out var record))
                foreach (ref readonly var one in events.Read(record))
                    for (int i = 0; i < bound.Length; i++)
                        if (bound[i].Passes(one, events)) counts[i]++;
        }
        return counts;
    }

    [GeneratedRegex(@"^\| `(?<filter>[^`]+)` \| [^|]+ \| (?<events>[0-9,?]+) \|$", RegexOptions.Multiline)]
    private static partial Regex Example();

    [GeneratedRegex("--where '([^']+)'")]
    private static partial Regex Quoted();

    [GeneratedRegex(@"^\| `([a-z-]+)` \| .* \| .* \|$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
