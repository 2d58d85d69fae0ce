using System.Globalization;

namespace Isthmus.Scenarios;

/// <summary>What is known of one AS's prefixes from the lines, asked by peer AS.</summary>
public sealed class SubjectLines
{
    private readonly RouteLines _lines;
    private readonly Dictionary<(uint PeerAs, string Prefix), List<List<RouteStep>>> _sessions = [];
    private readonly Dictionary<List<RouteStep>, int> _peerOf = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<string, uint[]> _peerAses = [];

    public SubjectLines(RouteLines lines, uint subject)
    {
        _lines = lines;
        Subject = subject;
        Prefixes = [.. lines.PrefixesOf(subject).Where(CountsWorldWide).Order(StringComparer.Ordinal)];
        Possible = [.. Prefixes, .. lines.PrefixesOfSets(subject).Where(CountsWorldWide).Except(Prefixes).Order(StringComparer.Ordinal)];
        foreach (string prefix in Possible) Take(prefix);
    }

    // By docs/methods.md: longer than /24 or /48 stands apart, and what is no network of the Internet counts for nothing.
    private static bool CountsWorldWide(string prefix)
    {
        int slash = prefix.IndexOf('/', StringComparison.Ordinal);
        int length = int.Parse(prefix.AsSpan(slash + 1), NumberStyles.None, CultureInfo.InvariantCulture);
        return prefix.Contains(':') ? length is >= 19 and <= 48 && prefix[0] is '2' or '3' : length is >= 8 and <= 24
            && prefix[..slash].Split('.').Select(part => int.Parse(part, CultureInfo.InvariantCulture)).ToArray() is not (
                [0 or 10 or 127 or >= 224, ..] or [100, >= 64 and <= 127, ..] or [169, 254, ..] or [172, >= 16 and <= 31, ..]
                or [192, 168, ..] or [192, 0, 0 or 2, ..] or [198, 18 or 19, ..] or [198, 51, 100, ..] or [203, 0, 113, ..]);
    }

    /// <summary>The AS that is asked about.</summary>
    public uint Subject { get; }

    /// <summary>Prefixes that count world-wide and that it was seen to originate at any time.</summary>
    public IReadOnlyList<string> Prefixes { get; }

    /// <summary>These, and those of which a set at the end of a path names it.</summary>
    public IReadOnlyList<string> Possible { get; }

    /// <summary>All times at which something changed on some prefixes.</summary>
    public IEnumerable<long> Times(IReadOnlyCollection<string> prefixes) => _sessions.Where(entry => prefixes.Contains(entry.Key.Prefix))
        .SelectMany(entry => entry.Value).SelectMany(steps => steps).Select(step => step.Time).Distinct().Order();

    /// <summary>Peer ASes of which at least one line or dump speaks of a prefix.</summary>
    public IReadOnlyList<uint> PeerAsesOf(string prefix) => _peerAses.GetValueOrDefault(prefix, []);

    /// <summary>What a peer AS held: null where it is not known, a step without a path where it held none.</summary>
    public RouteStep? At(uint peerAs, string prefix, long time)
    {
        RouteStep? known = null;
        foreach (var steps in _sessions.GetValueOrDefault((peerAs, prefix), []))
        {
            if (At(steps, time) is not { } step) continue;
            if (known?.Path is null) known = step;
        }
        return known;
    }

    /// <summary>What a peer AS held before the messages of a time: a dump of that time tells it, too.</summary>
    public RouteStep? Before(uint peerAs, string prefix, long time)
    {
        if (At(peerAs, prefix, time - 1) is { } known) return known;
        foreach (var steps in _sessions.GetValueOrDefault((peerAs, prefix), []))
            if (steps.FindIndex(step => step.Time == time && step.IsOfDump) is >= 0 and var at) return steps[at];
        return null;
    }

    /// <summary>The paths that the sessions of a peer AS hold, of those that are known.</summary>
    public IEnumerable<HeldPath> PathsAt(uint peerAs, string prefix, long time) => _sessions.GetValueOrDefault((peerAs, prefix), [])
        .Select(steps => At(steps, time)?.Path).OfType<HeldPath>();

    /// <summary>How many peer ASes hold what is asked for on any of the prefixes, and of how many anything is known.</summary>
    /// <param name="of">The peer ASes that are asked; null for all.</param>
    public (int Holding, int Known) Count(
        IEnumerable<string> prefixes, long time, Func<HeldPath, bool> isWanted, IReadOnlySet<uint>? of = null)
    {
        var holding = new HashSet<uint>();
        var known = new HashSet<uint>();
        foreach (string prefix in prefixes)
            foreach (uint peerAs in PeerAsesOf(prefix))
            {
                if (of?.Contains(peerAs) is false || At(peerAs, prefix, time) is not { } step) continue;
                known.Add(peerAs);
                if (step.Path is { } path && isWanted(path)) holding.Add(peerAs);
            }
        return (holding.Count, known.Count);
    }

    /// <summary>Peer ASes that held what is asked for on any of the prefixes without a break over an interval.</summary>
    public int Throughout(IEnumerable<string> prefixes, long from, long to, Func<HeldPath, bool> isWanted)
    {
        var holding = new HashSet<uint>();
        foreach (string prefix in prefixes)
            foreach (uint peerAs in PeerAsesOf(prefix))
                if (_sessions[(peerAs, prefix)].Exists(steps => IsHeld(steps, from, to, isWanted))) holding.Add(peerAs);
        return holding.Count;
    }

    private bool IsHeld(List<RouteStep> steps, long from, long to, Func<HeldPath, bool> isWanted) =>
        At(steps, from) is { Path: { } first } && isWanted(first) && At(steps, to) is { Path: { } last } && isWanted(last)
        && steps.TrueForAll(step => step.Time <= from || step.Time > to || step.Path is { } path && isWanted(path));

    private RouteStep? At(List<RouteStep> steps, long time)
    {
        int at = steps.FindLastIndex(step => step.Time <= time);
        if (at < 0) return null;
        foreach (long loss in _lines.LossesOf(_peerOf[steps]))
            if (loss >= steps[at].Time && loss <= time) return null;
        return steps[at];
    }

    /// <summary>Looks at a prefix of others, too.</summary>
    public void TakeOther(string prefix)
    {
        if (!_peerAses.ContainsKey(prefix)) Take(prefix);
    }

    private void Take(string prefix)
    {
        var of = _lines.StepsOf(prefix).ToDictionary(entry => entry.Key, entry => new List<RouteStep>(entry.Value));
        // Of a peer that a dump lists routes of, a prefix that it does not list is absent then.
        foreach (var (peer, time, listed) in _lines.DumpsOf(prefix.Contains(':')))
        {
            if (listed.Contains(prefix)) continue;
            if (!of.TryGetValue(peer, out var steps)) of[peer] = steps = [];
            int at = steps.FindIndex(step => step.Time >= time);
            steps.Insert(at < 0 ? steps.Count : at, new(time, null, IsOfDump: true));
        }
        foreach (var (peer, steps) in of)
        {
            _peerOf[steps] = peer;
            uint peerAs = _lines.PeerAses[peer];
            if (!_sessions.TryGetValue((peerAs, prefix), out var sessions)) _sessions[(peerAs, prefix)] = sessions = [];
            sessions.Add(steps);
        }
        _peerAses[prefix] = [.. of.Keys.Select(peer => _lines.PeerAses[peer]).Distinct().Order()];
    }
}
