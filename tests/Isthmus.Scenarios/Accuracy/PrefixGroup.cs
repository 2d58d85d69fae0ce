using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>Prefixes of the subject that are announced alike, and how they travelled.</summary>
internal sealed class PrefixGroup(IReadOnlyList<Prefix> prefixes, Propagation travel)
{
    private readonly Dictionary<Session, IReadOnlyList<Choice>> _heard = [];

    public IReadOnlyList<Prefix> Prefixes { get; } = prefixes;

    public AddressFamily Family => Prefixes[0].Family;

    // All sessions of an AS carry the same.
    private bool Carries(Session session) => session.SubjectPart >= 1
        || (SeededRandom.Hash($"{session.Asn} {Prefixes[0]}") >> 11) * (1.0 / (1UL << 53)) < session.SubjectPart;

    public Nlri[] Nlri { get; } = [.. prefixes.Select(prefix => (Nlri)prefix)];

    public Propagation Travel { get; } = travel;

    /// <summary>Prepends by upstream, as the script has it so far; empty while the group is not announced.</summary>
    public SortedDictionary<uint, int> Policy { get; } = [];

    /// <summary>Upstreams that the script has withdrawn it from.</summary>
    public HashSet<uint> Lost { get; } = [];

    /// <summary>Announces it as the policy says from a time on.</summary>
    public void Announce(Timestamp time, uint origin) =>
        Travel.Originate(time, origin, Policy.Count == 0 ? null : new(new Dictionary<uint, int>(Policy)));

    /// <summary>Plays the journey and keeps what each session heard of it.</summary>
    public void Play(IEnumerable<Session> sessions, Timestamp to)
    {
        Travel.Run(to + TimeSpan.FromHours(1));
        foreach (var session in sessions) Tell(session);
    }

    /// <summary>Lets a session hear what was played, unless it leaves the subject out.</summary>
    public void Tell(Session session)
    {
        if (!session.SeesSubject || session.Family != Family || !Carries(session)) return;
        _heard[session] = session.Deliver(Travel.ChoicesOf(session.Asn));
    }

    /// <summary>What a session heard, in order of time; empty for one that does not see the subject.</summary>
    public IReadOnlyList<Choice> HeardBy(Session session) => _heard.GetValueOrDefault(session, []);

    /// <summary>The path that a session shows at a time.</summary>
    public IReadOnlyList<uint>? PathAt(Session session, Timestamp time)
    {
        IReadOnlyList<uint>? path = null;
        foreach (var choice in HeardBy(session))
            if (choice.Time <= time) path = choice.Path; else break;
        return path;
    }
}
