using System.Diagnostics;
using System.Globalization;

using Isthmus.Scenarios;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>
/// The servers that the tests of stores in ClickHouse ask; each starts when it is first wanted, and is stopped in the end.
/// </summary>
public sealed class ClickHouseServers : IDisposable
{
    private static readonly string _library =
        Path.Combine(RealData.Repository, "artifacts/clickhouse/node_modules/@chdb/lib-linux-x64-gnu/libchdb.so");

    private readonly Lazy<ClickHouseNodes> _shards = new(() => new(areReplicas: false)), _replicas = new(() => new(areReplicas: true));
    private readonly Lazy<(Process Process, int Port, TemporaryFolder Folder)> _modern = new(StartModern);
    private int _stores;

    /// <summary>Two nodes that keep the same.</summary>
    public ClickHouseNodes Replicas
    {
        get
        {
            SkipUnlessHere();
            return _replicas.Value;
        }
    }

    /// <summary>Two nodes of which each is a shard.</summary>
    public ClickHouseNodes Shards
    {
        get
        {
            SkipUnlessHere();
            return _shards.Value;
        }
    }

    /// <summary>The address of a new store.</summary>
    /// <param name="engine"><c>duckdb</c>, <c>18.16</c> (two shards) or <c>26</c>.</param>
    public string New(string engine, TemporaryFolder folder)
    {
        string name = "s" + Interlocked.Increment(ref _stores).ToString(CultureInfo.InvariantCulture);
        if (engine == "duckdb") return folder.Place(name + ".duckdb");
        if (engine == "18.16") return Shards.AddressOf(name);
        Assert.SkipUnless(File.Exists(_library), "ClickHouse as a library is not here: run .ci/run, which brings it by npm");
        return string.Create(CultureInfo.InvariantCulture, $"clickhouse://127.0.0.1:{_modern.Value.Port}/{name}");
    }

    public void Dispose()
    {
        if (_shards.IsValueCreated) _shards.Value.Dispose();
        if (_replicas.IsValueCreated) _replicas.Value.Dispose();
        if (!_modern.IsValueCreated) return;
        _modern.Value.Process.Kill();
        _modern.Value.Process.WaitForExit();
        _modern.Value.Folder.Dispose();
    }

    private static void SkipUnlessHere() => Assert.SkipUnless(
        ClickHouseNodes.AreHere, "ClickHouse and ZooKeeper are not here: run .ci/run, which brings clickhouse-server and zookeeper");

    private static (Process, int, TemporaryFolder) StartModern()
    {
        var folder = new TemporaryFolder();
        int port = ClickHouseNodes.FreePorts(1)[0];
        var start = new ProcessStartInfo("dotnet", [Path.Combine(AppContext.BaseDirectory, "Isthmus.Scenarios.dll"), "chdb",
            port.ToString(CultureInfo.InvariantCulture), folder.Place("data"), _library])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
        var process = Process.Start(start)!;
        Assert.Equal("ready", process.StandardOutput.ReadLine());
        return (process, port, folder);
    }
}
