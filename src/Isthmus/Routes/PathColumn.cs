namespace Isthmus.Routes;

/// <summary>
/// What one peer holds now, a path for each row: four bytes a route, and nothing where a whole page of rows was never told of.
/// </summary>
internal sealed class PathColumn
{
    /// <summary>In place of a path: the peer never spoke of it, and no dump did.</summary>
    public const int Untold = -3;

    private const int PageBits = 8, PageRows = 1 << PageBits;

    private int[]?[] _pages = [];

    /// <summary>Id of a path or of a set, <see cref="RouteStep.NoRoute"/>, <see cref="RouteStep.Unknown"/> or <see cref="Untold"/>.</summary>
    public int this[int row]
    {
        // A page begins as zeros, which stand for rows that were never told of.
        get => row >> PageBits is var page && page < _pages.Length && _pages[page] is { } rows ? rows[row & PageRows - 1] + Untold : Untold;
        set
        {
            int page = row >> PageBits;
            if (page >= _pages.Length) Array.Resize(ref _pages, Math.Max(page + 1, _pages.Length * 3 / 2));
            (_pages[page] ??= new int[PageRows])[row & PageRows - 1] = value - Untold;
        }
    }

    /// <summary>The first row from one on that was told of; -1 for none.</summary>
    public int NextTold(int from)
    {
        for (int page = from >> PageBits, row = from & PageRows - 1; page < _pages.Length; page++, row = 0)
        {
            if (_pages[page] is not { } rows) continue;
            int told = rows.AsSpan(row).IndexOfAnyExcept(0);
            if (told >= 0) return (page << PageBits) + row + told;
        }
        return -1;
    }

    public void Save(StateWriter to)
    {
        to.Write(_pages.Count(page => page is not null));
        for (int page = 0; page < _pages.Length; page++)
        {
            if (_pages[page] is not { } rows) continue;
            to.Write(page);
            to.Write<int>(rows);
        }
    }

    public void Load(StateReader from)
    {
        for (int pages = from.Int(); pages > 0; pages--)
        {
            int page = from.Int();
            if (page >= _pages.Length) Array.Resize(ref _pages, page + 1);
            int[] rows = from.Numbers<int>();
            _pages[page] = rows.Length == PageRows ? rows : throw new InvalidDataException("a page is not whole");
        }
    }
}
