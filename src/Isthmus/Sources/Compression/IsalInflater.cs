using System.Collections.Concurrent;
using System.IO.Compression;
using System.Runtime.InteropServices;

namespace Isthmus.Sources.Compression;

/// <summary>
/// Inflates gzip members with Intel's ISA-L (<c>libisal.so.2</c>, BSD licence) where it is installed, in a fifth less time than
/// the base library. It serves sound streams; whatever is out of the ordinary it leaves to the base library.
/// </summary>
internal sealed unsafe class IsalInflater : IDisposable
{
    /// <summary>What a call came to.</summary>
    public enum Outcome
    {
        /// <summary>It takes more input, or more room.</summary>
        More,
        /// <summary>The member has ended, its checksum and length are right.</summary>
        MemberEnd,
        /// <summary>Something is not as it should be.</summary>
        Odd,
    }

    /// <summary>A set variable turns the library off, for comparison.</summary>
    private const string OffVariable = "ISTHMUS_NO_ISAL";

    // struct inflate_state of igzip_lib.h, releases 2.17 to 2.31 on 64-bit systems; a trial tells whether it still holds.
    private const int NextOut = 0, AvailOut = 8, NextIn = 16, AvailIn = 32, BlockState = 21160, CrcFlag = 21172;

    /// <summary>The state has 87,368 bytes; a later release may have more.</summary>
    private const int StateBytes = 1 << 18;

    private const int FinishState = 5, GzipFlag = 1;

    private static readonly Lazy<Functions?> _functions = new(Load);

    /// <summary>States kept for the next file: of small files the memory of a new one costs more than their bytes.</summary>
    private const int StatesKeptMax = 16;

    private static readonly ConcurrentBag<nint> _kept = [];

    private byte* _state = _kept.TryTake(out nint kept) ? (byte*)kept : (byte*)NativeMemory.AllocZeroed(StateBytes);

    private sealed record Functions(nint Init, nint Reset, nint Inflate);

    public IsalInflater() => ((delegate* unmanaged<void*, void>)Library.Init)(_state);

    ~IsalInflater() => Free();

    /// <summary>True when the library is installed, and does what it is taken for.</summary>
    public static bool IsHere => _functions.Value is not null;

    private static Functions Library => _functions.Value!;

    /// <summary>Begins with the header of the next member.</summary>
    public void StartMember()
    {
        ((delegate* unmanaged<void*, void>)Library.Reset)(_state);
        *(uint*)(_state + CrcFlag) = GzipFlag;
    }

    /// <summary>Goes on with a member until its end, or until the input or the room for output is used up.</summary>
    public Outcome Inflate(ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written) =>
        Inflate(Library, _state, input, output, out consumed, out written);

    private static Outcome Inflate(
        Functions library, byte* state, ReadOnlySpan<byte> input, Span<byte> output, out int consumed, out int written)
    {
        fixed (byte* from = input, to = output)
        {
            *(byte**)(state + NextIn) = from;
            *(uint*)(state + AvailIn) = (uint)input.Length;
            *(byte**)(state + NextOut) = to;
            *(uint*)(state + AvailOut) = (uint)output.Length;
            int result = ((delegate* unmanaged<void*, int>)library.Inflate)(state);
            long left = *(uint*)(state + AvailIn), room = *(uint*)(state + AvailOut);
            bool isOdd = result != 0 || left > input.Length || room > output.Length;
            (consumed, written) = isOdd ? (0, 0) : ((int)(input.Length - left), (int)(output.Length - room));
            return isOdd ? Outcome.Odd : *(uint*)(state + BlockState) == FinishState ? Outcome.MemberEnd : Outcome.More;
        }
    }

    private static Functions? Load()
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess || !BitConverter.IsLittleEndian) return null;
        if (Environment.GetEnvironmentVariable(OffVariable) is { Length: > 0 }) return null;
        if (!NativeLibrary.TryLoad("libisal.so.2", out nint library)
            || !NativeLibrary.TryGetExport(library, "isal_inflate_init", out nint init)
            || !NativeLibrary.TryGetExport(library, "isal_inflate_reset", out nint reset)
            || !NativeLibrary.TryGetExport(library, "isal_inflate", out nint inflate)) return null;
        Functions functions = new(init, reset, inflate);
        return PassesTrial(functions) ? functions : null;
    }

    // A member in two bites, whole and with its checksum spoilt: where the fields lie elsewhere, one of it comes out wrong.
    private static bool PassesTrial(Functions library)
    {
        byte[] plain = new byte[300], came = new byte[400];
        for (int i = 0; i < plain.Length; i++) plain[i] = (byte)(i % 7 * i % 251);
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(plain);
        byte[] member = packed.ToArray(), two = [.. member, .. member];
        byte* state = (byte*)NativeMemory.AllocZeroed(StateBytes);
        try
        {
            Start();
            var first = Inflate(library, state, two.AsSpan(0, 30), came, out int taken, out int early);
            if (first is not Outcome.More || taken != 30) return false;
            var second = Inflate(library, state, two.AsSpan(taken), came.AsSpan(early), out int more, out int late);
            if (second is not Outcome.MemberEnd || taken + more != member.Length) return false;
            if (!came.AsSpan(0, early + late).SequenceEqual(plain)) return false;
            member[^5] ^= 1;
            Start();
            return Inflate(library, state, member, came, out _, out _) is Outcome.Odd;
        }
        finally
        {
            NativeMemory.Free(state);
        }

        void Start()
        {
            ((delegate* unmanaged<void*, void>)library.Init)(state);
            *(uint*)(state + CrcFlag) = GzipFlag;
        }
    }

    public void Dispose()
    {
        Free();
        GC.SuppressFinalize(this);
    }

    private void Free()
    {
        if (_state is null) return;
        if (_kept.Count < StatesKeptMax) _kept.Add((nint)_state); else NativeMemory.Free(_state);
        _state = null;
    }
}
