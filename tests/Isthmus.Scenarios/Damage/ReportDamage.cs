using System.Diagnostics;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

using Isthmus.Attribution;
using Isthmus.Claims;
using Isthmus.Export;
using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Sources;

namespace Isthmus.Scenarios.Damage;

/// <summary>How a report on an archive with a damaged file ended.</summary>
public enum ReportOutcome
{
    /// <summary>Nothing is told of damage, and no route event is missing.</summary>
    Unchanged,
    /// <summary>Damage is told, the report is incomplete, and nothing in it is disproved.</summary>
    Incomplete,
    /// <summary>What was damaged reads as records that hold no routes: counted as not decoded, or as files that are no MRT.</summary>
    PassedOver,
    /// <summary>Other values came, of which nobody can tell.</summary>
    OtherValues,
    /// <summary>Route events are missing, and the format has no trace of it: the table of <c>read</c> says how often.</summary>
    Silent,
    /// <summary>Damage is told by <c>read</c>, and the report calls itself complete.</summary>
    CalledComplete,
    /// <summary>Of data that are only lost, a sentence or a mark that the sound data disprove.</summary>
    False,
    /// <summary>It took longer, or allocated more, than a run may.</summary>
    OverBounds,
}

/// <summary>One run.</summary>
/// <param name="What">What is false, or over.</param>
public sealed record ReportDamageResult(
    string File, bool IsDump, Container Container, Corruption Corruption, ulong Seed, ReportOutcome Outcome, string What);

/// <summary>
/// Reports on drawn archives of which the truth is known, with a damaged file among the sound ones, and texts checked against them.
/// What is lost may make less known, and nothing false: the same seed gives the same runs.
/// </summary>
public sealed partial class ReportDamageCampaign : IDisposable
{
    /// <summary>Bytes that a run may allocate in all.</summary>
    public const long AllocatedBytesMax = 2L << 30;

    private static readonly Container[] _containers = [Container.Plain, Container.Gzip, Container.Bzip2, Container.Xz, Container.Zstd];

    private readonly List<World> _worlds = [];
    private readonly string _root = Directory.CreateTempSubdirectory("isthmus-damage-").FullName;

    /// <summary>An archive, what is true of it, and what a report and a checked text say of it where it is sound.</summary>
    private sealed record World(
        DrawnScenario Scenario, string Folder, IReadOnlyList<ArchiveFile> Files, RouteLines Truth, string Text,
        IReadOnlyDictionary<(int Start, ClaimKind Kind), Mark> Marks, IReadOnlySet<string> Disproved);

    /// <summary>Draws so many archives, from a seed on.</summary>
    public ReportDamageCampaign(ulong seed, int worlds)
    {
        for (; _worlds.Count < worlds; seed++)
            if (DrawnScenario.TryDraw(seed, withTraps: false) is { } scenario) _worlds.Add(WorldOf(scenario));
    }

    /// <summary>One run: archive, file, container, corruption and place are drawn by the seed.</summary>
    /// <param name="checks">True to check a text as well.</param>
    public ReportDamageResult Run(ulong seed, bool checks)
    {
        var random = new SeededRandom(SeededRandom.Mix(seed));
        var world = random.Pick(_worlds);
        // By size, so that what is damaged matters: most files of updates hold hardly anything.
        int at = random.Below(world.Files.Sum(file => file.Content.Length)), place = 0;
        while (at >= world.Files[place].Content.Length) at -= world.Files[place++].Content.Length;
        var file = world.Files[place];
        var container = random.Pick(_containers);
        var corruption = random.Pick(Enum.GetValues<Corruption>());
        var borders = Corruptions.Borders(file.Content);
        byte[]? Pack(byte[] plain) => Packing.Pack(container, plain, borders[borders.Count / 2]);
        byte[] stored = (corruption.IsOfRecords() ? Pack(corruption.Apply(file.Content, random))
            : Pack(file.Content) is { } sound ? corruption.Apply(sound, random) : null) ?? corruption.Apply(file.Content, random);
        string path = Path.Combine(world.Folder, file.Path);
        byte[] before = File.ReadAllBytes(path);
        try
        {
            // Without its first records a file is no MRT by its content.
            if (corruption is Corruption.Zeroed && random.Chance(0.5)) stored.AsSpan(0, Math.Min(stored.Length, 5000)).Clear();
            var (linesBefore, _) = Lines(path);
            File.WriteAllBytes(path, stored);
            var (lines, told) = Lines(path);
            var (outcome, what) = Judge(world, lines, linesBefore, told, checks);
            return new(file.Path, file.IsDump, container, corruption, seed, outcome, what);
        }
        finally
        {
            File.WriteAllBytes(path, before);
        }
    }

