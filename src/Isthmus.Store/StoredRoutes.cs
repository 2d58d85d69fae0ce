using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.Store;

/// <summary>What a store keeps, open to be asked.</summary>
public abstract partial class StoredRoutes : IKeptRoutes, IDisposable
{
    private readonly ITables _tables;

    private protected StoredRoutes(ITables tables)
    {
        _tables = tables;
        Selection = SelectionOf(tables);
        Records = new(tables);
        PassedOver = tables.Texts("SELECT file FROM passed_over ORDER BY line");
        Unread = [.. tables.Texts("SELECT file FROM unread ORDER BY line")
            .Where(line => !Inputs.Any(input => line.StartsWith(input.Name + " ", StringComparison.Ordinal)))];
        Notice = tables.Texts("SELECT notice FROM notices ORDER BY line") is { Count: > 0 } notices ? string.Join('\n', notices) : null;
    }

    /// <summary>Opens a store.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be read.</exception>
    public static StoredRoutes Open(StoreAddress address) => address.OpenToAsk();

    /// <summary>Whose routes it keeps.</summary>
    public StoreSelection Selection { get; }

    /// <inheritdoc/>
    public IReadOnlyList<CollectorRecord> Collectors => Records.Collectors;

    /// <summary>The files that it was filled from, where they were, by the index of their plans.</summary>
    public IReadOnlyList<InputFile> Inputs => Records.Inputs;

    /// <summary>The same, and null for each that is not there any more.</summary>
    public IReadOnlyList<InputFile?> InputsThere() => [.. Inputs.Select(input => File.Exists(input.Path) ? input : null)];

    /// <summary>The version of its tables (docs/store.md).</summary>
    public abstract int Schema { get; }

    /// <summary>The bytes that it takes.</summary>
    public abstract long Bytes { get; }

    /// <summary>Times in which a peer held one thing for one prefix.</summary>
    public abstract long Spans { get; }

    /// <summary>Prefixes of which routes are kept.</summary>
    public abstract long PrefixCount { get; }

    /// <summary>Different paths.</summary>
    public abstract long PathCount { get; }

    /// <summary>What said who holds what when it was filled, as <see cref="Ingest.Run"/> was told.</summary>
    public string Registry => _tables.Texts("SELECT value FROM about WHERE name = 'registry'").FirstOrDefault("");

    /// <summary>True where what it keeps depends on who holds what: its selection names a country.</summary>
    public bool HasCountries => Selection.Subjects.Any(text => Country.TryParse(text, null, out _));

    /// <summary>
    /// True where all routes of a subject are among what it keeps: of every prefix, of the subject by the same word, of a prefix around
    /// it, or of the country that its network is of.
    /// </summary>
    public bool Keeps(Subject subject, CountryRule rule, RegistrySnapshot registry)
    {
        if (Selection.Subjects.Count == 0) return true;
        bool isSame = Selection.Subjects.Contains(subject.Text) && (subject.Kind is not SubjectKind.Country || rule == Selection.Rule);
        return isSame || subject.Kind switch
        {
            SubjectKind.Prefix => Selection.Subjects.Any(text => Prefix.TryParse(text, null, out var wide) && wide.Covers(subject.Prefix)),
            SubjectKind.As => new CountryView(registry, Selection.Rule).CountryOf(subject.Asn) is { } country
                && Selection.Subjects.Contains(country.ToString()),
            _ => false,
        };
    }

    /// <inheritdoc/>
    public abstract PathTable Paths { get; }

    /// <inheritdoc/>
    public abstract IReadOnlyList<Prefix> Prefixes { get; }

    /// <inheritdoc/>
    public virtual IReadOnlyList<Prefix> PrefixesAmong(IReadOnlySet<Prefix> named, IReadOnlyCollection<Prefix> blocks) => Prefixes;

    /// <inheritdoc/>
    public virtual IReadOnlyList<int> PathsWith(IReadOnlySet<uint> asns) => [.. Paths.Ids];

    /// <inheritdoc/>
    public string? Notice { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> PassedOver { get; }

    /// <inheritdoc/>
    public IReadOnlyList<string> Unread { get; }

    /// <inheritdoc/>
    public IReadOnlyList<KeyValuePair<string, long>> Late => Records.Late;

    /// <inheritdoc/>
    public abstract IReadOnlySet<Prefix> PrefixesOf(IReadOnlyCollection<int> paths, IReadOnlyCollection<Peer> peers, Timestamp before);

    /// <inheritdoc/>
    public abstract IEnumerable<KeptHistory> HistoriesOf(IReadOnlySet<Prefix> prefixes);

    /// <summary>Holds it against its own sums and rules: what is wrong, one line each; none where nothing is.</summary>
    public abstract IReadOnlyList<string> Check();

    public abstract void Dispose();

    /// <summary>What is kept of the collectors beside their routes.</summary>
    private protected CollectorTables Records { get; }

    /// <summary>Whose routes the tables of a store keep.</summary>
    internal static StoreSelection SelectionOf(ITables tables)
    {
        var rows = tables.Rows("SELECT subject, rule FROM selections", row => (row.Text(0), row.Text(1))).ToArray();
        var named = rows.Select(row => row.Item1).Where(subject => subject != StoreSelection.AllWord);
        string[] subjects = [.. named.Distinct().Order(StringComparer.Ordinal)];
        return new(subjects, rows.Length > 0 ? Enum.Parse<CountryRule>(rows[0].Item2) : CountryRule.Origin);
    }
}
