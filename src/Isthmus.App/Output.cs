using System.Collections.Concurrent;
using System.CommandLine;
using System.CommandLine.Parsing;
using System.Text;

using Isthmus.Files;
using Isthmus.Sources;

using Microsoft.Win32.SafeHandles;

namespace Isthmus.App;

/// <summary>Where data go: standard output, or a file that appears only when it is whole.</summary>
internal sealed class Output : IDisposable
{
    private const int BufferBytes = 1 << 16;

    /// <summary>Errno EPIPE; on Windows ERROR_BROKEN_PIPE and ERROR_NO_DATA as results.</summary>
    private static readonly int[] BrokenPipe = [32, unchecked((int)0x8007006D), unchecked((int)0x800700E8)];

    /// <summary>The options that name a file to write.</summary>
    private static readonly string[] _options = ["--out", "--html", "--ledger-out"];

    /// <summary>The file that standard input comes from, where the system names it.</summary>
    private const string StandardInput = "/dev/stdin";

    /// <summary>The file that standard output goes to, where the system names it.</summary>
    private const string StandardOutputFile = "/dev/stdout";

    /// <summary>What is said where standard output takes nothing.</summary>
    public const string ClosedText = "standard output cannot be written to: it is closed, or open for reading alone";

    private static readonly ConcurrentDictionary<string, bool> _parts = new(StringComparer.Ordinal);

    private readonly string? _file;
    private readonly string? _part;

    private Output(string? file)
    {
        if (file is not null) Descriptors.Require(file);
        _file = file;
        _part = file is null || IsDevice(file) ? null : PartOf(file);
        if (_part is not null) _parts[_part] = true;
        Stream = file is null ? StandardOutput() : Create(file);
        Text = new StreamWriter(Stream, new UTF8Encoding(false), BufferBytes, leaveOpen: true) { NewLine = "\n" };
    }

    private WrittenFile Create(string file)
    {
        try
        {
            return WrittenFile.Create(file, _part);
        }
        catch (UnauthorizedAccessException failure)
        {
            throw new IOException($"{file} cannot be written: permission denied, for it or for its folder", failure);
        }
        // The name of the part, which the system's messages have, says nothing to a user.
        catch (IOException failure)
        {
            throw new IOException($"{file} cannot be written: {WhyNot(failure)}; name another place", failure);
        }
    }

    private static string WhyNot(IOException failure) => failure switch
    {
        FileNotFoundException or DirectoryNotFoundException => "no file can be made there",
        PathTooLongException => "its name is too long for the file system",
        { HResult: WrittenFile.DiskFull or WrittenFile.QuotaFull } => "no room is left where it is",
        _ => failure.Message.Split(" : '")[0],
    };

    public Stream Stream { get; }

    public TextWriter Text { get; }

    /// <summary>Opens a file, or standard output for null and <c>-</c>.</summary>
    public static Output Open(string? file) => new(file is "-" ? null : file);

    public static bool IsBrokenPipe(IOException failure) => BrokenPipe.Contains(failure.HResult);

