using System.Globalization;
using System.Text;

using Isthmus.Sources.Compression;

namespace Isthmus.Sources;

/// <summary>What an entry of a tar archive is, as far as it matters for its bytes.</summary>
internal enum TarKind
{
    /// <summary>A file with all its bytes.</summary>
    File,
    Folder,
    /// <summary>Another name of a file in the archive.</summary>
    HardLink,
    SymbolicLink,
    /// <summary>A device or a pipe, which has no bytes.</summary>
    Device,
    /// <summary>A file whose zeros are left out (GNU).</summary>
    Sparse,
    /// <summary>The rest of a file that begins in another archive (GNU).</summary>
    Rest,
    /// <summary>An entry of a type that has words about other entries, or none at all, and which holds something else.</summary>
    Odd,
}

/// <summary>An entry of a tar archive.</summary>
/// <param name="Target">What a link leads to; empty for anything else.</param>
/// <param name="Content">Its bytes, good until the next entry is asked for; of anything but a file as they are stored.</param>
internal readonly record struct TarEntry(TarKind Kind, string Name, string Target, long Size, PackedEntry Content);

/// <summary>
/// The files of a tar archive (POSIX.1-2017 ustar and pax, long names of GNU), front to back. Each header has a checksum, so that behind
/// damage the next one is found at any byte. The base library takes as much memory as a name's header says, up to 2 GB of a file of
/// 2 KB, and cannot go on behind damage.
/// </summary>
internal sealed class TarFiles(Stream plain) : IDisposable
{
    /// <summary>Headers, and contents with their padding, are made of these.</summary>
    public const int BlockBytes = 512;

    /// <summary>Blocks of zeros that end an archive, and blocks that tar writes at once, for which it fills up with zeros.</summary>
    private const int EndBlocks = 2, RecordBlocks = 20;

    /// <summary>Bytes of a name, or of a pax header.</summary>
    private const int TextBytesMax = 1 << 16;

    private const int NameBytes = 100, SizeAt = 124, SizeBytes = 12, SumAt = 148, SumBytes = 8, TypeAt = 156, LinkAt = 157, MagicAt = 257,
        PrefixAt = 345, PrefixBytes = 155;

    // Of a sparse file of GNU: whether a block with more of its map follows, in its header and in such a block.
    private const int SparseMoreAt = 482, SparseBlockMoreAt = 504;

    private readonly StreamWindow _window = new(plain);
    private long _offset;
    private Contents? _open;

    /// <summary>The first damage, in words; null for none so far.</summary>
    public string? Damage { get; private set; }

    /// <summary>True for bytes that have a header's magic where one has it.</summary>
    public static bool HasMagic(ReadOnlySpan<byte> start) => start.Length >= BlockBytes && start[MagicAt..].StartsWith("ustar"u8);

    /// <summary>Closes the archive, and what is open of it.</summary>
    public void Dispose()
    {
        _open?.Dispose();
        _window.Dispose();
    }

    /// <summary>The next entry; false at the end.</summary>
    public bool TryNext(out TarEntry entry)
    {
        entry = default;
        var told = default(Extended);
        while (TryHeader(out var header))
        {
            char type = (char)header[TypeAt];
            var kind = KindOf(type);
            long size = (kind is null ? null : told.Size) ?? NumberOf(header.Slice(SizeAt, SizeBytes));
            string name = told.Name ?? NameOf(header), target = told.Target ?? TextOf(header.Slice(LinkAt, NameBytes));
            bool hasMore = type is 'S' && header[SparseMoreAt] != 0, isSparse = told.IsSparse;
            byte[] own = kind is null || type is 'D' ? header.ToArray() : [];
            Pass(BlockBytes);
            while (hasMore) hasMore = PassSparseMap();
            // Links, devices and folders have no bytes, whatever their size says.
            bool isBare = kind is TarKind.HardLink or TarKind.SymbolicLink or TarKind.Device || type is '5';
            _open = new(this, isBare ? 0 : size);
            byte[] text = kind is null || type is 'D' ? StartOf(_open) : [];
            if (text.Length > 0 && !TarWords.Fit(type, text, _open.Size))
            {
                entry = new(TarKind.Odd, NameOf(own), "", _open.Size, _open);
                return true;
            }
            if (kind is { } known)
            {
                entry = new(isSparse && known is TarKind.File ? TarKind.Sparse : known, name, isBare ? target : "", _open.Size, _open);
                return true;
            }
            if (type is 'L') told.Name = Decoded(text).TrimEnd('\0');
            else if (type is 'K') told.Target = Decoded(text).TrimEnd('\0');
            else if (type is 'x' or 'X') told.Read(text);
        }
        return false;
    }

