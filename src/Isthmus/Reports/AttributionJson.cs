using System.Text.Json;

using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Text;
using Isthmus.Transit;

namespace Isthmus.Reports;

/// <summary>Writes the attribution ledger as JSON (docs/attribution.md).</summary>
public static class AttributionJson
{
    private static readonly JsonWriterOptions _options =
        new() { Indented = true, Encoder = PrintableJson.Encoder, NewLine = "\n" };

    /// <summary>Writes a document of a subject's ledger alone.</summary>
    public static void Write(Subject subject, AttributionLedger ledger, RegistrySnapshot registry, Stream output)
    {
        using var json = new Utf8JsonWriter(output, _options);
        json.WriteStartObject();
        ReportJson.WriteSubject(json, subject);
        Write(json, ledger, [], registry);
        json.WriteStartArray("registry");
        foreach (string source in registry.Sources) json.WriteStringValue(source);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>Writes the key <c>attribution</c> of a report.</summary>
    internal static void Write(
        Utf8JsonWriter json, AttributionLedger ledger, IReadOnlyList<AttributionEffect> effects, RegistrySnapshot registry)
    {
        json.WriteStartObject("attribution");
        json.WriteString("rule", AttributionWords.Token(ledger.Rule));
        json.WriteString("meaning", AttributionWords.Of(ledger.Rule));
        json.WriteString("caveat", AttributionWords.Caveat);
        json.WriteNumber("conflicts", ledger.Conflicts);
        json.WriteStartArray("claims");
        foreach (var claim in ledger.Claims) WriteClaim(json, claim);
        json.WriteEndArray();
        json.WriteStartArray("entries");
        // A source's sentence stands once, in the key registry; a witness has its place there.
        var sources = registry.Sources.Index().DistinctBy(source => source.Item)
            .ToDictionary(source => source.Item, source => source.Index);
        foreach (var entry in ledger.Entries) WriteEntry(json, entry, registry, sources);
        json.WriteEndArray();
        json.WriteNumber("entriesLeftOut", ledger.LeftOut);
        json.WriteStartArray("effects");
        foreach (var effect in effects) WriteEffect(json, effect, registry);
        json.WriteEndArray();
        json.WriteStartArray("overrides");
        foreach (var use in ledger.Overrides) WriteOverride(json, use);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteClaim(Utf8JsonWriter json, CountryClaim claim)
    {
        json.WriteStartObject();
        json.WriteString("kind", AttributionWords.Token(claim.Kind));
        WriteNumber(json, "ases", claim.Ases);
        WriteNumber(json, "ipv4Addresses", claim.Ipv4Addresses);
        WriteNumber(json, "ipv6Slash48s", claim.Ipv6Slash48s);
        json.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, long? number)
    {
        if (number is { } known) json.WriteNumber(name, known); else json.WriteNull(name);
    }

    private static void WriteEntry(
        Utf8JsonWriter json, AttributionEntry entry, RegistrySnapshot registry, Dictionary<string, int> sources)
    {
        json.WriteStartObject();
        json.WriteString(entry.Asn is null ? "prefix" : "as", entry.Of);
        if (entry.Asn is { } asn)
        {
            json.WriteString("name", registry.NameOf(asn));
            if (registry.OrganisationOf(asn) is { } organisation) json.WriteString("organisation", organisation.Name);
        }
        if (entry.Counts is { } counts) json.WriteBoolean("counts", counts);
        WriteCountry(json, "chosen", entry.Chosen);
        json.WriteString("chosenBy", entry.ChosenBy is { } kind ? AttributionWords.Token(kind) : null);
        json.WriteBoolean("conflict", entry.Conflict);
        json.WriteStartArray("witnesses");
        foreach (var witness in entry.Witnesses)
        {
            json.WriteStartObject();
            json.WriteString("kind", AttributionWords.Token(witness.Kind));
            WriteCountry(json, "country", witness.Country);
            json.WriteString("date", witness.Date.Length > 0 ? witness.Date : null);
            json.WriteNumber("source", sources[witness.Source]);
            if (witness.Origin is { } origin) json.WriteString("origin", origin.ToString());
            if (witness.Why is { } why) json.WriteString("because", why);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEffect(Utf8JsonWriter json, AttributionEffect effect, RegistrySnapshot registry)
    {
        json.WriteStartObject();
        json.WriteString("rule", AttributionWords.Token(effect.Rule));
        json.WriteBoolean("overrides", effect.Overrides);
        json.WriteBoolean("chosen", effect.IsChosen);
        json.WriteString("notKnown", effect.NotKnown is null ? null : AttributionWords.NotKnown(effect));
        if (effect.Size is { } size) ReportJson.WriteSize(json, size);
        json.WriteStartArray("upstreams");
        foreach (var upstream in effect.Upstreams)
        {
            json.WriteStartObject();
            json.WriteNumber("asn", upstream.Asn.Number);
            json.WriteString("name", registry.NameOf(upstream.Asn));
            WriteCountry(json, "country", upstream.Country);
            ReportJson.WriteShares(json, upstream.Shares);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("countries");
        foreach (var share in effect.Countries)
        {
            json.WriteStartObject();
            WriteCountry(json, "country", share.Country);
            ReportJson.WriteShare(json, "peerAs", share.PeerAs);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteOverride(Utf8JsonWriter json, OverrideUse use)
    {
        json.WriteStartObject();
        json.WriteNumber("line", use.Line.Line);
        json.WriteString("of", use.Line.Of);
        WriteCountry(json, "country", use.Line.Country);
        json.WriteString("because", use.Line.Why);
        json.WriteBoolean("used", use.Used);
        json.WriteEndObject();
    }

    private static void WriteCountry(Utf8JsonWriter json, string name, Country country) =>
        json.WriteString(name, country.IsNone ? null : country.ToString());
}
