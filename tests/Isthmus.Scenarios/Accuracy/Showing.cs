using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>What sessions show of a story: what they heard, but where a trap silences an AS or writes paths anew.</summary>
internal sealed class Showing(Story story)
{
    private readonly List<(uint PeerAs, Timestamp From, Timestamp To, bool HasRoute)> _silences = [];
    private readonly List<(Timestamp From, Func<IReadOnlyList<uint>, IReadOnlyList<uint>> Write)> _rewritings = [];

    /// <summary>The AS says nothing of the subject but what a trap lets it say; afterwards it says where it stands.</summary>
    /// <param name="hasRoute">False where what it is let say is that it has none.</param>
    public void Silence(uint peerAs, Timestamp from, Timestamp to, bool hasRoute = true) => _silences.Add((peerAs, from, to, hasRoute));

    public bool IsSilenced(uint peerAs) => _silences.Exists(silence => silence.PeerAs == peerAs);

    /// <summary>How many ASes hold at a time what a trap lets them hold.</summary>
    public int HeldByTrapAt(Timestamp time) => _silences
        .Where(silence => silence.HasRoute && time >= silence.From && time < silence.To)
        .Select(silence => silence.PeerAs).Distinct().Count();

    /// <summary>From a time on all sessions write their paths in another way.</summary>
    public void Rewrite(Timestamp from, Func<IReadOnlyList<uint>, IReadOnlyList<uint>> write) => _rewritings.Add((from, write));

    /// <summary>The path that a session shows; null where it has none, or a trap has taken it over.</summary>
    public IReadOnlyList<uint>? By(Session session, PrefixGroup group, Timestamp time) =>
        IsSilent(session, time) || group.PathAt(session, time) is not { } path ? null : Written(session, path, time);

    /// <summary>Puts all of it into the scenario.</summary>
    public void Write()
    {
        foreach (var session in story.Observatory.Sessions)
            foreach (var group in story.Shown)
            {
                if (group.PathAt(session, story.Scenario.From) is { } held) session.Peer.Hold(PathText.Of(held), group.Nlri);
                foreach (var time in Times(session, group)) Say(session, group, time);
            }
    }

    private IEnumerable<Timestamp> Times(Session session, PrefixGroup group) => group.HeardBy(session).Select(choice => choice.Time)
        .Concat(_silences.Where(silence => silence.PeerAs == session.Asn).Select(silence => silence.To))
        .Concat(group.HeardBy(session).Count == 0 ? [] : _rewritings.Select(rewriting => rewriting.From + Lag(session)))
        .Where(time => time > story.Scenario.From && !IsSilent(session, time)).Distinct().Order();

    private void Say(Session session, PrefixGroup group, Timestamp time)
    {
        // Of several choices that were stamped alike each is said, as the collector wrote each.
        var choices = group.HeardBy(session).Where(choice => choice.Time == time).Select(choice => choice.Path).ToList();
        if (choices.Count == 0) choices.Add(group.PathAt(session, time));
        foreach (var path in choices)
        {
            if (path is null) story.Scenario.At(time).Withdraw(session.Peer, group.Nlri);
            else story.Scenario.At(time).Announce(session.Peer, PathText.Of(Written(session, path, time)), group.Nlri);
        }
    }

    private bool IsSilent(Session session, Timestamp time) =>
        _silences.Exists(silence => silence.PeerAs == session.Asn && time >= silence.From && time < silence.To);

    private IReadOnlyList<uint> Written(Session session, IReadOnlyList<uint> path, Timestamp time)
    {
        foreach (var (from, write) in _rewritings)
            if (time >= from + Lag(session)) path = write(path);
        return path;
    }

    // A change of the origin's reaches one session after the other.
    private static TimeSpan Lag(Session session) => TimeSpan.FromSeconds((int)(SeededRandom.Hash(session.Peer.Key) % 40));
}