    private static byte[] StartOf(Contents contents)
    {
        byte[] start = new byte[(int)Math.Min(contents.Size, TextBytesMax)];
        return start[..contents.ReadAtLeast(start, start.Length, throwOnEndOfStream: false)];
    }

    // What a type is; null for words about other entries: names (L, K, N), pax headers, volumes, lists of access and attributes. A type
    // that nobody knows is a file (POSIX.1-2017 pax, ustar interchange format).
    private static TarKind? KindOf(char type) => type switch
    {
        '1' => TarKind.HardLink,
        '2' => TarKind.SymbolicLink,
        '3' or '4' or '6' => TarKind.Device,
        '5' or 'D' => TarKind.Folder,
        'S' => TarKind.Sparse,
        'M' => TarKind.Rest,
        'L' or 'K' or 'N' or 'x' or 'X' or 'g' or 'V' or 'A' or 'E' or 'I' => null,
        _ => TarKind.File,
    };

    // True where one more follows.
    private bool PassSparseMap()
    {
        _window.Fill(BlockBytes);
        bool hasMore = _window.Count > SparseBlockMoreAt && _window.Held[SparseBlockMoreAt] != 0;
        Pass(Math.Min(BlockBytes, _window.Count));
        return hasMore;
    }

    // The header that comes next, looked for where none stands.
    private bool TryHeader(out ReadOnlySpan<byte> header)
    {
        CloseContents();
        int zeroBlocks = 0;
        for (bool isLost = false; ;)
        {
            _window.Fill(BlockBytes);
            header = _window.Held[..Math.Min(BlockBytes, _window.Count)];
            if (header.IsEmpty)
            {
                // Blocks of zeros end an archive: without them it may have been cut between two files.
                if (zeroBlocks == 0 && !isLost) Tell("has no end of an archive: it may be cut off");
                TellZeros(zeroBlocks);
                return false;
            }
            bool isZero = !header.ContainsAnyExcept((byte)0);
            if (!isZero) TellZeros(zeroBlocks);
            if (IsHeader(header)) return true;
            if (!isZero && !isLost) Tell(header.Length < BlockBytes ? "cut off inside a header" : "no header where one should be");
            isLost |= !isZero;
            if (isZero) zeroBlocks++;
            // Where nothing is lost, headers stand at whole blocks.
            if (!isLost || header.Length < BlockBytes) Pass(header.Length);
            else PassToHeader();
        }
    }

    // More zeros than an end of archive has, and than fill up what tar writes at once, may have been entries.
    private void TellZeros(int blocks)
    {
        bool isFilled = _offset % (RecordBlocks * BlockBytes) == 0 && blocks < EndBlocks + RecordBlocks;
        if (blocks > EndBlocks && !isFilled) Tell(string.Create(CultureInfo.InvariantCulture,
            $"{blocks * (long)BlockBytes} zero bytes before it, where entries may have been"));
    }

    // To the next header, at any byte, or to the end.
    private void PassToHeader()
    {
        Pass(1);
        while (true)
        {
            _window.Fill(1 << 16);
            int places = _window.Count - BlockBytes + 1;
            for (int i = 0; i < places; i++)
            {
                if (!IsHeader(_window.Held.Slice(i, BlockBytes))) continue;
                Pass(i);
                return;
            }
            Pass(places > 0 ? places : _window.Count);
            if (places <= 0) return;
        }
    }

    private void CloseContents()
    {
        if (_open is null) return;
        _open.Drain();
        long padding = -_open.Size & (BlockBytes - 1);
        _open = null;
        // What is missing at the end of the last file's padding is missed by nobody.
        for (; padding > 0 && Fill(); padding -= Pass((int)Math.Min(padding, _window.Count))) { }
    }

    private bool Fill()
    {
        if (_window.Count == 0) _window.Fill(1 << 16);
        return _window.Count > 0;
    }

    private int Pass(int bytes)
    {
        _window.Pass(bytes);
        _offset += bytes;
        return bytes;
    }

    private void Tell(string what) => Damage ??= string.Create(CultureInfo.InvariantCulture,
        $"damaged or cut off as a tar archive at byte {_offset}: {what}");

