using Isthmus.Registry;
using Isthmus.Reports;
using Isthmus.Text;

namespace Isthmus.Dependence.Words;

/// <summary>Writes on what a subject depends for people, in 80 columns where there are so many.</summary>
public static class DependenceText
{
    private const int CountriesMax = 15, NetworksMax = 12, GatewaysMax = 12, BackbonesMax = 8;

    /// <summary>Writes all of it.</summary>
    /// <param name="width">Columns to wrap at.</param>
    public static void Write(DependenceReport report, TextWriter output, int width)
    {
        var page = new TextPage(output, Math.Min(width, 80));
        var answer = report.Answer;
        Open(report, page, "On what", "depends");
        if (answer.State is DependenceState.Answered)
        {
            Countries(answer, page);
            Pairs(answer, page);
            Backbones(report, page);
            Networks(report, page);
            Gateways(report, page);
        }
        if (report.Series.Count > 0) Series(report, page);
        page.Line();
        page.Paragraph($"{DependenceWords.NotTraffic} {DependenceWords.Caveat} Definitions: docs/methods.md, \"Dependence\".", "");
    }

    /// <summary>What stands before all figures.</summary>
    internal static void Open(DependenceReport report, TextPage page, string before, string after)
    {
        var answer = report.Answer;
        if (DependenceWords.First(answer, report.Table) is { } first) page.Paragraph($"*** {first} ***", "");
        if (report.Table.Notice is { } notice)
            foreach (string line in notice.Split('\n')) page.Paragraph($"*** {line} ***", "");
        page.Heading($"{before} {Names.Full(answer.Subject)} {after}, at {answer.At}, {DependenceWords.NameOf(answer.Family)}", '=');
        if (answer.State is DependenceState.Answered) page.Paragraph(DependenceWords.Basis(answer), "");
        page.Paragraph(CoverageWords.Verdict(report.Table.Coverage), "");
        if (report.Selection is { } selection) page.Paragraph($"The store keeps the routes of {selection} alone.", "");
    }

    private static void Countries(DependenceAnswer answer, TextPage page)
    {
        page.Line();
        page.Heading("Countries");
        if (answer.Countries.Count == 0) page.Paragraph("No country: all that is on the way are backbones of the world.", "  ");
        else
        {
            page.Table("  country                     last hop   95% interval   any hop   unavoidable",
                [.. answer.Countries.Take(CountriesMax).Select(country =>
                {
                    string name = $"{country.Country} {Wording.Cut(CountryNames.NameOf(country.Country) ?? "", 22)}";
                    string interval = Interval(country.LastForeignHop);
                    string last = Percent(country.LastForeignHop.Value), any = Percent(country.AnyHop);
                    string never = Percent(country.Unavoidable);
                    return ($"  {name,-26}{last,10}{interval,15}{any,10}{never,14}",
                        $"{name}: last hop {last} ({interval}), any hop {any}, unavoidable {never}");
                })]);
            page.More(answer.Countries.Count - CountriesMax, "countries");
            page.Paragraph("Any hop leaves out the vantage points of that country, so that it may be less than the last hop.", "  ");
        }
        if (answer.UnknownCountry is > 0 and var unknown)
            page.Paragraph($"Of the last hop of {Wording.Percent(unknown)} no source says in which country it is registered.", "  ");
    }

    private static void Pairs(DependenceAnswer answer, TextPage page)
    {
        if (answer.Combinations.Count == 0) return;
        page.Line();
        page.Heading("Two countries together, by the last hop");
        foreach (var pair in answer.Combinations) page.Paragraph(DependenceWords.Of(pair, answer.Countries)
            + (pair.EitherOnWay is { } way ? $"; anywhere on the way either {Wording.Percent(way)}" : ""), "  ", hang: 2);
    }

    private static void Backbones(DependenceReport report, TextPage page)
    {
        var answer = report.Answer;
        if (answer.Backbones.Count == 0) return;
        var names = new Names(report.Registry);
        page.Line();
        page.Heading("Backbones of the world, which stand for no country");
        foreach (var one in answer.Backbones.Take(BackbonesMax))
            page.Paragraph($"{names.Brief(one.Asn)}: last hop {Percent(one.LastForeignHop)}, any hop {Percent(one.AnyHop)}", "  ", hang: 2);
        page.More(answer.Backbones.Count - BackbonesMax, "backbones");
    }

    private static void Networks(DependenceReport report, TextPage page)
    {
        var answer = report.Answer;
        var names = new Names(report.Registry);
        page.Line();
        page.Heading("Networks");
        page.Table("  network                       hegemony  95% interval  direct   CTI unavoidable",
            [.. answer.Networks.Take(NetworksMax).Select(network =>
            {
                string name = Wording.Cut(names.Brief(network.Asn), 29), interval = Interval(network.Hegemony);
                string score = Percent(network.Hegemony.Value), direct = Percent(network.DirectShare);
                string cti = network.TransitInfluence is { } influence ? Percent(influence) : "–", never = Percent(network.Unavoidable);
                return ($"  {name,-29}{score,9}{interval,14}{direct,8}{cti,7}{never,11}",
                    $"{name}: hegemony {score} ({interval}), direct {direct}, CTI {cti}, unavoidable {never}");
            })]);
        page.More(answer.Networks.Count - NetworksMax, "networks");
    }

