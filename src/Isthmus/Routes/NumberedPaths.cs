using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>The paths that a peer holds for one prefix by ADD-PATH identifier (RFC 7911), those withdrawn lately among them.</summary>
internal sealed class NumberedPaths
{
    /// <summary>Identifiers of one peer and prefix that are told apart; further ones are passed over.</summary>
    private const int IdentifiersMax = 1024;

    /// <summary>The path of one identifier.</summary>
    /// <param name="Path">Below zero where it is withdrawn.</param>
    /// <param name="Said">When the peer first spoke of it after the last dump; what that dump shows of it stood until then.</param>
    private readonly record struct Numbered(uint Id, int Path, Timestamp Said);

    // Sorted by identifier.
    private readonly List<Numbered> _paths = [];

    /// <summary>Takes the path of an identifier, or its withdrawal where it is negative.</summary>
    public void Take(uint id, int path, Timestamp time)
    {
        int at = PlaceOf(id);
        if (at < _paths.Count && _paths[at].Id == id) _paths[at] = _paths[at] with { Path = path };
        else if (_paths.Count < IdentifiersMax) _paths.Insert(at, new(id, path, time));
    }

    /// <summary>Adds what a dump before a time shows of an identifier of which nothing was said since.</summary>
    public void Add(uint id, int path, Timestamp time)
    {
        if (SaidOf(id) is null && _paths.Count < IdentifiersMax) _paths.Insert(PlaceOf(id), new(id, path, time));
    }

    /// <summary>The id of what is held; null where no path is left.</summary>
    public int? HeldIn(PathTable paths)
    {
        Span<int> held = stackalloc int[PathTable.SetMax];
        int count = 0;
        foreach (var numbered in _paths)
            if (numbered.Path >= 0 && count < held.Length && !held[..count].Contains(numbered.Path)) held[count++] = numbered.Path;
        return count == 0 ? null : paths.InternSet(held[..count]);
    }

    /// <summary>When the peer first spoke of an identifier; null for not yet.</summary>
    public Timestamp? SaidOf(uint id) => PlaceOf(id) is var at && at < _paths.Count && _paths[at].Id == id ? _paths[at].Said : null;

    /// <summary>Lets go of the withdrawn ones; true where no other is left.</summary>
    public bool Settle()
    {
        _paths.RemoveAll(numbered => numbered.Path < 0);
        return _paths.Count == 0;
    }

    private int PlaceOf(uint id)
    {
        int low = 0, high = _paths.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_paths[middle].Id < id) low = middle + 1; else high = middle;
        }
        return low;
    }
}
