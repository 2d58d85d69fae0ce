using System.Globalization;
using System.IO.Compression;

using Isthmus.Files;
using Isthmus.Sources.Compression;

namespace Isthmus.Sources;

/// <summary>
/// Finds what INPUT arguments name: files, folders (searched through), globs, tar and zip archives (read as folders), http(s)
/// addresses, pipes and <c>-</c> for standard input. What is there only once is kept in a temporary file until this is disposed of.
/// </summary>
public sealed class Inputs : IDisposable
{
    /// <summary>So many bytes are kept of a pipe or device: one without an end would fill the disk.</summary>
    private const long KeptBytesMax = 64L << 30;

    private readonly List<InputFile> _files = [];

    // Of each file the folder that its collector has its name of; null where the name is a collector's own.
    private readonly List<string?> _homes = [];
    private readonly List<string> _passedOver = [], _unread = [], _redirects = [];

    // Folders of which nothing came.
    private readonly List<string> _bare = [];
    private readonly HashSet<FileIdentity> _known = [];

    // How often a file was met that is known, under another name.
    private int _again;
    private readonly HashSet<string> _addresses = new(StringComparer.Ordinal);
    private readonly HttpBounds _bounds;
    private HttpInput? _http;
    private KeptBytes? _kept;
    private readonly List<IDisposable> _leases = [];
    private readonly KeptFolder _temporary = new();
    private string? _notice;

    /// <summary>Nothing is looked for yet.</summary>
    public Inputs() : this(new HttpBounds()) { }

    internal Inputs(HttpBounds bounds) => _bounds = bounds;

    /// <summary>All that the arguments name, each file once.</summary>
    /// <exception cref="InputException">
    /// An argument that names nothing that is there, or none that can be read; the message says what to do.
    /// </exception>
    /// <param name="standardInput">What <c>-</c> stands for; null where it is closed.</param>
    /// <param name="orNone">True to give none where none can be read, with the reasons.</param>
    public InputSet Resolve(IReadOnlyList<string> arguments, Stream? standardInput, CancellationToken stop, bool orNone = false)
    {
        foreach (string argument in arguments) Add(argument, standardInput, stop);
        bool isNone = _files.Count == 0 && _bare.Count + _unread.Count + _passedOver.Count > 0;
        if (isNone && !orNone) throw new InputException(WhyNone());
        if (_files.Count == 0 && _notice is not null && !orNone)
            throw new InputException("all that was given is a NOTICE.txt, which holds no routes; give RIB or updates files");
        TellCollectorsApart();
        return new(_files, [.. _passedOver, .. _bare], _notice) { Unread = _unread, Redirects = _redirects, Found = _known };
    }

    /// <summary>The same of files that were fetched, by the names that they have in their archive.</summary>
    /// <param name="missing">What could not be had, with the reason, one line each.</param>
    /// <param name="lease">What keeps the files there; disposed of with this.</param>
    /// <inheritdoc cref="Resolve(IReadOnlyList{string}, Stream, CancellationToken, bool)"/>
    public InputSet Resolve(IReadOnlyList<NamedFile> files, IReadOnlyList<string> missing, IDisposable lease, CancellationToken stop)
    {
        _leases.Add(lease);
        foreach (var file in files)
        {
            if (FileIdentity.Of(file.Path) is { } identity) _known.Add(identity);
            if (file.Name == FolderNotice.Name) AddNotice(file.Path, file.Name);
            else Enter(new(file.Path, null, null), file.Name, "/" + file.Name, stop);
        }
        _unread.AddRange(missing);
        return Resolve([], Stream.Null, stop);
    }

    // Folders of one name are as many collectors.
    private void TellCollectorsApart()
    {
        if (_files.Count < 2) return;
        var shared = Enumerable.Range(0, _files.Count).Where(i => _homes[i] is not null).GroupBy(i => _files[i].Collector);
        foreach (var group in shared.ToList())
        {
            string[] homes = [.. group.Select(i => _homes[i]!).Distinct(StringComparer.Ordinal)];
            if (homes.Length == 1) continue;
            string[] names = ArchiveName.TellApart(homes);
            foreach (int i in group)
                _files[i] = _files[i] with { Collector = group.Key with { Name = names[Array.IndexOf(homes, _homes[i])] } };
        }
    }

