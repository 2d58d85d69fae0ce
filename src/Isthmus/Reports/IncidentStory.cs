using Isthmus.Transit;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>An incident in words: what it comes down to and why, then its phases, a sentence each.</summary>
public sealed class IncidentStory
{
    /// <param name="byDumps">True where dumps alone show a change of it, so that its times are those by which it had come.</param>
    internal IncidentStory(Incident incident, Names names, LocalTimes local, bool byDumps)
    {
        Incident = incident;
        string by = byDumps ? "by " : "";
        string who = incident.Upstream is { } upstream ? $"{names.Spoken(upstream)}: " : "";
        string closed = incident.Closed is { } end ? $"closed {by}{Wording.Moment(end)}"
            : incident.Phases.Count > 0 && incident.Phases.All(phase => phase.To is not null) ? "more may follow" : "may go on";
        Heading = new($"{who}{Words(incident.Label)}, opened {by}{Wording.Moment(incident.Opened)} UTC{local.Beside(incident.Opened)}, {closed}. {incident.Why}")
        {
            Changes = incident.Changes,
        };
        Phases = [.. incident.Phases.Select(phase => (phase, new Sentence(InWords(phase, byDumps)) { Changes = phase.Changes }))];
    }

    /// <summary>What it tells of.</summary>
    public Incident Incident { get; }

    /// <summary>Whose it is, what it comes down to, when, why.</summary>
    public Sentence Heading { get; }

    /// <summary>Its phases in order of time.</summary>
    public IReadOnlyList<(IncidentPhase Phase, Sentence Sentence)> Phases { get; }

    /// <summary>All of its sentences.</summary>
    public IEnumerable<Sentence> Sentences => [Heading, .. Phases.Select(phase => phase.Sentence)];

    /// <summary>A label in words.</summary>
    public static string Words(IncidentLabel label) => label switch
    {
        IncidentLabel.LoadSplit => "load split",
        IncidentLabel.Other => "no pattern that has a name",
        _ => IncidentJson.Token(label),
    };

    /// <summary>A phase as a heading: <c>Trial</c>.</summary>
    public static string Name(PhaseKind kind) => kind is PhaseKind.Other ? "Other changes" : kind.ToString();

    private static string InWords(IncidentPhase phase, bool byDumps)
    {
        string length = !byDumps && phase.To is { } to ? $" ({Wording.Length(to - phase.From)})" : "";
        string carried = phase.Carried.Count > 0
            ? $"; carries {string.Join(", then ", phase.Carried.Select(prefixes => Wording.Count(prefixes)))} {(phase.Carried[^1] == 1 ? "prefix" : "prefixes")}" : "";
        string changes = phase.Changes.Count > 0 ? $"; {Wording.Count(phase.Changes.Count, "change", "changes")}" : "";
        return $"{Name(phase.Kind)}, {Span(phase.From, phase.To, byDumps ? "by " : "")}{length}{carried}{changes}.";
    }

    private static string Span(Timestamp from, Timestamp? to, string by) => to is not { } end ? $"{by}{Wording.Moment(from)} on"
        : $"{by}{Wording.Moment(from)} to {by}{(Wording.Date(from) == Wording.Date(end) ? Wording.Clock(end) : Wording.Moment(end))}";
}
