using System.Globalization;

namespace Isthmus.Store;

/// <summary>
/// How a store of an older schema becomes one of the newest: a copy of its file first, then all steps in one transaction (docs/store.md,
/// "Older stores").
/// </summary>
internal static class SchemaSteps
{
    /// <summary>The version of schema.sql; a store of another one is not read.</summary>
    public const int Newest = 2;

    // What makes a store of the version before one of this version: the first makes 2 of 1.
    private static readonly string[] _steps =
    [
        // Which identifiers paths had by ADD-PATH was not kept, and so is not known; nor where reading stood, so that what comes later is
        // read with all that was.
        """
        ALTER TABLE paths ADD COLUMN identifiers UINTEGER[];
        CREATE TABLE checkpoints (collector_id INTEGER NOT NULL, state BLOB NOT NULL);
        ALTER TABLE route_rows ADD COLUMN tail UTINYINT DEFAULT 0;
        ALTER TABLE route_rows ALTER COLUMN tail SET NOT NULL;
        """,
    ];

    /// <summary>Where the copy of a store is that was of an older schema.</summary>
    public static string BackupOf(DuckAddress address, int version) =>
        string.Create(CultureInfo.InvariantCulture, $"{address.Path}.schema-{version}.bak");

    /// <summary>Copies the file of a store that nobody has open; the copy has its name when it is whole.</summary>
    /// <exception cref="StoreException">It cannot be copied; the store is as it was.</exception>
    public static void Backup(DuckAddress address, int version)
    {
        string backup = BackupOf(address, version), part = backup + ".part";
        try
        {
            File.Copy(address.Path, part, overwrite: true);
            using (var written = new FileStream(part, FileMode.Open, FileAccess.ReadWrite)) written.Flush(flushToDisk: true);
            File.Move(part, backup, overwrite: true);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            File.Delete(part);
            throw new StoreException($"the store {address} is of schema {version} and cannot be copied before it is brought to {Newest}, so that it"
                + $" stays as it is: {failure.Message}", failure);
        }
    }

    /// <summary>Brings an open store to the newest schema: all steps, or none.</summary>
    /// <param name="version">Of which it is.</param>
    public static void Take(Database database, int version) => database.AllOrNone(() =>
    {
        foreach (string step in _steps[(version - 1)..]) database.Do(step);
        database.Do(FormattableString.Invariant($"UPDATE about SET value = '{Newest}' WHERE name = 'schema'"));
    });
}

/// <summary>What became of a store that was of an older schema.</summary>
/// <param name="From">The version that it was of.</param>
/// <param name="To">The version that it is of now.</param>
/// <param name="Backup">The copy of it as it was.</param>
public sealed record Migration(int From, int To, string Backup)
{
    /// <summary>Brings a store to the newest schema; null where it is of that one already.</summary>
    /// <exception cref="StoreException">There is none, or it cannot be written; then it is as it was.</exception>
    public static Migration? Run(StoreAddress address)
    {
        if (address is not DuckAddress file) throw new StoreException($"the store {address} is no file: only a file is brought to a newer schema");
        if (!File.Exists(file.Path)) throw new StoreException($"there is no store {address}");
        using var database = Database.ToWrite(file, out int? older);
        return older is { } version ? new(version, SchemaSteps.Newest, SchemaSteps.BackupOf(file, version)) : null;
    }
}
