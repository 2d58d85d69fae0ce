using System.Buffers.Binary;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Transit.Changes;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Tests;

/// <summary>
/// The same records give the same changes and incidents, however they are cut into files and in whatever order these are
/// named: only the places of the evidence (file, record, offset) and the ids of paths differ.
/// </summary>
public sealed class SplitReplayTests
{
    private static readonly string[] _four = ["175.45.176.0/24", "175.45.177.0/24", "175.45.178.0/24", "175.45.179.0/24"];
    private static readonly Timestamp _from = Timestamp.Parse("2017-10-01T07:30:00Z"), _to = Timestamp.Parse("2017-10-01T11:30:00Z");
    private static readonly Lazy<ArchiveFile[]> _archive = new(() => [.. Story().Files()]);
    private static readonly Lazy<string> _whole = new(() => Tell(_archive.Value.Select(file => (file.Path, file.Content))));

    [Fact]
    public void The_story_has_changes_to_compare()
    {
        Assert.Contains("UpstreamAppeared", _whole.Value, StringComparison.Ordinal);
        Assert.Contains("UpstreamVanished", _whole.Value, StringComparison.Ordinal);
        Assert.Contains("Outage", _whole.Value, StringComparison.Ordinal);
        Assert.Contains("Trial", _whole.Value, StringComparison.Ordinal);
    }

    [Fact]
    public void One_big_file_for_each_collector_gives_the_same() => Assert.Equal(_whole.Value, Tell(_archive.Value
        .GroupBy(Collector).Select(files => ($"{files.Key}/all.mrt", files.SelectMany(file => file.Content).ToArray()))));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public void Files_cut_at_any_record_and_named_in_any_order_give_the_same(int seed)
    {
        var random = new SeededRandom((ulong)seed);
        var pieces = new List<(string Path, byte[] Content)>();
        foreach (var files in _archive.Value.GroupBy(Collector))
        {
            pieces.AddRange(files.Where(IsDump).Select(file => (file.Path, file.Content)));
            byte[] updates = [.. files.Where(file => !IsDump(file)).SelectMany(file => file.Content)];
            pieces.AddRange(Cut(updates, random).Select((piece, place) => ($"{files.Key}/piece-{place:0000}.mrt", piece)));
        }
        Assert.Equal(_whole.Value, Tell(random.Shuffle(pieces)));
    }

    [Fact]
    public void Evidence_leads_to_its_record_whatever_is_named_first_or_begins_after_the_period()
    {
        using var folder = new TemporaryFolder();
        using var inputs = new Inputs();
        var given = inputs.Resolve(Place(folder, _archive.Value.Reverse().Select(file => (file.Path, file.Content))), Stream.Null,
            TestContext.Current.CancellationToken);
        var to = Timestamp.Parse("2017-10-01T10:20:00Z");
        Assert.Contains(given.Files, file => file.Time > to);
        var report = Ask(given, to);
        Witness[] places = [.. report.Transit.Changes.SelectMany(change => change.Witnesses)
            .Where(witness => !witness.Step.Place.IsNone)];
        Assert.True(places.Select(witness => witness.Step.Place.Source).Distinct().Count() > 5);
        foreach (var (peer, _, step) in places)
        {
            var file = report.Observations.Files.Single(file => file.Source == step.Place.Source);
            Assert.Equal(given.Files[file.Input].Name, file.Name);
            Assert.Equal(report.Observations.Peers[peer].Peer.Collector, file.Collector);
            var record = File.ReadAllBytes(given.Files[file.Input].Path).AsSpan((int)step.Place.Offset, step.Place.Length);
            Assert.Equal((uint)record.Length - 12, BinaryPrimitives.ReadUInt32BigEndian(record[8..]));
            if (step.Cause is not Cause.RibEntry) Assert.Equal(step.Time.Seconds, BinaryPrimitives.ReadUInt32BigEndian(record));
        }
    }

    private static string Collector(ArchiveFile file) => file.Path.Split('/')[0];

    private static bool IsDump(ArchiveFile file) =>
        file.Path.Contains("bview", StringComparison.Ordinal) || file.Path.Contains("RIBS", StringComparison.Ordinal);

    private static IEnumerable<byte[]> Cut(byte[] records, SeededRandom random)
    {
        int from = 0, to = 0;
        var reader = new List<int>();
        while (to < records.Length)
        {
            var next = new MrtReader(records.AsSpan(to));
            to += (int)next.Needed;
            reader.Add(to);
        }
        foreach (int end in reader.Where(end => end == records.Length || random.Chance(0.02)))
        {
            yield return records[from..end];
            from = end;
        }
    }

