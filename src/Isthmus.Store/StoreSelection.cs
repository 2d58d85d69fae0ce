using Isthmus.Attribution;

namespace Isthmus.Store;

/// <summary>Whose routes a store keeps.</summary>
/// <param name="Subjects">The texts of the subjects (docs/store.md); empty for every prefix.</param>
/// <param name="Rule">Which witness makes a prefix a country's.</param>
public sealed record StoreSelection(IReadOnlyList<string> Subjects, CountryRule Rule)
{
    /// <summary>The word for every prefix.</summary>
    public const string AllWord = "all";

    /// <summary>Whose routes are kept, as it is said: <c>KP and IR</c>.</summary>
    public override string ToString() => Subjects.Count == 0 ? AllWord
        : Rule is CountryRule.Origin ? Text.Wording.Join(Subjects) : $"{Text.Wording.Join(Subjects)} by {Rule.ToString().ToLowerInvariant()}";
}
