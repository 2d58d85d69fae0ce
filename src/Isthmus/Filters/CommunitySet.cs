using System.Globalization;

using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Filters;

/// <summary>
/// Communities asked for: <c>65000:*</c>, <c>65000:100-199</c>, <c>no-export</c>, large ones as <c>1:2:3</c>, extended
/// ones as <c>rt:65000:*</c>, <c>soo:192.0.2.1:7</c> or all eight bytes, <c>0x…</c>.
/// </summary>
internal sealed class CommunitySet
{
    // IANA registry "BGP Well-known Communities".
    private static readonly Dictionary<string, uint> _wellKnown = new(StringComparer.OrdinalIgnoreCase)
    {
        ["graceful-shutdown"] = 0xFFFF_0000,
        ["accept-own"] = 0xFFFF_0001,
        ["llgr-stale"] = 0xFFFF_0006,
        ["no-llgr"] = 0xFFFF_0007,
        ["blackhole"] = 0xFFFF_029A,
        ["no-export"] = 0xFFFF_FF01,
        ["no-advertise"] = 0xFFFF_FF02,
        ["no-export-subconfed"] = 0xFFFF_FF03,
        ["no-peer"] = 0xFFFF_FF04,
    };

    private readonly HashSet<uint> _exact = [];
    private readonly List<(Part Asn, Part Value)> _plain = [];
    private readonly List<(Part Global, Part Local1, Part Local2)> _large = [];
    private readonly List<(byte Subtype, uint? Address, Part Asn, Part Value)> _extended = [];
    private readonly HashSet<ulong> _raw = [];

    private readonly record struct Part(uint First, uint Last)
    {
        public bool IsOne => First == Last;

        public bool Holds(uint number) => number >= First && number <= Last;
    }

    /// <summary>Adds a community as text; false where the text is none.</summary>
    public bool TryAdd(string text)
    {
        if (_wellKnown.TryGetValue(text, out uint known)) return _exact.Add(known) || true;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
            return text.Length == 18 && ulong.TryParse(text.AsSpan(2), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out ulong raw)
                && (_raw.Add(raw) || true);
        string[] parts = text.Split(':');
        if (parts[0] is "rt" or "soo") return TryAddExtended((byte)(parts[0] is "rt" ? 2 : 3), parts[1..]);
        if (parts.Length == 2 && TryRead(parts[0], ushort.MaxValue, out var asn) && TryRead(parts[1], ushort.MaxValue, out var value))
        {
            if (asn.IsOne && value.IsOne) _exact.Add(asn.First << 16 | value.First);
            else _plain.Add((asn, value));
            return true;
        }
        if (parts.Length != 3 || !TryRead(parts[0], uint.MaxValue, out var global)
            || !TryRead(parts[1], uint.MaxValue, out var one) || !TryRead(parts[2], uint.MaxValue, out var two)) return false;
        _large.Add((global, one, two));
        return true;
    }

    /// <summary>True when a route carries one of them.</summary>
    public bool HasAnyOf(PathAttributes attributes)
    {
        if (_exact.Count + _plain.Count > 0)
            foreach (var community in attributes.Communities)
                if (_exact.Contains(community.Value) || HasPlain(community.Value)) return true;
        if (_large.Count > 0)
            foreach (var community in attributes.LargeCommunities)
                if (HasLarge(community)) return true;
        if (_extended.Count + _raw.Count > 0)
            foreach (var community in attributes.ExtendedCommunities)
                if (_raw.Contains(community.Value) || HasExtended(community)) return true;
        return false;
    }

    private bool HasPlain(uint community)
    {
        foreach (var (asn, value) in _plain)
            if (asn.Holds(community >> 16) && value.Holds(community & 0xFFFF)) return true;
        return false;
    }

    private bool HasLarge(LargeCommunity community)
    {
        foreach (var (global, one, two) in _large)
            if (global.Holds(community.Global) && one.Holds(community.Local1) && two.Holds(community.Local2)) return true;
        return false;
    }

    // Types 0 and 2 have an AS number in front, of two or four octets, type 1 an address (RFC 4360, RFC 5668).
    private bool HasExtended(ExtendedCommunity community)
    {
        int type = community.Type & 0xBF;
        if (type > 2) return false;
        uint front = (uint)(type == 0 ? community.Value >> 32 & 0xFFFF : community.Value >> 16 & uint.MaxValue);
        uint value = (uint)(community.Value & (type == 0 ? uint.MaxValue : 0xFFFF));
        foreach (var asked in _extended)
        {
            if (asked.Subtype != community.Subtype || !asked.Value.Holds(value)) continue;
            if (asked.Address is { } address ? type == 1 && address == front
                : asked.Asn.Holds(front) && (type != 1 || asked.Asn is { First: 0, Last: uint.MaxValue })) return true;
        }
        return false;
    }

    private bool TryAddExtended(byte subtype, string[] parts)
    {
        if (parts.Length != 2 || !TryRead(parts[1], uint.MaxValue, out var value)) return false;
        if (IpAddress.TryParse(parts[0], null, out var address) && address.Family is AddressFamily.IPv4)
        {
            _extended.Add((subtype, (uint)(address.High >> 32), default, value));
            return true;
        }
        if (!TryRead(parts[0], uint.MaxValue, out var asn)) return false;
        _extended.Add((subtype, null, asn, value));
        return true;
    }

    private static bool TryRead(string text, uint most, out Part part)
    {
        part = new(0, most);
        if (text is "*") return true;
        int dash = text.IndexOf('-', StringComparison.Ordinal);
        if (!uint.TryParse(dash < 0 ? text : text[..dash], NumberStyles.None, CultureInfo.InvariantCulture, out uint first)) return false;
        uint last = first;
        if (dash >= 0 && !uint.TryParse(text[(dash + 1)..], NumberStyles.None, CultureInfo.InvariantCulture, out last)) return false;
        part = new(first, last);
        return first <= last && last <= most;
    }
}
