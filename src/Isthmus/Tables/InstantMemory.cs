using System.Runtime.InteropServices;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Tables;

/// <summary>
/// Keeps of the steps of all peers and prefixes what was held at one time: 16 bytes a route, and 24 for each record that shows some. Steps
/// of a route come in order of time, as <see cref="RoutingState"/> gives them.
/// </summary>
internal sealed class InstantMemory(Timestamp time)
{
    private const int PageBits = 6, PageRows = 1 << PageBits;

    /// <summary>Records that no route needs any more are dropped when so many came since the last time.</summary>
    private const int PlacesMin = 1 << 20;

    private readonly List<Held[]?[]> _peers = [];
    private List<SourcePlace> _places = [];
    private int _placesMax = PlacesMin;

    [Flags]
    private enum Marks : byte
    {
        None = 0,
        /// <summary>A step was told.</summary>
        IsTold = 1,
        /// <summary>A path was held, then or before.</summary>
        HasHeld = 2,
        /// <summary>What is told now is of a later time.</summary>
        IsPast = 4,
    }

    [StructLayout(LayoutKind.Sequential, Pack = 4)]
    private struct Held
    {
        public uint Seconds;
        // 20 bits of microseconds, 4 of the cause, 8 of marks.
        public uint Rest;
        public int Path;
        public int Place;

        public readonly Marks Marks => (Marks)(Rest & 0xFF);
    }

    /// <summary>Takes a step.</summary>
    public void Take(int peer, int prefix, in RouteStep step)
    {
        while (_peers.Count <= peer) _peers.Add([]);
        var pages = _peers[peer];
        int page = prefix >> PageBits;
        if (page >= pages.Length)
        {
            Array.Resize(ref pages, Math.Max(page + 1, pages.Length * 3 / 2));
            _peers[peer] = pages;
        }
        ref var held = ref (pages[page] ??= new Held[PageRows])[prefix & PageRows - 1];
        var marks = held.Marks;
        if ((marks & Marks.IsPast) != 0) return;
        if (step.Time > time)
        {
            // What a dump shows first after that time it may have been held before.
            if ((marks & Marks.IsTold) == 0) held = At(step.Time, step, Marks.IsPast, -1);
            else held.Rest |= (uint)Marks.IsPast;
            return;
        }
        // A message out of order that came later than any may does not turn time back.
        long told = step.Time.Microseconds, before = TimeOf(held).Microseconds;
        if ((marks & Marks.IsTold) != 0 && told < before) told = before;
        marks |= Marks.IsTold;
        if (step.Path >= 0) marks |= Marks.HasHeld;
        held = At(new(told), step, marks, PlaceOf(step.Place));
    }

    private static Held At(Timestamp time, in RouteStep step, Marks marks, int place) => new()
    {
        Seconds = checked((uint)time.Seconds),
        Rest = (uint)(time.Microseconds - time.Seconds * Timestamp.PerSecond) << 12 | (uint)step.Cause << 8 | (uint)marks,
        Path = step.Path,
        Place = place,
    };

    /// <summary>When a dump showed a route of a peer later, of which nothing was known before; null where none did.</summary>
    public Timestamp? ShownLater(int peer, int prefix)
    {
        var held = Of(peer, prefix);
        return held.Marks == Marks.IsPast && (Cause)(held.Rest >> 8 & 0xF) is Cause.RibEntry ? TimeOf(held) : null;
    }

    /// <summary>What peers held of a prefix, by peer: also where it is not known and a route was held before.</summary>
    public bool TryGet(int peer, int prefix, out RouteStep step)
    {
        step = default;
        var held = Of(peer, prefix);
        if ((held.Marks & Marks.HasHeld) == 0 || held.Path == RouteStep.NoRoute) return false;
        step = new(TimeOf(held), held.Path, (Cause)(held.Rest >> 8 & 0xF), held.Place < 0 ? default : _places[held.Place]);
        return true;
    }

    private Held Of(int peer, int prefix)
    {
        int page = prefix >> PageBits;
        return peer < _peers.Count && page < _peers[peer].Length && _peers[peer][page] is { } rows ? rows[prefix & PageRows - 1] : default;
    }

    private static Timestamp TimeOf(in Held held) => new(held.Seconds * Timestamp.PerSecond + (held.Rest >> 12));

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
        foreach (var rows in _peers.SelectMany(pages => pages))
        {
            if (rows is null) continue;
            foreach (ref var held in rows.AsSpan())
            {
                if ((held.Marks & Marks.IsTold) == 0 || held.Place < 0) continue;
                if (moved[held.Place] < 0)
                {
                    moved[held.Place] = kept.Count;
                    kept.Add(_places[held.Place]);
                }
                held.Place = moved[held.Place];
            }
        }
        _places = kept;
        _placesMax = kept.Count * 2 + PlacesMin;
    }
}
