using Isthmus.Export;
using Isthmus.Filters;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Tests.Export;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Tests.Filters;

/// <summary>Filters at work on encoded records.</summary>
internal static class Filtering
{
    public static readonly Timestamp Time = Timestamp.Parse("2017-10-01T09:07:51Z");

    /// <summary>AS131279 in KP, 4837 and 9929 in CN, 20485 in RU.</summary>
    public static RegistrySnapshot Registry { get; } = new([new(
        ["a test"],
        [
            new(new(131279), Country.Parse("KP"), "STAR"), new(new(4837), Country.Parse("CN"), "UNICOM"),
            new(new(9929), Country.Parse("CN"), "CUII"), new(new(20485), Country.Parse("RU"), "TTK"),
        ],
        [], [])]);

    public static Filter Parse(string text, Func<string, IEnumerable<string>>? lines = null) => Filter.Parse(text, () => Registry, lines);

    /// <summary>Prefixes of the events that pass; <c>-</c> for a change of state.</summary>
    public static string Passing(string filter, byte[] file, Func<string, IEnumerable<string>>? lines = null, string collector = "rrc00") =>
        string.Join(' ', Walk(Parse(filter, lines).For(new(collector, Project.Ris)), file));

    private static List<string> Walk(FileFilter filter, byte[] file)
    {
        var passing = new List<string>();
        using var records = new RecordReader(new MemoryStream(file), new());
        var events = new RouteEventReader();
        while (records.TryRead(out var record))
            foreach (ref readonly var one in events.Read(record))
                if (filter.Passes(one, events)) passing.Add(one.Kind is RouteEventKind.PeerState ? "-" : one.Prefix.ToString());
        return passing;
    }

    /// <summary>How many events pass, by the same way that the program goes.</summary>
    public static long Count(string? filter, byte[] file)
    {
        using var input = new TemporaryFile("file", file);
        return ReadRun.Run([input.Input], null, new(), CancellationToken.None, filter is null ? null : Parse(filter)).Elements;
    }

    /// <summary>One announcement of 175.45.178.0/24 by a path.</summary>
    public static byte[] Announcement(string path) => Announcement(PathAttributes.Route(path, "192.0.2.7"));

    public static byte[] Announcement(PathAttributes attributes, string prefix = "175.45.178.0/24") =>
        new MrtWriter().Update(Time, new("192.0.2.2", 3333), attributes, announce: [prefix]).ToArray();

    public static bool Passes(string filter, byte[] file) => Passing(filter, file).Length > 0;
}
