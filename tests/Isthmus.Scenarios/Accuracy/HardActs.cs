using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>What is slow, partial or long.</summary>
internal sealed partial class Story
{
    /// <summary>Draws acts of the hard half: one or two, the first of those that take long or are seen in part.</summary>
    public static IReadOnlyList<ActKind> DrawHardActs(SeededRandom random)
    {
        ActKind[] hard =
        [
            ActKind.SlowShift, ActKind.SlowShift, ActKind.SlowMore, ActKind.SlowLess, ActKind.LongOutage, ActKind.PartOutage,
            ActKind.PartOutageLast, ActKind.ReturnBehindOther, ActKind.Flapping, ActKind.Moas,
        ];
        ActKind[] usual = [ActKind.UpstreamMore, ActKind.UpstreamLess, ActKind.Migration, ActKind.Engineering, ActKind.Outage, ActKind.Dip];
        var acts = new List<ActKind>();
        if (random.Chance(0.4)) acts.Add(random.Pick(usual));
        acts.Add(random.Pick(hard));
        return acts;
    }

    // How much longer an act takes than the usual ones do.
    private static TimeSpan LengthOf(ActKind kind, SeededRandom random)
    {
        var (least, most) = kind switch
        {
            ActKind.SlowShift or ActKind.SlowMore or ActKind.SlowLess => (10, 360),
            ActKind.LongOutage => (120, 960),
            ActKind.PartOutage => (20, 960),
            ActKind.PartOutageLast => (30, 960),
            ActKind.ReturnBehindOther => (60, 1560),
            ActKind.Flapping => (30, 30),
            ActKind.Moas => (60, 180),
            ActKind.MoreSpecific => (20, 180),
            ActKind.Trial => (25, 55),
            ActKind.StaggeredReturn or ActKind.StaggeredReturnBehindOther or ActKind.OverlappingOutages => (30, 360),
            ActKind.LossThenNewOrigin => (20, 120),
            _ => (0, 0),
        };
        // As many short ones as long ones; whole files, as an archive's last one would be cut off else.
        double minutes = least == 0 ? 0 : least * Math.Pow((double)most / least, random.Fraction());
        return TimeSpan.FromMinutes(5 * Math.Round(minutes / 5));
    }

    // Most ASes carry both families, by sessions of their own.
    private void JoinSecondFamily(SeededRandom random)
    {
        foreach (var session in Observatory.Sessions.Where(session => !session.IsRouteServer).ToArray())
            if (random.Chance(0.8))
                Observatory.Join(session.Peer.Collector, session.Asn, random, sees: session.SeesSubject, part: session.SubjectPart,
                    family: AddressFamily.IPv6).Peer.Feed = session.Peer.Feed;
    }

    private Timestamp? TryPlayHard(ActKind kind, Timestamp time, TimeSpan length) => kind switch
    {
        ActKind.SlowShift => TryShiftSlowly(time, length),
        ActKind.SlowMore => TryAddSlowly(time, length),
        ActKind.SlowLess => TryRemoveSlowly(time, length),
        ActKind.LongOutage => PlayOutage(time, [.. _groups], kind, length),
        ActKind.PartOutage => PlayPartOutage(time, kind, time + length),
        ActKind.PartOutageLast => PlayPartOutage(time, kind, null),
        ActKind.ReturnBehindOther => TryReturnBehindOther(time, length),
        ActKind.Flapping => PlayFlapping(time),
        ActKind.Moas => PlayMoas(time, length),
        ActKind.StaggeredReturn or ActKind.StaggeredReturnBehindOther or ActKind.OverlappingOutages or ActKind.LossThenNewOrigin
            => TryPlayParts(kind, time, length),
        _ => TryPlayWide(kind, time, length),
    };

    private Timestamp? TryShiftSlowly(Timestamp time, TimeSpan length)
    {
        var twofold = _groups.Where(group => group.Policy.Count > 1).ToArray();
        if (twofold.Length == 0) return null;
        uint upstream = _random.Pick(twofold[0].Policy.Keys.ToArray());
        double part = 0.3 + 0.6 * _random.Fraction();
        foreach (uint asn in _random.Shuffle(Ases).Take((int)(part * Ases.Count)))
            MindAll(twofold, time + _random.Fraction() * length, asn, upstream, minds: true);
        return Judge(ActKind.SlowShift, time, (truth, from, to) => truth.Slow(from, to), time + length);
    }

