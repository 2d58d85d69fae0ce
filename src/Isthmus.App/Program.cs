using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

using Isthmus.App;
using Isthmus.Sources;
using Isthmus.Text;

/// <summary>Where the program begins and ends.</summary>
internal static class Program
{
    // In a method of its own: to make ready what it names takes files, of which as many as are allowed may be open.
    private static int Main(string[] args) => DescriptorLimit.SaysTooFew() ? ExitCode.Failed : Run(args);

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static int Run(string[] args)
    {
        // Standard output is data, standard error is talk. Exit codes: ExitCode.cs.
        Terminal.Guard(args);
        using var interrupt = new CancellationTokenSource();
        int stopped = ExitCode.Interrupted;
        var signals = EndingSignals.Take(Stop);
        AppDomain.CurrentDomain.UnhandledException += (_, _) => RemoveAll();

        try
        {
            return CommandLine.Run(args, interrupt.Token);
        }
        catch (UsageException wrong)
        {
            int code = Say(ExitCode.Usage, wrong.Message);
            // The place in a text that is not shown as it is given is no longer the place.
            if (wrong.Picture is { } picture && picture.Split('\n').All(line => Terminal.Line(line) == Wording.Printable(line)))
                Console.Error.WriteLine(picture);
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
            return Say(ExitCode.Failed, isOutput ? Output.ClosedText : message);
        }
        finally
        {
            GC.KeepAlive(signals);
        }

        // What takes longer to end than this, or is asked to end twice, ends without being asked; no half of a file stays.
        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            if (interrupt.IsCancellationRequested) EndNow();
            Volatile.Write(ref stopped, EndingSignals.ExitCodeOf(signal.Signal));
            interrupt.Cancel();
            _ = Task.Delay(TimeSpan.FromSeconds(10)).ContinueWith(_ => EndNow(), TaskScheduler.Default);
        }

        void EndNow()
        {
            RemoveAll();
            Environment.Exit(Volatile.Read(ref stopped));
        }

        static void RemoveAll()
        {
            Output.RemoveParts();
            Inputs.RemoveKept();
        }

        static int Say(int exitCode, string message)
        {
            Terminal.Say(message);
            return exitCode;
        }
    }
}
