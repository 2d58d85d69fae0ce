using Isthmus.Text;
using Isthmus.Transit.Changes;
using Isthmus.Transit.Incidents;
using Isthmus.Wire;

namespace Isthmus.Reports;

/// <summary>
/// What an upstream did after it came to prefixes, or went from them: a sentence that tells the first of it alone would be read as
/// how it stayed.
/// </summary>
internal sealed class LaterMoves
{
    private readonly TransitChange _news;
    // Of one that came what it holds, also of prefixes that it came to later; of one that went what it has not come back to.
    private readonly HashSet<Prefix> _held = [], _gone = [];
    private int _goings, _comings;
    private readonly List<string> _told = [];
    private TransitChange? _last, _went;

    /// <param name="news">An upstream that came or went.</param>
    /// <param name="moves">All comings and goings of it, in order of time.</param>
    public LaterMoves(TransitChange news, IReadOnlyCollection<TransitChange> moves)
    {
        _news = news;
        Prefixes = [.. news.Prefixes];
        Until = news;
        _told.Add(news.Id);
        if (Goes(news)) _gone.UnionWith(news.Prefixes); else _held.UnionWith(news.Prefixes);
        // Who loses others when it comes to these, or later, does not widen.
        bool isWidening = !moves.Any(move => Goes(move) != Goes(news) && !Prefixes.Overlaps(move.Prefixes)
            && (move.Time - news.Time).Duration() <= OneCause.ExchangeWithin);
        foreach (var move in moves.Where(move => move.Time > news.Time && move.Id != news.Id))
        {
            // Who goes from prefix to prefix has never all of them.
            if (Goes(move) != Goes(news) || moves.Any(other => Goes(other) != Goes(news) && Prefixes.Overlaps(other.Prefixes)
                && (other.Time - move.Time).Duration() <= OneCause.ExchangeWithin)) isWidening = false;
            if (isWidening)
            {
                if (Prefixes.IsSupersetOf(move.Prefixes)) continue;
                Prefixes.UnionWith(move.Prefixes);
                if (Goes(move)) _gone.UnionWith(move.Prefixes); else _held.UnionWith(move.Prefixes);
                Until = move;
                _told.Add(move.Id);
                continue;
            }
            if (Goes(news) && !Prefixes.Overlaps(move.Prefixes)) continue;
            isWidening = false;
            bool wasGone = IsGone;
            if (Goes(move)) _held.ExceptWith(move.Prefixes); else _held.UnionWith(move.Prefixes);
            if (Goes(move)) _gone.UnionWith(move.Prefixes.Where(Prefixes.Contains)); else _gone.ExceptWith(move.Prefixes);
            if (wasGone == IsGone) continue;
            if (IsGone) (_goings, _went) = (_goings + 1, move); else _comings++;
            _last = move;
            _told.Add(move.Id);
        }
    }

    /// <summary>The prefixes that it came to, or went from, one after another before it did the contrary.</summary>
    public HashSet<Prefix> Prefixes { get; }

    /// <summary>Ids of the news and of the moves that what is said of it rests on.</summary>
    public IReadOnlyList<string> Changes => Widened.Length + Words.Length > 0 ? _told : [_news.Id];

    /// <summary>The last move of the kind of the news before it did the contrary; the news itself where one move was all.</summary>
    public TransitChange Until { get; }

    /// <summary>True where it is gone from all of these prefixes, and from those that it came to later.</summary>
    public bool IsGone => Goes(_news) ? _gone.Count == Prefixes.Count : _held.Count == 0;

    /// <summary>How far it went on after the news: <c>, and by 04:00:00 for all 4 prefixes</c>; empty where one move was all.</summary>
    public string Widened => ReferenceEquals(Until, _news) ? ""
        : $", and by {Clock(Until)} for {ChangeWords.Scope(Until with { Prefixes = [.. Prefixes] })}";

    /// <summary>Where it went or came back for good or in turns, as a clause; empty where the news is how it stayed.</summary>
    public string Words => (Goes(_news), _last) switch
    {
        (_, null) => "",
        (true, { } last) when IsGone => $"; it came back{Times(_comings)} and went again, the last time {At(last)}",
        (true, { } last) when _comings == 1 => $"; it came back {At(last)}",
        (true, { } last) => $"; it came back and went again{Times(_comings - 1)}, and came back to stay {At(last)}",
        (false, { } last) when IsGone && _goings == 1 => $"; it was gone again {At(last)}",
        (false, { } last) when IsGone => $"; it went and came back{Times(_comings)}, and was gone again {At(last)}",
        (false, { } last) when _goings == 1 => $"; it was gone from {Clock(_went!)} to {Clock(last)}",
        (false, { } last) when _goings > 1 => $"; it went and came back{Times(_comings)}, and came back to stay {At(last)}",
        _ => "",
    };

    private static bool Goes(TransitChange move) => move.Kind is ChangeKind.UpstreamVanished;

    private static string Times(int count) => count == 1 ? "" : $" {Wording.InWords(count)} times";

    private string At(TransitChange move) => move.Earliest is not null ? ChangeWords.When(move).TrimEnd(',')
        : Wording.Date(move.Time) == Wording.Date(_news.Time) ? $"at {Wording.Clock(move.Time)}" : ChangeWords.When(move);

    private string Clock(TransitChange move) => Wording.Date(move.Time) == Wording.Date(_news.Time)
        ? Wording.Clock(move.Time) : ChangeWords.At(move.Time);
}
