using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// The paths that a peer holds for one prefix by ADD-PATH identifier (RFC 7911 section 3: prefix and identifier name a route), and what
/// was told of them in the time in which a dump that ends may still come between.
/// </summary>
internal sealed class NumberedPaths
{
    /// <summary>Identifiers of one peer and prefix that are told apart; further ones are passed over.</summary>
    private const int IdentifiersMax = 1024;

    /// <summary>What was told lately that is kept apart; of more the first half is final.</summary>
    private const int ToldMax = 4096;

    private readonly List<Told> _told = [];

    // What is held now, and what was held before the first of those; null where there is none.
    private readonly Held _now = new();
    private Held? _before;
    private Timestamp _final = new(long.MinValue / 2);

    /// <summary>What was told.</summary>
    public enum Kind : byte
    {
        /// <summary>By a message, of one identifier; an identifier of 0 is none, and replaces all others.</summary>
        Said,
        /// <summary>By a dump, of one identifier.</summary>
        Shown,
        /// <summary>Nothing is known any more.</summary>
        Lost,
        /// <summary>All that is held was told.</summary>
        Complete,
        /// <summary>Nothing is held.</summary>
        None,
    }

    /// <summary>One thing that was told.</summary>
    /// <param name="Path">Below zero where none is held by that identifier.</param>
    public readonly record struct Told(Timestamp Time, Kind Kind, uint Id, int Path, Cause Cause, SourcePlace Place);

    /// <summary>Begins behind steps that were told without identifiers.</summary>
    public static NumberedPaths After(ReadOnlySpan<RouteStep> steps)
    {
        var paths = new NumberedPaths();
        foreach (ref readonly var step in steps)
        {
            var kind = step.Path >= 0 ? Kind.Said : step.Path == RouteStep.Unknown ? Kind.Lost
                : step.Cause is Cause.PeerState ? Kind.Complete : Kind.None;
            paths.Add(new(step.Time, kind, 0, step.Path, step.Cause, step.Place));
        }
        return paths;
    }

    /// <summary>True where no path is held.</summary>
    public bool IsEmpty => _now.Paths.Count == 0;

    /// <summary>Nothing is known from a time on, where something was told before.</summary>
    public void Lose(Timestamp time, Cause cause, SourcePlace place)
    {
        if (_told.Count > 0 ? _told[^1].Kind is not Kind.Lost : _now.IsKnown) Add(new(time, Kind.Lost, 0, RouteStep.NoRoute, cause, place));
    }

    /// <summary>When the dump began that showed a path of it last, or the first part of that dump.</summary>
    public Timestamp ShownAt { get; private set; } = new(long.MinValue / 2);

    /// <summary>Adds what was told after all else.</summary>
    public void Add(in Told told)
    {
        if (_told.Count >= ToldMax) Settle(_told[ToldMax / 2].Time);
        if (_told.Count == 0) _before = _now.Copy();
        _told.Add(told);
        _now.Take(told);
    }

    /// <summary>What is held now: the id of a path or a set, or that none is held or nothing is known.</summary>
    public int HeldIn(PathTable paths) => _now.IdIn(paths);

    /// <summary>Adds what a dump shows to what was told of its time, and gives what was held from then on.</summary>
    /// <param name="shown">The paths by identifier; empty where it lacks the prefix.</param>
    /// <param name="told">Of each identifier of which a message told since, that stands, where something was known of it.</param>
    /// <param name="first">When the dump began, or its first part.</param>
    /// <param name="step">When, and by which record.</param>
    /// <param name="isAll">False where others may be held that it does not show.</param>
    /// <param name="then">
    /// Where the session was lost while it was written, that, and what came of it: then it tells what was not known. Else empty.
    /// </param>
    /// <returns>Null where it changes nothing.</returns>
    public List<RouteStep>? Insert(
        IReadOnlyList<(uint Id, int Path)> shown, Timestamp told, Timestamp first, in RouteStep step,
        bool isAll, ReadOnlySpan<RouteStep> then, PathTable paths)
    {
        var time = step.Time;
        if (time < _final) return null;
        int at = _told.Count;
        while (at > 0 && _told[at - 1].Time > time) at--;
        var held = (_before ?? _now).Copy();
        foreach (var one in _told[..at])
        {
            held.Take(one);
            if (one.Kind is Kind.Lost && one.Time > told) told = one.Time;
        }
        if (!then.IsEmpty)
        {
            if (held.IsKnown) return null;
            Insert(then);
        }
        var added = new List<Told>();
        foreach (uint id in shown.Select(one => one.Id).Concat(held.Paths.Select(one => one.Id)).Distinct().Order())
        {
            bool isKnown = held.IsComplete || held.Paths.Exists(one => one.Id == id);
            if (_told.Exists(one => one.Kind is Kind.Said && one.Id == id && one.Time > told && (one.Time <= time || isKnown))) continue;
            int place = shown.Index().FirstOrDefault(one => one.Item.Id == id, (-1, default)).Index;
            added.Add(new(time, Kind.Shown, id, place < 0 ? RouteStep.NoRoute : shown[place].Path, step.Cause, step.Place));
        }
        if (isAll) added.Add(new(time, Kind.Complete, 0, 0, step.Cause, step.Place));
        if (added.Count == 0) return null;
        if (added.Exists(one => one.Path >= 0 && one.Kind is Kind.Shown)) ShownAt = first;
        _before ??= _now.Copy();
        _told.InsertRange(at, added);
        foreach (var one in added) held.Take(one);
        var steps = new List<RouteStep> { step with { Path = held.IdIn(paths) } };
        foreach (var one in _told[(at + added.Count)..])
        {
            held.Take(one);
            steps.Add(new(one.Time, held.IdIn(paths), one.Cause, one.Place) { PathId = one.Kind is Kind.Said ? one.Id : 0 });
        }
        _now.Become(held);
        return steps;
    }

