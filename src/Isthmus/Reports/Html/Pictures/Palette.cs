using Isthmus.Transit.Shares;
using Isthmus.Wire;

namespace Isthmus.Reports.Html.Pictures;

/// <summary>
/// Which upstream has which colour, the same in every picture of a page. Dark and light ones take turns and every second
/// one is hatched, so that they are told apart by readers who see few colours and on grey paper; only what is not known is dotted.
/// </summary>
internal sealed class Palette
{
    /// <summary>Upstreams with a colour of their own; the rest share one.</summary>
    public const int OwnMax = 6;

    /// <summary>The fills that the hatched ones lie under, for the first picture of a page to define.</summary>
    public const string Patterns = """
        <defs>
        <pattern id="gap" width="7" height="7" patternUnits="userSpaceOnUse"><circle class="gapline" cx="3.5" cy="3.5" r="1.3"/></pattern>
        <pattern id="hatch1" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(45)"><rect class="hatch" width="1" height="7"/></pattern>
        <pattern id="hatch2" width="7" height="7" patternUnits="userSpaceOnUse" patternTransform="rotate(-45)"><rect class="hatch" width="1" height="7"/></pattern>
        <pattern id="hatch3" width="5" height="5" patternUnits="userSpaceOnUse"><rect class="hatch" width="1" height="5"/></pattern>
        </defs>

        """;

    private readonly Dictionary<Asn, int> _places;

    public Palette(IReadOnlyList<SeriesPoint> series, IEnumerable<UpstreamState> atEnd)
    {
        // By the mean share over the series; where there is none, or one instant, by the share at the end.
        var largest = (series.Count < 2 ? [] : series).SelectMany(point => point.Upstreams).GroupBy(entry => entry.Key)
            .OrderByDescending(group => group.Sum(entry => entry.Value)).ThenBy(group => group.Key).Select(group => group.Key);
        var current = atEnd.Where(upstream => upstream.PeerAses > 0).Select(upstream => upstream.Asn);
        Upstreams = [.. largest.Concat(current).Distinct().Take(OwnMax)];
        _places = Upstreams.Index().ToDictionary(entry => entry.Item, entry => entry.Index);
    }

    /// <summary>Those with a colour, the largest first.</summary>
    public IReadOnlyList<Asn> Upstreams { get; }

    /// <summary>The place of an upstream, or the number of them for one of the others.</summary>
    public int PlaceOf(Asn upstream) => _places.GetValueOrDefault(upstream, Upstreams.Count);

    /// <summary>The class that colours a place.</summary>
    public string ClassOf(int place) => place < Upstreams.Count ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"u{place}") : "other";

    /// <summary>The pattern that lies over a place; null for none.</summary>
    public string? HatchOf(int place) => place < Upstreams.Count && place is 1 or 3 or 5 ? FormattableString.Invariant($"url(#hatch{(place + 1) / 2})") : null;
}
