using Isthmus.Transit.Changes;
using Isthmus.Transit.Incidents;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>A drawn Internet with a subject and what happens to it; <see cref="Truth"/> says what that means.</summary>
internal sealed partial class Story
{
    /// <summary>Between acts: long enough for the medians before and after a shift of share.</summary>
    private const int QuietMinutes = 80;

    private static readonly TimeSpan _warmUp = TimeSpan.FromHours(2);

    private readonly List<(ActKind Kind, Action<Truth, Timestamp, Timestamp> Judge, Timestamp From, Timestamp To)> _judgements = [];
    private readonly List<PrefixGroup> _groups = [];
    private readonly List<Action<Propagation>> _linkChanges = [];
    private readonly List<uint> _upstreams;
    private readonly SeededRandom _random;
    private readonly ulong _seed;
    private (uint Upstream, uint Between)? _intermediary;

    private Story(
        Scenario scenario, AsGraph graph, SeededRandom random, AddressFamily family, IReadOnlyList<uint> ases, StoryShape shape)
    {
        Shape = shape;
        Scenario = scenario;
        Graph = graph;
        Family = family;
        _random = random;
        _seed = random.Next();
        Ases = ases;
        Subject = graph.FreeNumber(random);
        // Of carriers and edges alike, as a country's only network has now one and now another for an upstream.
        _upstreams = [.. random.Shuffle(ases).Take(4)];
        foreach (uint upstream in _upstreams) graph.Transit(upstream, Subject);
        Stranger = graph.FreeNumber(random);
    }

    public Scenario Scenario { get; }

    public AsGraph Graph { get; }

    /// <summary>The ASes of the drawn Internet, without the subject and a route server.</summary>
    public IReadOnlyList<uint> Ases { get; }

    public AddressFamily Family { get; }

    public StoryShape Shape { get; }

    /// <summary>The address families of the subject.</summary>
    public IReadOnlyList<AddressFamily> Families => Shape.Dual ? [AddressFamily.IPv4, AddressFamily.IPv6] : [Family];

    public uint Subject { get; }

    /// <summary>An AS that has nothing to do with the subject.</summary>
    public uint Stranger { get; }

    public Observatory Observatory { get; private set; } = null!;

    public IReadOnlyList<PrefixGroup> Groups => _groups;

    public IReadOnlyList<string> Acts => [.. _judgements.Select(act => act.Kind.ToString())];

    /// <summary>When acts begin.</summary>
    public IEnumerable<Timestamp> ActTimes => _judgements.Select(act => act.From);

    /// <summary>What the sessions show, once traps are set.</summary>
    public Showing Showing { get; private set; } = null!;

    /// <summary>True for a time that is so far from every act, and from the end of what takes long.</summary>
    public bool IsQuiet(Timestamp time, TimeSpan away) =>
        !_judgements.Exists(act => act.Kind is not ActKind.Nothing && time > act.From - away && time < act.To + away);

    /// <summary>A time for a trap: half of them near an act, where they hurt.</summary>
    public Timestamp AnyTime(SeededRandom random)
    {
        bool near = random.Chance(0.5) && !_judgements.Exists(act => act.Kind is ActKind.Nothing);
        return near ? random.Pick(_judgements).From + TimeSpan.FromSeconds(random.Between(-600, 900))
            : Scenario.From + TimeSpan.FromSeconds(random.Between(600, (int)(Scenario.To - Scenario.From).TotalSeconds - 900));
    }

    /// <summary>A prefix of somebody else.</summary>
    public Prefix ForeignPrefix(int number) =>
        Prefix.Parse(Family is AddressFamily.IPv6 ? $"2a0e:{number:x}::/32" : $"151.{200 + number}.0.0/16");

    /// <summary>One more session of an AS with a collector.</summary>
    public Session Join(uint asn, ScenarioCollector collector, SeededRandom random)
    {
        var session = Observatory.Join(collector, asn, random);
        foreach (var group in Shown) group.Tell(session);
        return session;
    }

