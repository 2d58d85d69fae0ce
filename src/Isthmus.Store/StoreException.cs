namespace Isthmus.Store;

/// <summary>A store that cannot be used as asked; the message is one line that says what is wrong and what to do.</summary>
public sealed class StoreException : Exception
{
    public StoreException() { }

    public StoreException(string message) : base(message) { }

    public StoreException(string message, Exception innerException) : base(message, innerException) { }
}
