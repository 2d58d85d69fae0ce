using System.Text;

using Isthmus.Archives;
using Isthmus.Sources;
using Isthmus.Tests.Sources;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Archives;

/// <summary>The index of a BGPKIT broker in place of an archive's pages: answers in its form, version 3 of its interface.</summary>
public sealed class BrokerTests : IDisposable
{
    private static readonly byte[] _dump =
        File.ReadAllBytes(Path.Combine(RealData.Repository, "samples/kp-2017-10/rrc00/2017.10/bview.20171001.0000.gz"));

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _notes = [];

    private static byte[] Answer(byte[] body) => FaultyServer.Answer($"HTTP/1.1 200 OK\nContent-Length: {body.Length}\nConnection: close", body);

    private static string Entry(string collector, string kind, string url) => $$"""
        {"ts_start":"2017-10-01T00:00:00","ts_end":"2017-10-01T00:05:00","collector_id":"{{collector}}","data_type":"{{kind}}",
         "url":"{{url}}","rough_size":{{_dump.Length}},"exact_size":0}
        """;

    private static byte[] Page(params string[] entries) => Answer(Encoding.ASCII.GetBytes($$$"""
        {"total":{{{entries.Length}}},"count":{{{entries.Length}}},"page":1,"page_size":1000,"error":null,"data":[{{{string.Join(",", entries)}}}],
         "meta":{"latest_update_ts":"2017-10-02T00:00:00","latest_update_duration":1}}
        """));

    private Fetched Run(FaultyServer server, params string[] collectors)
    {
        var clock = new StoppedClock();
        using var cache = new ArchiveCache(_folder.Place("cache"), clock);
        var question = new FetchQuestion(new(Timestamp.Parse("2017-10-01T00:02Z"), Timestamp.Parse("2017-10-01T00:10Z")))
        {
            Archives = [new($"http://{server.Address}/")],
            Broker = new($"http://{server.Address}/v3/broker"),
            Collectors = collectors,
        };
        return new ArchiveFetch(question, cache, new(_notes.Add), clock).Run(false, 1 << 30, TestContext.Current.CancellationToken);
    }

    private static byte[] Served(FaultyServer? server, string path)
    {
        string root = $"http://{server!.Address}";
        if (path.StartsWith("/v3/broker/search?", StringComparison.Ordinal)) return Page(
            Entry("rrc00", "rib", $"{root}/rrc00/2017.10/bview.20171001.0000.gz"),
            Entry("rrc00", "updates", $"{root}/rrc00/2017.10/updates.20171001.0000.gz"),
            Entry("rrc00", "updates", $"{root}/rrc00/2017.10/updates.20171001.0005.gz"),
            Entry("rrc00", "updates", $"{root}/rrc00/2017.10/updates.20171001.0010.gz"),
            Entry("rrc00", "updates", "http://elsewhere.example/rrc00/2017.10/updates.20171001.0005.gz"),
            Entry("rrc00", "updates", $"{root}/rrc00/2017.10/../../secret/updates.20171001.0005.gz"),
            Entry("rrc00", "updates", $"{root}/rrc00/2017.10/updates.20171001.0005.gz?x=1"),
            Entry("rrc00", "updates", "file:///rrc00/2017.10/updates.20171001.0005.gz"),
            Entry("route-views2", "rib", $"{root}/bgpdata/2017.10/RIBS/rib.20171001.0000.bz2"));
        return Answer(_dump);
    }

    [Fact]
    public void Files_are_those_that_the_broker_names_below_the_archive_and_no_page_is_asked_for()
    {
        FaultyServer? server = null;
        using (server = new FaultyServer((_, path) => Served(server, path)))
        {
            var fetched = Run(server, "rrc00");
            Assert.Equal("bview.20171001.0000.gz updates.20171001.0000.gz updates.20171001.0005.gz",
                string.Join(' ', fetched.Files.Select(file => Path.GetFileName(file.File.Path))));
            Assert.Empty(fetched.Missing);
            string[] asked = [.. server.Requests.Select(request => request.Split(' ')[1])];
            // The day of dumps before the period, by which collectors are known; then the month of the one that is wanted.
            Assert.Equal("/v3/broker/search?ts_start=1506729720&ts_end=1506816120&data_type=rib&page=1&page_size=1000", asked[0]);
            Assert.Equal("/v3/broker/search?ts_start=1506816000&ts_end=1509494399&collector_id=rrc00&page=1&page_size=1000", asked[1]);
            Assert.Equal(5, asked.Length);
        }
    }

    [Theory]
    [InlineData("""{"total":0,"count":0,"page":1,"page_size":0,"error":"page size too large","data":[]}""", "answers: page size too large")]
    [InlineData("""{"total":0}""", "answers something else than a list of files")]
    [InlineData("<html>", "answers something else than a list of files")]
    [InlineData("""{"data":[{"url":5}]}""", "answers something else than a list of files")]
    [InlineData("""{"data":[]}""", "no archive lists a collector rrc00")]
    public void An_answer_that_is_none_is_told(string answer, string said)
    {
        using var server = new FaultyServer((_, _) => Answer(Encoding.ASCII.GetBytes(answer)));
        Assert.Contains(said, Assert.Throws<InputException>(() => Run(server, "rrc00")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