    /// <summary>
    /// True for a header: its sum is that of all bytes, its own counted as blanks; old writers took bytes for signed ones.
    /// </summary>
    public static bool IsHeader(ReadOnlySpan<byte> header)
    {
        if (!HasMagic(header)) return false;
        long stated = NumberOf(header.Slice(SumAt, SumBytes)), sum = SumBytes * ' ', signed = sum;
        for (int i = 0; i < BlockBytes; i++)
        {
            if (i is >= SumAt and < SumAt + SumBytes) continue;
            sum += header[i];
            signed += unchecked((sbyte)header[i]);
        }
        return (stated == sum || stated == signed) && NumberOf(header.Slice(SizeAt, SizeBytes)) >= 0;
    }

    // Octal digits, or a number of base 256 behind a first byte of 0x80; -1 for none.
    private static long NumberOf(ReadOnlySpan<byte> field)
    {
        long number = 0;
        if (field[0] == 0x80)
        {
            foreach (byte value in field[1..])
            {
                if (number >> 48 != 0) return -1;
                number = number << 8 | value;
            }
            return number;
        }
        foreach (byte digit in field.Trim(" \0"u8))
        {
            if (digit is < (byte)'0' or > (byte)'7') return -1;
            number = number << 3 | (uint)(digit - '0');
        }
        return number;
    }

    private static string NameOf(ReadOnlySpan<byte> header)
    {
        string prefix = TextOf(header.Slice(PrefixAt, PrefixBytes)), name = TextOf(header[..NameBytes]);
        // GNU has other things there, and marks its headers with a blank.
        bool isUstar = header[MagicAt + 5] == 0;
        return isUstar && prefix.Length > 0 ? prefix + "/" + name : name;
    }

    /// <summary>A name as UTF-8; where it is none each byte is a character of its own (ISO 8859-1), so that two names stay two.</summary>
    public static string Decoded(ReadOnlySpan<byte> name) =>
        System.Text.Unicode.Utf8.IsValid(name) ? Encoding.UTF8.GetString(name) : Encoding.Latin1.GetString(name);

    private static string TextOf(ReadOnlySpan<byte> field)
    {
        int end = field.IndexOf((byte)0);
        return Decoded(end < 0 ? field : field[..end]);
    }

    /// <summary>What headers in front of an entry say of it; null where they say nothing.</summary>
    private struct Extended
    {
        public string? Name, Target;
        public long? Size;
        public bool IsSparse;

        // The path of a sparse file is one that is made up.
        private bool _hasSparseName;

        // Records as `30 path=rrc00/updates.gz`, each with its own length in front, and a line feed behind.
        public void Read(ReadOnlySpan<byte> text)
        {
            while (text.IndexOf((byte)' ') is > 0 and var blank
                && int.TryParse(text[..blank], NumberStyles.None, CultureInfo.InvariantCulture, out int length)
                && length > blank + 1 && length <= text.Length)
            {
                var record = text[(blank + 1)..length].TrimEnd((byte)'\n');
                if (record.StartsWith("path="u8) && !_hasSparseName) Name = Decoded(record["path=".Length..]);
                else if (record.StartsWith("linkpath="u8)) Target = Decoded(record["linkpath=".Length..]);
                else if (record.StartsWith("size="u8) && long.TryParse(
                    record["size=".Length..], NumberStyles.None, CultureInfo.InvariantCulture, out long stated)) Size = stated;
                else if (record.StartsWith("GNU.sparse.name="u8))
                    (Name, _hasSparseName) = (Decoded(record["GNU.sparse.name=".Length..]), true);
                IsSparse |= record.StartsWith("GNU.sparse."u8);
                text = text[length..];
            }
        }
    }

    private sealed class Contents(TarFiles files, long size) : PackedEntry
    {
        private long _left = size;

        public long Size { get; } = size;
        public override long Length => Size;
        public override long Position { get => Size - _left; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            if (_left == 0 || buffer.IsEmpty) return 0;
            if (!files.Fill())
            {
                files.Tell("cut off inside a file");
                _left = 0;
                IsCut = true;
                return 0;
            }
            int count = (int)Math.Min(Math.Min(buffer.Length, files._window.Count), _left);
            files._window.Held[..count].CopyTo(buffer);
            files.Pass(count);
            _left -= count;
            return count;
        }

        public void Drain()
        {
            byte[] rest = _left > 0 ? new byte[1 << 16] : [];
            while (Read(rest) > 0) { }
        }
    }
}
