using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Bgp;

namespace Isthmus.Attribution;

/// <summary>Whose prefixes are followed: those of one subject, of several, or all.</summary>
/// <param name="subjects">The judge of each subject; empty for every prefix that the data show.</param>
public sealed class Selection(IReadOnlyList<AttributedPaths> subjects)
{
    /// <summary>The prefixes of one subject.</summary>
    public Selection(AttributedPaths subject) : this([subject])
    {
    }

    /// <summary>Every prefix that the data show.</summary>
    public static Selection All { get; } = new([]);

    /// <summary>True where every prefix is followed.</summary>
    public bool TakesAll => subjects.Count == 0;

    // Which ASes and prefixes were judged to be whose, for the judges of the same subjects.
    internal void Save(StateWriter to) => to.Write(subjects, subject => subject.Save(to));

    // False where the same subjects have other ASes, or hold other prefixes, than those that wrote it.
    internal bool Load(StateReader from) => from.Int() == subjects.Count && subjects.All(subject => subject.Load(from));

    /// <summary>True where prefixes that only other witnesses put in a country were too many to follow.</summary>
    public bool LeftDisputedOut => subjects.Any(subject => subject.LeftDisputedOut);

    /// <summary>True when a prefix is to be followed whoever announces it.</summary>
    public bool Follows(Prefix prefix)
    {
        foreach (var subject in subjects)
            if (subject.Follows(prefix)) return true;
        return TakesAll;
    }

    /// <inheritdoc cref="AttributedPaths.IsBlock"/>
    public bool IsBlock(Prefix prefix)
    {
        foreach (var subject in subjects)
            if (subject.IsBlock(prefix)) return true;
        return false;
    }

    /// <summary>What a path makes of its prefix: of several subjects the most that it makes of it for one.</summary>
    public Standing StandingOf(PathWords path)
    {
        var most = TakesAll ? Standing.Own : Standing.Foreign;
        foreach (var subject in subjects)
            if (subject.StandingOf(path) is var standing && standing > most) most = standing;
        return most;
    }

    /// <summary>True when a prefix with a disputed path is to be followed: as long as there are not too many.</summary>
    /// <param name="path">What shows it.</param>
    public bool FollowsDisputed(Prefix prefix, PathWords path)
    {
        if (subjects is [var only]) return only.FollowsDisputed(prefix);
        bool follows = false;
        foreach (var subject in subjects)
            if (subject.StandingOf(path) is Standing.Disputed) follows |= subject.FollowsDisputed(prefix);
        return follows;
    }
}
