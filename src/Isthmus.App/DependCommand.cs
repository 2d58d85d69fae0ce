using System.CommandLine;

using Isthmus.Attribution;
using Isthmus.Dependence;
using Isthmus.Dependence.Words;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary><c>isthmus depend</c>: on which networks and countries a subject depends.</summary>
internal static class DependCommand
{
    public const string Examples = """
        Examples:
          isthmus depend KP --at 2017-10-01T09:30            the sample that comes with the program
          isthmus depend AS131279 archive/ --at 2017-10-01T13:00 --format json
          isthmus depend all rib.20171001.0000.bz2 --at 2017-10-01T00:10
          isthmus depend KP archive/ --from 2017-10-01 --to 2017-10-03 --bin 6h --html kp.html
          isthmus depend KP --store all.duckdb --at 2017-10-01T13:00
        Of what is reached from full-feed peers outside the subject, the part that comes in by each
        country and network. Shares are of addresses, none is traffic; a country is where a network
        is registered. For --bin every time is read anew: a store answers a long series faster.
        """;

    /// <summary>Times of a series at most.</summary>
    private const int TimesMax = 400;

    internal static readonly Argument<string> Subject = new("SUBJECT")
    {
        Description = "A network (AS131279), a country (KP, or its name) or a prefix (175.45.176.0/22); all for every country.",
    };

    private static readonly Option<TimeSpan?> _bin = OptionText.Span("--bin", "How far the times of a series from --from to --to lie apart, as 1d.");

    internal static readonly Option<string> Family = OptionText.Choice(
        "--family", "IPv4 and IPv6 are two networks: auto is IPv4 where there are routes of it.", "auto", "ipv4", "ipv6");

    private static readonly Option<bool> _padded = new("--padded")
    {
        Description = "Hegemony over all full-feed peer ASes: one without a route counts 0, and is not left out.",
    };

    private static readonly Option<Country[]> _together = new("--together")
    {
        Description = "Countries that are told two by two as well, whether any route comes in by them or not, as CN,RU.",
        HelpName = "CC,CC",
        CustomParser = result =>
        {
            string[] texts = result.Tokens is [var token] ? token.Value.Split(',') : [];
            var countries = texts
                .Select(text => Country.TryParse(text, null, out var country) ? country : Country.None).Distinct().ToArray();
            if (countries.Length is >= 2 and <= DependenceOptions.TogetherMax && !countries.Contains(Country.None)) return countries;
            result.AddError($"--together: two to {DependenceOptions.TogetherMax} country codes with a comma between, as CN,RU");
            return [];
        },
    };

    private static readonly Option<string> _format = OptionText.Choice("--format", "Form of the answer.", "text", "json", "html");

    private static readonly Option<string?> _out = OptionText.OutFile("--out", "Write the answer to a file, not to standard output.");

    private static readonly Option<string?> _html = OptionText.OutFile("--html", "Write the page, one HTML file, beside the answer.");

    public static Command Build(CancellationToken stop)
    {
        var command = new Command("depend", "On which networks and countries a network, country or prefix depends, and all countries.")
        {
            Subject, SurveyOptions.Inputs, WholeTableInput.At, StoreOption.Store, SurveyOptions.From, SurveyOptions.To, _bin, Family,
            _padded, _together,
            _format, _out, _html, RegistryOptions.CountryBy, RegistryOptions.Files, RegistryOptions.Override,
        };
        ArchiveOptions.AddTo(command);
        CommandLine.RefuseUnknownOptions(command);
        command.Validators.Add(result =>
        {
            bool Asked(Option option) => result.GetResult(option) is { Implicit: false };
            if (!Asked(WholeTableInput.At) && !Asked(_bin))
                result.AddError("depend needs --at, the time that is asked about, or --from, --to and --bin for a series");
            else if (Asked(_bin) && !(Asked(SurveyOptions.From) && Asked(SurveyOptions.To)))
                result.AddError("--bin needs --from and --to: the first time of the series, and when it ends");
            else if (Asked(_bin) && Asked(WholeTableInput.At)) result.AddError("--at asks of one time, --bin of several: give one of them");
        });
        command.SetAction(parsed => Run(parsed, stop));
        return command;
    }

