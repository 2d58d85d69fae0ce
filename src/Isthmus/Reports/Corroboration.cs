using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit.Changes;

namespace Isthmus.Reports;

/// <summary>Who saw a change, independently of each other: peer ASes by project, collector and country of registration.</summary>
/// <param name="Countries">Of the peer ASes, the most frequent first; empty text for none.</param>
public sealed record Corroboration(
    IReadOnlyList<(string Name, int PeerAses)> Projects, IReadOnlyList<(string Name, int PeerAses)> Collectors,
    IReadOnlyList<(string Name, int PeerAses)> Countries)
{
    private const int NamedMax = 8;

    /// <summary>Of the witnesses of a change.</summary>
    public static Corroboration Of(Report report, TransitChange change) =>
        Of(report, change.Witnesses.Select(witness => report.Observations.Peers[witness.Peer].Peer));

    /// <summary>Of some peers.</summary>
    public static Corroboration Of(Report report, IEnumerable<Peer> peers)
    {
        var all = peers.Distinct().ToArray();
        return new(
            Count(all, peer => KindWords.Words(peer.Collector.Project)), Count(all, peer => peer.Collector.Name),
            Count(all, peer => report.Registry.CountryOf(peer.Asn).ToString()));
    }

    /// <summary><c>peer ASes by project: RIPE RIS 15, RouteViews 14; by collector: …; by country: …</c>.</summary>
    public string Sentence => Projects.Count == 0 ? "no peer AS." : "peer ASes by project: " + Listed(Projects) + "; by collector: " + Listed(Collectors)
        + "; by country of registration: " + Listed(Countries) + ".";

    /// <summary>The same as three texts, for a table.</summary>
    public (string Projects, string Collectors, string Countries) Cells => (Listed(Projects), Listed(Collectors), Listed(Countries));

    private static string Listed(IReadOnlyList<(string Name, int PeerAses)> counts) =>
        string.Join(", ", counts.Take(NamedMax).Select(count => $"{(count.Name.Length > 0 ? count.Name : "unknown")} {Wording.Count(count.PeerAses)}"))
        + (counts.Count > NamedMax ? $" and {Wording.Count(counts.Count - NamedMax)} more" : "");

    private static (string, int)[] Count(Peer[] peers, Func<Peer, string> of) =>
    [
        .. peers.GroupBy(of).Select(group => (Name: group.Key, PeerAses: group.Select(peer => peer.Asn).Distinct().Count()))
            .OrderByDescending(count => count.PeerAses).ThenBy(count => count.Name, StringComparer.Ordinal),
    ];
}
