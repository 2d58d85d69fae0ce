using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>A stretch of time for which a collector's files are missing, or a session's routes unknown.</summary>
/// <param name="Why">In words: <c>no updates file</c>, <c>file damaged</c>.</param>
public sealed record Gap(Collector Collector, Timestamp From, Timestamp To, string Why);
