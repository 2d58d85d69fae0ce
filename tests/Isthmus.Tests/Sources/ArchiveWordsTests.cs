using System.Text.RegularExpressions;

using CsCheck;

using Isthmus.Sources;

namespace Isthmus.Tests.Sources;

/// <summary>The words of archives in names are those of these patterns, whatever they are put together of.</summary>
public sealed class ArchiveWordsTests
{
    private const RegexOptions Options = RegexOptions.IgnoreCase | RegexOptions.CultureInvariant;

    private static readonly Regex _ris = new(@"(?<![a-z])rrc\d\d(?!\d)", Options);
    private static readonly Regex _routeViews = new(@"(?<![a-z])route-views(?<name>\d(\.saopaulo)?|\.(?!rib|updates)[a-z0-9]+)", Options);
    private const string OfTheSame = @"(?=([^\p{L}\p{Nd}]+(\d+|ribs?|view|bviews?|dumps?|tables?|updates?|mrt|bgp|data|files|copy|backup|bak|mirror|archive"
        + @"|part|tar|tgz|zip|gz|bz2|xz|zst|ripe|net|ris|routeviews|org))*[^\p{L}\p{Nd}]*$)";

    private static readonly Regex _risFolder = new(@"^(ris[-_.])?(?<name>rrc\d\d)" + OfTheSame, Options);
    private static readonly Regex _flat = new(@"^routeviews(?<number>\d?)\.(?<name>[a-z0-9-]+)\.", Options);
    private static readonly Regex _pch = new(@"^(?<name>(?>route-collector\.[a-z0-9.-]+?\.pch\.net))(?![\p{L}\p{Nd}.])", Options);
    private static readonly Regex _pchFolder = new(@"^(?<name>(?>route-collector\.[a-z0-9.-]+?\.pch\.net))" + OfTheSame, Options);
    private static readonly Regex _rib = new(@"(^|[._-])(b?view|rib|ribs)([._]|$)|mrtdump_rib|_rib", Options);
    private static readonly Regex _time = new(@"(?<!\d)((?<day>(19|20)\d{6})(\.(?<clock>\d{4}|\d{6}))?|(19|20)\d\d-\d\d-\d\d-\d\d-\d\d)(?!\d)", Options);

    private static readonly Regex _routeViewsFolder =
        new(@"^route-views(?<name>\d(\.saopaulo)?|\.(?!rib|updates|routeviews|tar|zip)[a-z0-9]+)?" + OfTheSame, Options);

    private static readonly string[] _words =
    [
        "rrc", "RRC", "ris", "ris-", "rrc00", "rrc1", "route-views", "Route-Views", "routeviews", "rib", "ribs", "view", "bview", "BView",
        "updates", "tar", "zip", "sg", "2", "19", "20", "20171001", "19991231", "0905", "090507", "5", ".", "-", "_", "mrtdump_rib", "x",
        "2007-10-15-15-05", "-2007-10", "-15", "route-collector.", "ams", ".pch.net", "-mrt", "\u0663", "\u00e9", "copy", "-copy", "test", "2017", ".saopaulo",
    ];

    private static readonly Gen<string> _names =
        Gen.Int[0, _words.Length - 1].Select(index => _words[index]).Array[0, 7].Select(string.Concat);

    [Fact]
    public void Words_in_names_are_those_of_the_patterns() => _names.Sample(name =>
    {
        Assert.Equal(_ris.Match(name) is { Success: true } ris ? ris.Value.ToLowerInvariant() : null, ArchiveWords.Ris(name));
        Assert.Equal(NameIn(_routeViews, name), ArchiveWords.RouteViews(name));
        Assert.Equal(NameIn(_risFolder, name), ArchiveWords.RisOfFolder(name));
        Assert.Equal(NameIn(_routeViewsFolder, name), ArchiveWords.RouteViewsOfFolder(name));
        Assert.Equal(NameIn(_pch, name), ArchiveWords.Pch(name));
        Assert.Equal(NameIn(_pchFolder, name), ArchiveWords.PchOfFolder(name));
        Assert.Equal(_rib.IsMatch(name), ArchiveWords.HasRib(name));
        (string, string)? flat = _flat.Match(name) is { Success: true } found
            ? (found.Groups["number"].Value, found.Groups["name"].Value) : null;
        Assert.Equal(flat, ArchiveWords.FlatRouteViews(name));
    }, iter: 20_000);

    [Fact]
    public void Times_in_names_are_those_of_the_pattern() => _names.Sample(name =>
    {
        (int, int)? time = _time.Match(name) is { Success: true } found ? (found.Index, found.Length) : null;
        Assert.Equal(time, ArchiveWords.TimeFrom(name, 0));
        Assert.Equal(_time.Replace(name, ""), ArchiveWords.WithoutTimes(name));
    }, iter: 20_000);

    private static string? NameIn(Regex pattern, string name) =>
        pattern.Match(name) is { Success: true } found ? found.Groups["name"].Value.ToLowerInvariant() : null;
}
