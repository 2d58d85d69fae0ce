using System.Globalization;
using System.Security.Cryptography;
using System.Text;

using Isthmus.Transit;

namespace Isthmus.Reports.Html;

/// <summary>
/// Writes a report as one page that needs nothing else: no network, no fonts, and no script to be complete.
/// </summary>
public sealed class ReportHtml
{
    private const int EvidenceMax = 12, PrefixesMax = 60, UpstreamsMax = 20, LinesMax = 40, InputsMax = 100;

    private readonly Report _report;
    private readonly TextWriter _output;
    private readonly Story _story;
    private readonly Charts _charts;

    private ReportHtml(Report report, TextWriter output)
    {
        _report = report;
        _output = output;
        _story = new(report);
        _charts = new(report, _story);
    }

    /// <summary>Writes the page.</summary>
    public static void Write(Report report, TextWriter output) => new ReportHtml(report, output).Write();

    private void Write()
    {
        Line($"""
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src {Hash(Style)}; script-src {Hash(Script)}; base-uri 'none'; form-action 'none'">
            <title>{T(_story.Title)}</title>
            <style>{Style}</style>
            </head>
            <body>
            """);
        if (_report.Notice is { } notice) Line($"<p class=\"notice\" role=\"note\">{T(notice)}</p>");
        Head();
        Line("<main>");
        Chart();
        Changes();
        Upstreams();
        Prefixes();
        Rests();
        Meaning();
        Line("</main>");
        Foot();
        if (_charts.HasSeries) Line(
            $"<script type=\"application/json\" id=\"numbers\">{_charts.Numbers()}</script>\n<script>{Script}</script>");
        Line("</body>\n</html>");
    }

    private void Head()
    {
        Line($"<header>\n<p class=\"kicker\">{T(_story.Title)}</p>\n<h1>{T(_story.Headline)}</h1>\n<p class=\"period\">{T(_story.Period)}</p>\n<div class=\"lead\">");
        foreach (string sentence in _story.Lead) Line($"<p>{T(sentence)}</p>");
        Line("</div>\n<dl class=\"facts\">");
        var size = _report.Transit.Size;
        var own = _report.Transit.Changes.Where(change => change.Kind is not ChangeKind.FeedProblem).ToArray();
        Fact("Upstreams at the end", Wording.Count(_report.Transit.Upstreams.Count(upstream => upstream.PeerAses > 0)), "");
        Fact("Prefixes", Wording.Count(size.Prefixes), size.Ipv4Addresses > 0
            ? Wording.Count(size.Ipv4Addresses, "IPv4 address", "IPv4 addresses") : "");
        int parts = _story.Changes.Count(numbered => numbered.IsPart), high = own.Count(change => change.Confidence is Confidence.High);
        Fact("Changes", Wording.Count(own.Length), (parts > 0 ? $"{Wording.Count(parts)} of them within others; " : "")
            + $"{(high == own.Length && high > 0 ? "all" : Wording.Count(high))} of high confidence");
        Fact("Vantage points", Wording.Count(_report.Coverage.PeerAses),
            $"networks at {Wording.Count(_report.Coverage.Collectors.Count, "collector", "collectors")}");
        Fact("Data", _report.Coverage.Complete ? "complete" : "incomplete", Wording.Count(_report.Coverage.Files.Count, "file", "files"));
        Line("</dl>\n</header>");
    }

    private void Fact(string name, string value, string beside) =>
        Line($"<div><dt>{T(name)}</dt><dd>{T(value)}{(beside.Length > 0 ? $"<small>{T(beside)}</small>" : "")}</dd></div>");