    /// <summary>Refuses an output that is an input of the same command, or another output of it, before anything is written.</summary>
    /// <param name="set">The inputs that were found; null where there are none.</param>
    /// <exception cref="UsageException">Two names are one file.</exception>
    public static void RefuseOver(ParseResult parsed, InputSet? set)
    {
        var outputs = parsed.CommandResult.Children.OfType<OptionResult>().Where(option => _options.Contains(option.Option.Name))
            .SelectMany(option => option.Tokens.Select(token => (option.Option.Name, File: token)))
            .Where(output => output.File.Value is not "-").ToArray();
        var printed = FileIdentity.Of(StandardOutputFile) is { Nature: FileNature.File } shown ? shown : (FileIdentity?)null;
        if (outputs.Length == 0 && printed is null) return;
        var tokens = parsed.Tokens.Where(token => !outputs.Any(output => ReferenceEquals(output.File, token)));
        string[] given = [.. tokens.Select(token => token.Value)];
        // A filter names lists; standard input may be a file as well.
        var named = given.Concat(given.SelectMany(TrustedArguments.ListsOf)).Concat(given.Contains("-") ? [StandardInput] : [])
            .Concat(RegistryOptions.FilesOf(parsed));
        var inputs = named.Concat(set?.Files.Select(file => file.Path).Distinct() ?? []).Select(FileIdentity.Of).OfType<FileIdentity>()
            .Concat(set?.Found ?? Enumerable.Empty<FileIdentity>()).Where(one => one.Nature is FileNature.File).ToHashSet();
        // What is appended to an input would be read again as it grows.
        if (printed is { } standard && inputs.Contains(standard))
            throw new UsageException("standard output goes to a file that is an input; send it to another file");
        var written = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, file) in outputs)
        {
            if (FileIdentity.Of(file.Value) is not { Nature: FileNature.File } identity) identity = default;
            else if (inputs.Contains(identity))
                throw new UsageException($"{name}: '{file.Value}' is an input, which would be overwritten; name another file");
            if (identity != default && identity == printed)
                throw new UsageException($"{name}: '{file.Value}' is where standard output goes; name another file");
            string place = PlaceOf(file.Value);
            if (!written.TryAdd(place, name))
                throw new UsageException($"{name}: '{file.Value}' is written by {written[place]} as well; name another file");
        }
    }

    // Where a file will be that need not be there yet: by the folder itself, whatever names lead to it.
    private static string PlaceOf(string file)
    {
        string full = Path.GetFullPath(file);
        for (int links = 0; links < LinksMax && new FileInfo(full).LinkTarget is { } target; links++)
            full = Path.GetFullPath(target, Path.GetDirectoryName(full)!);
        string folder = Path.GetDirectoryName(full) ?? full;
        return $"{FileIdentity.Of(folder)?.Key ?? folder}/{Path.GetFileName(full)}";
    }

    /// <summary>Links that lead to one another; Linux follows no more.</summary>
    private const int LinksMax = 40;

    /// <summary>Removes what is not whole, where the program has to end at once.</summary>
    public static void RemoveParts()
    {
        foreach (string part in _parts.Keys) Remove(part);
    }

    /// <summary>All is written: brings it out, and gives a file its name.</summary>
    public void Complete()
    {
        Text.Flush();
        Stream.Dispose();
        if (_part is null) return;
        // What only its owner may read stays so.
        if (!OperatingSystem.IsWindows() && File.Exists(_file)) File.SetUnixFileMode(_part, File.GetUnixFileMode(_file));
        File.Move(_part, _file!, overwrite: true);
        _parts.TryRemove(_part, out _);
    }

    public void Dispose()
    {
        if (_file is null) return;
        try
        {
            Stream.Dispose();
        }
        catch (IOException)
        {
            // What is left in the buffer goes to a file that is removed; why it cannot be written has been told.
        }
        if (_part is not null && _parts.ContainsKey(_part)) Remove(_part);
    }

    // Of each run its own, beside the file, so that it can take its name in one step: the last of two runs wins, whole.
    private static string PartOf(string file)
    {
        string full = Path.GetFullPath(file), name = Path.GetFileName(full);
        // A name may be as long as the file system allows, so that nothing can stand beside it.
        while (Encoding.UTF8.GetByteCount(name) > PartNameBytesMax) name = name[..^(char.IsLowSurrogate(name[^1]) ? 2 : 1)];
        return Path.Combine(Path.GetDirectoryName(full)!, $".{name}.{Guid.NewGuid():N}.part");
    }

    /// <summary>
    /// So much of a file's name stands in that of its part, which has 39 bytes more: the shortest limit that is met is 143 (eCryptfs).
    /// </summary>
    private const int PartNameBytesMax = 100;

    private static void Remove(string part)
    {
        try
        {
            File.Delete(part);
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Nothing more can be done; its name says what it is.
        }
        _parts.TryRemove(part, out _);
    }

    // A device or a pipe is written to, not replaced; and a link goes on leading to where it led.
    private static bool IsDevice(string file) =>
        !OperatingSystem.IsWindows() && Path.GetFullPath(file).StartsWith("/dev/", StringComparison.Ordinal)
        || new FileInfo(file).LinkTarget is not null
        || FileIdentity.Of(file) is { Nature: not (FileNature.File or FileNature.Folder) };

    // The console's own stream swallows a broken pipe and lets us write on into nothing. A plain handle says so; but it
    // keeps a position of its own, which in a file that standard error shares would overwrite what was said there, and
    // does not wait where the other end does not.
    private static WrittenFile StandardOutput()
    {
        if (OperatingSystem.IsWindows()) return new WrittenFile(StandardOutputName, Console.OpenStandardOutput());
        if (!Descriptors.IsGiven(Descriptors.Output)) throw new IOException(ClosedText);
        var handle = new FileStream(new SafeFileHandle(1, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        bool isPlain = !handle.CanSeek && Descriptors.Waits(Descriptors.Output);
        return new WrittenFile(StandardOutputName, isPlain ? handle : Console.OpenStandardOutput());
    }

    /// <summary>What messages call it.</summary>
    public const string StandardOutputName = "standard output";
}
