using System.Buffers.Binary;
using System.Globalization;

namespace Isthmus.Tests.Fuzz;

/// <summary>
/// Readers under attack. A short campaign in every run of the tests; a long one with FUZZ_SECONDS, see <c>build/fuzz</c>, which adds
/// what it met for the first time to the corpus.
/// </summary>
public sealed class FuzzTests
{
    /// <summary>Executions of a target of weight 1 in the short campaign.</summary>
    private const int ShortExecutions = 250;

    private const int PlantedExecutions = 8_000;

    private static readonly int _seconds =
        int.Parse(Environment.GetEnvironmentVariable("FUZZ_SECONDS") ?? "0", NumberStyles.None, CultureInfo.InvariantCulture);

    public static TheoryData<string> Names => [.. Targets.All.Select(target => target.Name)];

    [Theory, MemberData(nameof(Names))]
    public void No_bytes_bring_a_reader_down(string name)
    {
        var target = Targets.All.Single(one => one.Name == name);
        int seed = _seconds == 0 ? 1 : Random.Shared.Next();
        var campaign = new Campaign(target, seed);
        var finding = campaign.Run(ShortExecutions * target.Weight, _seconds == 0 ? null : TimeSpan.FromSeconds(_seconds));
        Assert.True(finding is null, $"seed {seed}: {finding}");
        if (_seconds == 0) return;
        Corpus.Add(name, campaign.News);
        TestContext.Current.SendDiagnosticMessage($"{name}: {campaign.Executions} executions, {campaign.Behaviours} behaviours, seed {seed}");
        Console.WriteLine($"{name,-12} {campaign.Executions,10} executions {campaign.Behaviours,6} behaviours  seed {seed}");
    }

    [Fact]
    public void Every_reader_has_a_corpus() =>
        Assert.All(Targets.All, target => Assert.NotEmpty(Corpus.Read(target.Name)));

    /// <summary>Readers with one bug each, of the kinds that decoders have had; the short campaign has to find each.</summary>
    [Theory]
    [InlineData("length", "ArgumentOutOfRangeException")]
    [InlineData("bits", "IndexOutOfRangeException")]
    [InlineData("count", "allocates")]
    [InlineData("sum", "OverflowException")]
    [InlineData("rare", "InvalidOperationException")]
    [InlineData("silent", "bytes read of")]
    public void A_planted_bug_is_found(string bug, string what)
    {
        var seeds = Targets.All.Single(one => one.Name == "update").Seeds;
        Action<byte[], Behaviour> read = bug switch
        {
            "length" => TrustsLength,
            "bits" => TrustsBits,
            "count" => TrustsCount,
            "sum" => AddsLengths,
            "rare" => FailsOnOneFlag,
            _ => LosesBytes,
        };
        var finding = new Campaign(new("planted-" + bug, read, seeds), seed: 1).Run(PlantedExecutions);
        Assert.NotNull(finding);
        Assert.Contains(what, finding.What, StringComparison.Ordinal);
        // The same seed finds it again.
        Assert.Equal(finding.Input, new Campaign(new("planted-" + bug, read, seeds), seed: 1).Run(PlantedExecutions)!.Input);
    }

    // Takes an attribute's length for true.
    private static void TrustsLength(byte[] input, Behaviour met)
    {
        foreach (var (code, value) in Attributes(input, trusting: true)) met.Met(code.ToString(CultureInfo.InvariantCulture), value.Length);
    }

    // Takes the bits of a prefix for no more than an address has.
    private static void TrustsBits(byte[] input, Behaviour met)
    {
        byte[] address = new byte[16];
        foreach (var (code, value) in Attributes(input))
        {
            met.Met(code.ToString(CultureInfo.InvariantCulture));
            if (code != 15 || value.Length < 4) continue;
            for (int i = 0; i < (value[3] + 7) / 8 && 4 + i < value.Length; i++) address[i] = value[4 + i];
        }
    }

    // Makes room for as many hops as are announced, squared.
    private static void TrustsCount(byte[] input, Behaviour met)
    {
        foreach (var (code, value) in Attributes(input))
        {
            met.Met(code.ToString(CultureInfo.InvariantCulture));
            if (code == 2 && value.Length > 1) met.Met("hops", new long[value[1] * value[1] * 64].Length);
        }
    }

    // Adds two lengths in sixteen bits.
    private static void AddsLengths(byte[] input, Behaviour met)
    {
        if (input.Length < 5) return;
        ushort withdrawn = BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(1));
        met.Met("lengths", checked((ushort)(withdrawn + BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(3)))));
    }

    // Fails on one attribute in one form.
    private static void FailsOnOneFlag(byte[] input, Behaviour met)
    {
        foreach (var (code, value) in Attributes(input))
        {
            met.Met(code.ToString(CultureInfo.InvariantCulture), value.Length);
            if (code == 26 && value is [>= 0x80, ..]) throw new InvalidOperationException($"an AIGP of type {value[0]}");
        }
    }

    // Drops an attribute of length 0 and what follows it.
    private static void LosesBytes(byte[] input, Behaviour met)
    {
        int read = 0;
        foreach (var (code, value) in Attributes(input))
        {
            met.Met(code.ToString(CultureInfo.InvariantCulture));
            if (value.Length == 0 && code is not 6) break;
            read += value.Length;
        }
        int there = Attributes(input).Sum(one => one.Value.Length);
        if (read != there) throw new InvalidOperationException($"{read} bytes read of {there}");
    }

    private static List<(byte Code, byte[] Value)> Attributes(byte[] input, bool trusting = false)
    {
        var found = new List<(byte, byte[])>();
        if (input.Length < 5) return found;
        int at = 3 + BinaryPrimitives.ReadUInt16BigEndian(input.AsSpan(1));
        at += 2;
        while (at + 3 <= input.Length)
        {
            int length = input[at + 2];
            if (!trusting && at + 3 + length > input.Length) break;
            found.Add((input[at + 1], input.AsSpan(at + 3, length).ToArray()));
            at += 3 + length;
        }
        return found;
    }
}
