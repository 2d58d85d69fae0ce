using System.Runtime.CompilerServices;

namespace Isthmus.Wire.Mrt;

/// <summary>What a <see cref="RouteEventReader"/> has read so far: records, route events by kind, oddities, faults by kind.</summary>
public sealed class DecodeTally
{
    private readonly long[] _faults = new long[(int)FaultKind.BadMicroseconds + 1];
    private ByKind _events;

    [InlineArray(4)]
    private struct ByKind
    {
        private long _first;
    }

    /// <summary>Records of any type, sound or not.</summary>
    public long Records { get; internal set; }

    /// <summary>
    /// Records that hold no routes by their type or their message's: OPEN, KEEPALIVE, other families, what the collector sent.
    /// </summary>
    public long WithoutRoutes { get; internal set; }

    /// <summary>Withdrawals and RIB entries that were malformed announcements (RFC 7606 section 2); counted in their kind too.</summary>
    public long TreatedAsWithdrawn { get; internal set; }

    /// <summary>UPDATEs that mark the end of what a session's start sends (RFC 4724 section 2).</summary>
    public long EndOfRibMarks { get; internal set; }

    /// <summary>Messages and RIB entries whose AS numbers have the other width than the record says (docs/standards.md).</summary>
    public long OtherWidth { get; internal set; }

    /// <summary>Messages with path identifiers under a subtype that does not say so (docs/standards.md).</summary>
    public long UnsaidAddPath { get; internal set; }

    /// <summary>All route events that were walked: the lines that <c>bgpdump -m</c> prints.</summary>
    public long Events => _events[0] + _events[1] + _events[2] + _events[3];

    /// <summary>Route events of a kind that were walked.</summary>
    public long EventsOf(RouteEventKind kind) => _events[(int)kind];

    /// <summary>Faults of a kind: all that were found, of which <see cref="RouteEventReader.Fault"/> shows one a record.</summary>
    public long FaultsOf(FaultKind kind) => _faults[(int)kind];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal void Count(RouteEventKind kind, long count = 1) => _events[(int)kind] += count;

    internal void Count(FaultKind kind) => _faults[(int)kind]++;
}
