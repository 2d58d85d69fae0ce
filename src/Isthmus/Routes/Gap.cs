using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>Why nothing is known of a collector for a while.</summary>
public enum GapCause
{
    /// <summary>By the archive's own rhythm there was an updates file, and it is not among the inputs.</summary>
    NoUpdatesFile,
    /// <summary>The input begins later than the period, or ends earlier.</summary>
    NoInput,
    FileDamaged,
}

/// <summary>A stretch of time for which a collector's files are missing, or a session's routes unknown.</summary>
public sealed record Gap(Collector Collector, Timestamp From, Timestamp To, GapCause Why)
{
    /// <summary>Where the input goes on behind the period, the start of its next file; null for none.</summary>
    public Timestamp? Next { get; init; }
}
