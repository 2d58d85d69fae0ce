using System.Globalization;
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
    private static readonly int[] _ofLinux = [10, 12, 14, 16, 24, 26, 27, 29, 30, .. Enumerable.Range(35, 30)];

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
        var taken = _named.Select(signal => PosixSignalRegistration.Create(signal, take)).ToList();
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
        const string Field = "SigIgn:";
        try
        {
            string? line = File.ReadLines("/proc/self/status").FirstOrDefault(line => line.StartsWith(Field, StringComparison.Ordinal));
            return ulong.TryParse(line.AsSpan(line is null ? 0 : Field.Length), NumberStyles.HexNumber | NumberStyles.AllowLeadingWhite,
                CultureInfo.InvariantCulture, out ulong bits) ? bits : 0;
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }
}
