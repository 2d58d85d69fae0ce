using Isthmus.Reports;
using Isthmus.Text;
using Isthmus.Wire;

namespace Isthmus.Claims;

/// <summary>
/// Holds "carries one of the four prefixes" against what was held: a state and no change, of a time, of a stretch, or of the end. How many
/// prefixes there are is counted at the same time as how many are carried.
/// </summary>
internal sealed class PartJudge(Report report, Held held)
{
    private readonly Courses _courses = new(report);

    /// <summary>Prefixes that are followed one by one.</summary>
    private const int PrefixesMax = 64;

    // Of one moment: the prefixes of which routes are held, those surely carried, and those that may be.
    private readonly record struct Parts(Timestamp Time, int All, Prefix[] Sure, Prefix[] Perhaps);

    public JudgedClaim Of(Claim claim)
    {
        var (who, number) = (claim.Who!, claim.Number!);
        if (held.Prefixes.Take(PrefixesMax + 1).Count() > PrefixesMax) return new(claim, Mark.NotDecidable, "There are too many prefixes to follow each.", null, []);
        bool inAddresses = claim.Unit is ClaimUnit.Addresses;
        bool reachesEnd = claim.Until is null && (claim.Time is not { } stated || stated.To > report.To);
        double CountOf(Prefix[] prefixes) => inAddresses ? Addresses(prefixes) : prefixes.Length;
        if (claim is { Time.IsInstant: true, Until: null } or { Time: null, AtEnd: true })
        {
            var (from, to) = claim.Time is { } time ? (time.Start, time.To) : (report.To, report.To);
            Parts[] then = [.. PartsOver(who, from, to)];
            string Words(Parts at) => $"At {Wording.Moment(at.Time)} UTC {who.Text} carried {at.Sure.Length} of {at.All}"
                + (at.Sure.Length == 0 ? "" : $" ({string.Join(", ", at.Sure.Take(8))})");
            foreach (var at in then)
                if (at.Sure.Length == at.Perhaps.Length && number.Holds(CountOf(at.Sure)) && IsWhole(claim, at.All))
                    return new(claim, Mark.Confirmed, $"{Words(at)}.", null, []);
            var nearest = then.MinBy(at => number.DistanceTo(CountOf(at.Sure)));
            bool isOpen = then.Any(at => at.Sure.Length != at.Perhaps.Length
                && number.Low <= CountOf(at.Perhaps) && number.High >= CountOf(at.Sure));
            if (isOpen) return new(claim, Mark.NotDecidable,
                $"{Words(nearest)}; of {Wording.Count(nearest.Perhaps.Length - nearest.Sure.Length)} more it is not known.", null, []);
            // Of the prefixes that it had in these data some may be gone: of which the text speaks is not said.
            return claim.Of > 0 && number.Holds(CountOf(nearest.Sure)) && claim.Of == held.Prefixes.Count()
                ? new(claim, Mark.NotDecidable, $"{Words(nearest)}; {claim.Of} were seen in the data.", null, [])
                : new(claim, Mark.Contradicted, $"{Words(nearest)}.", $"{nearest.Sure.Length} of {nearest.All}", []);
        }
        var end = PartsOver(who, report.To, report.To).First();
        string atEnd = $"{end.Sure.Length} of {end.All} at the end ({(end.Sure.Length == 0 ? "none" : string.Join(", ", end.Sure))})";
        bool isEndKnown = end.Sure.Length == end.Perhaps.Length;
        if (reachesEnd && isEndKnown && number.Holds(CountOf(end.Sure)) && IsWhole(claim, end.All))
            return new(claim, Mark.Confirmed, $"It carries {atEnd}.", null, []);
        Stretch[] stretches = inAddresses ? []
            : claim.Time is { } start ? [.. _courses.Prefixes(who, start.From, (claim.Until ?? start).To)]
            : [.. _courses.Prefixes(who, report.From, report.To)];
        int AllAt(Timestamp time) => PartsOver(who, time, time).First().All;
        string Of(Stretch stretch) => $"{Wording.Count((int)stretch.Value)} of {AllAt(stretch.From)} from {Wording.Moment(stretch.From)} to "
            + $"{Wording.Moment(stretch.To)} UTC";
        if (claim.Until is not null && stretches.FirstOrDefault(stretch => !number.Holds(stretch.Value)) is { To.Microseconds: > 0 } other
            && other.To - other.From >= report.Bin + report.Bin + report.Bin)
            return new(claim, Mark.Contradicted, $"It carried {Of(other)}.", Of(other), []);
        if (stretches.FirstOrDefault(stretch => number.Holds(stretch.Value) && IsWhole(claim, AllAt(stretch.From)))
            is { To.Microseconds: > 0 } fit)
            return new(claim, Mark.Confirmed, $"It carried {Of(fit)}.", null, []);
        if (reachesEnd && !isEndKnown) return new(claim, Mark.NotDecidable, $"It is seen to carry {atEnd}; of "
            + $"{Wording.Count(end.Perhaps.Length - end.Sure.Length)} more it is not known.", null, []);
        string closest = stretches.Length == 0 ? atEnd : Of(stretches.MinBy(stretch => number.DistanceTo(stretch.Value)));
        return new(claim, Mark.Contradicted, $"{who.Text} carries {atEnd}{(stretches.Length == 0 ? "" : $"; closest is {closest}")}.", closest, []);
    }

