namespace Isthmus.Sources;

/// <summary>What somebody can do whose input cannot be read.</summary>
internal static class InputAdvice
{
    /// <summary>The way out that fits a reason, to stand behind it; empty where the reason has one of its own.</summary>
    public static string On(string reason)
    {
        bool Says(string what) => reason.Contains(what, StringComparison.Ordinal);
        return Says("; unpack") || Says("; fetch") || Says("; rename") || Says("; give") || Says("; write") || Says("; have") ? ""
            : Says("the server answers 404") || Says("the server answers 410") || Says("there is no host") ? "; look whether the address is right"
            : Says("the server answers 401") || Says("the server answers 403") ? "; the address needs the right to read it"
            : Says("no secure connection") ? "; fetch it by other means if the server is to be trusted, and give the file"
            : Says("the answer is no HTTP") || Says("the header of the answer") ? "; look whether the address and its port are right"
            : Says("the server ") || Says("the transfer ") || Says("connection") || Says("no answer within") ? "; try again later, or fetch it by other means and give the file"
            : Says("the most that are kept") ? "; give what is not read in parts, or as files"
            : Says("the archive") ? "; have the archive whole"
            : Says("permission denied") ? "; allow it to be read"
            : Says("no longer there") ? "" : "; give RIB or updates files";
    }
}
