using System.Buffers;
using System.Buffers.Text;
using System.Text;

using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>The text that <c>bgpdump -m</c> writes, and <c>isthmus read</c> as well: how it is told, and one line of it.</summary>
internal static class BgpdumpText
{
    /// <summary>What Windows writes before UTF-8.</summary>
    public static ReadOnlySpan<byte> Mark => "\uFEFF"u8;

    /// <summary>
    /// True when a line at the start of a file begins as bgpdump's do; some bytes may be no text, as where they are damaged, but not where
    /// the file begins as MRT does.
    /// </summary>
    public static bool IsText(ReadOnlySpan<byte> start)
    {
        if (start.ContainsAnyExcept(_printable) && MrtReader.IsPlausible(start)) return false;
        if (start.StartsWith(Mark)) start = start[Mark.Length..];
        foreach (var range in start.SplitAny((byte)'\n', (byte)'\r'))
        {
            var line = start[range];
            int type = line.IndexOf((byte)'|');
            bool isTyped = type > 0 && TypeOf(line[..type], out _) is not null;
            if (isTyped && line[(type + 1)..] is [>= (byte)'0' and <= (byte)'9', ..]) return true;
        }
        return false;
    }

    private static readonly SearchValues<byte> _printable = SearchValues.Create(
        "\t\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~"u8);

    /// <summary>The type of record that a line's first field names; null for none.</summary>
    /// <param name="withPathIds">True where prefixes are followed by path identifiers: <c>_AP</c>.</param>
    public static MrtType? TypeOf(ReadOnlySpan<byte> name, out bool withPathIds)
    {
        withPathIds = name.EndsWith("_AP"u8);
        if (withPathIds) name = name[..^3];
        return name.SequenceEqual("TABLE_DUMP2"u8) ? MrtType.TableDumpV2
            : name.SequenceEqual("BGP4MP"u8) ? MrtType.Bgp4Mp
            : name.SequenceEqual("BGP4MP_ET"u8) ? MrtType.Bgp4MpEt
            : withPathIds ? null
            : name.SequenceEqual("TABLE_DUMP"u8) ? MrtType.TableDump
            : name.SequenceEqual("BGP"u8) ? MrtType.Bgp
            : null;
    }
}

