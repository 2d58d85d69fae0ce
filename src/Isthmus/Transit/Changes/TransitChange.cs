using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Transit.Court;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>The kinds of change that a report dates (docs/methods.md says when each is one).</summary>
public enum ChangeKind
{
    UpstreamAppeared,
    UpstreamVanished,
    UpstreamReturned,
    ShareShifted,
    Outage,
    Unstable,
    OriginChanged,
    FeedProblem,
    /// <summary>An AS stands between the subject and the carrier that stays behind it.</summary>
    IntermediaryInserted,
    /// <summary>It no longer does.</summary>
    IntermediaryRemoved,
    /// <summary>An AS of the country that led no routes abroad before does.</summary>
    GatewayAppeared,
    PrefixAppeared,
    /// <summary>Gone to the end of the data, while most of the subject stays.</summary>
    PrefixVanished,
    /// <summary>Another origin came beside those that stay: anycast, or two that both announce the prefix.</summary>
    OriginAdded,
    /// <summary>Another origin announced a prefix inside one of the subject's: packets follow the longest match.</summary>
    MoreSpecificAppeared,
}

/// <summary>How sure a change is (methods.md, "Confidence"): by peer ASes, their countries, collectors and projects.</summary>
public enum Confidence
{
    Low,
    Medium,
    High,
}

/// <summary>The highest level at which the carriers of the prefixes are others than before (methods.md, "Levels").</summary>
public enum ChangeLevel
{
    /// <summary>Another AS of an organisation that carried before.</summary>
    As,
    /// <summary>Another organisation of a country that carried before.</summary>
    Organisation,
    /// <summary>A carrier of another country.</summary>
    Country,
}

/// <summary>One peer's record that shows a change.</summary>
/// <param name="Peer">Index into <see cref="Observations.Peers"/>.</param>
public readonly record struct Witness(int Peer, Prefix Prefix, RouteStep Step);

/// <summary>What is the matter with a feed.</summary>
public enum FeedTroubleKind
{
    SessionsDown,
    SessionsSilent,
    FilesMissing,
    /// <summary>The collector's table dump and its updates cannot both be right.</summary>
    DumpContradicts,
    WrongClock,
}

/// <summary>Trouble of a feed, which looks like trouble of the network and is none.</summary>
/// <param name="Sessions">Sessions of the collector that it concerns.</param>
/// <param name="SessionsBefore">Sessions of the collector that spoke before.</param>
public sealed record FeedTrouble(Collector Collector, int Sessions, int SessionsBefore, FeedTroubleKind Kind)
{
    /// <summary>How far a wrong clock is off: positive for late.</summary>
    public TimeSpan Offset { get; init; }
}

/// <summary>
/// What stays the same of a change while more becomes known of it; with a prefix that it touches it names one change of a period. What was
/// lost is an outage here also where it is not seen to be back.
/// </summary>
/// <param name="Feed">The collector, where the trouble is of a feed, as is <paramref name="Trouble"/>.</param>
/// <param name="Episode"><inheritdoc cref="TransitChange.Episode" path="/summary"/></param>
public sealed record ChangeIdentity(ChangeKind Kind, int Tier, Asn? Upstream, Asn? Origin, Asn? Between, Asn? Above, Asn? Gateway,
    Collector? Feed, FeedTroubleKind? Trouble, int Episode);

