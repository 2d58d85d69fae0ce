using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>A store that is open to be added to, as <see cref="Ingest"/> does it.</summary>
internal interface IStoreWriter : IDisposable
{
    /// <summary>Says whose routes are kept: of a new store it is noted, of another one it has to be the same.</summary>
    /// <param name="asked">Null for those that it keeps, of a new one for all.</param>
    /// <param name="words">What names the registry.</param>
    /// <exception cref="StoreException">It keeps the routes of others, or was filled by another registry.</exception>
    StoreSelection Select(StoreSelection? asked, string words);

    /// <summary>The files that are stored, where they were.</summary>
    IReadOnlyList<StoredSource> Sources();

    /// <summary>The prefixes that any collector showed to be the selection's, and whether each is only inside one.</summary>
    IReadOnlyList<(Prefix Prefix, bool Inside)> Followed();

    /// <summary>
    /// Collectors of which the routes have to be read again: others have shown more prefixes since, or go on behind its updates.
    /// </summary>
    /// <param name="end">When the files of all end.</param>
    IReadOnlyList<Collector> Behind(Timestamp? end);

    /// <summary>Where the reading of a collector stood when it was stored; null where that is not kept.</summary>
    StoredCheckpoint? CheckpointOf(Collector collector);

    /// <summary>True where others may add to it at the same time.</summary>
    bool IsShared { get; }

    /// <summary>Takes a collector, so that nobody else stores it; what others stored of it before is then to be seen.</summary>
    /// <param name="waits">True to wait until another has done with it, or is not heard of any more.</param>
    /// <returns>False where another has it, and this does not wait.</returns>
    bool Claim(Collector collector, bool waits, CancellationToken stop);

    /// <summary>Gives back the collector that was taken.</summary>
    void GiveBack();

    /// <summary>
    /// Stores a collector in place of what was stored of it, or behind it (<see cref="Collected.IsFurther"/>), all of it or nothing.
    /// </summary>
    /// <param name="files">Its files, in the order of the indexes of their plans.</param>
    /// <param name="isAll">True where every prefix is followed, so that no list says which are.</param>
    void Write(Collected collected, IReadOnlyList<StoredSource> files, bool isAll);

    /// <summary>Keeps what the inputs say of themselves, which files were no MRT, and which could not be read.</summary>
    void Note(InputSet inputs);
}

/// <summary>Where the reading of a collector stood.</summary>
/// <param name="Read">The files that were read.</param>
/// <param name="State">For <see cref="Collected.Further"/>.</param>
internal sealed record StoredCheckpoint(IReadOnlyList<FileRecord> Read, ReadOnlyMemory<byte> State);
