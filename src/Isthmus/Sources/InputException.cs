namespace Isthmus.Sources;

/// <summary>An input that cannot be used at all; the message is one line that says what is wrong and what to do.</summary>
public sealed class InputException : Exception
{
    public InputException() { }

    public InputException(string message) : base(message) { }

    public InputException(string message, Exception innerException) : base(message, innerException) { }
}
