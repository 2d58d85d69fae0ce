using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>
/// What an analyst would report of a story (methods.md, "Changes"), found from where its routes settle before and
/// after each act. It looks at peer ASes and settled states, and knows when something happened: nothing here has to
/// be detected. What lies close to a threshold makes a story <see cref="IsUnclear"/>, and another one is drawn:
/// the suite measures the detector, not where its thresholds lie.
/// </summary>
internal sealed partial class Truth(uint subject, IReadOnlyList<PrefixGroup> groups, IReadOnlyList<Session> sessions)
{
    /// <summary>Not an upstream: no route, a route of another origin, or one that proves a link and no transit.</summary>
    private const long None = -1, Foreign = -2, Uncounted = -3;

    /// <summary>So many peer ASes make a use of an upstream; three is the threshold, and unclear.</summary>
    private const int UseMin = 4, NoUseMax = 2;

    /// <summary>A slow roll-out is one while no pause in it is longer than this part of it, or this.</summary>
    private const double PausePartMax = 0.3;

    /// <inheritdoc cref="PausePartMax"/>
    private static readonly TimeSpan PauseClear = TimeSpan.FromMinutes(5);

    /// <summary>A shorter pause parts no coming or going in two.</summary>
    private static readonly TimeSpan PauseMin = TimeSpan.FromMinutes(30);

    /// <summary>A peer AS holds what it keeps so long.</summary>
    private static readonly TimeSpan Held = TimeSpan.FromSeconds(300);

    /// <summary>So many alternations are flapping; eight is the threshold.</summary>
    private const int FlipsClear = 10;

    private const double ShiftClear = 0.20, ShiftNone = 0.10, VisibleMin = 0.8;

    private readonly IGrouping<uint, Session>[] _peerAses =
        [.. sessions.Where(session => session.SeesSubject).GroupBy(session => session.Asn).OrderBy(group => group.Key)];

    private readonly Dictionary<(PrefixGroup Group, long Upstream), int> _seen = [];
    private readonly Dictionary<IReadOnlyList<uint>, long> _holdings = new(ReferenceEqualityComparer.Instance);
    private readonly List<ExpectedChange> _changes = [];

    public IReadOnlyList<ExpectedChange> Changes => [.. _changes.OrderBy(change => change.Time)];

    public bool IsUnclear { get; private set; }

    /// <summary>Takes the state at the start as known.</summary>
    public void Begin(Timestamp time) => NoteSeen(time);

    /// <summary>An act that leads from one settled state to another, with every prefix visible in both.</summary>
    public void Compare(Timestamp from, Timestamp to)
    {
        var found = new List<(ChangeKind Kind, long Upstream, PrefixGroup Group)>();
        foreach (var group in groups)
        {
            IsUnclear |= IsDim(group, from) != IsDim(group, to);
            foreach (long upstream in UpstreamsOf(group, from).Union(UpstreamsOf(group, to)).Order())
                if (ChangeOf(group, upstream, from, to) is { } kind) found.Add((kind, upstream, group));
        }
        IsUnclear |= found.Exists(one => found.Exists(other => LooksLikeIntermediary(one, other, from, to)));
        foreach (var change in found.GroupBy(change => (change.Kind, change.Upstream)))
            AddUpstream(change.Key.Kind, change.Key.Upstream, [.. change.Select(part => part.Group)], from, to);
        if (found.Count == 0) CompareShares(from, to);
        NoteSeen(to);
    }

    /// <summary>
    /// An act that leads one network after another to where it settles. Where that makes an upstream come or go, what shares do
    /// meanwhile is part of it, and no rule names the second: it has come when enough use it, it is gone when hardly any does.
    /// </summary>
    public void Slow(Timestamp from, Timestamp to)
    {
        int before = _changes.Count;
        Compare(from, to);
        for (int i = before; i < _changes.Count; i++) _changes[i] = DrawnOut(_changes[i], from, to);
        if (!IsUnclear) IsUnclear = groups.Any(group => IsOtherwiseMeanwhile(group, from, to));
    }