/// <summary>A dated change in who carries a network or country, with its witnesses.</summary>
/// <param name="Id">Stable for equal inputs: kind, time and upstream, as <c>upstream-appeared-20171001T090751Z-AS20485</c>.</param>
/// <param name="Time">
/// The date by the rule of methods.md, "Dates": good news by the first lasting change, bad news by the median of the last ones; of an
/// upstream that peer ASes left one after another, when no more used it than may be stuck.
/// </param>
/// <param name="First">The first peer AS that changed for good.</param>
/// <param name="Confirmed">When the third peer AS had changed; null where fewer did.</param>
/// <param name="Median">When half of the peer ASes that changed had done so.</param>
/// <param name="Last">The last peer AS that changed.</param>
/// <param name="Until">The end of what ended (an outage's return); null for what goes on, or has no end.</param>
/// <param name="Upstream">The upstream concerned, or the intermediary; null for an outage.</param>
/// <param name="Origin">The new origin of an origin change, or the origin of a more-specific; null otherwise.</param>
/// <param name="Prefixes">The prefixes it touches, sorted.</param>
/// <param name="SubjectPrefixes">How many prefixes the subject had then: "3 of 4".</param>
/// <param name="PeerAses">How many peer ASes changed.</param>
/// <param name="PeerAsesWatching">How many peer ASes could have seen it.</param>
/// <param name="Collectors">How many collectors these stand at.</param>
/// <param name="ShareBefore">Peer-AS share of the upstream (visibility for an outage) just before, 0 to 1.</param>
/// <param name="ShareAfter">The same after the change has settled.</param>
/// <param name="PartOf">Id of the change that this one is a part of, as an outage of an unstable time.</param>
/// <param name="Witnesses">In order of time.</param>
public sealed record TransitChange(
    string Id, ChangeKind Kind, Timestamp Time, Timestamp First, Timestamp? Confirmed, Timestamp Median, Timestamp Last,
    Timestamp? Until, Asn? Upstream, Asn? Origin, IReadOnlyList<Prefix> Prefixes, int SubjectPrefixes,
    int PeerAses, int PeerAsesWatching, int Collectors, Confidence Confidence,
    double? ShareBefore, double? ShareAfter, string? PartOf, IReadOnlyList<Witness> Witnesses)
{
    /// <summary>1 for the subject's upstream, 2 for the upstream of that one.</summary>
    public int Tier { get; init; } = 1;

    /// <summary>When nine in ten of the peer ASes that changed had done so.</summary>
    public Timestamp P90 { get; init; } = Last;

    /// <summary>For an intermediary, the carrier that it stands before, seen from the subject.</summary>
    public Asn? Between { get; init; }

    /// <summary>In the second tier, the subject's upstream whose upstream it is.</summary>
    public Asn? Above { get; init; }

    /// <summary>For more-specifics, the subject's prefixes that they lie in, sorted.</summary>
    public IReadOnlyList<Prefix> Covering { get; init; } = [];

    /// <summary>
    /// Where only dumps show it, the last one that shows what was before: it came after this time, and not after <see cref="Time"/>.
    /// Null where updates date it.
    /// </summary>
    public Timestamp? Earliest { get; init; }

    /// <summary>The same of <see cref="Until"/>.</summary>
    public Timestamp? UntilEarliest { get; init; }

    /// <summary>The national AS of a new gateway.</summary>
    public Asn? Gateway { get; init; }

    /// <summary>Where carriers changed, at which level; null for what is no change of carriers.</summary>
    public ChangeLevel? Level { get; init; }

    /// <summary>Of a feed problem, whose and what.</summary>
    public FeedTrouble? Feed { get; init; }

    /// <summary>Countries that the peer ASes which changed are registered in, in order.</summary>
    public IReadOnlyList<Country> Countries { get; init; } = [];

    /// <summary>Projects whose collectors saw it.</summary>
    public IReadOnlyList<Project> Projects { get; init; } = [];

    /// <summary>The collectors that heard it, in order; none where the change is of a feed.</summary>
    public IReadOnlyList<Collector> HeardBy { get; init; } = [];

    /// <summary>Trouble of feeds so near that it may have to do with it.</summary>
    public IReadOnlyList<FeedTrouble> Trouble { get; init; } = [];

    /// <summary>Who is not believed around it.</summary>
    public IReadOnlyList<LeftOutWitness> LeftOut { get; init; } = [];

    /// <summary>
    /// Which one it is of those that are alike in all else that an identity has, and of which prefixes are the same: 1 for the first.
    /// </summary>
    public int Episode { get; init; } = 1;

    /// <summary>What stays the same of a change while more becomes known of it (methods.md, "When a change is settled").</summary>
    public ChangeIdentity Identity => new(Kind is ChangeKind.PrefixVanished ? ChangeKind.Outage : Kind, Tier, Upstream, Origin, Between,
        Above, Gateway, Feed?.Collector, Feed?.Kind, Episode);

    /// <summary>
    /// True where an earlier or later answer means the same change: they have one identity, and share a prefix where they have any.
    /// </summary>
    public bool IsSameAs(TransitChange other) => Identity == other.Identity
        && (Prefixes.Count == 0 && other.Prefixes.Count == 0 || Prefixes.Intersect(other.Prefixes).Any());

    /// <summary>
    /// So long after the last that belongs to it a change is settled (methods.md, "When a change is settled"), or, where it took
    /// longer, as long as it took.
    /// </summary>
    public static readonly TimeSpan SettlesAfter = TimeSpan.FromHours(3);

    /// <summary>The same of a shift of share, which may take a day.</summary>
    public static readonly TimeSpan ShiftSettlesAfter = TimeSpan.FromHours(24);

    /// <summary>
    /// From when on nothing that comes later makes it another, but for what methods.md, "When a change is settled", names. Null while it
    /// goes on: what was lost is not back, a more-specific is there, a feed is away; and of a clock, which all of the data judge.
    /// </summary>
    public Timestamp? SettlesAt
    {
        get
        {
            bool isOpen = Until is null && (Kind is ChangeKind.Outage or ChangeKind.PrefixVanished or ChangeKind.MoreSpecificAppeared
                || Feed is { Kind: not FeedTroubleKind.DumpContradicts });
            if (isOpen || Feed is { Kind: FeedTroubleKind.WrongClock }) return null;
            var settles = Kind is ChangeKind.ShareShifted ? ShiftSettlesAfter : SettlesAfter;
            bool hasEnd = Kind is not (ChangeKind.OriginChanged or ChangeKind.OriginAdded);
            var last = hasEnd && Until is { } until && until > Last ? until : Last;
            return last + (Last - First > settles ? Last - First : settles);
        }
    }

    /// <summary>From fewer peer ASes a change is not sure: they may tell of themselves.</summary>
    public const int PeerAsesMedium = 3;
}
