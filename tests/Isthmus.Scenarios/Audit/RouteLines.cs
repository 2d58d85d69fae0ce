using System.Globalization;

namespace Isthmus.Scenarios;

/// <summary>
/// What the lines of <c>isthmus read</c> say that each peer held: the audit's own memory of routes, one step a line, which shares no
/// code with the tables of the program. Times are microseconds since 1970.
/// </summary>
public sealed class RouteLines
{
    private const int TransferMin = 20_000;

    /// <summary>Lines of a dump are of one dump within this time of its first, in microseconds: it takes seconds to write.</summary>
    private const long DumpMax = 1_800_000_000;

    private readonly IReadOnlySet<uint>? _fullFeeds;
    private readonly Dictionary<int, int> _announced = [];
    private readonly Dictionary<string, int> _peers = [];
    private readonly Dictionary<string, HeldPath> _paths = [];
    private readonly Dictionary<string, Dictionary<int, List<RouteStep>>> _steps = [];
    private readonly Dictionary<int, List<long>> _losses = [];
    private readonly Dictionary<uint, HashSet<string>> _prefixesOf = [], _prefixesOfSets = [];
    private readonly Dictionary<(int Peer, bool IsIpv6, long Time), HashSet<string>> _dumps = [];
    private readonly Dictionary<(int Peer, bool IsIpv6), long> _dumpBegan = [];

    /// <summary>AS number of each peer.</summary>
    public List<uint> PeerAses { get; } = [];

    /// <summary>First and last time of a line.</summary>
    public (long From, long To) Period { get; private set; } = (long.MaxValue, long.MinValue);

    /// <summary>True where a dump is among the lines.</summary>
    public bool HasTable => _dumps.Count > 0;

    /// <summary>True where a session sent so many prefixes that it can only have been its table.</summary>
    public bool HasTransfer => _announced.Any(entry => entry.Value >= TransferMin);

    /// <summary>Peer ASes that send a full table: as given, else those with at least half as many prefixes as the widest session.</summary>
    public IReadOnlySet<uint> FullFeeds
    {
        get
        {
            if (_fullFeeds is not null) return _fullFeeds;
            int most = _announced.Values.DefaultIfEmpty().Max();
            return _announced.Where(entry => entry.Value * 2 >= most).Select(entry => PeerAses[entry.Key]).ToHashSet();
        }
        init => _fullFeeds = value;
    }

    /// <summary>Prefixes that some line shows with this origin.</summary>
    public IReadOnlyCollection<string> PrefixesOf(uint origin) => _prefixesOf.GetValueOrDefault(origin, []);

    /// <summary>Prefixes that some line shows with a set at the end that names this origin.</summary>
    public IReadOnlyCollection<string> PrefixesOfSets(uint origin) => _prefixesOfSets.GetValueOrDefault(origin, []);

    /// <summary>Steps of each peer on a prefix, in order of time.</summary>
    public IReadOnlyDictionary<int, List<RouteStep>> StepsOf(string prefix) =>
        _steps.TryGetValue(prefix, out var steps) ? steps : new Dictionary<int, List<RouteStep>>();

    /// <summary>Peers and times of the dumps that have routes of a family, with the prefixes they list.</summary>
    public IEnumerable<(int Peer, long Time, HashSet<string> Listed)> DumpsOf(bool isIpv6) =>
        _dumps.Where(dump => dump.Key.IsIpv6 == isIpv6).Select(dump => (dump.Key.Peer, dump.Key.Time, dump.Value));

    /// <summary>When a peer's session was lost.</summary>
    public IReadOnlyList<long> LossesOf(int peer) => _losses.GetValueOrDefault(peer, []);

    /// <summary>Takes a line; the lines of one source must come in order.</summary>
    /// <param name="source">Which collector it is of.</param>
    public void Add(string line, string source)
    {
        string[] fields = line.Split('|');
        if (fields.Length < 6 || !TryTime(fields[1], out long time)) return;
        Period = (Math.Min(Period.From, time), Math.Max(Period.To, time));
        int peer = PeerOf($"{source}|{fields[3]}|{fields[4]}", fields[4]);
        switch (fields[2])
        {
            case "A": Step(peer, fields[5], time, PathOf(fields[6]), isOfDump: false); break;
            case "W": Step(peer, fields[5], time, null, isOfDump: false); break;
            case "B":
                Step(peer, fields[5], time, PathOf(fields[6]), isOfDump: true);
                bool isIpv6 = fields[5].Contains(':');
                long began = _dumpBegan.GetValueOrDefault((peer, isIpv6), long.MinValue / 2);
                if (time < began || time - began > DumpMax) _dumpBegan[(peer, isIpv6)] = began = time;
                var key = (peer, isIpv6, began);
                if (!_dumps.TryGetValue(key, out var listed)) _dumps[key] = listed = [];
                listed.Add(fields[5]);
                break;
            case "STATE" when fields[^1].Trim() is not "6":
                if (!_losses.TryGetValue(peer, out var losses)) _losses[peer] = losses = [];
                losses.Add(time);
                break;
        }
    }

