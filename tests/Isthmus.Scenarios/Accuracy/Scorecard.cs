using System.Globalization;

using Isthmus.Transit.Changes;
using Isthmus.Transit.Incidents;

namespace Isthmus.Scenarios;

/// <summary>A change that was expected and the one that was found for it.</summary>
public sealed record Match(ExpectedChange Expected, TransitChange Found)
{
    /// <summary>How far the date is off, either way.</summary>
    public TimeSpan Error => Expected.Between ? BetweenDumps : Expected.Latest is { } latest && Found.Time > Expected.Time
        ? Found.Time <= latest ? TimeSpan.Zero : Found.Time - latest : (Found.Time - Expected.Time).Duration();

    // Dated to the time between two dumps, none to a second.
    private TimeSpan BetweenDumps => Found.Earliest is not { } earliest ? TimeSpan.MaxValue
        : Expected.Time < earliest ? earliest - Expected.Time : Expected.Time > Found.Time ? Expected.Time - Found.Time : TimeSpan.Zero;

    /// <summary>What of it, beside its date, is not as expected: words of it, empty where all is.</summary>
    public IEnumerable<(string What, bool IsRight, string Why)> Matters()
    {
        if (Expected.Kind is Transit.Changes.ChangeKind.Outage or Transit.Changes.ChangeKind.Unstable
            or Transit.Changes.ChangeKind.OriginAdded)
            yield return ("end", Expected.Until is { } until ? Found.Until is { } found && (found - until).Duration() <= Outcome.Tolerance
                : Found.Until is null, $"until {Found.Until} for {Expected.Until}");
        if (Expected.Level is { } level) yield return ("level", Found.Level == level, $"level {Found.Level} for {level}");
        if (Expected.Covering is { } block)
            yield return ("covering", Found.Covering.SequenceEqual([block]), $"inside {string.Join(' ', Found.Covering)} for {block}");
        if (Expected.Last is { } last)
            yield return ("end", (Found.Last - last).Duration() <= Outcome.Tolerance, $"last {Found.Last} for {last}");
        if (Expected.Share is not { } share) yield break;
        yield return ("share before", IsNear(Found.ShareBefore, share.Before), $"{Found.ShareBefore} for {share.Before}");
        yield return ("share after", IsNear(Found.ShareAfter, share.After), $"{Found.ShareAfter} for {share.After}");

        static bool IsNear(double? found, double expected) => found is { } known && Math.Abs(known - expected) <= ShareSlack;
    }

    /// <summary>Partial feeds that count as full move a share so far.</summary>
    private const double ShareSlack = 0.05;
}

