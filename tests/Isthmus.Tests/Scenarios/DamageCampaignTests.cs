using Isthmus.Scenarios.Damage;

namespace Isthmus.Tests.Scenarios;

/// <summary>Damaged files of every kind: the campaign that runs by hand over real files, small.</summary>
public sealed class DamageCampaignTests
{
    private const int Runs = 150, ReportRuns = 8;

    [Fact]
    public void No_count_rises_and_none_falls_without_a_fault_told_and_no_run_goes_over_its_bounds()
    {
        using var campaign = new DamageCampaign(DamageInput.Written(seed: 1));
        var table = new DamageTable();
        for (ulong seed = 1; seed <= Runs; seed++) table.Add(campaign.Run(seed));
        Assert.Equal([], table.Failures.Select(result => result.ToString()));
        Assert.InRange(table.Results.Count(result => result.Outcome is DamageOutcome.Told), Runs / 2, Runs);
    }

    [Fact]
    public void Reports_and_checks_of_a_damaged_archive_are_incomplete_and_say_nothing_false()
    {
        using var campaign = new ReportDamageCampaign(seed: 2, worlds: 1);
        ReportDamageResult[] results = [.. Enumerable.Range(1, ReportRuns).Select(seed => campaign.Run((ulong)seed, checks: true))];
        Assert.Equal([], results.Where(result => ReportDamageTable.IsFailure(result.Outcome)).Select(result => result.ToString()));
        Assert.InRange(results.Count(result => result.Outcome is ReportOutcome.Incomplete), ReportRuns / 3, ReportRuns);
    }

    [Fact]
    public void The_same_seed_gives_the_same_run()
    {
        using var campaign = new DamageCampaign(DamageInput.Written(seed: 1).Take(1));
        var first = campaign.Run(7);
        byte[] file = File.ReadAllBytes(campaign.LastFile);
        Assert.Equal(first, campaign.Run(7));
        Assert.Equal(file, File.ReadAllBytes(campaign.LastFile));
    }
}