    private static (ReportOutcome, string) Judge(World world, string[] lines, string[] linesBefore, Told told, bool checks)
    {
        long allocated = GC.GetTotalAllocatedBytes(), begun = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(DamageCampaign.SecondsMax));
        Report report;
        string json;
        IReadOnlyDictionary<(int Start, ClaimKind Kind), Mark>? marks;
        try
        {
            report = ReportOn(world.Scenario, world.Folder, stop.Token);
            json = JsonOf(report);
            marks = checks ? MarksOf(world.Text, report) : null;
        }
        catch (OperationCanceledException)
        {
            return (ReportOutcome.OverBounds, $"longer than {DamageCampaign.SecondsMax} seconds");
        }
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        if (Stopwatch.GetElapsedTime(begun).TotalSeconds > DamageCampaign.SecondsMax || allocated > AllocatedBytesMax)
            return (ReportOutcome.OverBounds, $"{allocated >> 20} MiB, {Stopwatch.GetElapsedTime(begun).TotalSeconds:0} seconds");
        bool isSame = lines.SequenceEqual(linesBefore);
        if (told is Told.Damage && report.Coverage.Complete) return (ReportOutcome.CalledComplete, "");
        if (told is Told.Nothing) return isSame ? (ReportOutcome.Unchanged, "")
            : lines.Length >= linesBefore.Length ? (ReportOutcome.OtherValues, "") : (ReportOutcome.Silent, "");
        // Lines that the sound file lacks are values that came out of the damage; of these nothing can be asked.
        var rest = linesBefore.ToHashSet(StringComparer.Ordinal);
        if (!lines.All(rest.Contains)) return (ReportOutcome.OtherValues, "");
        if (FalseOf(world, json, marks) is { } what) return (ReportOutcome.False, what);
        return (told is Told.Damage ? ReportOutcome.Incomplete : ReportOutcome.PassedOver, "");
    }

    private static string? FalseOf(World world, string json, IReadOnlyDictionary<(int Start, ClaimKind Kind), Mark>? marks)
    {
        if (DisprovedBy(world.Scenario, json, world.Truth).FirstOrDefault(one => !world.Disproved.Contains(one.Text)) is { } sentence)
            return $"{sentence.Kind}: {sentence.Text}: {sentence.Why}";
        foreach (var (claim, mark) in marks ?? new Dictionary<(int, ClaimKind), Mark>())
            if (world.Marks.GetValueOrDefault(claim, mark) is var sound && (sound, mark) is (Mark.Confirmed, Mark.Contradicted)
                or (Mark.Contradicted, Mark.Confirmed))
                return $"check: {sound} is {mark}: {world.Text[claim.Start..].Split('\n')[0]}";
        return null;
    }

    private enum Told
    {
        Nothing,
        PassedOver,
        Damage,
    }

    private static (string[] Lines, Told Told) Lines(string path)
    {
        try
        {
            using var inputs = new Inputs();
            using var text = new MemoryStream();
            using var writer = new ElementWriter(ElementFormat.Line, text);
            var set = inputs.Resolve([path], Stream.Null, CancellationToken.None);
            var tally = ReadRun.Run(set.Files, writer, new(), CancellationToken.None);
            writer.Flush();
            bool isDamaged = tally.Files.Any(file => file.Faults.Count > file.Faults.Harmless) || set.Unread.Count > 0;
            var told = isDamaged ? Told.Damage : tally.NotDecoded.Any() ? Told.PassedOver : Told.Nothing;
            return (Encoding.UTF8.GetString(text.ToArray()).Split('\n'), told);
        }
        catch (InputException)
        {
            return ([""], Told.Damage);
        }
    }

    private World WorldOf(DrawnScenario scenario)
    {
        string folder = Path.Combine(_root, $"{_worlds.Count}");
        scenario.WriteTo(folder);
        var report = ReportOn(scenario, folder, CancellationToken.None);
        string json = JsonOf(report), text = TextOf(json);
        var truth = scenario.TruthLines();
        return new(scenario, folder, [.. scenario.Scenario.Files()], truth, text, MarksOf(text, report),
            DisprovedBy(scenario, json, truth).Select(one => one.Text).ToHashSet(StringComparer.Ordinal));
    }

    private static Report ReportOn(DrawnScenario scenario, string folder, CancellationToken stop)
    {
        using var inputs = new Inputs();
        var files = inputs.Resolve([folder], Stream.Null, stop);
        var subject = Subjects.Resolve(scenario.Subject.ToString(), RegistrySnapshot.Shipped, out string? error)
            ?? throw new InvalidOperationException(error);
        return Report.Of(Survey.Run(new(subject, null, null, null), files, RegistrySnapshot.Shipped, new(), stop));
    }

    private static string JsonOf(Report report)
    {
        using var output = new MemoryStream();
        ReportJson.Write(report, output);
        return Encoding.UTF8.GetString(output.ToArray());
    }

    // What is true, as the report says it, and the same of other carriers, which is not.
    private static string TextOf(string json)
    {
        using var report = JsonDocument.Parse(json);
        string[] upstreams = [.. report.RootElement.GetProperty("upstreams").EnumerateArray().Select(item => $"AS{item.GetProperty("asn")}")];
        string[] truths = [.. report.RootElement.GetProperty("sentences").EnumerateArray().Select(item => item.GetProperty("text").GetString()!)];
        var others = truths.Select(sentence => AnyAsn().Replace(sentence, asn =>
            Array.IndexOf(upstreams, asn.Value) is >= 0 and var at ? upstreams[(at + 1) % upstreams.Length] : asn.Value));
        return string.Join('\n', truths.Concat(others));
    }

    private static Dictionary<(int Start, ClaimKind Kind), Mark> MarksOf(string text, Report report) =>
        new ClaimCheck(report.Registry).Run(text, report).Claims.GroupBy(judged => (judged.Claim.Start, judged.Claim.Kind))
            .Where(group => group.Count() == 1).ToDictionary(group => group.Key, group => group.Single().Mark);

    private static IEnumerable<AuditedSentence> DisprovedBy(DrawnScenario scenario, string json, RouteLines truth)
    {
        using var document = JsonDocument.Parse(json);
        return [.. new ReportAudit(document.RootElement, truth, scenario.Subject.Number, hadTable: true).Sentences()
            .Where(sentence => sentence.Verdict is AuditVerdict.Disproved)];
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [GeneratedRegex(@"AS\d+")]
    private static partial Regex AnyAsn();
}
