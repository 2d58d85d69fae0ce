using System.Globalization;
using System.Text;

using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Archives;

/// <summary>
/// How many of the first IPv4 prefixes of a dump each peer has, by /16: dumps list prefixes in order, so that the first megabytes of two
/// tell the same part of the table. What is kept of a dump instead of reading it whole.
/// </summary>
/// <param name="End">The first /16, as a number, of which the sample does not tell all; 65536 where the dump was read to its end.</param>
/// <param name="Peers">Of each session its AS and prefixes by /16.</param>
internal sealed record FeedSample(int End, IReadOnlyList<(Asn Asn, IReadOnlyDictionary<int, int> Prefixes)> Peers)
{
    /// <summary>So many prefixes tell a peer with all routes from one with some.</summary>
    private const int PrefixesMax = 2000;

    /// <summary>A dump that tells fewer says nothing of its peers, unless it is read to its end.</summary>
    private const int BlocksAll = 1 << 16;

    /// <summary>Sessions of a collector, and numbers kept of one; no collector has so many.</summary>
    private const int PeersMax = 10_000;

    /// <summary>Reads the start of a dump.</summary>
    /// <param name="isWhole">True where the file is all of the dump.</param>
    public static FeedSample Of(InputFile dump, bool isWhole, CancellationToken stop)
    {
        using var plain = dump.Unpack();
        using var records = RecordSource.Open(plain, new FaultLedger());
        var reader = new RouteReader(records);
        var counts = new Dictionary<int, Dictionary<int, int>>();
        var peers = ReadOnlyMemory<Wire.Mrt.MrtPeer>.Empty;
        int prefixes = 0;
        Prefix last = default;
        while (prefixes < PrefixesMax && reader.Read() is { } batch)
        {
            stop.ThrowIfCancellationRequested();
            using (batch)
            {
                peers = batch.Peers;
                foreach (var row in batch.Rows)
                {
                    if (row.Kind is not RowKind.RibEntry || row.Prefix.Family is not AddressFamily.IPv4) continue;
                    if (row.Prefix != last) prefixes++;
                    last = row.Prefix;
                    if (!counts.TryGetValue(row.Peer, out var own)) counts.Add(row.Peer, own = []);
                    own[BlockOf(row.Prefix)] = own.GetValueOrDefault(BlockOf(row.Prefix)) + 1;
                }
            }
        }
        bool isAll = isWhole && prefixes < PrefixesMax;
        var known = peers;
        return new(isAll ? BlocksAll : BlockOf(last),
            [.. counts.OrderBy(peer => peer.Key).Select(peer => (known.Span[peer.Key].Asn, (IReadOnlyDictionary<int, int>)peer.Value))]);
    }

    private static int BlockOf(Prefix prefix) => (int)(prefix.High >> 48);

    /// <summary>The prefixes of each session below a /16.</summary>
    public IEnumerable<(Asn Asn, int Prefixes)> Below(int end) =>
        Peers.Select(peer => (peer.Asn, peer.Prefixes.Where(block => block.Key < end).Sum(block => block.Value)));

    /// <summary>As it is kept: the end, then a line for each session.</summary>
    public string ToText()
    {
        var text = new StringBuilder().Append(CultureInfo.InvariantCulture, $"end {End}\n");
        foreach (var (asn, prefixes) in Peers)
        {
            text.Append(CultureInfo.InvariantCulture, $"peer {asn.Number}");
            foreach (var (block, count) in prefixes.OrderBy(block => block.Key)) text.Append(CultureInfo.InvariantCulture, $" {block}={count}");
            text.Append('\n');
        }
        return text.ToString();
    }

    /// <summary>Reads what was kept; null where it is none.</summary>
    public static FeedSample? Read(string text)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        bool isSample = lines.Length is > 0 and <= PeersMax && lines[0].StartsWith("end ", StringComparison.Ordinal);
        if (!isSample || Number(lines[0][4..]) is not { } end) return null;
        var peers = new List<(Asn, IReadOnlyDictionary<int, int>)>();
        foreach (string line in lines.Skip(1))
        {
            string[] words = line.Split(' ');
            if (words is not ["peer", var number, ..] || !Asn.TryParse(number, null, out var asn)) return null;
            var prefixes = new Dictionary<int, int>();
            foreach (string word in words.Skip(2))
            {
                string[] pair = word.Split('=');
                if (pair.Length != 2 || Number(pair[0]) is not { } key || Number(pair[1]) is not { } value) return null;
                prefixes[key] = value;
            }
            peers.Add((asn, prefixes));
        }
        return new(end, peers);
    }

    private static int? Number(string text) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) ? number : null;
}
