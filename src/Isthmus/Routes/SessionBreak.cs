using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>
/// A time at which a session was lost, or began anew, as long as a dump that is still being written may speak of the time before it.
/// </summary>
/// <param name="Before">What was known of the session right before.</param>
/// <param name="UpSince">Where it was up, since when.</param>
/// <param name="UpCause">And why.</param>
internal sealed record SessionBreak(
    Timestamp At, Cause Cause, SourcePlace Place, SessionState Before, Timestamp UpSince, Cause UpCause)
{
    /// <summary>True where a table transfer begins with it.</summary>
    public bool Begins { get; init; }

    /// <summary>True where no more than an update says that it began: a dump may show that it was up before.</summary>
    public bool IsByUpdate { get; init; }

    /// <summary>The rows of which something was known until then, and which nobody spoke of lately.</summary>
    public PrefixSet Rows { get; init; } = new();

    public void Save(StateWriter to)
    {
        to.Write(At);
        to.Write((byte)Cause);
        to.Write(Place);
        to.Write((byte)Before);
        to.Write(UpSince);
        to.Write((byte)UpCause);
        to.Write(Begins);
        to.Write(IsByUpdate);
        Rows.Save(to);
    }

    public static SessionBreak Load(StateReader from) =>
        new(from.Time(), (Cause)from.Byte(), from.Place(), (SessionState)from.Byte(), from.Time(), (Cause)from.Byte())
        {
            Begins = from.Bool(),
            IsByUpdate = from.Bool(),
            Rows = PrefixSet.Load(from),
        };
}

/// <summary>What a dump may say of one peer (methods.md, "What each peer holds").</summary>
/// <param name="IsStale">It may be written from the table of before the session was lost or began: it says nothing.</param>
/// <param name="InTransfer">The session was sending its table when it began: what it lacks proves nothing.</param>
/// <param name="Loss">The session was lost or began anew while it was written; null for no such time.</param>
internal readonly record struct DumpView(bool IsStale, bool InTransfer, SessionBreak? Loss);
