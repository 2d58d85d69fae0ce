namespace Isthmus.Routes;

/// <summary>What is kept of one collector beside its routes: what was read of it, and what is known of its sessions.</summary>
/// <param name="Files">In the order of reading.</param>
/// <param name="Peers">Its sessions, sorted.</param>
/// <param name="Rhythm">How often it wrote updates.</param>
/// <param name="LostAfter">
/// When its updates end and those of others go on, where it has dumps later than that: then its routes are kept with that loss. Null where
/// it has none, and the loss is told by whoever knows when the others end.
/// </param>
public sealed record CollectorRecord(
    Collector Collector, IReadOnlyList<FileRecord> Files, IReadOnlyList<PeerRecord> Peers, UpdateRhythm Rhythm, Wire.Timestamp? LostAfter);
