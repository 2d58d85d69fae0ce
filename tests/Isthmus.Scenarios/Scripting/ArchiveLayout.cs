using System.Globalization;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>How a project names and times its files.</summary>
/// <param name="DumpFormat">File name of a table dump, with the time as <c>{0}</c>.</param>
/// <param name="UpdateFormat">The same for updates.</param>
/// <param name="HasStates">Whether session states are recorded: RIS does, RouteViews does not.</param>
public sealed record ArchiveLayout(
    string Folder, string DumpFormat, string UpdateFormat, TimeSpan DumpEvery, TimeSpan UpdateEvery, bool HasStates,
    Asn LocalAsn, string Name)
{
    /// <summary>The layout of RIS, or of RouteViews, where route-views2 has no folder of its own.</summary>
    public static ArchiveLayout Of(string name, Project project) => project switch
    {
        Project.Ris => new(
            $"{name}/{{0:yyyy.MM}}/", "bview.{0:yyyyMMdd.HHmm}.gz", "updates.{0:yyyyMMdd.HHmm}.gz",
            TimeSpan.FromHours(8), TimeSpan.FromMinutes(5), HasStates: true, new(12654), name),
        Project.RouteViews => new(
            (name is "route-views2" ? "" : name + "/") + "bgpdata/{0:yyyy.MM}/",
            "RIBS/rib.{0:yyyyMMdd.HHmm}.bz2", "UPDATES/updates.{0:yyyyMMdd.HHmm}.bz2",
            TimeSpan.FromHours(2), TimeSpan.FromMinutes(15), HasStates: false, new(6447), name),
        _ => throw new ArgumentException($"no archive layout for project {project}", nameof(project)),
    };

    public string DumpPath(Timestamp time) => Format(Folder + DumpFormat, time);

    public string UpdatePath(Timestamp time) => Format(Folder + UpdateFormat, time);

    /// <summary>The collector's own address, out of the documentation ranges.</summary>
    public static IpAddress LocalAddress(AddressFamily family) =>
        IpAddress.Parse(family is AddressFamily.IPv6 ? "2001:db8::1" : "198.51.100.1");

    /// <summary>The collector's BGP identifier: different for each name.</summary>
    public string BgpId => IpAddress.V4(0x0A000000 | (uint)(SeededRandom.Hash(Name) & 0xFFFFFF)).ToString();

    private static string Format(string format, Timestamp time) =>
        string.Format(CultureInfo.InvariantCulture, format, time.ToDateTimeOffset());
}

/// <summary>A file of an archive: its place, and its bytes before packing.</summary>
/// <param name="Path">Below the archive's root, with slashes.</param>
/// <param name="Content">MRT, not yet compressed.</param>
/// <param name="Start">Of what it holds, by the clock of the collector.</param>
public sealed record ArchiveFile(string Path, byte[] Content, ScenarioCollector Collector, Timestamp Start, bool IsDump)
{
    /// <summary>The bytes as the archive stores them, by the name's ending.</summary>
    /// <param name="small">True for bzip2 of no larger a block than it needs, which costs a fraction of the time.</param>
    public byte[] Packed(bool small = false) => System.IO.Path.GetExtension(Path) switch
    {
        ".gz" => Compressed.Gzip(Content),
        ".bz2" => small ? Compressed.Bzip2InOneBlock(Content) : Compressed.Bzip2(Content),
        _ => Content,
    };
}
