namespace Isthmus.Store;

/// <summary>A store in ClickHouse: <c>clickhouse://[user@]host:port[,host:port]/database[?cluster=NAME]</c> (docs/store.md).</summary>
/// <param name="Nodes">Addresses of the HTTP interface of nodes that keep the same; the first that answers is asked.</param>
/// <param name="Name">Of the database.</param>
/// <param name="Cluster">As the servers' <c>remote_servers</c> names it; null where one server keeps all.</param>
public sealed record ClickHouseAddress(IReadOnlyList<Uri> Nodes, string Name, string? Cluster) : StoreAddress
{
    private const string Plain = "clickhouse://", Secure = "clickhouses://";
    private const int PlainPort = 8123, SecurePort = 8443;
    private const string Form = "clickhouse://host:port/database";

    /// <summary>Who asks: from the address, or from <c>ISTHMUS_CLICKHOUSE_USER</c>; null for the server's default.</summary>
    public string? User { get; private init; }

    /// <summary>True where a text names a store in ClickHouse.</summary>
    public static bool Is(string text) =>
        text.StartsWith(Plain, StringComparison.OrdinalIgnoreCase) || text.StartsWith(Secure, StringComparison.OrdinalIgnoreCase);

    /// <summary>Reads what a user typed.</summary>
    /// <exception cref="StoreException">It is not of that form, or has a password in it.</exception>
    public static ClickHouseAddress Read(string text)
    {
        bool isSecure = text.StartsWith(Secure, StringComparison.OrdinalIgnoreCase);
        string rest = text[(isSecure ? Secure : Plain).Length..];
        string? cluster = null;
        if (rest.IndexOf('?', StringComparison.Ordinal) is >= 0 and var mark)
        {
            foreach (string setting in rest[(mark + 1)..].Split('&'))
                if (setting.StartsWith("cluster=", StringComparison.Ordinal)) cluster = NameOf(setting["cluster=".Length..], "cluster");
                else if (setting == "secure=1") isSecure = true;
                else throw new StoreException($"a store in ClickHouse knows no setting like '{setting.Split('=')[0]}'; there are cluster=NAME and secure=1");
            rest = rest[..mark];
        }
        string? user = null;
        if (rest.LastIndexOf('@') is >= 0 and var at)
        {
            user = rest[..at];
            // The text is not repeated: it has a password in it.
            if (user.Contains(':', StringComparison.Ordinal)) throw new StoreException(
                "a password in the address of a store would be seen by others; give it in ISTHMUS_CLICKHOUSE_PASSWORD, or in the file that"
                + " ISTHMUS_CLICKHOUSE_PASSWORD_FILE names");
            rest = rest[(at + 1)..];
        }
        string[] parts = rest.Split('/');
        if (parts is not [{ Length: > 0 } hosts, { Length: > 0 } database])
            throw new StoreException($"'{text}' is no address of a store in ClickHouse; write {Form}");
        string scheme = isSecure ? "https" : "http";
        int port = isSecure ? SecurePort : PlainPort;
        var nodes = hosts.Split(',').Select(host => NodeOf(host, scheme, port)).ToArray();
        return new(nodes, NameOf(database, "database"), cluster)
        {
            User = user ?? (Environment.GetEnvironmentVariable("ISTHMUS_CLICKHOUSE_USER") is { Length: > 0 } named ? named : null),
        };
    }

    /// <summary>The password, from the environment or a file; null where there is none.</summary>
    /// <exception cref="StoreException">The file cannot be read.</exception>
    internal static string? Password()
    {
        if (Environment.GetEnvironmentVariable("ISTHMUS_CLICKHOUSE_PASSWORD") is { Length: > 0 } password) return password;
        if (Environment.GetEnvironmentVariable("ISTHMUS_CLICKHOUSE_PASSWORD_FILE") is not { Length: > 0 } file) return null;
        try
        {
            return File.ReadAllText(file).TrimEnd('\r', '\n');
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            throw new StoreException($"the file of ISTHMUS_CLICKHOUSE_PASSWORD_FILE cannot be read: {failure.Message}", failure);
        }
    }

    /// <summary>The address as it is shown; it has no password.</summary>
    public override string ToString() => (Nodes[0].Scheme == "https" ? Secure : Plain) + string.Join(',', Nodes.Select(node => node.Authority))
        + "/" + Name + (Cluster is null ? "" : "?cluster=" + Cluster);

    internal override IStoreWriter OpenToAdd() => new ClickHouseWriter(this);

    internal override StoredRoutes OpenToAsk() => ClickHouseRoutes.Open(this);

    // A host may be an IPv6 address in brackets; the port of the scheme stands for none only where it is written.
    private static Uri NodeOf(string host, string scheme, int port)
    {
        bool hasPort = host.LastIndexOf(':') > host.LastIndexOf(']');
        return Uri.TryCreate($"{scheme}://{host}{(hasPort ? "" : FormattableString.Invariant($":{port}"))}/", UriKind.Absolute, out var node)
            ? node : throw new StoreException($"'{host}' is no host and port; write {Form}");
    }

    // It is written into statements.
    private static string NameOf(string text, string what) => text.Length > 0 && text.All(c => char.IsAsciiLetterOrDigit(c) || c == '_')
        ? text : throw new StoreException($"'{text}' is no name of a {what}: letters, digits and _ make one");
}
