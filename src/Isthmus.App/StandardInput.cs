using Isthmus.Files;

namespace Isthmus.App;

/// <summary>What is piped in.</summary>
internal static class StandardInput
{
    /// <summary>Its bytes; null where it is closed.</summary>
    public static Stream? Open() => !Descriptors.IsGiven(Descriptors.Input) ? null
        : Descriptors.Waits(Descriptors.Input) ? Console.OpenStandardInput() : new PatientInput(Console.OpenStandardInput());

    /// <summary>Its text.</summary>
    /// <exception cref="IOException">It is closed.</exception>
    public static TextReader OpenText()
    {
        Descriptors.Require("/dev/stdin");
        return Descriptors.Waits(Descriptors.Input) ? Console.In : new StreamReader(Open()!, Console.InputEncoding);
    }
}
