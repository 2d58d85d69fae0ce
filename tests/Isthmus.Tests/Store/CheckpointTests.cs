using System.Globalization;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>
/// Reading a collector's files in two parts, the second from where the first ended, gives what reading them at once gives: wherever the
/// parts meet, of one subject and of every prefix.
/// </summary>
public sealed class CheckpointTests
{
    [Theory]
    [InlineData(ScenarioHalf.Clean, 2001)]
    [InlineData(ScenarioHalf.Traps, 2101)]
    [InlineData(ScenarioHalf.Traps, 2103)]
    [InlineData(ScenarioHalf.Parts, 2401)]
    [InlineData(ScenarioHalf.Untabled, 2501)]
    [InlineData(ScenarioHalf.Dumps, 2601)]
    [InlineData(ScenarioHalf.LateTables, 2701)]
    public void Drawn_scenarios_are_read_in_parts(ScenarioHalf half, ulong seed)
    {
        var drawn = AccuracyRun.Draw(half, seed)!;
        using var folder = new TemporaryFolder(inMemory: true);
        drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(half, drawn));
        var registry = drawn.Registry is { } layer ? RegistrySnapshot.Shipped.With([layer]) : RegistrySnapshot.Shipped;
        ReadInParts([folder.Place("archive")], drawn.Subject.ToString(), registry, mustGoOn: half is not ScenarioHalf.LateTables);
    }

    [Fact]
    public void The_sample_is_read_in_parts() =>
        ReadInParts([.. new[] { "rrc00", "route-views.sg" }.Select(name => Path.Combine(RealData.Repository, "samples", "kp-2017-10", name))],
            "KP", RegistrySnapshot.Shipped, mustGoOn: true);

    /// <summary>Of these the second holds records up to eighteen seconds behind the begin of the third.</summary>
    [Fact]
    public void Real_files_that_overlap_are_read_in_parts_wherever_they_meet() => Assert.Equal(2, ReadInParts(
        [.. new[] { "1405", "1410", "1415" }.Select(time => RealData.Path($"updates/ris.rrc00.updates.20150401.{time}.gz"))],
        null, RegistrySnapshot.Shipped, mustGoOn: true));

    [Fact]
    public void Where_the_second_part_begins_before_the_end_of_the_first_all_is_read_anew() => ReadInParts(
        [RealData.Path("rib/ris.rrc05.bview.20020722.2337.gz"), RealData.Path("updates/ris.updates.20020722.2238.gz")],
        "IR", RegistrySnapshot.Shipped, mustGoOn: false);

    // How often a second part went on from where the first ended; null for every prefix alone.
    private static int ReadInParts(string[] given, string? subject, RegistrySnapshot registry, bool mustGoOn)
    {
        using var resolved = new Inputs();
        var all = resolved.Resolve(given, Stream.Null, TestContext.Current.CancellationToken);
        var end = ArchivePlan.End(all.Files.Select((file, place) => Survey.PlanOf(file, place)));
        int goneOn = 0;
        foreach (bool takesAll in subject is null ? [true] : new[] { true, false })
            foreach (var of in all.Files.GroupBy(file => file.Collector))
            {
                InputFile[] files = [.. of.OrderBy(file => file.Name, StringComparer.Ordinal)];
                var whole = Read(files);
                var plan = ArchivePlan.Order(files.Select(Survey.PlanOf));
                for (int cut = 1; cut < files.Length; cut += Math.Max(1, files.Length / 3))
                {
                    InputFile[] first =
                        [.. plan.Take(cut).Select(file => files[file.Index]).OrderBy(file => file.Name, StringComparer.Ordinal)];
                    var part = Read(first);
                    var read = part.Record.Files.Select(file => file with
                    {
                        Plan = file.Plan with { Index = Array.IndexOf(files, first[file.Plan.Index]) },
                    });
                    var further = Collected.Further(files, [.. read], part.Checkpoint, Selected(takesAll), part.Followed.ToArray(), end,
                        new(), TestContext.Current.CancellationToken);
                    if (further is null) continue;
                    goneOn++;
                    Assert.Equal(Lines(whole, null), Lines(further, part));
                    Assert.Equal(whole.Record.Peers.Select(Text), further.Record.Peers.Select(Text));
                    Assert.Equal(whole.Record.Files.Select(file => (file.Read.Sha256, file.Plan, file.Opens)),
                        further.Record.Files.Select(file => (file.Read.Sha256, file.Plan, file.Opens)));
                    Assert.Equal(whole.Followed.Order(), further.Followed.Order());
                    Assert.Equal(whole.Late, further.Late);
                    Assert.Equal(whole.Record.Rhythm.Known, further.Record.Rhythm.Known);
                    Assert.Equal(whole.Record.LostAfter, further.Record.LostAfter);
                }

                Collected Read(InputFile[] files) =>
                    Collected.Of(files, Selected(takesAll), [], end, new(), TestContext.Current.CancellationToken);
            }
        Assert.True(goneOn > 0 || !mustGoOn, "no checkpoint was gone on from");
        return goneOn;

        Selection Selected(bool takesAll) => new(takesAll ? [] : [new AttributedPaths(
            new PathTable(), Subjects.Resolve(subject!, registry, out _)!, registry, new PathCleaning())]);
    }

    // What each peer held: of what was read before, what was settled then.
    private static string[] Lines(Collected read, Collected? before)
    {
        var lines = new SortedDictionary<string, List<string>>(StringComparer.Ordinal);
        if (before is not null) Add(before, settledOnly: true);
        Add(read, settledOnly: false);
        return [.. lines.SelectMany(entry => entry.Value.Select(line => $"{entry.Key} {line}"))];

        void Add(Collected of, bool settledOnly)
        {
            foreach (var history in of.Histories)
            {
                string key = $"{history.Prefix} {of.Record.Peers[history.Peer].Peer.Address}";
                if (!lines.TryGetValue(key, out var steps)) lines[key] = steps = [];
                steps.AddRange(history.Steps.Take(settledOnly ? history.Settled : history.Count).Select(step =>
                    $"{step.Time} {(step.Path < 0 ? step.Path.ToString(CultureInfo.InvariantCulture) : of.Paths.TextOf(step.Path))} {step.Cause}"
                    + $" {step.PathId} {step.Place} {step.Place.Source?.Sha256}"));
            }
        }
    }

    private static string Text(PeerRecord peer) => string.Join(' ', peer.Peer, peer.Ipv4Max, peer.Ipv6Max, peer.Transparent, peer.UpSince,
        peer.IsLost, peer.Ipv4Since, peer.Ipv6Since, peer.FirstUpdate, peer.Met, string.Join(',', peer.Up), string.Join(',', peer.Losses),
        string.Join(',', peer.Dumps), string.Join(',', peer.Sizes));
}
