using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

using Isthmus.Tests.Support;

namespace Isthmus.Tests;

/// <summary>Documents say what the program does.</summary>
public sealed partial class DocsTests
{
    [Fact]
    public void The_first_command_of_the_readme_gives_what_stands_below_it_and_a_page()
    {
        string readme = Read("README.md");
        string command = Blocks("sh").Matches(readme)[0].Groups[1].Value.Trim();
        Assert.StartsWith("./isthmus report KP ", command, StringComparison.Ordinal);
        var shown = Blocks("text").Matches(readme)[0].Groups[1];

        using var folder = new TemporaryFolder();
        string page = folder.Place("kp.html");
        var run = Cli.Run([.. command.Split(' ')[1..].Select(word => word is "kp.html" ? page : word)]);
        Assert.Equal(0, run.ExitCode);
        Assert.Contains("<html", File.ReadAllText(page), StringComparison.Ordinal);

        int lines = shown.Value.Count(character => character is '\n');
        string begins = string.Concat(run.Out.Split('\n').Take(lines).Select(line => line + "\n"));
        Golden.CheckFile(Full("README.md"), readme[..shown.Index] + begins + readme[(shown.Index + shown.Length)..]);
    }

    [Fact]
    public void The_second_command_of_the_readme_is_the_one_that_the_check_runs()
    {
        string command = Blocks("sh").Matches(Read("README.md"))[1].Groups[1].Value.Trim();
        Assert.Contains($"exec {command} ", Read(".ci/run"), StringComparison.Ordinal);
        Assert.True(File.Exists(Full(command)));
    }

