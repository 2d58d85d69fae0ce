using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Scenarios;

/// <summary>
/// Two nodes of ClickHouse 18.16 and a ZooKeeper, from Debian's packages, on free ports of the loopback and in a folder of their own.
/// </summary>
public sealed class ClickHouseNodes : IDisposable
{
    private const string Server = "/usr/sbin/clickhouse-server";
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(60);

    private readonly string _folder = Directory.CreateTempSubdirectory("isthmus-nodes-").FullName;
    private readonly Process?[] _nodes = new Process?[2];
    private readonly Process _keeper;
    private readonly bool _areReplicas;
    private readonly int[] _ports = FreePorts(7);

    /// <param name="areReplicas">True where both keep the same; false where each is a shard.</param>
    public ClickHouseNodes(bool areReplicas)
    {
        _areReplicas = areReplicas;
        File.WriteAllText(Path.Combine(_folder, "zoo.cfg"), string.Create(CultureInfo.InvariantCulture, $"""
            tickTime=500
            dataDir={_folder}/zookeeper
            clientPort={_ports[6]}
            clientPortAddress=127.0.0.1
            admin.enableServer=false
            """));
        _keeper = Start("java", "-Xmx128m", "-cp", "/usr/share/java/*:/etc/zookeeper/conf",
            "org.apache.zookeeper.server.quorum.QuorumPeerMain", Path.Combine(_folder, "zoo.cfg"));
        Wait(() => Listens(_ports[6]));
        for (int node = 0; node < 2; node++)
        {
            Directory.CreateDirectory(PlaceOf(node));
            File.WriteAllText(Path.Combine(PlaceOf(node), "users.xml"), Users);
            File.WriteAllText(Path.Combine(PlaceOf(node), "config.xml"), ConfigOf(node));
            StartNode(node);
        }
    }

    /// <summary>True where the packages are installed.</summary>
    public static bool AreHere => File.Exists(Server) && File.Exists("/usr/share/java/zookeeper.jar");

    /// <summary>The address of a store over both nodes.</summary>
    public string AddressOf(string database) => string.Create(CultureInfo.InvariantCulture,
        $"clickhouse://127.0.0.1:{_ports[0]}{(_areReplicas ? $",127.0.0.1:{_ports[1]}" : "")}/{database}?cluster=isthmus");

    /// <summary>The HTTP port of a node.</summary>
    public int PortOf(int node) => _ports[node];

    /// <summary>
    /// Starts a node that was stopped. Now and then 18.16 starts without taking statements for its cluster: then it is started once more.
    /// </summary>
    public void StartNode(int node)
    {
        for (int start = 1; ; start++)
        {
            _nodes[node] = Start(Server, "--config-file=" + Path.Combine(PlaceOf(node), "config.xml"));
            Wait(() => Listens(_ports[node]) && Listens(_ports[2 + node]));
            if (Array.Exists(_nodes, one => one is null) || DoesAsToldTogether()) return;
            if (start == StartsMax) throw new TimeoutException("the nodes do not take what is said to their cluster");
            // It may be either of them.
            Kill(node);
            Kill(1 - node);
            _nodes[1 - node] = Start(Server, "--config-file=" + Path.Combine(PlaceOf(1 - node), "config.xml"));
            Wait(() => Listens(_ports[1 - node]) && Listens(_ports[3 - node]));
        }
    }

    private const int StartsMax = 4;

    private bool DoesAsToldTogether()
    {
        using var client = new HttpClient();
        using var told = new StringContent("CREATE DATABASE IF NOT EXISTS together ON CLUSTER isthmus");
        try
        {
            using var answer = client.PostAsync(new Uri(string.Create(CultureInfo.InvariantCulture,
                $"http://127.0.0.1:{_ports[0]}/?distributed_ddl_task_timeout=8")), told).GetAwaiter().GetResult();
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            // It went away again: both are started anew.
            return false;
        }
    }

    /// <summary>Ends a node at once, as a power cut does.</summary>
    public void Kill(int node)
    {
        if (!_nodes[node]!.HasExited) _nodes[node]!.Kill();
        _nodes[node]!.WaitForExit();
        _nodes[node]!.Dispose();
        _nodes[node] = null;
    }

    public void Dispose()
    {
        for (int node = 0; node < 2; node++)
            if (_nodes[node] is not null) Kill(node);
        _keeper.Kill();
        _keeper.WaitForExit();
        _keeper.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    /// <summary>Ports of the loopback that nobody listens on.</summary>
    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToArray();
        foreach (var listener in listeners) listener.Start();
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        foreach (var listener in listeners) listener.Stop();
        return ports;
    }

    private string PlaceOf(int node) => Path.Combine(_folder, "node" + node.ToString(CultureInfo.InvariantCulture));

    private static Process Start(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        var process = Process.Start(start)!;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    private static bool Listens(int port)
    {
        try
        {
            using var client = new TcpClient();
            client.Connect(IPAddress.Loopback, port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static void Wait(Func<bool> isReady)
    {
        var clock = Stopwatch.StartNew();
        while (!isReady())
        {
            if (clock.Elapsed > _patience) throw new TimeoutException("a server did not start");
            Thread.Sleep(20);
        }
    }

    private string Replica(int node) => string.Create(CultureInfo.InvariantCulture, $"<replica><host>127.0.0.1</host><port>{_ports[2 + node]}</port></replica>");

    private string ConfigOf(int node)
    {
        string place = PlaceOf(node), between = _areReplicas ? "" : "</shard><shard><internal_replication>true</internal_replication>";
        return string.Create(CultureInfo.InvariantCulture, $"""
            <?xml version="1.0"?>
            <yandex>
              <logger><level>warning</level><log>{place}/server.log</log><errorlog>{place}/error.log</errorlog></logger>
              <http_port>{_ports[node]}</http_port><tcp_port>{_ports[2 + node]}</tcp_port>
              <interserver_http_port>{_ports[4 + node]}</interserver_http_port><interserver_http_host>127.0.0.1</interserver_http_host>
              <listen_host>127.0.0.1</listen_host><mark_cache_size>16777216</mark_cache_size>
              <path>{place}/data/</path><tmp_path>{place}/tmp/</tmp_path><format_schema_path>{place}/schemas/</format_schema_path>
              <users_config>users.xml</users_config><default_profile>default</default_profile><default_database>default</default_database>
              <timezone>UTC</timezone>
              <remote_servers><isthmus>
                <shard><internal_replication>true</internal_replication>{Replica(0)}{between}{Replica(1)}</shard>
              </isthmus></remote_servers>
              <macros><shard>{(_areReplicas ? 0 : node)}</shard><replica>{node}</replica></macros>
              <zookeeper><node><host>127.0.0.1</host><port>{_ports[6]}</port></node>
                <session_timeout_ms>3000</session_timeout_ms></zookeeper>
              <distributed_ddl><path>/clickhouse/task_queue/ddl</path></distributed_ddl>
            </yandex>
            """);
    }

    private const string Users = """
        <?xml version="1.0"?>
        <yandex>
          <profiles>
            <default><max_memory_usage>1000000000</max_memory_usage></default><asks><readonly>2</readonly></asks>
          </profiles>
          <users>
            <default><password></password><networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile><quota>default</quota></default>
            <guarded><password>right</password><networks><ip>127.0.0.1</ip></networks>
              <profile>default</profile><quota>default</quota></guarded>
            <reader><password></password><networks><ip>127.0.0.1</ip></networks>
              <profile>asks</profile><quota>default</quota></reader>
          </users>
          <quotas><default></default></quotas>
        </yandex>
        """;
}
