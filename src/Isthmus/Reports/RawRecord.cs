using Isthmus.Routes;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>An MRT record as its bytes stand in an input, with what they say.</summary>
/// <param name="Id">By which sentences and changes refer to it: <c>r1</c>, <c>r2</c>.</param>
/// <param name="Place">Which file, and where in it.</param>
/// <param name="Bytes">Header and body.</param>
/// <param name="PeerTable">Id of the peer index table without which it cannot be read; null where it names its peer itself.</param>
public sealed record RawRecord(string Id, SourcePlace Place, byte[] Bytes, string? PeerTable, RecordReading Reading);

/// <summary>What a record says, decoded.</summary>
/// <param name="Type">As RFC 6396 calls it: <c>BGP4MP MESSAGE_AS4</c>.</param>
/// <param name="Lines">As <c>bgpdump -m</c> prints it; the first <see cref="LinesMax"/>.</param>
/// <param name="LinesLeftOut">How many more there are.</param>
public sealed record RecordReading(string Type, Timestamp Time, IReadOnlyList<string> Lines, int LinesLeftOut)
{
    /// <summary>Lines kept of a record: a dump of one prefix has one for each peer.</summary>
    public const int LinesMax = 64;
}

/// <summary>The main fields of a record, as its lines have them.</summary>
/// <param name="Peer">AS and address; the first where a dump has many.</param>
/// <param name="Peers">How many different peers it has routes of.</param>
/// <param name="Path">The path of what is announced; of several the first.</param>
public sealed record RecordFields(
    string Peer, int Peers, IReadOnlyList<string> Announced, IReadOnlyList<string> Withdrawn, string Path, string NextHop,
    string Communities)
{
    private const int KindAt = 2, AddressAt = 3, AsnAt = 4, PrefixAt = 5, PathAt = 6, NextHopAt = 8, CommunitiesAt = 11;

    /// <summary>Reads them from the lines; null for a record that holds no route.</summary>
    public static RecordFields? Of(RecordReading reading)
    {
        string[][] lines = [.. reading.Lines.Select(line => line.Split('|')).Where(parts => parts.Length > PrefixAt)];
        if (lines.Length == 0) return null;
        var announced = lines.Where(parts => parts[KindAt] is "A" or "B").ToArray();
        string Field(int at) => announced.Length > 0 && announced[0].Length > at ? announced[0][at] : "";
        return new(
            $"AS{lines[0][AsnAt]} {lines[0][AddressAt]}", lines.Select(parts => (parts[AsnAt], parts[AddressAt])).Distinct().Count(),
            [.. announced.Select(parts => parts[PrefixAt]).Distinct()],
            [.. lines.Where(parts => parts[KindAt] is "W").Select(parts => parts[PrefixAt]).Distinct()],
            Field(PathAt), Field(NextHopAt), Field(CommunitiesAt));
    }
}

/// <summary>The records that a report embeds.</summary>
/// <param name="Records">In the order of the inputs, each once.</param>
/// <param name="Chosen">How many of them prove something; the others are peer tables.</param>
/// <param name="Asked">How many different records prove the report; those beyond the bound are named by place only.</param>
public sealed record EmbeddedRecords(IReadOnlyList<RawRecord> Records, int Chosen, int Asked)
{
    /// <summary>Records in one report: a page that anybody can open and mail.</summary>
    public const int RecordsMax = 1_000;

    /// <summary>Bytes of all of them, before they are written as text.</summary>
    public const int BytesMax = 1 << 18;

    private readonly Dictionary<(Source? Source, long Offset), string> _ids =
        Records.ToDictionary(record => (record.Place.Source, record.Place.Offset), record => record.Id);

    /// <summary>A report whose records were not read.</summary>
    public static readonly EmbeddedRecords None = new([], 0, 0);

    /// <summary>The id of an embedded record; null for one that is not.</summary>
    public string? IdOf(SourcePlace place) => place.IsNone ? null : _ids.GetValueOrDefault((place.Source, place.Offset));

    /// <summary>What is embedded and what is not, in a sentence.</summary>
    public string Choice => Chosen >= Asked
        ? "All records behind the sentences and changes are embedded, with the peer tables that some need to be read."
        : $"{Wording.Count(Asked, "record proves", "records prove")} this report; embedded are at most {Wording.Count(RecordsMax)} of them, "
            + $"and {Wording.Count(BytesMax / 1024)} KB: first those that date each change, then for each sentence and change "
            + "one of every peer, then the others. The rest are named by file, record and byte.";
}
