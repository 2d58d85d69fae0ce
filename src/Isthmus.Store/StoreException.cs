namespace Isthmus.Store;

/// <summary>A store that cannot be used as asked; the message is one line that says what is wrong and what to do.</summary>
public class StoreException : Exception
{
    public StoreException() { }

    public StoreException(string message) : base(message) { }

    public StoreException(string message, Exception innerException) : base(message, innerException) { }
}

/// <summary>What a ClickHouse server refuses.</summary>
internal sealed class ClickHouseRefusal : StoreException
{
    public ClickHouseRefusal(string message, int code) : base(message) => Code = code;

    public ClickHouseRefusal() { }

    public ClickHouseRefusal(string message) : base(message) { }

    public ClickHouseRefusal(string message, Exception innerException) : base(message, innerException) { }

    /// <summary>The server's number of the fault; 0 where it says none.</summary>
    public int Code { get; }
}
