using Isthmus.Wire;

namespace Isthmus.Cuts;

/// <summary>By what a cut is answered.</summary>
public enum WhatIfMode
{
    /// <summary>The paths that are seen: what they lose is the most that is lost, as networks may have others that are not seen.</summary>
    Observed,
    /// <summary>The routes that policy would make of the relationships between ASes.</summary>
    Modelled,
}

/// <summary>What is reached.</summary>
/// <param name="ReachablePeerAses">Peer ASes with a route to any prefix of the subject.</param>
/// <param name="Prefixes">Prefixes that any of them has a route to.</param>
/// <param name="Addresses">Addresses in these; null for IPv6.</param>
/// <param name="Upstreams">Mean over peer ASes with routes of the part of the prefixes by each, largest first.</param>
/// <param name="Networks">ASes of the model, outside the subject, with a route; null where none is made.</param>
public sealed record Reach(
    int ReachablePeerAses, int Prefixes, long? Addresses, IReadOnlyList<(Asn Asn, double Share)> Upstreams, int? Networks = null);

/// <summary>The model behind an answer.</summary>
/// <param name="Relationships">Where they are from, in words.</param>
/// <param name="Agreement">
/// The part of peer ASes, held out or all, whose next hop toward the origin is the one that the model says; null where none could be
/// asked.
/// </param>
/// <param name="HeldOut">How many peer ASes that is of.</param>
public sealed record Model(string Relationships, double? Agreement, int HeldOut)
{
    /// <summary>True where their own paths were left out of what judges them; false where a file says the relationships.</summary>
    public bool AreHeldOut { get; init; } = true;
}

/// <summary>A smallest set without which no way to the subject is left.</summary>
/// <param name="OfLinks">Whether it is of links.</param>
/// <param name="Ases">The networks, or of each link its two.</param>
public sealed record IsolatingCut(bool OfLinks, IReadOnlyList<(Asn Asn, Asn? Other)> Ases)
{
    /// <summary>As a user writes it: <c>as:4837</c>, <c>link:4837-131279</c>.</summary>
    public IEnumerable<string> Texts => Ases.Select(one => one.Other is { } other ? $"link:{one.Asn.Number}-{other.Number}"
        : $"as:{one.Asn.Number}");
}

/// <summary>What a cut does.</summary>
/// <param name="LeftOut">Peer ASes that are cut themselves: what they have is not asked.</param>
/// <param name="AddedHops">Mean of what routes grow by, over those that are left; null where it is not known.</param>
public sealed record WhatIfAnswer(
    SubjectRoutes Routes, IReadOnlyList<Cut> Cuts, WhatIfMode Mode, Model? Model, Reach Before, Reach After, int LeftOut, double? AddedHops,
    IReadOnlyList<IsolatingCut> MinimumCuts);
