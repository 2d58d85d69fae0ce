using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Scenarios;
using Isthmus.Sources;
using Isthmus.Store;
using Isthmus.Tests.Support;
using Isthmus.Wire;

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

    [Fact]
    public void A_run_that_was_ended_before_it_read_a_collector_again_is_made_up_for_by_the_next()
    {
        using var folder = new TemporaryFolder(inMemory: true);
        // By the first collector the prefix is the subject's, and the second shows it from another network alone.
        Dump("rrc00", "3333 4837");
        Dump("rrc01", "3333 20485");
        using var inputs = new Inputs();
        var files = inputs.Resolve([folder.Root], Stream.Null, TestContext.Current.CancellationToken);
        var (whole, ended) = (StoreAddress.Parse(folder.Place("whole.duckdb")), StoreAddress.Parse(folder.Place("ended.duckdb")));
        var registry = RegistrySnapshot.Shipped;
        var subject = Subjects.Resolve("AS4837", registry, out _)!;
        Assert.Equal(2, Run(whole).Added);
        // The second is stored first, and the run is ended before it is read again for what the first shows.
        using (var writer = new StoreWriter((DuckAddress)ended))
        {
            writer.Select(new([subject.Text], CountryRule.Origin), "");
            foreach (var file in files.Files.Reverse())
            {
                var selection = new Selection([new(new PathTable(), subject, registry, new PathCleaning(), CountryRule.Origin)]);
                writer.Write(Collected.Of([file], selection, writer.Followed(), null, new(), TestContext.Current.CancellationToken),
                    [new(file, file.Hash())], isAll: false);
            }
        }
        Assert.NotEqual(StoreKills.RowsOf(whole), StoreKills.RowsOf(ended));
        Assert.Equal(0, Run(ended).Added);
        Assert.Equal(StoreKills.RowsOf(whole), StoreKills.RowsOf(ended));

        IngestResult Run(StoreAddress address) => Ingest.Run(address, files, new([subject.Text], CountryRule.Origin),
            _ => subject, registry, "", new(), TestContext.Current.CancellationToken);

        void Dump(string collector, string path)
        {
            var time = Timestamp.Parse("2017-10-01T00:00:00");
            folder.Write($"{collector}/bview.20171001.0000.mrt", new MrtWriter()
                .PeerIndexTable(time, "198.51.100.1", "", [new("192.0.2.1", 3333)])
                .Rib(time, Prefix.Parse("175.45.176.0/24"), [new(0, new PathAttributes().Origin().AsPath(path).NextHop("192.0.2.7"), time)])
                .ToArray());
        }
    }
}