/// <summary>
/// One line: <c>TYPE|time|A|peer address|peer AS|prefix|path|origin|next hop|local preference|MED|communities|AG|aggregator|</c>.
/// Its fields are read now, but for the lists; the first that cannot be is <see cref="Wrong"/>.
/// </summary>
internal ref struct BgpdumpLine
{
    private readonly int _length;
    private ReadOnlySpan<byte> _rest;
    private bool _ended;

    public BgpdumpLine(ReadOnlySpan<byte> line)
    {
        _rest = line;
        _length = line.Length;
        var type = BgpdumpText.TypeOf(Next("type"), out bool withPathIds);
        if (type is null) Fail("no type of record that bgpdump names");
        Type = type ?? default;
        HasPathIds = withPathIds;
        Time = ReadTime();
        Kind = ReadKind();
        Peer = new(ReadAddress("peer's address"), new(ReadNumber("peer's AS")));
        HasPeer = Wrong is null;
        if (Kind is RouteEventKind.PeerState) (OldState, NewState) = (ReadState("old state"), ReadState("new state"));
        else ReadRoute();
        if (Wrong is null && !_ended) Fail("more fields than a line has");
    }

    /// <summary>What is wrong, in words; null for nothing.</summary>
    public string? Wrong { get; private set; }

    /// <summary>Where it is: bytes from the start of the line.</summary>
    public int WrongAt { get; private set; }

    /// <summary>True when type, time, kind and peer could be read.</summary>
    public bool HasPeer { get; }

    public MrtType Type { get; }
    public bool HasPathIds { get; }
    public Timestamp Time { get; }
    public RouteEventKind Kind { get; }
    public MrtPeer Peer { get; }
    public ushort OldState { get; }
    public ushort NewState { get; }
    public Prefix Prefix { get; private set; }
    public uint PathId { get; private set; }
    public ReadOnlySpan<byte> Path { get; private set; }
    public byte Origin { get; private set; }

    /// <summary>No address where bgpdump's word for none stands.</summary>
    public IpAddress NextHop { get; private set; }

    public uint LocalPreference { get; private set; }
    public uint Med { get; private set; }
    public ReadOnlySpan<byte> Communities { get; private set; }
    public bool AtomicAggregate { get; private set; }
    public Asn AggregatorAs { get; private set; }
    public IpAddress Aggregator { get; private set; }

    private void ReadRoute()
    {
        Prefix = ReadPrefix();
        if (HasPathIds) PathId = ReadNumber("path identifier");
        if (Kind is RouteEventKind.Withdrawal) return;
        Path = Next("path");
        var origin = Next("origin");
        Origin = origin.SequenceEqual("IGP"u8) ? (byte)0 : origin.SequenceEqual("EGP"u8) ? (byte)1 : (byte)2;
        if (Origin == 2 && !origin.SequenceEqual("INCOMPLETE"u8)) Fail("origin is not IGP, EGP or INCOMPLETE");
        NextHop = ReadAddress("next hop");
        if (NextHop == IpAddress.V4(uint.MaxValue)) NextHop = default;
        LocalPreference = ReadNumber("local preference");
        Med = ReadNumber("MED");
        var communities = Next("communities");
        // Of records of type BGP bgpdump leaves the field out where there are none.
        bool isLeftOut = Type is MrtType.Bgp && communities is [(byte)'A', (byte)'G'] or [(byte)'N', (byte)'A', (byte)'G'];
        Communities = isLeftOut ? default : communities;
        var aggregate = isLeftOut ? communities : Next("AG or NAG");
        AtomicAggregate = aggregate.SequenceEqual("AG"u8);
        if (!AtomicAggregate && !aggregate.SequenceEqual("NAG"u8)) Fail("AG or NAG is neither");
        var aggregator = Next("aggregator");
        if (!aggregator.IsEmpty) ReadAggregator(aggregator);
        if (!Next("bar behind the aggregator").IsEmpty) Fail("more fields than a line has");
    }

    private void ReadAggregator(ReadOnlySpan<byte> text)
    {
        int space = text.IndexOf((byte)' ');
        if (space > 0 && TryNumber(text[..space], out uint asn) && TryAddress(text[(space + 1)..], out var address))
            (AggregatorAs, Aggregator) = (new(asn), address);
        if (Aggregator.Family is not AddressFamily.IPv4) Fail("aggregator is not an AS and an IPv4 address");
    }

    // Where there are microseconds there are six digits of them.
    private Timestamp ReadTime()
    {
        var text = Next("time");
        int point = text.IndexOf((byte)'.');
        var micros = point < 0 ? default : text[(point + 1)..];
        uint seconds = 0, fraction = 0;
        bool isTime = TryNumber(point < 0 ? text : text[..point], out seconds)
            && (point < 0 || micros.Length == 6 && TryNumber(micros, out fraction));
        if (!isTime) Fail("time is not in seconds since 1970");
        return new(seconds * Timestamp.PerSecond + fraction);
    }

    private RouteEventKind ReadKind()
    {
        var text = Next("kind");
        bool isDump = Type is MrtType.TableDump or MrtType.TableDumpV2;
        switch (text)
        {
            case [(byte)'B'] when isDump: return RouteEventKind.RibEntry;
            case [(byte)'A'] when !isDump: return RouteEventKind.Announcement;
            case [(byte)'W'] when !isDump: return RouteEventKind.Withdrawal;
            case [(byte)'S', ..] when !isDump && text.SequenceEqual("STATE"u8): return RouteEventKind.PeerState;
        }
        Fail(isDump ? "kind is not B, as it is in a dump" : "kind is not A, W or STATE");
        return default;
    }

    private Prefix ReadPrefix()
    {
        var text = Next("prefix");
        Span<char> characters = stackalloc char[64];
        if (text.Length <= characters.Length
            && Prefix.TryParse(characters[..Encoding.ASCII.GetChars(text, characters)], null, out var prefix)) return prefix;
        Fail("prefix is none");
        return default;
    }

    private IpAddress ReadAddress(string what)
    {
        if (TryAddress(Next(what), out var address)) return address;
        Fail(what + " is no address");
        return default;
    }

    private uint ReadNumber(string what)
    {
        if (TryNumber(Next(what), out uint number)) return number;
        Fail(what + " is no number of 32 bits");
        return 0;
    }

    private ushort ReadState(string what)
    {
        uint state = ReadNumber(what);
        if (state > ushort.MaxValue) Fail(what + " is no state");
        return (ushort)(state & ushort.MaxValue);
    }

    public static bool TryNumber(ReadOnlySpan<byte> text, out uint number) =>
        Utf8Parser.TryParse(text, out number, out int used) && used == text.Length && text[0] is >= (byte)'0' and <= (byte)'9';

    private static bool TryAddress(ReadOnlySpan<byte> text, out IpAddress address)
    {
        Span<char> characters = stackalloc char[64];
        address = default;
        return text.Length <= characters.Length
            && IpAddress.TryParse(characters[..Encoding.ASCII.GetChars(text, characters)], null, out address);
    }

    private ReadOnlySpan<byte> Next(string what)
    {
        if (Wrong is not null) return default;
        _fieldAt = _length - _rest.Length;
        if (_ended)
        {
            Fail(what + " is missing");
            return default;
        }
        int bar = _rest.IndexOf((byte)'|');
        var field = bar < 0 ? _rest : _rest[..bar];
        _ended = bar < 0;
        _rest = bar < 0 ? default : _rest[(bar + 1)..];
        return field;
    }

    private int _fieldAt;

    private void Fail(string what)
    {
        if (Wrong is not null) return;
        Wrong = what;
        WrongAt = _fieldAt;
    }
}