    private Timestamp? TryAddSlowly(Timestamp time, TimeSpan length)
    {
        uint upstream = Unused().FirstOrDefault(asn => !_groups.Exists(group => group.Lost.Contains(asn)));
        if (upstream == 0) return null;
        var of = SomeGroups();
        foreach (uint asn in Ases)
        {
            MindAll(of, Scenario.From - _warmUp, asn, upstream, minds: true);
            MindAll(of, time + _random.Fraction() * length, asn, upstream, minds: false);
        }
        foreach (var group in of)
        {
            group.Policy[upstream] = 0;
            group.Announce(time, Subject);
        }
        return Judge(ActKind.SlowMore, time, (truth, from, to) => truth.Slow(from, to), time + length);
    }

    private Timestamp? TryRemoveSlowly(Timestamp time, TimeSpan length)
    {
        var twofold = _groups.Where(group => group.Policy.Count > 1).ToArray();
        if (twofold.Length == 0) return null;
        uint upstream = _random.Pick(twofold[0].Policy.Keys.ToArray());
        PrefixGroup[] of = [.. twofold.Where(group => group.Policy.ContainsKey(upstream))];
        foreach (uint asn in Ases) MindAll(of, time + _random.Fraction() * length, asn, upstream, minds: true);
        foreach (var group in of)
        {
            group.Policy.Remove(upstream);
            group.Lost.Add(upstream);
            group.Announce(time + length, Subject);
        }
        return Judge(ActKind.SlowLess, time, (truth, from, to) => truth.Slow(from, to), time + length);
    }

    private static void MindAll(IEnumerable<PrefixGroup> of, Timestamp time, uint asn, uint upstream, bool minds)
    {
        foreach (var group in of) group.Travel.Mind(time, asn, upstream, minds);
    }

    private Timestamp PlayPartOutage(Timestamp time, ActKind kind, Timestamp? back)
    {
        uint[] watching = [.. Observatory.Sessions.Select(session => session.Asn).Distinct().Where(Ases.Contains)];
        double part = 0.6 + 0.25 * _random.Fraction();
        foreach (uint asn in _random.Shuffle(watching).Take((int)(part * watching.Length)))
        {
            var (lost, again) = (TimeSpan.FromSeconds(40 * _random.Fraction()), TimeSpan.FromSeconds(40 * _random.Fraction()));
            foreach (var group in _groups)
            {
                group.Travel.Refuse(time + lost, asn, refuses: true);
                if (back is { } end) group.Travel.Refuse(end + again, asn, refuses: false);
            }
        }
        return Judge(kind, time, (truth, from, to) => truth.PartOutage(_groups, from, back, to), back);
    }

    private Timestamp? TryReturnBehindOther(Timestamp time, TimeSpan length)
    {
        uint other = Unused().FirstOrDefault(asn => !_groups.Exists(group => group.Lost.Contains(asn)));
        if (other == 0) return null;
        var back = time + length;
        foreach (var group in _groups)
        {
            group.Travel.Originate(time, Subject, null);
            group.Lost.UnionWith(group.Policy.Keys);
            group.Policy.Clear();
            group.Policy[other] = 0;
            group.Announce(back, Subject);
        }
        return Judge(ActKind.ReturnBehindOther, time, (truth, from, to) => truth.ReturnBehindOther(from, back, to), back);
    }

    private Timestamp PlayFlapping(Timestamp time)
    {
        var at = time;
        for (int cycle = 0, cycles = _random.Between(10, 14); cycle < cycles; cycle++)
        {
            foreach (var group in _groups) group.Travel.Originate(at, Subject, null);
            at += TimeSpan.FromSeconds(_random.Between(35, 70));
            foreach (var group in _groups) group.Announce(at, Subject);
            if (cycle < cycles - 1) at += TimeSpan.FromSeconds(_random.Between(45, 75));
        }
        return Judge(ActKind.Flapping, time, (truth, from, to) => truth.Flapping(_groups, from, to), at);
    }

    private Timestamp PlayMoas(Timestamp time, TimeSpan length)
    {
        uint origin = _random.Pick(Ases.Where(asn => !_upstreams.Contains(asn)).ToArray());
        var of = SomeGroups();
        foreach (var group in of)
        {
            group.Travel.Originate(time, origin, Origination.To(Graph.Neighbours(origin).Keys));
            group.Travel.Originate(time + length, origin, null);
        }
        return Judge(ActKind.Moas, time, (truth, from, to) => truth.Moas(of, origin, from, time + length, to), time + length);
    }
}
