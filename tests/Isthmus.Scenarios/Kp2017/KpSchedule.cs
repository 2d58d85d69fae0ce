using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>When what happens: Dyn's times, and the invented ones between them.</summary>
internal static class KpSchedule
{
    public static readonly Timestamp
        Start = Timestamp.Parse("2017-10-01T00:00:00Z"),
        Appears = Timestamp.Parse("2017-10-01T09:07:51Z"),
        Vanishes = Timestamp.Parse("2017-10-01T10:14:45Z"),
        UnstableFrom = Timestamp.Parse("2017-10-01T10:47:00Z"),
        Returns = Timestamp.Parse("2017-10-01T12:21:55Z"),
        UnstableTo = Timestamp.Parse("2017-10-01T12:26:00Z"),
        Reset = Timestamp.Parse("2017-10-01T18:20:07Z"),
        Loses176 = Timestamp.Parse("2017-10-02T07:56:39Z"),
        Loses179 = Timestamp.Parse("2017-10-02T09:10:29Z"),
        End = Timestamp.Parse("2017-10-02T12:00:00Z");

    /// <summary>The four periods with all four down: first loss, first return. Dyn gives their number only.</summary>
    public static readonly (Timestamp Lost, Timestamp Back)[] Outages =
    [
        (At("10:52:10"), At("10:56:30")),
        (At("11:13:40"), At("11:18:20")),
        (At("11:37:05"), At("11:40:50")),
        (At("12:04:20"), At("12:09:40")),
    ];

    /// <summary>Bursts of flapping between the outages; each is over within 100 seconds.</summary>
    public static readonly Timestamp[] Bursts =
    [
        At("10:47:00"), At("10:49:30"), At("10:58:30"), At("11:01:00"), At("11:04:10"), At("11:07:20"), At("11:10:30"),
        At("11:20:30"), At("11:24:00"), At("11:27:30"), At("11:31:00"), At("11:34:00"), At("11:43:00"), At("11:46:30"),
        At("11:50:00"), At("11:53:30"), At("11:57:00"), At("12:00:30"), At("12:12:00"), At("12:15:00"), At("12:18:00"),
    ];

    /// <summary>After the return only what stays on AS4837 still flaps.</summary>
    public static readonly Timestamp[] LastBursts = [At("12:22:20"), At("12:24:10")];

    /// <summary>RouteViews dumps every two hours; the sample keeps some, to stay small.</summary>
    public static readonly Timestamp[] RouteViewsDumps =
    [
        Start, Timestamp.Parse("2017-10-01T10:00Z"), Timestamp.Parse("2017-10-01T16:00Z"),
        Timestamp.Parse("2017-10-02T00:00Z"), Timestamp.Parse("2017-10-02T10:00Z"),
    ];

    public static readonly TimeSpan MeanChurnGap = TimeSpan.FromSeconds(40);

    public const string ResetCollector = "rrc03";

    public const uint ResetAsn = 1103;

    /// <summary>Churn on the subject's own prefixes that means nothing, half an hour from any true change.</summary>
    public static readonly (string Time, uint Asn, string Kind, Nlri Prefix)[] SubjectChurn =
    [
        ("2017-10-01T01:12:33Z", 13030, "detour", KpReenactment.P178),
        ("2017-10-01T03:41:08Z", 22652, "gone", KpReenactment.P177),
        ("2017-10-01T05:20:51Z", 6453, "detour", KpReenactment.P176),
        ("2017-10-01T07:03:19Z", 4637, "gone", KpReenactment.P179),
        ("2017-10-01T13:48:27Z", 5413, "detour", KpReenactment.P178),
        ("2017-10-01T15:33:02Z", 37271, "other carrier", KpReenactment.P179),
        ("2017-10-01T17:09:44Z", 2914, "gone", KpReenactment.P178),
        ("2017-10-01T20:55:10Z", 6774, "gone", KpReenactment.P176),
        ("2017-10-01T22:31:36Z", 50304, "detour", KpReenactment.P177),
        ("2017-10-02T02:14:58Z", 18106, "other carrier", KpReenactment.P178),
        ("2017-10-02T04:47:21Z", 3333, "gone", KpReenactment.P177),
        ("2017-10-02T06:02:05Z", 12859, "detour", KpReenactment.P179),
        ("2017-10-02T10:28:40Z", 6667, "gone", KpReenactment.P178),
    ];

    /// <summary>Whether AS20485 carries a prefix at a time, at those who choose it.</summary>
    public static bool Carries(Timestamp time, Nlri prefix) =>
        prefix != KpReenactment.P177
        && (time >= Appears && time < Vanishes
            || time >= Returns
                && !(prefix == KpReenactment.P176 && time >= Loses176)
                && !(prefix == KpReenactment.P179 && time >= Loses179));

    /// <summary>Background prefixes that go down everywhere for some minutes: one or two an hour.</summary>
    public static IEnumerable<(Timestamp Time, int Seconds, Prefix Prefix)> BackgroundOutages(
        IReadOnlyList<Prefix> prefixes, SeededRandom random)
    {
        var time = Timestamp.Parse("2017-10-01T00:17:40Z");
        for (int i = 0; i < 48; i++, time += TimeSpan.FromSeconds(random.Between(1500, 3600)))
            yield return (time, random.Between(150, 2400), random.Pick(prefixes));
    }

    private static Timestamp At(string time) => Timestamp.Parse($"2017-10-01T{time}Z");
}