    // Where networks stay somewhere else for a while on the way, that is a change of its own, or nearly one.
    private bool IsOtherwiseMeanwhile(PrefixGroup group, Timestamp from, Timestamp to)
    {
        Timestamp[] times = [.. sessions.SelectMany(group.HeardBy).Select(choice => choice.Time)
            .Where(time => time > from && time <= to - Held).Distinct().Order()];
        foreach (long upstream in times.Append(to).SelectMany(time => UpstreamsOf(group, time)).Distinct())
        {
            int before = UsersOf(group, upstream, from), after = UsersOf(group, upstream, to);
            foreach (var time in times)
            {
                bool[][] both = [.. _peerAses.Select(peerAs => new[] { time, time + Held }
                    .Select(at => HoldingAt(group, peerAs, at) == upstream).ToArray())];
                int most = both.Count(held => held[0] && held[1]), least = both.Count(held => held[0] || held[1]);
                if (before < UseMin && after < UseMin && most > NoUseMax) return true;
                if (before >= UseMin && after >= UseMin && least <= NoUseMax) return true;
                double far = ShiftNone * _peerAses.Length;
                if (most - Math.Max(before, after) > far || Math.Min(before, after) - least > far) return true;
            }
        }
        return false;
    }

    private ExpectedChange DrawnOut(ExpectedChange change, Timestamp from, Timestamp to)
    {
        bool IsIt(long holding) => holding == change.About!.Value.Number;
        if (change.Kind is ChangeKind.ShareShifted)
        {
            double before = ShareOf(change.About!.Value.Number, from), after = ShareOf(change.About.Value.Number, to);
            Timestamp[] moves = [.. OfFullFeeds(FirstTurns(groups, IsIt, from, to, gained: after > before)).Order()];
            // Where a few move long before or after the others, where it begins or ends is a matter of taste.
            var longest = (moves[^1] - moves[0]) * PausePartMax;
            IsUnclear |= moves.Zip(moves.Skip(1)).Any(pair => pair.Second - pair.First > longest && pair.Second - pair.First > PauseClear);
            return change with { Share = (before, after), Last = moves[^1] };
        }
        PrefixGroup[] of = [.. groups.Where(group => change.Prefixes.Contains(group.Prefixes[0]))];
        bool gained = change.Kind is not ChangeKind.UpstreamVanished;
        Timestamp[] turns = [.. FirstTurns(of, IsIt, from, to, gained).Values.Order()];
        IsUnclear |= IsParted(change.About!.Value.Number, gained ? turns : [.. turns.Reverse()], gained ? to : from);
        int few = Math.Min(UseMin, turns.Length) - 1;
        return gained ? change with { Latest = turns[few] } : change with { Time = turns[^(few + 1)], Latest = turns[^1] };
    }

    // After a pause longer than half an hour, and than all before it, another move begins (methods.md); one that is nearly a shift is.
    private bool IsParted(uint upstream, Timestamp[] turns, Timestamp end)
    {
        for (int i = 1; i < turns.Length; i++)
        {
            TimeSpan pause = (turns[i] - turns[i - 1]).Duration(), soFar = (turns[i - 1] - turns[0]).Duration();
            if (pause <= PauseMin || pause <= soFar) continue;
            var meanwhile = turns[i - 1] + (turns[i] - turns[i - 1]) / 2;
            if (Math.Abs(ShareOf(upstream, end) - ShareOf(upstream, meanwhile)) > ShiftNone) return true;
        }
        return false;
    }

    /// <summary>Routes that most lose and a few keep, to the end where no return is named.</summary>
    public void PartOutage(IReadOnlyList<PrefixGroup> of, Timestamp from, Timestamp? back, Timestamp to)
    {
        var low = (back ?? to) - TimeSpan.FromSeconds(1);
        // Near a half the truth is a matter of taste, and who may hold a stuck route is few.
        IsUnclear |= of.Any(group => VisibilityOf(group, low) is < 0.1 or > 0.4);
        if (back is { } end) Outage(of, from, end, to);
        else Loss(of, ChangeKind.Outage, from, to);
    }

