using Isthmus.Claims;
using Isthmus.Registry;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Claims;

/// <summary>
/// Statements in the English of newspapers and operators over archives of which the truth is known, written before the rules were
/// read. A statement counts as a whole: confirmed where all that is found in it is, contradicted where anything is.
/// </summary>
public sealed class StatementTests
{
    private static readonly ClaimCheck _check = new(RegistrySnapshot.Shipped);

    private static string Folder => Path.Combine(RealData.Repository, "tests", "Isthmus.Tests", "Claims", "statements");

    public static TheoryData<string> Archives =>
        [.. Directory.GetFiles(Folder, "*.txt").Select(file => Path.GetFileNameWithoutExtension(file)!).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Archives))]
    public void No_statement_gets_a_wrong_mark_and_none_is_falsely_confirmed(string archive)
    {
        var report = StatementWorlds.Of(archive);
        var falselyConfirmed = new List<string>();
        var wrong = new List<string>();
        foreach (string line in File.ReadLines(Path.Combine(Folder, archive + ".txt")))
        {
            if (line.StartsWith('#') || line.Split(" | ", 2) is not [var mark, var statement]) continue;
            var claims = _check.Run(statement, report).Claims;
            string got = claims.Any(claim => claim.Mark is Mark.Contradicted) ? "x"
                : claims.Count > 0 && claims.All(claim => claim.Mark is Mark.Confirmed) ? "c" : "n";
            // What is true (t) or false (f) may stay undecided where its words go beyond the rules; never may it be told as the contrary.
            if (got == mark || mark is "t" && got is not "x" || mark is "f" && got is not "c") continue;
            string told = $"\n{mark} but {got}: {statement}" + string.Concat(claims.Select(claim =>
                $"\n      {claim.Claim.Kind} {claim.Claim.Who?.Text} {claim.Mark} ({string.Join("; ", claim.Claim.Unread)}): {claim.Why}"));
            (got is "c" ? falselyConfirmed : wrong).Add(told);
        }
        Assert.True(falselyConfirmed.Count == 0, $"{falselyConfirmed.Count} falsely confirmed{string.Concat(falselyConfirmed)}\nand wrong"
            + string.Concat(wrong));
        Assert.True(wrong.Count == 0, $"{wrong.Count} wrong{string.Concat(wrong)}");
    }
}
