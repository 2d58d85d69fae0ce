namespace Isthmus.Scenarios;

/// <summary>What can happen to the subject of a drawn story.</summary>
public enum ActKind
{
    /// <summary>An upstream more, of some prefixes or all; one that was lost before, where there is one.</summary>
    UpstreamMore,
    /// <summary>An upstream less.</summary>
    UpstreamLess,
    /// <summary>From one upstream to another in one step.</summary>
    Migration,
    /// <summary>Traffic engineering: prepending moves shares between upstreams.</summary>
    Engineering,
    /// <summary>All prefixes gone for a while.</summary>
    Outage,
    /// <summary>Some prefixes gone for a while.</summary>
    PartialOutage,
    /// <summary>Up and down many times.</summary>
    UnstableByOutages,
    /// <summary>From one upstream to another and back, many times.</summary>
    UnstableByUpstreams,
    /// <summary>Another AS takes prefixes over.</summary>
    NewOrigin,
    /// <summary>A prefix more.</summary>
    NewPrefix,
    /// <summary>A prefix less.</summary>
    LostPrefix,
    /// <summary>All gone to the end.</summary>
    LastOutage,
    /// <summary>An AS between the subject and its upstream.</summary>
    IntermediaryIn,
    /// <summary>The same away again.</summary>
    IntermediaryOut,
    /// <summary>A link far away breaks: paths change, and nothing of the subject.</summary>
    Elsewhere,
    /// <summary>For a minute all is gone: path hunting, and no change.</summary>
    Dip,
    /// <summary>Nothing at all.</summary>
    Nothing,
    /// <summary>One network after another prefers another upstream, for minutes or hours.</summary>
    SlowShift,
    /// <summary>An upstream more, that one network after another comes to accept.</summary>
    SlowMore,
    /// <summary>An upstream less, that one network after another leaves.</summary>
    SlowLess,
    /// <summary>All prefixes gone for hours.</summary>
    LongOutage,
    /// <summary>Most networks have no route for minutes or hours; the others keep theirs.</summary>
    PartOutage,
    /// <summary>The same to the end.</summary>
    PartOutageLast,
    /// <summary>All gone for an hour to a day, and back by another upstream.</summary>
    ReturnBehindOther,
    /// <summary>Up and down every minute.</summary>
    Flapping,
    /// <summary>Another AS announces some prefixes, too, for a while.</summary>
    Moas,
    /// <summary>Another AS announces a part of a prefix of the subject's.</summary>
    MoreSpecific,
    /// <summary>Another AS announces the same prefixes, before the beginning and to the end.</summary>
    Anycast,
    /// <summary>An upstream of the subject's buys from another carrier than before.</summary>
    UpstreamsUpstream,
    /// <summary>An upstream more, for less than an hour.</summary>
    Trial,
    /// <summary>All prefixes gone at once, and back one group after another.</summary>
    StaggeredReturn,
    /// <summary>The same, and the last that is back goes by another upstream.</summary>
    StaggeredReturnBehindOther,
    /// <summary>Prefixes gone one group after another, so that for a while all are, and back in turn.</summary>
    OverlappingOutages,
    /// <summary>All prefixes gone to the end, and later some announced by another AS.</summary>
    LossThenNewOrigin,
}
