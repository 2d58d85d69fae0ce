using System.Buffers.Binary;

using Isthmus.Wire;
using Isthmus.Wire.Bgp;
using Isthmus.Wire.Mrt;

namespace Isthmus.Filters;

/// <summary>What is asked of the attributes of a route. Withdrawals and changes of state have none: nothing holds for them.</summary>
internal abstract class AttributeTerm : Term
{
    public sealed override Verdict Decide(in RouteGlimpse glimpse, FilterState state)
    {
        if ((glimpse.Kinds & RouteEventKinds.Routes) == 0) return Verdict.No;
        if (!glimpse.HasAttributes) return Verdict.Unknown;
        var verdict = Test(glimpse.Attributes, glimpse.IsChecked, state);
        return verdict is Verdict.Yes && (glimpse.Kinds & ~RouteEventKinds.Routes) != 0 ? Verdict.Unknown : verdict;
    }

    /// <param name="isChecked">False before the block was held against RFC 7606: what is not clear then must be unknown.</param>
    protected abstract Verdict Test(PathAttributes attributes, bool isChecked, FilterState state);
}

/// <summary>What is asked of the AS path as it stands, prepending and all; confederation segments are passed over.</summary>
internal abstract class PathTerm : AttributeTerm
{
    protected override Verdict Test(PathAttributes attributes, bool isChecked, FilterState state)
    {
        var path = state.PathOf(attributes);
        // A path that cannot be read is a fault, which has to be told: the record is decoded in full.
        return isChecked || state.HasSoundPath ? Say(Holds(path, state)) : Verdict.Unknown;
    }

    protected abstract bool Holds(PathWords path, FilterState state);

    protected static bool AnyHop(PathWords path, NumberSet asked)
    {
        foreach (var segment in path)
            if (!segment.IsConfederation && AnyOf(segment.Hops, asked)) return true;
        return false;
    }

    protected static bool AnyOf(ReadOnlySpan<uint> hops, NumberSet asked)
    {
        foreach (uint hop in hops)
            if (asked.Contains(hop)) return true;
        return false;
    }
}

/// <summary><c>hop</c>, <c>hop-country</c></summary>
internal sealed class HopTerm(NumberSet asked) : PathTerm
{
    public override int Cost => 6;

    protected override bool Holds(PathWords path, FilterState state) => AnyHop(path, asked);
}

/// <summary><c>origin</c>, <c>origin-country</c>: the last hop; of a set any member.</summary>
internal sealed class OriginTerm(NumberSet asked) : PathTerm
{
    public override int Cost => 4;

    // The last four bytes, mostly.
    protected override Verdict Test(PathAttributes attributes, bool isChecked, FilterState state) =>
        state.TrySequence(attributes, out var hops)
            ? Say(asked.Contains(BinaryPrimitives.ReadUInt32BigEndian(hops[^4..]))) : base.Test(attributes, isChecked, state);

    protected override bool Holds(PathWords path, FilterState state) => AnyOf(path.Origins, asked);
}

/// <summary><c>upstream</c>: the AS left of the origin once the path is cleaned (methods.md, "Paths").</summary>
internal sealed class UpstreamTerm(NumberSet asked) : PathTerm
{
    public override int Cost => 8;

    protected override Verdict Test(PathAttributes attributes, bool isChecked, FilterState state) =>
        state.TrySequence(attributes, out var hops)
            ? Say(IsAsked(state.UpstreamOfSequence(hops))) : base.Test(attributes, isChecked, state);

    // Cleaning adds no hop: a path without an asked one needs none.
    protected override bool Holds(PathWords path, FilterState state) =>
        AnyHop(path, asked) && IsAsked(state.UpstreamOf(path));

    private bool IsAsked(Asn? upstream) => upstream is { } asn && asked.Contains(asn.Number);
}

/// <summary><c>path ~ "…"</c></summary>
internal sealed class PathPatternTerm(HopPattern pattern) : PathTerm
{
    public override int Cost => 7;

    protected override bool Holds(PathWords path, FilterState state) => state.MatcherOf(pattern).IsMatch(path);
}

/// <summary><c>path-length</c>: hops with prepending; a set counts one, confederation segments none (RFC 4271 section 9.1.2.2).</summary>
internal sealed class PathLengthTerm(NumberSet asked) : PathTerm
{
    public override int Cost => 5;

    protected override bool Holds(PathWords path, FilterState state) => asked.Contains((uint)path.Length);
}

/// <summary><c>community</c></summary>
internal sealed class CommunityTerm(CommunitySet asked) : AttributeTerm
{
    public override int Cost => 6;

    protected override Verdict Test(PathAttributes attributes, bool isChecked, FilterState state) =>
        isChecked ? Say(asked.HasAnyOf(attributes)) : Verdict.Unknown;
}
