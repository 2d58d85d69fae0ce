using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Dependence.Words;

/// <summary>Sentences on dependence that text, JSON and page have in common.</summary>
public static class DependenceWords
{
    /// <summary>What every output on countries says.</summary>
    public const string Caveat =
        "A country here is where a network is registered, not where a cable lies or packets pass.";

    /// <summary>What every output on shares says.</summary>
    public const string NotTraffic = "Shares are of addresses and vantage points; none is traffic.";

    /// <summary>A family by its name.</summary>
    public static string NameOf(AddressFamily family) => family is AddressFamily.IPv4 ? "IPv4" : "IPv6";

    /// <summary>What the figures weigh by: <c>addresses</c> or <c>prefixes</c>.</summary>
    public static string WeightOf(AddressFamily family) => family is AddressFamily.IPv4 ? "addresses" : "prefixes";

    /// <summary>
    /// What must be said before all figures: how few full-feed peer ASes there are, or why there is no answer. Null where neither is so.
    /// </summary>
    public static string? First(DependenceAnswer answer, WholeTable table)
    {
        string subject = Names.Spoken(answer.Subject), family = NameOf(answer.Family);
        string? why = answer.State switch
        {
            DependenceState.NoVantagePoints => $"No answer: no full-feed peer outside {subject} has a known {family} table at {answer.At}."
                + Shown(table, answer.Family),
            DependenceState.NoRoutes => $"No answer: the {Wording.Count(answer.PeerAses, "full-feed peer AS", "full-feed peer ASes")} outside {subject}"
                + $" {(answer.PeerAses == 1 ? "holds" : "hold")} no {family} route of it at {answer.At}.",
            DependenceState.NoTransit => $"No answer: {family} routes of {subject} are there at {answer.At}, and on none of them"
                + " a network between it and a vantage point abroad can be counted.",
            _ => null,
        };
        if (why is not null) return why;
        if (answer.Voters >= DependenceAnswer.PeerAsesMin) return null;
        string few = answer.PeerAses < DependenceAnswer.PeerAsesMin
            ? $"Only {Wording.Count(answer.PeerAses, "full-feed peer AS", "full-feed peer ASes")} outside {subject}"
            : $"Only {Wording.Count(answer.Voters)} of {Wording.Count(answer.PeerAses)} full-feed peer ASes outside "
                + $"{(answer.Voters == 1 ? "holds" : "hold")} a route to {subject} that can be counted";
        return $"{few}, fewer than {Wording.InWords(DependenceAnswer.PeerAsesMin)}: the figures may depend on which networks happen to be asked.";
    }

    // A dump that was being written says when it is whole.
    private static string Shown(WholeTable table, AddressFamily family) =>
        table.Peers.Max(peer => family is AddressFamily.IPv4 ? peer.Ipv4Shown : peer.Ipv6Shown) is { } shown
            ? $" A dump was being written; at {shown} it is whole."
            : table.OtherTime is { } read ? $" What was read begins at {read.First} and ends at {read.Last}." : "";

    /// <summary>What the answer rests on.</summary>
    public static string Basis(DependenceAnswer answer) =>
        $"{Wording.Count(answer.Addresses, answer.Family is AddressFamily.IPv4 ? "address" : "prefix", WeightOf(answer.Family))}"
        + (answer.Family is AddressFamily.IPv4 ? $" in {Wording.Count(answer.Prefixes, "prefix", "prefixes")}" : "")
        + (answer.Origins.Count is > 0 and var origins ? $" of {Wording.Count(origins, "origin AS", "origin ASes")}" : "")
        + $"; {Wording.Count(answer.Voters)} of {Wording.Count(answer.PeerAses, "full-feed peer AS", "full-feed peer ASes")} outside"
        + $" {(answer.Voters == 1 ? "holds" : "hold")} a route on which a network on the way can be counted"
        + (answer.HeldPart < HeldPartMin
            ? $", on average of {Wording.Percent(answer.HeldPart)} of the {WeightOf(answer.Family)}: of the rest they say nothing." : ".");

    /// <summary>Where the voters hold less of the subject on average, it is said.</summary>
    private const double HeldPartMin = 0.9;

    /// <summary>Two countries together, in a sentence: <c>CN 40%, RU 60%, either 100%, neither 0%</c>.</summary>
    public static string Of(CountryPair pair, IReadOnlyList<CountryDependence> countries)
    {
        string One(Country country) => $"{country} {Wording.Percent(countries.FirstOrDefault(one => one.Country == country)?.LastForeignHop.Value ?? 0)}";
        return $"{One(pair.First)}, {One(pair.Second)}, either {Wording.Percent(pair.Either)}, neither {Wording.Percent(pair.Neither)}";
    }
}