    private void Chart()
    {
        if (!_charts.HasSeries) return;
        Line($"<section aria-labelledby=\"over-time\">\n<h2 id=\"over-time\">Who carried it, over time</h2>\n<figure>\n<div class=\"scroll\">{_charts.Stacked()}</div>");
        const string Hint = "Point at the chart, or focus it and use the arrow keys, to read it.";
        Line($"<p class=\"readout\" id=\"readout\" aria-live=\"polite\" data-hint=\"{Hint}\">{Hint}</p>");
        Legend();
        Line("<figcaption>Peer-AS share of each upstream, of the peer ASes with data: what is missing to 100% had no route. Means over bins of "
            + $"{T(Wording.Length(_report.Bin))}; times in UTC. Numbers lead to the changes below. {T(Definitions.NotTraffic)}</figcaption>\n</figure>");
        if (_report.Transit.PrefixSeries.Count > 0)
        {
            Line($"<figure>\n<div class=\"scroll\">{_charts.Strips()}</div>\n<figcaption>The same for each prefix"
                + (_report.Transit.PrefixSeries.Count < _report.Transit.Prefixes.Count
                ? $", the first {_report.Transit.PrefixSeries.Count} of {_report.Transit.Prefixes.Count}" : "")
                + ".</figcaption>\n</figure>");
        }
        Line("</section>");
    }

    private void Legend()
    {
        Line("<ul class=\"legend\">");
        for (int band = 0; band < _charts.Upstreams.Count; band++)
            Line($"<li class=\"{Charts.ColourOf(band, _charts.Upstreams.Count)}\"><i></i>{T(_story.Names.Label(_charts.Upstreams[band]))}</li>");
        if (_charts.HasOthers) Line("<li class=\"other\"><i></i>others</li>");
        Line("<li class=\"none\"><i></i>no route</li>");
        if (_charts.HasGaps) Line("<li class=\"gapped\"><i></i>no data</li>");
        if (_report.Transit.Changes.Any(change => change.Kind is ChangeKind.Outage)) Line(
            "<li class=\"out\"><i></i>outage, as long as it lasted</li>");
        Line("</ul>");
    }

    private void Changes()
    {
        Line("<section aria-labelledby=\"changes\">\n<h2 id=\"changes\">What changed</h2>");
        if (_story.Changes.Count == 0) Line(
            $"<p>{(_story.NothingKnown ? "Nothing is known: no data is not no event." : "No change was found.")}</p>");
        Line("<ol class=\"changes\">");
        foreach (var numbered in _story.Changes) Change(numbered);
        Line("</ol>\n</section>");
    }

