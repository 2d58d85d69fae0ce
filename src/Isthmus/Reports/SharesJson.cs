using System.Text.Json;

using Isthmus.Registry;
using Isthmus.Transit.Court;
using Isthmus.Transit.Shares;

namespace Isthmus.Reports;

/// <summary>Writes how sure the shares are, how they differ over countries, and what the court finds on the vantage points.</summary>
internal static class SharesJson
{
    /// <summary>As many as the shares themselves have.</summary>
    private const int Digits = 6;

    /// <summary><c>weighting</c>: who has one vote, and what the intervals are.</summary>
    public static void WriteBasis(Utf8JsonWriter json, ShareBasis? basis)
    {
        if (basis is null) return;
        json.WriteStartObject("weighting");
        json.WriteString("by", Token(basis.By));
        json.WriteNumber("peerAses", basis.PeerAses);
        json.WriteNumber("countries", basis.Countries);
        json.WriteNumber("collectors", basis.Collectors);
        json.WriteStartObject("intervals");
        json.WriteNumber("level", ShareBasis.Level);
        json.WriteNumber("draws", basis.Draws);
        json.WriteNumber("seed", basis.Seed);
        json.WriteBoolean("sayLittle", basis.SaysLittle);
        json.WriteEndObject();
        json.WriteString("note", ShareWords.Basis(basis));
        json.WriteEndObject();
    }

    /// <summary><c>intervals</c> and <c>byCountry</c> of one upstream.</summary>
    public static void WriteUpstream(Utf8JsonWriter json, UpstreamState upstream)
    {
        if (upstream.Intervals is { } intervals)
        {
            json.WriteStartObject("intervals");
            Write(json, "route", intervals.Route);
            Write(json, "peerAs", intervals.PeerAs);
            Write(json, "prefix", intervals.Prefix);
            Write(json, "address", intervals.Address);
            Write(json, "coverage", intervals.Coverage);
            Write(json, "hegemony", intervals.Hegemony);
            json.WriteEndObject();
        }
        else
        {
            json.WriteNull("intervals");
        }
        if (upstream.Countries is { } spread) Write(json, spread); else json.WriteNull("byCountry");
    }

    /// <summary><c>vantagePoints</c>: one for each peer.</summary>
    public static void WriteVantagePoints(Utf8JsonWriter json, IReadOnlyList<VantagePoint> vantagePoints)
    {
        json.WriteStartArray("vantagePoints");
        foreach (var point in vantagePoints) Write(json, point);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string name, ShareInterval interval)
    {
        json.WriteStartObject(name);
        Number(json, "low", interval.Low);
        Number(json, "high", interval.High);
        Number(json, "leaveOneOutLow", interval.LeaveOneOutLow);
        Number(json, "leaveOneOutHigh", interval.LeaveOneOutHigh);
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, CountrySpread spread)
    {
        json.WriteStartObject("byCountry");
        Number(json, "min", spread.Min);
        Number(json, "median", spread.Median);
        Number(json, "max", spread.Max);
        json.WriteStartObject("balanced");
        Number(json, "route", spread.Balanced.Route);
        Number(json, "peerAs", spread.Balanced.PeerAs);
        Number(json, "prefix", spread.Balanced.Prefix);
        Number(json, "address", spread.Balanced.Address);
        Number(json, "coverage", spread.Balanced.Coverage);
        Number(json, "hegemony", spread.Balanced.Hegemony);
        json.WriteEndObject();
        json.WriteStartArray("countries");
        foreach (var share in spread.ByCountry)
        {
            json.WriteStartObject();
            Text(json, "country", share.Country);
            json.WriteNumber("peerAses", share.PeerAses);
            Number(json, "peerAs", share.Share);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, VantagePoint point)
    {
        json.WriteStartObject();
        json.WriteString("collector", point.Peer.Collector.Name);
        json.WriteString("address", point.Peer.Address.ToString());
        json.WriteNumber("asn", point.Peer.Asn.Number);
        Text(json, "country", point.Country);
        json.WriteString("feed", Token(point.Feed));
        json.WriteNumber("ipv4Prefixes", point.Ipv4Prefixes);
        json.WriteNumber("ipv6Prefixes", point.Ipv6Prefixes);
        json.WriteNumber("sessions", point.Sessions);
        json.WriteNumber("resets", point.Resets);
        json.WriteNumber("gaps", point.Gaps);
        json.WriteNumber("unknownSeconds", point.Unknown.TotalSeconds);
        json.WriteStartArray("stuckRoutes");
        foreach (var stuck in point.StuckRoutes)
        {
            json.WriteStartObject();
            json.WriteString("prefix", stuck.Prefix.ToString());
            json.WriteString("since", stuck.Since.ToString());
            json.WriteString("until", stuck.Until?.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("restlessRoutes");
        foreach (var restless in point.RestlessRoutes)
        {
            json.WriteStartObject();
            json.WriteString("prefix", restless.Prefix.ToString());
            json.WriteString("since", restless.Since.ToString());
            json.WriteString("until", restless.Until.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
        Write(json, "lag", point.Lag);
        Write(json, "clockSkew", point.Clock);
        Number(json, "agreement", point.Agreement);
        Number(json, "weight", point.Weight);
        Number(json, "ipv4Weight", point.Ipv4Weight);
        Number(json, "ipv6Weight", point.Ipv6Weight);
        json.WriteString("why", CourtWords.Why(point));
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, string name, ClockSkew skew)
    {
        json.WriteStartObject(name);
        if (skew.Offset is { } offset) json.WriteNumber("seconds", offset.TotalSeconds); else json.WriteNull("seconds");
        json.WriteNumber("changes", skew.Changes);
        json.WriteBoolean("isWrong", skew.IsWrong);
        json.WriteEndObject();
    }

    /// <summary><c>peer-as</c>, <c>country</c>: as on the command line.</summary>
    public static string Token(Weighting weighting) => weighting is Weighting.Country ? "country" : "peer-as";

    private static string Token(FeedSize feed) => feed switch { FeedSize.Full => "full", FeedSize.Partial => "partial", _ => "none" };

    private static void Text(Utf8JsonWriter json, string name, Country country)
    {
        if (country.IsNone) json.WriteNull(name); else json.WriteString(name, country.ToString());
    }

    private static void Number(Utf8JsonWriter json, string name, double? share)
    {
        if (share is { } known) json.WriteNumber(name, Math.Round(known, Digits)); else json.WriteNull(name);
    }
}
