using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

using Isthmus.Wire;

namespace Isthmus.Scenarios;

/// <summary>Collects what the story plays and writes it as truth.json, for tests to compare a report with.</summary>
internal sealed class KpTruth(Scenario scenario, IReadOnlyDictionary<ScenarioPeer, KpPeer> cast)
{
    private static readonly JsonWriterOptions Layout = new()
    {
        Indented = true,
        NewLine = "\n",
        // Plain text in a file, not in a page: apostrophes may stay.
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<(string Kind, Timestamp Time, WaveSpan Span, Nlri[] Prefixes)> _rows = [];
    private readonly List<(WaveSpan Loss, WaveSpan Gain)> _outages = [];
    private readonly List<(Timestamp Time, ScenarioPeer Peer, string Kind, Nlri Prefix)> _churn = [];

    public void Row(string kind, Timestamp time, WaveSpan span, Nlri[] prefixes) =>
        _rows.Add((kind, time, span, prefixes));

    public void Outage(WaveSpan loss, WaveSpan gain) => _outages.Add((loss, gain));

    public void Churn(Timestamp time, ScenarioPeer peer, string kind, Nlri prefix) =>
        _churn.Add((time, peer, kind, prefix));

    public string ToJson()
    {
        using var stream = new MemoryStream();
        using (var json = new Utf8JsonWriter(stream, Layout))
        {
            json.WriteStartObject();
            json.WriteString("notice", KpReenactment.Notice);
            json.WriteString("subject", "AS131279");
            json.WriteString("country", "KP");
            json.WriteString("space", "175.45.176.0/22");
            Times(json, "period", ("from", scenario.From), ("to", scenario.To));
            Changes(json);
            Outages(json);
            Shares(json);
            Harmless(json);
            Peers(json);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    private void Changes(Utf8JsonWriter json)
    {
        json.WriteStartArray("changes");
        foreach (var (kind, time, span, prefixes) in _rows)
        {
            json.WriteStartObject();
            json.WriteString("kind", kind);
            json.WriteString("time", time.ToString());
            json.WriteNumber("upstream", KpPeers.TransTeleCom);
            WritePrefixes(json, prefixes);
            Span(json, "settled", span);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Outages(Utf8JsonWriter json)
    {
        json.WriteStartObject("unstable");
        json.WriteString("from", KpSchedule.UnstableFrom.ToString());
        json.WriteString("to", KpSchedule.UnstableTo.ToString());
        json.WriteStartArray("outages");
        foreach (var (loss, gain) in _outages)
        {
            json.WriteStartObject();
            Span(json, "lost", loss);
            Times(json, "allDown", ("from", loss.End), ("to", gain.First));
            Span(json, "back", gain);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void Shares(Utf8JsonWriter json)
    {
        var holders = cast.Values.Where(role => role.HoldsSubject).DistinctBy(role => role.Asn).ToList();
        double takers = holders.Count(role => role.TakesNewLink) / (double)holders.Count;
        json.WriteStartArray("shares");
        Share(json, KpSchedule.Appears, KpSchedule.Vanishes, 3, takers);
        Share(json, KpSchedule.Returns, KpSchedule.Loses176, 3, takers);
        Share(json, KpSchedule.Loses176, KpSchedule.Loses179, 2, takers);
        Share(json, KpSchedule.Loses179, scenario.To, 1, takers);
        json.WriteEndArray();
    }

    private static void Share(Utf8JsonWriter json, Timestamp from, Timestamp to, int prefixes, double takers)
    {
        json.WriteStartObject();
        json.WriteString("from", from.ToString());
        json.WriteString("to", to.ToString());
        json.WriteNumber("upstream", KpPeers.TransTeleCom);
        json.WriteNumber("prefixesOfFour", prefixes);
        json.WriteNumber("peerAsesOnThese", Math.Round(takers, 4));
        json.WriteNumber("product", Math.Round(takers * prefixes / 4, 4));
        json.WriteEndObject();
    }

    private void Harmless(Utf8JsonWriter json)
    {
        json.WriteStartArray("harmless");
        json.WriteStartObject();
        json.WriteString("time", KpSchedule.Reset.ToString());
        json.WriteString("kind", "session reset");
        json.WriteString("collector", KpSchedule.ResetCollector);
        json.WriteNumber("asn", KpSchedule.ResetAsn);
        json.WriteEndObject();
        foreach (var (time, peer, kind, prefix) in _churn)
        {
            json.WriteStartObject();
            json.WriteString("time", time.ToString());
            json.WriteString("kind", kind);
            json.WriteString("collector", peer.Collector.Name);
            json.WriteNumber("asn", peer.Asn.Number);
            json.WriteString("prefix", prefix.ToString());
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private void Peers(Utf8JsonWriter json)
    {
        json.WriteStartArray("peers");
        foreach (var peer in scenario.Peers)
        {
            var role = cast[peer];
            bool ipv4 = peer.Address.Family is AddressFamily.IPv4;
            json.WriteStartObject();
            json.WriteString("collector", peer.Collector.Name);
            json.WriteString("address", peer.Address.ToString());
            json.WriteNumber("asn", role.Asn);
            json.WriteString("country", role.Country);
            json.WriteBoolean("fullFeed", role.Feed == 1);
            json.WriteNumber("prefixes", peer.Held.Count);
            json.WriteBoolean("holdsSubject", role.HoldsSubject && ipv4);
            json.WriteBoolean("takesNewLink", role.TakesNewLink && ipv4);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WritePrefixes(Utf8JsonWriter json, Nlri[] prefixes)
    {
        json.WriteStartArray("prefixes");
        foreach (var prefix in prefixes) json.WriteStringValue(prefix.ToString());
        json.WriteEndArray();
    }

    private static void Span(Utf8JsonWriter json, string name, WaveSpan span)
    {
        json.WriteStartObject(name);
        json.WriteString("first", span.First.ToString());
        json.WriteString("median", span.Median.ToString());
        json.WriteString("last", span.Last.ToString());
        json.WriteString("end", span.End.ToString());
        json.WriteNumber("firstPeer", span.FirstPeer.Number);
        json.WriteNumber("peerAses", span.PeerAses);
        json.WriteEndObject();
    }

    private static void Times(Utf8JsonWriter json, string name, params (string Name, Timestamp Time)[] times)
    {
        json.WriteStartObject(name);
        foreach (var (key, time) in times) json.WriteString(key, time.ToString());
        json.WriteEndObject();
    }
}
