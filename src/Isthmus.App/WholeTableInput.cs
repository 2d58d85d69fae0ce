using System.CommandLine;

using Isthmus.Dependence;
using Isthmus.Sources;
using Isthmus.Wire;

namespace Isthmus.App;

/// <summary>The inputs, or the store, of commands that ask the whole table of a second; open to be asked of several.</summary>
internal sealed class WholeTableInput : IDisposable
{
    /// <summary>The time that is asked about.</summary>
    public static readonly Option<Timestamp?> At = OptionText.Time("--at", "The time that is asked about; what is said of that time counts.");

    private readonly IDisposable _open;
    private readonly Func<Timestamp, Func<Prefix, bool>?, WholeTable> _ask;

    private WholeTableInput(IDisposable open, Func<Timestamp, Func<Prefix, bool>?, WholeTable> ask, string? selection) =>
        (_open, _ask, Selection) = (open, ask, selection);

    /// <summary>Whose routes alone a store keeps, in words; null where every prefix is there.</summary>
    public string? Selection { get; }

    /// <summary>Finds the inputs, or opens the store that is named.</summary>
    public static WholeTableInput Open(ParseResult parsed, CancellationToken stop)
    {
        string[] given = parsed.GetValue(SurveyOptions.Inputs) ?? [];
        if (StoreOption.Open(parsed, given) is { } stored)
        {
            Output.RefuseOver(parsed, new([], [], null));
            return new(stored, (at, counts) => WholeTable.Of(at, stored, counts),
                stored.Selection.Subjects.Count == 0 ? null : stored.Selection.ToString());
        }
        var inputs = new Inputs();
        try
        {
            var files = ArchiveOptions.Resolve(parsed, given, inputs, stop);
            Output.RefuseOver(parsed, files);
            return new(inputs, (at, counts) =>
            {
                var progress = new ReadProgress();
                using var line = new ProgressLine(progress);
                return WholeTable.Read(at, files, progress, stop, counts);
            }, null);
        }
        catch
        {
            inputs.Dispose();
            throw;
        }
    }

    /// <summary>What every peer held at a time.</summary>
    /// <param name="counts">Which prefixes are taken; null for those that count world-wide.</param>
    public WholeTable Ask(Timestamp at, Func<Prefix, bool>? counts = null) => _ask(at, counts);

    public void Dispose() => _open.Dispose();
}
