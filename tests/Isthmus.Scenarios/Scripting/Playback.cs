using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>Plays the script at one collector: keeps what each peer has sent, writes updates and dumps.</summary>
internal sealed class Playback
{
    // Well below the 4,096 bytes of a BGP message (RFC 4271 section 4).
    private const int PrefixesInMessage = 150;

    private readonly ScenarioCollector _collector;
    private readonly List<ScriptedChange> _changes;
    private readonly Dictionary<ScenarioPeer, Speaker> _speakers = [];
    private readonly Dictionary<(ScenarioPeer Peer, string Path), PathAttributes> _tableAttributes = [];

    public Playback(ScenarioCollector collector, IEnumerable<ScriptedChange> changes)
    {
        _collector = collector;
        var scenario = collector.Scenario;
        _changes = [.. changes.Select(change => change with { Time = change.Time + collector.ClockError })
            .Where(change => change.Time >= scenario.From && change.Time < scenario.To)];
        foreach (var peer in collector.Peers) _speakers[peer] = new(peer, scenario.From);
    }

    public IEnumerable<ArchiveFile> Files()
    {
        var scenario = _collector.Scenario;
        var layout = _collector.Layout;
        var dumps = new Queue<Timestamp>(_collector.DumpTimes ?? Rhythm(scenario.From, scenario.To, layout.DumpEvery));
        int next = 0;
        for (var window = scenario.From; window < scenario.To; window += layout.UpdateEvery)
        {
            var end = window + layout.UpdateEvery;
            var updates = new MrtWriter();
            while (dumps.TryPeek(out var dump) && dump < end)
            {
                Play(updates, ref next, dump + TimeSpan.FromMicroseconds(1));
                dumps.Dequeue();
                yield return new(layout.DumpPath(dump), Dump(dump), _collector, dump, IsDump: true);
            }
            Play(updates, ref next, end);
            yield return new(layout.UpdatePath(window), updates.ToArray(), _collector, window, IsDump: false);
        }
    }

    private static IEnumerable<Timestamp> Rhythm(Timestamp from, Timestamp to, TimeSpan every)
    {
        long step = (long)every.TotalMicroseconds;
        long first = (from.Microseconds + step - 1) / step * step;
        for (long time = first; time < to.Microseconds; time += step) yield return new(time);
    }

    private void Play(MrtWriter mrt, ref int next, Timestamp until)
    {
        for (; next < _changes.Count && _changes[next].Time < until; next++) Play(mrt, _changes[next]);
    }

    private void Play(MrtWriter mrt, ScriptedChange change)
    {
        var speaker = _speakers[change.Peer];
        switch (change.Act)
        {
            case ChangeAct.Announce:
                foreach (var prefix in change.Prefixes) speaker.Router[prefix] = new(change.Path!, change.Time);
                if (speaker.Up) Announce(mrt, change.Time, speaker, change.Path!, change.Prefixes);
                break;
            case ChangeAct.Withdraw:
                foreach (var prefix in change.Prefixes) speaker.Router.Remove(prefix);
                Withdraw(mrt, change.Time, speaker, [.. change.Prefixes.Where(speaker.Sent.ContainsKey)]);
                break;
            case ChangeAct.SessionDown:
                speaker.Up = false;
                speaker.Sent.Clear();
                State(mrt, change.Time, change.Peer, SessionState.Established, SessionState.Idle);
                break;
            case ChangeAct.SessionUp:
                speaker.Up = true;
                State(mrt, change.Time, change.Peer, SessionState.Idle, SessionState.Active);
                State(mrt, change.Time, change.Peer, SessionState.Active, SessionState.OpenSent);
                State(mrt, change.Time, change.Peer, SessionState.OpenSent, SessionState.OpenConfirm);
                State(mrt, change.Time, change.Peer, SessionState.OpenConfirm, SessionState.Established);
                break;
            case ChangeAct.Resend:
                Resend(mrt, change, speaker);
                break;
        }
    }

    private static void Resend(MrtWriter mrt, ScriptedChange change, Speaker speaker)
    {
        var byPath = speaker.Router.Where((_, i) => i % change.Slice.Of == change.Slice.Index)
            .GroupBy(route => route.Value.Path, route => route.Key, StringComparer.Ordinal);
        foreach (var group in byPath) Announce(mrt, change.Time, speaker, group.Key, [.. group]);
    }