    /// <summary>Draws what happens: usually one to three acts, sometimes nothing.</summary>
    public static IReadOnlyList<ActKind> DrawActs(SeededRandom random)
    {
        ActKind[] usual =
        [
            ActKind.UpstreamMore, ActKind.UpstreamMore, ActKind.UpstreamLess, ActKind.Migration, ActKind.Engineering, ActKind.Outage,
            ActKind.PartialOutage, ActKind.NewOrigin, ActKind.NewPrefix, ActKind.Elsewhere, ActKind.Dip, ActKind.UnstableByOutages,
            ActKind.UnstableByUpstreams, ActKind.IntermediaryIn,
        ];
        ActKind[] last = [ActKind.LostPrefix, ActKind.LastOutage];
        if (random.Chance(0.12)) return [ActKind.Nothing];
        var acts = new List<ActKind>();
        for (int count = random.Between(1, 3); acts.Count < count;)
        {
            var kind = acts.Count == count - 1 && random.Chance(0.15) ? random.Pick(last) : random.Pick(usual);
            if (kind is ActKind.IntermediaryIn && acts.Contains(kind)) kind = ActKind.IntermediaryOut;
            if (kind is ActKind.IntermediaryOut or ActKind.UpstreamLess && acts.Contains(kind)) continue;
            acts.Add(kind);
            // Of prefixes that are another's there is nothing more to tell.
            if (kind is ActKind.NewOrigin) break;
        }
        return acts;
    }

    /// <summary>Draws an Internet and plays the acts in it; null where there is no room for one of them.</summary>
    public static Story? TryDraw(SeededRandom random, IReadOnlyList<ActKind> acts, StoryShape? shape = null)
    {
        shape ??= StoryShape.Plain;
        TimeSpan[] lengths = [.. acts.Index().Select(act => LengthOf(act.Item, random.Fork($"length {act.Index}")))];
        var from = Timestamp.Parse("2019-03-01T00:00:00Z") + TimeSpan.FromHours(8 * random.Below(3000));
        var to = from + TimeSpan.FromMinutes(QuietMinutes * (1 + acts.Count) + 90 * acts.Count(kind => kind
            is ActKind.UnstableByOutages or ActKind.UnstableByUpstreams)) + lengths.Aggregate(TimeSpan.Zero, (sum, length) => sum + length);
        var scenario = Scenario.Create(random.Fork("scenario").Next(), from, to);
        var family = random.Chance(0.15) && !shape.Dual ? AddressFamily.IPv6 : AddressFamily.IPv4;
        var graph = AsGraph.Draw(random, core: random.Between(4, 7), carriers: random.Between(7, 14), edges: random.Between(20, 50));
        uint[] ases = [.. graph.Ases];
        var story = new Story(scenario, graph, random, family, ases, shape);
        story.Observatory = Observatory.Draw(
            scenario, graph, [.. random.Shuffle(ases).Take(random.Between(12, 32))], family, random.Fork("observatory"), shape.Uneven);
        if (shape.Dual) story.JoinSecondFamily(random.Fork("second family"));
        story.Announce();
        var time = from;
        foreach (var (place, act) in acts.Index())
        {
            time += TimeSpan.FromMinutes(QuietMinutes - 5) + TimeSpan.FromMicroseconds(random.Below(600_000_000));
            if (story.TryPlay(act, time, lengths[place]) is not { } end) return null;
            time = end;
        }
        // Of what came in the last minutes nobody could tell whether it lasts.
        if (to - time < TimeSpan.FromMinutes(QuietMinutes / 2)) return null;
        foreach (var group in story.Shown) group.Play(story.Observatory.Sessions, to);
        if (shape.DumpsAlone) foreach (var collector in scenario.Collectors) collector.DumpTimes = story.DumpTimes;
        story.Showing = new(story);
        return story;
    }

