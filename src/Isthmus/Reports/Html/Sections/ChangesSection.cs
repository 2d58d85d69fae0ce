using Isthmus.Reports.Html.Pictures;
using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Reports.Html.Sections;

/// <summary>What happened in order, then each change: when, where, seen by whom, how surely, by which records.</summary>
internal sealed class ChangesSection(PageWriter page)
{
    /// <summary>Steps of vantage points below one change, and below all of them.</summary>
    private const int WitnessesMax = 200, StepsMax = 1_000;

    private int _steps;

    private readonly Lazy<Dictionary<(int Peer, Prefix Prefix), RouteHistory>> _histories = new(() =>
        page.Report.Observations.Histories.Concat(page.Report.Observations.Inside).ToDictionary(history => (history.Peer, history.Prefix)));

    public void Write()
    {
        var story = page.Story;
        page.Open("changes", "What changed");
        foreach (var sentence in story.Course)
        {
            page.Paragraph(sentence.Text, "course");
            FrontSection.Proof(page, sentence);
        }
        if (story.Changes.Count == 0) page.Paragraph(story.NoChange);
        else if (story.Local.Note(page.Report.From, page.Report.To) is { } note) page.Paragraph(note, "meta");
        page.Line("<ol class=\"changes\">");
        var listed = ListedChanges.Of(story);
        foreach (var numbered in listed) Change(numbered);
        page.Line("</ol>");
        page.More(story.Changes.Count - listed.Count, "changes, which fewer peer ASes saw or on fewer prefixes");
        Sure();
        page.Close();
    }

    private void Change(NumberedChange numbered)
    {
        var (number, change, isPart) = numbered;
        string which = ChangeWords.Which(change, PageWriter.PrefixesMax);
        page.Line($"<li id=\"change-{number}\"{(isPart ? " class=\"part\"" : "")}><span class=\"no\" aria-hidden=\"true\">{number}</span><div>");
        string local = page.Story.Local.At(change.Time);
        page.Line($"<h3><time datetime=\"{change.Time}\">{ChangeWords.Moment(change)} UTC</time> {PageWriter.T(page.Story.Words.What(change))}</h3>");
        if (which.Length > 0) page.Line($"<p class=\"meta\"><b>{PageWriter.T(which)}</b></p>");
        string shares = ChangeWords.Shares(change);
        string[] details =
        [
            local, ChangeWords.Lasted(change), ChangeWords.Dating(change), $"seen by {ChangeWords.Seen(change)}",
            shares.Length > 0 ? $"{ChangeWords.ShareName(change)} {shares}" : "", $"confidence {KindWords.Token(change.Confidence)}",
        ];
        page.Paragraph($"{string.Join("; ", details.Where(detail => detail.Length > 0))}.", "meta");
        if (change.Confidence is not Confidence.High && TestimonyWords.Reasons(change) is { Count: > 0 } reasons)
            page.Paragraph(string.Join(" ", reasons), "meta");
        if (change.Witnesses.Count > 0) Witnesses(change);
        page.Line("</div></li>");
    }

    // Who saw them, once for all: those who see one change mostly see the others.
    private void Sure()
    {
        if (page.Story.Changes.Count == 0) return;
        var rows = ListedChanges.Of(page.Story).GroupBy(numbered => (
                numbered.Change.Confidence, Reasons: string.Join(" ", TestimonyWords.Reasons(numbered.Change)),
                Seen: Corroboration.Of(page.Report, numbered.Change).Cells))
            .Select(group => (string[])
            [
                string.Join(", ", group.Select(numbered => $"<a href=\"#change-{numbered.Number}\">{numbered.Number}</a>")),
                $"{KindWords.Token(group.Key.Confidence)}{(group.Key.Reasons.Length > 0 ? $". {PageWriter.T(group.Key.Reasons)}" : "")}",
                PageWriter.T(group.Key.Seen.Projects), PageWriter.T(group.Key.Seen.Collectors), PageWriter.T(group.Key.Seen.Countries),
            ]);
        page.Line("<h3>How sure these are</h3>");
        page.Table("Changes with the same witnesses share a row. Counted are peer ASes.",
            ["Change", "Confidence", "By project", "By collector", "By country of registration"], rows);
    }

    // Who changed when: a row for each step of each vantage point.
    private void Witnesses(TransitChange change)
    {
        int most = Math.Min(WitnessesMax, StepsMax - _steps), more = change.Witnesses.Count - most;
        if (most <= 0)
        {
            page.Paragraph($"Who changed when, {Wording.Count(change.Witnesses.Count, "step", "steps")}: in the JSON form.", "meta");
            return;
        }
        _steps += Math.Min(most, change.Witnesses.Count);
        page.Details($"Who changed when: {Wording.Count(change.Witnesses.Count, "step", "steps")}, with the records");
        var seen = page.Report.Observations;
        var steps = change.Witnesses.Take(most)
            .GroupBy(witness => (
                witness.Peer, witness.Step.Time, witness.Step.Place, witness.Step.Path, witness.Step.Cause, Was: Was(witness)));
        page.Table(more > 0 ? $"The first {Wording.Count(most)} of {Wording.Count(change.Witnesses.Count)} steps; the JSON form has all." : "In order of time.",
            ["Time (UTC)", "#Beside", "Peer", "Collector", "Prefixes", "Was", "Became", "Record"],
            steps.Select(step => (string[])
            [
                Wording.Moment(step.Key.Time), Wording.Offset(step.Key.Time - change.Time),
                PageWriter.T($"{page.Story.Names.Brief(seen.Peers[step.Key.Peer].Peer.Asn)} {seen.Peers[step.Key.Peer].Peer.Address}"),
                PageWriter.T(seen.Peers[step.Key.Peer].Peer.Collector.Name),
                PageWriter.T(Wording.Prefixes([.. step.Select(witness => witness.Prefix)], 8)),
                $"<code>{PageWriter.T(Held(step.Key.Was))}</code>",
                $"<code>{PageWriter.T(step.Key.Path >= 0 ? Held(step.Key.Path) : KindWords.Words(step.Key.Cause))}</code>",
                page.Place(step.Key.Place),
            ]));
        page.EndDetails();
    }

    private int Was(Witness witness) => _histories.Value.TryGetValue((witness.Peer, witness.Prefix), out var history)
        ? history.PathAt(witness.Step.Time - TimeSpan.FromMicroseconds(1)) : RouteStep.Unknown;

    private string Held(int path) => path switch
    {
        RouteStep.NoRoute => "no route",
        RouteStep.Unknown => "unknown",
        _ => page.Report.Observations.Paths.TextOf(path),
    };
}
