using CsCheck;

using Isthmus.App;

namespace Isthmus.Tests.App;

/// <summary>What is counted without the parser is what the parser would have counted.</summary>
public sealed class PlainCountTests
{
    private static readonly string[] _words =
    [
        "--count", "--count", "--where", "--where", "origin 131279", "a.mrt", "b/c.gz", "*.bz2", "", "-", "--", "-x", "--hex", "--ledger",
        "json", "--format", "csv", "--out", "true", " False ", "/h", "/?", "/tmp/a", "/", "@list", "[diagram]", "read", "isthmus", "--count=true",
        "--where=peer-as 1", "--where:x", "a=b", "a:b", "-h", "--help", "--version", "1", "\"quoted\"",
    ];

    private static readonly Gen<string[]> _arguments = Gen.Int[0, _words.Length - 1].Select(index => _words[index]).Array[0, 6];

    private static readonly string[] _others = ["--hex", "--record", "--format", "--ledger", "--ledger-out", "--out"];

    [Fact]
    public void What_is_counted_without_the_parser_is_what_the_parser_takes_the_arguments_for() => _arguments.Sample(arguments =>
    {
        if (ReadCommand.PlainCount(arguments) is not var (inputs, where)) return;
        var parsed = CommandLine.Build(CancellationToken.None).Parse(["read", .. arguments]);
        Assert.Empty(parsed.Errors);
        Assert.Equal("read", parsed.CommandResult.Command.Name);
        Assert.True(parsed.GetValue<bool>("--count"));
        Assert.Equal(where, parsed.GetValue<string?>("--where"));
        Assert.Equal(parsed.GetValue<string[]>("INPUT"), inputs);
        foreach (string other in _others)
            Assert.True(parsed.GetResult(other) is not System.CommandLine.Parsing.OptionResult { Implicit: false }, other);
    }, iter: 20_000);

    [Fact]
    public void Files_with_a_filter_are_counted_without_the_parser()
    {
        var plain = ReadCommand.PlainCount(["--count", "--where", "origin 131279", "a.mrt", "b.gz"]);
        Assert.NotNull(plain);
        Assert.Equal("origin 131279", plain.Value.Where);
        Assert.Equal(["a.mrt", "b.gz"], plain.Value.Inputs);
    }
}