    /// <summary>What an analyst with these sessions would report; null where that is not clear.</summary>
    public IReadOnlyList<ExpectedChange>? TruthFor(IReadOnlyList<Session> sessions)
    {
        var truth = new Truth(Subject, _groups, sessions);
        truth.Begin(Scenario.From);
        for (int i = 0; i < _judgements.Count && !truth.IsUnclear; i++)
        {
            var (kind, judge, from, _) = _judgements[i];
            int before = truth.Changes.Count;
            var to = i + 1 < _judgements.Count ? _judgements[i + 1].From : Scenario.To;
            judge(truth, from - TimeSpan.FromSeconds(1), to);
            if (_judgements[0].Kind is ActKind.Anycast) truth.OriginsStay(from - TimeSpan.FromSeconds(1), to);
            if (Shape.Wide && !Shape.DumpsAlone) truth.Level(CountryOf, from - TimeSpan.FromSeconds(1), to);
            if (truth.Changes.Count == before
                && kind is not (ActKind.Elsewhere or ActKind.Dip or ActKind.Nothing or ActKind.Anycast)) return null;
            // Prepending that drives everybody away is an upstream less, and that has an act of its own.
            bool shifts = truth.Changes.Any(change => change.Kind is ChangeKind.ShareShifted && change.Time > from);
            if (kind is ActKind.Engineering or ActKind.SlowShift && !shifts) return null;
        }
        if (Shape.DumpsAlone) truth.BetweenDumps(DumpTimes, Scenario.From, Scenario.To);
        if (!truth.IsUnclear) Label = LabelOf(truth);
        return truth.IsUnclear ? null : truth.Changes;
    }

    /// <summary>The label of the incident that the only act makes, once its truth is known; null where none is scored.</summary>
    public IncidentLabel? Label { get; private set; }

    private IncidentLabel? LabelOf(Truth truth) => Acts is not [var act] ? null : act switch
    {
        nameof(ActKind.ReturnBehindOther) => IncidentLabel.Migration,
        nameof(ActKind.LongOutage) or nameof(ActKind.PartOutage) or nameof(ActKind.PartOutageLast) => IncidentLabel.Outage,
        nameof(ActKind.Flapping) => IncidentLabel.Flapping,
        _ when !Shape.Wide || Shape.DumpsAlone => null,
        nameof(ActKind.Outage) or nameof(ActKind.PartialOutage) or nameof(ActKind.LastOutage) => IncidentLabel.Outage,
        nameof(ActKind.UnstableByOutages) => IncidentLabel.Flapping,
        nameof(ActKind.Trial) => IncidentLabel.Trial,
        nameof(ActKind.MoreSpecific) => IncidentLabel.Other,
        nameof(ActKind.UpstreamMore) when truth.Changes is [var more] => truth.LabelOfMore(more, Scenario.To),
        nameof(ActKind.Migration) when truth.Changes.Count > 1 => IncidentLabel.Migration,
        _ => null,
    };

    private IReadOnlyList<Timestamp> DumpTimes => [.. Enumerable.Range(0, (int)((Scenario.To - Scenario.From) / _betweenDumps) + 1)
        .Select(place => Scenario.From + _betweenDumps * place).Where(time => time < Scenario.To)];

    private static readonly TimeSpan _betweenDumps = TimeSpan.FromMinutes(30);

