using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>Traps that peers set: what they send is not what the Internet does.</summary>
internal sealed class PeerTraps(Story story, SeededRandom random, HashSet<Session> impaired)
{
    private static readonly TimeSpan _awayFromActs = TimeSpan.FromMinutes(15);

    private Scenario Scenario => story.Scenario;

    /// <summary>A fifth of the sessions break, each at a time of its own.</summary>
    public void Reset()
    {
        foreach (var session in random.Shuffle(story.Observatory.Sessions).Take(Math.Max(3, story.Observatory.Sessions.Count / 5)))
        {
            var time = AnyTime();
            Scenario.At(time).ResetSession(session.Peer, TimeSpan.FromSeconds(random.Between(5, 150)), random.Between(5, 60));
            if (story.ActTimes.Any(act => time > act - _awayFromActs && time < act + _awayFromActs)) impaired.Add(session);
        }
    }

    /// <summary>From shortly before an act to the end, or with an old path out of nowhere where nothing happens.</summary>
    public void Stick()
    {
        uint peerAs = AnyPeerAs();
        bool waits = story.Acts.Any(act => act != nameof(ActKind.Nothing));
        var from = waits ? random.Pick([.. story.ActTimes]) - TimeSpan.FromMinutes(2) : AnyTime();
        story.Showing.Silence(peerAs, from, Scenario.To);
        if (!waits) ShowBy(peerAs, story.Stranger, from);
    }

    /// <summary>Withdrawn, another way, by an upstream that nobody has, and back: hundreds of times.</summary>
    public void Flap()
    {
        uint peerAs = AnyPeerAs();
        var from = AnyTime() - TimeSpan.FromMinutes(40);
        if (from < Scenario.From) from = Scenario.From + TimeSpan.FromMinutes(5);
        var to = from + TimeSpan.FromMinutes(random.Between(60, 150));
        if (to > Scenario.To) to = Scenario.To;
        story.Showing.Silence(peerAs, from, to);
        foreach (var session in SessionsOf(peerAs))
            for (var time = from; time < to; time += TimeSpan.FromSeconds(random.Between(3, 50)))
            {
                var group = random.Pick(story.Groups);
                if (random.Chance(0.4)) Scenario.At(time).Withdraw(session.Peer, group.Nlri);
                else Scenario.At(time).Announce(session.Peer, PathText.Of(
                    [session.Asn, AnyAs(), .. random.Chance(0.5) ? [story.Stranger] : Array.Empty<uint>(), story.Subject]),
                    group.Nlri);
            }
    }

    /// <summary>Eight sessions more for one AS, which alone goes by an upstream that nobody else has.</summary>
    public void Multiply()
    {
        uint peerAs = AnyPeerAs();
        for (int i = 0; i < 8; i++) story.Join(peerAs, random.Pick(Scenario.Collectors), random);
        var from = AnyTime();
        var to = from + TimeSpan.FromMinutes(random.Between(30, 90));
        story.Showing.Silence(peerAs, from, to > Scenario.To ? Scenario.To : to);
        ShowBy(peerAs, story.Stranger, from);
    }

    /// <summary>One or two ASes show themselves next to the subject.</summary>
    public void LinkThemselves()
    {
        foreach (uint peerAs in PeerAses().Take(random.Between(1, 2)))
        {
            var from = AnyTime();
            story.Showing.Silence(peerAs, from, Scenario.To);
            ShowBy(peerAs, null, from);
        }
    }

    /// <summary>Within a minute most sessions go through one or two dead ends and come back to where they were.</summary>
    public void Hunt()
    {
        if (QuietTime() is not { } start) return;
        foreach (var session in story.Observatory.Sessions.Where(_ => random.Chance(0.85)))
            foreach (var group in story.Groups)
            {
                var time = start + TimeSpan.FromSeconds(random.Between(0, 30));
                if (story.Showing.By(session, group, time) is not { } shown) continue;
                for (int steps = random.Between(1, 2); steps > 0; steps--, time += TimeSpan.FromSeconds(random.Between(4, 25)))
                    Scenario.At(time).Announce(session.Peer, PathText.Of(
                        [session.Asn, AnyAs(), story.Stranger, story.Subject]), group.Nlri);
                Scenario.At(time).Announce(session.Peer, PathText.Of(shown), group.Nlri);
            }
    }

