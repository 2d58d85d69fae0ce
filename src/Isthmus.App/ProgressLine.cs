using System.Diagnostics.CodeAnalysis;
using System.Globalization;

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

    private readonly ReadProgress _progress;
    private readonly long _begun = Environment.TickCount64;
    private readonly Timer? _timer;
    private readonly Lock _writing = new();
    private int _shown;

    public ProgressLine(ReadProgress progress)
    {
        _progress = progress;
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
        if (progress.BytesDone > 0 && progress.BytesTotal > progress.BytesDone && seconds > 0)
        {
            double left = seconds / progress.BytesDone * (progress.BytesTotal - progress.BytesDone);
            parts.Add($"{(int)(left / 60)}:{(int)(left % 60):00} left");
        }
        return string.Join("  ", parts);
    }

    public void Dispose()
    {
        if (_timer is null) return;
        _timer.Dispose();
        lock (_writing)
        {
            if (_shown > 0) Console.Error.Write($"\r{new string(' ', _shown)}\r");
            _shown = -1;
        }
    }

    private void Draw()
    {
        lock (_writing)
        {
            if (_shown < 0) return;
            string text = Text(_progress, (Environment.TickCount64 - _begun) / 1000.0);
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
