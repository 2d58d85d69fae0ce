using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>All prefixes that the data show, by ids, and which of them are followed: each of those has a row.</summary>
/// <param name="follows">True for a prefix that is the subject's whoever announces it.</param>
/// <param name="isBlock">True for a prefix inside which more-specifics of other origins are followed too; null for none.</param>
internal sealed class FollowedPrefixes(Func<Prefix, bool> follows, Func<Prefix, bool>? isBlock)
{
    private readonly PrefixTable _prefixes = new();
    private readonly PrefixSet _followed = new();

    // Of the followed those that only other origins announced, inside a prefix of the subject.
    private readonly PrefixSet _inside = new();
    private readonly CoveringPrefixes _blocks = new();

    // The followed prefixes by row, in the order in which they came to be followed, and the row of each.
    private readonly List<int> _inRow = [];
    private readonly PathColumn _rows = new();

    public Prefix this[int id] => _prefixes[id];

    /// <summary>How many there are, followed or not.</summary>
    public int Count => _prefixes.Count;

    /// <inheritdoc cref="RoutingState.LeftInsideOut"/>
    public bool LeftInsideOut { get; private set; }

    /// <inheritdoc cref="RoutingState.Followed"/>
    public IEnumerable<(Prefix Prefix, bool Inside)> All => _inRow.Order().Select(id => (_prefixes[id], _inside.Contains(id)));

    /// <summary>True for a prefix that is followed.</summary>
    public bool Follows(int id) => _followed.Contains(id);

    /// <summary>True for one that only other origins announced, inside a prefix of the subject.</summary>
    public bool IsInside(int id) => _inside.Contains(id);

    /// <summary>The row of a followed prefix.</summary>
    public int RowOf(int id) => _rows[id];

    /// <summary>True for a prefix that is followed, or will be as soon as it is shown.</summary>
    /// <param name="row">Its row; null where it has none yet.</param>
    public bool Follows(Prefix prefix, out int? row)
    {
        int? id = _prefixes.IdOf(prefix);
        row = id is { } known && Follows(known) ? RowOf(known) : null;
        return row is not null || id is null && follows(prefix);
    }

    /// <summary>The prefix of a row.</summary>
    public int InRow(int row) => _inRow[row];

    /// <summary>The id of a prefix that is shown, which is followed from now on where it is the subject's.</summary>
    /// <param name="ofSubject">True when the path that shows it makes it so.</param>
    /// <param name="isLate">True where it was shown before, and not followed, and is now the subject's.</param>
    public int Intern(Prefix prefix, bool ofSubject, out bool isLate)
    {
        int id = _prefixes.Intern(prefix, out bool isNew);
        bool isFollowed = Follows(id);
        isLate = false;
        if (isFollowed ? ofSubject && IsInside(id) : ofSubject || isNew && follows(prefix))
        {
            FollowOwn(id, prefix);
            isLate = !isNew && !isFollowed;
        }
        else if (isNew && !isFollowed && _blocks.Above(prefix) is not null)
        {
            FollowInside(id);
        }
        return id;
    }

    /// <inheritdoc cref="RoutingState.Follow"/>
    public void Follow(Prefix prefix, bool inside)
    {
        int id = _prefixes.Intern(prefix, out _);
        if (!inside) FollowOwn(id, prefix);
        else if (!IsInside(id)) FollowInside(id);
    }

    /// <summary>Follows what other origins announced inside the subject's prefixes before these were seen; true for any.</summary>
    public bool FollowInside()
    {
        bool found = false;
        for (int id = 0; id < _prefixes.Count; id++)
            if (!Follows(id) && _blocks.Above(_prefixes[id]) is not null) found |= FollowInside(id);
        return found;
    }

    private bool FollowInside(int id)
    {
        LeftInsideOut |= _inside.Count >= RoutingState.InsideMax;
        if (_inside.Count >= RoutingState.InsideMax) return false;
        _inside.Add(id);
        return Add(id);
    }

    private void FollowOwn(int id, Prefix prefix)
    {
        Add(id);
        _inside.Remove(id);
        if (isBlock?.Invoke(prefix) is true) _blocks.Add(prefix);
    }

    private bool Add(int id)
    {
        if (!_followed.Add(id)) return false;
        _rows[id] = _inRow.Count;
        _inRow.Add(id);
        return true;
    }

    /// <summary>True where a prefix can come to be followed from the start, though data were read: none of them shows it.</summary>
    /// <param name="inside">True for one of other origins inside a prefix of the subject.</param>
    public bool WasFollowed(Prefix prefix, bool inside) =>
        _prefixes.IdOf(prefix) is not { } id || Follows(id) && (inside || !IsInside(id));

    public void Save(StateWriter to)
    {
        _prefixes.Save(to);
        to.Write<int>(CollectionsMarshal.AsSpan(_inRow));
        _inside.Save(to);
        to.Write(LeftInsideOut);
    }

    public void Load(StateReader from)
    {
        _prefixes.Load(from);
        int[] rows = from.Numbers<int>();
        var inside = PrefixSet.Load(from);
        LeftInsideOut = from.Bool();
        foreach (int id in rows)
        {
            if (inside.Contains(id)) _inside.Add(id);
            else if (isBlock?.Invoke(_prefixes[id]) is true) _blocks.Add(_prefixes[id]);
            Add(id);
        }
    }
}
