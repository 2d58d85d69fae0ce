using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Isthmus.Tests.Support;

/// <summary>
/// nginx on this machine, which serves a folder and lists what is in it, as archives do. The test is skipped where it is not here.
/// </summary>
public sealed class Nginx : IDisposable
{
    private readonly TemporaryFolder _own = new();
    private readonly Process _process;

    /// <param name="folder">Is served at the root.</param>
    public Nginx(string folder)
    {
        Assert.SkipUnless(ProgramPath is not null, "nginx is not here; to run this: apt-get install nginx-light");
        int port = FreePort();
        string T(string name) => $"{name}_temp_path {_own.Place(name)};";
        string configuration = _own.Write("nginx.conf", System.Text.Encoding.UTF8.GetBytes($$"""
            {{(Environment.IsPrivilegedProcess ? "user root;" : "")}} worker_processes 1; daemon off; pid {{_own.Place("pid")}}; error_log {{_own.Place("error.log")}};
            events { worker_connections 64; }
            http {
                access_log {{LogFile}};
                {{T("client_body")}} {{T("proxy")}} {{T("fastcgi")}} {{T("uwsgi")}} {{T("scgi")}}
                server { listen 127.0.0.1:{{port}}; root {{folder}}; autoindex on; }
            }
            """));
        Address = $"http://127.0.0.1:{port}/";
        _process = Process.Start(new ProcessStartInfo(ProgramPath!, ["-p", _own.Root, "-e", _own.Place("start.log"), "-c", configuration])
        {
            RedirectStandardError = true,
        })!;
        for (var asked = Stopwatch.StartNew(); !Answers(port);)
        {
            if (_process.HasExited || asked.Elapsed > TimeSpan.FromSeconds(20))
                Assert.Fail($"nginx does not answer: {File.ReadAllText(_own.Place("start.log"))}");
            _process.WaitForExit(TimeSpan.FromMilliseconds(20));
        }
    }

    private static string? ProgramPath => new[] { "/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx", "/opt/homebrew/bin/nginx" }
        .FirstOrDefault(File.Exists);

    /// <summary>Of its root, with a slash at the end.</summary>
    public string Address { get; }

    private string LogFile => _own.Place("access.log");

    /// <summary>The paths that were asked for, in order.</summary>
    public IReadOnlyList<string> Requests => [.. File.ReadLines(LogFile).Select(line => line.Split('"')[1].Split(' ')[1])];

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }

    private static bool Answers(int port)
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

    public void Dispose()
    {
        _process.Kill(entireProcessTree: true);
        _process.WaitForExit();
        _process.Dispose();
        _own.Dispose();
    }
}
