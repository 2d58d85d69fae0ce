using System.ComponentModel;
using System.Diagnostics;

using Isthmus.Tests.Sources;

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

    /// <summary>Starts <c>bgpdump -q -m</c> on a file; its standard output is to be read.</summary>
    public static Process Printing(string path) => Start(new("bgpdump", ["-q", "-m", path]) { RedirectStandardOutput = true });

    /// <summary>All that <c>bgpdump -q -m</c> prints of a file.</summary>
    public static byte[] Printed(string path)
    {
        using var process = Printing(path);
        using var printed = new MemoryStream();
        process.StandardOutput.BaseStream.CopyTo(printed);
        return printed.ToArray();
    }

    private static Process Start(ProcessStartInfo start)
    {
        // It takes megabytes for each record of a table and gives them back; without that it is nine times as fast.
        start.Environment["MALLOC_TOP_PAD_"] = "67108864";
        start.Environment["MALLOC_TRIM_THRESHOLD_"] = "2000000000";
        start.Environment["MALLOC_MMAP_THRESHOLD_"] = "1000000000";
        try
        {
            return Process.Start(start)!;
        }
        catch (Win32Exception)
        {
            Assert.Skip(Packed.WhatToDo("bgpdump"));
            throw;
        }
    }
}
