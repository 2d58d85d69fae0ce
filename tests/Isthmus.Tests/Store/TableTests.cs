using System.Text;
using System.Text.Json;

using Isthmus.Attribution;
using Isthmus.Export;
using Isthmus.Registry;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Store;
using Isthmus.Tables;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Store;

/// <summary>
/// What every peer held at a second: from files as from a store, and as a plain replay of the events in their order has it, which knows
/// dumps, announcements and withdrawals and no more.
/// </summary>
public sealed class TableTests
{
    private static readonly MrtPeer[] _peers = [new("192.0.2.1", 3333), new("192.0.2.2", 65001), new("2001:db8::3", 196615)];

    [Theory]
    [InlineData(ScenarioHalf.Clean, 2001)]
    [InlineData(ScenarioHalf.Traps, 2101)]
    [InlineData(ScenarioHalf.Traps, 2103)]
    [InlineData(ScenarioHalf.Parts, 2401)]
    [InlineData(ScenarioHalf.Untabled, 2501)]
    [InlineData(ScenarioHalf.Dumps, 2601)]
    [InlineData(ScenarioHalf.LateTables, 2701)]
    public void A_store_gives_the_same_bytes_as_its_files(ScenarioHalf half, ulong seed)
    {
        if (AccuracyRun.Draw(half, seed) is not { } drawn) return;
        using var folder = new TemporaryFolder(inMemory: true);
        drawn.WriteTo(folder.Place("archive"), AccuracyRun.PartsOf(half, drawn));
        Compare(folder, [folder.Place("archive")], 0.0, 0.1, 0.37, 0.62, 1.0, 1.5);
    }

    [Theory]
    [InlineData("rib/bview.ipv4_unicast_add_path.gz")]
    [InlineData("rib/bview.ipv6_unicast_add_path.gz")]
    [InlineData("rib/ris.rrc05.bview.20020722.2337.gz", "updates/ris.updates.20020722.2238.gz")]
    [InlineData("updates/ris.rrc24.updates.20200809.0320.gz", "updates/ris.rrc24.updates.20200809.0325.gz")]
    [InlineData("damaged/routeviews2.rib.20140523.0600.first-1MB.bz2")]
    public void Real_files_give_the_same_bytes_as_a_store_of_them(params string[] files)
    {
        using var folder = new TemporaryFolder();
        Compare(folder, [.. files.Select(RealData.Path)], 0.0, 0.5, 1.0);
    }

