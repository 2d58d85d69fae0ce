using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>Who is who in a report: numbers with the names and countries that the registry gives them.</summary>
public sealed class Names(RegistrySnapshot registry)
{
    /// <summary>Longest name that a line or a label can bear.</summary>
    private const int BriefMax = 30;

    /// <summary><c>AS20485 TransTeleCom (RU)</c>, with as much of it as the registry knows.</summary>
    public string Label(Asn asn) => Label(asn, int.MaxValue);

    /// <summary>The same with a long name cut.</summary>
    public string Brief(Asn asn) => Label(asn, BriefMax);

    /// <summary>For a headline: <c>TransTeleCom (AS20485, Russia)</c>.</summary>
    public string Spoken(Asn asn)
    {
        var country = registry.CountryOf(asn);
        return (Name(asn), country.IsNone) switch
        {
            ("", true) => asn.ToString(),
            ("", false) => $"{asn} ({CountryNames.NameOf(country)})",
            (var name, true) => $"{Wording.Cut(name, BriefMax)} ({asn})",
            var (name, _) => $"{Wording.Cut(name, BriefMax)} ({asn}, {CountryNames.NameOf(country)})",
        };
    }

    /// <summary>The shortest: the name alone, or the number where there is none.</summary>
    public string Short(Asn asn) => Name(asn) is { Length: > 0 } name ? Wording.Cut(name, BriefMax) : asn.ToString();

    /// <summary>The subject in a sentence: <c>North Korea</c>, <c>Star JV (AS131279)</c>, <c>175.45.176.0/22</c>.</summary>
    public static string Spoken(Subject subject) => subject switch
    {
        { Kind: SubjectKind.Country, Name.Length: > 0 } => subject.Name,
        { Kind: SubjectKind.As, Name.Length: > 0 } => $"{Wording.Cut(subject.Name.Trim(), BriefMax)} ({subject.Text})",
        _ => subject.Text,
    };

    /// <summary>The subject in full: <c>North Korea (KP)</c>, <c>AS131279 Star JV (North Korea)</c>.</summary>
    public static string Full(Subject subject)
    {
        if (subject.Kind is SubjectKind.Country)
            return string.IsNullOrEmpty(subject.Name) ? subject.Text : $"{subject.Name} ({subject.Text})";
        string name = string.IsNullOrWhiteSpace(subject.Name) ? subject.Text : $"{subject.Text} {subject.Name.Trim()}";
        return subject.Country.IsNone ? name : $"{name} ({CountryNames.NameOf(subject.Country)})";
    }

    private string Name(Asn asn) => Bare(registry.NameOf(asn)?.Trim() ?? "");

    // The legal form of a company says nothing to a reader, and takes the room of its name.
    private static string Bare(string name)
    {
        string bare = _formsBefore.Aggregate(
            name, (text, form) => text.StartsWith(form, StringComparison.OrdinalIgnoreCase) ? text[form.Length..] : text);
        bool cut = true;
        while (cut)
        {
            string before = bare;
            foreach (string form in _formsAfter)
                if (bare.EndsWith(form, StringComparison.OrdinalIgnoreCase)) bare = bare[..^form.Length].TrimEnd(',', ' ');
            cut = bare != before;
        }
        // Of quotes around a name sources may keep one.
        if (bare.Count(one => one == '"') is var quotes && (quotes % 2 == 1 || quotes == 2 && bare is ['"', .., '"'])) bare = bare.Trim('"', ' ');
        return bare.Length > 0 ? bare : name;
    }

    private static readonly string[] _formsBefore =
        ["Public Joint Stock Company ", "Open Joint Stock Company ", "Closed Joint Stock Company ", "Joint Stock Company ", "PJSC ",
        "OJSC ", "JSC ", "LLC "];

    private static readonly string[] _formsAfter =
        [" Inc.", " Inc", " LLC", " L.L.C.", " Ltd.", " Ltd", " Limited", " GmbH", " S.A.", " SA", " AB", " B.V.", " Co.", " Corp.",
        " Corporation", " plc", " AG", " Pty"];

    private string Label(Asn asn, int nameMax)
    {
        string name = Name(asn);
        string label = name.Length == 0 ? asn.ToString() : $"{asn} {Wording.Cut(name, nameMax)}";
        return registry.CountryOf(asn) is { IsNone: false } country ? $"{label} ({country})" : label;
    }
}
