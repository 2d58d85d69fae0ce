namespace Isthmus.Tests.Fuzz;

/// <summary>Changes bytes as damage, chance and malice do: the same seed gives the same changes.</summary>
internal sealed class Mutation(int seed)
{
    private const int BytesMax = 1 << 16;

    private static readonly byte[] _edges = [0, 1, 2, 4, 0x0f, 0x10, 0x20, 0x21, 0x40, 0x7f, 0x80, 0x81, 0xc0, 0xfe, 0xff];

    private readonly Random _random = new(seed);

    /// <summary>One of the inputs with one to eight changes, now and then with a part of another one.</summary>
    public byte[] Of(IReadOnlyList<byte[]> pool)
    {
        byte[] bytes = [.. pool[_random.Next(pool.Count)]];
        for (int changes = 1 << _random.Next(4); changes > 0; changes--) bytes = Change(bytes, pool);
        return bytes.Length > BytesMax ? bytes[..BytesMax] : bytes;
    }

    private byte[] Change(byte[] bytes, IReadOnlyList<byte[]> pool)
    {
        if (bytes.Length == 0) return [(byte)_random.Next(256)];
        int at = _random.Next(bytes.Length), length = Math.Min(bytes.Length - at, 1 << _random.Next(7));
        switch (_random.Next(10))
        {
            case 0:
                bytes[at] ^= (byte)(1 << _random.Next(8));
                return bytes;
            case 1:
                bytes[at] = _edges[_random.Next(_edges.Length)];
                return bytes;
            case 2:
                bytes[at] = (byte)_random.Next(256);
                return bytes;
            case 3:
                // A length or count that is off by a little.
                bytes[at] = (byte)((bytes[at] + _random.Next(-9, 10)) & 0xff);
                return bytes;
            case 4:
                for (int i = at; i < Math.Min(bytes.Length, at + 4); i++) bytes[i] = _edges[_random.Next(_edges.Length)];
                return bytes;
            case 5:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case 6:
                return [.. bytes[..at], .. bytes[at..(at + length)], .. bytes[at..]];
            case 7:
                return [.. bytes[..at], .. Enumerable.Range(0, length).Select(_ => (byte)_random.Next(256)), .. bytes[at..]];
            case 8:
                return bytes[..at];
            default:
                byte[] other = pool[_random.Next(pool.Count)];
                return other.Length == 0 ? bytes : [.. bytes[..at], .. other[_random.Next(other.Length)..]];
        }
    }
}
