using Isthmus.Attribution;
using Isthmus.Registry;
using Isthmus.Routes;

namespace Isthmus;

/// <summary>
/// What the peers were seen to hold for one question, and how much of it was seen: all that analysis asks for. Whether files were
/// replayed, a store was asked or a feed goes on makes no difference to it.
/// </summary>
/// <param name="Spans">Who held what, of the period that the data speak of.</param>
/// <param name="Coverage">What it rests on, and what is missing.</param>
/// <param name="Registry">Who says which AS is whose, in the editions of the day that is asked about.</param>
public sealed record SeenRoutes(Question Question, IRouteSpans Spans, Coverage Coverage, RegistrySnapshot Registry)
{
    /// <summary>What every output must say before all else, in the words of the inputs; null for none.</summary>
    public string? Notice { get; init; }

    /// <summary>True for inputs that call themselves a re-enactment: they are no archive data.</summary>
    public bool IsReenactment { get; init; }

    /// <summary>True where prefixes that only other witnesses put in the country were too many to follow.</summary>
    public bool LeftDisputedOut { get; init; }

    /// <summary>True where the input goes on behind the period: what comes then is not told.</summary>
    public bool GoesOn => Coverage.Later is not null;

    /// <summary>The paths of the spans as this question judges them: whose they are, by whose word.</summary>
    public AttributedPaths JudgedPaths() => new(Spans.Paths, Question.Subject, Registry, new PathCleaning(), Question.Rule);
}
