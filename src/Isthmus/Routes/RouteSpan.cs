using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// One time in which a peer held one thing for one prefix: a path, or several by ADD-PATH, or is known to have held none, or nothing is
/// known. Two spans of one peer and prefix that follow each other share the step between them.
/// </summary>
/// <param name="Peer">Index into the peers of what it was asked of.</param>
/// <param name="Began">How and when it began, by which bytes.</param>
/// <param name="Ended">How and when it ended, by which bytes; null where it had not when the data ended.</param>
/// <param name="UnknownBefore">Nothing is known of the time right before: then what it held may be older.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct RouteSpan(int Peer, Prefix Prefix, RouteStep Began, RouteStep? Ended, bool UnknownBefore)
{
    /// <inheritdoc cref="RouteStep.Path"/>
    public int Path => Began.Path;

    /// <inheritdoc cref="RouteStep.PathId"/>
    public uint PathId => Began.PathId;

    /// <summary>The first instant of it.</summary>
    public Timestamp From => Began.Time;

    /// <summary>The first instant after it; null where it lasts.</summary>
    public Timestamp? To => Ended?.Time;

    /// <summary>Nothing is known of the time right after: it may have lasted.</summary>
    public bool UnknownAfter => Ended is { Path: RouteStep.Unknown };

    /// <summary>True where some of it lies in a period, both ends included.</summary>
    public bool Touches(Timestamp from, Timestamp to) => From <= to && !(To <= from);
}
