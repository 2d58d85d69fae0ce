using System.Text.Json;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.App;

/// <summary>Every sentence of a report leads to the bytes that prove it.</summary>
public sealed class SampleProofTests
{
    private const int PageMax = 2_000_000;

    private static JsonElement Report => Sample.Of("KP").Json();

    [Fact]
    public void Every_sentence_names_records_or_rests_on_all_inputs()
    {
        var records = Report.GetProperty("records").EnumerateArray().Select(record => record.GetProperty("id").GetString()).ToHashSet();
        var sentences = Report.GetProperty("sentences").EnumerateArray().ToArray();
        Assert.Equal(Report.GetProperty("headline").GetString(), sentences[0].GetProperty("text").GetString());
        Assert.Equal(3, sentences.Count(sentence => sentence.GetProperty("part").GetString() is "lead"));
        foreach (var sentence in sentences)
        {
            string?[] own = [.. sentence.GetProperty("records").EnumerateArray().Select(id => id.GetString())];
            Assert.True(own.Length > 0 || sentence.TryGetProperty("restsOnAllInputs", out _), sentence.GetRawText());
            Assert.Subset(records, own.ToHashSet());
        }
    }

    [Fact]
    public void The_first_sentence_has_the_time_of_both_clocks() => Assert.Contains(
        "on 1 October 2017 at 09:07:51 UTC (17:37:51 in Pyongyang), for 3 of 4 prefixes",
        Report.GetProperty("sentences")[1].GetProperty("text").GetString(), StringComparison.Ordinal);

    [Fact]
    public void The_embedded_bytes_alone_give_the_lines_that_stand_beside_them()
    {
        using var folder = new TemporaryFolder();
        var records = Report.GetProperty("records").EnumerateArray().ToArray();
        byte[] Bytes(JsonElement record) => Convert.FromHexString(record.GetProperty("bytes").GetString()!);
        var tables = records.ToDictionary(record => record.GetProperty("id").GetString()!, Bytes);
        // A dump's record needs the table of its own file before it.
        var written = new MemoryStream();
        foreach (var record in records)
        {
            if (record.TryGetProperty("peerTable", out var table)) written.Write(tables[table.GetString()!]);
            written.Write(Bytes(record));
        }
        string file = folder.Write("records.mrt", written.ToArray());
        var lines = records.SelectMany(record => record.GetProperty("lines").EnumerateArray());
        string expected = string.Concat(lines.Select(line => line.GetString() + "\n"));
        Assert.NotEmpty(expected);
        Assert.Equal(expected, Cli.Run("read", file).Out);
    }

    [Fact]
    public void The_page_holds_all_of_it_and_stays_small()
    {
        var page = Sample.Of("KP", "html");
        Assert.Equal(0, page.ExitCode);
        string html = page.Out;
        Assert.InRange(html.Length, 500_000, PageMax);
        foreach (var record in Report.GetProperty("records").EnumerateArray())
            Assert.Contains($"<li id=\"{record.GetProperty("id").GetString()}\">", html, StringComparison.Ordinal);
        foreach (var sentence in Report.GetProperty("sentences").EnumerateArray())
            Assert.Contains(System.Net.WebUtility.HtmlEncode(sentence.GetProperty("text").GetString()!)[..40], html, StringComparison.Ordinal);
    }
}
