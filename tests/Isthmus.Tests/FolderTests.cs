using System.Reflection;
using System.Text.RegularExpressions;

using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests;

/// <summary>
/// Which folder uses which, by what the compiler made of it: every arrow stands in ARCHITECTURE.md, every arrow that stands there exists,
/// and none leads back. A folder's name is its namespace, and that of the types at the root is the name of the project.
/// </summary>
public sealed partial class FolderTests
{
    private static readonly Assembly _wire = typeof(Asn).Assembly, _library = typeof(Survey).Assembly;

    [Fact]
    public void Every_arrow_between_folders_stands_in_the_picture_and_no_other()
    {
        string found = string.Join('\n', Arrows(_library).Concat(Arrows(_wire)).GroupBy(arrow => arrow.From)
            .Select(from => $"{from.Key} -> {string.Join(", ", from.Select(arrow => arrow.To).Order(StringComparer.Ordinal))}")
            .Order(StringComparer.Ordinal));
        string stated = string.Join('\n', Arrow().Matches(File.ReadAllText(Path.Combine(RealData.Repository, "ARCHITECTURE.md")))
            .Select(match => match.Value.Trim()).Order(StringComparer.Ordinal));
        Assert.True(stated == found, $"ARCHITECTURE.md has to say, in any order:\n{found}");
    }

    [Fact]
    public void No_folder_uses_one_that_uses_it_at_any_level()
    {
        foreach (var assembly in (Assembly[])[_library, _wire])
        {
            var arrows = Arrows(assembly).ToLookup(arrow => arrow.From, arrow => arrow.To);
            foreach (string folder in arrows.Select(from => from.Key)) Assert.DoesNotContain(folder, Reached(folder));

            HashSet<string> Reached(string from)
            {
                var reached = new HashSet<string>(StringComparer.Ordinal);
                var open = new Stack<string>([from]);
                while (open.TryPop(out string? at))
                    foreach (string next in arrows[at])
                        if (reached.Add(next)) open.Push(next);
                return reached;
            }
        }
    }

    [Fact]
    public void A_namespace_says_in_which_folder_a_file_lies()
    {
        foreach (string project in (string[])["src/Isthmus", "src/Isthmus.Wire"])
            foreach (string file in Directory.EnumerateFiles(Path.Combine(RealData.Repository, project), "*.cs", SearchOption.AllDirectories))
            {
                string folder = Path.GetRelativePath(Path.Combine(RealData.Repository, "src"), Path.GetDirectoryName(file)!);
                Assert.Contains($"namespace {folder.Replace('/', '.').Replace('\\', '.')};", File.ReadLines(file));
            }
    }

    private static IEnumerable<(string From, string To)> Arrows(Assembly assembly) => TypeUses.Of(assembly)
        .Select(use => (From: FolderOf(use.User.Namespace), To: FolderOf(use.Used.Namespace)))
        .Where(arrow => arrow.From != arrow.To && arrow.From.Length > 0 && arrow.To.Length > 0).Distinct();

    // What the compiler adds to an assembly has no namespace of ours.
    private static string FolderOf(string name) => name is "Isthmus" or "Isthmus.Wire" ? name
        : name.StartsWith("Isthmus.Wire.", StringComparison.Ordinal) ? name["Isthmus.".Length..].Replace('.', '/')
        : name.StartsWith("Isthmus.", StringComparison.Ordinal) ? name["Isthmus.".Length..].Replace('.', '/') : "";

    [GeneratedRegex(@"^ [\w./]+ -> [\w./, ]+$", RegexOptions.Multiline)]
    private static partial Regex Arrow();
}