    /// <summary>Routes that come and go every minute at nearly all peer ASes, after which all is as before.</summary>
    public void Flapping(IReadOnlyList<PrefixGroup> of, Timestamp from, Timestamp to)
    {
        foreach (var group in of)
        {
            bool? isUp = null;
            int flips = 0;
            foreach (var time in sessions.SelectMany(session => Steps(group, session)).Distinct().Order()
                .Where(time => time > from && time <= to))
            {
                double visibility = VisibilityOf(group, time);
                bool? now = visibility >= VisibleMin ? true : visibility <= 1 - VisibleMin ? false : null;
                if (now is null || now == isUp) continue;
                flips++;
                isUp = now;
            }
            IsUnclear |= flips < FlipsClear;
        }
        Unstable(of, from, to);
    }

    /// <summary>Another AS announces prefixes, too, and ceases to.</summary>
    public void Moas(IReadOnlyList<PrefixGroup> of, uint origin, Timestamp from, Timestamp end, Timestamp to)
    {
        NewOrigin(of, origin, from, end - TimeSpan.FromSeconds(1));
        IsUnclear |= !SettlesTheSame(from, to);
        var left = FirstTurns(of, holding => holding == Foreign, end - TimeSpan.FromSeconds(1), to, gained: false);
        if (left.Count > 0) _changes[^1] = _changes[^1] with { Until = left.Values.Max() };
    }

    /// <summary>Routes that go, and come back as they were before the next act.</summary>
    /// <param name="except">Prefixes that have a story of their own meanwhile.</param>
    public void Outage(
        IReadOnlyList<PrefixGroup> of, Timestamp from, Timestamp back, Timestamp to, IReadOnlyList<PrefixGroup>? except = null)
    {
        IsUnclear |= of.Any(group => IsDim(group, from)) || !SettlesTheSame(from, to, except);
        var until = FirstTurns(of, IsHeld, back - TimeSpan.FromSeconds(1), to, gained: true);
        Add(ChangeKind.Outage, null, of, FirstTurns(of, IsHeld, from, back, gained: false), until.Count > 0 ? until.Values.Min() : null);
    }

    /// <summary>Routes that go for good; of all prefixes it is an outage without an end.</summary>
    /// <param name="except">Prefixes that have a story of their own meanwhile; null for those that go.</param>
    public void Loss(
        IReadOnlyList<PrefixGroup> of, ChangeKind kind, Timestamp from, Timestamp to, IReadOnlyList<PrefixGroup>? except = null)
    {
        IsUnclear |= of.Any(group => IsDim(group, from)) || !SettlesTheSame(from, to, except ?? of);
        Add(kind, null, of, FirstTurns(of, IsHeld, from, to, gained: false));
    }

    /// <summary>Prefixes that were never there before.</summary>
    public void Birth(IReadOnlyList<PrefixGroup> of, ChangeKind kind, Timestamp from, Timestamp to)
    {
        var upstreams = groups.Except(of).SelectMany(group => UpstreamsOf(group, from)).ToHashSet();
        IsUnclear |= of.Any(group => IsDim(group, to)) || !SettlesTheSame(from, to, except: of)
            || of.SelectMany(group => UpstreamsOf(group, to)).Any(upstream => !upstreams.Contains(upstream));
        Add(kind, null, of, FirstTurns(of, IsHeld, from, to, gained: true));
        NoteSeen(to);
    }

    /// <summary>Many acts in a row, after which all is as before: one unstable time from the first change to the last.</summary>
    public void Unstable(IReadOnlyList<PrefixGroup> of, Timestamp from, Timestamp to)
    {
        IsUnclear |= !SettlesTheSame(from, to);
        Timestamp[] steps = [.. of.SelectMany(group => sessions.SelectMany(session => Steps(group, session)))
            .Where(time => time > from && time <= to).Order()];
        IsUnclear |= steps.Length == 0;
        if (steps.Length > 0) _changes.Add(new(ChangeKind.Unstable, steps[0], null, PrefixesOf(of), steps[^1]));
    }

