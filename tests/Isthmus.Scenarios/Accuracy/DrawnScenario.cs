using System.Globalization;

using Isthmus.Registry;
using Isthmus.Transit.Incidents;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>Which files of an archive are there.</summary>
public enum ArchiveParts
{
    All,
    /// <summary>Updates without a table.</summary>
    Updates,
    /// <summary>Tables and nothing between them.</summary>
    Dumps,
    /// <summary>All updates, and the tables of the second half of the time.</summary>
    LateTables,
}

/// <summary>
/// A scenario drawn from a seed: an Internet, its observers, a subject and what happens to it, as the files of an
/// archive and as the changes that an analyst would find in them. Equal seeds give equal bytes.
/// </summary>
public sealed class DrawnScenario
{
    /// <summary>So many drawings may be unclear before something is wrong with the drawing itself.</summary>
    private const int AttemptsMax = 20_000;

    /// <summary>Traps of one scenario of the noisy half.</summary>
    private const int TrapsMin = 2, TrapsMax = 5;

    private readonly TrapSetting _setting;

    private DrawnScenario(ulong seed, Story story, TrapSetting setting)
    {
        Seed = seed;
        Story = story;
        _setting = setting;
    }

    public ulong Seed { get; }

    public Asn Subject => new(Story.Subject);

    public Scenario Scenario => Story.Scenario;

    /// <summary>What is true of it, in order of time.</summary>
    public IReadOnlyList<ExpectedChange> Expected { get; private init; } = [];

    /// <summary>What was played, a word for each act.</summary>
    public IReadOnlyList<string> Acts => Story.Acts;

    /// <summary>When each of them began.</summary>
    public IEnumerable<Timestamp> ActTimes => Story.ActTimes;

    internal Story Story { get; }

    /// <summary>Which traps it has.</summary>
    public IReadOnlyList<TrapKind> Traps { get; private init; } = [];

    /// <summary>Draws a scenario, with some traps where there shall be any; null where none is clear in many drawings.</summary>
    public static DrawnScenario? TryDraw(ulong seed, bool withTraps)
    {
        // What happens is drawn before anything else, so that acts that are often unclear are not rarer for it.
        var random = new SeededRandom(seed);
        var traps = random.Fork("traps");
        return TryDraw(seed, Story.DrawActs(random.Fork("acts")),
            withTraps ? [.. traps.Shuffle(Enum.GetValues<TrapKind>()).Take(traps.Between(TrapsMin, TrapsMax))] : []);
    }

    /// <summary>
    /// Draws a scenario of the hard half: what is slow, partial or long, subjects of two families, feeds of all sizes; no traps. Null
    /// where none is clear in many drawings.
    /// </summary>
    public static DrawnScenario? TryDrawHard(ulong seed)
    {
        var random = new SeededRandom(seed).Fork("hard");
        return TryDraw(seed, Story.DrawHardActs(random.Fork("acts")), [], StoryShape.Draw(random.Fork("shape")));
    }

    /// <summary>
    /// Draws a scenario of the wide half: more-specifics by others, anycast from the beginning, returns behind other countries, the second
    /// tier, labels of all kinds, dumps alone; no traps. Null where none is clear in many drawings.
    /// </summary>
    public static DrawnScenario? TryDrawWide(ulong seed)
    {
        var random = new SeededRandom(seed).Fork("wide");
        var (acts, dumpsAlone) = Story.DrawWideActs(random.Fork("acts"));
        return TryDraw(seed, acts, [], new(false, random.Chance(0.4)) { Wide = true, DumpsAlone = dumpsAlone });
    }

    /// <summary>
    /// Draws a scenario in which parts of the subject are lost and back at different times; no traps. Null where none is clear in many
    /// drawings.
    /// </summary>
    public static DrawnScenario? TryDrawParts(ulong seed)
    {
        var random = new SeededRandom(seed).Fork("parts");
        return TryDraw(seed, Story.DrawPartActs(random.Fork("acts")), [], StoryShape.Draw(random.Fork("shape")));
    }

    /// <summary>What says of which countries the ASes are; null for the shipped registry.</summary>
    public RegistryLayer? Registry => Story.Registry;

    /// <summary>Which of its files are there.</summary>
    public ArchiveParts Parts => Story.Shape.DumpsAlone ? ArchiveParts.Dumps : ArchiveParts.All;

    /// <summary>The second tier is scored: nothing else happens that changes it.</summary>
    public bool ScoresSecondTier => Story.Shape.Wide && Acts is [nameof(ActKind.UpstreamsUpstream)];

    /// <summary>The label of an incident that one act makes; null where none is scored.</summary>
    public IncidentLabel? Label => Story.Label;

    /// <summary>Draws a scenario of given acts for a subject of one family, or of two, with feeds of all sizes or not.</summary>
    public static DrawnScenario DrawHard(ulong seed, IReadOnlyList<ActKind> acts, bool dual = false, bool uneven = false) =>
        TryDraw(seed, acts, [], new(dual, uneven)) ?? throw new InvalidOperationException(
            $"seed {seed}: no clear story of {string.Join(", ", acts)} in {AttemptsMax} drawings");

    /// <summary>
    /// Draws a scenario of given acts, in this order, with given traps. One whose truth is unclear, or cannot be told
    /// from the sessions that the traps leave sound, is drawn again.
    /// </summary>
    public static DrawnScenario Draw(ulong seed, IReadOnlyList<ActKind> acts, IReadOnlyList<TrapKind> traps) =>
        TryDraw(seed, acts, traps) ?? throw new InvalidOperationException(
            $"seed {seed}: no clear story of {string.Join(", ", acts)} with {string.Join(", ", traps)} in {AttemptsMax} drawings");

