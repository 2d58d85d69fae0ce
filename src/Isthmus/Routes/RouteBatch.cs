using System.Buffers;

using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Routes;

/// <summary>What a row of a <see cref="RouteBatch"/> says.</summary>
public enum RowKind : byte
{
    RibEntry,
    Announcement,
    Withdrawal,
    /// <summary>A malformed announcement, treated as withdrawn (RFC 7606).</summary>
    TreatedAsWithdrawn,
    PeerState,
    /// <summary>Bytes were lost here; what they said of the peer, or of any peer where it is -1, is not known.</summary>
    Lost,
    /// <summary>
    /// Routes of a dump's record could not be read: of the prefix, or of any where the state is <see cref="RouteRow.AnyPrefix"/>.
    /// </summary>
    LostRoutes,
    /// <summary>The file holds no event at all; its time and its peers, as an index table lists them, are known all the same.</summary>
    Listed,
}

/// <summary>One route event.</summary>
/// <param name="Peer">Index into <see cref="RouteBatch.Peers"/>.</param>
/// <param name="Path">Index into <see cref="RouteBatch.Paths"/>; -1 where there is none.</param>
/// <param name="Record">Index into <see cref="RouteBatch.Records"/>.</param>
/// <param name="PathId">The ADD-PATH identifier; 0 for none.</param>
/// <param name="State">The new state of a session; 0 for a route.</param>
public readonly record struct RouteRow(
    Timestamp Time, Prefix Prefix, int Peer, int Path, int Record, uint PathId, RowKind Kind, byte State)
{
    /// <summary>In place of a state: the damage hides which prefix the lost routes are of.</summary>
    public const byte AnyPrefix = 1;
}

/// <summary>Where a record stands in its file.</summary>
public readonly record struct RecordPlace(long Number, long Offset, int Length);

/// <summary>
/// Some route events of one file, in its order: the only thing that crosses from a reading thread to the one that
/// keeps the table. Its paths are its own, so that no table is shared; its buffers go back to the pool.
/// </summary>
/// <param name="room">So many rows it is made for; it grows where more come.</param>
public sealed class RouteBatch(int room = RouteBatch.RowsMax) : IDisposable
{
    /// <summary>Rows of a full batch: half a megabyte, so that several per file stay small.</summary>
    public const int RowsMax = 8192;

    private RouteRow[] _rows = ArrayPool<RouteRow>.Shared.Rent(room);
    private RecordPlace[] _records = ArrayPool<RecordPlace>.Shared.Rent(room);
    private int _rowCount, _recordCount;

    public ReadOnlySpan<RouteRow> Rows => _rows.AsSpan(0, _rowCount);

    public ReadOnlySpan<RecordPlace> Records => _records.AsSpan(0, _recordCount);

    /// <summary>The different paths of these rows.</summary>
    public PathTable Paths { get; } = new();

    /// <summary>The peers of the file so far, by their index.</summary>
    public ReadOnlyMemory<MrtPeer> Peers { get; set; }

    /// <summary>True when the next record should go to a new batch.</summary>
    public bool IsFull => _rowCount >= RowsMax;

    public void Add(RecordPlace record)
    {
        if (_recordCount == _records.Length) Grow(ref _records);
        _records[_recordCount++] = record;
    }

    /// <summary>Adds an event of the record added last.</summary>
    public void Add(in RouteRow row)
    {
        if (_rowCount == _rows.Length) Grow(ref _rows);
        _rows[_rowCount++] = row with { Record = _recordCount - 1 };
    }

    /// <summary>Gives the rows from one on, up to another, a different time.</summary>
    public void Redate(Range rows, Timestamp time)
    {
        foreach (ref var row in _rows.AsSpan(rows)) row = row with { Time = time };
    }

    /// <summary>
    /// Puts messages in order of time, as a collector may write them out of it; what is of one instant keeps its order, and dumps keep
    /// theirs.
    /// </summary>
    public void Order()
    {
        var rows = _rows.AsSpan(0, _rowCount);
        for (int from = 0, to; from < rows.Length; from = to + 1)
        {
            bool isOrdered = true;
            for (to = from; to < rows.Length && IsMessage(rows[to]); to++) isOrdered &= to == from || rows[to - 1].Time <= rows[to].Time;
            if (isOrdered) continue;
            var keys = new (Timestamp Time, int Place)[to - from];
            for (int i = 0; i < keys.Length; i++) keys[i] = (rows[from + i].Time, i);
            keys.AsSpan().Sort(rows[from..to]);
        }
    }

    private static bool IsMessage(in RouteRow row) =>
        row.Kind is RowKind.Announcement or RowKind.Withdrawal or RowKind.TreatedAsWithdrawn or RowKind.PeerState
        || row is { Kind: RowKind.Lost, Peer: >= 0 };

    public void Dispose()
    {
        ArrayPool<RouteRow>.Shared.Return(_rows);
        ArrayPool<RecordPlace>.Shared.Return(_records);
        _rows = [];
        _records = [];
        _rowCount = _recordCount = 0;
    }

    private static void Grow<T>(ref T[] array)
    {
        var larger = ArrayPool<T>.Shared.Rent(array.Length * 2);
        array.CopyTo(larger, 0);
        ArrayPool<T>.Shared.Return(array);
        array = larger;
    }
}