    // One to three groups of prefixes; at first by one upstream or two, often the same for all.
    private void Announce()
    {
        int used = _random.Between(1, 3), block = 0;
        for (int count = _random.Between(1, 3); _groups.Count < count;)
        {
            var prefixes = new List<Prefix>();
            for (int size = _random.Between(1, 3); prefixes.Count < size; block++) prefixes.Add(PrefixAt(block));
            var group = new PrefixGroup(prefixes, new(Graph, _seed));
            foreach (uint upstream in _upstreams.Take(used)) group.Policy[upstream] = 0;
            group.Announce(Scenario.From - _warmUp, Subject);
            _groups.Add(group);
        }
        if (!Shape.Dual) return;
        var sixth = new PrefixGroup([PrefixAt(0, AddressFamily.IPv6), PrefixAt(1, AddressFamily.IPv6)], new(Graph, _seed));
        foreach (uint upstream in _upstreams.Take(_random.Between(1, used))) sixth.Policy[upstream] = 0;
        sixth.Announce(Scenario.From - _warmUp, Subject);
        _groups.Add(sixth);
    }

    private Prefix PrefixAt(int block) => PrefixAt(block, Family);

    private Prefix PrefixAt(int block, AddressFamily family) => Prefix.Parse(family is AddressFamily.IPv6
        ? $"2c0f:f{Subject % 4096:x3}:{block * (Shape.Wide ? 16 : 1):x}::/{(Shape.Wide ? 44 : 48)}"
        : $"102.{Subject % 250}.{block * (Shape.Wide ? 4 : 1)}.0/{(Shape.Wide ? 22 : 24)}");

    // Plays an act at a time and gives when it ends; null where the story has no room for it.
    private Timestamp? TryPlay(ActKind kind, Timestamp time, TimeSpan length) => kind switch
    {
        ActKind.UpstreamMore => TryAdd(time),
        ActKind.UpstreamLess => TryRemove(time),
        ActKind.Migration => TryMigrate(time),
        ActKind.Engineering => TryEngineer(time),
        ActKind.Outage => PlayOutage(time, [.. _groups], ActKind.Outage),
        ActKind.PartialOutage => _groups.Count < 2 ? null : PlayOutage(time, SomeGroups(most: _groups.Count - 1), kind),
        ActKind.UnstableByOutages => PlayUnstable(time, kind, SomeGroups(), null),
        ActKind.UnstableByUpstreams => PlayUnstable(time, kind, SomeGroups(), Unused().FirstOrDefault()),
        ActKind.NewOrigin => PlayNewOrigin(time),
        ActKind.NewPrefix => PlayNewPrefix(time),
        ActKind.LostPrefix => _groups.Count < 2 ? null : PlayLoss(time, kind, SomeGroups(most: 1)),
        ActKind.LastOutage => PlayLoss(time, kind, [.. _groups]),
        ActKind.IntermediaryIn => TryInsert(time),
        ActKind.IntermediaryOut => TryTakeOut(time),
        ActKind.Elsewhere => PlayElsewhere(time),
        ActKind.Dip => PlayDip(time),
        ActKind.Nothing => Judge(kind, time, (truth, from, to) => truth.Nothing(from, to)),
        _ => TryPlayHard(kind, time, length),
    };

    private Timestamp Judge(ActKind kind, Timestamp from, Action<Truth, Timestamp, Timestamp> judge, Timestamp? end = null)
    {
        _judgements.Add((kind, judge, from, end ?? from));
        return end ?? from;
    }

    private Timestamp Compare(ActKind kind, Timestamp time) => Judge(kind, time, (truth, from, to) => truth.Compare(from, to));

    private IReadOnlyList<PrefixGroup> SomeGroups(int? most = null) =>
        [.. _random.Shuffle(_groups).Take(_random.Between(1, most ?? _groups.Count))];

    private IEnumerable<uint> Unused() => _upstreams.Where(upstream => !_groups.Exists(group => group.Policy.ContainsKey(upstream)));

    private Timestamp? TryAdd(Timestamp time)
    {
        // One that was lost everywhere returns; otherwise it is one that was never there.
        uint upstream = Unused().OrderByDescending(asn => _groups.Exists(group => group.Lost.Contains(asn))).FirstOrDefault();
        if (upstream == 0) return null;
        var former = _groups.Where(group => group.Lost.Contains(upstream)).ToArray();
        foreach (var group in former.Length > 0 ? former : SomeGroups())
        {
            if (_random.Chance(0.3)) foreach (uint other in group.Policy.Keys.ToArray()) group.Policy[other] = 2;
            group.Policy[upstream] = 0;
            group.Announce(time, Subject);
        }
        return Compare(ActKind.UpstreamMore, time);
    }

