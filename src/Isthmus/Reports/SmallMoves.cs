using Isthmus.Text;
using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>
/// What those who count hold otherwise at the end of a period than at its start, or held otherwise for a while: said where none of it
/// reached the thresholds of a change.
/// </summary>
internal sealed class SmallMoves
{
    private const int NamedMax = 2;

    private readonly Names _names;
    private readonly Sightings? _heard;
    private readonly Timestamp _from, _to;
    private readonly List<(int Holding, Asn PeerAs, int Prefix)> _moved = [];
    private readonly List<Timestamp> _times = [];
    private readonly HashSet<Asn> _peerAses = [], _forAWhile = [];
    private readonly int _undated;

    public SmallMoves(Report report)
    {
        (_names, _from, _to) = (new(report.Registry), report.From, report.To);
        if (report.Transit.Headline is not { } family || report.Transit.Heard?.Of(family.Family) is not { } heard) return;
        _heard = heard;
        foreach (var sighting in heard.All.Where(sighting => heard.Counts(sighting.Peer, sighting.Prefix)))
        {
            int first = First(sighting, _from), last = sighting.At(_to);
            if (!Holding.IsKnown(first) || !Holding.IsKnown(last)) continue;
            var peerAs = heard.PeerAs(sighting.Peer);
            _peerAses.Add(peerAs);
            if (first == last || !Holding.IsSubject(first) && !Holding.IsSubject(last))
            {
                if (Array.Exists(sighting.Runs, run => run.From > _from && run.From <= _to && Holding.IsKnown(run.Holding)
                    && run.Holding != first && (Holding.IsSubject(first) || Holding.IsSubject(run.Holding))))
                    _forAWhile.Add(peerAs);
                continue;
            }
            _moved.Add((last, peerAs, sighting.Prefix));
            if (Dated(sighting) is { } time) _times.Add(time); else _undated++;
        }
    }

    /// <summary>True where it is known of each when it came to hold what it holds at the end.</summary>
    public bool AreDated => _times.Count > 0 && _undated == 0;

    /// <summary>When they came to hold it, in brackets.</summary>
    public string Between => _times.Count == 0 ? "" : _times.Min() == _times.Max() ? $" (since {ChangeWords.At(_times[0])})"
        : $" (since a time {ChangeWords.Between(_times.Min(), _times.Max()).TrimEnd(',')})";

    /// <summary>What moved, as the rest of a sentence; empty for nothing.</summary>
    public string Words()
    {
        var parts = _moved.GroupBy(move => move.Holding).OrderByDescending(group => group.Count()).ThenBy(group => group.Key).ToArray();
        var told = parts.Take(NamedMax).Select(group =>
        {
            int peerAses = group.Select(move => move.PeerAs).Distinct().Count();
            int[] prefixes = [.. group.Select(move => move.Prefix).Distinct()];
            string which = prefixes.Length == 1 ? _heard!.Prefixes[prefixes[0]].ToString() : Wording.Count(prefixes.Length, "prefix", "prefixes");
            return $"{Wording.Count(peerAses)} of {Wording.Count(_peerAses.Count, "peer AS", "peer ASes")} "
                + $"{(peerAses == 1 ? "holds" : "hold")} {What(group.Key, which)}";
        }).ToList();
        if (parts.Length > NamedMax) told.Add("others hold others");
        string moved = told.Count == 0 ? "" : $"; otherwise than at the start, {string.Join("; ", told)} at the end{(AreDated ? Between : "")}";
        return _forAWhile.Count == 0 ? moved
            : $"{moved}; {Wording.Count(_forAWhile.Count, "peer AS", "peer ASes")} held other routes, or none, for a while";
    }

    private string What(int holding, string which) => holding switch
    {
        >= 0 => $"{which} by {Wording.Join([.. _heard!.UpstreamsOf(holding).Select(upstream => _names.Spoken(_heard.Upstreams[upstream]))])}",
        Holding.None => $"no route to {which}",
        Holding.Foreign => $"{which} by another origin",
        _ => $"{which} without an upstream that can be counted",
    };

    // When it came to hold what it holds at the end; null where what it held before is not known, or where dumps alone tell it.
    private Timestamp? Dated(Sighting sighting)
    {
        int last = Array.FindLastIndex(sighting.Runs, run => run.From <= _to);
        if (last < 1 || !Holding.IsKnown(sighting.Runs[last - 1].Holding)) return null;
        var run = sighting.Runs[last];
        return _heard!.Seen.Histories[sighting.History].Steps[run.Step].IsOfDump ? null : run.From;
    }

    /// <summary>What is held at the start, or what is first known after it.</summary>
    public static int First(Sighting sighting, Timestamp from)
    {
        int first = sighting.At(from);
        return first != Holding.Unknown ? first
            : sighting.Runs.Where(run => run.From >= from && run.Holding != Holding.Unknown)
                .Select(run => run.Holding).DefaultIfEmpty(Holding.Unknown).First();
    }
}
