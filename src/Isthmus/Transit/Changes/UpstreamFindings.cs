using Isthmus.Transit.Timelines;
using Isthmus.Wire;

namespace Isthmus.Transit.Changes;

/// <summary>
/// Finds on one prefix when a carrier came, went and came back (methods.md, "Changes"): an upstream, the
/// upstream of an upstream, or a gateway. What an outage, an unstable time or a new prefix explains is left to it.
/// </summary>
/// <param name="explained">Stretches of time in which other changes explain what comes and goes.</param>
/// <param name="birth">When the prefix was new; null for one that was there before.</param>
internal sealed class UpstreamFindings(Levels levels, Facet facet, IReadOnlyList<Disturbance> explained, Timestamp? birth)
{
    /// <summary>It has come when enough peer ASes use it for so long.</summary>
    private static readonly TimeSpan ConfirmedAfter = TimeSpan.FromSeconds(300);

    /// <summary>The part of the peer ASes, or the number of them, that makes it more than a blip.</summary>
    private const double ShareMin = 0.05;

    /// <inheritdoc cref="ShareMin"/>
    private const int PeerAsesEnough = 10;

    /// <summary>Of the second tier, where every peer AS goes its own ways, this part of them.</summary>
    private const double SecondShareMin = 0.2;

    /// <summary>A peer AS belongs to a change when it changed this long before, or after, enough others had.</summary>
    public static readonly TimeSpan Before = TimeSpan.FromSeconds(600), After = TimeSpan.FromSeconds(900);

    /// <summary>An outage ends by degrees; an upstream that is back this long after it came back with it.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(300);

    /// <summary>Who carried no more than this before was not there: routes may be stuck.</summary>
    private const double StuckShare = 0.03;

    private PrefixCourse Course => levels.Course;

    /// <summary>The findings of every carrier that enough peer ASes came to or left.</summary>
    public IEnumerable<Finding> Find() => Course.Moving(facet).SelectMany(Find);

    private IEnumerable<Finding> Find(long key)
    {
        Stay[] stays = [.. Bridged(Presences.Stays(Course, facet, key))];
        bool known = false;
        Timestamp? last = null;
        foreach (var presence in Presences.Of(stays, levels.Watching, Presences.AwayMin, IsExplained))
        {
            // What begins and ends within an unstable time is a part of it.
            if (IsExplained(presence.From, presence.To)) continue;
            bool counts = IsConfirmed(presence);
            if (counts && Came(key, stays, presence, known ? last : null) is { } came && IsNews(key, came.Turns[0].Time))
                yield return Of(known ? ChangeKind.UpstreamReturned : ChangeKind.UpstreamAppeared, key, came.Turns) with
                {
                    UsersBefore = came.Before,
                    Known = came.Known,
                };
            // What was there from the start, or came with its prefix, is known without being news.
            known |= counts;
            last = presence.To;
            if (!counts || presence.IsOpen || levels.End - presence.To < Presences.AwayMin) continue;
            var (went, date) = Went(presence);
            // Of enough that used it the last to leave may be few, but not as few as may be stuck.
            bool isLeft = went.Count >= Presences.Threshold(levels.Watching)
                || date is not null && went.Count > Presences.Zombies(levels.Watching);
            if (isLeft && IsVisible(key, went) && !IsLower(went[0].Time))
                yield return Of(ChangeKind.UpstreamVanished, key, went) with { Date = date };
        }
    }

    // Who comes back to it after an outage has not moved: that others do so later makes no return of theirs.
    private IEnumerable<Stay> Bridged(IEnumerable<Stay> stays)
    {
        Stay? open = null;
        foreach (var stay in stays)
        {
            if (open is not null && open.PeerAs == stay.PeerAs && IsExplained(open.To, stay.From))
            {
                open = open with { To = stay.To, ToKnown = stay.ToKnown, IsOpen = stay.IsOpen, End = stay.End };
                continue;
            }
            if (open is not null) yield return open;
            open = stay;
        }
        if (open is not null) yield return open;
    }

    private Finding Of(ChangeKind kind, long key, IReadOnlyList<Turn> turns)
    {
        var asn = Key.AsnOf(key);
        var matter = facet switch
        {
            Facet.SecondUpstream => new Matter(kind, 2, asn, null, Above: Key.Lower(key)),
            Facet.Gateway => new Matter(ChangeKind.GatewayAppeared, 1, null, null, Gateway: asn),
            _ => new Matter(kind, 1, asn, null),
        };
        (double, double)? share = facet is Facet.Upstream ? null : (
            Levels.ShareAt(Course, facet, held => held == key, turns.Min(turn => turn.Time) - TimeSpan.FromMicroseconds(1)),
            Levels.ShareAt(Course, facet, held => held == key, turns.Max(turn => turn.Time)));
        return new(matter, Course.Prefix, turns, levels.Watching, null, share);
    }