    private static void Gateways(DependenceReport report, TextPage page)
    {
        var answer = report.Answer;
        if (answer.Gateways.Count == 0) return;
        var names = new Names(report.Registry);
        page.Line();
        page.Heading("Gateways and the foreign networks behind them");
        foreach (var one in answer.Gateways.Take(GatewaysMax))
            page.Paragraph($"{names.Brief(one.Gateway)} by {names.Brief(one.ForeignUpstream)}: {Percent(one.Share)}", "  ", hang: 2);
        page.More(answer.Gateways.Count - GatewaysMax, "pairs");
    }

    private static void Series(DependenceReport report, TextPage page)
    {
        page.Line();
        page.Heading("Over time, by the last hop, as it stood at each of these times");
        foreach (var answer in report.Series)
        {
            string told = answer.State is not DependenceState.Answered ? "not known"
                : string.Join(", ", answer.Countries.Where(country => country.LastForeignHop.Value > 0).Take(6)
                    .Select(country => $"{country.Country} {Percent(country.LastForeignHop.Value)}")
                    .Concat(answer.Backbones.Where(one => one.LastForeignHop > 0).Take(2).Select(one => $"{one.Asn} {Percent(one.LastForeignHop)}")));
            page.Paragraph($"{Wording.Moment(answer.At)}  {told}", "  ", hang: 21);
        }
    }

    /// <summary>Writes a row a country: what each depends on most.</summary>
    public static void WriteAll(DependenceReport report, IReadOnlyList<DependenceAnswer> answers, TextWriter output, int width)
    {
        var page = new TextPage(output, Math.Min(width, 80));
        int peerAses = answers.Count == 0 ? 0 : answers.Max(answer => answer.PeerAses);
        if (peerAses == 0) page.Paragraph($"*** No answer: no full-feed peer has a known table at {report.Table.At}. ***", "");
        else if (peerAses < DependenceAnswer.PeerAsesMin) page.Paragraph($"*** At most {Wording.Count(peerAses, "full-feed peer AS", "full-feed peer ASes")}"
            + $" outside a country, fewer than {Wording.InWords(DependenceAnswer.PeerAsesMin)}: the figures may depend on which networks happen to be asked. ***", "");
        if (report.Table.Notice is { } notice)
            foreach (string line in notice.Split('\n')) page.Paragraph($"*** {line} ***", "");
        page.Heading($"On what each country depends, at {report.Table.At}, {DependenceWords.NameOf(report.Answer.Family)}", '=');
        page.Paragraph(CoverageWords.Verdict(report.Table.Coverage), "");
        page.Line();
        page.Table("  country                  addresses  first country  second  network      direct",
            [.. answers.Where(answer => answer.State is DependenceState.Answered).Select(answer =>
            {
                string name = $"{answer.Subject.Text} {Wording.Cut(answer.Subject.Name ?? "", 19)}";
                string One(int place) => answer.Countries.Count > place && answer.Countries[place].LastForeignHop.Value is > 0 and var share
                    ? $"{answer.Countries[place].Country} {Wording.Percent(share)}" : "–";
                var most = answer.Networks.MaxBy(network => network.DirectShare)!;
                var (asn, score) = (most.Asn.ToString(), Percent(most.DirectShare));
                return ($"  {name,-23}{Wording.Count(answer.Addresses),11}{One(0),15}{One(1),8}  {asn,-10}{score,9}",
                    $"{name}: {Wording.Count(answer.Addresses)} {DependenceWords.WeightOf(answer.Family)}, first {One(0)}, second {One(1)}, {asn} {score}");
            })]);
        var without = answers.Where(answer => answer.State is not DependenceState.Answered).ToArray();
        page.Line();
        foreach (var state in without.GroupBy(answer => answer.State).OrderBy(group => group.Key))
            page.Paragraph($"{Why(state.Key)}: {string.Join(", ", state.Select(answer => answer.Subject.Text))}.", "", hang: 2);
        page.Paragraph($"{DependenceWords.NotTraffic} {DependenceWords.Caveat} Definitions: docs/methods.md, \"Dependence\".", "");
    }

    private static string Why(DependenceState state) => state switch
    {
        DependenceState.NoVantagePoints => "No full-feed peer outside has a known table",
        DependenceState.NoTransit => "Routes are there, and on none a network between it and a vantage point abroad can be counted",
        _ => "No vantage point holds a route",
    };

    private static string Percent(double? share) => share is { } known ? Wording.PercentFine(known) : "–";

    private static string Interval(Estimate estimate) => estimate is { Low: { } low, High: { } high }
        ? $"{100 * low:0}–{100 * high:0}%" : "–";
}