    private static int Run(ParseResult parsed, CancellationToken stop)
    {
        var registry = DatedRegistryOptions.Read(parsed, stop);
        string asked = parsed.GetValue(Subject)!;
        bool isAll = asked.Equals("all", StringComparison.OrdinalIgnoreCase);
        var subject = isAll ? null : SurveyOptions.SubjectOf(asked, registry);
        var times = TimesOf(parsed);
        if (isAll && (times.Count > 1 || parsed.GetValue(_bin) is not null)) throw new UsageException("a series is of one subject: name it in place of all");
        if (isAll && (parsed.GetValue(_html) is not null || parsed.GetValue(_format) is "html"))
            throw new UsageException("a page is of one subject: name it in place of all");
        if (isAll && RegistryOptions.RuleOf(parsed) is CountryRule.Delegation or CountryRule.Geolocation)
            throw new UsageException("--country-by judges prefixes, and all is by the origins of routes: name one country, or leave it out");
        var options = new DependenceOptions(parsed.GetValue(_padded) ? HegemonyBasis.Padded : HegemonyBasis.Sparse)
        {
            Together = parsed.GetValue(_together) ?? [],
        };
        using var inputs = WholeTableInput.Open(parsed, stop);
        if (isAll) return All(parsed, inputs, registry, times[0], options);
        var told = Tell(parsed, inputs, subject!, registry, times, options);
        using var output = Output.Open(parsed.GetValue(_out));
        string format = parsed.GetValue(_format)!;
        if (format is "json") DependenceJson.Write(told, output.Stream);
        else if (format is "html") DependenceHtml.Write(told, output.Text);
        else DependenceText.Write(told, output.Text, Terminal.ColumnsFor(parsed.GetValue(_out)));
        output.Complete();
        if (parsed.GetValue(_html) is { } page)
        {
            using var beside = Output.Open(page);
            DependenceHtml.Write(told, beside.Text);
            beside.Complete();
            Terminal.Say($"the page is in {page}");
        }
        return CodeOf(told.Table);
    }

    /// <summary>The exit code that says whether anything is missing.</summary>
    internal static int CodeOf(WholeTable table)
    {
        SurveyOptions.TellViews(table.Coverage);
        return table.Complete ? ExitCode.Answered : ExitCode.Incomplete;
    }

    /// <summary>Which family is asked about; none where the data decide.</summary>
    internal static AddressFamily FamilyOf(ParseResult parsed) => parsed.GetValue(Family) switch
    {
        "ipv4" => AddressFamily.IPv4,
        "ipv6" => AddressFamily.IPv6,
        _ => AddressFamily.None,
    };

    /// <summary>The answers on one subject, at one time or several.</summary>
    internal static DependenceReport Tell(ParseResult parsed, WholeTableInput inputs, Subject subject, RegistrySnapshot registry,
        IReadOnlyList<Timestamp> times, DependenceOptions options)
    {
        // A prefix that does not count world-wide was asked for and counts.
        Func<Prefix, bool>? counts =
            subject.Kind is SubjectKind.Prefix && !subject.IsAddress && !PrefixFilter.CountsGlobally(subject.Prefix)
            ? prefix => PrefixFilter.CountsGlobally(prefix) || subject.Prefix.Covers(prefix) : null;
        var answers = new List<DependenceAnswer>();
        WholeTable? table = null;
        RegistrySnapshot ofDay = registry;
        foreach (var time in times)
        {
            ofDay = registry.At(DateOnly.FromDateTime(time.ToDateTimeOffset().UtcDateTime));
            table = inputs.Ask(time, counts);
            answers.Add(DependenceRun.Of(table, new(ofDay, RegistryOptions.RuleOf(parsed)), ofDay, subject, FamilyOf(parsed), options));
        }
        return new(table!, ofDay, answers[^1],
            parsed.GetResult(_bin) is { Implicit: false } ? answers : [])
        {
            Selection = inputs.Selection,
        };
    }

    private static int All(ParseResult parsed, WholeTableInput inputs, RegistrySnapshot registry, Timestamp at, DependenceOptions options)
    {
        if (inputs.Selection is { } selection)
            throw new UsageException($"the store keeps the routes of {selection} alone: all needs every prefix, as 'isthmus ingest --select all' keeps");
        var family = FamilyOf(parsed) is AddressFamily.IPv6 ? AddressFamily.IPv6 : AddressFamily.IPv4;
        var ofDay = registry.At(DateOnly.FromDateTime(at.ToDateTimeOffset().UtcDateTime));
        var table = inputs.Ask(at);
        var answers = new DependenceRun(table, new(ofDay, RegistryOptions.RuleOf(parsed)), ofDay, family,
            options with { NetworksMax = 10 }).All();
        var told = new DependenceReport(table, ofDay,
            new(DependenceRun.SubjectOf(Country.None), at, family, DependenceState.NoRoutes, 0, 0, 0, 0,
            [], [], [], [], []), []);
        using var output = Output.Open(parsed.GetValue(_out));
        if (parsed.GetValue(_format) is "json") DependenceJson.WriteAll(told, answers, output.Stream);
        else DependenceText.WriteAll(told, answers, output.Text, Terminal.ColumnsFor(parsed.GetValue(_out)));
        output.Complete();
        return CodeOf(table);
    }

    private static List<Timestamp> TimesOf(ParseResult parsed)
    {
        Timestamp? from = parsed.GetValue(SurveyOptions.From), to = parsed.GetValue(SurveyOptions.To);
        if (parsed.GetValue(_bin) is not { } bin)
        {
            var at = parsed.GetValue(WholeTableInput.At)!.Value;
            if (at < from || at >= to) throw new UsageException("--at does not lie between --from and --to");
            return [at];
        }
        if (to <= from) throw new UsageException("--to is not after --from; give a period that has some length");
        var times = new List<Timestamp>();
        for (var time = from!.Value; time < to; time += bin)
        {
            times.Add(time);
            if (times.Count > TimesMax) throw new UsageException($"--bin: the series has more than {TimesMax} times; give a longer one");
        }
        return times;
    }
}
