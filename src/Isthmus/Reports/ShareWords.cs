using Isthmus.Text;
using Isthmus.Transit;
using Isthmus.Transit.Shares;
using Isthmus.Transit.Timelines;

namespace Isthmus.Reports;

/// <summary>Shares with how sure they are, and what the court finds, in words.</summary>
public static class ShareWords
{
    /// <summary>A share with its interval, in whole percent: <c>20% (12-31%)</c>; alone where there is no interval.</summary>
    public static string WithInterval(double share, ShareInterval? interval) => interval is not { } known ? Wording.Percent(share)
        : $"{Wording.Percent(share)} ({Range(known.Low, known.High)})";

    /// <summary>A share in a table; a dash where nobody votes, as it is not known then.</summary>
    public static string Cell(double share, ShareInterval? interval, ShareBasis? basis) => basis is { PeerAses: 0 } ? "–"
        : interval is null ? Wording.PercentFine(share) : WithInterval(share, interval);

    /// <summary>Two shares as a range: <c>12-31%</c>; one where both read the same.</summary>
    public static string Range(double low, double high)
    {
        string from = Wording.Percent(low), to = Wording.Percent(high);
        return from == to ? from : $"{from.TrimEnd('%')}-{to}";
    }

    /// <summary>Which peers count, and how many of them have no vote.</summary>
    public static string Counted(CountedPeers counted)
    {
        string struck = counted.Struck == 0 ? ""
            : $" {Wording.Count(counted.Struck, "peer has", "peers have")} no vote: stuck, or of a wrong clock.";
        string full = Wording.Count(counted.FullFeedPeerAses);
        string who = counted.IsFullFeedsAlone ? $"Counted are the {full} full-feed peer ASes that hold a route of the subject."
            : counted.PeerAses switch
            {
                0 => "Nobody is counted: of no peer AS is it known that it held a route of the subject.",
                1 => $"Counted is the one peer AS that holds a route of the subject, by a {(counted.FullFeedPeerAses == 1 ? "full" : "partial")} feed.",
                var all => $"Counted are all {Wording.Count(all)} peer ASes that hold a route of the subject, as "
                    + $"{(counted.FullFeedPeerAses == 0 ? "none" : $"only {full}")} of them {(counted.FullFeedPeerAses < 2 ? "sends" : "send")} a full feed.",
            };
        return who + struck + Without(counted.HoldTooFew, "less than half of the subject's prefixes that the widest feeds hold.")
            + Without(counted.KnownOfTooFew, "of too few of the subject's prefixes it is known whether they hold them.");

        static string Without(int count, string why) =>
            count == 0 ? "" : $" {Wording.Count(count)} of them {(count == 1 ? "has" : "have")} no vote on the shares: {why}";
    }

    /// <summary>What the rows of a table of shares are.</summary>
    public static IReadOnlyList<string> Explanation(TransitAnswer answer)
    {
        if (answer.Shares is not { } basis) return [];
        var sentences = new List<string> { Basis(basis) };
        if (basis is { Collectors: > 1, Draws: > 0 })
            sentences.Add($"Collectors: from the least to the most when each of {Wording.Count(basis.Collectors)} in turn is left out.");
        if (basis is { By: Weighting.PeerAs, Countries: > 1 })
            sentences.Add($"Countries: where each of the {Wording.Count(basis.Countries)} that peer ASes are registered in weighs the same.");
        return sentences;
    }

    /// <summary>What the intervals are, and whether they say much.</summary>
    public static string Basis(ShareBasis basis)
    {
        if (basis.PeerAses == 1) return "One peer AS votes: no interval can be drawn.";
        string peerAses = Wording.Count(basis.PeerAses, "peer AS", "peer ASes");
        string by = basis.By is Weighting.PeerAs ? $"Each of {peerAses} weighs the same."
            : $"Each of {Wording.Count(basis.Countries, "country", "countries")} in which the {peerAses} are registered weighs the same.";
        if (basis.PeerAses == 0) return "No vantage point votes: nothing can be said of shares.";
        if (basis.Draws == 0) return $"{by} From fewer than {ShareBasis.PeerAsesLeast} no interval can be drawn.";
        string intervals = $"{by} In brackets the 95% interval of a bootstrap over peer ASes, {Wording.Count(basis.Draws)} draws.";
        return basis.SaysLittle ? $"{intervals} From fewer than {ShareBasis.PeerAsesMin} peer ASes an interval says little." : intervals;
    }
}
