namespace Isthmus.Sources;

/// <summary>An input that cannot be used at all; the message is one line that says what is wrong and what to do.</summary>
public sealed class InputException : Exception
{
    public InputException() { }

    /// <summary>True where a server gave no answer, or had none for now: what else is asked of it will fare no better.</summary>
    internal bool IsOfServer { get; init; }

    public InputException(string message) : base(message) { }

    public InputException(string message, Exception innerException) : base(message, innerException) { }
}
