using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Transit;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Tests.Transit;

/// <summary>
/// What a step costs follows what was touched (methods.md, "While routes go on"): counted in prefixes on which changes are looked for, not
/// in seconds.
/// </summary>
public sealed class RunningAnalysisTests
{
    private const int Prefixes = 300, Peers = 6, Touched = 3;

    private readonly SpanMemory _spans = new();
    private readonly RoutingState _table;
    private readonly int[] _peers;
    private readonly RunningAnalysis _running;
    private long _found;

    public RunningAnalysisTests()
    {
        _table = new(_ => true, _spans.Take);
        _peers = [.. Enumerable.Range(0, Peers).Select(peer => _table.PeerOf(new(
            CollectorOf(peer), IpAddress.V4((uint)peer + 1), new((uint)peer + 3001))))];
        for (int collector = 0; collector < 2; collector++)
        {
            var rib = RoutingState.BeginRib(CollectorOf(collector), At(0));
            for (int peer = collector; peer < Peers; peer += 2)
                for (int prefix = 0; prefix < Prefixes; prefix++)
                    _table.RibEntry(rib, new(_peers[peer], PrefixOf(prefix), PathOf(peer, 4837), true, At(0), Cause.RibEntry, default, 0));
            _table.EndRib(rib, At(1), whole: true);
        }
        _running = new(new(_table.Paths, Subjects.Resolve("AS131279", RegistrySnapshot.Shipped, out _)!, RegistrySnapshot.Shipped, new()));
    }

    [Fact]
    public void A_step_looks_at_the_prefixes_that_were_touched_and_at_those_that_had_not_settled()
    {
        // All move once; from then on all have changed in the data.
        for (int prefix = 0; prefix < Prefixes; prefix++) Move(prefix, At(60), 20485);
        Assert.Equal(Prefixes, FoundUpTo(At(600)));
        // They have settled in the meantime, and then nothing is looked at any more.
        Assert.Equal(Prefixes, FoundUpTo(At(8_000)));
        Assert.Equal(0, FoundUpTo(At(9_000)));
        for (int step = 0; step < 12; step++)
        {
            int from = step * Touched, time = 10_000 + 5_000 * step;
            for (int prefix = from; prefix < from + Touched; prefix++) Move(prefix, At(time), 4837);
            // Those of the step before are looked at once more, when they have settled.
            Assert.InRange(FoundUpTo(At(time + 100)), Touched, 2 * Touched);
        }
        Assert.Equal(Prefixes, _running.PrefixesKept);
    }

    [Fact]
    public void What_is_kept_is_what_would_be_found_anew()
    {
        for (int step = 0; step < 20; step++)
        {
            for (int prefix = 0; prefix < 40; prefix += 1 + step % 7) Move(prefix, At(100 + 1_500 * step), step % 2 == 0 ? 20485u : 4837);
            var seen = _spans.At(_table, At(0), At(500 + 1_500 * step), []);
            var kept = _running.At(seen, TimeSpan.FromMinutes(5));
            var anew = TransitAnalysis.Answer(seen, PathsOf(), TimeSpan.FromMinutes(5));
            Assert.Equal(anew.Changes.Select(Tell), kept.Changes.Select(Tell));
            Assert.NotEmpty(kept.Changes);
        }
        Assert.True(_running.PrefixesReused > 100, $"{_running.PrefixesReused}");
    }

    [Fact]
    public void Histories_in_which_nothing_has_changed_are_given_again()
    {
        var before = _spans.At(_table, At(0), At(8_000), []);
        Move(7, At(8_100), 20485);
        var after = _spans.At(_table, At(0), At(8_200), []);
        Assert.Equal(Peers, after.Histories.Except(before.Histories, ReferenceEqualityComparer.Instance).Count());
    }

    [Fact]
    public void Memory_is_bounded_by_the_routes_and_what_changed_in_the_time_that_is_kept()
    {
        const int ADay = 86_400;
        _spans.At(_table, At(0), At(8_000), []);
        long steps = 0;
        for (int day = 0; day < 30; day++)
        {
            for (int time = day * ADay + 9_000; time < (day + 1) * ADay; time += 6_000)
                for (int prefix = 0; prefix < 20; prefix++) Move(prefix, At(time), time / 6_000 % 2 == 0 ? 20485u : 4837);
            _spans.At(_table, At(0), At((day + 1) * ADay), []);
            _spans.Forget(_table, At((day - 1) * ADay));
            // Of each route what is held, and of those that move 13 steps a day, of which the last hour's are not final.
            Assert.InRange(_spans.Steps, Prefixes * Peers, Prefixes * Peers + 2 * 13 * 20 * Peers);
            steps = Math.Max(steps, _spans.Steps);
        }
        Assert.True(steps > Prefixes * Peers + 13 * 20 * Peers);
    }

    private AttributedPaths PathsOf() =>
        new(_table.Paths, Subjects.Resolve("AS131279", RegistrySnapshot.Shipped, out _)!, RegistrySnapshot.Shipped, new());

    private static string Tell(TransitChange change) => $"{change.Id} {change.Kind} {change.First} {change.Last} {change.Until} "
        + $"{change.PeerAses}/{change.PeerAsesWatching} {change.ShareBefore} {change.ShareAfter} {string.Join(' ', change.Prefixes)} "
        + string.Join(' ', change.Witnesses.Select(witness => $"{witness.Peer} {witness.Prefix} {witness.Step.Time}"));

    // Prefixes on which changes were looked for.
    private long FoundUpTo(Timestamp time)
    {
        _running.At(_spans.At(_table, At(0), time, []), TimeSpan.FromHours(1));
        (long before, _found) = (_found, _running.PrefixesFound);
        return _found - before;
    }

    private void Move(int prefix, Timestamp time, uint upstream)
    {
        for (int peer = 0; peer < Peers; peer++)
            _table.Update(new(_peers[peer], PrefixOf(prefix), PathOf(peer, upstream), true, time + TimeSpan.FromSeconds(peer),
                Cause.Announcement, default, 0));
    }

    private static Collector CollectorOf(int peer) =>
        peer % 2 == 0 ? new("rrc00", Project.Ris) : new("route-views2", Project.RouteViews);

    private static uint[] PathOf(int peer, uint upstream) => ParsedPath.Of($"{peer + 3001} 174 {upstream} 131279");

    private static Prefix PrefixOf(int prefix) => Prefix.Parse($"175.{prefix / 250 + 45}.{prefix % 250}.0/24");

    private static Timestamp At(int seconds) => Timestamp.Parse("2017-10-01T00:00:00Z") + TimeSpan.FromSeconds(seconds);
}
