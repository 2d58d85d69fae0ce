using Isthmus.Reports;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Incidents;

namespace Isthmus.Tests.Transit;

/// <summary>Which changes are one incident, what it is called, and when it is over (docs/methods.md).</summary>
public sealed class IncidentTests
{
    private const long Unicom = 4837, Ttk = 20485, Telia = 1299;
    private const string One = "175.45.176.0/24", Two = "175.45.177.0/24";
    private static readonly TimeSpan _day = TimeSpan.FromHours(24);

    [Fact]
    public void An_upstream_that_comes_and_goes_within_a_day_is_a_trial_and_over()
    {
        var story = new Observed(10, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 6; peer++)
            story.Hold(peer, One, Ttk, Observed.At("06:00:00")).Hold(peer, One, Unicom, Observed.At("09:00:00"));
        Is(IncidentLabel.Trial, story, closed: true, PhaseKind.Trial);
    }

    [Fact]
    public void Within_a_quarter_of_an_hour_it_is_a_blip() =>
        Is(IncidentLabel.Blip, Of(_day, (Ttk, "06:00:00"), (Unicom, "06:10:00")), closed: true, PhaseKind.Trial);

    [Fact]
    public void An_upstream_that_comes_to_stay_beside_another_splits_the_load()
    {
        var story = new Observed(10, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 6; peer++) story.Hold(peer, One, Ttk, Observed.At("06:00:00"));
        Is(IncidentLabel.LoadSplit, story, closed: false, PhaseKind.Settled);
    }

    [Fact]
    public void One_that_comes_to_stay_with_little_is_a_backup()
    {
        var story = new Observed(30, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 4; peer++) story.Hold(peer, One, Ttk, Observed.At("06:00:00"));
        Is(IncidentLabel.Backup, story, closed: false, PhaseKind.Settled);
    }

    [Fact]
    public void One_that_takes_all_for_good_is_a_migration() =>
        Is(IncidentLabel.Migration, Of(_day, (Ttk, "06:00:00")), closed: false, PhaseKind.Settled);

    [Fact]
    public void One_that_takes_a_part_for_good_splits_the_load_with_who_carries_the_rest()
    {
        var story = new Observed(10, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 10; peer++) story.Hold(peer, One, Ttk, Observed.At("06:00:00"));
        Is(IncidentLabel.LoadSplit, story, closed: false, PhaseKind.Settled);
        Assert.DoesNotContain("not back", IncidentStory.Why(Assert.Single(story.Answer().Incidents)), StringComparison.Ordinal);
    }

    [Fact]
    public void One_that_steps_in_while_another_is_away_is_a_failover()
    {
        // All leave China Unicom for TransTeleCom and are back after three hours.
        var story = Of(_day, (Ttk, "06:00:00"), (Unicom, "09:00:00"));
        Assert.Equal(ChangeKind.UpstreamVanished, story.Answer().Changes.First(change => change.Upstream!.Value.Number == Unicom).Kind);
        Is(IncidentLabel.Failover, story, closed: true, PhaseKind.Trial);
    }

    [Fact]
    public void One_that_does_so_again_and_again_is_a_backup() => Is(IncidentLabel.Backup,
        Of(_day, (Ttk, "03:00:00"), (Unicom, "05:00:00"), (Ttk, "09:00:00"), (Unicom, "11:00:00")), closed: true, PhaseKind.Trial, PhaseKind.Trial);

    [Fact]
    public void One_that_comes_three_times_flaps()
    {
        var story = new Observed(10, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 6; peer++)
            for (int i = 0; i < 3; i++)
                story.Hold(peer, One, Ttk, Observed.At($"{3 + 4 * i:00}:00:00")).Hold(peer, One, Unicom, Observed.At($"{5 + 4 * i:00}:00:00"));
        Is(IncidentLabel.Flapping, story, closed: true, PhaseKind.Trial, PhaseKind.Trial, PhaseKind.Trial);
    }