    /// <summary>Another AS comes to announce prefixes as its own: what the subject's upstreams lose by that is part of it.</summary>
    /// <param name="wereGone">True where nobody held them just before.</param>
    public void NewOrigin(IReadOnlyList<PrefixGroup> of, uint origin, Timestamp from, Timestamp to, bool wereGone = false)
    {
        var turns = FirstTurns(of, holding => holding == Foreign, from, to, gained: true);
        IsUnclear |= of.Any(group => !wereGone && IsDim(group, from) || IsDim(group, to)) || turns.Count < UseMin
            || !SettlesTheSame(from, to, except: of);
        // Where the subject's own routes stay at others, there are two origins beside each other.
        int[] staying = [.. of.Select(group => _peerAses.Count(peerAs => HoldingAt(group, peerAs, to) is not (None or Foreign)))];
        bool isBeside = staying.Max() >= UseMin;
        IsUnclear |= staying.Any(stays => stays > 0 && stays < UseMin || stays >= UseMin != isBeside);
        Add(isBeside ? ChangeKind.OriginAdded : ChangeKind.OriginChanged, origin, of, turns);
    }

    /// <summary>An AS that steps between the subject and an upstream, or away: who used the one afterwards uses the other.</summary>
    public void Intermediary(ChangeKind kind, long upstream, long between, Timestamp from, Timestamp to)
    {
        var of = groups.Where(group => UsersOf(group, upstream, from) >= UseMin || UsersOf(group, between, from) >= UseMin).ToArray();
        bool comes = kind is ChangeKind.IntermediaryInserted;
        foreach (var group in groups)
            foreach (var peerAs in _peerAses)
            {
                long before = HoldingAt(group, peerAs, from), after = HoldingAt(group, peerAs, to);
                if (before == (comes ? upstream : between)) before = comes ? between : upstream;
                // The upstream itself, as a peer, showed a link before and transit now.
                IsUnclear |= before != after && before != Uncounted && after != Uncounted;
            }
        IsUnclear |= of.Length == 0;
        Add(kind, between, of, FirstTurns(of, holding => holding == (comes ? between : upstream), from, to, gained: true));
        NoteSeen(to);
    }

    /// <summary>Nothing that anybody would report.</summary>
    public void Nothing(Timestamp from, Timestamp to)
    {
        int before = _changes.Count;
        Compare(from, to);
        IsUnclear |= _changes.Count > before;
    }

    private ChangeKind? ChangeOf(PrefixGroup group, long upstream, Timestamp from, Timestamp to)
    {
        int before = UsersOf(group, upstream, from), after = UsersOf(group, upstream, to);
        int ever = _seen.GetValueOrDefault((group, upstream));
        bool wasUsed = before >= UseMin, isUsed = after >= UseMin;
        IsUnclear |= before > NoUseMax && !wasUsed || after > NoUseMax && !isUsed;
        if (wasUsed == isUsed) return null;
        // One or two that stay could be stuck, one or two that were there before make a beginning unclear.
        IsUnclear |= wasUsed ? after > 0 : before > 0 || ever is > 0 and < UseMin;
        return wasUsed ? ChangeKind.UpstreamVanished : ever >= UseMin ? ChangeKind.UpstreamReturned : ChangeKind.UpstreamAppeared;
    }

    // Where the one that came carries for the one that went, or the other way round, it could as well stand between.
    private bool LooksLikeIntermediary(
        (ChangeKind Kind, long Upstream, PrefixGroup Group) one, (ChangeKind Kind, long Upstream, PrefixGroup Group) other,
        Timestamp from, Timestamp to) =>
        one.Group == other.Group && one.Kind is ChangeKind.UpstreamVanished && other.Kind is not ChangeKind.UpstreamVanished
        && sessions.Any(session => StandsAbove(one.Group.PathAt(session, to), one.Upstream, other.Upstream)
            || StandsAbove(one.Group.PathAt(session, from), other.Upstream, one.Upstream));

    private static bool StandsAbove(IReadOnlyList<uint>? path, long above, long upstream)
    {
        for (int i = 1; i < (path?.Count ?? 0); i++)
            if (path![i] == upstream && path[i - 1] == above) return true;
        return false;
    }

