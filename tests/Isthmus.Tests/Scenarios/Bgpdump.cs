using System.Collections.Concurrent;
using System.ComponentModel;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;

using Isthmus.Tests.Sources;
using Isthmus.Tests.Support;

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

    /// <summary>
    /// The place of what <c>bgpdump -q -m</c> prints of a real file. For one file that takes two minutes, so that it is kept below
    /// <c>artifacts</c>, by the hash of the file and the version of bgpdump, for all tests and the next run.
    /// </summary>
    public static string Printed(string path)
    {
        string version = Said(new("bgpdump", ["-v"])).Split('\n').First(line => line.Contains("version", StringComparison.Ordinal));
        string key = Convert.ToHexStringLower(SHA256.HashData([.. File.ReadAllBytes(path), .. Encoding.UTF8.GetBytes(version)]));
        string kept = Path.Combine(RealData.Repository, "artifacts", "bgpdump", key);
        lock (_files.GetOrAdd(kept, _ => new()))
        {
            if (File.Exists(kept)) return kept;
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            string part = $"{kept}.{Guid.NewGuid():N}.part";
            using (var process = Start(new("bgpdump", ["-q", "-m", path]) { RedirectStandardOutput = true }))
            {
                using var file = File.Create(part);
                process.StandardOutput.BaseStream.CopyTo(file);
                process.WaitForExit();
                Assert.True(process.ExitCode < SignalExitCode, $"bgpdump was ended: {process.ExitCode}");
            }
            File.Move(part, kept, overwrite: true);
        }
        return kept;
    }

    /// <summary>Exit codes from here on are of processes that a signal ended.</summary>
    private const int SignalExitCode = 128;

    private static readonly ConcurrentDictionary<string, Lock> _files = new(StringComparer.Ordinal);

    private static string Said(ProcessStartInfo start)
    {
        start.RedirectStandardError = true;
        using var process = Start(start);
        return process.StandardError.ReadToEnd();
    }

    private static Process Start(ProcessStartInfo start)
    {
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
