using Isthmus.Registry;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Incidents;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>What an analyst would report of acts of the wide half, and of what is scored there beside the date.</summary>
internal sealed partial class Truth
{
    /// <summary>A fifth of the peer ASes makes a change of the second tier; what is near it is unclear.</summary>
    private const double AboveClear = 0.3, AboveNone = 0.1;

    /// <summary>A share of less than a fifth makes a backup.</summary>
    private const double FewMax = 0.12, ManyMin = 0.3;

    /// <summary>Another AS comes to announce a part of a block: told with the first that took it; nothing of the subject changes.</summary>
    public void MoreSpecific(PrefixGroup part, Prefix block, uint origin, Timestamp from, Timestamp to)
    {
        var turns = new SortedDictionary<uint, Timestamp>();
        foreach (var peerAs in _peerAses)
            foreach (var choice in peerAs.SelectMany(part.HeardBy).Where(choice => choice.Path is not null && choice.Time > from))
                if (!turns.TryGetValue(peerAs.Key, out var first) || choice.Time < first) turns[peerAs.Key] = choice.Time;
        IsUnclear |= turns.Count < UseMin || !SettlesTheSame(from, to) || groups.Any(group => IsDim(group, from));
        if (turns.Count == 0) return;
        _changes.Add(new(ChangeKind.MoreSpecificAppeared, turns.Values.Min(), new(origin), part.Prefixes) { Covering = block });
    }

    /// <summary>Two origins from the beginning, of which each has its peer ASes: nothing happens.</summary>
    public void Anycast(IReadOnlyList<PrefixGroup> of, Timestamp from, Timestamp to)
    {
        foreach (var group in of)
        {
            int foreign = _peerAses.Count(peerAs => HoldingAt(group, peerAs, from) == Foreign);
            int own = _peerAses.Count(peerAs => HoldingAt(group, peerAs, from) >= 0);
            IsUnclear |= foreign < UseMin || own < UseMin;
        }
        IsUnclear |= !SettlesTheSame(from, to) || !SettlesTheSame(from, from - TimeSpan.FromMinutes(30));
    }

    /// <summary>Nobody moves between two origins: whether what that does to upstreams is a change would be a matter of taste.</summary>
    public void OriginsStay(Timestamp from, Timestamp to) => IsUnclear |= groups.Any(group => _peerAses.Any(peerAs =>
        HoldingAt(group, peerAs, from) == Foreign != (HoldingAt(group, peerAs, to) == Foreign)));

    /// <summary>An upstream that comes, and goes before the day is over.</summary>
    public void Trial(Timestamp from, Timestamp settled, Timestamp to)
    {
        Compare(from, settled);
        int came = _changes.Count;
        IsUnclear |= came != 1;
        Compare(settled, to);
        IsUnclear |= _changes.Count != came + 1;
    }

    /// <summary>What carries an upstream changes, and the upstreams stay where they are.</summary>
    public void Above(Timestamp from, Timestamp to)
    {
        IsUnclear |= !SettlesTheSame(from, to);
        var found = new List<(ChangeKind Kind, uint Above, uint Second, PrefixGroup Group)>();
        foreach (var group in groups)
        {
            var before = SecondsOf(group, from);
            var after = SecondsOf(group, to);
            int watching = _peerAses.Count(peerAs => IsHeld(HoldingAt(group, peerAs, from)));
            foreach (var pair in before.Keys.Union(after.Keys).Order())
            {
                int was = before.GetValueOrDefault(pair), now = after.GetValueOrDefault(pair);
                bool few = Math.Max(was, now) <= Math.Max(1, AboveNone * watching);
                if (was == now || few) continue;
                bool clear = Math.Min(was, now) == 0 && Math.Max(was, now) >= Math.Max(UseMin, AboveClear * watching);
                // A share of the second tier may move, and is none of its changes; near the threshold it could be.
                IsUnclear |= !clear && (was < UseMin || now < UseMin || Math.Min(was, now) < AboveClear * watching);
                if (clear)
                    found.Add((was == 0 ? ChangeKind.UpstreamAppeared : ChangeKind.UpstreamVanished, pair.Above, pair.Second, group));
            }
        }
        IsUnclear |= found.Count == 0;
        foreach (var change in found.GroupBy(change => (change.Kind, change.Above, change.Second)))
        {
            bool gained = change.Key.Kind is ChangeKind.UpstreamAppeared;
            PrefixGroup[] of = [.. change.Select(part => part.Group)];
            var turns = new List<Timestamp>();
            foreach (var peerAs in _peerAses)
                if (of.Select(group => LastTurnAbove(group, peerAs, (change.Key.Above, change.Key.Second), from, to, gained)).Min() is
                    { } turn) turns.Add(turn);
            turns.Sort();
            IsUnclear |= turns.Count < UseMin;
            if (turns.Count == 0) return;
            var time = gained ? turns[0] : turns[(turns.Count - 1) / 2];
            _changes.Add(new(change.Key.Kind, time, new(change.Key.Second), PrefixesOf(of)) { Above = new(change.Key.Above) });
        }
    }

    // How many peer ASes have which AS before which upstream; the vantage point itself is none of them.
    private Dictionary<(uint Above, uint Second), int> SecondsOf(PrefixGroup group, Timestamp time) => _peerAses
        .Select(peerAs => SecondAt(group, peerAs, time)).Where(pair => pair.Second != 0).GroupBy(pair => pair)
        .ToDictionary(same => same.Key, same => same.Count());

