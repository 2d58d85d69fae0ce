using System.Globalization;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Sources;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>What was said of a change at some time, and is not said in the end, or was not said yet.</summary>
/// <param name="Seed">Of the scenario.</param>
/// <param name="Change">As it was said then; what was not, as it is said in the end.</param>
/// <param name="Age">From its date to when it differed last.</param>
/// <param name="IsMissing">True for what was not said yet.</param>
/// <param name="IsBroken">True for what was said of a settled change.</param>
public sealed record Unsettled(ulong Seed, TransitChange Change, TimeSpan Age, bool IsMissing, bool IsBroken);

/// <summary>One scenario, asked about again and again while it is played.</summary>
/// <param name="Settled">Settled changes that were told, each at each time.</param>
public sealed record SettlingOf(ulong Seed, int Settled, IReadOnlyList<Unsettled> Differing);

/// <summary>
/// Plays drawn scenarios step by step, and tells for how long what is said of a change differs from what is said in the end.
/// </summary>
public static class Settling
{
    /// <summary>Plays the scenarios of seeds in a row.</summary>
    /// <param name="step">Time from one answer to the next.</param>
    public static IReadOnlyList<SettlingOf> Run(ulong firstSeed, int count, ScenarioHalf half, TimeSpan step)
    {
        var found = new SettlingOf?[count];
        Parallel.For(0, count, new() { MaxDegreeOfParallelism = Environment.ProcessorCount }, i =>
        {
            if (AccuracyRun.Draw(half, firstSeed + (ulong)i) is { } drawn) found[i] = Play(drawn, AccuracyRun.PartsOf(half, drawn), step);
        });
        return [.. found.OfType<SettlingOf>()];
    }

    /// <summary>What was said of settled changes and is not said in the end.</summary>
    public static IEnumerable<string> Broken(SettlingOf of) => of.Differing.Where(one => one.IsBroken)
        .Select(one => $"seed {of.Seed} at {one.Age} after it: {Said(one.Change)}");

    /// <summary>All that docs/methods.md says to stand of a settled change.</summary>
    public static string Said(TransitChange change) => string.Join(' ', new object?[]
    {
        change.Kind, change.Tier, change.Time, change.First, change.Confirmed, change.Median, change.P90, change.Last,
        change.Kind is ChangeKind.OriginChanged or ChangeKind.OriginAdded ? null : change.Until, change.Earliest,
        change.Upstream, change.Origin, change.Above, change.Between, change.Gateway, change.Feed?.Collector, change.Feed?.Kind,
        change.Episode, string.Join(' ', change.Prefixes), change.PeerAses, change.Level,
        Share(change.ShareBefore), Share(change.ShareAfter),
    });

    // Sums over more peers that hold nothing are rounded otherwise.
    private static string Share(double? share) => share?.ToString("0.#########", CultureInfo.InvariantCulture) ?? "none";

    private static SettlingOf Play(DrawnScenario scenario, ArchiveParts parts, TimeSpan step) =>
        AccuracyRun.InFolder(scenario, parts, folder =>
        {
            using var inputs = new Inputs();
            var files = inputs.Resolve([folder], Stream.Null, CancellationToken.None);
            var registry = scenario.Registry is { } layer ? RegistrySnapshot.Shipped.With([layer]) : RegistrySnapshot.Shipped;
            var question = new Question(Subjects.Resolve(scenario.Subject.ToString(), registry, out _)!, null, null, null);
            var steps = new List<(Timestamp Time, Dictionary<string, TransitChange> Changes)>();
            var (from, to) = (scenario.Scenario.From, scenario.Scenario.To);
            var whole = Isthmus.Survey.Follow(question, files, registry,
                Enumerable.Range(1, (int)((to - from) / step) + 1).Select(at => from + step * at),
                (spans, answer) => steps.Add((spans.To, BySaid(answer.Changes))), new(), CancellationToken.None);
            var last = BySaid(whole.Transit.Changes);
            int settled = 0;
            var differing = new Dictionary<(string, bool), Unsettled>();
            foreach (var (time, changes) in steps)
            {
                foreach (var (said, change) in changes)
                {
                    bool isSettled = change.SettlesAt <= time;
                    if (isSettled) settled++;
                    if (!last.ContainsKey(said))
                        differing[(said, false)] = new(scenario.Seed, change, time - change.Time, false, isSettled);
                }
                foreach (var (said, change) in last)
                    if (change.Time <= time && !changes.ContainsKey(said))
                        differing[(said, true)] = new(scenario.Seed, change, time - change.Time, true, false);
            }
            return new SettlingOf(scenario.Seed, settled, [.. differing.Values]);
        });

    private static Dictionary<string, TransitChange> BySaid(IEnumerable<TransitChange> changes)
    {
        var told = new Dictionary<string, TransitChange>(StringComparer.Ordinal);
        foreach (var change in changes) told.TryAdd(Said(change), change);
        return told;
    }
}