    private void AddUpstream(ChangeKind kind, long upstream, IReadOnlyList<PrefixGroup> of, Timestamp from, Timestamp to)
    {
        bool gained = kind is not ChangeKind.UpstreamVanished;
        var turns = FirstTurns(of, holding => holding == upstream, from, to, gained);
        // A partial feed that sends a route no more says nothing of who carries it (methods.md, "What testifies to nothing").
        if (!gained) foreach (var peerAs in _peerAses.Where(peerAs => peerAs.All(session => session.Peer.Feed < 1)
            && of.All(group => HoldingAt(group, peerAs, to) == None))) turns.Remove(peerAs.Key);
        Add(kind, upstream, of, turns);
    }

    private void CompareShares(Timestamp from, Timestamp to)
    {
        foreach (long upstream in groups.SelectMany(group => UpstreamsOf(group, from).Concat(UpstreamsOf(group, to))).Distinct().Order())
        {
            double before = ShareOf(upstream, from), after = ShareOf(upstream, to), shift = Math.Abs(after - before);
            IsUnclear |= shift is > ShiftNone and < ShiftClear;
            if (shift < ShiftClear) continue;
            var turns = FirstTurns(groups, holding => holding == upstream, from, to, gained: after > before);
            // Where other origins take routes over, a share moves and nobody does.
            IsUnclear |= !OfFullFeeds(turns).Any();
            if (!IsUnclear) _changes.Add(new(ChangeKind.ShareShifted, OfFullFeeds(turns).Min(), new((uint)upstream), []));
        }
    }

    // A share is of full feeds, and so are its dates.
    private IEnumerable<Timestamp> OfFullFeeds(SortedDictionary<uint, Timestamp> turns) => _peerAses
        .Where(peerAs => turns.ContainsKey(peerAs.Key) && peerAs.Any(session => session.Peer.Feed == 1))
        .Select(peerAs => turns[peerAs.Key]);

    private void Add(
        ChangeKind kind, long? about, IReadOnlyList<PrefixGroup> of, IReadOnlyDictionary<uint, Timestamp> turns, Timestamp? until = null)
    {
        IsUnclear |= turns.Count < UseMin;
        if (turns.Count == 0) return;
        Timestamp[] times = [.. turns.Values.Order()];
        bool isBad = kind is ChangeKind.UpstreamVanished or ChangeKind.Outage or ChangeKind.PrefixVanished;
        var time = isBad ? times[(times.Length - 1) / 2] : times[0];
        _changes.Add(new(kind, time, about is { } asn ? new((uint)asn) : null, PrefixesOf(of), until));
    }

    private static Prefix[] PrefixesOf(IEnumerable<PrefixGroup> of) => [.. of.SelectMany(group => group.Prefixes).Order()];

    // For each peer AS that came to hold (or ceased to), its first lasting change over the prefixes.
    private SortedDictionary<uint, Timestamp> FirstTurns(
        IReadOnlyList<PrefixGroup> of, Func<long, bool> isKey, Timestamp from, Timestamp to, bool gained)
    {
        var first = new SortedDictionary<uint, Timestamp>();
        foreach (var group in of)
        {
            int turned = 0;
            foreach (var peerAs in _peerAses)
            {
                if (LastTurn(group, peerAs, isKey, from, to, gained) is not { } turn) continue;
                turned++;
                if (!first.TryGetValue(peerAs.Key, out var earlier) || turn < earlier) first[peerAs.Key] = turn;
            }
            IsUnclear |= turned < UseMin;
        }
        return first;
    }

    // A peer AS holds a key while any of its sessions does; its last change in the act is the lasting one.
    private Timestamp? LastTurn(
        PrefixGroup group, IGrouping<uint, Session> peerAs, Func<long, bool> isKey, Timestamp from, Timestamp to, bool gained)
    {
        bool Holds(Timestamp time) => peerAs.Any(session => isKey(HoldingOf(group.PathAt(session, time))));
        if (Holds(from) == gained || Holds(to) != gained) return null;
        Timestamp? turn = null;
        bool before = !gained;
        var times = peerAs.SelectMany(group.HeardBy).Select(choice => choice.Time).Where(time => time > from && time <= to);
        foreach (var time in times.Distinct().Order())
        {
            bool now = Holds(time);
            if (now == gained && before != gained) turn = time;
            before = now;
        }
        return turn;
    }

