using System.Text.Json;

using Isthmus.Wire;

namespace Isthmus.Tests.App;

/// <summary>The October 2017 sample is one incident, in the phases that Dyn told.</summary>
public sealed class SampleIncidentTests
{
    [Theory]
    [InlineData("KP")]
    [InlineData("AS131279")]
    public void The_second_link_is_one_incident_a_trial_of_67_minutes_instability_three_prefixes_and_erosion(string subject)
    {
        var incident = Assert.Single(Sample.Of(subject).Json().GetProperty("incidents").EnumerateArray());
        Assert.Equal((20485u, "load-split"), (incident.GetProperty("upstream").GetUInt32(), incident.GetProperty("label").GetString()));
        Assert.Equal(JsonValueKind.Null, incident.GetProperty("closed").ValueKind);
        var phases = incident.GetProperty("phases").EnumerateArray().ToArray();
        Assert.Equal(["trial 0,3,0", "instability ", "settled 0,3", "erosion 3,2,1"],
            phases.Select(phase => $"{phase.GetProperty("kind").GetString()} {Carried(phase)}"));
        Assert.Equal(67, Math.Round((At(phases[0], "to") - At(phases[0], "from")).TotalMinutes));
        Assert.Equal(4, Ids(phases[1]).Count(id => id!.StartsWith("outage-", StringComparison.Ordinal)));
    }

    [Fact]
    public void Every_change_of_the_subject_is_in_the_incident_and_in_one_phase()
    {
        var report = Sample.Of("KP").Json();
        var incident = Assert.Single(report.GetProperty("incidents").EnumerateArray());
        var changes = report.Changes().Select(change => change.GetProperty("id").GetString()).Order(StringComparer.Ordinal).ToArray();
        Assert.Equal(changes, Ids(incident).Order(StringComparer.Ordinal));
        Assert.Equal(changes, incident.GetProperty("phases").EnumerateArray().SelectMany(Ids).Order(StringComparer.Ordinal));
    }

    [Fact]
    public void A_change_says_why_it_is_sure()
    {
        var change = Sample.Of("KP").Json().Changes().First();
        Assert.True(change.GetProperty("countries").GetArrayLength() > 1);
        Assert.Equal(["RIPE RIS", "RouteViews"], change.GetProperty("projects").EnumerateArray().Select(project => project.GetString()));
        Assert.Contains(change.GetProperty("reasons").EnumerateArray(), reason => reason.GetString()!.StartsWith("27 of 33 peer ASes", StringComparison.Ordinal));
        Assert.True(At(change, "median") <= At(change, "p90") && At(change, "p90") <= At(change, "last"));
    }

    private static Timestamp At(JsonElement element, string name) => Timestamp.Parse(element.GetProperty(name).GetString()!);

    private static string Carried(JsonElement phase) => string.Join(',', phase.GetProperty("carried").EnumerateArray());

    private static IEnumerable<string?> Ids(JsonElement element) =>
        element.GetProperty("changes").EnumerateArray().Select(id => id.GetString());
}
