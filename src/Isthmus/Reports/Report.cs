using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Transit;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>An answer ready for words: the writers under <c>Reports</c> turn it into text, JSON and HTML.</summary>
/// <param name="Notice">What every output must say before all else, as that a sample is a re-enactment; null for none.</param>
/// <param name="Registry">Who says which AS is whose, with the date and source of its facts.</param>
/// <param name="Bin">Width of the bins of the series.</param>
public sealed record Report(
    Subject Subject, Timestamp From, Timestamp To, TimeSpan Bin, Coverage Coverage, TransitAnswer Transit,
    IRouteSpans Observations, RegistrySnapshot Registry, string? Notice, string Version)
{
    private const string Reenactment = "Re-enactment, not archive data: the inputs say so of themselves.";

    /// <summary>The report of an answer, with whose word makes what the subject's.</summary>
    public static Report Of(Answer answer)
    {
        var (seen, report) = (answer.Seen, Brief(answer));
        var paths = report.JudgedPaths();
        return report with
        {
            Attribution = AttributionLedger.Of(seen.Spans, paths),
            AttributionEffects = AttributionEffect.Of(
                seen.Spans, paths, answer.Transit, seen.Question.Weighting, seen.LeftDisputedOut),
        };
    }

    /// <summary>The same without the ledger and without what other witnesses would give, for who tells nothing of either.</summary>
    public static Report Brief(Answer answer)
    {
        var seen = answer.Seen;
        return new(seen.Question.Subject, seen.Spans.From, seen.Spans.To, answer.Bin, seen.Coverage, answer.Transit, seen.Spans,
            seen.Registry, NoticeOf(seen), typeof(Report).Assembly.GetName().Version?.ToString(3) ?? "0")
        {
            Rule = seen.Question.Rule,
        };
    }

    /// <summary>What every output on some routes must say before all else; null for nothing.</summary>
    internal static string? NoticeOf(SeenRoutes seen) => seen.Notice ?? (seen.IsReenactment ? Reenactment : null);

    /// <summary>Which witness makes a prefix a country's.</summary>
    public CountryRule Rule { get; init; } = CountryRule.Origin;

    /// <summary>The paths of the observations as this report judges them: whose they are, by whose word.</summary>
    public AttributedPaths JudgedPaths() =>
        Transit.Heard?.Paths is { } known && known.Judges(Observations.Paths, Subject, Registry, Rule) ? known
            : new(Observations.Paths, Subject, Registry, new PathCleaning(), Rule);

    /// <summary>True where the input goes on behind the period: what comes then is not told.</summary>
    public bool GoesOn => Coverage.Later is not null;

    /// <summary>Of which country each prefix and AS is, by whose word; null where none was kept.</summary>
    public AttributionLedger? Attribution { get; init; }

    /// <summary>What size and shares would be under each choice of witnesses.</summary>
    public IReadOnlyList<AttributionEffect> AttributionEffects { get; init; } = [];

    /// <summary>The command line that gave this report, so that others can repeat it; null where there was none.</summary>
    public string? Command { get; init; }

    /// <summary>The words of that command line, for whoever runs it again.</summary>
    public IReadOnlyList<string> Arguments { get; init; } = [];

    /// <summary>The records that prove it, as bytes; none where they were not asked for.</summary>
    public EmbeddedRecords Records { get; init; } = EmbeddedRecords.None;
}
