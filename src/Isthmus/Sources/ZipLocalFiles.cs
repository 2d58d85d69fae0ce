using System.Buffers.Binary;
using System.Text;

using Crc32 = System.IO.Hashing.Crc32;

using Isthmus.Sources.Compression;

namespace Isthmus.Sources;

/// <summary>
/// The files of a zip archive by their own headers, front to back (APPNOTE 6.3.10 sections 4.3.7 to 4.3.9): for one whose list of files,
/// which stands at its end, is cut off or damaged. Files that are stored or deflated are given; behind damage the next header is found.
/// </summary>
internal sealed class ZipLocalFiles(StoredBytes stored)
{
    private const int HeaderBytes = 30, FlagsAt = 6, MethodAt = 8, SumAt = 14, PackedAt = 18, SizeAt = 22, NameAt = 26, ExtraAt = 28;

    private const uint Descriptor = 0x08074b50;

    private const ushort HasDescriptor = 8, IsEncrypted = 1, Stored = 0, Deflated = 8;

    private readonly HashSet<string> _wrong = new(StringComparer.Ordinal);

    /// <summary>Files of which something is missing or whose checksum is wrong, by name.</summary>
    public IReadOnlyCollection<string> Wrong => _wrong;

    /// <summary>True where the archive ends inside a file.</summary>
    public bool IsCut { get; private set; }

    /// <summary>Gives each file in turn.</summary>
    /// <param name="take">Takes name, the bytes unpacked as they come, and false to end.</param>
    public void Read(Func<string, PackedEntry, bool> take)
    {
        for (long at = 0; (at = stored.Find(at, HeaderBytes, IsHeader)) >= 0; at = Math.Max(at + 4, stored.Offset))
        {
            stored.Seek(at);
            byte[] header = stored.Peek(HeaderBytes).ToArray();
            if (header.Length < HeaderBytes)
            {
                IsCut = true;
                return;
            }
            ushort flags = U16(header, FlagsAt), method = U16(header, MethodAt);
            int nameBytes = U16(header, NameAt);
            stored.Skip(HeaderBytes);
            string name = Encoding.UTF8.GetString(stored.Peek(nameBytes));
            long start = at + HeaderBytes + nameBytes + U16(header, ExtraAt);
            stored.Seek(start);
            if (name.EndsWith('/') && HoldsNothing(header)) continue;
            bool isKnown = method == Deflated || method == Stored && (flags & HasDescriptor) == 0;
            if (!isKnown || (flags & IsEncrypted) != 0)
            {
                _wrong.Add(name);
                continue;
            }
            var codes = method == Deflated ? new Inflater(stored, long.MaxValue) : null;
            using var content = new Contents(stored, codes, U32(header, PackedAt));
            if (!take(name, content)) return;
            content.Drain();
            var (sum, size) = (flags & HasDescriptor) == 0 ? (U32(header, SumAt), U32(header, SizeAt)) : ReadDescriptor();
            IsCut |= content.IsCut;
            if (content.IsCut || sum != content.Sum || size != (uint)(content.Bytes & uint.MaxValue)) _wrong.Add(name);
        }
    }

    // By its sizes, or by what stands where its bytes would: a header, or the codes of no bytes (RFC 1951 section 3.2.6).
    private bool HoldsNothing(byte[] header) => (U16(header, FlagsAt) & HasDescriptor) == 0 && U32(header, PackedAt) == 0
        || stored.Peek(2) is [] or [(byte)'P', (byte)'K'] or [3, 0];

    // Behind the bytes: checksum and sizes, after a signature that need not be there.
    private (uint Sum, uint Size) ReadDescriptor()
    {
        if (stored.Peek(4) is { Length: 4 } start && BinaryPrimitives.ReadUInt32LittleEndian(start) == Descriptor) stored.Skip(4);
        byte[] rest = stored.Peek(12).ToArray();
        stored.Skip(rest.Length);
        return rest.Length < 12 ? (0, 0) : (U32(rest, 0), U32(rest, 8));
    }

    private static bool IsHeader(ReadOnlySpan<byte> bytes) => bytes is [(byte)'P', (byte)'K', 3, 4, < 100, ..];

    private static ushort U16(byte[] bytes, int at) => BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(at));

    private static uint U32(byte[] bytes, int at) => BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(at));

    private sealed class Contents(StoredBytes stored, Inflater? codes, long left) : PackedEntry
    {
        private readonly Crc32 _sum = new();
        private long _left = left;

        public uint Sum => _sum.GetCurrentHashAsUInt32();

        public long Bytes { get; private set; }

        public override long Position { get => Bytes; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int count = codes?.Read(buffer) ?? stored.Read(buffer[..(int)Math.Min(buffer.Length, _left)]);
            _left -= count;
            IsCut |= codes is null ? count == 0 && !buffer.IsEmpty && _left > 0
                : codes.State is InflateState.Cut or InflateState.Damaged;
            _sum.Append(buffer[..count]);
            Bytes += count;
            return count;
        }

        public void Drain()
        {
            byte[] rest = new byte[1 << 14];
            while (Read(rest) > 0) { }
        }
    }
}
