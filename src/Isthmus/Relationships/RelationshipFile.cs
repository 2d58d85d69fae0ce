using System.Globalization;
using System.Text;

using Isthmus.Files;
using Isthmus.Sources.Compression;
using Isthmus.Wire;

namespace Isthmus.Relationships;

/// <summary>
/// CAIDA's files of AS relationships. Serial-1 has lines <c>provider|customer|-1</c> and <c>peer|peer|0</c>, serial-2 a fourth field, the
/// source of the link; lines that begin with # are comments, of which one may name the clique.
/// </summary>
public static class RelationshipFile
{
    private static readonly string[] _cliqueWords = ["# input clique:", "# inferred clique:"];

    /// <summary>Reads a file, plain or compressed.</summary>
    /// <param name="faults">A line for each line that says no relationship, or another than one before it, with file and line.</param>
    /// <exception cref="IOException">The file is not there, too large, or holds no relationship at all.</exception>
    public static RelationshipGraph Read(string path, ICollection<string> faults)
    {
        string name = Path.GetFileName(path);
        using var stored = BoundedFile.OpenRead(path);
        using var plain = BoundedFile.Bound(Decompression.Open(stored), $"the relationships {name}", BoundedFile.RegistryBytesMax,
            BoundedFile.LineBytesMax);
        using var reader = new StreamReader(plain, Encoding.UTF8);
        var graph = Read(reader, name, faults);
        return graph.Count > 0 ? graph : throw new IOException(
            $"{name} holds no AS relationships: lines of provider|customer|-1 and peer|peer|0 are read, as CAIDA's serial-1 and serial-2 have");
    }

    /// <summary>Reads the text of a file.</summary>
    /// <param name="name">For the faults.</param>
    /// <inheritdoc cref="Read(string, ICollection{string})"/>
    public static RelationshipGraph Read(TextReader reader, string name, ICollection<string> faults)
    {
        var links = new List<AsLink>();
        var known = new Dictionary<(uint, uint), (AsLink Link, int Line)>();
        Asn[] clique = [];
        for (int number = 1; reader.ReadLine() is { } line; number++)
        {
            if (line.Length == 0) continue;
            if (line[0] == '#')
            {
                if (CliqueOf(line) is [_, ..] named) clique = named;
                continue;
            }
            if (!TryRead(line, out var link, out string wrong))
            {
                faults.Add(string.Create(CultureInfo.InvariantCulture, $"{name}: line {number}: {wrong}: {line}"));
                continue;
            }
            var pair = (Math.Min(link.First.Number, link.Second.Number), Math.Max(link.First.Number, link.Second.Number));
            if (known.TryAdd(pair, (link, number))) links.Add(link);
            else if (known[pair] is var before && (before.Link.Kind != link.Kind || link.Kind is LinkKind.Transit
                && before.Link.First != link.First))
                faults.Add(string.Create(CultureInfo.InvariantCulture,
                    $"{name}: line {number}: another relationship than line {before.Line} has, which counts: {line}"));
        }
        return RelationshipGraph.Of(links, clique);
    }

    /// <summary>Writes a graph, links in the order of their AS numbers, the clique in a comment.</summary>
    /// <param name="source">What stands in the fourth field of serial-2; null for serial-1.</param>
    public static void Write(RelationshipGraph graph, TextWriter output, string? source = null)
    {
        if (graph.Clique.Count > 0) output.Write(
            $"{_cliqueWords[1]} {string.Join(' ', graph.Clique.Select(asn => asn.Number.ToString(CultureInfo.InvariantCulture)))}\n");
        foreach (var link in graph.Links.OrderBy(link => link.First).ThenBy(link => link.Second))
            output.Write(string.Create(CultureInfo.InvariantCulture,
                $"{link.First.Number}|{link.Second.Number}|{(link.Kind is LinkKind.Transit ? "-1" : "0")}{(source is null ? "" : $"|{source}")}\n"));
    }

    private static bool TryRead(string line, out AsLink link, out string wrong)
    {
        (link, wrong) = (default, "no relationship");
        string[] fields = line.Split('|');
        if (fields.Length is not (3 or 4) || !Asn.TryParse(fields[0], null, out var first) || !Asn.TryParse(fields[1], null,
            out var second))
            return false;
        // Before 2012 there were codes 1 and 2 besides, of which what they mean differs by the edition.
        LinkKind? kind = fields[2] switch { "-1" => LinkKind.Transit, "0" => LinkKind.Peering, _ => null };
        if (kind is null)
        {
            wrong = $"the code {fields[2]} is not known, only -1 and 0 are";
            return false;
        }
        if (first == second)
        {
            wrong = "an AS beside itself";
            return false;
        }
        link = new(first, second, kind.Value);
        return true;
    }

    private static Asn[] CliqueOf(string line) =>
        Array.Find(_cliqueWords, word => line.StartsWith(word, StringComparison.Ordinal)) is not { } word ? []
        : [.. line[word.Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => Asn.TryParse(text, null, out var asn) ? asn : default).Where(asn => asn.Number != 0)];
}
