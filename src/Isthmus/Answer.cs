using Isthmus.Transit;

namespace Isthmus;

/// <summary>The answer to one question: numbers and kinds, no words.</summary>
/// <param name="Seen">What it rests on.</param>
/// <param name="Bin">Width of the bins of the series.</param>
/// <param name="Transit">Who carries the subject, and what changed.</param>
public sealed record Answer(SeenRoutes Seen, TimeSpan Bin, TransitAnswer Transit);
