using System.ComponentModel;
using System.Diagnostics;

namespace Isthmus.Tests.Scenarios;

/// <summary>The independent reader (Debian package bgpdump) that judges what the writers write.</summary>
internal static class Bgpdump
{
    /// <summary>The lines of <c>bgpdump -m</c>; fails on anything that it says on standard error.</summary>
    public static async Task<string[]> Lines(byte[] file)
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        await File.WriteAllBytesAsync(path, file);
        try
        {
            var start = new ProcessStartInfo("bgpdump") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add("-q");
            start.ArgumentList.Add("-m");
            start.ArgumentList.Add(path);
            using var process = Start(start);
            var complaints = process.StandardError.ReadToEndAsync();
            string output = await process.StandardOutput.ReadToEndAsync();
            await process.WaitForExitAsync();
            Assert.Equal("", await complaints);
            return output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip("bgpdump is not installed");
            throw;
        }
    }
}