    /// <summary>By then what began at a stated minute has reached the slow peers too.</summary>
    private static readonly TimeSpan _settled = TimeSpan.FromMinutes(10);

    /// <summary>
    /// Of a number that no single change has, whether the prefixes that came or went one by one in the stated time come to it; null where
    /// they do not.
    /// </summary>
    public JudgedClaim? OfSteps(Claim claim)
    {
        var (who, number) = (claim.Who!, claim.Number!);
        Prefix[] all = [.. held.Prefixes.Take(PrefixesMax + 1)];
        if (all.Length > PrefixesMax) return null;
        bool isInstant = claim.Time is { IsInstant: true } && claim.Until is null;
        // What is so by a time came at any time before; a step in the first instant of a stretch lies in it.
        var from = claim.Time is { IsBound: false } time ? time.From - TimeSpan.FromMinutes(1) : report.From;
        var to = (claim.Until ?? claim.Time)?.To is { } end ? isInstant ? end + _settled : end : report.To;
        // Of how many: of all in the data, or of those that had a route then.
        if (!IsWhole(claim, all.Length) && !IsWhole(claim, PartsOver(who, from, from).First().All)) return null;
        var (moved, perhaps, stayed) = (new List<Prefix>(), 0, 0);
        foreach (var prefix in all)
        {
            HeldAt[] states = [.. held.Over(from, to, who, prefix)];
            bool isEnd = claim.PartVerb is ClaimKind.Ended;
            int first = Array.FindIndex(states, at => isEnd ? at.Carries : at.CarriesNone);
            bool isMoved = first >= 0 && states.Skip(first).Any(at => isEnd ? at.CarriesNone : at.Carries);
            if (isMoved) moved.Add(prefix);
            else if (!states.All(at => at.IsClear)) perhaps++;
            if (isMoved && states[^1].Carries != isEnd) stayed++;
        }
        double most = claim.Unit is ClaimUnit.Addresses ? Addresses(moved) : moved.Count;
        bool mayFit = number.Low <= most + perhaps && number.High >= (claim.Unit is ClaimUnit.Addresses ? 0 : stayed);
        return mayFit ? new(claim, Mark.NotDecidable, $"In that time {who.Text} {(claim.PartVerb is ClaimKind.Ended ? "lost" : "came to carry")} "
            + $"{moved.Count} of {all.Length} prefixes ({string.Join(", ", moved.Take(8))}), {stayed} of them to the end of it; no single change is of so many.",
            null, []) : null;
    }

    private IEnumerable<Parts> PartsOver(Named who, Timestamp from, Timestamp to)
    {
        (Prefix Prefix, HeldAt[] States)[] courses =
            [.. held.Prefixes.Select(prefix => (prefix, held.Over(from, to, who, prefix).ToArray()))];
        foreach (var time in held.Over(from, to).Select(at => at.Time))
        {
            (Prefix Prefix, HeldAt At)[] each = [.. courses.Select(of => (of.Prefix, of.States.Last(at => at.Time <= time)))];
            Prefix[] sure = [.. each.Where(of => of.At.Carries).Select(of => of.Prefix)];
            yield return new(time, each.Count(of => of.At.IsHeld), sure,
                [.. each.Where(of => of.At.Carries || MayCarry(of.At)).Select(of => of.Prefix)]);
        }
    }

    // A route of another origin is none of the subject's.
    private static bool MayCarry(HeldAt at) => !at.IsKnown || at.Uncountable > ChangeWords.Stuck * at.Routes;

    /// <summary>True where the text says of how many, and that is how many there are.</summary>
    public static bool IsWhole(Claim claim, int all) => claim.Of == 0 || claim.Of == all;

    /// <summary>How many IPv4 addresses prefixes hold.</summary>
    public static long Addresses(IReadOnlyCollection<Prefix> prefixes) =>
        prefixes.Where(prefix => prefix.Family is AddressFamily.IPv4).Sum(prefix => 1L << (32 - prefix.Length));
}
