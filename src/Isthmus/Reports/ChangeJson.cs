using System.Text.Json;

using Isthmus.Registry;
using Isthmus.Transit.Changes;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>Writes one change with its evidence as JSON: an item of <c>changes</c>.</summary>
internal static class ChangeJson
{
    public static void Write(Utf8JsonWriter json, Report report, TransitChange change, LocalClock? clock)
    {
        json.WriteStartObject();
        json.WriteString("id", change.Id);
        json.WriteString("identity", KindWords.Token(change.Identity));
        json.WriteString("settlesAt", change.SettlesAt?.ToString());
        json.WriteString("kind", KindWords.Token(change.Kind));
        json.WriteNumber("tier", change.Tier);
        json.WriteString("time", change.Time.ToString());
        json.WriteString("earliest", change.Earliest?.ToString());
        json.WriteString("first", change.First.ToString());
        json.WriteString("confirmed", change.Confirmed?.ToString());
        json.WriteString("median", change.Median.ToString());
        json.WriteString("p90", change.P90.ToString());
        json.WriteString("last", change.Last.ToString());
        json.WriteString("until", change.Until?.ToString());
        if (change.UntilEarliest is { } back) json.WriteString("untilEarliest", back.ToString());
        if (clock is not null) json.WriteString("localTime", ProofJson.LocalText(clock, change.Time));
        WriteAsn(json, "upstream", change.Upstream);
        if (change.Between is not null) WriteAsn(json, "between", change.Between);
        if (change.Above is not null) WriteAsn(json, "above", change.Above);
        if (change.Gateway is not null) WriteAsn(json, "gateway", change.Gateway);
        if (change.Kind is ChangeKind.OriginChanged or ChangeKind.OriginAdded or ChangeKind.MoreSpecificAppeared)
            WriteAsn(json, "origin", change.Origin);
        if (change.Covering.Count > 0) ReportJson.WriteTexts(json, "covering", change.Covering.Select(prefix => prefix.ToString()));
        if (change.Level is { } level) json.WriteString("level", level.ToString().ToLowerInvariant());
        if (change.Feed is { } feed) WriteFeed(json, feed);
        ReportJson.WriteTexts(json, "prefixes", change.Prefixes.Select(prefix => prefix.ToString()));
        json.WriteNumber("subjectPrefixes", change.SubjectPrefixes);
        json.WriteNumber("peerAses", change.PeerAses);
        json.WriteNumber("peerAsesWatching", change.PeerAsesWatching);
        json.WriteNumber("collectors", change.Collectors);
        ReportJson.WriteTexts(json, "countries", change.Countries.Select(country => country.ToString()));
        ReportJson.WriteTexts(json, "projects", change.Projects.Select(KindWords.Words));
        json.WriteString("confidence", KindWords.Token(change.Confidence));
        ReportJson.WriteTexts(json, "reasons", TestimonyWords.Reasons(change));
        ReportJson.WriteShare(json, "shareBefore", change.ShareBefore);
        ReportJson.WriteShare(json, "shareAfter", change.ShareAfter);
        json.WriteString("partOf", change.PartOf);
        json.WriteStartArray("evidence");
        foreach (var witness in change.Witnesses) WriteWitness(json, report, witness);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteFeed(Utf8JsonWriter json, FeedTrouble feed)
    {
        json.WriteStartObject("feed");
        json.WriteString("collector", feed.Collector.Name);
        json.WriteNumber("sessions", feed.Sessions);
        json.WriteNumber("sessionsBefore", feed.SessionsBefore);
        json.WriteString("why", TestimonyWords.Of(feed));
        json.WriteEndObject();
    }

    private static void WriteWitness(Utf8JsonWriter json, Report report, Witness witness)
    {
        var seen = report.Observations;
        var peer = seen.Peers[witness.Peer].Peer;
        json.WriteStartObject();
        // What follows from a record's absence, or from silence, has no bytes of its own.
        if (witness.Step.Place is { IsNone: false } place)
        {
            ProofJson.WritePlace(json, place);
            if (report.Records.IdOf(place) is { } id) json.WriteString("raw", id);
        }
        json.WriteString("peer", $"{peer.Collector.Name} {peer.Asn} {peer.Address}");
        json.WriteString("time", witness.Step.Time.ToString());
        json.WriteString("prefix", witness.Prefix.ToString());
        json.WriteString("cause", KindWords.Words(witness.Step.Cause));
        if (witness.Step.Path >= 0) json.WriteString("path", seen.Paths.TextOf(witness.Step.Path));
        if (witness.Step.PathId != 0) json.WriteNumber("pathId", witness.Step.PathId);
        json.WriteEndObject();
    }

    private static void WriteAsn(Utf8JsonWriter json, string name, Asn? asn)
    {
        if (asn is { } known) json.WriteNumber(name, known.Number); else json.WriteNull(name);
    }
}