    /// <summary>The routes that are known at a time, as lines of a dump.</summary>
    public IEnumerable<string> ToTable(long time)
    {
        string second = (time / 1_000_000).ToString(CultureInfo.InvariantCulture);
        string[] names = [.. _peers.OrderBy(peer => peer.Value).Select(peer => peer.Key)];
        foreach (var (prefix, peers) in _steps.OrderBy(entry => entry.Key, StringComparer.Ordinal))
            foreach (var (peer, steps) in peers.OrderBy(entry => entry.Key))
            {
                string[] name = names[peer].Split('|');
                var last = steps.LastOrDefault(step => step.Time <= time);
                if (last.Path is { } path && !LossesOf(peer).Any(loss => loss >= last.Time && loss <= time))
                    yield return $"TABLE_DUMP2|{second}|B|{name[1]}|{name[2]}|{prefix}|{path.Text}|IGP|{name[1]}|0|0||NAG||";
            }
    }

    /// <summary>The origins whose routes moved most, by steps that change upstream, origin or whether there is a route.</summary>
    public IReadOnlyList<uint> Movers(int most)
    {
        var moves = new Dictionary<uint, int>();
        foreach (var steps in _steps.Values.SelectMany(peers => peers.Values))
            for (int i = 0; i < steps.Count; i++)
            {
                var before = i > 0 ? steps[i - 1].Path : null;
                if (i > 0 && before?.Origin == steps[i].Path?.Origin && before?.Upstream == steps[i].Path?.Upstream) continue;
                if ((steps[i].Path ?? before)?.Origin is { } origin) moves[origin] = moves.GetValueOrDefault(origin) + 1;
            }
        return [.. moves.OrderByDescending(entry => entry.Value).ThenBy(entry => entry.Key).Take(most).Select(entry => entry.Key)];
    }

    private void Step(int peer, string prefix, long time, HeldPath? path, bool isOfDump)
    {
        if (!_steps.TryGetValue(prefix, out var peers)) _steps[prefix] = peers = [];
        if (!peers.TryGetValue(peer, out var steps)) peers[peer] = steps = [];
        if (steps.Count == 0) _announced[peer] = _announced.GetValueOrDefault(peer) + 1;
        // Sources are read one after the other: a dump may come after the updates that follow it.
        int at = steps.Count;
        while (at > 0 && (steps[at - 1].Time > time || isOfDump && steps[at - 1].Time == time && !steps[at - 1].IsOfDump)) at--;
        steps.Insert(at, new(time, path, isOfDump));
        if (path?.Origin is { } origin) Note(_prefixesOf, origin);
        foreach (uint member in path?.OriginSet ?? []) Note(_prefixesOfSets, member);

        void Note(Dictionary<uint, HashSet<string>> of, uint asn)
        {
            if (!of.TryGetValue(asn, out var prefixes)) of[asn] = prefixes = [];
            prefixes.Add(prefix);
        }
    }

    private int PeerOf(string key, string asn)
    {
        if (_peers.TryGetValue(key, out int peer)) return peer;
        PeerAses.Add(uint.Parse(asn, CultureInfo.InvariantCulture));
        return _peers[key] = _peers.Count;
    }

    private HeldPath PathOf(string text)
    {
        if (!_paths.TryGetValue(text, out var path)) _paths[text] = path = HeldPath.Of(text);
        return path;
    }

    /// <summary>Seconds with up to six digits behind the point, in microseconds.</summary>
    public static bool TryTime(string text, out long micros)
    {
        bool isNumber = decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out decimal seconds);
        micros = isNumber ? (long)(seconds * 1_000_000) : 0;
        return isNumber;
    }
}

/// <summary>A peer's route of a prefix from a time on; no path where it has none.</summary>
public readonly record struct RouteStep(long Time, HeldPath? Path, bool IsOfDump);
