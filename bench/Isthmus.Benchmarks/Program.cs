using System.Globalization;

using Isthmus.Benchmarks;
using Isthmus.Benchmarks.Fuzzing;
using Isthmus.Scenarios;

switch (args)
{
    case ["read", var format, var file]:
        return Ours.Read(format, file);
    case ["decompress", var file]:
        return Ours.Decompress(file);
    case ["allocation", var file]:
        return Allocation.Gate(file);
    case ["steady", var format, var file, .. var rest]:
        return Steady.Run(format, file, Number(rest, 0, 10), rest.Length > 1 ? rest[1] : null);
    case ["generate", "rib", var file, .. var rest]:
        using (var output = File.Create(file)) new SyntheticTable(Number(rest, 0, 1_200_000), Number(rest, 1, 40)).WriteRib(output);
        return 0;
    case ["generate", "updates", var file, .. var rest]:
        using (var output = File.Create(file))
            new SyntheticTable(Number(rest, 1, 100_000), 40).WriteUpdates(output, Number(rest, 0, 1_000_000));
        return 0;
    case ["depend", var file, var at]:
        return DependenceCost.Run(file, at);
    case ["shares", .. var rest]:
        return ShareCost.Run(Number(rest, 0, 5_000), Number(rest, 1, 60));
    case ["runs", .. var rest]:
        return WholeRuns.Run(rest, BuiltProgram());
    case ["cuts", .. var rest]:
        return CutCost.Run(Number(rest, 0, 75_000), Number(rest, 1, 500_000), Number(rest, 2, 500));
    case ["agreement", .. var rest]:
        return RelationshipAgreement.Run(rest, BuiltProgram());
    case ["routes", .. var rest]:
        return RouteCost.Run(Number(rest, 0, 200_000), Number(rest, 1, 20));
    case ["compare", var file, .. var rest]:
        using (var comparison = new Comparison(file, Number(rest, 0, 5), rest.Length > 1 ? rest[1] : BuiltProgram())) comparison.Run();
        return 0;
    case ["beside", .. var rest] when rest.Length > 0:
        return Beside.Run(rest, BuiltProgram());
    case ["duckdb-copy", var csv, var parquet, .. var rest]:
        return DuckDbCopy.Run(csv, parquet, Number(rest, 0, Environment.ProcessorCount));
    case ["accuracy", "write", var seed, var folder, .. var rest]:
        return Accuracy.Write(ulong.Parse(seed, CultureInfo.InvariantCulture), folder, rest is [var part] ? part : "clean");
    case ["settling", .. var rest]:
        return Accuracy.Settle((ulong)Number(rest, 0, 1), Number(rest, 1, 20), rest.Length > 2 ? rest[2] : "clean");
    case ["accuracy", .. var rest]:
        return Accuracy.Run((ulong)Number(rest, 0, 1), Number(rest, 1, 200), rest.Length > 2 ? rest[2] : "both");
    case ["audit", .. var files] when files.Length > 0:
        return Audit.Run(files, BuiltProgram());
    case ["damage", "report", .. var rest]:
        return Damage.RunReports((ulong)Number(rest, 0, 1), Number(rest, 1, 300));
    case ["damage", .. var rest]:
        int numbers = rest.TakeWhile(text => text.All(char.IsAsciiDigit)).Take(2).Count();
        return Damage.Run((ulong)Number(rest[..numbers], 0, 1), Number(rest[..numbers], 1, 10_000), rest[numbers..]);
    case ["kills", .. var rest]:
        string[] asked = [.. rest.Where(text => text != "clickhouse")];
        using (var nodes = asked.Length < rest.Length ? new ClickHouseNodes(areReplicas: true) : null)
        {
            var campaign = StoreKills.Run([BuiltProgram()], (ulong)Number(asked, 0, 1), Number(asked, 1, nodes is null ? 300 : 50), nodes,
                kills => Console.Error.WriteLine($"{kills} kills"));
            foreach (string line in campaign.Wrong) Console.WriteLine(line);
            Console.WriteLine($"{campaign.Kills} runs of ingest killed, {campaign.Ended} ended; {campaign.Wrong.Count} wrong");
            return campaign.Wrong.Count == 0 ? 0 : 1;
        }
    case ["store", .. var rest]:
        return StoreCost.Run(rest.Length == 0 ? ["100000", "1000000"] : rest, BuiltProgram());
    case ["clickhouse", .. var rest]:
        return ClickHouseCost.Run(Number(rest, 0, 1_000_000), BuiltProgram());
    case ["small-files", .. var rest]:
        return SmallFiles.Run(rest.Length == 0 ? [5_000, 10_000, 20_000] : [.. rest.Select(int.Parse)], BuiltProgram());
    case ["fuzz", .. var rest]:
        return Fuzz.Run(rest);
    default:
        Console.Error.WriteLine("""
            compare FILE [ROUNDS] [PROGRAM]   the table of docs/speed.md: isthmus against igzip, lbzip2, bgpdump and DuckDB, on the file
                                    plain, as gz and as bz2; the program is the native one where it was published
            beside [--beside 'COMMAND {}'] [--rounds N] [--origin AS] [--program PROGRAM] FILE…
                                    CPU time of read --count on real files beside other decoders: those named, or parsebgp and bgpdump
                                    where they are on the path
            duckdb-copy CSV PARQUET [THREADS]   what Parquet is compared with: DuckDB's COPY of rows that are csv already
            depend FILE TIME        what 'depend all' costs part by part, and by distinct paths
            allocation FILE         bytes allocated for an element; fails above a hundredth
            steady count|line|json|csv FILE [ROUNDS] [FILTER]   CPU time of an element, start-up and compilation left out
            accuracy [SEED] [COUNT] [clean|traps|untabled|dumps|hard|wide]
                                    precision, recall and dating error on drawn scenarios: by default 200 from seed 1, clean and with traps
            accuracy write SEED FOLDER [traps|hard|wide]
                                    one of these scenarios as an archive, with what is true of it in truth.txt
            settling [SEED] [COUNT] [clean|traps|untabled|dumps|hard|wide|parts]
                                    for how long after a change what is said of it still differs from what is said in the end
            audit [--most ASES] FILE|FOLDER…
                                    every sentence of the reports on the 20 ASes that moved most, held against the files' own lines
            damage [SEED] [COUNT] [FILE|FOLDER…]
                                    damaged files in every container: what is told of them; by default 10,000 of written records
            damage report [SEED] [COUNT]
                                    drawn archives with a damaged file: reports on them, and texts checked against them; by default 300
            fuzz [--seconds N] [--seed N] [--log FILE] [READER…]
                                    changed inputs against every reader, for a minute or so long; fuzz total [FILE…] adds the logs up
            kills [SEED] [COUNT] [clickhouse]
                                    kills the program while it fills a store, in DuckDB or on two nodes of ClickHouse, of which one goes
                                    with it now and then: fails where anything is lost or repeated; by default 300, of ClickHouse 50
            store [FILE|MESSAGES…]  what a store of files, or of so many generated messages, costs to fill, to keep and to ask
            clickhouse [ROWS]       a generated table in two shards of ClickHouse: rows a second, bytes a span, the time of a history and a
                                    report, and the granules that the servers read for it; by default 1,000,000 spans
            small-files [COUNT…]    what folders of many small files cost, by how many there are: by default 5,000, 10,000 and 20,000
            runs [--prefixes N] [--peers N] [--messages N] [--rounds N] [--program PROGRAM] [FILE…]
                                    whole reports: by the size of the subject; of a generated table beside read --count; of updates, those
                                    named or generated ones, beside igzip -dc
            shares [PREFIXES] [PEERASES]
                                    what error bars and the court cost beside plain shares; by default 5,000 prefixes at 60
            cuts [ASES] [LINKS] [ORIGINS]
                                    a modelled cut of one AS for many origins; by default 75,000 ASes, 500,000 links, 500 origins
            agreement TABLE[+TABLE…]… AS-REL…
                                    relationships inferred from tables against files of CAIDA's form, on the links that both have
            routes [PREFIXES] [PEERS]
                                    bytes that stay for a route in the state of every prefix; by default 200,000 at 20 peers
            generate rib FILE [PREFIXES] [PEERS], generate updates FILE [MESSAGES] [PREFIXES]
                                    a table or updates like real ones; by default the whole table, 1,200,000 prefixes at 40 peers
            read count|line|json|csv FILE, decompress FILE   one file, for a profiler
            """);
        return 2;
}

static int Number(string[] arguments, int place, int otherwise) =>
    arguments.Length > place ? int.Parse(arguments[place], CultureInfo.InvariantCulture) : otherwise;

// Beside this one: artifacts/bin/Isthmus.Benchmarks/release, artifacts/publish/Isthmus.App/release_linux-x64.
static string BuiltProgram()
{
    string artifacts = Path.GetFullPath(Path.Combine(AppContext.BaseDirectory, "../../.."));
    string native = Path.Combine(artifacts, "publish/Isthmus.App/release_linux-x64/isthmus");
    return File.Exists(native) ? native : Path.Combine(artifacts, "bin/Isthmus.App/release/isthmus");
}