    private (uint Above, uint Second) SecondAt(PrefixGroup group, IGrouping<uint, Session> peerAs, Timestamp time)
    {
        var path = peerAs.Select(session => group.PathAt(session, time)).FirstOrDefault(path => path is not null);
        if (path is null || path[^1] != subject) return default;
        var hops = path.Distinct().ToList();
        int origin = hops.IndexOf(subject);
        return origin < 3 ? default : (hops[origin - 1], hops[origin - 2]);
    }

    private Timestamp? LastTurnAbove(PrefixGroup group, IGrouping<uint, Session> peerAs, (uint Above, uint Second) pair,
        Timestamp from, Timestamp to, bool gained)
    {
        bool Holds(Timestamp time) => SecondAt(group, peerAs, time) == pair;
        if (Holds(from) == gained || Holds(to) != gained) return null;
        Timestamp? turn = null;
        bool before = !gained;
        foreach (var time in peerAs.SelectMany(group.HeardBy).Select(choice => choice.Time)
            .Where(time => time > from && time <= to).Distinct().Order())
        {
            bool now = Holds(time);
            if (now == gained && before != gained) turn = time;
            before = now;
        }
        return turn;
    }

    /// <summary>
    /// The changes with the level of each upstream that came or went: what came is held against those that carried before, what went
    /// against those that carry after.
    /// </summary>
    public void Level(Func<uint, Country> countryOf, Timestamp from, Timestamp to)
    {
        for (int i = 0; i < _changes.Count; i++)
        {
            var change = _changes[i];
            bool isMove = change.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned or ChangeKind.UpstreamVanished;
            if (!isMove || change.Above is not null || change.Level is not null || change.Time <= from) continue;
            var time = change.Kind is ChangeKind.UpstreamVanished ? to : from;
            uint carrier = change.About!.Value.Number;
            PrefixGroup[] of = [.. groups.Where(group => change.Prefixes.Contains(group.Prefixes[0]))];
            var others = of.SelectMany(group => UpstreamsOf(group, time).Where(asn => asn != carrier)
                .Select(asn => (Asn: (uint)asn, Users: UsersOf(group, asn, time)))).ToArray();
            IsUnclear |= others.Length == 0 || others.Any(other => other.Users < UseMin);
            _changes[i] = change with
            {
                Level = others.Any(other => countryOf(other.Asn) == countryOf(carrier)) ? ChangeLevel.Organisation : ChangeLevel.Country,
            };
        }
    }

    /// <summary>The label of an upstream more, by how many of those that could use it do; null where that is unclear.</summary>
    public IncidentLabel? LabelOfMore(ExpectedChange more, Timestamp time)
    {
        double Part(PrefixGroup group) => (double)UsersOf(group, more.About!.Value.Number, time)
            / Math.Max(1, _peerAses.Count(peerAs => HoldingAt(group, peerAs, time) >= 0));
        double[] parts = [.. groups.Where(group => more.Prefixes.Contains(group.Prefixes[0])).Select(Part)];
        return parts.All(part => part >= ManyMin) ? IncidentLabel.LoadSplit
            : parts.All(part => part <= FewMax) ? IncidentLabel.Backup : null;
    }

    /// <summary>Leaves no second: what changed lies between two dumps; unclear where one came in between.</summary>
    public void BetweenDumps(IReadOnlyList<Timestamp> dumps, Timestamp from, Timestamp to)
    {
        var steps = groups.SelectMany(group => sessions.SelectMany(group.HeardBy)).Select(choice => choice.Time)
            .Where(time => time > from && time <= to).ToArray();
        if (steps.Length == 0) return;
        IsUnclear |= dumps.Any(dump => dump > steps.Min() - TimeSpan.FromMinutes(1) && dump < steps.Max() + TimeSpan.FromMinutes(1));
        for (int i = 0; i < _changes.Count; i++) _changes[i] = _changes[i] with { Between = true };
    }

    /// <summary>All routes go, and come back by other upstreams: the outage, who is gone with it, and who came in the end.</summary>
    /// <param name="of">Some of the prefixes; null for all.</param>
    public void ReturnBehindOther(Timestamp from, Timestamp back, Timestamp to, IReadOnlyList<PrefixGroup>? of = null)
    {
        of ??= groups;
        var until = FirstTurns(of, IsHeld, back - TimeSpan.FromSeconds(1), to, gained: true);
        IsUnclear |= until.Count == 0 || of.Any(group => IsDim(group, from) || IsDim(group, to));
        if (IsUnclear) return;
        Add(ChangeKind.Outage, null, of, FirstTurns(of, IsHeld, from, back, gained: false), until.Values.Min());
        int before = _changes.Count;
        foreach (long upstream in of.SelectMany(group => UpstreamsOf(group, from).Union(UpstreamsOf(group, to))).Distinct().Order())
            foreach (var alike in of.GroupBy(group => ChangeOf(group, upstream, from, to)).Where(alike => alike.Key is not null))
                AddUpstream(alike.Key!.Value, upstream, [.. alike], from, alike.Key is ChangeKind.UpstreamVanished ? back : to);
        IsUnclear |= _changes.Count == before;
        NoteSeen(to);
    }
}
