using System.Diagnostics;
using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

using Isthmus.Scenarios;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Wire;

/// <summary>Isthmus.Wire as others get it: its surface, its README, its package.</summary>
public sealed partial class PackageTests
{
    private static readonly Timestamp _time = Timestamp.Parse("2017-10-01T09:07:51Z");
    private static readonly MrtSession _session = new("192.0.2.2", 2914), _session6 = new("2001:db8::2", 2516);
    private static readonly PathAttributes _route = PathAttributes.Route("2914 4837 131279", "192.0.2.1");

    /// <summary>Where it fails on purpose, run the tests once with UPDATE_GOLDEN=1 and read the difference: others build on it.</summary>
    [Fact]
    public void The_public_surface_is_the_one_that_was_approved() => Golden.Check("wire-api.txt", PublicSurface.Of(typeof(Asn).Assembly));

    [Fact]
    public void The_package_needs_nothing_and_every_example_of_its_readme_runs_against_it_and_prints_what_stands_below_it()
    {
        using var folder = new TemporaryFolder();
        Dotnet(RealData.Repository, "pack", "src/Isthmus.Wire/Isthmus.Wire.csproj", "--no-build", "-c", "Release", "-o", folder.Root,
            "--nologo", "-v", "quiet");
        ExaminePackage(Assert.Single(Directory.GetFiles(folder.Root, "*.nupkg")));
        using (var symbols = ZipFile.OpenRead(Assert.Single(Directory.GetFiles(folder.Root, "*.snupkg"))))
            Assert.Contains("lib/net10.0/Isthmus.Wire.pdb", symbols.Entries.Select(entry => entry.FullName));

        var examples = Example().Matches(File.ReadAllText(Path.Combine(RealData.Repository, "src", "Isthmus.Wire", "README.md")));
        string[] inputs = WriteInputs(folder);
        Assert.Equal(inputs.Length, examples.Count);
        var program = new StringBuilder("using Isthmus.Wire;\nusing Isthmus.Wire.Bgp;\nusing Isthmus.Wire.Mrt;\nusing System.IO.Compression;\n");
        foreach (var (example, input) in examples.Zip(inputs))
            program.Append(CultureInfo.InvariantCulture, $$"""
                {
                string path = "{{input}}";
                byte[] bytes = File.ReadAllBytes(path);
                {{example.Groups[1].Value}}
                }

                """);
        folder.Write("Program.cs", Encoding.UTF8.GetBytes(program.ToString()));
        folder.Write("others.csproj", Encoding.UTF8.GetBytes(Project));
        folder.Write("nuget.config", """<configuration><packageSources><clear/><add key="here" value="."/></packageSources></configuration>"""u8.ToArray());
        string printed = Dotnet(folder.Root, "run", "-v", "quiet");
        Assert.Equal(string.Concat(examples.Select(example => example.Groups[2].Value)), printed);
    }

    private const string Project = """
        <Project Sdk="Microsoft.NET.Sdk">
          <PropertyGroup>
            <OutputType>Exe</OutputType>
            <TargetFramework>net10.0</TargetFramework>
            <ImplicitUsings>enable</ImplicitUsings>
            <Nullable>enable</Nullable>
            <TreatWarningsAsErrors>true</TreatWarningsAsErrors>
            <InvariantGlobalization>true</InvariantGlobalization>
            <UseAppHost>false</UseAppHost>
            <RestorePackagesPath>packages</RestorePackagesPath>
          </PropertyGroup>
          <ItemGroup>
            <PackageReference Include="Isthmus.Wire" Version="*" />
          </ItemGroup>
        </Project>
        """;

    private static void ExaminePackage(string path)
    {
        using var package = ZipFile.OpenRead(path);
        string[] names = [.. package.Entries.Select(entry => entry.FullName)];
        Assert.Contains("lib/net10.0/Isthmus.Wire.dll", names);
        Assert.Contains("lib/net10.0/Isthmus.Wire.xml", names);
        Assert.Contains("README.md", names);
        using var nuspec = package.GetEntry("Isthmus.Wire.nuspec")!.Open();
        var metadata = XDocument.Load(nuspec).Root!.Elements().Single();
        Assert.Equal("Apache-2.0", Element("license"));
        Assert.Equal("README.md", Element("readme"));
        Assert.True(Element("description").Length > 80);
        Assert.Contains("bgp", Element("tags").Split(' '));
        Assert.Empty(metadata.Descendants(metadata.Name.Namespace + "dependency"));

        string Element(string name) => metadata.Element(metadata.Name.Namespace + name)!.Value;
    }

    /// <summary>What each example reads, in the order of the README.</summary>
    private static string[] WriteInputs(TemporaryFolder folder)
    {
        byte[] sound = new MrtWriter().Update(_time, _session, _route, ["175.45.176.0/24"], ["175.45.177.0/24"])
            .Update(_time + TimeSpan.FromSeconds(1), _session6,
                new PathAttributes().Origin().AsPath("2516 4837").MpReach("2001:db8::9", "2001:db8::/32"))
            .StateChange(_time, _session, SessionState.Established, SessionState.Idle).ToArray();
        byte[] damaged = new MrtWriter().Update(_time, _session,
            new PathAttributes().Origin().Raw(0x40, 2, 2, 2, 0, 0, 11).NextHop("192.0.2.1"), ["175.45.176.0/24"]).ToArray();
        byte[] message = MessageWriter.Update(
            new PathAttributes().Origin().AsPath("2914 4837 131279").NextHop("192.0.2.1").Med(7).Communities("4837:100", "65535:666")
                .LargeCommunities("131279:1:2").Raw(0xE0, 99, 0xC0, 0xFF, 0xEE), ["175.45.176.0/24"], ["10.0.0.0/8"]);
        string updates = folder.Write("updates.mrt", sound);
        using var archive = new MemoryStream();
        using (var gzip = new GZipStream(archive, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(sound);
        return [updates, updates, folder.Write("updates.gz", archive.ToArray()), folder.Write("message.bgp", message),
            folder.Write("broken.mrt", [.. damaged, .. damaged[..20]])];
    }

    private static string Dotnet(string folder, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("dotnet", arguments)
        {
            WorkingDirectory = folder,
            RedirectStandardOutput = true,
            Environment = { ["DOTNET_NOLOGO"] = "1", ["DOTNET_CLI_TELEMETRY_OPTOUT"] = "1" },
        })!;
        string said = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, said);
        return said;
    }

    [GeneratedRegex(@"```csharp\n(.*?)```\s+```text\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Example();
}
