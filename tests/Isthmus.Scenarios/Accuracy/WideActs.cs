using Isthmus.Registry;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>What happens beside the subject, above it, or between two dumps.</summary>
internal sealed partial class Story
{
    private static readonly string[] _countries = ["DE", "FR", "JP", "NL", "SE"];

    private readonly List<PrefixGroup> _others = [];

    /// <summary>Prefixes of others inside the subject's, which sessions show as well.</summary>
    public IReadOnlyList<PrefixGroup> Others => _others;

    /// <summary>All that sessions show of the story.</summary>
    public IEnumerable<PrefixGroup> Shown => _groups.Concat(_others);

    /// <summary>Draws acts of the wide half, and whether there are dumps alone.</summary>
    public static (IReadOnlyList<ActKind> Acts, bool DumpsAlone) DrawWideActs(SeededRandom random)
    {
        ActKind[] between = [ActKind.UpstreamMore, ActKind.UpstreamLess, ActKind.Migration, ActKind.LostPrefix, ActKind.LastOutage,
            ActKind.NewPrefix, ActKind.NewOrigin];
        if (random.Chance(0.25)) return ([random.Pick(between)], true);
        IReadOnlyList<ActKind>[] acts =
        [
            [ActKind.MoreSpecific], [ActKind.MoreSpecific], [ActKind.Outage, ActKind.MoreSpecific],
            [ActKind.UpstreamMore, ActKind.MoreSpecific],
            [ActKind.Anycast, ActKind.Nothing], [ActKind.Anycast, ActKind.UpstreamMore], [ActKind.Anycast, ActKind.UpstreamLess],
            [ActKind.ReturnBehindOther], [ActKind.ReturnBehindOther], [ActKind.UpstreamsUpstream], [ActKind.UpstreamsUpstream],
            [ActKind.Trial], [ActKind.Migration], [ActKind.Outage],
            [ActKind.PartialOutage], [ActKind.LastOutage], [ActKind.UnstableByOutages],
        ];
        return (random.Pick(acts), false);
    }

    /// <summary>Where an AS is registered: nobody is where the subject is, which would have no vote.</summary>
    public Country CountryOf(uint asn) => Country.Parse(asn == Subject || asn == Stranger ? "KP"
        : _countries[SeededRandom.Mix(_seed ^ asn) % (ulong)_countries.Length]);

    /// <summary>The same as a registry has it; null where the shipped one counts.</summary>
    public RegistryLayer? Registry => !Shape.Wide ? null
        : new(["Countries of the story"], [.. Ases.Append(Subject).Select(asn => new AsFact(new(asn), CountryOf(asn), ""))], [], []);

    private Timestamp? TryPlayWide(ActKind kind, Timestamp time, TimeSpan length) => kind switch
    {
        ActKind.MoreSpecific => PlayMoreSpecific(time, length),
        ActKind.Anycast => PlayAnycast(time),
        ActKind.UpstreamsUpstream => TryReplaceAbove(time),
        _ => TryTrial(time, length),
    };

    private Timestamp PlayMoreSpecific(Timestamp time, TimeSpan length)
    {
        uint origin = _random.Pick(Ases.Where(asn => !_upstreams.Contains(asn)).ToArray());
        var block = _random.Pick(_groups.SelectMany(group => group.Prefixes).ToArray());
        // Two bits longer: /24 of a /22, /46 of a /44.
        var part = new Prefix(block.Address, block.Length + 2);
        var group = new PrefixGroup([part], new(Graph, _seed));
        foreach (var change in _linkChanges) change(group.Travel);
        group.Travel.Originate(time, origin, Origination.To(Graph.Neighbours(origin).Keys));
        var end = _random.Chance(0.6) ? time + length : (Timestamp?)null;
        if (end is { } over) group.Travel.Originate(over, origin, null);
        _others.Add(group);
        return Judge(ActKind.MoreSpecific, time, (truth, from, to) => truth.MoreSpecific(group, block, origin, from, to), end ?? time);
    }

    private Timestamp PlayAnycast(Timestamp time)
    {
        uint origin = _random.Pick(Ases.Where(asn => !_upstreams.Contains(asn)).ToArray());
        var of = SomeGroups();
        foreach (var group in of)
            group.Travel.Originate(Scenario.From - _warmUp, origin, Origination.To(Graph.Neighbours(origin).Keys));
        return Judge(ActKind.Anycast, time, (truth, from, to) => truth.Anycast(of, from, to));
    }

    private Timestamp? TryReplaceAbove(Timestamp time)
    {
        uint upstream = _random.Pick(_groups[0].Policy.Keys.ToArray());
        uint[] sellers = [.. Graph.Neighbours(upstream).Where(link => link.Value is Relation.Upstream).Select(link => link.Key)];
        uint[] others = [.. Ases.Where(asn => asn != upstream && !_upstreams.Contains(asn) && !Graph.AreLinked(asn, upstream)
            && Graph.Neighbours(asn).Count(link => link.Value is Relation.Customer) > 1)];
        if (sellers.Length == 0 || others.Length == 0) return null;
        uint former = _random.Pick(sellers), next = _random.Pick(others);
        Relink(travel => travel.Transit(time, next, upstream));
        Relink(travel => travel.Unlink(time + TimeSpan.FromSeconds(1), former, upstream));
        return Judge(ActKind.UpstreamsUpstream, time, (truth, from, to) => truth.Above(from, to));
    }

    private Timestamp? TryTrial(Timestamp time, TimeSpan length)
    {
        uint upstream = Unused().FirstOrDefault();
        if (upstream == 0) return null;
        var back = time + length;
        foreach (var group in SomeGroups())
        {
            group.Policy[upstream] = 0;
            group.Announce(time, Subject);
            group.Policy.Remove(upstream);
            group.Announce(back, Subject);
        }
        return Judge(ActKind.Trial, time, (truth, from, to) => truth.Trial(from, back - TimeSpan.FromSeconds(1), to), back);
    }
}
