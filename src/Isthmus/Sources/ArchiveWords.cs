using System.Text;

namespace Isthmus.Sources;

/// <summary>
/// The words of archives in the names of files and folders, whatever case their letters have. Read by hand, as a native program takes
/// as long to set up patterns for them as to read a megabyte; the test of this class has the patterns.
/// </summary>
internal static class ArchiveWords
{
    private const string RisWord = "rrc", RouteViewsWord = "route-views", FlatWord = "routeviews", PchWord = "route-collector.", PchHost = ".pch.net", SaoPaulo = ".saopaulo";

    /// <summary>Characters of a RIS collector's name, rrc00, of a day, 20171001, and of a day and clock, 2017-10-01-09-05.</summary>
    private const int RisLength = 5, DayLength = 8, HyphenedLength = 16;

    private static readonly string[] _ribWords = ["view", "bview", "rib", "ribs"];

    // What stands where a collector's name may stand, and is none.
    private static readonly string[] _noNames = ["rib", "updates"];
    private static readonly string[] _noFolderNames = [.. _noNames, "routeviews", "tar", "zip"];

    private static readonly HashSet<string> _sameWords = new(
        [
            "rib", "ribs", "view", "bview", "bviews", "dump", "dumps", "table", "tables", "update", "updates", "mrt", "bgp", "data", "files",
            "copy", "backup", "bak", "mirror", "archive", "part", "tar", "tgz", "zip", "gz", "bz2", "xz", "zst",
            "ripe", "net", "ris", "routeviews", "org",
        ],
        StringComparer.OrdinalIgnoreCase);

    /// <summary>The RIS collector that a file's name holds, in lower case: <c>rrc00</c>; null for none.</summary>
    public static string? Ris(string file)
    {
        for (int at = 0; Find(file, RisWord, at) is >= 0 and var found; at = found + 1)
        {
            bool isAlone = found == 0 || !char.IsAsciiLetter(file[found - 1]);
            var rest = file.AsSpan(found);
            if (isAlone && IsRis(rest) && !(rest.Length > RisLength && char.IsDigit(rest[RisLength]))) return Lower(rest[..RisLength]);
        }
        return null;
    }

    /// <summary>
    /// The RIS collector that a folder is of, by its whole name, or what stands before words that make no other of it: <c>rrc00</c>,
    /// <c>ris-rrc00</c>, <c>rrc00.ripe.net</c>, <c>rrc00.tar.gz</c>, <c>rrc00-2017</c>, <c>rrc00-copy</c>; null for none.
    /// </summary>
    public static string? RisOfFolder(string folder)
    {
        var rest = folder.AsSpan();
        if (rest is ['r' or 'R', 'i' or 'I', 's' or 'S', '-' or '_' or '.', ..]) rest = rest[4..];
        return IsRis(rest) && IsOfTheSame(rest[RisLength..]) ? Lower(rest[..RisLength]) : null;
    }

    /// <summary>
    /// What a file's name has behind <c>route-views</c> to tell the RouteViews collector: <c>2</c>, <c>.sg</c>, in lower case; null where
    /// it names none.
    /// </summary>
    public static string? RouteViews(string file)
    {
        for (int at = 0; Find(file, RouteViewsWord, at) is >= 0 and var found; at = found + 1)
        {
            var rest = file.AsSpan(found + RouteViewsWord.Length);
            bool isAlone = found == 0 || !char.IsAsciiLetter(file[found - 1]);
            if (isAlone && NameLength(rest, _noNames) is > 0 and var length) return Lower(rest[..length]);
        }
        return null;
    }

    /// <summary>The same of a folder's name, empty for <c>route-views</c> alone; null where it is no collector's.</summary>
    public static string? RouteViewsOfFolder(string folder)
    {
        if (!folder.StartsWith(RouteViewsWord, StringComparison.OrdinalIgnoreCase)) return null;
        var rest = folder.AsSpan(RouteViewsWord.Length);
        int length = NameLength(rest, _noFolderNames);
        return IsOfTheSame(rest[length..]) ? Lower(rest[..length]) : IsOfTheSame(rest) ? "" : null;
    }

    /// <summary>
    /// Of a flat copy, <c>routeviews2.updates.…</c> or <c>routeviews.jinx.rib.…</c>, the number and the name; null for others.
    /// </summary>
    public static (string Number, string Name)? FlatRouteViews(string file)
    {
        if (!file.StartsWith(FlatWord, StringComparison.OrdinalIgnoreCase)) return null;
        var rest = file.AsSpan(FlatWord.Length);
        int digits = rest is [var digit, ..] && char.IsDigit(digit) ? 1 : 0;
        if (rest[digits..] is not ['.', .. var name]) return null;
        int length = 0;
        while (length < name.Length && (char.IsAsciiLetterOrDigit(name[length]) || name[length] == '-')) length++;
        return length > 0 && length < name.Length && name[length] == '.' ? (new(rest[..digits]), new(name[..length])) : null;
    }

    /// <summary>
    /// The collector of PCH that a file's name begins with, in lower case: its host, as in
    /// <c>route-collector.ams.pch.net-mrt-bgp-updates-2007-10-15-15-05.gz</c>; null for none.
    /// </summary>
    public static string? Pch(string file)
    {
        int end = PchLength(file);
        return end > 0 && (end == file.Length || !char.IsLetterOrDigit(file[end]) && file[end] != '.') ? Lower(file.AsSpan(0, end)) : null;
    }

