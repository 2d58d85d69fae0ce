using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus;

/// <summary>What is known of files that were read, beside the routes in them.</summary>
public interface IKeptFiles
{
    /// <summary>What is kept of each collector, sorted; the index of each file's plan is its place among all files by name.</summary>
    IReadOnlyList<CollectorRecord> Collectors { get; }

    /// <summary>What the inputs say of themselves, which every output must say before all else; null for nothing.</summary>
    string? Notice { get; }

    /// <summary>Files that were named and are no MRT, with the reason, one line each.</summary>
    IReadOnlyList<string> PassedOver { get; }

    /// <summary>Files, folders and addresses that could not be read, nor since, with the reason.</summary>
    IReadOnlyList<string> Unread { get; }

    /// <summary>Messages that came too late to be put in order, by the name of the file that holds them.</summary>
    IReadOnlyList<KeyValuePair<string, long>> Late { get; }
}

/// <summary>
/// What was kept of archives that were read before: spans of routes, and of each collector what was read. <see cref="Survey.Recall"/>
/// answers from it what <see cref="Survey.Replay"/> answers from the files.
/// </summary>
public interface IKeptRoutes : IKeptFiles
{
    /// <summary>The paths of all that was asked for until now, by their ids: a question adds those that it needs.</summary>
    PathTable Paths { get; }

    /// <summary>All prefixes of which routes are kept, in the order in which they were met.</summary>
    IReadOnlyList<Prefix> Prefixes { get; }

    /// <summary>Of <see cref="Prefixes"/>, in their order, at least those that are named, and those that lie in a block.</summary>
    IReadOnlyList<Prefix> PrefixesAmong(IReadOnlySet<Prefix> named, IReadOnlyCollection<Prefix> blocks);

    /// <summary>
    /// Ids of at least those paths on which one of some networks stands, and of the sets that hold such a path; they are in
    /// <see cref="Paths"/> then.
    /// </summary>
    IReadOnlyList<int> PathsWith(IReadOnlySet<uint> asns);

    /// <summary>The prefixes for which one of some peers held one of some paths before a time.</summary>
    /// <param name="paths">Ids from <see cref="PathsWith"/>.</param>
    IReadOnlySet<Prefix> PrefixesOf(IReadOnlyCollection<int> paths, IReadOnlyCollection<Peer> peers, Timestamp before);

    /// <summary>All steps of some prefixes at each peer that ever held one, those of a peer and prefix in order of time.</summary>
    IEnumerable<KeptHistory> HistoriesOf(IReadOnlySet<Prefix> prefixes);
}

/// <summary>The steps of one prefix at one peer.</summary>
/// <param name="Peer">Of one of the collectors.</param>
public readonly record struct KeptHistory(Peer Peer, Prefix Prefix, IReadOnlyList<RouteStep> Steps);
