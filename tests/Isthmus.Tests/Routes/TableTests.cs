using CsCheck;

using Isthmus.Routes;
using Isthmus.Wire;

namespace Isthmus.Tests.Routes;

public sealed class TableTests
{
    private static readonly Gen<Prefix> _prefixes = Gen.Select(Gen.Bool, Gen.ULong, Gen.ULong, Gen.Int[0, 128], (v4, high, low, length) =>
        v4 ? new Prefix(IpAddress.V4((uint)(high % 64)), length % 33)
           : new Prefix(new IpAddress(high % 64 << 58, low % 4 << 62, AddressFamily.IPv6), length));

    [Fact]
    public void Equal_prefixes_have_one_id_and_ids_give_the_prefix_back() => _prefixes.Array[0, 300].Sample(prefixes =>
    {
        var table = new PrefixTable();
        var known = new Dictionary<Prefix, int>();
        foreach (var prefix in prefixes)
        {
            int id = table.Intern(prefix, out bool isNew);
            Assert.Equal(!known.TryGetValue(prefix, out int before), isNew);
            if (isNew) known[prefix] = id; else Assert.Equal(before, id);
            Assert.Equal(prefix, table[id]);
        }
        Assert.Equal(known.Count, table.Count);
        foreach (var (prefix, id) in known) Assert.Equal(prefix, table[id]);
    });

    [Fact]
    public void Equal_paths_have_one_id_and_ids_give_the_path_back() => Gen.UInt[0, 5].Array[0, 6].Array[0, 600].Sample(paths =>
    {
        var table = new PathTable();
        var known = new Dictionary<string, int>();
        foreach (uint[] path in paths)
        {
            int id = table.Intern(path);
            Assert.Equal(known.TryAdd(string.Join(' ', path), id) ? known.Count - 1 : known[string.Join(' ', path)], id);
        }
        foreach (uint[] path in paths) Assert.Equal(path, table[known[string.Join(' ', path)]].Span.ToArray());
    });

    [Fact]
    public void A_prefix_set_is_a_set() => Gen.Select(Gen.Int[0, 200], Gen.Bool).Array[0, 200].Sample(steps =>
    {
        var set = new PrefixSet();
        var plain = new HashSet<int>();
        foreach (var (id, add) in steps)
            Assert.Equal(add ? plain.Add(id) : plain.Remove(id), add ? set.Add(id) : set.Remove(id));
        Assert.Equal(plain.Count, set.Count);
        Assert.All(Enumerable.Range(0, 200), id => Assert.Equal(plain.Contains(id), set.Contains(id)));
    });
}