    private bool IsConfirmed(Presence presence) => presence.To - presence.From >= ConfirmedAfter
        && (facet is Facet.SecondUpstream ? presence.PeerAsesMax >= SecondShareMin * levels.Watching
            : presence.PeerAsesMax >= PeerAsesEnough || presence.PeerAsesMax >= ShareMin * levels.Watching);

    // Who came with it, one after another; null where it is not known to have come: too few are known to have been without it
    // before, or more used it already than may be stuck. Where these came within the data, they are its beginning.
    // Of a return it is known when it ended before.
    private (List<Turn> Turns, Asn[] Before, int Known)? Came(
        long key, IReadOnlyList<Stay> stays, Presence presence, Timestamp? ended)
    {
        (List<Turn> Turns, Asn[] Before, int Known)? found = null;
        for (var from = presence.From - Before; ;)
        {
            Stay[] came = [.. Onset.Of(stays
                .Where(stay => stay.From >= from && stay.From <= presence.From + After && IsLasting(stay))
                // Who came and went within an unstable time came to nothing, however often.
                .Where(stay => stay.IsOpen || !IsExplained(stay.From, stay.To))
                .GroupBy(stay => stay.PeerAs).Select(ofPeerAs => ofPeerAs.MinBy(stay => stay.From)!)
                .Where(stay => stay.FromKnown), levels.Watching)];
            var first = came.Length > 0 ? came[0].From : presence.From;
            Stay[] already = [.. stays.Where(stay => IsUseBefore(stay, first))];
            Asn[] shown = [.. Course.ShownUsing(facet, key, first - Onset.GapMax)];
            Asn[] before = [.. already.Select(stay => stay.PeerAs).Concat(shown).Distinct()];
            int known = KnownAt(first - TimeSpan.FromMicroseconds(1)), enough = Presences.Threshold(levels.Watching);
            var begun = already.Where(stay => stay.FromKnown && !(stay.From <= ended)).Select(stay => stay.From).DefaultIfEmpty(from).Min();
            if (came.Length >= enough && before.Length <= (ended is null ? Presences.UsersBeforeMax(known) : Presences.Zombies(known)))
            {
                found = ([.. Extended(came, presence).Select(
                    stay => new Turn(stay.PeerAs, stay.From, Course.Sessions[stay.Begin.Session], stay.Begin.Step))], before, known);
                // Of those that come one after another the first is the beginning.
                if (first - begun > RollOut.PauseMin || Onset.IsWave(came.AsSpan(0, enough))) return found;
            }
            if (begun >= from) return found;
            from = begun;
        }
    }

    // Those that came, and those that followed them one after another while it was there.
    private IEnumerable<Stay> Extended(Stay[] came, Presence presence)
    {
        if (facet is not Facet.Upstream) return came;
        var known = came.Select(stay => stay.PeerAs).ToHashSet();
        Stay[] all = [.. came, .. presence.Stays
            .Where(stay => stay.From > presence.From + After && IsLasting(stay))
            .GroupBy(stay => stay.PeerAs).Select(ofPeerAs => ofPeerAs.MinBy(stay => stay.From)!)
            .Where(stay => stay.FromKnown && !known.Contains(stay.PeerAs)).OrderBy(stay => stay.From).ThenBy(stay => stay.PeerAs)];
        return all.Take(RollOut.Length([.. all.Select(stay => stay.From)], came.Length));
    }

    private static bool IsLasting(Stay stay) => stay.IsOpen || stay.To - stay.From >= Presences.Lasting;

    // In use until a time that is too short before for it to have been gone, by one that did not come with the others. What is
    // held when the first is known of a session is held before, as long as nobody knows how long.
    private bool IsUseBefore(Stay stay, Timestamp first)
    {
        if (stay.To <= first - Presences.AwayMin || stay.From >= first || stay.FromKnown && !IsLasting(stay)) return false;
        return stay.From < first - Onset.GapMax || !stay.FromKnown && IsFirstKnown(stay);
    }

