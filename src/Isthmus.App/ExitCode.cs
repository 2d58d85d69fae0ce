namespace Isthmus.App;

/// <summary>What the program's exit says to a script.</summary>
internal static class ExitCode
{
    public const int Answered = 0;

    /// <summary>The environment failed: a file that is not there, a full disk.</summary>
    public const int Failed = 1;

    /// <summary>The command line makes no sense.</summary>
    public const int Usage = 2;

    /// <summary>Answered, from incomplete or damaged data: the answer says what is missing.</summary>
    public const int Incomplete = 3;

    /// <summary>Ctrl-C, as shells count it: 128 and the number of the signal.</summary>
    public const int Interrupted = 130;
}

/// <summary>The command line makes no sense; the message says what is wrong and what to do, in one line.</summary>
/// <param name="picture">Lines that show the place, below the message.</param>
internal sealed class UsageException(string message, string? picture = null) : Exception(message)
{
    public string? Picture => picture;
}
