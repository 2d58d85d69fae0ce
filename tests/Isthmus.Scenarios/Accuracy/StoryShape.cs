namespace Isthmus.Scenarios;

/// <summary>How a drawn subject and its observers are made, beside what happens to them.</summary>
/// <param name="Dual">The subject has prefixes of both address families.</param>
/// <param name="Uneven">Partial feeds have all sizes, and hold some of the subject's prefixes.</param>
internal sealed record StoryShape(bool Dual, bool Uneven)
{
    public static readonly StoryShape Plain = new(false, false);

    /// <summary>Draws one of the hard half.</summary>
    public static StoryShape Draw(SeededRandom random) => new(random.Chance(0.4), random.Chance(0.6));
}