    private string WhyNone()
    {
        string[] reasons = _unread.Count == 0 && _bare.Count > 0 ? [.. _bare] : [.. _unread, .. _passedOver];
        string advice = InputAdvice.On(reasons[0]);
        return reasons.Length == 1 ? reasons[0] + advice : string.Create(CultureInfo.InvariantCulture,
            $"{reasons[0]}{advice}; {reasons.Length - 1} more of what was given cannot be used either");
    }

    private void Add(string argument, Stream? standardInput, CancellationToken stop)
    {
        if (argument is "-")
        {
            if (standardInput is null) throw new InputException("standard input is closed; give a file, or pipe something in");
            if (FileIdentity.OfStandardInput(out bool isWhole) is { } own && (isWhole || _known.Contains(own)) && IsKnown(own)) return;
            AddKept(standardInput, "standard input", "", stop);
            return;
        }
        if (HttpAddress.IsAddress(argument))
        {
            AddAddress(argument, stop);
            return;
        }
        if (argument.Contains("://", StringComparison.Ordinal) && FileIdentity.Of(argument) is null)
            throw new InputException($"{ShownOf(argument)}: only http and https are asked; fetch it, and give the file");
        try
        {
            Descriptors.Require(argument);
        }
        catch (IOException closed)
        {
            throw new InputException(closed.Message, closed);
        }
        switch (FileIdentity.Of(argument)?.Nature)
        {
            case FileNature.Folder:
                AddFolder(argument, stop);
                break;
            case FileNature.File:
                AddFile(argument, argument, stop);
                break;
            case FileNature.Pipe or FileNature.Device:
                if (IsKnown(FileIdentity.Of(argument)!.Value)) return;
                AddPipe(argument, stop);
                break;
            case FileNature.Socket:
                throw new InputException($"{argument} is a socket; give a file, a pipe, or - for standard input");
            default:
                if (argument.AsSpan().ContainsAny('*', '?')) AddGlob(argument, stop);
                else throw new InputException(
                    $"no such file or folder: {argument}; give an MRT file, a folder of them, a glob, an http(s) address, or - for standard input");
                break;
        }
    }

    // What comes by standard input or a pipe is there once, and a file that standard input comes from may be given by its name as well.
    private bool IsKnown(FileIdentity identity)
    {
        if (_known.Add(identity)) return false;
        _again++;
        return true;
    }

    private void AddFolder(string folder, CancellationToken stop)
    {
        int before = Told, known = _again;
        var walk = new FolderWalk(folder);
        foreach (string path in walk.Files)
        {
            stop.ThrowIfCancellationRequested();
            AddFile(path, Path.GetRelativePath(folder, path).Replace('\\', '/'), stop);
        }
        _unread.AddRange(walk.Unread);
        _passedOver.AddRange(walk.PassedOver);
        if (Told > before || _again > known) return;
        _bare.Add(walk.Files.Count == 0
            ? $"the folder {folder} is empty; give a folder that holds MRT files"
            : $"none of the {walk.Files.Count} files in {folder} is MRT; give a folder that holds MRT files");
    }

    private void AddGlob(string glob, CancellationToken stop)
    {
        string[] paths = [.. Glob.Find(glob)];
        if (paths.Length == 0) throw new InputException($"no file matches {glob}");
        foreach (string path in paths)
        {
            var nature = FileIdentity.Of(path)?.Nature;
            if (nature is FileNature.Folder) AddFolder(path, stop);
            else if (nature is null or FileNature.File) AddFile(path, Path.GetFileName(path), stop);
            else _passedOver.Add(FolderWalk.NoFile(path, nature.Value));
        }
    }

