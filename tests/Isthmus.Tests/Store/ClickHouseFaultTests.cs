using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

using Isthmus.Tests.Support;

namespace Isthmus.Tests.Store;

/// <summary>What a store in ClickHouse says where what answers is no such server: one line, and the end (docs/store.md).</summary>
public sealed class ClickHouseFaultTests
{
    [Theory]
    [InlineData("HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n<html>hi</html>")]
    [InlineData("HTTP/1.1 404 Not Found\r\nContent-Length: 15\r\n\r\n<html>no</html>")]
    [InlineData("SSH-2.0-OpenSSH_9.2p1\r\n")]
    public void What_is_no_ClickHouse_server_is_told_as_such(string answer)
    {
        using var server = new OneAnswer(answer, null);
        Said("does not answer as ClickHouse does", $"clickhouse://127.0.0.1:{server.Port}/kp");
    }

    [Fact]
    public void A_certificate_that_nobody_vouches_for_is_refused()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=127.0.0.1", key, HashAlgorithmName.SHA256);
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        using var certificate = X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
        using var server = new OneAnswer("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n0\n", certificate);
        Said("no secure connection", $"clickhouses://127.0.0.1:{server.Port}/kp");
    }

    private static void Said(string what, string store)
    {
        foreach (string[] command in (string[][])[["report", "KP"], ["ingest", "samples/kp-2017-10/rrc03"]])
        {
            var run = Cli.Run([.. command, "--store", store]);
            Assert.Equal((1, ""), (run.ExitCode, run.Out));
            Assert.Contains(what, Assert.Single(run.ErrLines));
        }
    }

    /// <summary>Says the same to whoever comes, and hangs up.</summary>
    private sealed class OneAnswer : IDisposable
    {
        private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

        public OneAnswer(string answer, X509Certificate2? certificate)
        {
            _listener.Start();
            _ = Task.Run(async () =>
            {
                while (true)
                {
                    using var client = await _listener.AcceptTcpClientAsync();
                    await Answer(client, Encoding.ASCII.GetBytes(answer), certificate);
                }
            });
        }

        public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

        public void Dispose() => _listener.Dispose();

        private static async Task Answer(TcpClient client, byte[] answer, X509Certificate2? certificate)
        {
            try
            {
                Stream stream = client.GetStream();
                if (certificate is not null)
                {
                    var secure = new SslStream(stream);
                    await secure.AuthenticateAsServerAsync(certificate);
                    stream = secure;
                }
                _ = await stream.ReadAsync(new byte[1 << 16]);
                await stream.WriteAsync(answer);
                await stream.FlushAsync();
                client.Client.Shutdown(SocketShutdown.Send);
                // All that is sent is taken, so that the answer is not lost by a reset.
                byte[] rest = new byte[1 << 16];
                while (await stream.ReadAsync(rest) > 0) continue;
            }
            catch (Exception failure) when (failure is IOException or System.Security.Authentication.AuthenticationException)
            {
                // Who asked hung up.
            }
        }
    }
}