/// <summary>What the detector made of one scenario.</summary>
/// <param name="Missed">Expected and not found.</param>
/// <param name="False">Found and not expected.</param>
public sealed record Outcome(
    DrawnScenario Scenario, IReadOnlyList<Match> Matches, IReadOnlyList<ExpectedChange> Missed, IReadOnlyList<TransitChange> False)
{
    /// <summary>What the report says, each sentence held against the script and the graph.</summary>
    public IReadOnlyList<AuditedSentence> Sentences { get; init; } = [];

    /// <summary>A found change matches an expected one of the same identity within this time; each counts once.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromSeconds(60);

    /// <summary>Label of the incident that a scenario of one act is, and whether it is the one that docs/methods.md says.</summary>
    public (IncidentLabel Expected, IncidentLabel? Found)? Label { get; init; }

    /// <summary>
    /// Compares what was found with the truth. Feed problems are no changes of the subject, parts of another change (an
    /// outage of an unstable time) are told by it, and of an upstream's upstreams the truth says nothing.
    /// </summary>
    public static Outcome Of(DrawnScenario scenario, IEnumerable<TransitChange> found, IReadOnlyList<Incident>? incidents = null)
    {
        var open = found.Where(change => change is { Kind: not ChangeKind.FeedProblem, PartOf: null }
            && (change.Tier == 1 || scenario.ScoresSecondTier)).ToList();
        var matches = new List<Match>();
        var missed = new List<ExpectedChange>();
        foreach (var expected in scenario.Expected)
        {
            var match = open.Where(change => IdentityOf(change) == expected.Identity)
                .Select(change => new Match(expected, change)).MinBy(match => match.Error);
            if (match is null || match.Error > Tolerance)
            {
                missed.Add(expected);
                continue;
            }
            matches.Add(match);
            open.Remove(match.Found);
        }
        return new(scenario, matches, missed, open)
        {
            Label = scenario.Label is { } label ? (label, incidents is [var only] ? only.Label : null) : null,
        };
    }

    /// <summary>A line for each that was missed or false, with the seed that plays it again.</summary>
    public IEnumerable<string> Complaints()
    {
        string scenario = $"seed {Scenario.Seed} ({string.Join(", ", Scenario.Acts.Concat(Scenario.Traps.Select(trap => trap.ToString())))})";
        foreach (var missed in Missed) yield return $"{scenario}: missed {missed}";
        foreach (var wrong in False)
            yield return $"{scenario}: false {wrong.Time} {IdentityOf(wrong)} seen by {wrong.PeerAses} of {wrong.PeerAsesWatching}";
        foreach (var said in Sentences.Where(said => said.Verdict >= AuditVerdict.Unproven))
            yield return $"{scenario}: {said.Verdict.ToString().ToLowerInvariant()} \"{said.Text}\": {said.Why}";
        foreach (var (what, isRight, why) in Matches.SelectMany(match => match.Matters()))
            if (!isRight) yield return $"{scenario}: another {what}, {why}";
        if (Label is { } label && label.Expected != label.Found) yield return $"{scenario}: label {label.Found} for {label.Expected}";
        foreach (var late in Matches.Where(match => match.Error > TimeSpan.FromSeconds(1)))
            yield return string.Create(CultureInfo.InvariantCulture,
                $"{scenario}: {(late.Found.Time - late.Expected.Time).TotalSeconds:+0.0;-0.0} s off {late.Expected}");
    }

    /// <summary>Kind, upstream or origin, and prefixes; a shift of share is of no prefixes but the subject's.</summary>
    private static string IdentityOf(TransitChange change) => new ExpectedChange(
        change.Kind, change.Time, change.Origin ?? change.Upstream, change.Kind is ChangeKind.ShareShifted ? [] : change.Prefixes)
    {
        Above = change.Above,
    }.Identity;
}

/// <summary>Precision, recall and dating error, for each kind of change and in all.</summary>
public sealed class Scorecard(IReadOnlyList<Outcome> outcomes)
{
    /// <summary>Seeds that drew no scenario whose truth is clear.</summary>
    public IReadOnlyList<ulong> PassedOver { get; init; } = [];

    public int Expected => outcomes.Sum(outcome => outcome.Matches.Count + outcome.Missed.Count);

    /// <summary>Of what was found, the part that was true.</summary>
    public double Precision => Ratio(outcomes.Sum(outcome => outcome.Matches.Count), outcomes.Sum(outcome => outcome.False.Count));

    /// <summary>Of what was true, the part that was found.</summary>
    public double Recall => Ratio(outcomes.Sum(outcome => outcome.Matches.Count), outcomes.Sum(outcome => outcome.Missed.Count));

    /// <summary>The largest dating error.</summary>
    public TimeSpan ErrorMax => outcomes.SelectMany(outcome => outcome.Matches).Select(match => match.Error).DefaultIfEmpty().Max();

    /// <summary>Sentences that the truth contradicts, or that nothing in the input shows.</summary>
    public int FalseSentences => outcomes.Sum(outcome => outcome.Sentences.Count(said => said.Verdict >= AuditVerdict.Unproven));

    /// <summary>Sentences by what they state, in Markdown.</summary>
    public string ToSentenceTable()
    {
        var table = new System.Text.StringBuilder("| sentences | said | held | disproved | unproven |\n|---|---:|---:|---:|---:|\n");
        var all = outcomes.SelectMany(outcome => outcome.Sentences).ToArray();
        foreach (var kind in all.GroupBy(said => said.Kind).OrderBy(kind => kind.Key, StringComparer.Ordinal)) Add(kind.Key, [.. kind]);
        Add("all", all);
        return table.ToString();

        void Add(string name, AuditedSentence[] of) => table.Append(CultureInfo.InvariantCulture,
            $"| {name} | {of.Length} | {of.Count(said => said.Verdict is not AuditVerdict.NotHeld)} ")
            .Append(CultureInfo.InvariantCulture, $"| {of.Count(said => said.Verdict is AuditVerdict.Disproved)} ")
            .Append(CultureInfo.InvariantCulture, $"| {of.Count(said => said.Verdict is AuditVerdict.Unproven)} |\n");
    }

