using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Transit;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Shares;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Tests.Reports;

/// <summary>A report made by hand: North Korea's second link of October 2017, 34 peers, five-minute bins over 36 hours.</summary>
internal static class KpStory
{
    public static readonly Asn Unicom = new(4837), TransTeleCom = new(20485), StarJv = new(131279);

    public static readonly Prefix[] Prefixes =
        [.. new[] { 176, 177, 178, 179 }.Select(third => Prefix.Parse($"175.45.{third}.0/24"))];

    public static readonly Timestamp From = At("2017-10-01T00:00:00Z"), To = At("2017-10-02T12:00:00Z");

    private static readonly Collector[] _collectors =
    [
        new("route-views.linx", Project.RouteViews), new("route-views.sg", Project.RouteViews),
        new("rrc00", Project.Ris), new("rrc03", Project.Ris),
    ];

    private static readonly TimeSpan _bin = TimeSpan.FromMinutes(5);

    public static Timestamp At(string text) => Timestamp.Parse(text);

    /// <summary>The whole story; <paramref name="registry"/> goes on top of what ships.</summary>
    public static Report Full(RegistryLayer? registry = null)
    {
        var observations = Observed();
        var gap = new Gap(_collectors[3], At("2017-10-01T20:00:00Z"), At("2017-10-01T20:15:00Z"), GapCause.NoUpdatesFile);
        var coverage = new Coverage(_collectors, 34, 34, 32, observations.Files, 81_234, 120_345,
            ["rrc00/updates.gz: record 17, byte 4096: truncated"], [gap], ["README.md is no MRT file"]);
        return new(new(SubjectKind.Country, "KP", "North Korea", Country.Parse("KP"), default, default), From, To, _bin, coverage,
            Answer(Changes()), observations, registry is null ? RegistrySnapshot.Shipped : RegistrySnapshot.Shipped.With([registry]),
            "Re-enactment of 1-2 October 2017; not archive data.", "1.2.3");
    }

    /// <summary>Nothing read that could have seen anything.</summary>
    public static Report Empty()
    {
        var full = Full();
        return full with
        {
            Notice = null,
            Transit = new(new(0, 0, 0, 0, 0), [], [], [], [], [], null, 0),
            Coverage = new([], 0, 0, 0, [], 0, 0, [], [], []),
            Observations = new Observations(From, To, [], new(), [], []),
        };
    }

    /// <summary>One RIB: a state, and nothing over time.</summary>
    public static Report Instant()
    {
        var full = Full();
        return full with { From = To, Notice = null, Transit = full.Transit with { Changes = [], Series = [], PrefixSeries = [] } };
    }

    public static Report Quiet()
    {
        var full = Full();
        return full with { Transit = full.Transit with { Changes = [] } };
    }

    public static Report ManyPrefixes(int count)
    {
        var full = Full();
        var states = Enumerable.Range(0, count).Select(i => new PrefixState(
            new(IpAddress.V4(0x0A000000u + (uint)i * 256), 24), StarJv, 1, 33, [new(Unicom, 1, 33)]));
        return full with { Transit = full.Transit with { Prefixes = [.. states], Size = new(count, count * 256L, count, 0, 1) } };
    }

    private static readonly Source[] _sources = [.. _collectors.Select((collector, i) =>
    {
        var source = new Source($"{collector.Name}/updates.gz", collector);
        source.End(new string((char)('a' + i), 64));
        return source;
    })];

    private static Observations Observed()
    {
        PeerFeed[] peers = [.. Enumerable.Range(0, 34).Select(i => new PeerFeed(
            new(_collectors[i % 4], IpAddress.V4(0xC6336400u + (uint)i), new(64500u + (uint)i)), 3000, 0, i < 32, false, false,
            [new(From, To)]))
            .OrderBy(feed => feed.Peer)];
        var paths = new PathTable();
        paths.Intern(new([PathWords.Header(SegmentType.Sequence, 4), 64500, 3356, TransTeleCom.Number, StarJv.Number]));
        ReadFile[] files = [.. _sources.Select((source, i) => new ReadFile(source, From, To, 20_000, 30_000, i == 2 ? 1 : 0))];
        return new(From, To, peers, paths, [], files);
    }