    private void AddAddress(string address, CancellationToken stop)
    {
        if (!_addresses.Add(HttpAddress.Asked(address))) return;
        string shown = HttpAddress.Shown(address);
        long start = Kept.End;
        try
        {
            string from = (_http ??= new(_bounds)).Copy(address, Kept, out string? cut, stop);
            if (from != shown) _redirects.Add($"{shown} to {from}");
            // What the address that was asked for says goes before what the one says that it redirects to.
            string place = PlaceOf(ArchiveName.IsKnown(PlaceOf(shown)) || !ArchiveName.IsKnown(PlaceOf(from)) ? shown : from);
            Enter(new(Kept.Path, Kept.From(start), cut), shown, place, stop);
        }
        catch (InputException failure)
        {
            _unread.Add(failure.Message);
        }
    }

    private static string PlaceOf(string address) =>
        Uri.TryCreate(address, UriKind.Absolute, out var uri) ? uri.Host + uri.AbsolutePath : address;

    // To open a pipe waits for somebody to write into it.
    private void AddPipe(string path, CancellationToken stop)
    {
        var opening = Task.Run(
            () => new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite, bufferSize: 0), CancellationToken.None);
        try
        {
            opening.Wait(stop);
        }
        catch (AggregateException failure) when (failure.InnerException is IOException or UnauthorizedAccessException)
        {
            throw new InputException($"{path} cannot be read: {WhyNot(failure.InnerException)}", failure);
        }
        using var stream = opening.Result;
        AddKept(stream, path, Path.GetFullPath(path), stop);
    }

    // A file may have to be read twice; what comes through a pipe is there only once.
    private void AddKept(Stream stream, string name, string place, CancellationToken stop)
    {
        long start = Kept.End;
        // Whoever writes into a pipe may take his time.
        var kept = Kept.Take(room => stream.ReadAsync(room, stop).AsTask().WaitAsync(stop).GetAwaiter().GetResult(), KeptBytesMax);
        if (kept.Foreign is { } foreign) _passedOver.Add($"{name} {foreign}");
        else Enter(new(Kept.Path, Kept.From(start), Further(kept.Cut)), name, place, stop);
    }

    private KeptBytes Kept => _kept ??= new(_temporary.NewPath());

    /// <summary>Unpacks a zip archive that comes with the program, and gives its folder, there until this is disposed of.</summary>
    public string Unpack(Stream zip)
    {
        string folder = _temporary.NewPath();
        ZipFile.ExtractToDirectory(zip, folder);
        return folder;
    }

    private void AddFile(string path, string name, CancellationToken stop)
    {
        if (FileIdentity.Of(path) is not { } identity) _unread.Add($"{name} cannot be read: "
            + (name.Contains('\uFFFD', StringComparison.Ordinal) ? "its name is no UTF-8; rename it" : "it is no longer there, or its folder may not be read"));
        else if (IsKnown(identity)) return;
        else if (Path.GetFileName(path) is FolderNotice.Name) AddNotice(path, name);
        else Enter(new(path, null, null), name, Path.GetFullPath(path), stop);
    }

    private void AddNotice(string path, string name)
    {
        try
        {
            using var stored = File.OpenRead(path);
            _notice ??= FolderNotice.Read(stored);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _unread.Add($"{name} cannot be read: {WhyNot(failure)}");
        }
    }

    /// <summary>Bytes of an input: a file, or a part of what is kept, and why they are not all.</summary>
    private readonly record struct Stored(string Path, KeptPart? Part, string? Cut, CompressionFormat? Packing = null)
    {
        public InputFile As(string name, ArchivePlace place, long size) =>
            new(Path, name, place.Collector, place.Kind, place.Time, size) { Cut = Cut, Part = Part, Packing = Packing };
    }

    /// <param name="place">Where it is by all that is known, for what a path tells of a collector.</param>
    /// <param name="bounds">Of the archive that it stands in; null for none.</param>
    private void Enter(Stored bytes, string name, string place, CancellationToken stop, PackedBounds? bounds = null)
    {
        string? cut = bytes.Cut;
        try
        {
            var file = bytes.As(name, default, 0);
            using var stored = file.OpenWhole();
            long size = stored.Length;
            using var plain = Decompression.Open(stored, told: bytes.Packing);
            // Behind damage a record may begin anywhere, and a long one of a dump hides many bytes.
            var start = plain.Peek(bytes.Packing is null ? RecordSource.TellingBytes : DamagedStart.PlainBytes);
            if (ForeignFormat.PackedTwice(start, plain.Format) is { } twice) _unread.Add($"{name} {twice}");
            else if (PackedFolder.IsEmptyZip(start)) AddPacked(name, default, cut, Told);
            else if (PackedFolder.IsTar(start) || PackedFolder.IsZip(start))
                Open((name, place, cut, bounds ?? new()), file, PackedFolder.IsTar(start) ? plain : null, 0, stop);
            else if (ForeignFormat.ProblemOf(start, plain, name) is not { } problem)
            {
                var told = ArchiveName.Read(place.Length > 0 ? place : name, ViewName.Of(start));
                _homes.Add(told.Home);
                _files.Add(bytes.As(name, told, size));
            }
            else if (ForeignFormat.IsUnknown(problem) && EnterBehind(bytes, name, place, bounds, stop)) return;
            else if (cut is not null) _unread.Add($"{name}: {cut}{(start.IsEmpty ? "" : $"; what came of it {problem}")}");
            else if (plain.Fault is not null || IsMissed(name, problem)) _unread.Add($"{name} {problem}");
            else _passedOver.Add($"{name} {problem}");
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InputException)
        {
            _unread.Add($"{name} cannot be read: {WhyNot(failure)}");
        }
    }

    // What its first bytes do not tell, by what stands behind them; false where that tells nothing either.
    private bool EnterBehind(Stored bytes, string name, string place, PackedBounds? bounds, CancellationToken stop)
    {
        var file = bytes.As(name, default, 0);
        using var stored = file.OpenWhole();
        long zip = DamagedStart.ZipStart(stored);
        using var plain = Decompression.Open(file.OpenWhole(), told: bytes.Packing);
        bool isTar = zip < 0 && DamagedStart.HoldsTar(plain);
        using var tar = isTar ? Decompression.Open(file.OpenWhole(), told: bytes.Packing) : null;
        if (zip >= 0 || isTar) Open((name, place, bytes.Cut, bounds ?? new()), file, tar, zip, stop);
        else if (plain.Format is not CompressionFormat.Plain || DamagedStart.PackingOf(file.OpenWhole) is not { } packing) return false;
        else Enter(bytes with { Packing = packing }, name, place, stop, bounds);
        return true;
    }

    // A tar archive by its plain bytes, a zip archive, which has none, by those of the file from where it begins.
    private void Open(
        (string Name, string Place, string? Cut, PackedBounds Bounds) archive, InputFile file, DecompressedStream? tar, long zipStart,
        CancellationToken stop)
    {
        int before = Told;
        if (archive.Bounds.Enter() is { } tooDeep) _unread.Add($"{archive.Name} {tooDeep}");
        else
        {
            var replaced = new List<Range>();
            var take = Taker(archive, replaced, stop);
            using var zip = tar is null ? new BufferedStream(FilePart.Of(file.OpenWhole(), zipStart)) : null;
            string? wrong = zip is null ? PackedFolder.ReadTar(tar!, archive.Bounds, take, Teller(archive.Name), stop)
                : PackedFolder.ReadZip(zip, archive.Bounds, take, Teller(archive.Name), stop);
            Remove(replaced);
            AddPacked(archive.Name, (wrong, tar?.Fault?.What), archive.Cut, before);
        }
        archive.Bounds.Leave();
    }

    // A dump or updates by its name that are none are damaged, or of another sort than their archive says: what they held is missing.
    private static bool IsMissed(string name, string problem) => ArchiveName.IsOfArchive(name)
        && (problem != ForeignFormat.Empty || ArchiveName.Read(name).Kind is FileKind.Rib);

    // Of all that was given so far, what was found and what was said of the rest.
    private int Told => _files.Count + _unread.Count + _passedOver.Count + _bare.Count;

    private void AddPacked(string name, (string? Structure, string? Compression) damage, string? cut, int before)
    {
        string wrong = string.Join("; ", new[] { damage.Compression, damage.Structure }.OfType<string>());
        if (cut is not null) _unread.Add($"{name}: {cut}{InputAdvice.On(cut)}{(wrong.Length == 0 ? "" : $"; what came of it: {wrong}")}");
        else if (wrong.Length > 0) _unread.Add($"{name}: {wrong}");
        else if (Told == before) _bare.Add($"the archive {name} holds no MRT file; give one that holds RIB or updates files");
    }

    private PackedFolder.Teller Teller(string name) =>
        (inside, why, isMissed) => (isMissed ? _unread : _passedOver).Add($"{name}/{inside} {why}");

    // What an archive holds twice under one name is the later one, as unpacking it would leave (GNU tar manual, "--append"). It is said once
    // of a name, however often an archive has it.
    private PackedFolder.Taker Taker(
        (string Name, string Place, string? Cut, PackedBounds Bounds) archive, List<Range> replaced, CancellationToken stop)
    {
        var taken = new Dictionary<string, (Range Read, int Times, int Line)>(StringComparer.Ordinal);
        return (inside, content) =>
        {
            int before = _files.Count;
            Take(archive, inside, content, stop);
            if (taken.TryGetValue(inside, out var earlier))
            {
                replaced.Add(earlier.Read);
                if (earlier.Times == 1) _passedOver.Add("");
            }
            int line = earlier.Times == 1 ? _passedOver.Count - 1 : earlier.Line;
            var now = (Read: before.._files.Count, Times: earlier.Times + 1, Line: line);
            if (now.Times > 1) _passedOver[now.Line] = string.Create(
                CultureInfo.InvariantCulture, $"{archive.Name}/{inside} is there {now.Times:N0} times: the last one is read");
            taken[inside] = now;
        };
    }

    private void Remove(List<Range> replaced)
    {
        if (replaced.Count == 0) return;
        var gone = replaced.SelectMany(range => Enumerable.Range(range.Start.Value, range.End.Value - range.Start.Value)).ToHashSet();
        InputFile[] files = [.. _files.Where((_, i) => !gone.Contains(i))];
        string?[] homes = [.. _homes.Where((_, i) => !gone.Contains(i))];
        _files.Clear();
        _files.AddRange(files);
        _homes.Clear();
        _homes.AddRange(homes);
    }

    private static string? Further(string? cut) => cut is null ? null : "the file cannot be read further: " + cut;

    private void Take(
        (string Name, string Place, string? Cut, PackedBounds Bounds) archive, string inside, PackedEntry content, CancellationToken stop)
    {
        var (name, place, whyCut, bounds) = archive;
        if (Path.GetFileName(inside.Replace('\\', '/')) is FolderNotice.Name)
        {
            _notice ??= FolderNotice.Read(content);
            return;
        }
        long start = Kept.End;
        var (cut, foreign) = Kept.Take(room => content.Read(room.Span), bounds.BytesLeft);
        bounds.Keep(Kept.End - start);
        int before = _files.Count;
        cut = Further(cut) ?? (content.IsCut ? whyCut ?? "the archive that holds it is damaged or ends inside it" : null);
        if (foreign is not null) (IsMissed(inside, foreign) ? _unread : _passedOver).Add($"{name}/{inside} {foreign}");
        else
        {
            string at = ArchiveName.Inside(place.Length > 0 ? place : name, inside);
            Enter(new(Kept.Path, Kept.From(start), cut), $"{name}/{inside}", at, stop, bounds);
        }
        if (_files.Count == before) Kept.CutTo(start);
    }

    /// <summary>An argument as it may be shown: of an address without user, password and query.</summary>
    public static string ShownOf(string argument) => HttpAddress.Shown(argument);

    /// <summary>Why something cannot be read, in a few words and without a path.</summary>
    internal static string WhyNot(Exception failure) => failure switch
    {
        UnauthorizedAccessException => "permission denied",
        FileNotFoundException or DirectoryNotFoundException => "it is no longer there",
        _ => failure.Message,
    };

    /// <summary>Removes what was kept.</summary>
    public void Dispose()
    {
        _http?.Dispose();
        _kept?.Dispose();
        _temporary.Dispose();
        foreach (var lease in _leases) lease.Dispose();
    }

    /// <summary>Removes what is kept, of all inputs that are not disposed of, where the program has to end at once.</summary>
    public static void RemoveKept() => KeptFolder.RemoveAll();
}