    // When the upstream or the reachability changes; a longer path to the same is no change.
    private IEnumerable<Timestamp> Steps(PrefixGroup group, Session session)
    {
        long before = None;
        foreach (var choice in group.HeardBy(session))
        {
            long now = HoldingOf(choice.Path);
            if (now != before) yield return choice.Time;
            before = now;
        }
    }

    private bool SettlesTheSame(Timestamp from, Timestamp to, IReadOnlyList<PrefixGroup>? except = null) =>
        groups.Except(except ?? []).All(group => _peerAses.All(
            peerAs => HoldingAt(group, peerAs, from) == HoldingAt(group, peerAs, to)));

    private bool IsDim(PrefixGroup group, Timestamp time)
    {
        int ever = _peerAses.Count(peerAs => peerAs.Any(session => group.HeardBy(session).Count > 0));
        return _peerAses.Count(peerAs => IsHeld(HoldingAt(group, peerAs, time))) < VisibleMin * ever;
    }

    // The part of the full-feed peer ASes that ever held it which hold it.
    private double VisibilityOf(PrefixGroup group, Timestamp time)
    {
        var ever = _peerAses.Where(peerAs => peerAs.Any(session => session.Peer.Feed == 1 && group.HeardBy(session).Count > 0)).ToArray();
        return ever.Length == 0 ? 0 : (double)ever.Count(peerAs => IsHeld(HoldingAt(group, peerAs, time))) / ever.Length;
    }

    private static bool IsHeld(long holding) => holding != None;

    private void NoteSeen(Timestamp time)
    {
        foreach (var group in groups)
            foreach (long upstream in UpstreamsOf(group, time))
                _seen[(group, upstream)] = Math.Max(_seen.GetValueOrDefault((group, upstream)), UsersOf(group, upstream, time));
    }

    private int UsersOf(PrefixGroup group, long upstream, Timestamp time) =>
        _peerAses.Count(peerAs => HoldingAt(group, peerAs, time) == upstream);

    private IEnumerable<long> UpstreamsOf(PrefixGroup group, Timestamp time) =>
        _peerAses.Select(peerAs => HoldingAt(group, peerAs, time)).Where(holding => holding >= 0).Distinct();

    // The headline share: the mean over full-feed peer ASes of the part of the visible prefixes.
    private double ShareOf(long upstream, Timestamp time) => ShareOf(upstream, time, groups[0].Family);

    private double ShareOf(long upstream, Timestamp time, AddressFamily family)
    {
        var parts = new List<double>();
        foreach (var peerAs in _peerAses.Where(peerAs => peerAs.Any(session => session.Peer.Feed == 1)))
        {
            // A route over its own link, or of another origin, is by no upstream, and is in no share (methods.md).
            var visible = groups.Where(group => group.Family == family && HoldingAt(group, peerAs, time) >= 0).ToArray();
            int all = visible.Sum(group => group.Prefixes.Count);
            int by = visible.Where(group => HoldingAt(group, peerAs, time) == upstream).Sum(group => group.Prefixes.Count);
            if (all > 0) parts.Add((double)by / all);
        }
        return parts.Count == 0 ? 0 : parts.Average();
    }

    private long HoldingAt(PrefixGroup group, IGrouping<uint, Session> peerAs, Timestamp time)
    {
        long holding = None;
        foreach (var session in peerAs)
            if ((holding = HoldingOf(group.PathAt(session, time))) != None) break;
        return holding;
    }

    // The same path is asked for again and again: it is judged once.
    private long HoldingOf(IReadOnlyList<uint>? path)
    {
        if (path is null) return None;
        if (!_holdings.TryGetValue(path, out long holding)) _holdings[path] = holding = Judge(path);
        return holding;
    }

    private long Judge(IReadOnlyList<uint> path)
    {
        if (path[^1] != subject) return Foreign;
        // Prepending says nothing, and what stands behind the origin's first mention was put there to poison.
        var hops = path.Distinct().ToList();
        int origin = hops.IndexOf(subject);
        return origin < 2 ? Uncounted : hops[origin - 1];
    }
}