    private bool IsFirstKnown(Stay stay) =>
        Course.Runs(facet)[stay.Begin.Session].First(run => run.Key != Key.Unknown).Step == stay.Begin.Step;

    private int KnownAt(Timestamp time) => Course.PeerAses.Count(peerAs => Array.Exists(
        peerAs.Sessions, session => Levels.KeyAt(Course.Runs(facet)[session], time) != Key.Unknown));

    // Those who left when it ended, and those who had left one after another before. Where others ended it, to whom another origin came
    // or whose session was lost, nobody's leaving did. The date is given where it is not the median of all. In the second tier, where
    // every peer AS goes its own ways, those around the median of all who left.
    private (List<Turn> Turns, Timestamp? Date) Went(Presence presence)
    {
        bool EndsIt(Stay stay) => (stay.To - presence.To).Duration() <= After;
        int enough = Presences.Threshold(levels.Watching);
        // Who came to it for seconds only, in hunting for a path, or within an unstable time, does not leave it.
        var users = presence.Stays.Where(stay => IsLasting(stay) && !IsExplained(stay.From, stay.To))
            .Select(stay => stay.PeerAs).ToHashSet();
        Stay[] last = [.. presence.Stays.Where(stay => !stay.IsOpen && stay.ToKnown && stay.To <= presence.To + After)
            .Where(stay => users.Contains(stay.PeerAs))
            .GroupBy(stay => stay.PeerAs).Select(stays => stays.MaxBy(stay => stay.To)!)
            .OrderByDescending(stay => stay.To).ThenByDescending(stay => stay.PeerAs)];
        if (last.Length == 0) return ([], null);
        int ending = last.Count(EndsIt), leaving = facet is not Facet.Upstream ? ending
            : RollOut.Length([.. last.Select(stay => stay.To)], Math.Max(1, ending));
        var taken = presence.Stays.Where(stay => !stay.ToKnown && EndsIt(stay)).DistinctBy(stay => stay.PeerAs);
        // Of as many as are seen to leave in the end nobody knows what became.
        if (ending < enough && taken.Count() >= Math.Max(1, ending)) return ([], null);
        if (facet is not Facet.Upstream && leaving < enough)
        {
            var middle = Finding.MedianOf([.. last.Select(stay => stay.To)]);
            return (TurnsOf(last.Where(stay => (stay.To - middle).Duration() <= After)), null);
        }
        Timestamp[] times = [.. last.Take(ending).Select(stay => stay.To)];
        // Where half of them take longer than hunting does, they leave one after another.
        bool isDrawnOut = ending > 0 && times[ending / 4] - times[(3 * ending - 1) / 4] > HuntingMax;
        // Those whose sessions are lost later than enough have left tell nothing of when it went: it is gone when no more of those that
        // are seen to leave use it than may be stuck.
        var end = ending >= enough && taken.Any(stay => stay.To >= presence.To)
            ? last[Math.Min(Presences.Zombies(levels.Watching), last.Length - 1)].To : presence.To;
        bool isQuick = ending > 0 && !isDrawnOut && 2 * ending >= leaving && (ending >= enough || taken.Any())
            && (end - Finding.MedianOf(times) <= HuntingMax || IsOneClock(last[..ending], Finding.MedianOf(times)));
        // The last few tell that it went where most that used it are seen to have left, and not where another origin's route came to these.
        if (ending < enough && 2 * last.Length < users.Count) return ([], null);
        if (AfterWave(last[..leaving], enough) is { } wave) return (TurnsOf(wave), null);
        if (isQuick) return (TurnsOf(last.Take(leaving)), leaving > ending ? Finding.MedianOf(times) : null);
        // The few that are left over leave as the others did, one after another.
        Stay[] later = [.. presence.Stays
            .Where(stay => !stay.IsOpen && stay.ToKnown && stay.To > presence.To + After && users.Contains(stay.PeerAs))
            .GroupBy(stay => stay.PeerAs).Select(stays => stays.MaxBy(stay => stay.To)!)
            .OrderBy(stay => stay.To).ThenBy(stay => stay.PeerAs)];
        Stay[] all = [.. last.Take(leaving).Reverse(), .. later], whole = [.. last.Reverse(), .. later];
        // Where the pace is slow the last ones alone do not show it; from the first that left on it is one, or not.
        if (leaving < enough && whole.Length >= enough
            && RollOut.Length([.. whole.Select(stay => stay.To)], enough) == whole.Length) (all, leaving) = (whole, whole.Length);
        Stay[] gone = all[..RollOut.Length([.. all.Select(stay => stay.To)], leaving)];
        return (TurnsOf(gone), gone[^1].To > presence.To ? gone[^1].To : presence.To);

        List<Turn> TurnsOf(IEnumerable<Stay> stays) => [.. stays.OrderBy(stay => stay.To).ThenBy(stay => stay.PeerAs)
            .Select(stay => new Turn(stay.PeerAs, stay.To, Course.Sessions[stay.End.Session], stay.End.Step))];
    }

