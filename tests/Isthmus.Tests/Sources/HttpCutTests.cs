using Isthmus.Export;
using Isthmus.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Sources;

/// <summary>Transfers that end before what they bring does: it is the transfer that is told, and what came before is kept.</summary>
public sealed class HttpCutTests
{
    private static readonly HttpBounds Short = new()
    {
        Stall = TimeSpan.FromMilliseconds(500),
        Retry = TimeSpan.FromMilliseconds(10),
        RetryMax = TimeSpan.FromMilliseconds(100),
        RetriesMax = 4,
    };

    private const int Records = 400;

    // Announcements with prefixes that repeat nothing, so that no container holds them in one block alone.
    private static byte[] Updates()
    {
        var writer = new Isthmus.Scenarios.MrtWriter();
        for (int i = 0; i < Records; i++)
        {
            writer.Update(
                Timestamp.Parse("2017-10-01T09:05:00Z") + TimeSpan.FromMilliseconds(500 * i), new("192.0.2.17", 22652),
                withdraw: [$"10.{i * 37 % 256}.{i * 91 % 256}.0/24"]);
        }
        return writer.ToArray();
    }

    private static byte[] PackedIn(string container)
    {
        byte[] plain = Updates(), half = plain[..(plain.Length / 2)], rest = plain[(plain.Length / 2)..];
        return container switch
        {
            "gz" => Packed.Gzip(plain),
            "members.gz" => [.. Packed.Gzip(half), .. Packed.Gzip(rest)],
            "bz2" => [.. Packed.Bzip2(half), .. Packed.Bzip2(rest)],
            "zst" => [.. Packed.Zstd(half), .. Packed.Zstd(rest)],
            _ => plain,
        };
    }

    [Theory]
    [InlineData("mrt", false, false)]
    [InlineData("gz", false, false)]
    [InlineData("gz", false, true)]
    [InlineData("gz", true, false)]
    [InlineData("members.gz", false, false)]
    [InlineData("bz2", false, false)]
    [InlineData("zst", false, false)]
    [InlineData("zst", true, false)]
    public void A_transfer_that_ends_inside_a_record_or_container_is_told_as_the_transfers_and_what_came_is_counted(
        string container, bool stalls, bool isReset)
    {
        byte[] file = PackedIn(container);
        byte[] part = file[..(file.Length * 4 / 5)];
        byte[] body = stalls ? [.. part, .. FaultyServer.Stall] : isReset ? [.. part, .. FaultyServer.Reset] : part;
        using var server = new FaultyServer((_, _) => FaultyServer.Answer($"HTTP/1.1 200 OK\nContent-Length: {file.Length}", body));
        using var inputs = new Inputs(Short);
        var set = inputs.Resolve([$"http://{server.Address}/rrc00/updates.20171001.0905.{container}"], Stream.Null, TestContext.Current.CancellationToken);
        var tally = Assert.Single(ReadRun.Run(set.Files, null, new(), TestContext.Current.CancellationToken).Files);
        Assert.InRange(tally.Elements, 1, Records - 1);
        string[] told = [.. tally.Faults.Kept.Select(fault => fault.Text)];
        string transfer = Assert.Single(told, text => text.StartsWith("the transfer ", StringComparison.Ordinal));
        Assert.Contains($" of {file.Length} bytes", transfer, StringComparison.Ordinal);
        if (!isReset) Assert.Contains($"after {part.Length + (stalls ? FaultyServer.Stall.Length : 0)} of ", transfer, StringComparison.Ordinal);
        Assert.Contains(stalls ? "stood still for 0.5 seconds" : isReset ? "was cut after" : "the connection was closed", transfer, StringComparison.Ordinal);
        Assert.Contains("; try again later, or fetch it by other means and give the file", transfer, StringComparison.Ordinal);
        // Nothing says that the file itself is cut off or damaged.
        Assert.All(told, text => Assert.False(
            text.StartsWith("cut off", StringComparison.Ordinal) || text.StartsWith("the file ends", StringComparison.Ordinal), text));
    }