    [Fact]
    public void Prefixes_that_go_and_come_back_are_an_outage()
    {
        var story = new Observed(10, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 10; peer++)
            foreach (string prefix in new[] { One, Two })
                story.Hold(peer, prefix, null, Observed.At("06:00:00")).Hold(peer, prefix, Unicom, Observed.At("07:00:00"));
        Is(IncidentLabel.Outage, story, closed: true, PhaseKind.Outage);
    }

    [Fact]
    public void An_outage_without_an_end_is_not_over()
    {
        var story = new Observed(10, _day).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 10; peer++) story.Hold(peer, One, null, Observed.At("06:00:00"));
        Is(IncidentLabel.Outage, story, closed: false, PhaseKind.Outage);
    }

    [Fact]
    public void Moves_of_one_upstream_two_days_apart_are_two_incidents()
    {
        var story = new Observed(10, TimeSpan.FromDays(4)).FromTheStart(Unicom, One);
        for (int peer = 0; peer < 6; peer++)
            story.Hold(peer, One, Ttk, Observed.At("06:00:00")).Hold(peer, One, Unicom, Observed.At("09:00:00"))
                .Hold(peer, One, Ttk, Observed.At("2017-10-03T18:00:00Z"));
        var incidents = story.Answer().Incidents;
        Assert.Equal([IncidentLabel.Trial, IncidentLabel.LoadSplit], incidents.Select(incident => incident.Label));
        Assert.Equal((2, 1), (incidents[0].Changes.Count, incidents[1].Changes.Count));
    }

    [Fact]
    public void Other_prefixes_are_another_incident()
    {
        var story = new Observed(10, _day).FromTheStart(Unicom, One, Two);
        for (int peer = 0; peer < 6; peer++)
            story.Hold(peer, One, Ttk, Observed.At("06:00:00")).Hold(peer, Two, Telia, Observed.At("06:05:00"));
        Assert.Equal(2, story.Answer().Incidents.Count);
    }

    [Fact]
    public void A_phase_counts_the_prefixes_that_the_upstream_carries()
    {
        string[] three = ["175.45.176.0/24", "175.45.178.0/24", "175.45.179.0/24"];
        var story = new Observed(10, _day).FromTheStart(Unicom, three);
        for (int peer = 0; peer < 6; peer++)
        {
            foreach (string prefix in three) story.Hold(peer, prefix, Ttk, Observed.At("06:00:00"));
            for (int i = 0; i < 3; i++) story.Hold(peer, three[i], Unicom, Observed.At($"{12 + i:00}:00:00"));
        }
        var incident = Assert.Single(story.Answer().Incidents);
        Assert.Equal([PhaseKind.Settled, PhaseKind.Erosion], incident.Phases.Select(phase => phase.Kind));
        Assert.Equal([0, 3], incident.Phases[0].Carried);
        Assert.Equal([3, 2, 1, 0], incident.Phases[1].Carried);
        Assert.Equal(Observed.At("14:00:00"), incident.Updated);
    }

    private static Observed Of(TimeSpan length, params (long Upstream, string Time)[] moves)
    {
        var story = new Observed(10, length).FromTheStart(Unicom, One);
        foreach (var (upstream, time) in moves)
            for (int peer = 0; peer < 10; peer++) story.Hold(peer, One, upstream, Observed.At(time));
        return story;
    }

    private static void Is(IncidentLabel label, Observed story, bool closed, params PhaseKind[] phases)
    {
        var answer = story.Answer();
        var incident = Assert.Single(answer.Incidents);
        Assert.Equal((label, closed), (incident.Label, incident.Closed is not null));
        Assert.Equal(phases, incident.Phases.Select(phase => phase.Kind));
        var ids = answer.Changes.Select(change => change.Id).Order(StringComparer.Ordinal);
        Assert.Equal(ids, incident.Changes.Order(StringComparer.Ordinal));
        Assert.NotEmpty(IncidentStory.Why(incident));
    }
}