    /// <summary>Everywhere alike, so that nobody has a reason to go another way.</summary>
    public void Prepend()
    {
        int more = random.Between(1, 4);
        story.Showing.Rewrite(AnyTime(), path => [.. path, .. Enumerable.Repeat(path[^1], more)]);
    }

    public void Poison()
    {
        uint poisoned = story.Graph.FreeNumber(random);
        story.Showing.Rewrite(AnyTime(), path => path[^1] == story.Subject ? [.. path, poisoned, path[^1]] : path);
    }

    /// <summary>Leaked routes of somebody else's prefixes, with the subject as transit.</summary>
    public void ForgeMiddle()
    {
        uint victim = story.Graph.FreeNumber(random), peerAs = AnyPeerAs();
        var time = AnyTime();
        foreach (var session in SessionsOf(peerAs))
            for (int i = 0; i < 4; i++)
                Scenario.At(time + TimeSpan.FromSeconds(i)).Announce(session.Peer, PathText.Of(
                    [session.Asn, AnyAs(), story.Subject, victim]), story.ForeignPrefix(i));
    }

    /// <summary>Of the subject's own prefixes, and of one that is not the subject's.</summary>
    public void ForgeLastHop()
    {
        uint peerAs = AnyPeerAs(), forged = story.Graph.FreeNumber(random);
        var from = AnyTime();
        story.Showing.Silence(peerAs, from, Scenario.To);
        ShowBy(peerAs, forged, from);
        foreach (var session in SessionsOf(peerAs))
            Scenario.At(from).Announce(session.Peer, PathText.Of([session.Asn, forged, story.Subject]), story.ForeignPrefix(9));
    }

    /// <summary>Many partial feeds, which leave the subject out for most of an hour as if by one order.</summary>
    public void LeaveOut()
    {
        uint[] known = [.. PeerAses()];
        uint[] others = [.. random.Shuffle(story.Ases.Except(known)).Take(known.Length * 3 / 2)];
        var from = AnyTime();
        var to = from + TimeSpan.FromMinutes(random.Between(20, 50));
        if (to > Scenario.To) to = Scenario.To;
        foreach (uint peerAs in others)
        {
            story.Join(peerAs, random.Pick(Scenario.Collectors), random).Peer.Feed = 0.02 + 0.1 * random.Fraction();
            var begin = from + TimeSpan.FromSeconds(random.Below(120));
            story.Showing.Silence(peerAs, begin, to, hasRoute: false);
            impaired.UnionWith(SessionsOf(peerAs));
            foreach (var session in SessionsOf(peerAs))
                foreach (var group in story.Groups) Scenario.At(begin).Withdraw(session.Peer, group.Nlri);
        }
    }

    // All groups of prefixes by an upstream; null for a link of the peer's own.
    private void ShowBy(uint peerAs, uint? upstream, Timestamp from)
    {
        uint over = AnyAs();
        impaired.UnionWith(SessionsOf(peerAs));
        uint[] hops = upstream is { } asn ? [peerAs, over, asn, story.Subject] : [peerAs, story.Subject];
        foreach (var session in SessionsOf(peerAs))
            foreach (var group in story.Groups)
                Scenario.At(from + TimeSpan.FromSeconds(random.Below(20))).Announce(session.Peer, PathText.Of(hops), group.Nlri);
    }

    private IEnumerable<Session> SessionsOf(uint peerAs) => story.Observatory.Sessions.Where(session => session.Asn == peerAs);

    private List<uint> PeerAses() => random.Shuffle(story.Observatory.Sessions
        .Where(session => !session.IsRouteServer && session.SeesSubject).Select(session => session.Asn).Distinct()
        .Where(asn => !story.Showing.IsSilenced(asn)));

    private uint AnyPeerAs()
    {
        uint peerAs = PeerAses().First();
        impaired.UnionWith(SessionsOf(peerAs));
        return peerAs;
    }

    private uint AnyAs() => random.Pick(story.Ases);

    private Timestamp AnyTime() => story.AnyTime(random);

    // Away from acts, as far as a real hunt belongs to one.
    private Timestamp? QuietTime()
    {
        for (int tries = 0; tries < 50; tries++)
        {
            var time = AnyTime();
            if (story.IsQuiet(time, _awayFromActs)) return time;
        }
        return null;
    }
}