    [Fact]
    public void Commands_in_the_readme_are_commands_with_options_that_there_are()
    {
        foreach (Match line in ReadmeCommand().Matches(Read("README.md")))
        {
            string help = Cli.Run(line.Groups[1].Value, "--help").Out;
            Assert.Contains("Usage:", help, StringComparison.Ordinal);
            foreach (Match option in OptionWord().Matches(line.Value)) Assert.Contains(option.Value, help, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_reference_of_commands_is_their_help()
    {
        var text = new StringBuilder("# Commands\n\nWhat `--help` prints.\n");
        foreach (string command in new[] { "", "report", "verify", "check", "history", "table", "depend", "exposure", "rank", "whatif", "resilience", "ingest", "store", "read", "fetch", "attribution", "completion", "man" })
        {
            string line = $"isthmus {command}".TrimEnd();
            string help = Cli.Run([.. command.Split(' ', StringSplitOptions.RemoveEmptyEntries), "--help"]).Out;
            string[] lines = [.. help.Split('\n').Select(part => part.TrimEnd())];
            text.Append($"\n## {line}\n\n```\n{string.Join('\n', lines).Trim('\n')}\n```\n");
        }
        Golden.CheckFile(Full("docs/cli.md"), text.ToString());
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("ARCHITECTURE.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("docs/decisions.md")]
    [InlineData("docs/standards.md")]
    public void Files_that_a_document_names_are_there(string document)
    {
        string text = Read(document);
        string folder = Path.GetDirectoryName(Full(document))!;
        var links = Link().Matches(text).Select(match => Path.GetFullPath(match.Groups[1].Value, folder));
        var named = NamedFile().Matches(text).Select(match => Full(match.Groups[1].Value));
        Assert.Equal([], links.Concat(named).Where(path => !File.Exists(path) && !Directory.Exists(path)));
    }

    /// <summary>The list of arrows between folders is looked up, and not read: its lines do not count.</summary>
    [Fact]
    public void The_architecture_can_be_read_in_ten_minutes() =>
        Assert.InRange(File.ReadLines(Full("ARCHITECTURE.md")).Count(line => !line.Contains(" -> ", StringComparison.Ordinal)), 40, 160);

    [Theory]
    [InlineData("collector")]
    [InlineData("peer")]
    [InlineData("vantage point")]
    [InlineData("full-feed peer")]
    [InlineData("route event")]
    [InlineData("prefix")]
    [InlineData("origin")]
    [InlineData("upstream")]
    [InlineData("visibility")]
    [InlineData("coverage")]
    [InlineData("fault")]
    [InlineData("treatment")]
    [InlineData("gap")]
    [InlineData("bin")]
    [InlineData("hegemony")]
    [InlineData("confidence")]
    [InlineData("evidence")]
    public void The_glossary_has_the_words_of_a_report(string word) =>
        Assert.Contains($"| {word} |", Read("docs/glossary.md"), StringComparison.Ordinal);

    [Fact]
    public void What_comments_and_documents_cite_of_the_methods_is_there()
    {
        string methods = Read("docs/methods.md");
        HashSet<string> titles =
            [.. Heading().Matches(methods).Concat(LeadWord().Matches(methods)).Select(match => match.Groups["title"].Value)];
        HashSet<string> numbers = [.. Heading().Matches(methods).Select(match => match.Groups["number"].Value)];
        Assert.Contains("8.3", numbers);
        (string File, string Title)[] cited =
            [.. CitingFiles().SelectMany(file => Citation().Matches(Joined(file)).Select(match => (file, match.Groups["title"].Value)))];
        Assert.NotEmpty(cited);
        Assert.Equal([], cited.Where(citation => !titles.Contains(citation.Title)));
        var numbered = CitingFiles().SelectMany(file => NumberedCitation().Matches(Joined(file))
            .SelectMany(match => match.Groups["number"].Captures.Select(number => (file, number.Value))));
        Assert.Equal([], numbered.Where(citation => !numbers.Contains(citation.Value)));
    }

    [Fact]
    public void Numbers_of_sections_and_rules_that_comments_cite_say_of_which_document() =>
        Assert.Equal([], CitingFiles().Where(file => file.EndsWith(".cs", StringComparison.Ordinal))
            .SelectMany(file => BareNumber().Matches(Joined(file)).Select(match => $"{file}: {match.Value}")));

    private static IEnumerable<string> CitingFiles() => new[] { "src", "tests", "bench", "docs" }
        .SelectMany(folder => Directory.EnumerateFiles(Full(folder), "*", SearchOption.AllDirectories))
        .Where(file => Path.GetExtension(file) is ".cs" or ".md" && Path.GetFileName(file) is not "DocsTests.cs");

    // A comment goes on in the next line.
    private static string Joined(string file) => CommentBreak().Replace(File.ReadAllText(file), " ");

    [Fact]
    public void The_schema_says_how_many_rows_a_group_of_parquet_has() =>
        Assert.Contains($"groups of {Rows().Match(Read("src/Isthmus/Export/ParquetRows.cs")).Groups[1].Value switch
        {
            var shift => (1 << int.Parse(shift, CultureInfo.InvariantCulture)).ToString("N0", CultureInfo.InvariantCulture),
        }} rows", Read("docs/schema.md"), StringComparison.Ordinal);

    [Fact]
    public void Every_package_has_its_reason()
    {
        string decisions = Read("docs/decisions.md");
        var packages = Package().Matches(Read("Directory.Packages.props")).Select(match => match.Groups[1].Value);
        Assert.Equal([], packages.Where(package => !decisions.Contains(package, StringComparison.Ordinal)));
    }

    private static Regex Blocks(string language) => new($"```{language}\\n(.*?)```", RegexOptions.Singleline);

    private static string Full(string file) => Path.Combine(RealData.Repository, file);

    private static string Read(string file) => File.ReadAllText(Full(file));

    [GeneratedRegex(@"^#+ (?:(?<number>\d+(?:\.\d+)?)\.? )?(?<title>.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    /// <summary>A paragraph's name: <c>**Dates.**</c>.</summary>
    [GeneratedRegex(@"^\*\*(?<title>[^*]+)\.\*\*", RegexOptions.Multiline)]
    private static partial Regex LeadWord();

    [GeneratedRegex(@"methods\.md\)?, ""(?<title>[^""]+)""", RegexOptions.IgnoreCase)]
    private static partial Regex Citation();

    [GeneratedRegex(
        @"methods\.md\)?,? (?:sections? )?(?<number>\d+(?:\.\d+)?)(?:(?:, | and )(?<number>\d+(?:\.\d+)?))*", RegexOptions.IgnoreCase)]
    private static partial Regex NumberedCitation();

    [GeneratedRegex(@"\((?:sections?|rules?|vector) V?[\d.]+[^)]{0,3}\)|\bvector V\d+")]
    private static partial Regex BareNumber();

    [GeneratedRegex(@"\r?\n[ \t]*(?:///?[ \t]?)?")]
    private static partial Regex CommentBreak();

    [GeneratedRegex(@"GroupRows = 1 << (\d+);")]
    private static partial Regex Rows();

    [GeneratedRegex(@"\./isthmus (report|read|verify)\b[^`\n]*")]
    private static partial Regex ReadmeCommand();

    [GeneratedRegex("--[a-z]+")]
    private static partial Regex OptionWord();

    [GeneratedRegex(@"\]\((?!https?:)([^)#]+)\)")]
    private static partial Regex Link();

    [GeneratedRegex("`((?:src|tests|build|bench|samples|docs)/[^` ]+)`")]
    private static partial Regex NamedFile();

    [GeneratedRegex("""<PackageVersion Include="([^"]+)" """)]
    private static partial Regex Package();
}
