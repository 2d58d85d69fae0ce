namespace Isthmus.Sources;

/// <summary>What a folder says of itself, in the first line of a file in it.</summary>
internal static class FolderNotice
{
    /// <summary>The file's name.</summary>
    public const string Name = "NOTICE.txt";

    /// <summary>So many characters are read; of these the first line counts.</summary>
    private const int CharactersMax = 4096;

    /// <summary>The notice.</summary>
    public static string Read(Stream content)
    {
        using var reader = new StreamReader(content, leaveOpen: true);
        char[] start = new char[CharactersMax];
        string line = new string(start, 0, reader.ReadBlock(start)).Split('\n')[0];
        bool isCut = line.Length == start.Length && reader.Read() is >= 0 and not '\r' and not '\n';
        return isCut ? $"{line} … [cut: the line has more than {CharactersMax} characters]" : line.TrimEnd('\r');
    }
}
