using System.Numerics;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// Gives equal prefixes one id, counted from 0 in order of arrival. An IPv4 prefix takes eight bytes, so that a
/// full table of every collector costs megabytes.
/// </summary>
public sealed class PrefixTable
{
    private readonly List<Prefix> _wide = [];
    private readonly Dictionary<Prefix, int> _wideIds = [];
    private ulong[] _narrow = new ulong[1 << 10];
    private int[] _ids = new int[1 << 10];
    private int[] _slots = new int[1 << 11];
    private int _narrowCount;

    // Where each id is kept: at or above zero an IPv4 row, below it the complement of an IPv6 row.
    private int[] _rows = new int[1 << 10];

    /// <summary>How many different prefixes there are.</summary>
    public int Count { get; private set; }

    public Prefix this[int id]
    {
        get
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)id, (uint)Count, nameof(id));
            int row = _rows[id];
            return row < 0 ? _wide[~row] : new(IpAddress.V4((uint)(_narrow[row] >> 8)), (int)(_narrow[row] & 0xFF));
        }
    }

    /// <summary>The id of a prefix, new or known.</summary>
    /// <param name="isNew">True when the prefix had not been seen.</param>
    public int Intern(in Prefix prefix, out bool isNew) =>
        prefix.Family is AddressFamily.IPv4 ? InternNarrow(prefix, out isNew) : InternWide(prefix, out isNew);

    /// <summary>The id of a prefix that is known; null for any other.</summary>
    public int? IdOf(in Prefix prefix)
    {
        if (prefix.Family is not AddressFamily.IPv4) return _wideIds.TryGetValue(prefix, out int wide) ? wide : null;
        ulong key = KeyOf(prefix);
        int mask = _slots.Length - 1;
        for (int slot = Hash(key, mask); _slots[slot] is var taken and not 0; slot = slot + 1 & mask)
            if (_narrow[taken - 1] == key) return _ids[taken - 1];
        return null;
    }

    private static ulong KeyOf(in Prefix prefix) => prefix.High >> 24 & 0xFFFFFFFF00 | prefix.Length;

    private int InternNarrow(in Prefix prefix, out bool isNew)
    {
        ulong key = KeyOf(prefix);
        int mask = _slots.Length - 1, slot = Hash(key, mask);
        for (; _slots[slot] is var taken and not 0; slot = slot + 1 & mask)
        {
            if (_narrow[taken - 1] != key) continue;
            isNew = false;
            return _ids[taken - 1];
        }
        if (_narrowCount == _narrow.Length)
        {
            Array.Resize(ref _narrow, _narrowCount * 2);
            Array.Resize(ref _ids, _narrowCount * 2);
        }
        isNew = true;
        int id = AddRow(_narrowCount);
        _narrow[_narrowCount] = key;
        _ids[_narrowCount++] = id;
        _slots[slot] = _narrowCount;
        if (_narrowCount * 2 > _slots.Length) Rehash();
        return id;
    }

    private int InternWide(in Prefix prefix, out bool isNew)
    {
        isNew = !_wideIds.TryGetValue(prefix, out int id);
        if (!isNew) return id;
        id = AddRow(~_wide.Count);
        _wide.Add(prefix);
        _wideIds.Add(prefix, id);
        return id;
    }

    internal void Save(StateWriter to)
    {
        to.Write<int>(_rows.AsSpan(0, Count));
        to.Write<ulong>(_narrow.AsSpan(0, _narrowCount));
        to.Write(_wide, prefix => to.Write(prefix));
    }

    internal void Load(StateReader from)
    {
        int[] rows = from.Numbers<int>();
        ulong[] narrow = from.Numbers<ulong>();
        Prefix[] wide = [.. from.All(from.Prefix)];
        foreach (int row in rows)
            Intern(row < 0 ? wide[~row] : new(IpAddress.V4((uint)(narrow[row] >> 8)), (int)(narrow[row] & 0xFF)), out _);
    }

    private int AddRow(int row)
    {
        if (Count == _rows.Length) Array.Resize(ref _rows, Count * 2);
        _rows[Count] = row;
        return Count++;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int row = 0; row < _narrowCount; row++)
        {
            int slot = Hash(_narrow[row], mask);
            while (_slots[slot] != 0) slot = slot + 1 & mask;
            _slots[slot] = row + 1;
        }
    }

    // Fibonacci hashing; the upper half of the product is the well mixed one.
    private static int Hash(ulong key, int mask) =>
        (int)(BitOperations.RotateLeft(unchecked(key * 0x9E3779B97F4A7C15), 32) & (uint)mask);
}
