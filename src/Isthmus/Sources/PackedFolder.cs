using System.Buffers.Binary;
using System.Globalization;
using System.IO.Compression;
using System.Text;

using Isthmus.Sources.Compression;

namespace Isthmus.Sources;

/// <summary>
/// The files inside a tar (plain or compressed) or zip archive, each copied out and given on. Names inside it are only shown and
/// read for what they tell: no file is ever written under one.
/// </summary>
internal static class PackedFolder
{
    /// <summary>Gives a file: its name inside, its bytes.</summary>
    public delegate void Taker(string name, PackedEntry content);

    /// <summary>Tells what is not given: its name inside, why, and whether bytes of a file are missing with it.</summary>
    public delegate void Teller(string name, string why, bool isMissed);

    /// <summary>
    /// True when decompressed bytes begin a tar archive: a header with a name, or one that is sound (POSIX.1-2017 pax, ustar).
    /// </summary>
    public static bool IsTar(ReadOnlySpan<byte> start) =>
        TarFiles.HasMagic(start) && (start[0] != 0 || TarFiles.IsHeader(start[..TarFiles.BlockBytes]));

    /// <summary>True when bytes begin a zip archive that holds something.</summary>
    public static bool IsZip(ReadOnlySpan<byte> start) =>
        start.Length >= 4 && BinaryPrimitives.ReadUInt32LittleEndian(start) == 0x04034b50;

    /// <summary>True for a zip archive that holds nothing: the record of its end alone, with no entry.</summary>
    public static bool IsEmptyZip(ReadOnlySpan<byte> start) => start.Length >= 20
        && BinaryPrimitives.ReadUInt32LittleEndian(start) == 0x06054b50 && !start[4..20].ContainsAnyExcept((byte)0);

    /// <summary>Gives all files of a tar archive, those behind damage too.</summary>
    /// <returns>Why not all of it could be read; null where it could.</returns>
    public static string? ReadTar(Stream plain, PackedBounds bounds, Taker take, Teller tell, CancellationToken stop)
    {
        using var tar = new TarFiles(plain);
        var names = new HashSet<string>(StringComparer.Ordinal);
        var links = new List<(string Name, string? Target)>();
        while (tar.TryNext(out var entry))
        {
            stop.ThrowIfCancellationRequested();
            string name = NameOf(entry.Name);
            if (bounds.Exceeded(entry.Size, name.Length + entry.Target.Length) is { } bound) return bound;
            if (entry.Kind is not (TarKind.HardLink or TarKind.SymbolicLink)) names.Add(name);
            switch (entry.Kind)
            {
                case TarKind.File:
                    take(name, entry.Content);
                    break;
                case TarKind.HardLink:
                    links.Add((name, NameOf(entry.Target)));
                    break;
                case TarKind.SymbolicLink:
                    links.Add((name, TargetOf(name, entry.Target)));
                    break;
                case TarKind.Device:
                    tell(name, "is a pipe or device and no file", isMissed: false);
                    break;
                case TarKind.Sparse:
                    tell(name, "is stored as a sparse file, which is not read; unpack the archive, or pack it without sparse files", isMissed: true);
                    break;
                case TarKind.Rest:
                    tell(name, "is the rest of a file that begins in another archive; unpack them together", isMissed: true);
                    break;
                case TarKind.Odd:
                    tell(name, "holds what no entry of its type in tar holds, and is not read; give it as a file", isMissed: true);
                    break;
                default:
                    break;
            }
        }
        TellLinks(links, names, tell);
        return tar.Damage;
    }

    // What a link leads to is read under its own name, before or behind it.
    private static void TellLinks(List<(string Name, string? Target)> links, HashSet<string> names, Teller tell)
    {
        if (links.Count == 0) return;
        string[] sorted = [.. names.Order(StringComparer.Ordinal)];
        var targets = new Dictionary<string, string?>(StringComparer.Ordinal);
        foreach (var (name, target) in links) targets[name] = target;
        foreach (var (name, target) in links)
        {
            string? at = target;
            for (int i = 0; i < LinksMax && at is not null && !names.Contains(at) && targets.TryGetValue(at, out string? next); i++)
                at = next;
            if (at is null || !names.Contains(at) && !IsFolder(at, sorted)) tell(name, "is a link to what is not in the archive", isMissed: true);
        }
    }