    // Those that left at once, without as few as may be stuck that kept it longer (the last first); null where nobody did so.
    private Stay[]? AfterWave(Stay[] leaving, int enough)
    {
        for (int late = Math.Min(enough - 1, Presences.Zombies(levels.Watching)); late > 0; late--)
        {
            if (leaving.Length - late < enough || leaving[late - 1].To - leaving[late].To <= Onset.GapMax) continue;
            var wave = leaving[late..];
            if (wave[0].To - wave[^1].To <= HuntingMax) return wave;
        }
        return null;
    }

    // All that left after the others are a collector's, and none of its peers left with them: its clock may be wrong.
    private bool IsOneClock(Stay[] leaving, Timestamp median)
    {
        var late = leaving.ToLookup(stay => stay.To - median > HuntingMax, stay => Course.PeerOf(stay.End.Session).Collector);
        return 2 * late[true].Count() < leaving.Length && late[true].Distinct().Count() == 1 && !late[false].Contains(late[true].First());
    }

    /// <summary>
    /// Paths are hunted for no longer after half of them have left: then the median tells when it went. Of those that leave one after
    /// another no single one does: it is gone with the last of them, and when no more use it than may be stuck.
    /// </summary>
    private static readonly TimeSpan HuntingMax = TimeSpan.FromSeconds(60);

    private bool IsExplained(Timestamp from, Timestamp to) => explained.Any(disturbance =>
        from >= disturbance.From - Recovery && to <= disturbance.To + Recovery);

    // Where the prefix was away just before, what it is held against is who carried it when it was there for the last time.
    private bool IsNews(long key, Timestamp time)
    {
        if (IsLower(time) || time - birth <= After) return false;
        // At the start of the data nothing is usual yet: there what follows tells.
        double usual = levels.UsualAt(time) is > 0 and var known ? known : levels.BestBetween(time, time + After);
        if (levels.BestBetween(time - After, time) >= Disturbances.DownBelow * usual) return true;
        return facet is not Facet.SecondUpstream && usual > 0 && levels.LastUp(time - After, usual) is { } there
            && Levels.ShareAt(Course, facet, held => held == key, there) <= StuckShare;
    }

    // What changes in the second tier while the first does is the first's doing.
    private bool IsLower(Timestamp time) => facet is Facet.SecondUpstream && IsExplained(time, time);

    // The loss of one upstream on the way down to an outage that lasts is a part of that; of one that ends it is a loss where
    // others carry the prefix when it is back.
    private bool IsVisible(long key, List<Turn> went)
    {
        // Who left it long before is not who went with the outage: that is told by the middle one.
        var middle = went[went.Count / 2].Time;
        if (explained.Any(disturbance => middle >= disturbance.From - After && (disturbance.IsOpen
            || facet is not Facet.SecondUpstream && middle <= disturbance.To && !AreBack(went, disturbance.To + After)))) return false;
        double least = Disturbances.DownBelow * levels.UsualAt(went[0].Time);
        if (levels.BestBetween(went[^1].Time, went[^1].Time + After) >= least) return true;
        return facet is not Facet.SecondUpstream && explained.Any(disturbance =>
            went[0].Time >= disturbance.From - After && went[^1].Time <= disturbance.To && levels.End - disturbance.To >= Presences.AwayMin
            && levels.BestBetween(disturbance.To, disturbance.To + After) >= least
            && Levels.ShareAt(Course, facet, held => held == key, disturbance.To + After) <= StuckShare);
    }

    // Those that have not come back after an outage have lost the prefix, and not the carrier; of whom nothing is known may be back at it.
    private bool AreBack(List<Turn> went, Timestamp time)
    {
        var left = went.Select(turn => turn.PeerAs).ToHashSet();
        int back = Course.PeerAses.Count(peerAs => left.Contains(peerAs.Asn) && Array.Exists(
            peerAs.Sessions, session => Key.IsHeld(Levels.KeyAt(Course.Runs(Facet.Upstream)[session], time))));
        return 2 * back >= left.Count;
    }
}
