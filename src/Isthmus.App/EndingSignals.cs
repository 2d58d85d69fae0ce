using System.Buffers.Text;
using System.Runtime.InteropServices;

namespace Isthmus.App;

/// <summary>
/// The signals that end a program which does not take them (POSIX signal.h), but for those that tell of a fault of the program itself,
/// as SIGSEGV and SIGABRT, for SIGPIPE, which the runtime ignores, and for SIGKILL.
/// </summary>
internal static class EndingSignals
{
    // SIGQUIT is among those that the base library has names for.
    private static readonly PosixSignal[] _named = [PosixSignal.SIGTERM, PosixSignal.SIGINT, PosixSignal.SIGHUP, PosixSignal.SIGQUIT];

    // SIGUSR1, SIGUSR2, SIGALRM, SIGSTKFLT, SIGXCPU, SIGVTALRM, SIGPROF, SIGIO, SIGPWR; the first of those for real time is the
    // runtime's.
    private static readonly int[] _ofLinux =
    [
        10, 12, 14, 16, 24, 26, 27, 29, 30,
        35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63, 64,
    ];

    // SIGALRM, SIGXCPU, SIGVTALRM, SIGPROF, SIGUSR1, SIGUSR2.
    private static readonly int[] _ofMac = [14, 24, 26, 27, 30, 31];

    /// <summary>SIGXFSZ, on both: a file has grown larger than the system allows. To write it fails then, as on a full disk.</summary>
    private const int FileTooLarge = 25;

    /// <summary>What a shell says of a program that a signal has ended: 128 and the signal's number.</summary>
    public static int ExitCodeOf(PosixSignal signal) => 128 + signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        PosixSignal.SIGQUIT => 3,
        PosixSignal.SIGTERM => 15,
        _ => (int)signal,
    };

    /// <summary>
    /// From here on such signals are told to a function, in place of ending the program. The registrations have to be kept.
    /// </summary>
    public static IReadOnlyList<PosixSignalRegistration> Take(Action<PosixSignalContext> take)
    {
        // What SIGHUP and SIGINT are ignored by, as under nohup, the runtime leaves as it is.
        var taken = new List<PosixSignalRegistration>();
        foreach (var signal in _named) taken.Add(PosixSignalRegistration.Create(signal, take));
        int[] others = OperatingSystem.IsLinux() ? _ofLinux : OperatingSystem.IsMacOS() ? _ofMac : [];
        if (others.Length == 0) return taken;
        ulong ignored = Ignored();
        foreach (int signal in others)
            if ((ignored >> signal - 1 & 1) == 0) taken.Add(PosixSignalRegistration.Create((PosixSignal)signal, take));
        taken.Add(PosixSignalRegistration.Create((PosixSignal)FileTooLarge, context => context.Cancel = true));
        return taken;
    }

    // A bit for each signal that whoever started the program has it ignore (proc(5)); none where the system does not tell.
    private static ulong Ignored()
    {
        try
        {
            // As bytes: a start is not to make a reader of text, encodings and lines for one number.
            var field = "\nSigIgn:\t"u8;
            using var file = File.OpenHandle("/proc/self/status");
            byte[] status = new byte[1 << 12];
            int length;
            while ((length = RandomAccess.Read(file, status, 0)) == status.Length) status = new byte[2 * length];
            int at = status.AsSpan(0, length).IndexOf(field);
            return at >= 0 && Utf8Parser.TryParse(status.AsSpan(at + field.Length), out ulong bits, out _, 'x') ? bits : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
