namespace Isthmus.Sources;

/// <summary>
/// All files below a folder, in the order of their paths, links followed. Each folder is read once, so that no loop of links goes
/// on; of several names of one file the one that is no link counts.
/// </summary>
internal sealed class FolderWalk
{
    private readonly string _root;
    private readonly HashSet<FileIdentity> _folders = [];
    private readonly List<(string Path, FileIdentity Identity, bool IsLink)> _found = [];
    private readonly List<string> _passedOver = [], _unread = [];

    public FolderWalk(string root)
    {
        _root = root;
        // Links to folders come after all that is reached without them: a folder keeps the name that is its own.
        var links = new Queue<string>();
        Walk(root, links);
        while (links.TryDequeue(out string? link)) Walk(link, links);
        var owned = _found.Where(file => !file.IsLink).Select(file => file.Identity).ToHashSet();
        Files = [.. _found.Where(file => !file.IsLink || !owned.Contains(file.Identity)).Select(file => file.Path)
            .Order(StringComparer.Ordinal)];
    }

    public IReadOnlyList<string> Files { get; }

    /// <summary>What is no file, with the reason, one line each.</summary>
    public IReadOnlyList<string> PassedOver => _passedOver;

    /// <summary>What could not be looked into, with the reason, one line each.</summary>
    public IReadOnlyList<string> Unread => _unread;

    private void Walk(string start, Queue<string> links)
    {
        var folders = new Stack<string>([start]);
        while (folders.TryPop(out string? folder))
        {
            if (FileIdentity.Of(folder) is not { } identity) _unread.Add($"{Name(folder)} cannot be read: it is no longer there");
            else if (_folders.Add(identity)) Read(folder, folders, links);
            else _passedOver.Add($"{Name(folder)} leads to a folder that is read under another name");
        }
    }

    private void Read(string folder, Stack<string> folders, Queue<string> links)
    {
        try
        {
            foreach (var entry in new DirectoryInfo(folder).EnumerateFileSystemInfos())
            {
                bool isLink = entry.Attributes.HasFlag(FileAttributes.ReparsePoint);
                string path = Path.Combine(folder, entry.Name);
                switch (FileIdentity.Of(path))
                {
                    case null:
                        // Such bytes become this character, which leads to no file.
                        string why = entry.Name.Contains('\uFFFD', StringComparison.Ordinal) ? "its name is no UTF-8; rename it"
                            : isLink ? "the link leads nowhere" : "it is no longer there";
                        _unread.Add($"{Name(path)} cannot be read: {why}");
                        break;
                    case { Nature: FileNature.Folder }:
                        if (isLink) links.Enqueue(path); else folders.Push(path);
                        break;
                    case { Nature: FileNature.File } identity:
                        _found.Add((path, identity, isLink));
                        break;
                    case { Nature: var nature }:
                        _passedOver.Add(NoFile(Name(path), nature));
                        break;
                }
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            _unread.Add($"{Name(folder)} cannot be read: {Inputs.WhyNot(failure)}");
        }
    }

    /// <summary>What is said of a pipe or device that nobody has named.</summary>
    public static string NoFile(string name, FileNature nature) =>
        $"{name} is a {nature.ToString().ToLowerInvariant()} and no file; name it as INPUT to read it";

    private string Name(string path) => path == _root ? path : Path.GetRelativePath(_root, path).Replace('\\', '/');
}
