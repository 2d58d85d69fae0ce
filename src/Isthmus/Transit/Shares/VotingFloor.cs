using Isthmus.Routes;

namespace Isthmus.Transit.Shares;

/// <summary>
/// How much of the subject a session must hold so that it votes on the shares: a peer AS that passes on a handful of its
/// prefixes says who carries these, and nothing of the rest.
/// </summary>
internal static class VotingFloor
{
    /// <summary>A session votes when it holds at least this part of the yardstick.</summary>
    public const double Part = 0.5;

    /// <summary>
    /// The least count of a session that votes. The yardstick is the count that half of all routes of the subject belong to
    /// sessions of at least, so that neither one session that leaks nor many that send little move it. Whoever holds that
    /// many votes always, so that a subject which somebody sees has a vote.
    /// </summary>
    /// <param name="held">How many prefixes of the subject, of one address family, each counted session holds.</param>
    public static double Of(IEnumerable<int> held) => Part * FullFeed.Yardstick(held);
}
