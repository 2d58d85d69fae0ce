using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.RegularExpressions;

namespace Isthmus.Store;

/// <summary>
/// Speaks with a ClickHouse server by its HTTP interface: a statement goes out, lines of tab-separated values or nothing come back; what it
/// refuses is said in one line. What only asks is asked again where a connection breaks, at the next node where there are several.
/// </summary>
internal sealed partial class ClickHouseServer : IDisposable
{
    /// <summary>Times that a question is asked in all.</summary>
    private const int AttemptsMax = 4;

    /// <summary>Seconds in which an answer has to be whole, where <c>ISTHMUS_CLICKHOUSE_TIMEOUT</c> says nothing.</summary>
    private const int TimeoutDefault = 600;

    /// <summary>Characters of a line of an answer.</summary>
    private const int LineMax = 1 << 26;

    private static readonly TimeSpan _connectTimeout = TimeSpan.FromSeconds(5), _pause = TimeSpan.FromMilliseconds(150);

    private readonly ClickHouseAddress _address;
    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private int _node;

    /// <summary>What a server says where a node did not do a statement for the cluster within ten seconds.</summary>
    private const int NotInTime = 159;

    /// <summary>How often such a statement is given.</summary>
    private const int StatementsMax = 6;

    public ClickHouseServer(ClickHouseAddress address)
    {
        _address = address;
        _http = new(new SocketsHttpHandler
        {
            ConnectTimeout = _connectTimeout,
            // Sooner than a server ends a connection that is not used.
            PooledConnectionIdleTimeout = TimeSpan.FromSeconds(1),
            UseProxy = false,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        string? password = ClickHouseAddress.Password();
        if (address.User is not null || password is not null)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{address.User ?? "default"}:{password}")));
        _timeout = TimeSpan.FromSeconds(int.TryParse(Environment.GetEnvironmentVariable("ISTHMUS_CLICKHOUSE_TIMEOUT"),
            NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds > 0 ? seconds : TimeoutDefault);
    }

    /// <summary>The lines of an answer, as they come; asked again where the connection breaks before the first.</summary>
    public IEnumerable<string> Lines(string sql)
    {
        using var deadline = new CancellationTokenSource(_timeout);
        using var answer = Send(sql, null, inDatabase: true, isSafe: true, deadline.Token);
        using var text = new StreamReader(Told(() => answer.Content.ReadAsStream(deadline.Token)), Encoding.UTF8);
        while (Told(text.ReadLine) is { } line)
        {
            if (line.Length > LineMax) throw Failed("an answer has a line of more than 64 MB", null);
            yield return line;
        }
    }

    /// <summary>Runs a statement.</summary>
    /// <param name="isSafe">True where doing it twice is the same as once, so that it may be sent again.</param>
    public void Do(string sql, bool isSafe, bool inDatabase = true)
    {
        // A node that has just started may pass over a statement for its cluster: then it is asked once more.
        for (int attempt = 1; ; attempt++)
        {
            using var deadline = new CancellationTokenSource(_timeout);
            try
            {
                using var answer = Send(sql, null, inDatabase, isSafe, deadline.Token);
                return;
            }
            catch (ClickHouseRefusal refusal) when (isSafe && refusal.Code == NotInTime && attempt < StatementsMax)
            {
            }
        }
    }

    /// <summary>Adds rows to a table.</summary>
    /// <param name="rows">In the form that ClickHouse calls RowBinary.</param>
    /// <param name="isSafe">True where the server knows the same rows when they come again.</param>
    public void Insert(string table, ReadOnlyMemory<byte> rows, bool isSafe)
    {
        using var deadline = new CancellationTokenSource(_timeout);
        using var answer = Send($"INSERT INTO {table} FORMAT RowBinary", rows, inDatabase: true, isSafe, deadline.Token);
    }

    public void Dispose() => _http.Dispose();

    private HttpResponseMessage Send(string sql, ReadOnlyMemory<byte>? rows, bool inDatabase, bool isSafe, CancellationToken deadline)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return SendOnce(sql, rows, inDatabase, deadline);
            }
            catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.SecureConnectionError)
            {
                throw Failed($"no secure connection: {(failure.InnerException ?? failure).Message.TrimEnd('.')}; correct its certificate or the"
                    + " address, or trust who issued it (SSL_CERT_FILE)", failure);
            }
            catch (HttpRequestException failure) when (failure.HttpRequestError is HttpRequestError.InvalidResponse)
            {
                throw Failed(NoClickHouse, failure);
            }
            catch (Exception failure) when (failure is HttpRequestException or IOException)
            {
                bool isUnheard = failure is HttpRequestException
                {
                    HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
                };
                // What did not reach a server was not done.
                bool isHopeless = isUnheard && _address.Nodes.Count == 1 && attempt > 1;
                if (attempt >= AttemptsMax || !isSafe && !isUnheard || isHopeless) throw Failed(isUnheard
                    ? "no server answers there: start ClickHouse, or correct the address"
                    : "the server went away while it was asked; what was said to be stored is stored; start it, and run the command again", failure);
                _node = (_node + 1) % _address.Nodes.Count;
                Thread.Sleep(_pause * attempt);
            }
            catch (OperationCanceledException failure)
            {
                throw Failed(FormattableString.Invariant(
                    $"no answer within {_timeout.TotalSeconds} seconds; ISTHMUS_CLICKHOUSE_TIMEOUT gives it more"), failure);
            }
        }
    }

    private HttpResponseMessage SendOnce(string sql, ReadOnlyMemory<byte>? rows, bool inDatabase, CancellationToken deadline)
    {
        // An answer is begun when it is whole, so that a fault has a status; shards have what they are sent before they say so.
        string settings = "?wait_end_of_query=1&insert_distributed_sync=1&max_query_size=67108864&max_ast_elements=10000000"
            + "&max_expanded_ast_elements=10000000&distributed_ddl_task_timeout=10" + (inDatabase ? "&database=" + _address.Name : "");
        if (rows is not null) settings += "&query=" + Uri.EscapeDataString(sql);
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(_address.Nodes[_node], settings))
        {
            Content = rows is { } body ? new ReadOnlyMemoryContent(body) : new StringContent(sql, Encoding.UTF8),
        };
        var answer = _http.Send(request, HttpCompletionOption.ResponseHeadersRead, deadline);
        if (answer.IsSuccessStatusCode) return answer;
        using (answer)
        {
            using var text = new StreamReader(answer.Content.ReadAsStream(deadline), Encoding.UTF8);
            char[] said = new char[4096];
            int length = text.ReadBlock(said);
            throw Refused(answer.StatusCode, new string(said, 0, length));
        }
    }

    private ClickHouseRefusal Refused(HttpStatusCode status, string said)
    {
        int code = Code().Match(said) is { Success: true } match ? int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : 0;
        string told = code switch
        {
            81 => $"there is no database {_address.Name}; 'isthmus ingest INPUT --store {_address}' makes it",
            60 => "its tables are not those of a store; 'isthmus ingest' makes one",
            192 or 193 or 194 or 195 or 516 => "the user or the password is not right; they are in ISTHMUS_CLICKHOUSE_USER and ISTHMUS_CLICKHOUSE_PASSWORD",
            164 or 291 or 497 => "the user may not do this; grant SELECT to who asks, and CREATE, INSERT and ALTER to who adds",
            170 => $"the servers know no cluster '{_address.Cluster}'; name one of their remote_servers, or leave it out",
            NotInTime or 160 or 209 => "a node of it does not answer in time; see that all run, and run the command again",
            210 or 279 or 198 => "a node of it cannot be reached; start it, and run the command again",
            242 or 225 or 999 or 319 or 285 => "it cannot be written while a node or its ZooKeeper is away; start it, and run the command again",
            243 => "the disk is full; make room, and run the command again",
            241 => "the server has not the memory that the answer needs; give it more (max_memory_usage)",
            0 => FormattableString.Invariant($"{NoClickHouse} (it says {(int)status})"),
            _ => OneLine(said),
        };
        return new($"the store {_address}: {told}", code);
    }

    /// <summary>An answer is none of a ClickHouse server.</summary>
    public StoreException Strange() => Failed(NoClickHouse, null);

    private const string NoClickHouse =
        "what answers there does not answer as ClickHouse does; give the port of its HTTP interface, which is 8123 mostly, and not 9000";

    private static string OneLine(string said)
    {
        string line = Whitespace().Replace(said, " ").Trim();
        line = line.Split(", e.what()")[0].Replace("e.displayText() = DB::Exception: ", "", StringComparison.Ordinal);
        return line[..Math.Min(line.Length, 300)];
    }

    private T Told<T>(Func<T> does)
    {
        try
        {
            return does();
        }
        catch (Exception failure) when (failure is IOException or HttpRequestException or OperationCanceledException)
        {
            throw Failed("the server went away while it answered; start it, and run the command again", failure);
        }
    }

    private StoreException Failed(string what, Exception? failure) => failure is null
        ? new($"the store {_address}: {what}") : new($"the store {_address}: {what}", failure);

    [GeneratedRegex(@"Code: (\d+)")]
    private static partial Regex Code();

    [GeneratedRegex(@"\s+")]
    private static partial Regex Whitespace();
}
