using Isthmus.Scenarios;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>A few of the kills of which <c>kills</c> in bench does hundreds (docs/store.md).</summary>
public sealed class StoreKillTests
{
    [Fact]
    public void A_killed_ingest_loses_nothing_that_was_stored_and_repeats_nothing()
    {
        var result = StoreKills.Run(["dotnet", Cli.Program], 41, 4);
        Assert.Equal([], result.Wrong);
        Assert.Equal(4, result.Kills);
    }
}
