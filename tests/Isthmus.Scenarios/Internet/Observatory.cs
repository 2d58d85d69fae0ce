using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>A session of a scenario and where it hangs in the graph.</summary>
/// <param name="Delay">From a choice of the AS to the collector.</param>
/// <param name="Mrai">How long the session holds back an announcement after another.</param>
/// <param name="SeesSubject">False for a partial feed that leaves the subject out.</param>
/// <param name="IsRouteServer">It does not write its own number into paths.</param>
public sealed record Session(ScenarioPeer Peer, TimeSpan Delay, TimeSpan Mrai, bool SeesSubject, bool IsRouteServer)
{
    public uint Asn => Peer.Asn.Number;

    /// <summary>The address family that it carries.</summary>
    public AddressFamily Family => Peer.Address.Family;

    /// <summary>The part of the subject's groups of prefixes that it carries, for a feed that is partial.</summary>
    public double SubjectPart { get; init; } = 1;

    /// <summary>What the collector hears of an AS's choices: later, some of it held back until it was outdated.</summary>
    public IReadOnlyList<Choice> Deliver(IEnumerable<Choice> choices)
    {
        var heard = new List<Choice>();
        Choice? held = null;
        var next = new Timestamp(long.MinValue / 2);
        foreach (var choice in choices)
        {
            var time = choice.Time + Delay;
            if (held is { } due && due.Time <= time) Hear(due);
            held = null;
            if (choice.Path is null || time >= next) Hear(choice with { Time = time });
            else held = choice with { Time = next };
        }
        if (held is { } last) Hear(last);
        return heard;

        void Hear(Choice choice)
        {
            if (choice.Path is not null) next = choice.Time + Mrai;
            var path = choice.Path is { } whole && IsRouteServer ? [.. whole.Skip(1)] : choice.Path;
            var before = heard.Count > 0 ? heard[^1].Path : null;
            bool same = path is null ? before is null : before is not null && before.SequenceEqual(path);
            // Without microseconds a collector writes whole seconds.
            var stamp = Peer.Collector.Microseconds ? choice.Time : Timestamp.FromSeconds(choice.Time.Seconds);
            if (!same) heard.Add(new(stamp, path));
        }
    }
}

/// <summary>Who watches: collectors of both projects and the sessions that they have.</summary>
public sealed class Observatory
{
    private static readonly string[] _ris =
        ["rrc00", "rrc01", "rrc03", "rrc04", "rrc05", "rrc10", "rrc11", "rrc12", "rrc13", "rrc14", "rrc15", "rrc16", "rrc18", "rrc21"];

    private static readonly string[] _routeViews =
        ["route-views2", "route-views.sg", "route-views.linx", "route-views.eqix", "route-views.wide", "route-views.sydney", "route-views3"];

    private readonly List<Session> _sessions = [];
    private readonly AddressFamily _family;

    private Observatory(AddressFamily family) => _family = family;

    public IReadOnlyList<Session> Sessions => _sessions;

    /// <summary>
    /// Draws collectors and sessions: most peer ASes have one session, some several at different collectors; most
    /// send everything, a quarter a part. Sometimes one of them is a route server, which joins the graph as the
    /// peer of its members.
    /// </summary>
    /// <param name="candidates">ASes that may be peers, of which the first are surely.</param>
    /// <param name="random">Used up by the drawing.</param>
    /// <param name="uneven">True for partial feeds of all sizes, of some of the subject's prefixes.</param>
    public static Observatory Draw(
        Scenario scenario, AsGraph graph, IReadOnlyList<uint> candidates, AddressFamily family, SeededRandom random, bool uneven = false)
    {
        var collectors = new List<ScenarioCollector>();
        foreach (string name in random.Shuffle(_ris).Take(random.Between(2, 3)))
            collectors.Add(scenario.Collector(name, Project.Ris, microseconds: random.Chance(0.5)));
        foreach (string name in random.Shuffle(_routeViews).Take(random.Between(1, 2)))
            collectors.Add(scenario.Collector(name, Project.RouteViews, microseconds: random.Chance(0.5)));
        var observatory = new Observatory(family);
        if (random.Chance(0.4))
            observatory.Join(random.Pick(collectors), RouteServer(graph, candidates, random), random, isRouteServer: true).Peer.Feed = 0.5;
        foreach (uint asn in candidates)
        {
            double feed = random.Chance(0.25) ? 0.03 + 0.27 * random.Fraction() : 1;
            bool sees = feed == 1 || random.Chance(0.6);
            double part = 1;
            if (uneven && feed < 1)
            {
                // Of a partial feed nothing says how large it is, nor which prefixes it holds.
                (feed, sees, part) = (0.02 + 0.58 * random.Fraction(), true, random.Chance(0.3) ? 1 : random.Fraction());
            }
            for (int count = random.Chance(0.2) ? random.Between(2, 4) : 1; count > 0; count--)
                observatory.Join(random.Pick(collectors), asn, random, sees: sees, part: part).Peer.Feed = feed;
        }
        return observatory;
    }

    /// <summary>A session more.</summary>
    public Session Join(ScenarioCollector collector, uint asn, SeededRandom random, bool isRouteServer = false, bool sees = true,
        double part = 1, AddressFamily? family = null)
    {
        int number = _sessions.Count + 1;
        var peer = collector.Peer((family ?? _family) is AddressFamily.IPv6 ? $"2001:db8:1::{number:x}" : $"192.0.2.{number}", asn);
        // A router that knows two-octet numbers alone has one itself (RFC 6793 section 1).
        peer.WideAsns = asn > ushort.MaxValue || !random.Chance(0.2);
        var session = new Session(peer, TimeSpan.FromMilliseconds(random.Between(20, 2500)),
            TimeSpan.FromSeconds(random.Chance(0.7) ? 0 : random.Chance(0.6) ? 5 : 30), sees, isRouteServer)
        {
            SubjectPart = part,
        };
        _sessions.Add(session);
        return session;
    }

    private static uint RouteServer(AsGraph graph, IReadOnlyList<uint> members, SeededRandom random)
    {
        uint server = graph.FreeNumber(random);
        foreach (uint member in random.Shuffle(members).Take(random.Between(4, 8))) graph.Peering(server, member);
        return server;
    }
}
