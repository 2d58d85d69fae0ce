using System.Buffers.Binary;

using Isthmus.Wire.Mrt;

namespace Isthmus.Scenarios.Damage;

/// <summary>What is done to a file.</summary>
public enum Corruption
{
    /// <summary>One bit is another.</summary>
    BitFlipped,
    /// <summary>One to eight bytes are others.</summary>
    BytesChanged,
    /// <summary>The end is missing, from any byte on.</summary>
    Cut,
    /// <summary>Up to a hundred bytes are too many.</summary>
    BytesInserted,
    /// <summary>Up to a hundred bytes are missing.</summary>
    BytesDeleted,
    /// <summary>Two blocks of equal length stand in each other's place.</summary>
    BlocksSwapped,
    /// <summary>Up to four thousand bytes are zeros.</summary>
    Zeroed,
    /// <summary>The type of a record is another.</summary>
    TypeChanged,
    /// <summary>The subtype of a record is another.</summary>
    SubtypeChanged,
    /// <summary>The length of a record is another.</summary>
    LengthChanged,
    /// <summary>A byte of a record's body is another.</summary>
    BodyChanged,
}

/// <summary>Damages bytes by a seed.</summary>
public static class Corruptions
{
    /// <summary>True for damage of records, which is done before they are packed.</summary>
    public static bool IsOfRecords(this Corruption corruption) => corruption >= Corruption.TypeChanged;

    /// <summary>A damaged copy.</summary>
    public static byte[] Apply(this Corruption corruption, byte[] bytes, SeededRandom random)
    {
        byte[] damaged = [.. bytes];
        int at = random.Below(bytes.Length), length = Math.Min(bytes.Length - at, random.Between(1, 100));
        switch (corruption)
        {
            case Corruption.BitFlipped:
                damaged[at] ^= (byte)(1 << random.Below(8));
                return damaged;
            case Corruption.BytesChanged:
                for (int i = random.Between(1, 8); i > 0; i--, at = random.Below(bytes.Length)) damaged[at] = (byte)random.Below(256);
                return damaged;
            case Corruption.Cut:
                return damaged[..at];
            case Corruption.BytesInserted:
                return [.. bytes[..at], .. Enumerable.Range(0, length).Select(_ => (byte)random.Below(256)), .. bytes[at..]];
            case Corruption.BytesDeleted:
                return [.. bytes[..at], .. bytes[(at + length)..]];
            case Corruption.BlocksSwapped:
                length = Math.Max(1, Math.Min(4096, bytes.Length / 4));
                int half = bytes.Length / 2, first = random.Below(half - length + 1), second = half + random.Below(half - length + 1);
                bytes.AsSpan(first, length).CopyTo(damaged.AsSpan(second));
                bytes.AsSpan(second, length).CopyTo(damaged.AsSpan(first));
                return damaged;
            case Corruption.Zeroed:
                damaged.AsSpan(at, Math.Min(bytes.Length - at, random.Between(1, 4000))).Clear();
                return damaged;
            default:
                return OfRecord(corruption, damaged, random);
        }
    }

    /// <summary>Where the records of sound bytes begin, and behind the last one where they end.</summary>
    public static IReadOnlyList<int> Borders(byte[] plain)
    {
        List<int> borders = [0];
        while (borders[^1] < plain.Length)
            borders.Add((int)Math.Min(plain.Length, borders[^1] + MrtReader.LengthOf(plain.AsSpan(borders[^1]))));
        return borders;
    }

    private static byte[] OfRecord(Corruption corruption, byte[] damaged, SeededRandom random)
    {
        var borders = Borders(damaged);
        int place = random.Below(borders.Count - 1);
        var record = damaged.AsSpan(borders[place], borders[place + 1] - borders[place]);
        switch (corruption)
        {
            case Corruption.TypeChanged:
                BinaryPrimitives.WriteUInt16BigEndian(record[4..], (ushort)random.Below(66));
                return damaged;
            case Corruption.SubtypeChanged:
                BinaryPrimitives.WriteUInt16BigEndian(record[6..], (ushort)random.Below(14));
                return damaged;
            case Corruption.LengthChanged:
                uint length = BinaryPrimitives.ReadUInt32BigEndian(record[8..]);
                uint other = unchecked(random.Chance(0.5) ? (uint)random.Next() : length + (uint)random.Between(-40, 40));
                BinaryPrimitives.WriteUInt32BigEndian(record[8..], other);
                return damaged;
            default:
                if (record.Length > MrtRecord.HeaderBytes)
                    record[MrtRecord.HeaderBytes + random.Below(record.Length - MrtRecord.HeaderBytes)] = (byte)random.Below(256);
                return damaged;
        }
    }
}
