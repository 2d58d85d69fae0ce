using Isthmus.Files;

namespace Isthmus.App;

/// <summary>What is piped in.</summary>
internal static class StandardInput
{
    /// <summary>Its bytes; null where it is closed.</summary>
    public static Stream? Open() => Descriptors.IsGiven(Descriptors.Input) ? Console.OpenStandardInput() : null;

    /// <summary>Its text.</summary>
    /// <exception cref="IOException">It is closed.</exception>
    public static TextReader OpenText()
    {
        Descriptors.Require("/dev/stdin");
        return Console.In;
    }
}
