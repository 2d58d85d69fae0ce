using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>What takes the parts of a subject away and brings them back at different times.</summary>
internal sealed partial class Story
{
    /// <summary>Parts that are back within minutes of each other are back together: these are further apart.</summary>
    private static readonly TimeSpan _partsApart = TimeSpan.FromMinutes(10);

    /// <summary>Draws acts of this half: sometimes another one before.</summary>
    public static IReadOnlyList<ActKind> DrawPartActs(SeededRandom random)
    {
        ActKind[] parts =
        [
            ActKind.StaggeredReturn, ActKind.StaggeredReturn, ActKind.StaggeredReturnBehindOther, ActKind.OverlappingOutages,
            ActKind.OverlappingOutages, ActKind.LossThenNewOrigin,
        ];
        ActKind[] before = [ActKind.UpstreamMore, ActKind.Migration, ActKind.PartialOutage, ActKind.Outage, ActKind.Dip];
        return random.Chance(0.4) ? [random.Pick(before), random.Pick(parts)] : [random.Pick(parts)];
    }

    private Timestamp? TryPlayParts(ActKind kind, Timestamp time, TimeSpan length)
    {
        if (_groups.Count < 2) return null;
        return kind switch
        {
            ActKind.LossThenNewOrigin => PlayLossThenNewOrigin(time, length),
            ActKind.OverlappingOutages => PlayOverlapping(time, length),
            _ => TryReturnInTurn(kind, time, length),
        };
    }

    private Timestamp? TryReturnInTurn(ActKind kind, Timestamp time, TimeSpan length)
    {
        uint other = kind is ActKind.StaggeredReturnBehindOther
            ? Unused().FirstOrDefault(asn => !_groups.Exists(group => group.Lost.Contains(asn))) : 0;
        if (kind is ActKind.StaggeredReturnBehindOther && other == 0) return null;
        var order = _random.Shuffle(_groups).ToArray();
        var step = length / order.Length > _partsApart ? length / order.Length : _partsApart;
        var back = order.Index().ToDictionary(entry => entry.Item, entry => time + step * (entry.Index + 1));
        foreach (var group in order)
        {
            group.Travel.Originate(time, Subject, null);
            if (other != 0 && group == order[^1])
            {
                group.Lost.UnionWith(group.Policy.Keys);
                group.Policy.Clear();
                group.Policy[other] = 0;
            }
            group.Announce(back[group], Subject);
        }
        var end = back[order[^1]];
        return Judge(kind, time, (truth, from, to) =>
        {
            foreach (var group in other == 0 ? order : order[..^1])
                truth.Outage([group], from, back[group], to, except: other == 0 ? null : order[^1..]);
            if (other != 0) truth.ReturnBehindOther(from, end, to, order[^1..]);
        }, end);
    }

    private Timestamp PlayOverlapping(Timestamp time, TimeSpan length)
    {
        var order = _random.Shuffle(_groups).ToArray();
        var step = length / 2 / order.Length > _partsApart ? length / 2 / order.Length : _partsApart;
        var gone = order.Index().ToDictionary(entry => entry.Item, entry => time + step * entry.Index);
        var back = order.Index().ToDictionary(entry => entry.Item, entry => time + step * (order.Length + entry.Index));
        foreach (var group in order)
        {
            group.Travel.Originate(gone[group], Subject, null);
            group.Announce(back[group], Subject);
        }
        return Judge(ActKind.OverlappingOutages, time, (truth, from, to) =>
        {
            foreach (var group in order)
                truth.Outage([group], gone[group] - TimeSpan.FromSeconds(1), back[group], to, [.. order.Where(other => other != group)]);
        }, back[order[^1]]);
    }

    private Timestamp PlayLossThenNewOrigin(Timestamp time, TimeSpan length)
    {
        uint origin = _random.Pick(Ases.Where(asn => !_upstreams.Contains(asn)).ToArray());
        var taken = SomeGroups(most: _groups.Count - 1);
        PrefixGroup[] lost = [.. _groups.Except(taken)];
        var later = time + length;
        foreach (var group in _groups) group.Travel.Originate(time, Subject, null);
        foreach (var group in taken) group.Travel.Originate(later, origin, Origination.To(Graph.Neighbours(origin).Keys));
        return Judge(ActKind.LossThenNewOrigin, time, (truth, from, to) =>
        {
            truth.Outage(taken, from, later, to, except: _groups);
            truth.Loss(lost, Transit.Changes.ChangeKind.Outage, from, to, except: _groups);
            truth.NewOrigin(taken, origin, later - TimeSpan.FromSeconds(1), to, wereGone: true);
        }, later);
    }
}
