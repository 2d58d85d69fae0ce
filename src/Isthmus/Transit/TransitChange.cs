using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Transit;

/// <summary>The kinds of change that a report dates.</summary>
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
}

/// <summary>How sure a change is (methods.md section 8.2): by peer ASes, collectors and projects that saw it.</summary>
public enum Confidence
{
    Low,
    Medium,
    High,
}

/// <summary>One peer's record that shows a change.</summary>
/// <param name="Peer">Index into <see cref="Observations.Peers"/>.</param>
public readonly record struct Witness(int Peer, Prefix Prefix, RouteStep Step);

/// <summary>A dated change in who carries a network or country, with its witnesses.</summary>
/// <param name="Id">Stable for equal inputs: kind, time and upstream, as <c>upstream-appeared-20171001T090751Z-AS20485</c>.</param>
/// <param name="Time">
/// The date by the rule of methods.md 8.2: good news by the first lasting change, bad news by the median of the last ones.
/// </param>
/// <param name="First">The first peer AS that changed for good.</param>
/// <param name="Confirmed">When the third peer AS had changed; null where fewer did.</param>
/// <param name="Median">When half of the peer ASes that changed had done so.</param>
/// <param name="Last">The last peer AS that changed.</param>
/// <param name="Until">The end of what ended (an outage's return); null for what goes on, or has no end.</param>
/// <param name="Upstream">The upstream concerned; null for an outage.</param>
/// <param name="Origin">The new origin of an origin change; null otherwise.</param>
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
    double? ShareBefore, double? ShareAfter, string? PartOf, IReadOnlyList<Witness> Witnesses);