    private Timestamp? TryRemove(Timestamp time)
    {
        var twofold = _groups.Where(group => group.Policy.Count > 1).ToArray();
        if (twofold.Length == 0) return null;
        uint upstream = _random.Pick(twofold[0].Policy.Keys.ToArray());
        foreach (var group in twofold.Where(group => group.Policy.Remove(upstream)))
        {
            group.Lost.Add(upstream);
            group.Announce(time, Subject);
        }
        return Compare(ActKind.UpstreamLess, time);
    }

    private Timestamp? TryMigrate(Timestamp time)
    {
        uint target = Unused().FirstOrDefault(), source = _groups[0].Policy.Keys.FirstOrDefault();
        if (target == 0 || source == 0) return null;
        foreach (var group in _groups.Where(group => group.Policy.Remove(source)))
        {
            group.Policy[target] = 0;
            group.Lost.Add(source);
            group.Announce(time, Subject);
        }
        return Compare(ActKind.Migration, time);
    }

    private Timestamp? TryEngineer(Timestamp time)
    {
        var twofold = _groups.Where(group => group.Policy.Count > 1).ToArray();
        if (twofold.Length == 0) return null;
        uint upstream = _random.Pick(twofold[0].Policy.Keys.ToArray());
        foreach (var group in twofold.Where(group => group.Policy.ContainsKey(upstream)))
        {
            group.Policy[upstream] = group.Policy[upstream] > 0 ? 0 : _random.Between(1, 3);
            group.Announce(time, Subject);
        }
        return Compare(ActKind.Engineering, time);
    }

    private Timestamp PlayOutage(Timestamp time, IReadOnlyList<PrefixGroup> of, ActKind kind, TimeSpan? length = null)
    {
        var back = time + (length ?? TimeSpan.FromSeconds(_random.Between(400, 3000)));
        foreach (var group in of)
        {
            group.Travel.Originate(time, Subject, null);
            group.Announce(back, Subject);
        }
        return Judge(kind, time, (truth, from, to) => truth.Outage(of, from, back, to), back);
    }

    private Timestamp? PlayLoss(Timestamp time, ActKind kind, IReadOnlyList<PrefixGroup> of)
    {
        foreach (var group in of) group.Travel.Originate(time, Subject, null);
        return Judge(kind, time, (truth, from, to) => truth.Loss(
            of, kind is ActKind.LostPrefix ? ChangeKind.PrefixVanished : ChangeKind.Outage, from, to));
    }

    private Timestamp PlayDip(Timestamp time)
    {
        // With the time that withdrawals take, under two minutes.
        foreach (var group in _groups)
        {
            group.Travel.Originate(time, Subject, null);
            group.Announce(time + TimeSpan.FromSeconds(15), Subject);
        }
        return Judge(ActKind.Dip, time, (truth, from, to) => truth.Nothing(from, to));
    }

    private Timestamp? PlayUnstable(Timestamp time, ActKind kind, IReadOnlyList<PrefixGroup> of, uint? other)
    {
        if (other is 0) return null;
        // Seen only while nothing was settled: whether it would appear or return later is nobody's guess.
        _upstreams.Remove(other ?? 0);
        var at = time;
        for (int cycle = 0, cycles = _random.Between(4, 6); cycle < cycles; cycle++)
        {
            foreach (var group in of) group.Travel.Originate(at, Subject, other is { } upstream ? Origination.To(upstream) : null);
            at += TimeSpan.FromSeconds(_random.Between(200, 500));
            foreach (var group in of) group.Announce(at, Subject);
            if (cycle < cycles - 1) at += TimeSpan.FromSeconds(_random.Between(300, 700));
        }
        return Judge(kind, time, (truth, from, to) => truth.Unstable(of, from, to), at);
    }