    [Fact]
    public void Of_an_archive_too_and_of_the_file_in_it_that_is_cut()
    {
        byte[] file = Updates();
        using var folder = new TemporaryFolder();
        folder.Write("in/rrc00/updates.20171001.0900", file);
        folder.Write("in/rrc00/updates.20171001.0905", file);
        Assert.Equal(0, Cli.Bash($"cd {folder.Place("in")} && tar -cf ../all.tar rrc00/updates.20171001.0900 rrc00/updates.20171001.0905").ExitCode);
        byte[] tar = File.ReadAllBytes(folder.Place("all.tar"));
        byte[] part = tar[..(512 * 3 + file.Length + file.Length / 2)];
        using var server = new FaultyServer((_, _) => FaultyServer.Answer($"HTTP/1.1 200 OK\nContent-Length: {tar.Length}", part));
        using var inputs = new Inputs(Short);
        var set = inputs.Resolve([$"http://{server.Address}/all.tar"], Stream.Null, TestContext.Current.CancellationToken);
        string said = $"the transfer was cut after {part.Length} of {tar.Length} bytes: the connection was closed; try again later";
        Assert.Contains($"/all.tar: {said}", Assert.Single(set.Unread), StringComparison.Ordinal);
        var tally = ReadRun.Run(set.Files, null, new(), TestContext.Current.CancellationToken);
        Assert.Equal(Records, tally.Files[0].Elements);
        Assert.Equal(0, tally.Files[0].Faults.Count);
        Assert.InRange(tally.Files[1].Elements, 1, Records - 1);
        Assert.Contains(tally.Files[1].Faults.Kept, fault => fault.Text.StartsWith(said, StringComparison.Ordinal));
    }

    [Fact]
    public void What_is_damaged_before_the_cut_is_told_beside_it_and_what_is_sound_between_them_comes_out()
    {
        byte[] plain = Updates();
        int third = plain.Length / 3;
        byte[] first = Packed.Gzip(plain[..third]);
        first[first.Length / 2] ^= 0x55;
        byte[] file = [.. first, .. Packed.Gzip(plain[third..(2 * third)]), .. Packed.Gzip(plain[(2 * third)..])];
        byte[] part = file[..^50];
        using var server = new FaultyServer((_, _) => FaultyServer.Answer($"HTTP/1.1 200 OK\nContent-Length: {file.Length}", part));
        using var inputs = new Inputs(Short);
        var set = inputs.Resolve([$"http://{server.Address}/rrc00/updates.20171001.0905.gz"], Stream.Null, TestContext.Current.CancellationToken);
        var tally = Assert.Single(ReadRun.Run(set.Files, null, new(), TestContext.Current.CancellationToken).Files);
        string[] told = [.. tally.Faults.Kept.Select(fault => fault.Text)];
        Assert.Contains(told, text => text.Contains("gzip member", StringComparison.Ordinal) && !text.Contains("transfer", StringComparison.Ordinal));
        Assert.Contains(told, text => text.StartsWith($"the transfer was cut after {part.Length} of {file.Length} bytes", StringComparison.Ordinal));
        // Of the second member alone come a third of the records, but for those that its edges cut.
        Assert.True(tally.Elements >= Records / 3 - 2, $"{tally.Elements}");
    }

    [Theory]
    [InlineData("X-Long: {0}", "the header of the answer is longer than is taken")]
    [InlineData("no colon here", "the answer is no HTTP")]
    public void An_answer_that_would_be_the_same_again_is_asked_for_once(string head, string said)
    {
        using var server = new FaultyServer((_, _) => FaultyServer.Answer(
            $"HTTP/1.1 200 OK\n{string.Format(null, head, new string('x', 200_000))}\nContent-Length: 0"));
        using var inputs = new Inputs(Short);
        var failure = Assert.Throws<InputException>(() => inputs.Resolve(
            [$"http://{server.Address}/updates.20171001.0905.gz"], Stream.Null, TestContext.Current.CancellationToken));
        Assert.Contains(said, failure.Message, StringComparison.Ordinal);
        Assert.Single(server.Requests);
    }

    [Fact]
    public void A_host_name_that_nobody_has_is_looked_up_once()
    {
        using var inputs = new Inputs(new HttpBounds { Retry = TimeSpan.FromMinutes(1) });
        var failure = Assert.Throws<InputException>(() => inputs.Resolve(
            ["http://host.invalid/updates.20171001.0905.gz"], Stream.Null, TestContext.Current.CancellationToken));
        Assert.Contains("host", failure.Message, StringComparison.Ordinal);
    }
}
