using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Transit.Court;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Who testifies to a change, and how far that can be trusted: independent peer ASes, the countries that they are
/// registered in, the collectors that they speak to, and the projects that run these.
/// </summary>
/// <param name="PeerAses">Different AS numbers: many sessions of one are one witness.</param>
/// <param name="Watching">Peer ASes that could have seen it.</param>
internal sealed record Testimony(
    int PeerAses, int Watching, IReadOnlyList<Country> Countries, IReadOnlyList<Collector> Collectors, IReadOnlyList<Project> Projects)
{
    /// <summary>So many peer ASes, collectors and projects make a change sure (methods.md, "Confidence").</summary>
    private const int PeerAsesHigh = 10, CollectorsHigh = 3, ProjectsHigh = 2;

    /// <summary>So many make it likely.</summary>
    private const int PeerAsesMedium = TransitChange.PeerAsesMedium, CollectorsMedium = 2;

    /// <summary>What other trouble of the feeds lies so near that it may have to do with it; empty for none.</summary>
    public IReadOnlyList<FeedTrouble> Trouble { get; init; } = [];

    /// <summary>Who is not believed, and why.</summary>
    public IReadOnlyList<LeftOutWitness> LeftOut { get; init; } = [];

    public static Testimony Of(IEnumerable<Peer> peers, int watching, RegistrySnapshot registry)
    {
        Peer[] all = [.. peers];
        Asn[] ases = [.. all.Select(peer => peer.Asn).Distinct()];
        Collector[] collectors = [.. all.Select(peer => peer.Collector).Distinct().Order()];
        return new(ases.Length, watching,
            [.. ases.Select(registry.CountryOf).Where(country => !country.IsNone).Distinct().Order()], collectors,
            [.. collectors.Select(collector => collector.Project).Where(project => project is not Project.Unknown).Distinct().Order()]);
    }

    public Confidence Confidence =>
        PeerAses >= PeerAsesHigh && Collectors.Count >= CollectorsHigh && Projects.Count >= ProjectsHigh
            && !IsOneCountry && Trouble.Count == 0
            ? Confidence.High
            : PeerAses >= PeerAsesMedium && Collectors.Count >= CollectorsMedium ? Confidence.Medium : Confidence.Low;

    // What is known of the countries counts; where nothing is, nothing is held against them.
    private bool IsOneCountry => Countries.Count == 1;
}
