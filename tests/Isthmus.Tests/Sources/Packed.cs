using System.ComponentModel;
using System.Diagnostics;
using System.IO.Compression;

using ICSharpCode.SharpZipLib.BZip2;

using Isthmus.Sources.Compression;

namespace Isthmus.Tests.Sources;

/// <summary>Bytes to pack, packing by other hands, and unpacking by ours.</summary>
internal static class Packed
{
    /// <summary>What came out of a file, and what was wrong with it.</summary>
    public sealed record Unpacked(byte[] Plain, StreamFault? Fault, string Sha256);

    public static byte[] Noise(int length, int seed)
    {
        byte[] bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Bytes with runs of every length, and stretches that repeat.</summary>
    public static byte[] Runs(int length, int seed)
    {
        var random = new Random(seed);
        byte[] bytes = new byte[length];
        for (int at = 0; at < length;)
        {
            int run = Math.Min(random.Next(1, random.Next(2, 700)), length - at);
            bytes.AsSpan(at, run).Fill((byte)random.Next(0, 7));
            at += run;
        }
        return bytes;
    }

    public static byte[] Gzip(byte[] plain)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(plain);
        return packed.ToArray();
    }

    public static byte[] Bzip2(byte[] plain, int level = 1)
    {
        using var packed = new MemoryStream();
        using (var bzip2 = new BZip2OutputStream(packed, level) { IsStreamOwner = false }) bzip2.Write(plain, 0, plain.Length);
        return packed.ToArray();
    }

    public static byte[] Zstd(byte[] plain)
    {
        using var compressor = new ZstdSharp.Compressor();
        return compressor.Wrap(plain).ToArray();
    }

    /// <summary>Packs with the command <c>xz</c>: no library writes the format.</summary>
    public static byte[] Xz(byte[] plain, string options = "-0") => Run("xz", "-c " + options, plain);

    /// <summary>What a command makes of its standard input; the test is skipped where there is no such command.</summary>
    public static byte[] Run(string command, string arguments, byte[] input, bool failureExpected = false)
    {
        using var process = Start(command, arguments);
        using var output = new MemoryStream();
        var copying = process.StandardOutput.BaseStream.CopyToAsync(output);
        try
        {
            process.StandardInput.BaseStream.Write(input);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It has ended, as its exit code says.
        }
        copying.GetAwaiter().GetResult();
        string said = process.StandardError.ReadToEnd();
        process.WaitForExit();
        Assert.True(failureExpected || process.ExitCode == 0, said);
        return output.ToArray();
    }

    /// <summary>Why a test that needs a command is skipped, and what to do so that it runs.</summary>
    public static string WhatToDo(string command) =>
        $"{command} is not here: apt-get install {(command is "xz" ? "xz-utils" : command)}, or run .ci/run as root, which does";

    private static Process Start(string command, string arguments)
    {
        try
        {
            return Process.Start(new ProcessStartInfo(command, arguments)
            {
                RedirectStandardInput = true,
                RedirectStandardOutput = true,
                RedirectStandardError = true,
            })!;
        }
        catch (Win32Exception)
        {
            Assert.Skip(WhatToDo(command));
            throw;
        }
    }

    public static Unpacked Unpack(byte[] stored)
    {
        using var stream = Decompression.Open(new MemoryStream(stored), hashed: true);
        using var plain = new MemoryStream();
        stream.CopyTo(plain);
        return new(plain.ToArray(), stream.Fault, stream.Sha256);
    }
}
