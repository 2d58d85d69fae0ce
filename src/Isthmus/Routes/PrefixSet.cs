using System.Numerics;

namespace Isthmus.Routes;

/// <summary>A set of prefix ids as a bitmap: one bit for each prefix that any peer has shown.</summary>
public sealed class PrefixSet
{
    private ulong[] _words = [];

    /// <summary>How many ids are in the set.</summary>
    public int Count { get; private set; }

    public bool Contains(int id) => id >> 6 is var word && word < _words.Length && (_words[word] >> (id & 63) & 1) != 0;

    /// <summary>Adds an id; true when it was not there.</summary>
    public bool Add(int id)
    {
        int word = id >> 6;
        if (word >= _words.Length) Array.Resize(ref _words, Math.Max(word + 1, _words.Length * 3 / 2 + 4));
        ulong bit = 1UL << (id & 63);
        if ((_words[word] & bit) != 0) return false;
        _words[word] |= bit;
        Count++;
        return true;
    }

    /// <summary>Takes an id out; true when it was there.</summary>
    public bool Remove(int id)
    {
        if (!Contains(id)) return false;
        _words[id >> 6] &= ~(1UL << (id & 63));
        Count--;
        return true;
    }

    public void Clear()
    {
        Array.Clear(_words);
        Count = 0;
    }

    internal void Save(StateWriter to)
    {
        int length = _words.Length;
        while (length > 0 && _words[length - 1] == 0) length--;
        to.Write<ulong>(_words.AsSpan(0, length));
    }

    internal static PrefixSet Load(StateReader from)
    {
        ulong[] words = from.Numbers<ulong>();
        return new() { _words = words, Count = words.Sum(BitOperations.PopCount) };
    }
}
