using System.Diagnostics.CodeAnalysis;
using System.Globalization;

using Isthmus.Archives;
using Isthmus.Sources;

namespace Isthmus.App;

/// <summary>One line on a terminal that tells how far a long reading has come. Nothing where standard error is no terminal.</summary>
internal sealed class ProgressLine : IDisposable
{
    private const int PeriodMilliseconds = 250;

    /// <summary>Short work needs no line.</summary>
    private const int SilentSeconds = 1;

    /// <summary>Columns of a terminal that does not know its width.</summary>
    private const int WindowDefault = 80;

    // Of lines that are drawn at a time the one made last is shown.
    private static ProgressLine? _last;

    private readonly Func<double, string> _text;
    private readonly ProgressLine? _outer;
    private readonly long _begun = Environment.TickCount64;
    private readonly Timer? _timer;
    private readonly Lock _writing = new();
    private int _shown;

    public ProgressLine(ReadProgress progress) : this(seconds => Text(progress, seconds)) { }

    /// <param name="text">What the line says after so many seconds.</param>
    public ProgressLine(Func<double, string> text)
    {
        _text = text;
        _outer = Interlocked.Exchange(ref _last, this);
        _outer?.Clear();
        if (IsTerminal) _timer = new Timer(_ => Draw(), null, SilentSeconds * 1000, PeriodMilliseconds);
    }

    private static bool IsTerminal => !Console.IsErrorRedirected && Environment.GetEnvironmentVariable("TERM") is not "dumb";

    /// <summary>What the line says after so many seconds: <c>3/24 files  1.2 M records  310 k/s  12 of 48 MB  0:32 left</c>.</summary>
    [SuppressMessage("Globalization", "CA1305", Justification = "The culture is given to the handler.")]
    public static string Text(ReadProgress progress, double seconds)
    {
        var parts = new List<string> { $"{progress.FilesDone}/{progress.FilesTotal} files", $"{Short(progress.Records)} records" };
        if (seconds > 0) parts.Add($"{Short((long)(progress.Records / seconds))}/s");
        if (progress.BytesTotal > 0) parts.Add($"{Megabytes(progress.BytesDone)} of {Megabytes(progress.BytesTotal)} MB");
        if (Left(progress.BytesDone, progress.BytesTotal, seconds) is { } left) parts.Add(left);
        return string.Join("  ", parts);
    }

    /// <summary>The same of fetching: <c>3/24 files  12 of 48 MB  1.3 MB/s  0:32 left</c>; the time by what the archive lists.</summary>
    public static string Text(FetchProgress progress, double seconds)
    {
        var parts = new List<string> { $"{progress.FilesDone}/{progress.FilesTotal} files" };
        if (progress.BytesTotal > 0) parts.Add($"{Megabytes(progress.BytesDone)} of {Megabytes(progress.BytesTotal)} MB");
        if (seconds > 0) parts.Add($"{Megabytes((long)(progress.BytesFetched / seconds))} MB/s");
        if (Left(progress.BytesDone, progress.BytesTotal, seconds) is { } left) parts.Add(left);
        return string.Join("  ", parts);
    }

    [SuppressMessage("Globalization", "CA1305", Justification = "Whole numbers.")]
    private static string? Left(long done, long total, double seconds)
    {
        if (done <= 0 || total <= done || seconds <= 0) return null;
        double left = seconds / done * (total - done);
        return $"{(int)(left / 60)}:{(int)(left % 60):00} left";
    }

    public void Dispose()
    {
        Interlocked.CompareExchange(ref _last, _outer, this);
        if (_timer is null) return;
        _timer.Dispose();
        lock (_writing)
        {
            Clear();
            _shown = -1;
        }
    }

    private void Clear()
    {
        lock (_writing)
        {
            if (_shown > 0) Console.Error.Write($"\r{new string(' ', _shown)}\r");
            _shown = Math.Min(_shown, 0);
        }
    }

    private void Draw()
    {
        lock (_writing)
        {
            if (_shown < 0 || Volatile.Read(ref _last) != this) return;
            string text = _text((Environment.TickCount64 - _begun) / 1000.0);
            int window = Terminal.WindowWidth();
            int width = Math.Max(20, (window > 0 ? window : WindowDefault) - 1);
            if (text.Length > width) text = text[..width];
            Console.Error.Write($"\r{text.PadRight(Math.Min(_shown, width))}");
            _shown = text.Length;
        }
    }

    private static string Megabytes(long bytes) => (bytes / 1e6).ToString("0.#", CultureInfo.InvariantCulture);

    private static string Short(long count) => count switch
    {
        >= 1_000_000 => (count / 1e6).ToString("0.0 'M'", CultureInfo.InvariantCulture),
        >= 10_000 => (count / 1e3).ToString("0 'k'", CultureInfo.InvariantCulture),
        _ => count.ToString(CultureInfo.InvariantCulture),
    };
}