    private static TransitChange[] Changes()
    {
        Prefix[] three = [Prefixes[0], Prefixes[2], Prefixes[3]];
        const string Unstable = "unstable-20171001T104700Z";
        return
        [
            Change("a-appears", ChangeKind.UpstreamAppeared, "2017-10-01T09:07:51Z", three, 0, 0.6) with { Upstream = TransTeleCom },
            Change("b-vanishes", ChangeKind.UpstreamVanished, "2017-10-01T10:14:45Z", three, 0.6, 0) with { Upstream = TransTeleCom },
            Change(Unstable, ChangeKind.Unstable, "2017-10-01T10:47:00Z", Prefixes, 1, 0.05) with { Until = At("2017-10-01T12:26:00Z") },
            Change("d-outage", ChangeKind.Outage, "2017-10-01T10:52:10Z", Prefixes, 1, 0)
                with { Until = At("2017-10-01T10:56:30Z"), PartOf = Unstable },
            Change("e-returns", ChangeKind.UpstreamReturned, "2017-10-01T12:21:55Z", three, 0, 0.6) with { Upstream = TransTeleCom },
            Change("f-loses", ChangeKind.UpstreamVanished, "2017-10-02T07:56:39Z", [Prefixes[0]], 0.6, 0.4)
                with { Upstream = TransTeleCom, Episode = 2 },
        ];
    }

    private static TransitChange Change(string id, ChangeKind kind, string time, Prefix[] prefixes, double before, double after)
    {
        var at = At(time);
        Witness[] witnesses = [.. Enumerable.Range(0, 27).Select(i => new Witness(i, prefixes[0],
            new(at + TimeSpan.FromSeconds(2 * i),
                after > before ? 0 : RouteStep.NoRoute, Cause.Announcement, new(_sources[i % 4], 100 + i, 5000 + i * 120, 118))))];
        return new(id, kind, at, at, at + TimeSpan.FromSeconds(2), at + TimeSpan.FromSeconds(14), at + TimeSpan.FromSeconds(56),
            null, null, null,
            prefixes, 4, 27, 33, 4, Confidence.High, before, after, null, witnesses);
    }

    private static TransitAnswer Answer(TransitChange[] changes)
    {
        var upstreams = new UpstreamState[]
        {
            new(Unicom, From, To, 33, new(0.793, 0.796875, 0.797, 0.797, 1, 0.779)),
            new(TransTeleCom, At("2017-10-01T09:07:51Z"), To, 27, new(0.207, 0.203125, 0.203, 0.203, 0.8125, 0.2211111111)),
        };
        PrefixState[] states = [.. Prefixes.Select((prefix, i) => new PrefixState(prefix, StarJv, 1, 33,
            i == 2 ? [new(TransTeleCom, 0.8125, 27), new(Unicom, 0.1875, 6)] : [new(Unicom, 1, 33)]))];
        SeriesPoint[] series = [.. Enumerable.Range(0, 432).Select(i => Point(From + _bin * i))];
        return new(new(4, 1024, 4, 0, 1), upstreams, states, changes, series,
            [.. Prefixes.Select(prefix => new PrefixSeries(prefix, series))], new(true, 32, 34, 0), 32);
    }

    // Two hours without data in the night; half an hour without routes.
    private static SeriesPoint Point(Timestamp time)
    {
        if (time >= At("2017-10-01T20:00:00Z") && time < At("2017-10-01T22:00:00Z")) return new(time, null, new Dictionary<Asn, double>());
        if (time >= At("2017-10-01T11:00:00Z") && time < At("2017-10-01T11:30:00Z")) return new(time, 0, new Dictionary<Asn, double>());
        double share = time < At("2017-10-01T09:05:00Z") ? 0 : time < At("2017-10-02T08:00:00Z") ? 0.6 : 0.203125;
        return new(time, 1, share == 0
            ? new Dictionary<Asn, double> { [Unicom] = 1 }
            : new Dictionary<Asn, double> { [TransTeleCom] = share, [Unicom] = 1 - share });
    }
}
