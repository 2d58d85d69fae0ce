namespace Isthmus.Scenarios;

/// <summary>
/// Sets traps into a story. The truth stays what it was: each trap names the sessions whose word is worth nothing with
/// it, and <see cref="DrawnScenario"/> keeps only stories that the others tell alike.
/// </summary>
internal sealed class TrapSetting
{
    private readonly Story _story;
    private readonly PeerTraps _peers;
    private readonly FileTraps _files;
    private readonly HashSet<Session> _impaired = [];

    public TrapSetting(Story story, SeededRandom random)
    {
        _story = story;
        _peers = new(story, random.Fork("peers"), _impaired);
        _files = new(story, random.Fork("files"), _impaired);
    }

    /// <summary>What is done to files, one after the other: null stands for a file that is missing.</summary>
    public IReadOnlyList<Func<ArchiveFile, byte[]?, byte[]?>> Treatments => _files.Treatments;

    /// <summary>The sessions that still tell the truth.</summary>
    public IReadOnlyList<Session> Sound => [.. _story.Observatory.Sessions.Where(session => !_impaired.Contains(session))];

    public void Set(TrapKind kind)
    {
        switch (kind)
        {
            case TrapKind.CollectorStops: _files.Stop(); break;
            case TrapKind.FilesMissing: _files.Remove(); break;
            case TrapKind.CutFiles: _files.Cut(); break;
            case TrapKind.FlippedBits: _files.Flip(); break;
            case TrapKind.StaleDump: _files.Outdate(); break;
            case TrapKind.LackingDump: _files.Omit(); break;
            case TrapKind.WrongClock: _files.MoveClock(); break;
            case TrapKind.CollectorResets: _files.Reset(); break;
            case TrapKind.SessionResets: _peers.Reset(); break;
            case TrapKind.StuckRoutes: _peers.Stick(); break;
            case TrapKind.WildFlapper: _peers.Flap(); break;
            case TrapKind.ManySessions: _peers.Multiply(); break;
            case TrapKind.OwnLinks: _peers.LinkThemselves(); break;
            case TrapKind.Hunting: _peers.Hunt(); break;
            case TrapKind.Prepending: _peers.Prepend(); break;
            case TrapKind.PoisonedPaths: _peers.Poison(); break;
            case TrapKind.ForgedMiddle: _peers.ForgeMiddle(); break;
            case TrapKind.ForgedLastHop: _peers.ForgeLastHop(); break;
            case TrapKind.PartialFeeds: _peers.LeaveOut(); break;
            default: throw new ArgumentOutOfRangeException(nameof(kind), kind, "no such trap");
        }
    }
}
