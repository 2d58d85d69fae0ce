using System.Text;

using CsCheck;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Transit;
using Isthmus.Wire;

namespace Isthmus.Tests;

/// <summary>
/// What is found while the routes go on is in the end what is found at once, byte for byte and wherever one stops on the way (methods.md,
/// "While routes go on"). At each stop, too, it is what is found at once in the spans that are known then.
/// </summary>
public sealed class FollowTests
{
    /// <summary>Where one stops: parts of the period, in thousandths.</summary>
    private static readonly Gen<int[]> _stops = Gen.Int[0, 1000].Array[1, 4];

    [Theory]
    [InlineData(ScenarioHalf.Clean, 1, 3)]
    [InlineData(ScenarioHalf.Traps, 101, 4)]
    [InlineData(ScenarioHalf.Hard, 201, 2)]
    [InlineData(ScenarioHalf.Wide, 301, 2)]
    [InlineData(ScenarioHalf.Parts, 401, 2)]
    [InlineData(ScenarioHalf.Untabled, 501, 1)]
    [InlineData(ScenarioHalf.Dumps, 601, 2)]
    [InlineData(ScenarioHalf.LateTables, 701, 1)]
    public void Drawn_scenarios_give_the_same_wherever_one_stops(ScenarioHalf half, ulong seed, int count)
    {
        int played = 0;
        for (ulong at = seed; at < seed + (ulong)count; at++)
        {
            if (AccuracyRun.Draw(half, at) is not { } drawn) continue;
            using var folder = new TemporaryFolder();
            drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(half, drawn));
            var registry = drawn.Registry is { } layer ? RegistrySnapshot.Shipped.With([layer]) : RegistrySnapshot.Shipped;
            Compare(new([folder.Place("archive")], drawn.Subject.ToString(), registry), 1);
            played++;
        }
        Assert.True(played > 0);
    }

    [Fact]
    public void The_sample_gives_the_same_wherever_one_stops() => Compare(
        new([Path.Combine(RealData.Repository, "samples", "kp-2017-10")], "KP", RegistrySnapshot.Shipped), 1);

    [Theory]
    [InlineData("AS12880", "updates/ris.rrc00.updates.20150401.1400.gz", "updates/ris.rrc00.updates.20150401.1405.gz",
        "updates/ris.rrc00.updates.20150401.1410.gz")]
    [InlineData("NP", "updates/ris.rrc24.updates.20200809.0320.gz", "updates/ris.rrc24.updates.20200809.0325.gz")]
    [InlineData("AS15169", "updates/routeviews.updates.20260222.1530.bz2")]
    public void Real_updates_give_the_same_wherever_one_stops(string subject, params string[] files) =>
        Compare(new([.. files.Select(RealData.Path)], subject, RegistrySnapshot.Shipped), 1);

    [Fact]
    public void Who_keeps_the_last_hours_alone_has_the_same_wherever_one_stops()
    {
        using var inputs = new Inputs();
        string sample = Path.Combine(RealData.Repository, "samples", "kp-2017-10");
        var files = inputs.Resolve([sample], Stream.Null, TestContext.Current.CancellationToken);
        var question = new Question(Subjects.Resolve("KP", RegistrySnapshot.Shipped, out _)!, null, null, null);
        var (keep, day) = (TimeSpan.FromHours(6), TimeSpan.FromDays(1));
        var begins = new List<TimeSpan>();
        var once = Follow([]);
        var often = Follow([.. Enumerable.Range(0, 9).Select(at => Timestamp.Parse("2017-10-01T02:00:00Z") + at * day / 6)]);
        Assert.Equal(Json(once), Json(often));
        Assert.Equal(once.Seen.Spans.To - keep, once.Seen.Spans.From);
        Assert.All(begins.Skip(2), length => Assert.Equal(keep, length));
        // Of each route what was held a day before the period, and what came later.
        var earliest = once.Seen.Spans.From - RunningAnalysis.Lookback;
        Assert.All(once.Seen.Spans.Histories, history => Assert.True(history.Count == 1 || history[0].To > earliest));

        Answer Follow(Timestamp[] times) => Survey.Follow(question, files, RegistrySnapshot.Shipped, times,
            (spans, _) => begins.Add(spans.To - spans.From), new(), TestContext.Current.CancellationToken, keep);
    }

    /// <summary>Inputs, and whom they are asked about.</summary>
    private sealed record Asked(string[] Inputs, string Subject, RegistrySnapshot Registry);

    private static void Compare(Asked asked, int times)
    {
        using var inputs = new Inputs();
        var files = inputs.Resolve(asked.Inputs, Stream.Null, TestContext.Current.CancellationToken);
        var question = new Question(Subjects.Resolve(asked.Subject, asked.Registry, out _)!, null, null, null);
        var whole = Survey.Run(question, files, asked.Registry, new(), TestContext.Current.CancellationToken);
        string expected = Json(whole);
        var (from, to) = (whole.Seen.Spans.From, whole.Seen.Spans.To);
        Assert.True(from < to);
        _stops.Sample(stops =>
        {
            int stopped = 0;
            var followed = Survey.Follow(question, files, asked.Registry, stops.Select(stop => from + (to - from) * (stop / 1000.0)),
                (spans, answer) =>
                {
                    var seen = whole.Seen with { Spans = spans };
                    Assert.Equal(Json(Survey.Analyse(seen)), Json(new(seen, whole.Bin, answer)));
                    stopped++;
                }, new(), TestContext.Current.CancellationToken);
            Assert.Equal(expected, Json(followed));
            Assert.True(stopped > 0 || Array.TrueForAll(stops, stop => stop is 0 or 1000));
        }, iter: times, threads: 1);
    }

    private static string Json(Answer answer)
    {
        using var bytes = new MemoryStream();
        ReportJson.Write(Report.Of(answer), bytes);
        return Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);
    }
}