    private static void Announce(
        MrtWriter mrt, Timestamp time, Speaker speaker, string path, IReadOnlyList<Prefix> prefixes)
    {
        var peer = speaker.Peer;
        string nextHop = peer.Address.ToString();
        foreach (var prefix in prefixes) speaker.Sent[prefix] = new(path, time);
        foreach (var some in prefixes.Chunk(PrefixesInMessage))
        {
            Nlri[] nlri = [.. some.Select(prefix => new Nlri(prefix))];
            var attributes = Attributes(peer, path, nextHop);
            if (some[0].Family is AddressFamily.IPv4) mrt.Update(time, peer.Session, attributes, announce: nlri);
            else mrt.Update(time, peer.Session, attributes.MpReach(nextHop, nlri));
        }
    }

    private static void Withdraw(MrtWriter mrt, Timestamp time, Speaker speaker, IReadOnlyList<Prefix> prefixes)
    {
        foreach (var prefix in prefixes) speaker.Sent.Remove(prefix);
        foreach (var some in prefixes.Chunk(PrefixesInMessage))
        {
            Nlri[] nlri = [.. some.Select(prefix => new Nlri(prefix))];
            var session = speaker.Peer.Session;
            if (some[0].Family is AddressFamily.IPv4) mrt.Update(time, session, withdraw: nlri);
            else mrt.Update(time, session, new PathAttributes().MpUnreach(nlri));
        }
    }

    private void State(MrtWriter mrt, Timestamp time, ScenarioPeer peer, SessionState from, SessionState to)
    {
        if (_collector.Layout.HasStates) mrt.StateChange(time, peer.Session, from, to);
    }

    private byte[] Dump(Timestamp time)
    {
        var mrt = new MrtWriter().PeerIndexTable(time, _collector.Layout.BgpId, _collector.Scenario.ViewName,
            [.. _collector.Peers.Select(peer => new MrtPeer(peer.Address, peer.Asn, IpAddress.V4(peer.Asn.Number)))]);
        var prefixes = _speakers.Values.SelectMany(speaker => speaker.Sent.Keys).Distinct().Order();
        foreach (var prefix in prefixes)
        {
            var entries = new List<MrtRibEntry>();
            for (int i = 0; i < _collector.Peers.Count; i++)
            {
                var peer = _collector.Peers[i];
                if (_speakers[peer].Sent.TryGetValue(prefix, out var route))
                    entries.Add(new(i, TableAttributes(peer, route.Path), route.Since));
            }
            mrt.Rib(time, prefix, entries);
        }
        return mrt.ToArray();
    }

    private PathAttributes TableAttributes(ScenarioPeer peer, string path)
    {
        if (_tableAttributes.TryGetValue((peer, path), out var known)) return known;
        string nextHop = peer.Address.ToString();
        var attributes = Attributes(peer, path, nextHop);
        if (peer.Address.Family is AddressFamily.IPv6) attributes.MpReachNextHop(nextHop);
        return _tableAttributes[(peer, path)] = attributes;
    }

    private static PathAttributes Attributes(ScenarioPeer peer, string path, string nextHop)
    {
        var attributes = PathAttributes.Route(path, nextHop);
        return peer.Communities.Count == 0 ? attributes : attributes.Communities([.. peer.Communities]);
    }

    private readonly record struct Route(string Path, Timestamp Since);

    /// <summary>A peer at work: what its router holds, and what it has sent in the present session.</summary>
    private sealed class Speaker
    {
        public Speaker(ScenarioPeer peer, Timestamp start)
        {
            Peer = peer;
            foreach (var (prefix, path) in peer.Held)
            {
                // Held for some hours to some weeks, as fixed by peer and path.
                int hours = 1 + (int)(SeededRandom.Hash(peer.Key + path) % 500);
                Router[prefix] = new(path, start - TimeSpan.FromHours(hours));
            }
            foreach (var route in Router) Sent.Add(route.Key, route.Value);
        }

        public ScenarioPeer Peer { get; }

        public bool Up { get; set; } = true;

        public SortedDictionary<Prefix, Route> Router { get; } = [];

        public SortedDictionary<Prefix, Route> Sent { get; } = [];
    }
}
