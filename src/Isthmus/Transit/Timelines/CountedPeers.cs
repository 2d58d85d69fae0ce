namespace Isthmus.Transit.Timelines;

/// <summary>Which peers the shares and visibility count.</summary>
/// <param name="IsFullFeedsAlone">True where full feeds alone count; false where all do, as too few full feeds hold a route.</param>
/// <param name="FullFeedPeerAses">Peer ASes with a full feed that hold a route of the subject.</param>
/// <param name="PeerAses">All peer ASes that hold one.</param>
/// <param name="Struck">Peers without a vote: stuck, or of a wrong clock.</param>
public sealed record CountedPeers(bool IsFullFeedsAlone, int FullFeedPeerAses, int PeerAses, int Struck)
{
    /// <summary>Of these, peer ASes without a vote on the shares, as they hold too few of the subject's prefixes.</summary>
    public int HoldTooFew { get; init; }

    /// <summary>The same, as of too few prefixes it is known whether they hold them.</summary>
    public int KnownOfTooFew { get; init; }
}
