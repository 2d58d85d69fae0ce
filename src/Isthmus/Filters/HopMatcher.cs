using System.Numerics;

using Isthmus.Wire.Bgp;

namespace Isthmus.Filters;

/// <summary>
/// Walks paths through a pattern: an automaton whose states are sets of steps, made when a path first leads to them. A
/// hop costs one look-up once its state is known, so that a path takes time by its length alone, whatever the pattern.
/// </summary>
internal sealed class HopMatcher
{
    /// <summary>States kept; beyond them all are forgotten and made anew, as a pattern can have exponentially many.</summary>
    private const int StatesMax = 1024;

    /// <summary>Look-ups kept: states by classes of hops.</summary>
    private const int NextMax = 1 << 20;

    private readonly HopPattern _pattern;
    private readonly int _words, _statesMax;
    private readonly uint[] _classStarts;
    private readonly ulong[][] _takenBy;
    private readonly ulong[]?[] _after;
    private readonly ulong[] _restart, _initial, _scratch;
    private readonly Dictionary<ulong[], int> _numbers;
    private readonly List<ulong[]> _states = [];
    private readonly Outcome[] _outcomes;
    private readonly int[] _next;

    /// <summary>What is known once a state is reached.</summary>
    private enum Outcome : byte
    {
        Open,
        /// <summary>The pattern has been found if the path ends here.</summary>
        MatchAtEnd,
        /// <summary>It has been found, whatever follows.</summary>
        Match,
        /// <summary>It cannot be found any more.</summary>
        Dead,
    }

    public HopMatcher(HopPattern pattern)
    {
        _pattern = pattern;
        _words = (pattern.Steps.Count + 63) / 64;
        var bounds = new SortedSet<uint> { 0 };
        foreach (var (first, last) in pattern.Steps.SelectMany(step => step.Set?.Ranges ?? []))
        {
            bounds.Add(first);
            if (last < uint.MaxValue) bounds.Add(last + 1);
        }
        _classStarts = [.. bounds];
        _takenBy = [.. _classStarts.Select(StepsTaking)];
        _after = [.. pattern.Steps.Select(step => step.Kind is HopStepKind.Hop ? Reach(step.Next, false, false) : null)];
        _restart = Reach(pattern.Start, isStart: false, isEnd: false);
        _initial = Reach(pattern.Start, isStart: true, isEnd: false);
        _scratch = new ulong[_words];
        _numbers = new(new SameSteps());
        _statesMax = Math.Clamp(NextMax / _classStarts.Length, 16, StatesMax);
        _outcomes = new Outcome[_statesMax];
        _next = new int[_statesMax * _classStarts.Length];
        Reset();
    }

    /// <summary>True when the pattern is somewhere on a path.</summary>
    public bool IsMatch(PathWords path)
    {
        int state = 0;
        foreach (var segment in path)
        {
            if (segment.Type is SegmentType.Sequence)
            {
                foreach (uint hop in segment.Hops)
                {
                    if (_outcomes[state] >= Outcome.Match) return _outcomes[state] is Outcome.Match;
                    state = Step(state, ClassOf(hop));
                }
            }
            else if (segment.Type is SegmentType.Set)
            {
                if (_outcomes[state] >= Outcome.Match) return _outcomes[state] is Outcome.Match;
                state = StepBySet(state, segment.Hops);
            }
        }
        return _outcomes[state] is Outcome.Match or Outcome.MatchAtEnd;
    }

    private int Step(int state, int hopClass)
    {
        int next = _next[state * _classStarts.Length + hopClass];
        if (next >= 0) return next;
        Array.Clear(_scratch);
        AddAfter(_states[state], hopClass);
        next = NumberOf(_scratch, out bool isReset);
        if (!isReset) _next[state * _classStarts.Length + hopClass] = next;
        return next;
    }

    // A set is one hop, and a step takes it when it takes any of its members.
    private int StepBySet(int state, ReadOnlySpan<uint> members)
    {
        Array.Clear(_scratch);
        foreach (uint member in members) AddAfter(_states[state], ClassOf(member));
        return NumberOf(_scratch, out _);
    }