    // Adds that the session was lost, or its table known, at times of which nothing else was told.
    private void Insert(ReadOnlySpan<RouteStep> steps)
    {
        foreach (ref readonly var step in steps)
        {
            var (time, kind) = (step.Time, step.Path == RouteStep.Unknown ? Kind.Lost : Kind.Complete);
            if (_told.Exists(one => one.Time == time && one.Kind == kind)) continue;
            _before ??= _now.Copy();
            // An update that begins the session is said after it.
            int at = _told.Count;
            while (at > 0 && (_told[at - 1].Time > time || _told[at - 1].Time == time && _told[at - 1].Kind is Kind.Said)) at--;
            _told.Insert(at, new(time, kind, 0, RouteStep.NoRoute, step.Cause, step.Place));
        }
    }

    /// <summary>What was told before a time is final.</summary>
    public void Settle(Timestamp before)
    {
        int settled = 0;
        while (settled < _told.Count && _told[settled].Time < before) _before!.Take(_told[settled++]);
        _told.RemoveRange(0, settled);
        if (_told.Count == 0) _before = null;
        _final = before;
    }

    /// <summary>Goes on with what was held.</summary>
    /// <param name="shown">When the dump began that showed it last.</param>
    public void Resume(Timestamp shown) => ShownAt = shown;

    /// <summary>All that was told is final; true where no path is left.</summary>
    public bool Settle()
    {
        _told.Clear();
        _told.Capacity = 0;
        _before = null;
        return IsEmpty;
    }

    public void Save(StateWriter to)
    {
        to.Write(ShownAt);
        to.Write(_final);
        to.Write(_told, told =>
        {
            to.Write(told.Time);
            to.Write((byte)told.Kind);
            to.Write(told.Id);
            to.Write(told.Path);
            to.Write((byte)told.Cause);
            to.Write(told.Place);
        });
        _now.Save(to);
        to.Write(_before is not null);
        _before?.Save(to);
    }

    public static NumberedPaths Load(StateReader from)
    {
        var paths = new NumberedPaths { ShownAt = from.Time(), _final = from.Time() };
        paths._told.AddRange(from.All(() => new Told(
            from.Time(), (Kind)from.Byte(), from.UInt(), from.Int(), (Cause)from.Byte(), from.Place())));
        paths._now.Load(from);
        if (!from.Bool()) return paths;
        paths._before = new();
        paths._before.Load(from);
        return paths;
    }

    /// <summary>The paths that are held at one time.</summary>
    private sealed class Held
    {
        public void Save(StateWriter to)
        {
            to.Write(IsComplete);
            to.Write(Paths, one =>
            {
                to.Write(one.Id);
                to.Write(one.Path);
            });
        }

        public void Load(StateReader from)
        {
            IsComplete = from.Bool();
            Paths.AddRange(from.All(() => (from.UInt(), from.Int())));
        }

        /// <summary>Sorted by identifier.</summary>
        public List<(uint Id, int Path)> Paths { get; } = [];

        /// <summary>True where no others can be held.</summary>
        public bool IsComplete { get; private set; }

        public bool IsKnown => IsComplete || Paths.Count > 0;

        public void Take(in Told told)
        {
            if (told.Kind is Kind.Lost or Kind.None || told.Kind is Kind.Said && told.Id == 0) Paths.Clear();
            IsComplete = told.Kind switch
            {
                Kind.Lost => false,
                Kind.Said when told.Id != 0 => IsComplete,
                Kind.Shown => IsComplete,
                _ => true,
            };
            if (told.Kind is Kind.Said or Kind.Shown) Put(told.Id, told.Path);
        }

        private void Put(uint id, int path)
        {
            // A path without an identifier is replaced by one that has it.
            if (id != 0 && Paths is [(0, _), ..]) Paths.RemoveAt(0);
            int at = 0;
            while (at < Paths.Count && Paths[at].Id < id) at++;
            bool isHeld = at < Paths.Count && Paths[at].Id == id;
            if (isHeld && path < 0) Paths.RemoveAt(at);
            else if (isHeld) Paths[at] = (id, path);
            else if (path >= 0 && Paths.Count < IdentifiersMax) Paths.Insert(at, (id, path));
        }

        public Held Copy()
        {
            var copy = new Held();
            copy.Become(this);
            return copy;
        }

        public void Become(Held other)
        {
            Paths.Clear();
            Paths.AddRange(other.Paths);
            IsComplete = other.IsComplete;
        }

        public int IdIn(PathTable paths) => Paths.Count > 0 ? paths.InternNumbered(CollectionsMarshal.AsSpan(Paths))
            : IsComplete ? RouteStep.NoRoute : RouteStep.Unknown;
    }
}