    /// <summary>The same of a folder's name, behind which words may stand that make no other collector of it.</summary>
    public static string? PchOfFolder(string folder)
    {
        int end = PchLength(folder);
        return end > 0 && IsOfTheSame(folder.AsSpan(end)) ? Lower(folder.AsSpan(0, end)) : null;
    }

    // `route-collector.`, letters, digits, points and hyphens, `.pch.net`; 0 for none.
    private static int PchLength(string name)
    {
        if (!name.StartsWith(PchWord, StringComparison.OrdinalIgnoreCase)) return 0;
        int at = name.Length == PchWord.Length ? -1 : name.IndexOf(PchHost, PchWord.Length + 1, StringComparison.OrdinalIgnoreCase);
        if (at < 0) return 0;
        foreach (char letter in name.AsSpan(PchWord.Length, at - PchWord.Length))
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('.' or '-')) return 0;
        return at + PchHost.Length;
    }

    /// <summary>True for the name of a dump: one of the words for it between marks, or <c>_rib</c> anywhere.</summary>
    public static bool HasRib(string file)
    {
        if (file.Contains("_rib", StringComparison.OrdinalIgnoreCase)) return true;
        for (int at = 0; at < file.Length; at++)
        {
            if (at > 0 && file[at - 1] is not ('.' or '_' or '-')) continue;
            var rest = file.AsSpan(at);
            foreach (string word in _ribWords)
                if (rest.StartsWith(word, StringComparison.OrdinalIgnoreCase)
                    && (rest.Length == word.Length || rest[word.Length] is '.' or '_')) return true;
        }
        return false;
    }

    /// <summary>
    /// Where the first day from a place on stands, of the years 1900 to 2099, with a clock of four or six digits behind a point where there
    /// is one, and how long it is: <c>20171001.0905</c>, or <c>2017-10-01-09-05</c>; null for none.
    /// </summary>
    public static (int At, int Length)? TimeFrom(string file, int from)
    {
        for (int at = from; at <= file.Length - DayLength; at++)
        {
            if (at > 0 && char.IsDigit(file[at - 1]) || file.AsSpan(at, 2) is not ("19" or "20")) continue;
            if (IsHyphened(file, at)) return (at, HyphenedLength);
            if (Digits(file, at) != DayLength) continue;
            int behind = at + DayLength;
            int clock = behind < file.Length && file[behind] == '.' ? Digits(file, behind + 1) : 0;
            return (at, DayLength + (clock is 4 or 6 ? 1 + clock : 0));
        }
        return null;
    }

    // As 2017-10-01-09-05, with no digit behind it.
    private static bool IsHyphened(string file, int at)
    {
        if (file.Length - at < HyphenedLength || file.Length - at > HyphenedLength && char.IsDigit(file[at + HyphenedLength])) return false;
        for (int i = 0; i < HyphenedLength; i++)
            if (i is 4 or 7 or 10 or 13 ? file[at + i] != '-' : !char.IsDigit(file[at + i])) return false;
        return true;
    }

    /// <summary>The name without its times.</summary>
    public static string WithoutTimes(string file)
    {
        var left = new StringBuilder();
        int from = 0;
        for (; TimeFrom(file, from) is { } time; from = time.At + time.Length) left.Append(file, from, time.At - from);
        return left.Append(file, from, file.Length - from).ToString();
    }

    private static int Find(string text, string word, int from) => text.IndexOf(word, from, StringComparison.OrdinalIgnoreCase);

    private static bool IsRis(ReadOnlySpan<char> rest) => rest.Length >= RisLength
        && rest.StartsWith(RisWord, StringComparison.OrdinalIgnoreCase) && char.IsDigit(rest[3]) && char.IsDigit(rest[4]);

    // A digit, or a point and a word; one collector's name has both, route-views2.saopaulo.
    private static int NameLength(ReadOnlySpan<char> rest, string[] noNames)
    {
        if (rest is not [var first, .. var word]) return 0;
        if (first != '.')
            return !char.IsDigit(first) ? 0 : word.StartsWith(SaoPaulo, StringComparison.OrdinalIgnoreCase) ? 1 + SaoPaulo.Length : 1;
        foreach (string other in noNames)
            if (word.StartsWith(other, StringComparison.OrdinalIgnoreCase)) return 0;
        int length = 0;
        while (length < word.Length && char.IsAsciiLetterOrDigit(word[length])) length++;
        return length == 0 ? 0 : 1 + length;
    }

    // What a folder's name may have behind a collector's: marks, numbers, and words that tell of the same collector. With any other word,
    // as in rrc00-test, it may be of another.
    private static bool IsOfTheSame(ReadOnlySpan<char> rest)
    {
        if (rest is [var first, ..] && char.IsLetterOrDigit(first)) return false;
        for (int at = 0, length; at < rest.Length; at += length + 1)
        {
            length = 0;
            while (at + length < rest.Length && char.IsLetterOrDigit(rest[at + length])) length++;
            var word = rest.Slice(at, length);
            if (!IsNumber(word) && !_sameWords.Contains(word.ToString())) return false;
        }
        return true;
    }

    private static bool IsNumber(ReadOnlySpan<char> word)
    {
        foreach (char letter in word)
            if (!char.IsDigit(letter)) return false;
        return true;
    }

    private static int Digits(string text, int at)
    {
        int count = 0;
        while (at + count < text.Length && char.IsDigit(text[at + count])) count++;
        return count;
    }

    private static string Lower(ReadOnlySpan<char> text) => text.ToString().ToLowerInvariant();
}