    private void AddAfter(ulong[] steps, int hopClass)
    {
        ulong[] taking = _takenBy[hopClass];
        for (int word = 0; word < _words; word++)
        {
            for (ulong left = steps[word] & taking[word]; left != 0; left &= left - 1)
                Unite(_scratch, _after[word * 64 + BitOperations.TrailingZeroCount(left)]!);
        }
        // The pattern may begin at any hop.
        Unite(_scratch, _restart);
    }

    private int NumberOf(ulong[] steps, out bool isReset)
    {
        isReset = false;
        if (_numbers.TryGetValue(steps, out int number)) return number;
        if (isReset = _states.Count == _statesMax) Reset();
        ulong[] kept = [.. steps];
        _numbers.Add(kept, _states.Count);
        return Add(kept, isStart: false);
    }

    // The first state is the one before the first hop: no other is like it, as ^ holds there.
    private void Reset()
    {
        _states.Clear();
        _numbers.Clear();
        Array.Fill(_next, -1);
        Add(_initial, isStart: true);
    }

    private int Add(ulong[] steps, bool isStart)
    {
        bool isMatch = Has(steps, _pattern.Match), isMatchAtEnd = isMatch;
        for (int i = 0; i < _pattern.Steps.Count && !isMatchAtEnd; i++)
            isMatchAtEnd = _pattern.Steps[i].Kind is HopStepKind.PathEnd && Has(steps, i)
                && Has(Reach(_pattern.Steps[i].Next, isStart, isEnd: true), _pattern.Match);
        _outcomes[_states.Count] = isMatch ? Outcome.Match : isMatchAtEnd ? Outcome.MatchAtEnd
            : steps.AsSpan().IndexOfAnyExcept(0UL) < 0 ? Outcome.Dead : Outcome.Open;
        _states.Add(steps);
        return _states.Count - 1;
    }

    // The steps that wait for a hop or the path's end, and the match, that can be reached without taking a hop.
    private ulong[] Reach(int from, bool isStart, bool isEnd)
    {
        ulong[] reached = new ulong[_words];
        var seen = new HashSet<int>();
        var open = new Stack<int>([from]);
        while (open.TryPop(out int at))
        {
            if (!seen.Add(at)) continue;
            var step = _pattern.Steps[at];
            if (step.Kind is HopStepKind.Hop or HopStepKind.Match or HopStepKind.PathEnd) reached[at >> 6] |= 1UL << (at & 63);
            if (step.Kind is HopStepKind.Fork || step.Kind is HopStepKind.PathStart && isStart || step.Kind is HopStepKind.PathEnd && isEnd)
                open.Push(step.Next);
            if (step.Kind is HopStepKind.Fork) open.Push(step.Other);
        }
        return reached;
    }

    private ulong[] StepsTaking(uint hop)
    {
        ulong[] taking = new ulong[_words];
        for (int i = 0; i < _pattern.Steps.Count; i++)
        {
            var step = _pattern.Steps[i];
            if (step.Kind is HopStepKind.Hop && step.Set?.Contains(hop) is not false) taking[i >> 6] |= 1UL << (i & 63);
        }
        return taking;
    }

    // All hops between two bounds of the pattern's sets are the same to it.
    private int ClassOf(uint hop)
    {
        int low = 1, high = _classStarts.Length;
        while (low < high)
        {
            int middle = low + high >>> 1;
            if (_classStarts[middle] <= hop) low = middle + 1; else high = middle;
        }
        return low - 1;
    }

    private static bool Has(ulong[] steps, int step) => (steps[step >> 6] >> (step & 63) & 1) != 0;

    private static void Unite(ulong[] into, ulong[] other)
    {
        for (int i = 0; i < into.Length; i++) into[i] |= other[i];
    }

    /// <summary>Equal by what is in them.</summary>
    private sealed class SameSteps : IEqualityComparer<ulong[]>
    {
        public bool Equals(ulong[]? one, ulong[]? other) => one.AsSpan().SequenceEqual(other);

        public int GetHashCode(ulong[] steps)
        {
            var hash = new HashCode();
            foreach (ulong word in steps) hash.Add(word);
            return hash.ToHashCode();
        }
    }
}
