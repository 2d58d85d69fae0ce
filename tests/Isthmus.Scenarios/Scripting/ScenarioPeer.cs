using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>A collector of a scenario and its peers.</summary>
public sealed class ScenarioCollector
{
    private readonly List<ScenarioPeer> _peers = [];

    internal ScenarioCollector(Scenario scenario, string name, Project project)
    {
        Scenario = scenario;
        Name = name;
        Layout = ArchiveLayout.Of(name, project);
    }

    public Scenario Scenario { get; }

    public string Name { get; }

    public ArchiveLayout Layout { get; }

    public IReadOnlyList<ScenarioPeer> Peers => _peers;

    /// <summary>Records with microseconds (BGP4MP_ET).</summary>
    public bool Microseconds { get; init; }

    /// <summary>When tables are dumped, where it is not the project's usual rhythm.</summary>
    public IReadOnlyList<Timestamp>? DumpTimes { get; set; }

    /// <summary>By how much its clock is fast: of what it writes, every time is off by it, and so are the names of its files.</summary>
    public TimeSpan ClockError { get; set; }

    /// <summary>Adds a peer; the order of adding is that of the peer index table.</summary>
    public ScenarioPeer Peer(string address, uint asn)
    {
        var peer = new ScenarioPeer(this, IpAddress.Parse(address), new(asn));
        _peers.Add(peer);
        return peer;
    }
}

/// <summary>A peer in session with a collector, and what it holds when the scenario starts.</summary>
public sealed class ScenarioPeer
{
    private readonly SortedDictionary<Prefix, string> _held = [];

    internal ScenarioPeer(ScenarioCollector collector, IpAddress address, Asn asn)
    {
        Collector = collector;
        Address = address;
        Asn = asn;
    }

    public ScenarioCollector Collector { get; }

    public IpAddress Address { get; }

    public Asn Asn { get; }

    /// <summary>How much of the background it sends: 1 a full feed, 0.1 a partial one, 0 nothing.</summary>
    public double Feed { get; set; } = 1;

    /// <summary>False for a session without four-octet AS numbers: AS_TRANS and AS4_PATH.</summary>
    public bool WideAsns { get; set; } = true;

    /// <summary>Communities on each of its routes.</summary>
    public IReadOnlyList<string> Communities { get; set; } = [];

    /// <summary>What it holds at the start.</summary>
    public IReadOnlyDictionary<Prefix, string> Held => _held;

    /// <summary>Gives it routes to hold at the start.</summary>
    public ScenarioPeer Hold(string path, params Nlri[] prefixes)
    {
        foreach (var nlri in prefixes) _held[nlri.Prefix] = path;
        return this;
    }

    /// <summary>Its place among all peers: sorts and seeds.</summary>
    public string Key => $"{Collector.Name} {Asn.Number} {Address}";

    internal MrtSession Session => new(
        Address, Asn, ArchiveLayout.LocalAddress(Address.Family), Collector.Layout.LocalAsn)
    {
        WideAsns = WideAsns,
        Microseconds = Collector.Microseconds,
    };
}
