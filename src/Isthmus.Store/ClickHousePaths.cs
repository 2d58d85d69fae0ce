using Isthmus.Routes;
using Isthmus.Wire.Bgp;

namespace Isthmus.Store;

/// <summary>The paths that a store in ClickHouse keeps, as far as they were asked for.</summary>
internal sealed class ClickHousePaths(ClickHouseTables tables)
{
    private readonly Dictionary<long, int> _ids = [];

    /// <summary>Those that were asked for.</summary>
    public PathTable Table { get; } = new();

    /// <summary>The id in <see cref="Table"/> of a path that has an id in <c>path_id</c>, and was asked for.</summary>
    public int this[long id] => _ids[id];

    /// <summary>The ids in <c>path_id</c> of paths that have one of some ids in <see cref="Table"/>.</summary>
    public long[] IdsOf(IReadOnlySet<int> paths) => [.. _ids.Where(entry => paths.Contains(entry.Value)).Select(entry => entry.Key)];

    /// <summary>Asks for the paths for which a condition holds.</summary>
    /// <returns>Their ids in <see cref="Table"/>.</returns>
    public IReadOnlyList<int> Ask(string condition)
    {
        var rows = Read(condition);
        var there = rows.Select(row => row.Id).ToHashSet();
        // A set is of paths of its own edition.
        long[] missing = [.. rows.SelectMany(MembersOf).Distinct().Where(id => !there.Contains(id) && !_ids.ContainsKey(id))];
        foreach (long[] some in missing.Chunk(ClickHouseRoutes.NamedMax))
            foreach (var row in Read($"path_id IN ({string.Join(',', some)})")) Add(row);
        foreach (var row in rows) Add(row);
        return [.. there.Select(id => _ids[id]).Distinct()];
    }

    // A set stands behind its paths.
    private (long Id, uint[] Words, uint[] Members, uint[] Numbers)[] Read(string condition) => [.. tables.RowsOfAll($"""
        SELECT path_id, words, members, identifiers FROM all_paths WHERE {tables.Pinned} AND ({condition}) ORDER BY edition, place
        """, row => (row.Number(0), ClickHouseTables.ListOf(row.Text(1)), ClickHouseTables.ListOf(row.Text(2)),
            ClickHouseTables.ListOf(row.Text(3))))];

    private static IEnumerable<long> MembersOf((long Id, uint[] Words, uint[] Members, uint[] Numbers) row) =>
        row.Members.Select(member => (row.Id >> ClickHouseRoutes.IdBits << ClickHouseRoutes.IdBits) + member);

    private void Add((long Id, uint[] Words, uint[] Members, uint[] Numbers) row)
    {
        if (_ids.ContainsKey(row.Id)) return;
        int[] members = [.. MembersOf(row).Select(member => _ids[member])];
        _ids[row.Id] = members.Length == 0 ? Table.Intern(new PathWords(row.Words))
            : row.Numbers.Length == 0 ? Table.InternUnnumbered(members) : Table.InternNumbered([.. row.Numbers.Zip(members)]);
    }
}
