using Isthmus.Transit;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Resilience;

/// <summary>What happened when upstreams went: whether others carried, and after how long.</summary>
/// <param name="Lost">Those that carried before, in order.</param>
/// <param name="Took">Those that carried then; empty where nobody did.</param>
/// <param name="After">How long after the loss the first of them came; zero where it carried already; null where nobody did.</param>
/// <param name="Until">When the routes were back; null where they were never away, or are not back.</param>
/// <param name="Changes">Ids of the changes that say so.</param>
public sealed record Failover(
    IReadOnlyList<Asn> Lost, IReadOnlyList<Asn> Took, Timestamp At, TimeSpan? After, Timestamp? Until, IReadOnlyList<Prefix> Prefixes,
    IReadOnlyList<string> Changes)
{
    /// <summary>So soon another upstream must come to have taken over.</summary>
    public static readonly TimeSpan AfterMax = TimeSpan.FromMinutes(15);

    /// <summary>All losses of upstreams and all outages of a period, in order of time.</summary>
    public static IReadOnlyList<Failover> Of(TransitAnswer answer)
    {
        TransitChange[] changes = [.. answer.Changes.Where(change => change.Tier == 1).OrderBy(change => change.Time)];
        var found = new List<Failover>();
        foreach (var change in changes)
        {
            if (change.Kind is ChangeKind.Outage or ChangeKind.PrefixVanished)
            {
                found.Add(new([.. Carriers(answer, changes, change.Time, change.Prefixes)], [], change.Time, null, change.Until,
                    change.Prefixes,
                    [change.Id]));
            }
            else if (change is { Kind: ChangeKind.UpstreamVanished, Upstream: { } lost })
            {
                var came = changes.Where(one => one.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned
                    && one.Upstream is { } other && other != lost && one.Time >= change.Time && one.Time - change.Time <= AfterMax
                    && one.Prefixes.Intersect(change.Prefixes).Any()).ToList();
                Asn[] stayed = [.. Carriers(answer, changes, change.Time, change.Prefixes).Where(asn => asn != lost)];
                TimeSpan? after = stayed.Length > 0 ? TimeSpan.Zero : came.Count > 0 ? came[0].Time - change.Time : null;
                found.Add(new([lost], [.. stayed.Concat(came.Select(one => one.Upstream!.Value)).Distinct().Order()], change.Time,
                    after, null,
                    change.Prefixes, [change.Id, .. came.Select(one => one.Id)]));
            }
        }
        return found;
    }

    // Who carried some of the prefixes just before: there from the start, or come and not gone since.
    private static IEnumerable<Asn> Carriers(TransitAnswer answer, TransitChange[] changes, Timestamp at, IReadOnlyList<Prefix> prefixes)
    {
        foreach (var upstream in answer.OfAnyFamily.Select(one => one.Asn).Concat(changes.Select(one => one.Upstream).OfType<Asn>())
            .Distinct().Order())
        {
            var own = changes.Where(one => one.Upstream == upstream
                && one.Kind is ChangeKind.UpstreamAppeared or ChangeKind.UpstreamReturned
                or ChangeKind.UpstreamVanished).Where(one => one.Upstream == upstream).ToList();
            bool carries = prefixes.Any(prefix =>
            {
                var last = own.LastOrDefault(one => one.Time < at && one.Prefixes.Contains(prefix));
                // Before its first coming on any prefix it was not there; without one it was there from the start.
                return last is not null ? last.Kind is not ChangeKind.UpstreamVanished
                    : !own.Any(one => one.Kind is ChangeKind.UpstreamAppeared) && CarriesAtStart(answer, upstream, at);
            });
            if (carries) yield return upstream;
        }
    }

    private static bool CarriesAtStart(TransitAnswer answer, Asn upstream, Timestamp at) =>
        answer.OfAnyFamily.Any(one => one.Asn == upstream && one.FirstSeen < at);
}
