using Isthmus.Routes;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>The records that prove the sentences of a report, the most telling first.</summary>
internal sealed class Provenance
{
    /// <summary>Records of one sentence; of a country of thousands of prefixes more would tell no more.</summary>
    public const int OfSentenceMax = 500;

    private readonly Report _report;
    private readonly Dictionary<string, TransitChange> _changes;
    private readonly Lazy<Sightings> _sightings;
    private readonly Dictionary<Sentence, IReadOnlyList<SourcePlace>> _known = new(ReferenceEqualityComparer.Instance);

    public Provenance(Report report)
    {
        _report = report;
        _changes = report.Transit.Changes.DistinctBy(change => change.Id).ToDictionary(change => change.Id, StringComparer.Ordinal);
        _sightings = new(() => report.Transit.Heard ?? new(report.Observations, report.JudgedPaths()));
    }

    /// <summary>What each peer held of the subject over time.</summary>
    public Sightings Sightings => _sightings.Value;

    /// <summary>
    /// The records of a sentence: of each change the witnesses that give its dates, then one of every peer AS, then
    /// the others; of what is carried one route of every peer, then the others.
    /// </summary>
    public IReadOnlyList<SourcePlace> RecordsOf(Sentence sentence)
    {
        if (_known.TryGetValue(sentence, out var known)) return known;
        var ofChanges = sentence.Changes.Select(id => _changes.GetValueOrDefault(id)).OfType<TransitChange>().Select(WitnessesOf).ToArray();
        IEnumerable<SourcePlace>[] all =
        [
            .. ofChanges, Held(sentence.CarryAtEnd, _report.To), Held(sentence.CarryAtStart, _report.From + TimeSpan.FromMicroseconds(1)),
        ];
        return _known[sentence] = [.. InTurns(all).Distinct().Take(OfSentenceMax)];
    }

    /// <summary>The records of a change's witnesses, those that give its dates first.</summary>
    public IEnumerable<SourcePlace> WitnessesOf(TransitChange change)
    {
        Timestamp?[] dates = [change.Time, change.First, change.Confirmed, change.Median, change.Last];
        var proving = change.Witnesses.Where(witness => !witness.Step.Place.IsNone).ToArray();
        var dating = dates.OfType<Timestamp>().Distinct()
            .Select(date => proving.Where(witness => witness.Step.Time == date).Take(1)).SelectMany(one => one);
        var peers = _report.Observations.Peers;
        var first = proving.GroupBy(witness => peers[witness.Peer].Peer.Asn).Select(group => group.First());
        return dating.Concat(first).Concat(proving).Select(witness => witness.Step.Place).Distinct();
    }

    // One route of each peer and upstream comes before the second of any.
    private IEnumerable<SourcePlace> Held(IReadOnlyList<Asn> upstreams, Timestamp time)
    {
        if (upstreams.Count == 0) return [];
        var seen = Sightings.Seen;
        var rank = upstreams.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
        return Sightings.All
            .SelectMany(sighting => Sightings.UpstreamsOf(sighting.At(time)).Select(upstream => (Sighting: sighting, Holding: upstream)))
            .Where(held => rank.ContainsKey(Sightings.Upstreams[held.Holding]))
            .GroupBy(held => (held.Sighting.Peer, held.Holding))
            .SelectMany(group => group.Select((held, turn) => (held.Sighting, held.Holding, Turn: turn)))
            .OrderBy(held => held.Turn).ThenBy(held => rank[Sightings.Upstreams[held.Holding]]).ThenBy(held => held.Sighting.Peer)
            .Take(OfSentenceMax)
            .Select(held => ShownBy(seen.Histories[held.Sighting.History], time, held.Holding).Place)
            .Where(place => !place.IsNone);
    }

    // The step that brought what is held; of several paths at once the one that brought the path by the upstream.
    private RouteStep ShownBy(RouteHistory history, Timestamp time, int upstream)
    {
        int at = history.Steps.Count - 1;
        while (history.Steps[at].Time > time) at--;
        if (Sightings.Paths.SetOf(history.Steps[at].Path) is null) return history.Steps[at];
        int path = Sightings.PathBy(history.Steps[at].Path, upstream);
        while (at > 0 && Sightings.Paths.Each(history.Steps[at - 1].Path).Contains(path)) at--;
        return history.Steps[at];
    }

    // The first of each, then the second of each: a bound cuts none off whole.
    private static IEnumerable<SourcePlace> InTurns(IEnumerable<SourcePlace>[] lists)
    {
        var walks = lists.Select(list => list.GetEnumerator()).ToList();
        while (walks.Count > 0)
        {
            foreach (var walk in walks.ToArray())
            {
                if (walk.MoveNext()) yield return walk.Current;
                else walks.Remove(walk);
            }
        }
    }
}