    /// <summary>Links that lead from one to the next; Linux follows no more (path_resolution(7)).</summary>
    private const int LinksMax = 40;

    // Folders need no entry of their own.
    private static bool IsFolder(string path, string[] sorted)
    {
        if (path.Length == 0) return true;
        int at = Array.BinarySearch(sorted, path + "/", StringComparer.Ordinal);
        return at >= 0 || ~at < sorted.Length && sorted[~at].StartsWith(path + "/", StringComparison.Ordinal);
    }

    // By its own folder; null for what is outside.
    private static string? TargetOf(string name, string target)
    {
        if (target.Length == 0 || target.StartsWith('/')) return null;
        var parts = new List<string>(name.Split('/')[..^1]);
        foreach (string part in target.Split('/'))
        {
            if (part is "" or ".") continue;
            if (part is not "..") parts.Add(part);
            else if (parts.Count == 0) return null;
            else parts.RemoveAt(parts.Count - 1);
        }
        return parts.Count == 0 ? "" : NameOf(string.Join('/', parts));
    }

    /// <summary>Gives all files of a zip archive, which begins with one: <see cref="IsZip"/>.</summary>
    /// <returns>Why not all of it could be read; null where it could.</returns>
    public static string? ReadZip(Stream stored, PackedBounds bounds, Taker take, Teller tell, CancellationToken stop)
    {
        string? wrong = null;
        bool isListed = false;
        try
        {
            using var zip = new ZipArchive(stored, ZipArchiveMode.Read, leaveOpen: true, Encoding.Latin1);
            // A file stands at its beginning: a list without one is none.
            if (zip.Entries.Count == 0) return ReadLocal(stored, bounds, "is empty", take, stop);
            isListed = true;
            var links = new List<(string Name, string? Target)>();
            foreach (var entry in zip.Entries)
            {
                stop.ThrowIfCancellationRequested();
                // A folder's name ends so, but what has bytes is a file, whatever its name (APPNOTE.TXT section 4.3.8).
                if (entry is { Length: 0, Crc32: 0 } && entry.FullName.EndsWith('/')) continue;
                if (bounds.Exceeded(entry.Length, entry.FullName.Length) is { } bound) return bound;
                if (WhyNotOpened(entry, out var opened) is { } why)
                {
                    tell(NameOf(ZipNameOf(entry)), why, isMissed: true);
                    continue;
                }
                try
                {
                    using var data = new SummedStream(opened!);
                    if (IsLink(entry))
                    {
                        links.Add((NameOf(ZipNameOf(entry)), TargetOf(NameOf(ZipNameOf(entry)), TextOf(data))));
                        continue;
                    }
                    take(NameOf(ZipNameOf(entry)), data);
                    if (!data.IsWhole(entry.Length, entry.Crc32))
                        wrong ??= $"damaged as a zip archive: the checksum or size of {NameOf(ZipNameOf(entry))} is wrong";
                }
                catch (InvalidDataException)
                {
                    wrong ??= $"damaged as a zip archive: {NameOf(ZipNameOf(entry))} cannot be unpacked";
                }
            }
            var files = zip.Entries.Where(entry => !IsLink(entry));
            if (links.Count > 0) TellLinks(links, [.. files.Select(entry => NameOf(ZipNameOf(entry)))], tell);
            return wrong;
        }
        catch (InvalidDataException) when (!isListed)
        {
            return ReadLocal(stored, bounds, "cannot be read", take, stop);
        }
    }

    // The mode of Unix is in the upper half (APPNOTE.TXT section 4.4.15, as Info-ZIP writes it).
    private static bool IsLink(ZipArchiveEntry entry) => (entry.ExternalAttributes >> 16 & 0xF000) == 0xA000;

    /// <summary>No path of Linux is longer.</summary>
    private const int TargetBytesMax = 4096;

