namespace Isthmus.Relationships;

/// <summary>Which ASes are counted as the customers of an AS, direct or not (docs/methods.md, "Relationships").</summary>
public enum ConeKind
{
    /// <summary>All that are reached by going from provider to customer: one wrong link moves thousands.</summary>
    Recursive,
    /// <summary>Those that a path shows below it, from provider to customer all the way.</summary>
    Observed,
    /// <summary>Those whose routes its providers or peers are seen to have of it: AS Rank's.</summary>
    SeenFromAbove,
}
