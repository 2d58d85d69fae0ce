using Isthmus.Scenarios;

namespace Isthmus.Tests.Transit.Traps;

/// <summary>Paths that change, or lie, without anything having changed for the subject.</summary>
public sealed class PathTrapTests
{
    [Fact]
    public void Path_hunting_is_no_change() => Trapped.Alone(TrapKind.Hunting);

    [Fact]
    public void Path_hunting_hides_no_change() => Trapped.Beside(TrapKind.Hunting, ActKind.UpstreamMore, ActKind.UpstreamLess);

    [Fact]
    public void Prepending_to_all_alike_is_no_change() => Trapped.Alone(TrapKind.Prepending);

    [Fact]
    public void Prepending_to_all_alike_hides_no_change() => Trapped.Beside(TrapKind.Prepending, ActKind.Migration, ActKind.Outage);

    [Fact]
    public void Poisoned_paths_take_no_upstream_away() => Trapped.Alone(TrapKind.PoisonedPaths);

    [Fact]
    public void Poisoned_paths_hide_no_change() => Trapped.Beside(TrapKind.PoisonedPaths, ActKind.UpstreamMore, ActKind.Outage);

    [Fact]
    public void A_subject_in_the_middle_of_other_paths_has_no_new_prefix_and_no_upstream() => Trapped.Alone(TrapKind.ForgedMiddle);

    [Fact]
    public void A_subject_in_the_middle_of_other_paths_hides_no_change() =>
        Trapped.Beside(TrapKind.ForgedMiddle, ActKind.UpstreamMore, ActKind.NewPrefix);

    [Fact]
    public void A_false_last_hop_of_one_peer_is_no_upstream() => Trapped.Alone(TrapKind.ForgedLastHop);

    [Fact]
    public void A_false_last_hop_of_one_peer_hides_no_change() =>
        Trapped.Beside(TrapKind.ForgedLastHop, ActKind.UpstreamMore, ActKind.NewOrigin);
}