    private static string TextOf(Stream target)
    {
        byte[] text = new byte[TargetBytesMax];
        return System.Text.Encoding.UTF8.GetString(text, 0, target.ReadAtLeast(text, text.Length, throwOnEndOfStream: false));
    }

    private static string? WhyNotOpened(ZipArchiveEntry entry, out Stream? opened)
    {
        opened = null;
        if (entry.IsEncrypted) return "is encrypted; unpack it with its password";
        // The checksum of no bytes is 0.
        if (entry is { Length: 0, Crc32: not 0 }) return "cannot be unpacked: its entry in the archive's list is damaged; unpack it with a tool that repairs it";
        try
        {
            opened = entry.Open();
            return null;
        }
        catch (InvalidDataException)
        {
            return "is damaged or packed by a method that is not read, which are all but stored and deflate; unpack it";
        }
    }

    // By the header that each file has of its own.
    private static string ReadLocal(Stream stored, PackedBounds bounds, string listIs, Taker take, CancellationToken stop)
    {
        stored.Position = 0;
        // The archive's own stream stays open for whoever gave it.
        var local = new ZipLocalFiles(new StoredBytes(stored, hashed: false));
        string? bound = null;
        int files = 0;
        local.Read((name, content) =>
        {
            stop.ThrowIfCancellationRequested();
            files++;
            bound = bounds.Exceeded(0, name.Length);
            if (bound is null) take(NameOf(name), content);
            return bound is null;
        });
        string wrong = local.Wrong.Count == 0 ? "" : local.Wrong.Count == 1
            ? $", of which {NameOf(local.Wrong.First())} is damaged or cut off"
            : string.Create(CultureInfo.InvariantCulture, $", of which {local.Wrong.Count} are damaged, cut off or packed in a way that is not read");
        return bound ?? string.Create(CultureInfo.InvariantCulture, $"damaged or cut off as a zip archive: its list of files {listIs}; ")
            + (files == 0 ? "none was found by a header of its own" : string.Create(CultureInfo.InvariantCulture,
                $"{files} {(files == 1 ? "was" : "were")} read by their own headers{wrong}, and more may be missing"));
    }

    /// <summary>Bytes that are summed up as they are read: the base library compares neither checksum nor size.</summary>
    private sealed class SummedStream(Stream inner) : PackedEntry
    {
        private readonly System.IO.Hashing.Crc32 _sum = new();
        private long _bytes;

        public override long Position { get => _bytes; set => throw new NotSupportedException(); }

        public override int Read(Span<byte> buffer)
        {
            int count = inner.Read(buffer);
            _sum.Append(buffer[..count]);
            _bytes += count;
            return count;
        }

        /// <summary>Reads what is left, as far as there is to be, and compares.</summary>
        public bool IsWhole(long bytes, uint sum)
        {
            Span<byte> rest = stackalloc byte[1 << 10];
            while (_bytes <= bytes && Read(rest) > 0) { }
            return _bytes == bytes && _sum.GetCurrentHashAsUInt32() == sum;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }

    // Without what leads out of the archive, and without what is no character of a name.
    // What carries no UTF-8 flag comes as its bytes, and is UTF-8 mostly all the same (APPNOTE.TXT, appendix D).
    private static string ZipNameOf(ZipArchiveEntry entry) => entry.FullName.All(letter => letter < 256)
        ? TarFiles.Decoded(Encoding.Latin1.GetBytes(entry.FullName)) : entry.FullName;

    // A backslash is a character of a name in tar, and of old a separator in zip: two names that differ in it are two.
    private static string NameOf(string name)
    {
        string shown = string.Concat(name.Select(letter => char.IsControl(letter) ? $"<{(int)letter:x2}>" : letter.ToString()));
        string told = string.Join('/', shown.Split('/').Where(part => part.Split('\\').Any(word => word is not ("" or "." or ".."))));
        return told.Length > 0 ? told : Nameless;
    }

    /// <summary>What a file is called that has no name, or none that stays inside.</summary>
    private const string Nameless = "(no name)";
}