    private static DrawnScenario? TryDraw(
        ulong seed, IReadOnlyList<ActKind> acts, IReadOnlyList<TrapKind> traps, StoryShape? shape = null)
    {
        var random = new SeededRandom(seed).Fork("drawn scenario");
        for (int attempt = 0; attempt < AttemptsMax; attempt++)
        {
            var of = random.Fork($"attempt {attempt}");
            var story = Story.TryDraw(of, acts, shape);
            if (story?.TruthFor(story.Observatory.Sessions) is null) continue;
            var setting = new TrapSetting(story, of.Fork("traps"));
            foreach (var trap in traps) setting.Set(trap);
            // Sessions that a trap added say the same, where it lets them speak.
            if (story.TruthFor(story.Observatory.Sessions) is not { } whole || story.TruthFor(setting.Sound) is not { } truth) continue;
            if (!truth.Select(change => change.Identity).Order().SequenceEqual(whole.Select(change => change.Identity).Order())) continue;
            if (KeepAnOrigin(story, truth) || HoldBeforeBirth(story, truth)) continue;
            story.Showing.Write();
            foreach (var family in story.Families)
                new Everyday(story, of.Fork(family == story.Family ? "everyday" : "everyday of the other family"), family).Write();
            return new(seed, story, setting) { Expected = truth, Traps = traps };
        }
        return null;
    }

    // Three peer ASes that a trap lets keep what all others gave up hold it, for all that the files show: whether one origin came for
    // another or beside it lies at the threshold then.
    private static bool KeepAnOrigin(Story story, IReadOnlyList<ExpectedChange> truth) => truth.Any(change =>
        change.Kind is Transit.Changes.ChangeKind.OriginChanged
        && story.Showing.HeldByTrapAt(change.Time + TimeSpan.FromMinutes(10)) >= OriginHoldersMin);

    private const int OriginHoldersMin = 3;

    // Who shows a prefix by a trap, over a link of its own as it seems, holds it for all that the files show: a prefix that two peer
    // ASes hold is not one that nobody held.
    private static bool HoldBeforeBirth(Story story, IReadOnlyList<ExpectedChange> truth) => truth.Any(change =>
        change.Kind is Transit.Changes.ChangeKind.PrefixAppeared
        && story.Showing.HeldByTrapAt(change.Time - TimeSpan.FromSeconds(1)) >= HoldersBeforeMin);

    private const int HoldersBeforeMin = 2;

    /// <summary>The files as the archives would store them, damaged or missing where a trap says so.</summary>
    public IEnumerable<(string Path, byte[] Stored)> StoredFiles()
    {
        foreach (var file in Scenario.Files())
        {
            byte[]? stored = file.Packed(small: true);
            foreach (var treatment in _setting.Treatments) stored = treatment(file, stored);
            if (stored is not null) yield return (file.Path, stored);
        }
    }

    /// <summary>
    /// What each session that no trap spoils shows of the subject, as the script and the graph have it, in lines: what a report says
    /// is held against them. They hold none of the everyday churn, which is over within two minutes.
    /// </summary>
    /// <param name="all">True for what the spoilt sessions would show too, were they not spoilt.</param>
    public RouteLines TruthLines(bool all = false)
    {
        Session[] sessions = [.. all ? Story.Observatory.Sessions : _setting.Sound];
        var lines = new RouteLines
        {
            FullFeeds = sessions.Where(session => session.Peer.Feed == 1).Select(session => session.Asn).ToHashSet(),
        };
        foreach (var session in sessions)
            foreach (var group in Story.Shown.Where(group => group.HeardBy(session).Count > 0))
            {
                Tell(Scenario.From, "B", group.PathAt(session, Scenario.From));
                foreach (var choice in group.HeardBy(session))
                    if (choice.Time > Scenario.From) Tell(choice.Time, "A", choice.Path);

                void Tell(Timestamp time, string announces, IReadOnlyList<uint>? path)
                {
                    string seconds = (time.Microseconds / 1e6m).ToString(CultureInfo.InvariantCulture);
                    foreach (var prefix in group.Prefixes)
                        lines.Add($"BGP4MP|{seconds}|{(path is null ? "W" : announces)}|{session.Peer.Key}|{session.Asn}|{prefix}|"
                            + (path is null ? "" : PathText.Of(path)), "");
                }
            }
        return lines;
    }

    // Named by its time, as <c>bview.20190301.0800.gz</c>.
    private bool IsEarly(string dump) => dump.Split('.') is [_, var day, var minute, ..]
        && DateTimeOffset.ParseExact(day + minute, "yyyyMMddHHmm", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal)
            is var time && time < (Scenario.From + (Scenario.To - Scenario.From) / 2).ToDateTimeOffset();

    /// <summary>Writes the archive into a folder.</summary>
    /// <param name="parts">Which of its files.</param>
    public void WriteTo(string folder, ArchiveParts parts = ArchiveParts.All)
    {
        foreach (var (name, stored) in StoredFiles())
        {
            string file = Path.GetFileName(name);
            bool isDump = file.StartsWith("rib.", StringComparison.Ordinal) || file.StartsWith("bview.", StringComparison.Ordinal);
            bool isLeftOut = parts switch
            {
                ArchiveParts.Updates => isDump,
                ArchiveParts.Dumps => !isDump,
                ArchiveParts.LateTables => isDump && IsEarly(file),
                _ => false,
            };
            if (isLeftOut) continue;
            string path = Path.Combine(folder, name);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.WriteAllBytes(path, stored);
        }
    }
}
