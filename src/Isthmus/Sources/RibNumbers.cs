using System.Buffers.Binary;

using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>
/// Tells by the records of a dump whether a peer index table is lost behind damage. A table's records are numbered from 0 (RFC 6396
/// section 4.3.2) and written in the order of their prefixes, by most writers; where both go on, nothing is lost. Where damage lies between
/// two records and the number goes back, or the order that was kept until then, the second is of another table, and whose peers it means
/// cannot be known.
/// </summary>
internal sealed class RibNumbers
{
    private const int TypeAt = 4, NumberAt = MrtRecord.HeaderBytes, PrefixAt = NumberAt + 4;

    private const int TableDumpV2 = 13, IndexTable = 1, GeoTable = 7, Subtypes = 13, Generic = 6, GenericWithPathIds = 12;

    /// <summary>So many prefixes in their order tell that a writer keeps one, of those that are looked at: one record in so many.</summary>
    private const int OrderMin = 4, OrderEvery = 4;

    // By subtype of the record that goes on from the one before it: its number, its prefix, and how many were in order.
    private readonly long[] _numbers = new long[Subtypes];
    private readonly (UInt128 Address, int Ordered)[] _prefixes = new (UInt128, int)[Subtypes];
    private long _last = -1, _losses;

    // Since the record that went on last: records that do not, and whether bytes were lost, in which there may have been more.
    private int _between;
    private bool _hasTable, _hasLoss;

    // True where two records without damage between have one number.
    private bool _repeats;

    private bool IsDoubtful => _between > 0 || _hasLoss;

    /// <summary>
    /// True where the table that the record is of is lost; it is then as after a table without peers, and the record may be asked again.
    /// </summary>
    /// <param name="record">A whole record.</param>
    /// <param name="next">What is held behind it: the next header and four bytes more, where there are any.</param>
    /// <param name="losses">How often bytes were lost before it.</param>
    public bool LosesTable(ReadOnlySpan<byte> record, ReadOnlySpan<byte> next, long losses)
    {
        int subtype = SubtypeOf(record);
        if (subtype < 0 && !_hasTable) return false;
        if (losses == _losses && !IsDoubtful && IsNext(subtype, record)) return false;
        _hasLoss |= losses != _losses;
        _losses = losses;
        if (subtype == IndexTable)
        {
            Begin();
            _hasTable = true;
        }
        if (!_hasTable || subtype is IndexTable or GeoTable) return false;
        if (subtype < 0 || record.Length < PrefixAt)
        {
            // A table whose type is damaged may be this.
            _between++;
            return false;
        }
        long number = BinaryPrimitives.ReadUInt32BigEndian(record[NumberAt..]);
        if (!GoesOn(subtype, number, next))
        {
            // The number itself is damaged, or the type of what is no record of a prefix.
            _between++;
            return false;
        }
        if (IsDoubtful && IsOfAnother(subtype, number, record))
        {
            Begin();
            _hasTable = false;
            return true;
        }
        Take(subtype, number, record);
        return false;
    }

    // Nearly every record is the next of its table, and no more is asked of it.
    private bool IsNext(int subtype, ReadOnlySpan<byte> record)
    {
        if (!_hasTable || subtype is <= IndexTable or GeoTable || record.Length < PrefixAt) return false;
        long number = BinaryPrimitives.ReadUInt32BigEndian(record[NumberAt..]);
        if (number != _numbers[subtype] + 1 || number % OrderEvery == 0) return false;
        _numbers[subtype] = _last = number;
        return true;
    }

    private void Begin()
    {
        Array.Fill(_numbers, -1);
        Array.Clear(_prefixes);
        (_last, _between, _hasLoss, _repeats) = (-1, 0, false, false);
    }

    // By the record before it or the one behind it.
    private bool GoesOn(int subtype, long number, ReadOnlySpan<byte> next)
    {
        if (number == _last + 1 || number == _numbers[subtype] + 1 || number == _numbers[subtype]) return true;
        if (next.Length < PrefixAt || SubtypeOf(next) != subtype) return next.Length < PrefixAt;
        return BinaryPrimitives.ReadUInt32BigEndian(next[NumberAt..]) is var behind && (behind == number + 1 || behind == number);
    }

    private bool IsOfAnother(int subtype, long number, ReadOnlySpan<byte> record)
    {
        // Its first record is there, so that what is missing before it was none of its records.
        if (_last < 0) return number == 0;
        // Writers of old number each family anew, and so does another table: which of these it is cannot be known.
        if (_numbers[subtype] < 0) return number <= _last;
        if (number < _numbers[subtype] || number == _numbers[subtype] && !_repeats) return true;
        // As many numbers on as there are records between, it is the same table, in whatever order.
        if (number <= _last + 1 + (_hasLoss ? 0 : _between)) return false;
        return _prefixes[subtype].Ordered >= OrderMin && AddressOf(subtype, record) is { } address && address < _prefixes[subtype].Address;
    }

    private void Take(int subtype, long number, ReadOnlySpan<byte> record)
    {
        _repeats |= number == _numbers[subtype] && !IsDoubtful;
        (_numbers[subtype], _last, _between, _hasLoss) = (number, number, 0, false);
        if (AddressOf(subtype, record) is not { } address) return;
        var (before, ordered) = _prefixes[subtype];
        // One that goes back shows that the writer keeps no order.
        _prefixes[subtype] = (address, ordered < 0 || address < before ? -1 : Math.Min(ordered + 1, OrderMin));
    }

    // Null where a prefix stands elsewhere, or not whole.
    private static UInt128? AddressOf(int subtype, ReadOnlySpan<byte> record)
    {
        if (subtype is Generic or GenericWithPathIds || record.Length <= PrefixAt || record[PrefixAt] > 128) return null;
        int bytes = (record[PrefixAt] + 7) / 8;
        if (record.Length < PrefixAt + 1 + bytes) return null;
        Span<byte> address = stackalloc byte[16];
        record.Slice(PrefixAt + 1, bytes).CopyTo(address);
        return BinaryPrimitives.ReadUInt128BigEndian(address);
    }

    // -1 for no record of a dump, and for one that no standard knows.
    private static int SubtypeOf(ReadOnlySpan<byte> record)
    {
        uint subtype = unchecked(BinaryPrimitives.ReadUInt32BigEndian(record[TypeAt..]) - (TableDumpV2 << 16));
        return subtype is >= IndexTable and < Subtypes ? (int)subtype : -1;
    }

    /// <summary>A peer index table without peers, as behind it nothing is known of any (RFC 6396 section 4.3.1).</summary>
    /// <param name="time">Four bytes of a header.</param>
    public static byte[] EmptyTable(ReadOnlySpan<byte> time) =>
        [.. time[..TypeAt], 0, TableDumpV2, 0, IndexTable, 0, 0, 0, EmptyBytes, .. new byte[EmptyBytes]];

    /// <summary>Collector, length of a name, number of peers.</summary>
    private const int EmptyBytes = 4 + 2 + 2;
}
