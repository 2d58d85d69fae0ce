namespace Isthmus.Scenarios;

/// <summary>How a drawn subject and its observers are made, beside what happens to them.</summary>
/// <param name="Dual">The subject has prefixes of both address families.</param>
/// <param name="Uneven">Partial feeds have all sizes, and hold some of the subject's prefixes.</param>
internal sealed record StoryShape(bool Dual, bool Uneven)
{
    public static readonly StoryShape Plain = new(false, false);

    /// <summary>
    /// The subject has blocks of several networks, ASes have countries, and what is scored beside the rest is the second tier, levels,
    /// and labels of all kinds.
    /// </summary>
    public bool Wide { get; init; }

    /// <summary>Tables every half hour, and no updates between them.</summary>
    public bool DumpsAlone { get; init; }

    /// <summary>Draws one of the hard half.</summary>
    public static StoryShape Draw(SeededRandom random) => new(random.Chance(0.4), random.Chance(0.6));
}
