namespace Isthmus.Scenarios;

/// <summary>What looks like a change and is none, or hides one.</summary>
public enum TrapKind
{
    /// <summary>A collector writes nothing more.</summary>
    CollectorStops,
    /// <summary>Some files of a collector are not there.</summary>
    FilesMissing,
    /// <summary>All sessions of a collector break at once, and all tables are sent again.</summary>
    CollectorResets,
    /// <summary>A collector's clock is minutes off.</summary>
    WrongClock,
    /// <summary>Sessions break here and there, and send the whole table again.</summary>
    SessionResets,
    /// <summary>A peer AS keeps what everybody else has given up.</summary>
    StuckRoutes,
    /// <summary>A peer AS changes its mind every few seconds for hours.</summary>
    WildFlapper,
    /// <summary>A peer AS with many sessions goes a way of its own.</summary>
    ManySessions,
    /// <summary>Peers get links of their own to the subject: they see themselves, and no transit.</summary>
    OwnLinks,
    /// <summary>For a minute, everybody tries paths that lead nowhere.</summary>
    Hunting,
    /// <summary>The subject writes itself several times.</summary>
    Prepending,
    /// <summary>The subject writes another AS between itself, so that this one refuses the route.</summary>
    PoisonedPaths,
    /// <summary>The subject stands in the middle of other networks' paths.</summary>
    ForgedMiddle,
    /// <summary>One peer AS shows the subject behind an AS that it has nothing to do with.</summary>
    ForgedLastHop,
    /// <summary>Peers that send a part of their table leave the subject out for a while.</summary>
    PartialFeeds,
    /// <summary>Files end too early.</summary>
    CutFiles,
    /// <summary>Files have wrong bits.</summary>
    FlippedBits,
    /// <summary>A table dump shows what was hours ago.</summary>
    StaleDump,
    /// <summary>A table dump leaves the subject out.</summary>
    LackingDump,
}
