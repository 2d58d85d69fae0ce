using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>
/// Finds what INPUT arguments name: files, folders (searched through), globs, http(s) addresses and <c>-</c> for
/// standard input. What comes from elsewhere is kept in a temporary file until this is disposed of.
/// </summary>
public sealed class Inputs : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromMinutes(10);

    // Archives hold such files where a collector wrote nothing: by the archive's rhythm a gap, and not silence.
    private const string Empty = "is empty: it holds no record";

    private readonly List<InputFile> _files = [];
    private readonly List<string> _passedOver = [];
    private readonly List<string> _temporary = [];
    private string? _notice;

    /// <summary>All that the arguments name, each file once.</summary>
    /// <exception cref="InputException">An argument that names nothing readable; the message says what to do.</exception>
    public InputSet Resolve(IReadOnlyList<string> arguments, Stream standardInput, CancellationToken stop)
    {
        foreach (string argument in arguments) Add(argument, standardInput, stop);
        if (_files.Count == 0 && _passedOver.Count > 0) throw new InputException(
            $"{_passedOver[0]}{(_passedOver.Count > 1 ? $", nor do {_passedOver.Count - 1} others" : "")}; give RIB or updates files");
        return new([.. _files.DistinctBy(file => file.Path)], _passedOver, _notice);
    }

    private void Add(string argument, Stream standardInput, CancellationToken stop)
    {
        if (argument is "-") AddFile(Keep(standardInput, "standard input", stop), "standard input", explicitly: true);
        else if (argument.StartsWith("http://", StringComparison.Ordinal) || argument.StartsWith("https://", StringComparison.Ordinal)) AddUrl(argument, stop);
        else if (Directory.Exists(argument)) AddFolder(argument);
        else if (File.Exists(argument)) AddFile(argument, argument, explicitly: true);
        else if (argument.AsSpan().ContainsAny('*', '?')) AddGlob(argument);
        else throw new InputException(
            $"no such file or folder: {argument}; give an MRT file, a folder of them, a glob, an http(s) address, or - for standard input");
    }

    private void AddFolder(string folder)
    {
        int before = _files.Count;
        var names = Directory.EnumerateFiles(
            folder, "*", new EnumerationOptions { RecurseSubdirectories = true, IgnoreInaccessible = true })
            .Order(StringComparer.Ordinal).ToArray();
        foreach (string path in names)
        {
            string name = Path.GetRelativePath(folder, path).Replace('\\', '/');
            if (name is "NOTICE.txt") _notice = File.ReadLines(path).FirstOrDefault();
            else AddFile(path, name, explicitly: false);
        }
        if (_files.Count == before)
            throw new InputException(names.Length == 0
                ? $"the folder {folder} is empty; give a folder that holds MRT files"
                : $"none of the {names.Length} files in {folder} is MRT; give a folder that holds MRT files");
    }

    private void AddGlob(string glob)
    {
        string folder = Path.GetDirectoryName(glob) is { Length: > 0 } named ? named : ".";
        string[] paths = folder.AsSpan().ContainsAny('*', '?') || !Directory.Exists(folder) ? []
            : [.. Directory.EnumerateFiles(folder, Path.GetFileName(glob)).Order(StringComparer.Ordinal)];
        if (paths.Length == 0) throw new InputException($"no file matches {glob}");
        foreach (string path in paths) AddFile(path, Path.GetFileName(path), explicitly: false);
    }

    private void AddUrl(string url, CancellationToken stop)
    {
        using var client = new HttpClient { Timeout = _patience };
        try
        {
            using var answer = client.Send(new(HttpMethod.Get, url), HttpCompletionOption.ResponseHeadersRead, stop);
            if (!answer.IsSuccessStatusCode) throw new InputException(
                $"{url}: the server answers {(int)answer.StatusCode} {answer.ReasonPhrase}");
            using var body = answer.Content.ReadAsStream(stop);
            AddFile(Keep(body, url, stop), url, explicitly: true);
        }
        catch (HttpRequestException failure)
        {
            throw new InputException($"{url}: {failure.Message}", failure);
        }
        catch (TaskCanceledException failure) when (!stop.IsCancellationRequested)
        {
            throw new InputException($"{url}: no answer within {_patience.TotalMinutes} minutes", failure);
        }
    }

    // A file may have to be read twice; what comes through a pipe or the network is there only once.
    private string Keep(Stream stream, string name, CancellationToken stop)
    {
        string path = Path.Combine(Path.GetTempPath(), $"isthmus-{Guid.NewGuid():N}");
        _temporary.Add(path);
        try
        {
            using var file = File.Create(path);
            stream.CopyToAsync(file, stop).GetAwaiter().GetResult();
            return path;
        }
        catch (IOException failure)
        {
            throw new InputException($"{name} cannot be read: {failure.Message}", failure);
        }
    }

    private void AddFile(string path, string name, bool explicitly)
    {
        string? problem = ProblemOf(path);
        if (problem is null)
        {
            var (collector, kind, time) = ArchiveName.Read(name);
            _files.Add(new(path, name, collector, kind, time, new FileInfo(path).Length));
        }
        else if (explicitly && problem is not Empty) throw new InputException($"{name} {problem}");
        else _passedOver.Add($"{name} {problem}");
    }

    private static string? ProblemOf(string path)
    {
        try
        {
            using var plain = Decompression.Open(File.OpenRead(path));
            var start = plain.Peek(RecordSource.TellingBytes);
            if (BgpdumpText.IsText(start)) return null;
            if (start.IsEmpty && plain.Fault is null) return Empty;
            if (start.Length < MrtRecord.HeaderBytes) return plain.Fault is { } fault
                ? $"holds no whole MRT record: {fault.What}" : "is no MRT file: it is shorter than one record; give RIB or updates files";
            return RecordReader.HoldsRecords(start) ? null
                : "is neither MRT nor lines of bgpdump -m; give RIB or updates files of a collector";
        }
        catch (UnauthorizedAccessException)
        {
            return "cannot be read: permission denied";
        }
        catch (InputException failure)
        {
            return failure.Message;
        }
        catch (IOException failure)
        {
            return $"cannot be read: {failure.Message}";
        }
    }

    public void Dispose()
    {
        foreach (string path in _temporary) File.Delete(path);
    }
}
