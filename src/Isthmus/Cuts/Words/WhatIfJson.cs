using System.Text.Json;

namespace Isthmus.Cuts.Words;

/// <summary>Writes what a cut does as one JSON document; its keys stand in docs/relationships.md.</summary>
public static class WhatIfJson
{
    /// <summary>Writes all of it.</summary>
    /// <param name="selection">Whose routes alone a store keeps, in words; null where every prefix is there.</param>
    public static void Write(WhatIfAnswer answer, string? selection, Stream output)
    {
        var routes = answer.Routes;
        using (var json = new Utf8JsonWriter(output, TableCoverage.Indented))
        {
            json.WriteStartObject();
            json.WriteString("subject", routes.Subject.Text);
            json.WriteString("at", routes.Table.At.ToString());
            json.WriteStartArray("cuts");
            foreach (var cut in answer.Cuts) json.WriteStringValue(cut.Text);
            json.WriteEndArray();
            json.WriteString("mode", answer.Mode is WhatIfMode.Observed ? "observed" : "modelled");
            json.WriteBoolean("upperBound", answer.Mode is WhatIfMode.Observed);
            TableCoverage.WriteJson(json, routes.Table, routes.Family, routes.PeerAses.Count, routes.FullFeedAses, selection);
            if (answer.Model is { } model)
            {
                json.WriteStartObject("model");
                json.WriteString("relationships", model.Relationships);
                json.WriteShare("agreement", model.Agreement);
                json.WriteNumber("heldOutPeerAses", model.HeldOut);
                json.WriteEndObject();
            }
            else json.WriteNull("model");
            Write(json, "before", answer.Before, null);
            Write(json, "after", answer.After, answer);
            json.WriteStartObject("lost");
            json.WriteNumber("peerAses", answer.Before.ReachablePeerAses - answer.After.ReachablePeerAses);
            json.WriteNumber("prefixes", answer.Before.Prefixes - answer.After.Prefixes);
            json.WriteCount("addresses", answer.Before.Addresses - answer.After.Addresses);
            json.WriteCount("networks", answer.Before.Networks - answer.After.Networks);
            json.WriteEndObject();
            json.WriteNumber("peerAsesCutThemselves", answer.LeftOut);
            WriteCuts(json, answer.MinimumCuts, answer.Mode is WhatIfMode.Observed ? answer.Before.Addresses : null);
            json.WriteEndObject();
        }
        output.WriteByte((byte)'\n');
    }

    /// <summary>Writes the key <c>minimumCuts</c>.</summary>
    /// <param name="addresses">Those that are lost with each: all; null where some may still be reached.</param>
    internal static void WriteCuts(Utf8JsonWriter json, IReadOnlyList<IsolatingCut> cuts, long? addresses)
    {
        json.WriteStartArray("minimumCuts");
        foreach (var cut in cuts)
        {
            json.WriteStartObject();
            json.WriteStartArray("cut");
            foreach (string text in cut.Texts) json.WriteStringValue(text);
            json.WriteEndArray();
            json.WriteString("of", cut.OfLinks ? "links" : "ases");
            json.WriteCount("lostAddresses", addresses);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, string key, Reach reach, WhatIfAnswer? after)
    {
        json.WriteStartObject(key);
        json.WriteNumber("reachablePeerAses", reach.ReachablePeerAses);
        json.WriteNumber("prefixes", reach.Prefixes);
        json.WriteCount("addresses", reach.Addresses);
        json.WriteStartArray("upstreams");
        foreach (var (asn, share) in reach.Upstreams)
        {
            json.WriteStartObject();
            json.WriteNumber("asn", asn.Number);
            json.WriteShare("share", share);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteCount("networks", reach.Networks);
        if (after is not null) json.WriteShare("addedHops", after.AddedHops);
        json.WriteEndObject();
    }
}