    [Fact]
    public void A_dump_is_what_its_own_entries_say()
    {
        string file = RealData.Path("rib/bview.ipv4_unicast_add_path.gz");
        string[][] read = [.. Lines(Cli.Run("read", file).Out)];
        var at = Timestamp.Parse("1970-01-01") + TimeSpan.FromSeconds(read.Max(line => long.Parse(line[1], null)));
        string[][] held = [.. Lines(Cli.Run("table", file, "--at", at.ToString()).Out)];
        Assert.Contains(held, line => line[0] == "TABLE_DUMP2_AP");
        Assert.Equal(
            read.Select(line => string.Join('|', line[3..8])).Order(StringComparer.Ordinal),
            held.Select(line => line[0] == "TABLE_DUMP2" ? [.. line[..6], "0", .. line[6..]] : line)
                .Select(line => string.Join('|', line[3..8])).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public void Drawn_messages_leave_what_a_plain_replay_leaves(int seed)
    {
        var random = new Random(seed);
        string[] prefixes = ["10.0.0.0/8", "10.1.0.0/16", "192.0.2.0/24", "200.1.0.0/16", "2001:db8:1::/48", "2001:db8:2::/48"];
        string[] paths = ["1299 64496", "174 64497", "{64496,64500}", "174 {64500}", "6939 6939 64499"];
        var start = Timestamp.Parse("2017-10-01T00:00:00");
        var plain = new Dictionary<(string Peer, string Prefix), string>();
        var rib = new MrtWriter().PeerIndexTable(start, "198.51.100.1", "", _peers);
        foreach (string prefix in prefixes)
        {
            var entries = new List<MrtRibEntry>();
            for (int peer = 0; peer < _peers.Length; peer++)
            {
                if (prefix.Contains(':', StringComparison.Ordinal) != (peer == 2) || random.Next(3) == 0) continue;
                string path = PathOf(peer);
                entries.Add(new(peer, Attributes(path, prefix), start));
                plain[(Name(peer), prefix)] = path;
            }
            if (entries.Count > 0) rib.Rib(start, Prefix.Parse(prefix), entries);
        }
        using var folder = new TemporaryFolder(inMemory: true);
        folder.Write("rrc00/bview.20171001.0000.mrt", rib.ToArray());
        var updates = new MrtWriter();
        var states = new List<(Timestamp At, Dictionary<(string, string), string> Held)>();
        for (int second = 61; second < 240; second++)
        {
            var time = start + TimeSpan.FromSeconds(second);
            int peer = random.Next(_peers.Length);
            string prefix = prefixes[peer == 2 ? random.Next(4, 6) : random.Next(4)];
            if (random.Next(2) == 0)
            {
                plain.Remove((Name(peer), prefix));
                Withdraw(updates, time, peer, prefix);
            }
            else
            {
                string path = PathOf(peer);
                plain[(Name(peer), prefix)] = path;
                Announce(updates, time, peer, prefix, path);
            }
            if (second % 20 == 0) states.Add((time, new(plain)));
        }
        folder.Write("rrc00/updates.20171001.0000.mrt", updates.ToArray());
        foreach (var (at, held) in states)
        {
            var run = Cli.Run("table", folder.Root, "--at", at.ToString());
            Assert.Equal(
                held.Select(route => $"{route.Key.Item1}|{route.Key.Item2}|{route.Value}").Order(StringComparer.Ordinal),
                Lines(run.Out).Select(line => $"{line[3]}|{line[4]}|{line[5]}|{line[6]}").Order(StringComparer.Ordinal));
        }

        string PathOf(int peer) => $"{_peers[peer].Asn.Number} {paths[random.Next(paths.Length)]}";
    }

    [Fact]
    public void What_is_not_known_is_not_told_as_none()
    {
        using var folder = new TemporaryFolder(inMemory: true);
        var start = Timestamp.Parse("2017-10-01T00:00:00");
        folder.Write("rrc00/bview.20171001.0000.mrt", new MrtWriter().PeerIndexTable(start, "198.51.100.1", "", _peers[..2])
            .Rib(start, Prefix.Parse("10.0.0.0/8"), [new(0, Attributes("3333 64496", "10.0.0.0/8"), start)])
            .Rib(start + TimeSpan.FromSeconds(30), Prefix.Parse("192.0.2.0/24"), [new(0, Attributes("3333 64497", "192.0.2.0/24"), start)]).ToArray());
        // While the dump is written, what it has not shown is not known; and behind all input nothing is.
        Unknown("2017-10-01T00:00:10", "192.0.2.1", 1);
        Unknown("2017-10-01T05:00:00", "192.0.2.1", 0);
        var whole = Rows("2017-10-01T00:00:30");
        Assert.Equal(2, whole.Rows.Count(row => row.GetProperty("state").GetString() == "held"));
        Assert.DoesNotContain(whole.Rows, row => IsUnknown(row, "192.0.2.1", "ipv4"));
        Assert.Contains(whole.Rows, row => IsUnknown(row, "192.0.2.1", "ipv6"));

        void Unknown(string at, string peer, int held)
        {
            var (rows, code) = Rows(at);
            Assert.Equal(3, code);
            Assert.Contains(rows, row => IsUnknown(row, peer, "ipv4"));
            Assert.Equal(held, rows.Count(row => row.GetProperty("state").GetString() == "held"));
        }

        (JsonElement[] Rows, int Code) Rows(string at)
        {
            var run = Cli.Run("table", folder.Root, "--at", at, "--format", "json");
            string[] lines = run.Out.Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.StartsWith("{\"coverage\":", lines[0], StringComparison.Ordinal);
            return ([.. lines.Skip(1).Select(line => JsonDocument.Parse(line).RootElement)], run.ExitCode);
        }

        static bool IsUnknown(JsonElement row, string peer, string family) => row.GetProperty("state").GetString() == "unknown"
            && row.GetProperty("peerAddress").GetString() == peer && row.GetProperty("family").GetString() == family
            && row.GetProperty("prefix").ValueKind is JsonValueKind.Null;
    }

    [Fact]
    public void A_filter_chooses_held_routes_and_what_means_nothing_for_them_is_refused()
    {
        string sample = Path.Combine(RealData.Repository, "samples", "kp-2017-10");
        string[] all = [.. Cli.Run("table", sample, "--at", "2017-10-01T09:30").Out.Split('\n').Where(line => line is [not '#', ..])];
        string[] some = [.. Cli.Run("table", sample, "--at", "2017-10-01T09:30", "--where", "prefix 175.45.178.0/24 and hop 20485").Out.Split('\n')
            .Where(line => line is [not '#', ..])];
        Assert.NotEmpty(some);
        Assert.Equal(all.Where(line => line.Split('|') is [_, _, _, _, _, "175.45.178.0/24", var path, ..] && path.Split(' ').Contains("20485")), some);
        foreach (string term in new[] { "kind rib", "community 1:1", "time > 2017-10-01", "fault", "view x" })
        {
            var refused = Cli.Run("table", sample, "--at", "2017-10-01T09:30", "--where", term);
            Assert.Equal((2, ""), (refused.ExitCode, refused.Out));
            Assert.Contains("routes are chosen that peers hold", refused.Err);
        }
    }

    [Fact]
    public void A_store_of_a_selection_says_so_first_and_answers_of_it_alone()
    {
        string sample = Path.Combine(RealData.Repository, "samples", "kp-2017-10");
        using var folder = new TemporaryFolder();
        string store = folder.Place("kp.duckdb");
        Assert.Equal(0, Cli.Run("ingest", sample, "--store", store, "--select", "KP").ExitCode);
        var kept = Cli.Run("table", "--store", store, "--at", "2017-10-01T09:30");
        Assert.EndsWith("The store keeps the routes of KP alone", kept.Out.Split('\n')[0], StringComparison.Ordinal);
        var read = Cli.Run("table", sample, "--at", "2017-10-01T09:30", "--where", "origin 131279");
        Assert.Equal(Lines(read.Out).Select(line => string.Join('|', line)),
            Lines(kept.Out).Select(line => string.Join('|', line)).Where(line => line.Contains(" 131279|", StringComparison.Ordinal)));
    }

    private static void Compare(TemporaryFolder folder, string[] given, params double[] parts) =>
        Compare(StoreAddress.Parse(folder.Place("store.duckdb")), given, parts);

    /// <summary>Holds what a new store tells of tables against what its files tell.</summary>
    /// <param name="parts">Of the time that the files span.</param>
    internal static void Compare(StoreAddress address, string[] given, params double[] parts)
    {
        using var inputs = new Inputs();
        var files = inputs.Resolve(given, Stream.Null, TestContext.Current.CancellationToken);
        var registry = RegistrySnapshot.Shipped;
        Ingest.Run(address, files, null, text => Subjects.Resolve(text, registry, out _)!, registry, "", new(),
            TestContext.Current.CancellationToken);
        using var stored = StoredRoutes.Open(address);
        var (from, to) = (stored.Collectors.SelectMany(one => one.Files).Min(file => file.Read.First)!.Value,
            stored.Collectors.SelectMany(one => one.Files).Max(file => file.Read.Last)!.Value);
        foreach (double part in parts)
        {
            var at = new Timestamp((from + (to - from) * part).Seconds * Timestamp.PerSecond);
            foreach (var format in (ElementFormat[])[ElementFormat.Line, ElementFormat.Json, ElementFormat.Csv])
                Assert.Equal(Text(HeldTable.Read(at, null, files, new(), TestContext.Current.CancellationToken), format),
                    Text(HeldTable.Of(at, null, stored), format));
        }
    }

    private static string Text(HeldTable table, ElementFormat format)
    {
        using var bytes = new MemoryStream();
        TableWriter.Write(table, format, null, bytes);
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static IEnumerable<string[]> Lines(string text) =>
        text.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').Select(line => line.Split('|'));

    private static string Name(int peer) => $"{_peers[peer].Address}|{_peers[peer].Asn.Number}";

    private static MrtSession Session(int peer) => new(_peers[peer].Address.ToString(), _peers[peer].Asn.Number);

    private static void Announce(MrtWriter updates, Timestamp time, int peer, string prefix, string path)
    {
        bool isWide = prefix.Contains(':', StringComparison.Ordinal);
        var attributes = isWide ? new PathAttributes().Origin().AsPath(path).MpReach("2001:db8::7", prefix) : Attributes(path, prefix);
        updates.Update(time, Session(peer), attributes, isWide ? null : [prefix]);
    }

    private static void Withdraw(MrtWriter updates, Timestamp time, int peer, string prefix)
    {
        if (prefix.Contains(':', StringComparison.Ordinal)) updates.Update(time, Session(peer), new PathAttributes().MpUnreach(prefix));
        else updates.Update(time, Session(peer), withdraw: [prefix]);
    }

    private static PathAttributes Attributes(string path, string prefix)
    {
        var attributes = new PathAttributes().Origin().AsPath(path);
        return prefix.Contains(':', StringComparison.Ordinal) ? attributes.MpReachNextHop("2001:db8::7") : attributes.NextHop("192.0.2.7");
    }
}
