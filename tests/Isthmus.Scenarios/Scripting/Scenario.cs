using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>
/// A script of what routes some peers held and how they changed, played into the files that RIS and RouteViews
/// would have written. Collectors and peers first, then what they hold, then what happens:
/// <code>
/// var scenario = Scenario.Create(seed: 1, "2017-10-01T00:00", "2017-10-01T01:00");
/// var peer = scenario.Collector("rrc00", Project.Ris).Peer("192.0.2.1", 3333);
/// peer.Hold("3333 4837 131279", "175.45.178.0/24");
/// scenario.At("2017-10-01T00:20:07").Announce(peer, "3333 20485 131279", "175.45.178.0/24");
/// scenario.WriteTo(folder);
/// </code>
/// Equal scripts with equal seeds give equal bytes.
/// </summary>
public sealed class Scenario
{
    private readonly List<ScenarioCollector> _collectors = [];
    private readonly List<ScriptedChange> _changes = [];
    private readonly Dictionary<Timestamp, int> _waves = [];

    private Scenario(ulong seed, Timestamp from, Timestamp to)
    {
        Random = new(seed);
        From = from;
        To = to;
    }

    public Timestamp From { get; }

    public Timestamp To { get; }

    /// <summary>Fork it; never draw from it.</summary>
    public SeededRandom Random { get; }

    /// <summary>The view name of every peer index table: what single files say about themselves.</summary>
    public required string ViewName { get; init; }

    /// <summary>Text of NOTICE.txt, its first line what the program repeats; null for no such file.</summary>
    public string? Notice { get; init; }

    public IReadOnlyList<ScenarioCollector> Collectors => _collectors;

    public IEnumerable<ScenarioPeer> Peers => _collectors.SelectMany(collector => collector.Peers);

    /// <summary>A scenario of the half-open period <c>[from, to)</c>.</summary>
    public static Scenario Create(
        ulong seed, Timestamp from, Timestamp to, string? notice = null, string viewName = "isthmus scenario") =>
        new(seed, from, to) { Notice = notice, ViewName = viewName };

    public static Scenario Create(ulong seed, string from, string to) =>
        Create(seed, Timestamp.Parse(from), Timestamp.Parse(to));

    /// <param name="microseconds">Records with microseconds (BGP4MP_ET).</param>
    public ScenarioCollector Collector(string name, Project project, bool microseconds = false)
    {
        var collector = new ScenarioCollector(this, name, project) { Microseconds = microseconds };
        _collectors.Add(collector);
        return collector;
    }

    public Moment At(Timestamp time) => new(this, time);

    public Moment At(string time) => At(Timestamp.Parse(time));

    /// <summary>Every file, collector after collector, in order of time, a dump before its minute's updates.</summary>
    public IEnumerable<ArchiveFile> Files()
    {
        var changes = _changes.OrderBy(change => change.Time).ToLookup(change => change.Peer.Collector);
        return _collectors.SelectMany(collector => new Playback(collector, changes[collector]).Files());
    }

    /// <summary>Writes the archive into a folder.</summary>
    public void WriteTo(string folder)
    {
        Directory.CreateDirectory(folder);
        if (Notice is not null) File.WriteAllText(Path.Combine(folder, "NOTICE.txt"), Notice + "\n");
        foreach (var file in Files())
        {
            string path = Path.Combine(folder, file.Path);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, file.Packed());
        }
    }

    internal void Add(ScriptedChange change) => _changes.Add(change);

    internal SeededRandom ForkForWave(Timestamp start)
    {
        int number = _waves[start] = _waves.GetValueOrDefault(start) + 1;
        return Random.Fork($"wave {number} at {start}");
    }
}

/// <summary>What a scripted change does.</summary>
internal enum ChangeAct
{
    Announce,
    Withdraw,
    SessionDown,
    SessionUp,
    /// <summary>Sends one slice of the table again.</summary>
    Resend,
}

/// <summary>One line of the script at one peer.</summary>
/// <param name="Path">For an announcement.</param>
/// <param name="Slice">For a re-sending: which of how many slices.</param>
internal sealed record ScriptedChange(
    Timestamp Time, ScenarioPeer Peer, ChangeAct Act, IReadOnlyList<Prefix> Prefixes,
    string? Path = null, (int Index, int Of) Slice = default);
