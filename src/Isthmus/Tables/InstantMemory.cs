using System.Runtime.InteropServices;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Tables;

/// <summary>
/// Keeps of the steps of all peers and prefixes what was held at one time: 4 bytes a route, and where steps are kept 12 more and 24 for
/// each record that shows some. Steps of a route come in order of time, as <see cref="RoutingState"/> gives them.
/// </summary>
/// <param name="keepsSteps">False where of each route its path alone is asked for: it comes without time, cause and place.</param>
internal sealed class InstantMemory(Timestamp time, bool keepsSteps)
{
    private const int PageBits = 6, PageRows = 1 << PageBits;

    /// <summary>Records that no route needs any more are dropped when so many came since the last time.</summary>
    private const int PlacesMin = 1 << 20;

    // What is held as a number: nothing was told, or one of these, or a path behind them.
    private const int Untold = 0, None = 1, NoneHeldBefore = 2, Unknown = 3, UnknownHeldBefore = 4, FirstPath = 5;

    /// <summary>Marks that what is told now is of a later time.</summary>
    private const uint Past = 1u << 31;

    private readonly List<uint[]?[]> _held = [];
    private readonly List<Step[]?[]> _steps = [];

    // When a dump showed a route later of which nothing was known, by the place of the time, counted from 1.
    private readonly List<uint[]?[]> _later = [];
    private readonly List<Timestamp> _times = [];
    private List<SourcePlace> _places = [];
    private int _placesMax = PlacesMin;

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Step
    {
        public uint Seconds;
        // 20 bits of microseconds, 4 of the cause.
        public uint Rest;
        public int Place;
    }

    /// <summary>Takes a step.</summary>
    public void Take(int peer, int prefix, in RouteStep step)
    {
        ref uint held = ref RowOf(_held, peer, prefix);
        if ((held & Past) != 0) return;
        if (step.Time > time)
        {
            // What a dump shows first after that time it may have been held before.
            if (held == Untold && step.Cause is Cause.RibEntry) RowOf(_later, peer, prefix) = PlaceOf(step.Time);
            held |= Past;
            return;
        }
        if (keepsSteps) Keep(ref RowOf(_steps, peer, prefix), step, isFirst: held == Untold);
        bool wasHeld = held is NoneHeldBefore or UnknownHeldBefore or >= FirstPath;
        held = step.Path >= 0 ? (uint)step.Path + FirstPath
            : step.Path == RouteStep.NoRoute ? wasHeld ? NoneHeldBefore : (uint)None
            : wasHeld ? UnknownHeldBefore : (uint)Unknown;
    }

    private static ref T RowOf<T>(List<T[]?[]> peers, int peer, int prefix)
    {
        while (peers.Count <= peer) peers.Add([]);
        var pages = peers[peer];
        int page = prefix >> PageBits;
        if (page >= pages.Length)
        {
            Array.Resize(ref pages, Math.Max(page + 1, pages.Length * 3 / 2));
            peers[peer] = pages;
        }
        return ref (pages[page] ??= new T[PageRows])[prefix & PageRows - 1];
    }

    private static T? At<T>(List<T[]?[]> peers, int peer, int prefix) where T : struct =>
        peer < peers.Count && prefix >> PageBits is var page && page < peers[peer].Length && peers[peer][page] is { } rows
            ? rows[prefix & PageRows - 1] : null;

    // A message out of order that came later than any may does not turn time back.
    private void Keep(ref Step kept, in RouteStep step, bool isFirst)
    {
        long told = step.Time.Microseconds, before = TimeOf(kept).Microseconds;
        if (!isFirst && told < before) told = before;
        var at = new Timestamp(told);
        kept = new()
        {
            Seconds = checked((uint)at.Seconds),
            Rest = (uint)(told - at.Seconds * Timestamp.PerSecond) << 4 | (uint)step.Cause,
            Place = PlaceOf(step.Place),
        };
    }

    private static Timestamp TimeOf(in Step step) => new(step.Seconds * Timestamp.PerSecond + (step.Rest >> 4));

    /// <summary>When a dump showed a route of a peer later, of which nothing was known before; null where none did.</summary>
    public Timestamp? ShownLater(int peer, int prefix) => At(_later, peer, prefix) is > 0 and var place ? _times[(int)place - 1] : null;

    /// <summary>
    /// What peers held of a prefix, by peer: also where it is not known and a route was held before. Where no steps are kept, the path is
    /// all that the step says.
    /// </summary>
    public bool TryGet(int peer, int prefix, out RouteStep step)
    {
        step = default;
        if (At(_held, peer, prefix) is not { } marked || (marked & ~Past) is var held && held is not (UnknownHeldBefore or >= FirstPath))
            return false;
        int path = held >= FirstPath ? (int)(held - FirstPath) : RouteStep.Unknown;
        step = At(_steps, peer, prefix) is not { } kept ? new(default, path, default, default)
            : new(TimeOf(kept), path, (Cause)(kept.Rest & 0xF), kept.Place < 0 ? default : _places[kept.Place]);
        return true;
    }

    private uint PlaceOf(Timestamp shown)
    {
        if (_times.Count == 0 || _times[^1] != shown) _times.Add(shown);
        return (uint)_times.Count;
    }

    // A record of a dump shows the routes of many peers, one after the other.
    private int PlaceOf(SourcePlace place)
    {
        if (place.IsNone) return -1;
        if (_places.Count > 0 && _places[^1] == place) return _places.Count - 1;
        if (_places.Count >= _placesMax) DropPlaces();
        _places.Add(place);
        return _places.Count - 1;
    }

    private void DropPlaces()
    {
        int[] moved = new int[_places.Count];
        Array.Fill(moved, -1);
        var kept = new List<SourcePlace>();
        for (int peer = 0; peer < _steps.Count; peer++)
            for (int page = 0; page < _steps[peer].Length; page++)
            {
                if (_steps[peer][page] is not { } rows) continue;
                for (int row = 0; row < rows.Length; row++)
                {
                    ref var step = ref rows[row];
                    if (At(_held, peer, page * PageRows + row) is null or Untold or Past || step.Place < 0) continue;
                    if (moved[step.Place] < 0)
                    {
                        moved[step.Place] = kept.Count;
                        kept.Add(_places[step.Place]);
                    }
                    step.Place = moved[step.Place];
                }
            }
        _places = kept;
        _placesMax = kept.Count * 2 + PlacesMin;
    }
}
