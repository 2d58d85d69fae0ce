using System.Diagnostics;
using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests;

/// <summary>The house rules. A list of exceptions may only get shorter.</summary>
public sealed partial class TidyTests
{
    private const int FileLinesMax = 450;
    private const int LineCharactersMax = 140;

    /// <summary>Files over the size of a file, none today.</summary>
    private static readonly string[] LongFiles = [];

    private static readonly string[] RootAllowed =
    [
        ".ci", ".editorconfig", ".gitattributes", ".gitignore", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md",
        "Directory.Build.props", "Directory.Packages.props", "Isthmus.slnx", "LICENSE", "README.md", "bench", "build", "docs",
        "global.json", "isthmus", "isthmus.cmd", "man", "samples", "src", "test", "tests",
    ];

    private static readonly Lazy<IReadOnlyList<string>> Tracked = new(TrackedFiles);

    private static IEnumerable<string> Code => Tracked.Value.Where(file => file.EndsWith(".cs", StringComparison.Ordinal));

    private static IEnumerable<string> Shipping => Code.Where(file => file.StartsWith("src/", StringComparison.Ordinal));

    [Fact]
    public void Files_stay_small() =>
        Assert.Equal(LongFiles, Code.Where(file => Lines(file).Length > FileLinesMax).ToArray());

    /// <summary>A text literal is read as it stands, so its characters do not count.</summary>
    [Fact]
    public void Lines_fit_a_screen() => AssertNone(
        from file in Code
        from line in Lines(file).Index()
        where TextLiteral().Replace(line.Item, "").Length > LineCharactersMax
        select $"{file}:{line.Index + 1} has {line.Item.Length} characters");

    [Theory]
    [InlineData("src/Isthmus.Wire/Isthmus.Wire.csproj", "")]
    [InlineData("src/Isthmus/Isthmus.csproj", "Isthmus.Wire")]
    [InlineData("src/Isthmus.Store/Isthmus.Store.csproj", "Isthmus")]
    [InlineData("src/Isthmus.App/Isthmus.App.csproj", "Isthmus Isthmus.Store")]
    public void Projects_reference_each_other_in_one_direction(string project, string references)
    {
        var found = XDocument.Load(Full(project)).Descendants("ProjectReference")
            .Select(reference => Path.GetFileNameWithoutExtension(reference.Attribute("Include")!.Value));
        Assert.Equal(references, string.Join(' ', found));
    }

    [Fact]
    public void The_wire_project_references_no_package() =>
        Assert.Empty(XDocument.Load(Full("src/Isthmus.Wire/Isthmus.Wire.csproj")).Descendants("PackageReference"));

    [Fact]
    public void The_wire_project_opens_nothing_and_starts_nothing() => AssertNone(
        from file in Shipping
        where file.StartsWith("src/Isthmus.Wire/", StringComparison.Ordinal)
        from match in Environment().Matches(Read(file))
        select $"{file} uses {match.Value}");

    [Fact]
    public void The_library_knows_no_console() => AssertNone(
        from file in Shipping
        where !file.StartsWith("src/Isthmus.App/", StringComparison.Ordinal)
        where ConsoleUse().IsMatch(Read(file))
        select file);