    /// <summary>Ends, shares and labels in Markdown.</summary>
    public string ToMatterTable()
    {
        var table = new System.Text.StringBuilder("| beside the date | held | right |\n|---|---:|---:|\n");
        var all = outcomes.SelectMany(outcome => outcome.Matches).SelectMany(match => match.Matters())
            .Select(matter => (matter.What, matter.IsRight))
            .Concat(outcomes.Select(outcome => outcome.Label).Where(label => label is not null)
                .Select(label => (What: "label", IsRight: label!.Value.Expected == label.Value.Found)));
        foreach (var what in all.GroupBy(matter => matter.What).OrderBy(what => what.Key, StringComparer.Ordinal))
            table.Append(CultureInfo.InvariantCulture, $"| {what.Key} | {what.Count()} | {what.Count(matter => matter.IsRight)} |\n");
        return table.ToString();
    }

    /// <summary>What the scenarios of each kind of last act came to, in Markdown.</summary>
    public string ToActTable()
    {
        var table = new System.Text.StringBuilder("| act | scenarios | expected | right | missed | invented |\n|---|---:|---:|---:|---:|---:|\n");
        foreach (var act in outcomes.GroupBy(outcome =>
            outcome.Scenario.Acts[^1] + (outcome.Scenario.Parts is ArchiveParts.Dumps ? ", dumps alone" : ""))
            .OrderBy(act => act.Key, StringComparer.Ordinal))
            table.Append(CultureInfo.InvariantCulture, $"| {act.Key} | {act.Count()} ")
                .Append(CultureInfo.InvariantCulture, $"| {act.Sum(outcome => outcome.Matches.Count + outcome.Missed.Count)} ")
                .Append(CultureInfo.InvariantCulture, $"| {act.Sum(outcome => outcome.Matches.Count)} ")
                .Append(CultureInfo.InvariantCulture, $"| {act.Sum(outcome => outcome.Missed.Count)} ")
                .Append(CultureInfo.InvariantCulture, $"| {act.Sum(outcome => outcome.False.Count)} |\n");
        return table.ToString();
    }

    public IEnumerable<string> Complaints => outcomes.SelectMany(outcome => outcome.Complaints());

    /// <summary>The table in Markdown.</summary>
    public string ToTable()
    {
        var table = new System.Text.StringBuilder(
            "| kind | expected | found | right | precision | recall | error s, median | 95 % | max |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n");
        var kinds = outcomes.SelectMany(outcome => outcome.Matches.Select(match => match.Expected.Kind)
            .Concat(outcome.Missed.Select(missed => missed.Kind)).Concat(outcome.False.Select(wrong => wrong.Kind))).Distinct().Order();
        foreach (var kind in kinds) table.Append(Row(kind.ToString(), kind));
        return table.Append(Row("all", null)).ToString();
    }

    private string Row(string name, ChangeKind? kind)
    {
        int missed = outcomes.Sum(outcome => outcome.Missed.Count(change => kind is null || change.Kind == kind));
        int wrong = outcomes.Sum(outcome => outcome.False.Count(change => kind is null || change.Kind == kind));
        double[] errors = [.. outcomes.SelectMany(outcome => outcome.Matches).Where(match => kind is null || match.Expected.Kind == kind)
            .Select(match => match.Error.TotalSeconds).Order()];
        string Error(double part) => errors.Length == 0 ? ""
            : errors[(int)Math.Ceiling(part * errors.Length) - 1].ToString("0.0", CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture,
            $"| {name} | {errors.Length + missed} | {errors.Length + wrong} | {errors.Length} | {Ratio(errors.Length, wrong):0.000} "
            + $"| {Ratio(errors.Length, missed):0.000} | {Error(0.5)} | {Error(0.95)} | {Error(1)} |\n");
    }

    private static double Ratio(int right, int others) => right + others == 0 ? 1 : (double)right / (right + others);
}
