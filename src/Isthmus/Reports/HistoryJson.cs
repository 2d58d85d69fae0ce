using System.Text.Json;

using Isthmus.Registry;
using Isthmus.Transit;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>Writes a search as one JSON document; its keys stand in docs/cli.md.</summary>
public static class HistoryJson
{
    private static readonly JsonWriterOptions _indented = new() { Indented = true, NewLine = "\n" };

    /// <summary>Writes all of it.</summary>
    public static void Write(SearchResult search, Stream output)
    {
        using var json = new Utf8JsonWriter(output, _indented);
        json.WriteStartObject();
        json.WriteString("notice", Report.NoticeOf(search.Seen));
        json.WriteString("subject", search.Seen.Question.Subject.Text);
        if (search.Asked is { } asked) json.WriteNumber("asked", asked.Number); else json.WriteNull("asked");
        if (search.Verdict is { } verdict) json.WriteString("answer", verdict);
        WriteCovered(json, search);
        if (search.At is not null) WriteAt(json, search);
        json.WriteStartArray("upstreams");
        foreach (var history in search.Upstreams) Write(json, history, search.Seen.Registry);
        json.WriteEndArray();
        var searched = search.Searched;
        json.WriteStartObject("searched");
        json.WriteString("from", searched.From.ToString());
        json.WriteString("to", searched.To.ToString());
        json.WriteNumber("followedSeconds", Math.Round(searched.Followed.TotalSeconds, 6));
        json.WriteNumber("byDumpsSeconds", Math.Round(searched.ByDumps.TotalSeconds, 6));
        json.WriteNumber("part", Math.Round(searched.Part, 6));
        json.WriteNumber("collectors", searched.Collectors);
        json.WriteNumber("peerAses", searched.PeerAses);
        json.WriteNumber("files", searched.Files);
        json.WriteStartArray("wrongClocks");
        foreach (var (collector, offset) in search.WrongClocks.OrderBy(wrong => wrong.Key))
        {
            json.WriteStartObject();
            json.WriteString("collector", collector.Name);
            json.WriteNumber("offsetSeconds", Math.Round(offset.TotalSeconds, 6));
            json.WriteEndObject();
        }
        json.WriteEndArray();
        if (search.Seen.Coverage.Where is { } where) json.WriteString("where", where);
        json.WriteBoolean("complete", search.Seen.Coverage.Complete);
        json.WriteEndObject();
        json.WriteEndObject();
        json.Flush();
        output.WriteByte((byte)'\n');
    }

    private static void WriteCovered(Utf8JsonWriter json, SearchResult search)
    {
        json.WriteStartObject("covered");
        Write(search.Covered);
        json.WriteStartArray("collectors");
        var asked = (search.Seen.Question.From, search.Seen.Question.To);
        foreach (var (collector, time) in CoveredTime.ByCollector(search.Seen.Spans, asked))
        {
            json.WriteStartObject();
            json.WriteString("collector", collector.Name);
            Write(time);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();

        void Write(CoveredTime time)
        {
            json.WriteString("from", time.From.ToString());
            json.WriteString("to", time.To.ToString());
            json.WriteNumber("seconds", Math.Round(time.Covered.TotalSeconds, 6));
            json.WriteNumber("part", Math.Round(time.Part, 6));
            json.WriteStartArray("gaps");
            foreach (var gap in time.Gaps)
            {
                json.WriteStartObject();
                json.WriteString("from", gap.From.ToString());
                json.WriteString("to", gap.To.ToString());
                json.WriteEndObject();
            }
            json.WriteEndArray();
        }
    }

    private static void WriteAt(Utf8JsonWriter json, SearchResult search)
    {
        var (asked, answer) = search.At!.Value;
        json.WriteStartObject("at");
        json.WriteString("time", asked.ToString());
        json.WriteBoolean("known", search.KnowsAt);
        json.WriteStartArray("families");
        foreach (var family in search.KnowsAt ? answer.Transit.Families : [])
        {
            json.WriteStartObject();
            json.WriteString("family", family.Family is AddressFamily.IPv4 ? "ipv4" : "ipv6");
            json.WriteNumber("prefixes", family.Prefixes);
            json.WriteNumber("votingPeerAses", family.Voters.Count);
            json.WriteStartArray("upstreams");
            foreach (var upstream in family.Upstreams.Where(upstream => upstream.PeerAses > 0))
            {
                json.WriteStartObject();
                json.WriteNumber("asn", upstream.Asn.Number);
                json.WriteString("name", search.Seen.Registry.NameOf(upstream.Asn));
                json.WriteNumber("share", Math.Round(upstream.Shares.PeerAs, 6));
                json.WriteNumber("peerAses", upstream.PeerAses);
                if (search.SeenOf(upstream.Asn) is var (first, last))
                {
                    json.WriteString("firstSeen", first.ToString());
                    json.WriteString("lastSeen", last.ToString());
                }
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter json, UpstreamHistory history, RegistrySnapshot registry)
    {
        json.WriteStartObject();
        json.WriteNumber("asn", history.Upstream.Number);
        json.WriteString("name", registry.NameOf(history.Upstream));
        if (history.Episodes is [var first, ..] and [.., var last])
        {
            json.WriteString("firstSeen", first.From.ToString());
            json.WriteString("lastSeen", last.To.ToString());
        }
        json.WriteNumber("totalSeconds", Math.Round(history.Total.TotalSeconds, 6));
        json.WriteNumber("totalSecondsMax", Math.Round(history.TotalMax.TotalSeconds, 6));
        json.WriteStartArray("episodes");
        foreach (var episode in history.Episodes)
        {
            json.WriteStartObject();
            json.WriteString("from", episode.From.ToString());
            json.WriteString("to", episode.To.ToString());
            if (episode.FromEarliest is { } fromEarliest) json.WriteString("fromEarliest", fromEarliest.ToString());
            if (episode.ToEarliest is { } toEarliest) json.WriteString("toEarliest", toEarliest.ToString());
            if (episode.UnknownSince is { } unknownSince) json.WriteString("unknownSince", unknownSince.ToString());
            if (episode.UnknownUntil is { } unknownUntil) json.WriteString("unknownUntil", unknownUntil.ToString());
            json.WriteBoolean("fromStart", episode.FromStart);
            json.WriteBoolean("toEnd", episode.ToEnd);
            json.WriteNumber("peerAses", episode.PeerAses);
            if (episode.OnlyPeerAs is { } only) json.WriteNumber("onlyPeerAs", only.Number);
            if (episode.Stuck.Count > 0) WriteStuck(json, episode.Stuck);
            json.WriteStartArray("prefixes");
            foreach (var prefix in episode.Prefixes) json.WriteStringValue(prefix.ToString());
            json.WriteEndArray();
            if (episode.First.Step.Place is { IsNone: false } place)
            {
                json.WriteStartObject("evidence");
                ProofJson.WritePlace(json, place);
                if (episode.First.Step.PathId != 0) json.WriteNumber("pathId", episode.First.Step.PathId);
                json.WriteEndObject();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteStuck(Utf8JsonWriter json, IReadOnlyList<StuckUpstream> stuck)
    {
        json.WriteStartArray("stuck");
        foreach (var route in stuck)
        {
            json.WriteStartObject();
            json.WriteNumber("peerAs", route.PeerAs.Number);
            json.WriteString("until", route.Until.ToString());
            json.WriteBoolean("toEnd", route.ToEnd);
            json.WriteStartArray("prefixes");
            foreach (var prefix in route.Prefixes) json.WriteStringValue(prefix.ToString());
            json.WriteEndArray();
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }
}
