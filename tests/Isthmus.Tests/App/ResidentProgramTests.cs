using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>A process that stays for many runs answers each of them as a process of its own does.</summary>
public sealed class ResidentProgramTests
{
    private const string Updates = $"{Sample.Folder}/rrc00/2017.10/updates.20171001.0905.gz";

    [Theory]
    [InlineData("")]
    [InlineData("--version")]
    [InlineData("report --help")]
    [InlineData("report KP " + Updates)]
    [InlineData("report KP " + Updates + " --format json")]
    [InlineData("report KP " + Updates + " --format html")]
    [InlineData("history KP " + Updates)]
    [InlineData("read " + Updates + " --format csv")]
    [InlineData("read no-such-file.mrt")]
    [InlineData("attribution KP")]
    [InlineData("completion zsh")]
    [InlineData("man")]
    [InlineData("verify --no-such-option")]
    public void A_run_is_the_same_in_both_the_first_time_and_the_second(string line)
    {
        string[] arguments = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var alone = Cli.RunAlone(arguments);
        Assert.Equal(alone, Cli.Run(arguments));
        Assert.Equal(alone, Cli.Run(arguments));
    }

    [Fact]
    public void Standard_input_is_that_of_the_run_and_ends_with_it()
    {
        byte[] updates = File.ReadAllBytes(Path.Combine(RealData.Repository, Updates));
        string count = Cli.Run("read", Updates, "--count").Out;
        Assert.Equal((0, count), (Cli.Feed(updates, "read", "-", "--count") is var first ? (first.ExitCode, first.Out) : default));
        Assert.Equal(1, Cli.Feed([], "read", "-", "--count").ExitCode);
        Assert.Equal((0, count), (Cli.Feed(updates, "read", "-", "--count") is var second ? (second.ExitCode, second.Out) : default));
    }
}
