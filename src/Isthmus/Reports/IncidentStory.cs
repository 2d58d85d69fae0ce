using System.Globalization;

using Isthmus.Text;
using Isthmus.Transit.Incidents;
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
        string why = Why(incident);
        Heading = new($"{who}{Words(incident.Label)}, opened {by}{Wording.Moment(incident.Opened)} UTC{local.Beside(incident.Opened)}, {closed}. {char.ToUpperInvariant(why[0])}{why[1..]}")
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

    /// <summary>Why an incident has its label, in a sentence without its full stop.</summary>
    public static string Why(Incident incident)
    {
        string who = incident.Upstream?.ToString() ?? "an upstream";
        string blip = string.Create(CultureInfo.InvariantCulture, $"{Incident.BlipMax.TotalMinutes:0} minutes");
        var why = incident.Why;
        return why.Cause switch
        {
            LabelCause.StandsBefore => $"{who} stands before {why.Other}, which carries as before: no change of carrier",
            LabelCause.NoCarrierForGood => "routes came and went, and no carrier changed for good",
            LabelCause.NoCarrier => "none of its changes is the coming or going of a carrier",
            LabelCause.RoutesLost => "routes were lost, and no carrier changed",
            LabelCause.CarriesInstead => $"{who} carries only while another upstream is away, {why.Times} times",
            LabelCause.CameOften => $"{who} came {why.Times} times",
            LabelCause.CameOftenAndWent => $"{who} came {why.Times} times and is gone at the end",
            LabelCause.BrieflyAway => $"{who} was away for less than {blip}",
            LabelCause.OthersCarried => $"others carried while {who} was away",
            LabelCause.CarriedAlone => $"{who} was away, and those that were there before carried alone",
            LabelCause.LostSome => $"{who} lost some of the prefixes that it carried",
            LabelCause.TookOver => $"{who} came to stay, and {why.Other} went and is not back at the end",
            LabelCause.CarriesAll => $"{who} came to stay, and carried all {why.Prefixes} prefixes when the last had come to it",
            LabelCause.CarriesLittle => $"{who} came to stay, and carries less than {Wording.Percent(Incident.BackupShareMax)} of what it is announced for",
            LabelCause.CarriesBeside => $"{who} came to stay beside what was there, and carries {why.Carried} of {why.Prefixes} prefixes at the end",
            LabelCause.Went => $"{who} went and is not back at the end",
            LabelCause.LostMostRoutes => $"{who} lost most of its routes, and is left with some",
            LabelCause.CarriesAgain => $"{who} went and came back later",
            LabelCause.SteppedIn => $"{who} carried while {why.Other} was away",
            LabelCause.BrieflyThere => $"{who} came and was gone within {blip}",
            LabelCause.WithinADay => $"{who} came and was gone again within a day",
            _ => $"{who} came for more than a day and went",
        };
    }

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
