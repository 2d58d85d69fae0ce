using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Filters;

/// <summary><c>time</c>: half open, in microseconds.</summary>
internal sealed class TimeTerm(long from, long to) : Term
{
    public override int Cost => 1;

    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state) =>
        glimpse.Time is { } time ? Say(time.Microseconds >= from && time.Microseconds < to) : Verdict.Unknown;
}

/// <summary><c>kind</c></summary>
internal sealed class KindTerm(RouteEventKinds asked) : Term
{
    public override int Cost => 1;

    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state) =>
        (glimpse.Kinds & asked) == 0 ? Verdict.No : (glimpse.Kinds & ~asked) == 0 ? Verdict.Yes : Verdict.Unknown;
}

/// <summary><c>peer-as</c></summary>
internal sealed class PeerAsTerm(NumberSet asked) : Term
{
    public override int Cost => 2;

    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state) =>
        glimpse.HasPeer ? Say(asked.Contains(glimpse.Peer.Asn.Number)) : Verdict.Unknown;
}

/// <summary><c>peer</c>: its address, or a prefix that holds it.</summary>
internal sealed class PeerTerm(PrefixList asked) : Term
{
    public override int Cost => 2;

    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state) =>
        glimpse.HasPeer ? Say(asked.Holds(new(glimpse.Peer.Address, 128), PrefixRelation.Within)) : Verdict.Unknown;
}

/// <summary>What is asked of a prefix. A change of state has none, so that nothing holds for it.</summary>
internal abstract class OfPrefixTerm : Term
{
    public sealed override Verdict Decide(in RouteGlimpse glimpse, FilterState state) =>
        glimpse.HasPrefix ? Say(Holds(glimpse.Prefix))
        : glimpse.Kinds is RouteEventKinds.PeerState ? Verdict.No : Verdict.Unknown;

    protected abstract bool Holds(Prefix prefix);
}

/// <summary><c>prefix</c></summary>
internal sealed class PrefixTerm(PrefixList asked, PrefixRelation relation) : OfPrefixTerm
{
    public override int Cost => 3;

    protected override bool Holds(Prefix prefix) => asked.Holds(prefix, relation);
}

/// <summary><c>prefix-length</c></summary>
internal sealed class PrefixLengthTerm(NumberSet asked) : OfPrefixTerm
{
    public override int Cost => 2;

    protected override bool Holds(Prefix prefix) => asked.Contains(prefix.Length);
}

/// <summary><c>family</c></summary>
internal sealed class FamilyTerm(IReadOnlyCollection<AddressFamily> asked) : OfPrefixTerm
{
    private readonly bool _v4 = asked.Contains(AddressFamily.IPv4), _v6 = asked.Contains(AddressFamily.IPv6);

    public override int Cost => 2;

    protected override bool Holds(Prefix prefix) => prefix.Family is AddressFamily.IPv4 ? _v4 : _v6;
}

/// <summary><c>view</c>, by names with <c>*</c> and <c>?</c>: of what is in no dump none holds.</summary>
internal sealed class ViewTerm(IReadOnlyList<string> asked) : Term
{
    public override int Cost => 2;

    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state) =>
        (glimpse.Kinds & RouteEventKinds.RibEntry) == 0 ? Verdict.No
        : glimpse.View is { } view ? Say(Holds(view)) : Verdict.Unknown;

    private bool Holds(string view)
    {
        foreach (string pattern in asked)
            if (CollectorTerm.Fits(view, pattern)) return true;
        return false;
    }
}

/// <summary><c>fault</c>: something is wrong with the record.</summary>
internal sealed class FaultTerm : Term
{
    public override int Cost => 1;

    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state) =>
        glimpse.HasFault is { } known ? Say(known) : Verdict.Unknown;
}

/// <summary><c>collector</c>, by names with <c>*</c> and <c>?</c>, and <c>project</c>: the same for a whole file.</summary>
internal sealed class CollectorTerm(Func<Collector, bool> isAsked) : Term
{
    public override int Cost => 0;

    // Never asked: before the first event it has become a constant.
    public override Verdict Decide(in RouteGlimpse glimpse, FilterState state) => Verdict.Unknown;

    public override Term For(Collector collector) => isAsked(collector) ? ConstantTerm.Yes : ConstantTerm.No;

    /// <summary>True when a name fits a pattern in which <c>*</c> is any run of letters and <c>?</c> one, in any case.</summary>
    public static bool Fits(string name, string pattern)
    {
        int at = 0, next = 0, star = -1, from = 0;
        while (at < name.Length)
        {
            if (next < pattern.Length && pattern[next] == '*')
            {
                star = next++;
                from = at;
            }
            else if (next < pattern.Length
                && (pattern[next] == '?' || char.ToUpperInvariant(pattern[next]) == char.ToUpperInvariant(name[at])))
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                next = star + 1;
                at = ++from;
            }
            else
            {
                return false;
            }
        }
        return pattern.AsSpan(next).Trim('*').IsEmpty;
    }
}
