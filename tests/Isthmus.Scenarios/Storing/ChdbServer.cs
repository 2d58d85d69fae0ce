using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;

namespace Isthmus.Scenarios;

/// <summary>
/// ClickHouse's HTTP interface over the engine as a library (libchdb), which has no server of its own: one statement at a time, for tests.
/// </summary>
public static unsafe partial class ChdbServer
{
    /// <summary>Serves until its standard input ends.</summary>
    /// <param name="folder">Where the engine keeps its data.</param>
    /// <param name="library">The path of libchdb.so.</param>
    public static void Run(int port, string folder, string library)
    {
        NativeLibrary.SetDllImportResolver(typeof(ChdbServer).Assembly,
            (name, _, _) => name == "chdb" ? NativeLibrary.Load(library) : 0);
        var connection = Connect(folder);
        using var listener = new HttpListener();
        listener.Prefixes.Add(FormattableString.Invariant($"http://127.0.0.1:{port}/"));
        listener.Start();
        Console.WriteLine("ready");
        _ = Task.Run(() =>
        {
            Console.In.ReadToEnd();
            Environment.Exit(0);
        });
        while (true) Answer(listener.GetContext(), *connection);
    }

    private static void** Connect(string folder)
    {
        nint[] arguments = [Marshal.StringToCoTaskMemUTF8("clickhouse"), Marshal.StringToCoTaskMemUTF8("--path=" + folder)];
        fixed (nint* first = arguments) return chdb_connect(arguments.Length, (byte**)first);
    }

    private static void Answer(HttpListenerContext context, void* connection)
    {
        var answer = context.Response;
        using var body = new MemoryStream();
        context.Request.InputStream.CopyTo(body);
        string? database = context.Request.QueryString["database"], query = context.Request.QueryString["query"];
        var (result, failure) = database is null ? ([], null) : Ask(connection, $"USE {database}", "TabSeparated");
        if (failure is null)
            (result, failure) = query is not null && Insert().Match(query) is { Success: true } insert
                ? ([], Add(connection, insert.Groups[1].Value, insert.Groups[2].Value, body.ToArray()))
                : Ask(connection, query ?? Encoding.UTF8.GetString(body.ToArray()), "TabSeparated");
        answer.StatusCode = failure is null ? 200 : 500;
        try
        {
            answer.Close(failure is null ? result : Encoding.UTF8.GetBytes(failure), willBlock: true);
        }
        catch (HttpListenerException)
        {
            // Who asked has gone.
        }
    }

    private static (byte[] Result, string? Failure) Ask(void* connection, string sql, string format)
    {
        byte[] query = Encoding.UTF8.GetBytes(sql), form = Encoding.UTF8.GetBytes(format);
        fixed (byte* q = query, f = form)
        {
            void* result = chdb_query_n(connection, q, (nuint)query.Length, f, (nuint)form.Length);
            string? failure = Marshal.PtrToStringUTF8((nint)chdb_result_error(result));
            byte* bytes = chdb_result_buffer(result);
            byte[] copy = bytes == null ? [] : new ReadOnlySpan<byte>(bytes, (int)chdb_result_length(result)).ToArray();
            chdb_destroy_query_result(result);
            return (copy, failure);
        }
    }

    private static string? Add(void* connection, string into, string format, byte[] rows)
    {
        byte[] query = Encoding.UTF8.GetBytes(into), form = Encoding.UTF8.GetBytes(format);
        fixed (byte* q = query, f = form, r = rows)
        {
            void* stream = chdb_stream_insert_n(connection, q, (nuint)query.Length, f, (nuint)form.Length);
            if (Marshal.PtrToStringUTF8((nint)chdb_stream_insert_error(stream)) is { } refused) return refused;
            if (rows.Length > 0 && chdb_stream_append(stream, r, (nuint)rows.Length) != 0)
                return Marshal.PtrToStringUTF8((nint)chdb_stream_insert_error(stream));
            void* result = chdb_stream_done(stream);
            string? failure = Marshal.PtrToStringUTF8((nint)chdb_result_error(result));
            chdb_destroy_query_result(result);
            chdb_destroy_insert_stream(stream);
            return failure;
        }
    }

    [GeneratedRegex(@"^(INSERT INTO .*) FORMAT (\w+)$")]
    private static partial Regex Insert();

#pragma warning disable SYSLIB1054, CA5392, IDE1006
    [DllImport("chdb")] private static extern void** chdb_connect(int count, byte** arguments);
    [DllImport("chdb")] private static extern void* chdb_query_n(void* connection, byte* query, nuint length, byte* format, nuint formatLength);
    [DllImport("chdb")] private static extern byte* chdb_result_buffer(void* result);
    [DllImport("chdb")] private static extern nuint chdb_result_length(void* result);
    [DllImport("chdb")] private static extern byte* chdb_result_error(void* result);
    [DllImport("chdb")] private static extern void chdb_destroy_query_result(void* result);
    [DllImport("chdb")]
    private static extern void* chdb_stream_insert_n(void* connection, byte* query, nuint length, byte* format, nuint formatLength);
    [DllImport("chdb")] private static extern int chdb_stream_append(void* stream, byte* rows, nuint length);
    [DllImport("chdb")] private static extern void* chdb_stream_done(void* stream);
    [DllImport("chdb")] private static extern byte* chdb_stream_insert_error(void* stream);
    [DllImport("chdb")] private static extern void chdb_destroy_insert_stream(void* stream);
#pragma warning restore SYSLIB1054, CA5392, IDE1006
}