    private Timestamp PlayNewOrigin(Timestamp time)
    {
        uint origin = _random.Pick(Ases.Where(asn => !_upstreams.Contains(asn)).ToArray());
        var of = SomeGroups(most: 1);
        bool withdraws = _random.Chance(0.6);
        foreach (var group in of)
        {
            group.Travel.Originate(time, origin, Origination.To(Graph.Neighbours(origin).Keys));
            if (withdraws) group.Travel.Originate(time + TimeSpan.FromSeconds(2), Subject, null);
        }
        return Judge(ActKind.NewOrigin, time, (truth, from, to) => truth.NewOrigin(of, origin, from, to));
    }

    private Timestamp PlayNewPrefix(Timestamp time)
    {
        var like = _groups[0];
        var group = new PrefixGroup([PrefixAt(_groups.Sum(each => each.Prefixes.Count) + 20)], new(Graph, _seed));
        foreach (var change in _linkChanges) change(group.Travel);
        foreach (var (upstream, prepends) in like.Policy) group.Policy[upstream] = prepends;
        group.Announce(time, Subject);
        _groups.Add(group);
        return Judge(ActKind.NewPrefix, time, (truth, from, to) => truth.Birth([group], ChangeKind.PrefixAppeared, from, to));
    }

    private Timestamp? TryInsert(Timestamp time)
    {
        uint upstream = _groups[0].Policy.Keys.FirstOrDefault();
        if (upstream == 0 || _intermediary is not null) return null;
        uint between = Graph.FreeNumber(_random);
        _intermediary = (upstream, between);
        // Should it come back beside the intermediary, nobody could tell that from the intermediary's going.
        _upstreams.Remove(upstream);
        Relink(travel => travel.Transit(time - TimeSpan.FromSeconds(2), upstream, between));
        Relink(travel => travel.Transit(time - TimeSpan.FromSeconds(1), between, Subject));
        foreach (var group in _groups)
        {
            if (!group.Policy.Remove(upstream, out int prepends)) continue;
            group.Policy[between] = prepends;
            group.Announce(time, Subject);
        }
        return Judge(ActKind.IntermediaryIn, time, (truth, from, to) =>
            truth.Intermediary(ChangeKind.IntermediaryInserted, upstream, between, from, to));
    }

    private Timestamp? TryTakeOut(Timestamp time)
    {
        if (_intermediary is not { } known || !_groups.Exists(group => group.Policy.ContainsKey(known.Between))) return null;
        foreach (var group in _groups)
        {
            if (!group.Policy.Remove(known.Between, out int prepends)) continue;
            group.Policy[known.Upstream] = prepends;
            group.Announce(time, Subject);
        }
        return Judge(ActKind.IntermediaryOut, time, (truth, from, to) =>
            truth.Intermediary(ChangeKind.IntermediaryRemoved, known.Upstream, known.Between, from, to));
    }

    private Timestamp PlayElsewhere(Timestamp time)
    {
        var links = Graph.Ases.SelectMany(one => Graph.Neighbours(one).Keys.Where(other => other > one).Select(other => (one, other)))
            .Where(link => link.one != Subject && link.other != Subject && Graph.Neighbours(link.one).Count > 2
                && Graph.Neighbours(link.other).Count > 2).ToArray();
        var (here, there) = _random.Pick(links);
        Relink(travel => travel.Unlink(time, here, there));
        return Judge(ActKind.Elsewhere, time, (truth, from, to) => truth.Nothing(from, to));
    }

    private void Relink(Action<Propagation> change)
    {
        _linkChanges.Add(change);
        foreach (var group in _groups) change(group.Travel);
    }
}