    /// <summary>What a user types is the program's: a server or another program asks in other words.</summary>
    [Fact]
    public void The_library_knows_no_option_names() => AssertNone(
        from file in Shipping
        where file.StartsWith("src/Isthmus/", StringComparison.Ordinal)
        from line in Lines(file).Index()
        where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal) && OptionName().IsMatch(line.Item)
        select $"{file}:{line.Index + 1} {line.Item.Trim()}");

    /// <summary>Analysis gives numbers and kinds; the words are made in Reports and Claims.</summary>
    [Fact]
    public void Analysis_makes_no_sentences() => AssertNone(
        from file in Shipping
        where file.StartsWith("src/Isthmus/Transit/", StringComparison.Ordinal)
        from line in Lines(file).Index()
        where !line.Item.TrimStart().StartsWith("//", StringComparison.Ordinal)
        where TextLiteral().Matches(line.Item).Any(text => Words().IsMatch(Hole().Replace(text.Value, "")))
        select $"{file}:{line.Index + 1} {line.Item.Trim()}");

    /// <summary>One clock says when something was fetched, one how long nothing was heard of a claim; no answer depends on them.</summary>
    [Fact]
    public void Time_comes_in_through_data() => AssertNone(
        from file in Shipping
        where file is not ("src/Isthmus.App/ArchiveOptions.cs" or "src/Isthmus.Store/ClickHouseClaims.cs")
        from match in Clock().Matches(Read(file))
        select $"{file} uses {match.Value}");

    [Fact]
    public void Type_names_say_what_a_thing_is() => AssertNone(
        from type in ShippingAssemblies().SelectMany(assembly => assembly.GetTypes())
        where type.Namespace?.StartsWith("Isthmus", StringComparison.Ordinal) is true && !type.Name.Contains('<', StringComparison.Ordinal)
        where BannedPart().IsMatch(type.Name)
        select type.FullName);

    [Fact]
    public void Every_public_type_says_what_it_is_in_a_summary() => AssertNone(
        from assembly in ShippingAssemblies()
        let documented = Documented(assembly)
        from type in assembly.GetExportedTypes()
        where !documented.Contains(type.FullName!.Replace('+', '.'))
        select type.FullName);

    [Fact]
    public void Nothing_is_left_to_be_done_in_a_comment() => AssertNone(
        from file in Code
        where !file.EndsWith("/TidyTests.cs", StringComparison.Ordinal)
        from line in Lines(file).Index()
        where Unfinished().IsMatch(line.Item)
        select $"{file}:{line.Index + 1} {line.Item.Trim()}");

    [Fact]
    public void No_file_names_a_place_on_somebodys_machine() => AssertNone(
        from file in Tracked.Value
        where Text().IsMatch(file) && !file.EndsWith("/TidyTests.cs", StringComparison.Ordinal)
        where MachinePath().IsMatch(Read(file))
        select file);

    [Fact]
    public void The_root_is_the_front_page() =>
        AssertNone(Tracked.Value.Select(file => file.Split('/')[0]).Distinct().Except(RootAllowed));

    [Fact]
    public void A_file_that_is_left_in_the_tree_is_no_part_of_it()
    {
        using var folder = new TemporaryFolder();
        folder.Write("tracked.cs", "class Tracked;"u8.ToArray());
        Git(folder.Root, "init", "--quiet");
        Git(folder.Root, "add", "tracked.cs");
        folder.Write("left.cs", "class Left;"u8.ToArray());
        Assert.Equal(["tracked.cs"], TrackedFiles(folder.Root));
    }

    [Fact]
    public void A_tree_that_git_does_not_know_fails_and_does_not_pass_as_an_empty_one()
    {
        using var folder = new TemporaryFolder();
        folder.Write(".git", "gitdir: nowhere\n"u8.ToArray());
        Assert.Throws<InvalidOperationException>(() => TrackedFiles(folder.Root));
    }

    private static void Git(string root, params string[] arguments)
    {
        using var git = Process.Start(new ProcessStartInfo("git", arguments) { WorkingDirectory = root })!;
        git.WaitForExit();
        Assert.Equal(0, git.ExitCode);
    }

    [Fact]
    public void Real_archives_stay_outside() => AssertNone(
        from file in Tracked.Value
        where !file.StartsWith("samples/", StringComparison.Ordinal) && !file.EndsWith("/registry.bin", StringComparison.Ordinal)
        where new FileInfo(Full(file)).Length > 1_000_000
        select $"{file} is over 1 MB");

    private static void AssertNone(IEnumerable<string?> found) => Assert.Equal([], found.ToArray());

    private static IEnumerable<Assembly> ShippingAssemblies() =>
        [typeof(Asn).Assembly, typeof(Coverage).Assembly, Assembly.Load("Isthmus.App")];

    private static HashSet<string> Documented(Assembly assembly) => XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"))
        .Descendants("member")
        .Where(member => member.Element("summary") is { } summary && summary.Value.Trim().Length > 0)
        .Select(member => member.Attribute("name")!.Value)
        .Where(name => name.StartsWith("T:", StringComparison.Ordinal))
        .Select(name => name[2..])
        .ToHashSet(StringComparer.Ordinal);

    private static string Full(string file) => Path.Combine(RealData.Repository, file);

    private static string Read(string file) => File.ReadAllText(Full(file));

    private static string[] Lines(string file) => File.ReadAllLines(Full(file));

    /// <summary>What git tracks, and nothing that merely lies beside it. A new file counts from <c>git add</c> on.</summary>
    private static string[] TrackedFiles() => TrackedFiles(RealData.Repository);

    private static string[] TrackedFiles(string root)
    {
        using var git = Process.Start(new ProcessStartInfo("git", ["ls-files", "--cached", "-z"])
        {
            WorkingDirectory = root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var error = git.StandardError.ReadToEndAsync();
        string output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        if (git.ExitCode != 0) throw new InvalidOperationException($"git ls-files ended with {git.ExitCode}: {error.GetAwaiter().GetResult()}");
        var files = output.Split('\0', StringSplitOptions.RemoveEmptyEntries);
        return [.. files.Where(file => File.Exists(Path.Combine(root, file))).Order(StringComparer.Ordinal)];
    }

    [GeneratedRegex(@"\bConsole\.|\bFile\.|\bFileStream\b|\bDirectory\.|\bSocket\b|\bTask\.|\bThread\b|\bProcess\.")]
    private static partial Regex Environment();

    [GeneratedRegex(@"[""\s']--[a-z]{2,}")]
    private static partial Regex OptionName();

    [GeneratedRegex("[a-z] [a-z]")]
    private static partial Regex Words();

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Hole();

    [GeneratedRegex(@"\bConsole\.")]
    private static partial Regex ConsoleUse();

    [GeneratedRegex(@"\bDateTime(?:Offset)?\.(?:Now|UtcNow|Today)\b|\bStopwatch\.|TimeProvider\.System")]
    private static partial Regex Clock();

    [GeneratedRegex("Manager|Helper|Util|Service|Processor|Handler|Factory|Provider|Info(?![a-z])|Data(?![a-z])|Impl(?![a-z])|Base(?![a-z])")]
    private static partial Regex BannedPart();

    // Written so that no rule finds itself.
    [GeneratedRegex(@"\b(?:TO[D]O|FIX[M]E|XX[X]|HAC[K])\b|^\s*#[r]egion")]
    private static partial Regex Unfinished();

    [GeneratedRegex(@"\.(?:cs|md|csproj|props|slnx|json|txt|sh)$|^(?:isthmus|test|\.ci/run)$")]
    private static partial Regex Text();

    [GeneratedRegex("""\$?"(?:\\.|[^"\\])*"|^\s*<.*""")]
    private static partial Regex TextLiteral();

    [GeneratedRegex(@"/(?:w[o]rk|h[o]me/\w+|Us[e]rs/\w+)/|[A-Z]:\\\w+\\", RegexOptions.CultureInvariant)]
    private static partial Regex MachinePath();
}
