using Isthmus.Wire.Bgp;

namespace Isthmus.Wire.Mrt;

/// <summary>The kinds that an event may turn out to be, before it is decoded.</summary>
[Flags]
public enum RouteEventKinds : byte
{
    /// <summary>No kind at all.</summary>
    None = 0,
    /// <summary><see cref="RouteEventKind.RibEntry"/>.</summary>
    RibEntry = 1 << RouteEventKind.RibEntry,
    /// <summary><see cref="RouteEventKind.Announcement"/>.</summary>
    Announcement = 1 << RouteEventKind.Announcement,
    /// <summary><see cref="RouteEventKind.Withdrawal"/>.</summary>
    Withdrawal = 1 << RouteEventKind.Withdrawal,
    /// <summary><see cref="RouteEventKind.PeerState"/>.</summary>
    PeerState = 1 << RouteEventKind.PeerState,

    /// <summary>Those that have a path.</summary>
    Routes = RibEntry | Announcement,

    /// <summary>Those that an UPDATE can hold (RFC 4271 section 4.3).</summary>
    OfUpdate = Announcement | Withdrawal,
}

/// <summary>What can be said of events of which not everything is known yet.</summary>
public enum Verdict : byte
{
    /// <summary>None of them is wanted, whatever the rest is.</summary>
    No,
    /// <summary>All of them are wanted, whatever the rest is.</summary>
    Yes,
    /// <summary>The rest decides.</summary>
    Unknown,
}

/// <summary>
/// Says whether events that look like this are wanted. Where not, they are passed over, without looking for what may be wrong
/// with them. Otherwise it may be asked again, with more known each time; but not where it was sure of a dump's entries.
/// </summary>
/// <param name="glimpse">What is known of them; what is not known must not speak against them. Good during the call.</param>
public delegate Verdict RouteSieve(in RouteGlimpse glimpse);

/// <summary>What is known of route events so far: little of a record by its head, everything of an event that is decoded.</summary>
public readonly ref struct RouteGlimpse
{
    /// <summary>What the events can be; one kind where that is known.</summary>
    public RouteEventKinds Kinds { get; init; }

    /// <summary>Time of the record; null where it is not known.</summary>
    public Timestamp? Time { get; init; }

    /// <summary>True when <see cref="Peer"/> is known.</summary>
    public bool HasPeer { get; init; }

    /// <summary>Who told of the events; <c>default</c> where not known.</summary>
    public MrtPeer Peer { get; init; }

    /// <summary>True when <see cref="Prefix"/> is known.</summary>
    public bool HasPrefix { get; init; }

    /// <summary>The prefix that they are of; <c>default</c> where not known.</summary>
    public Prefix Prefix { get; init; }

    /// <summary>
    /// The view that entries of a dump belong to, by the peer index table before them (RFC 6396 section 4.3.1); null where not known, and
    /// for what is of no dump.
    /// </summary>
    public string? View { get; init; }

    /// <summary>True when <see cref="Attributes"/> are known; of an UPDATE they are those of what it announces.</summary>
    public bool HasAttributes { get; init; }

    /// <summary>Their path attributes, as they stand; empty where not known.</summary>
    public PathAttributes Attributes { get; init; }

    /// <summary>True when the attributes were held against RFC 7606, so that what is wrong with them has been told.</summary>
    public bool IsChecked { get; init; }

    /// <summary>Whether something is wrong with the record; null where that is not known yet.</summary>
    public bool? HasFault { get; init; }

    /// <summary>All that there is to know of an event.</summary>
    /// <param name="routeEvent">The event.</param>
    /// <param name="reader">What gave it.</param>
    /// <param name="hasFault">Whether something is wrong with the record; as far as it was read where not given.</param>
    public static RouteGlimpse Of(in RouteEvent routeEvent, RouteEventReader reader, bool? hasFault = null) => new()
    {
        Kinds = (RouteEventKinds)(1 << (int)routeEvent.Kind),
        Time = routeEvent.Time,
        HasPeer = true,
        Peer = reader.Peers.Span[routeEvent.Peer],
        HasPrefix = routeEvent.Kind is not RouteEventKind.PeerState,
        Prefix = routeEvent.Prefix,
        View = routeEvent.Kind is RouteEventKind.RibEntry ? reader.ViewName : null,
        HasAttributes = routeEvent.Kind is RouteEventKind.RibEntry or RouteEventKind.Announcement,
        Attributes = routeEvent.Attributes,
        IsChecked = true,
        HasFault = hasFault ?? reader.Fault.Kind is not FaultKind.None and not FaultKind.Unknown,
    };
}
