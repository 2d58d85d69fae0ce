using System.Runtime.InteropServices;

using Isthmus.App;

// Standard output is data, standard error is talk. Exit codes: ExitCode.cs.
Terminal.Guard();
using var interrupt = new CancellationTokenSource();
int stopped = ExitCode.Interrupted;
using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
// The terminal is gone; who started it under nohup wants it to go on all the same, which the runtime leaves as it is.
using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

try
{
    return CommandLine.Run(args, interrupt.Token);
}
catch (UsageException wrong)
{
    int code = Say(ExitCode.Usage, wrong.Message);
    if (wrong.Picture is { } picture) Console.Error.WriteLine(picture);
    return code;
}
catch (OperationCanceledException)
{
    return Say(Volatile.Read(ref stopped), "stopped");
}
catch (IOException gone) when (Output.IsBrokenPipe(gone))
{
    // Whoever read our output has enough, as head has: no failure.
    return ExitCode.Answered;
}
catch (Exception failure) when (Environment.GetEnvironmentVariable("ISTHMUS_TRACE") is null)
{
    // What the base library adds for programmers says nothing to a user.
    string message = failure is ArgumentException { ParamName: { } name }
        ? failure.Message.Replace($" (Parameter '{name}')", "", StringComparison.Ordinal) : failure.Message;
    // The system names no path where a descriptor that is closed, or open for reading, is written to.
    bool isOutput = failure is UnauthorizedAccessException && !message.Contains('\'', StringComparison.Ordinal);
    return Say(ExitCode.Failed, isOutput ? "standard output cannot be written to: it is closed, or open for reading alone" : message);
}

// What takes longer to end than this, or is asked to end twice, ends without being asked; no half of a file stays.
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (interrupt.IsCancellationRequested) EndNow();
    Volatile.Write(ref stopped, signal.Signal switch
    {
        PosixSignal.SIGTERM => ExitCode.Terminated,
        PosixSignal.SIGHUP => ExitCode.HungUp,
        _ => ExitCode.Interrupted,
    });
    interrupt.Cancel();
    _ = Task.Delay(TimeSpan.FromSeconds(10)).ContinueWith(_ => EndNow(), TaskScheduler.Default);
}

void EndNow()
{
    Output.RemoveParts();
    Environment.Exit(Volatile.Read(ref stopped));
}

static int Say(int exitCode, string message)
{
    Terminal.Say(message);
    return exitCode;
}