    private void Change(NumberedChange numbered)
    {
        var (number, change, isPart) = numbered;
        string which = ChangeWords.Which(change, PrefixesMax);
        Line($"<li id=\"change-{number}\"{(isPart ? " class=\"part\"" : "")}><span class=\"no\" aria-hidden=\"true\">{number}</span><div>");
        Line($"<h3><time datetime=\"{change.Time}\">{Wording.Moment(change.Time)}</time> {T(_story.Words.What(change))}</h3>");
        if (which.Length > 0) Line($"<p class=\"meta\"><b>{T(which)}</b></p>");
        string shares = ChangeWords.Shares(change);
        string[] details =
        [
            ChangeWords.Lasted(change), ChangeWords.Dating(change), $"seen by {ChangeWords.Seen(change)}",
            shares.Length > 0 ? $"{ChangeWords.ShareName(change)} {shares}" : "",
        ];
        Line($"<p class=\"meta\">{T(string.Join("; ", details.Where(detail => detail.Length > 0)))}; <b>confidence {Wording.Token(change.Confidence)}</b></p>");
        if (change.Witnesses.Count > 0) Evidence(change);
        Line("</div></li>");
    }

    private void Evidence(TransitChange change)
    {
        int more = change.Witnesses.Count - EvidenceMax;
        Line($"<details><summary>Evidence: {Wording.Count(change.Witnesses.Count, "record", "records")}</summary>\n<div class=\"scroll\"><table><caption>"
            + (more > 0 ? $"The first {EvidenceMax} of {change.Witnesses.Count}; the JSON form has all." : "Each row is one MRT record.")
            + "</caption>\n<thead><tr><th>Time (UTC)</th><th>Peer</th><th>Prefix</th><th>Says</th><th>File, record, byte</th></tr></thead><tbody>");
        foreach (var witness in change.Witnesses.Take(EvidenceMax)) Row(witness);
        Line("</tbody></table></div></details>");
    }

    private void Row(Witness witness)
    {
        var seen = _report.Observations;
        var peer = seen.Peers[witness.Peer].Peer;
        var step = witness.Step;
        string says = step.Path >= 0 ? PathText.Of(seen.Paths[step.Path]) : Wording.Words(step.Cause);
        string place = step.Evidence.Record == 0 ? "follows from what is not there"
            : string.Create(CultureInfo.InvariantCulture,
            $"{seen.Files[step.Evidence.File].Name}, {step.Evidence.Record}, {step.Evidence.Offset}+{step.Evidence.Length}");
        Line($"<tr><td>{Wording.Moment(step.Time)}</td><td>{T($"{peer.Collector.Name} {peer.Asn} {peer.Address}")}</td><td>{witness.Prefix}</td><td><code>{T(says)}</code></td><td><code>{T(place)}</code></td></tr>");
    }

    private void Upstreams()
    {
        var upstreams = _report.Transit.Upstreams.Where(upstream => upstream.PeerAses > 0).ToArray();
        if (upstreams.Length == 0) return;
        Line("<section aria-labelledby=\"shares\">\n<h2 id=\"shares\">Who carries it at the end</h2>\n<div class=\"scroll\"><table><caption>Six measures of the same routes. None of these is traffic.</caption>\n<thead><tr><th>Upstream</th>"
            + string.Concat(Definitions.Shares.Select(
            share => $"<th class=\"n\"><abbr title=\"{T(share.Text)}\">{T(share.Name)}</abbr></th>"))
            + "<th class=\"n\">Peer ASes</th><th>First seen</th></tr></thead><tbody>");
        foreach (var upstream in upstreams.Take(UpstreamsMax))
        {
            var shares = upstream.Shares;
            double[] all = [shares.Route, shares.PeerAs, shares.Prefix, shares.Address, shares.Coverage, shares.Hegemony];
            Line($"<tr><th scope=\"row\">{T(_story.Names.Label(upstream.Asn))}</th>{string.Concat(all.Select(share => $"<td class=\"n\">{T(Wording.PercentFine(share))}</td>"))}<td class=\"n\">{Wording.Count(upstream.PeerAses)}</td><td>{Wording.Moment(upstream.FirstSeen)}</td></tr>");
        }
        Line("</tbody></table></div>");
        More(upstreams.Length - UpstreamsMax, "upstreams");
        Line("</section>");
    }

    private void Prefixes()
    {
        var prefixes = _report.Transit.Prefixes;
        if (prefixes.Count == 0) return;
        Line($"<section aria-labelledby=\"prefixes\">\n<h2 id=\"prefixes\">Its prefixes</h2>\n<div class=\"scroll\"><table><caption>{T(_story.Size)}</caption>\n<thead><tr><th>Prefix</th><th>Origin</th><th class=\"n\">Visibility</th><th>By</th></tr></thead><tbody>");
        foreach (var prefix in prefixes.Take(PrefixesMax))
        {
            string by = prefix.Upstreams.Count == 0 ? "no upstream can be counted" : string.Join(", ", prefix.Upstreams.Select(upstream =>
                $"{_story.Names.Brief(upstream.Asn)} {Wording.Percent(upstream.PeerAs)} ({Wording.Count(upstream.PeerAses, "peer AS", "peer ASes")})"));
            Line($"<tr><th scope=\"row\">{prefix.Prefix}</th><td>{prefix.Origin}</td><td class=\"n\">{T(Wording.PercentFine(prefix.Visibility))}</td><td>{T(by)}</td></tr>");
        }
        Line("</tbody></table></div>");
        More(prefixes.Count - PrefixesMax, "prefixes");
        Line("</section>");
    }

    private void Rests()
    {
        Line("<section aria-labelledby=\"coverage\">\n<h2 id=\"coverage\">What this rests on</h2>\n<ul class=\"plain\">");
        foreach (string sentence in CoverageWords.Read(_report)) Line($"<li>{T(sentence)}</li>");
        Line($"<li>{T(CoverageWords.Verdict(_report.Coverage))}</li>\n</ul>");
        var missing = CoverageWords.Missing(_report.Coverage);
        if (missing.Count > 0)
        {
            Line($"<details><summary>{Wording.Count(missing.Count, "line", "lines")} of detail</summary>\n<ul class=\"plain\">");
            foreach (string line in missing.Take(LinesMax)) Line($"<li><code>{T(line)}</code></li>");
            Line("</ul></details>");
            More(missing.Count - LinesMax, "lines");
        }
        Inputs();
        Line("</section>");
    }

    // What the evidence above points into; a long archive has too many files for a page.
    private void Inputs()
    {
        var files = _report.Observations.Files;
        var proving = _report.Transit.Changes
            .SelectMany(change => change.Witnesses.Take(EvidenceMax))
            .Where(witness => witness.Step.Evidence.Record > 0)
            .Select(witness => witness.Step.Evidence.File).Distinct().Order()
            .Select(file => files[file]).ToArray();
        if (proving.Length == 0) return;
        Line($"<details><summary>{Wording.Count(proving.Length, "file", "files")} of the evidence, with SHA-256</summary>\n<div class=\"scroll\"><table>"
            + $"<caption>The JSON form lists all {Wording.Count(files.Count)} inputs.</caption>\n"
            + "<thead><tr><th scope=\"col\">File</th><th scope=\"col\">SHA-256</th></tr></thead><tbody>");
        foreach (var file in proving.Take(InputsMax))
            Line($"<tr><td><code>{T(file.Name)}</code></td><td><code>{T(file.Sha256)}</code></td></tr>");
        Line("</tbody></table></div></details>");
        More(proving.Length - InputsMax, "files");
    }

    private void Meaning()
    {
        Line("<section aria-labelledby=\"meaning\">\n<h2 id=\"meaning\">What the figures mean, and what they do not</h2>\n<ul class=\"plain\">");
        foreach (string limit in Definitions.Limits) Line($"<li>{T(limit)}</li>");
        Line("</ul>\n<dl class=\"terms\">");
        foreach (var definition in Definitions.Shares.Concat(Definitions.Terms)) Line(
            $"<dt>{T(definition.Name)}</dt><dd>{T(definition.Text)}</dd>");
        Line("</dl>\n</section>");
    }

    private void Foot()
    {
        Line("<footer>");
        foreach (string source in _report.Registry.Sources) Line($"<p>{T(source)}</p>");
        string command = _report.Command is { } line ? $" with <code>{T(line)}</code>" : "";
        Line($"<p>Made by isthmus {T(_report.Version)}{command}. The same inputs give the same page.</p>\n</footer>");
    }

    private void More(int count, string what)
    {
        if (count > 0) Line($"<p class=\"meta\">… and {Wording.Count(count)} more {what}; the JSON form has all.</p>");
    }

    private static string T(string text) => Svg.Text(text);

    private void Line(string text) => _output.Write(text + "\n");

    private static string Style => "\n" + Resource("report.css");

    private static string Script => "\n" + Resource("report.js");

    // The policy lets run what was shipped, byte for byte, and nothing that a name could smuggle in.
    private static string Hash(string text) => $"'sha256-{Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(text)))}'";

    private static string Resource(string name)
    {
        using var stream = typeof(ReportHtml).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"the library lacks {name}");
        return new StreamReader(stream).ReadToEnd();
    }
}