    // What an answer says but for where it stands.
    private static string Tell(IEnumerable<(string Path, byte[] Content)> files)
    {
        using var folder = new TemporaryFolder();
        using var inputs = new Inputs();
        var report = Ask(inputs.Resolve(Place(folder, files), Stream.Null, default), _to);
        var seen = report.Observations;
        string Show(Witness witness) => $"  {seen.Peers[witness.Peer].Peer} {witness.Prefix} {witness.Step.Time} {witness.Step.Cause} "
            + (witness.Step.Path >= 0 ? seen.Paths[witness.Step.Path].ToString() : "none");
        var lines = new List<string>();
        foreach (var change in report.Transit.Changes)
        {
            lines.Add($"{change with { Prefixes = [], Witnesses = [], Countries = [], Projects = [], HeardBy = [], Trouble = [], LeftOut = [] }}");
            lines.Add($"  {string.Join(' ', change.Prefixes)} {string.Join(' ', change.Countries)} {string.Join(' ', TestimonyWords.Reasons(change))}");
            lines.AddRange(change.Witnesses.Select(Show));
        }
        foreach (var incident in report.Transit.Incidents)
            lines.Add($"{incident with { Phases = [], Changes = [] }} {string.Join(' ', incident.Changes)} "
                + string.Join(' ', incident.Phases.Select(
                    phase => $"{phase.Kind} {phase.From} {phase.To} {string.Join(',', phase.Carried)}")));
        return string.Join('\n', lines);
    }

    private static List<string> Place(TemporaryFolder folder, IEnumerable<(string Path, byte[] Content)> files)
    {
        var arguments = new List<string>();
        foreach (var (path, content) in files)
        {
            string place = folder.Place(path);
            Directory.CreateDirectory(Path.GetDirectoryName(place)!);
            File.WriteAllBytes(place, content);
            arguments.Add(place);
        }
        return arguments;
    }

    private static Report Ask(InputSet inputs, Timestamp to) => Report.Of(Survey.Run(
        new(Subjects.Resolve("AS131279", RegistrySnapshot.Shipped, out _)!, _from, to, null), inputs, RegistrySnapshot.Shipped,
        new ReadProgress(), default));

    // A trial, an outage and a lost session; one change while the dumps of eight o'clock are written.
    private static Scenario Story()
    {
        var scenario = Scenario.Create(seed: 1, _from, _to);
        (string, Project)[] collectors = [("rrc00", Project.Ris), ("rrc03", Project.Ris), ("route-views.sg", Project.RouteViews)];
        uint asn = 1001;
        foreach (var (name, project) in collectors)
        {
            var collector = scenario.Collector(name, project);
            collector.DumpTimes = [_from, Timestamp.Parse("2017-10-01T08:00:00Z"), Timestamp.Parse("2017-10-01T10:00:00Z")];
            for (int i = 1; i <= 6; i++, asn++)
                collector.Peer($"192.0.2.{i}", asn).Hold($"{asn} 174 4837 131279", [.. _four.Select(prefix => (Nlri)prefix)])
                    .Hold($"{asn} 3356 15169", "8.8.8.0/24", "8.8.4.0/24");
        }
        string By(ScenarioPeer peer, uint upstream) => $"{peer.Asn.Number} 174 {upstream} 131279";
        var peers = scenario.Peers.ToArray();
        scenario.At("2017-10-01T08:00:00").Across(peers[..12], TimeSpan.FromSeconds(40))
            .Announce(peer => By(peer, 20485), _four[0], _four[2]);
        scenario.At("2017-10-01T08:50:00").Across(peers[..12], TimeSpan.FromSeconds(50))
            .Announce(peer => By(peer, 4837), _four[0], _four[2]);
        scenario.At("2017-10-01T09:40:00").Across(peers, TimeSpan.FromSeconds(50)).Withdraw([.. _four.Select(prefix => (Nlri)prefix)]);
        scenario.At("2017-10-01T09:55:00").Across(peers, TimeSpan.FromSeconds(50))
            .Announce(peer => By(peer, 4837), [.. _four.Select(prefix => (Nlri)prefix)]);
        scenario.At("2017-10-01T10:30:00").ResetSession(peers[3], TimeSpan.FromSeconds(60));
        // Every collector says something in every file: an archive's empty file is a gap, which no cut piece could show.
        for (int i = 0; i < 360; i++)
        {
            var peer = peers[7 * i % peers.Length];
            scenario.At(_from + TimeSpan.FromSeconds(40 * i))
                .Announce(peer, $"{peer.Asn.Number} {(i % 2 == 0 ? 1299 : 3356)} 15169", "8.8.8.0/24");
        }
        return scenario;
    }
}
