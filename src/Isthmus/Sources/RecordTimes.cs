using System.Globalization;

using Isthmus.Routes;
using Isthmus.Wire;
using Isthmus.Wire.Mrt;

namespace Isthmus.Sources;

/// <summary>A record dated far from the one before it, until later ones tell which of them is right.</summary>
/// <param name="Rows">Where its route events are, for whoever keeps them.</param>
internal readonly record struct StrayRecord(RecordPlace Place, Timestamp Time, Range Rows);

/// <summary>
/// Judges the times of one file's records in their order. Time may leap where a file begins or falls silent, and then goes on from
/// there. A wrong bit leaps and is back at once; where it leaps over years, or several records do so in a row, more than one has to
/// bear it out.
/// </summary>
/// <param name="start">When the file begins, by its name or by most of its first records; null for its first record.</param>
/// <param name="isDated">True where its name tells that.</param>
internal sealed class RecordTimes(Timestamp? start, bool isDated)
{
    /// <summary>So many records tell when a file begins.</summary>
    public const int HeadRecords = 33;

    /// <summary>Records further apart than this are no neighbours in time, if a third lies beside the first.</summary>
    private static readonly TimeSpan _near = TimeSpan.FromHours(1);

    /// <summary>
    /// A leap that a file takes only with many records behind it: no archive's file spans as much, and a wrong bit in the upper
    /// five of the 32 makes it.
    /// </summary>
    private static readonly TimeSpan _far = TimeSpan.FromDays(3 * 365);

    /// <summary>So many records in a row after such a leap are no damage.</summary>
    private const int FarRecordsMax = 16;

    /// <summary>Collectors write what several threads received, so that a record may be dated a little before the one in front.</summary>
    private static readonly TimeSpan _backMax = TimeSpan.FromMinutes(1);

    /// <summary>No route was archived as BGP-4 before the year of RFC 1654.</summary>
    private static readonly Timestamp _earliest = Timestamp.From(new(1994, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private readonly List<StrayRecord> _strays = [];
    private Timestamp? _clock = start;
    private bool _hasRecord;
    private long _steps;
    private TimeSpan _widest;
    private StrayRecord _firstStep;

    /// <summary>Records whose time is in doubt, in their order.</summary>
    public IReadOnlyList<StrayRecord> Strays => _strays;

    /// <summary>The time of the last record that is not in doubt; null before the first of a file that nothing dates.</summary>
    public Timestamp? Clock => _clock;

    /// <summary>When a file begins: the first of the times that most of its first records are near to; null where there is none.</summary>
    public static Timestamp? FirstOf(IReadOnlyList<Timestamp> times)
    {
        if (times.Count == 0) return null;
        var groups = new List<List<Timestamp>>();
        foreach (var time in times.Order())
        {
            if (groups.Count == 0 || time - groups[^1][^1] > _far) groups.Add([]);
            groups[^1].Add(time);
        }
        var most = groups.OrderByDescending(group => group[0] >= _earliest).ThenByDescending(group => group.Count)
            .ThenBy(group => group[0]).First();
        return times.First(time => time >= most[0] && time <= most[^1]);
    }

    /// <summary>
    /// Takes a record that follows the one before it as nearly every one does: near to it, and not far back, while none is in doubt.
    /// False where it takes <see cref="Judge"/> and <see cref="Take"/>.
    /// </summary>
    public bool TryFollow(Timestamp time)
    {
        if (!_hasRecord || _strays.Count > 0 || _clock is not { } clock) return false;
        long later = (time.Microseconds - clock.Microseconds) * TimeSpan.TicksPerMicrosecond;
        if (later < -_backMax.Ticks || later > _near.Ticks) return false;
        _clock = time;
        return true;
    }

    /// <summary>Looks at the next record's time; true where all that are in doubt are wrong: enter them, and <see cref="Clear"/>.</summary>
    public bool Judge(Timestamp next)
    {
        if (_strays is not [.., var stray]) return false;
        bool isBack = (next - _clock!.Value).Duration() <= _near;
        bool goesOn = (next - stray.Time).Duration() <= _near || next >= stray.Time && stray.Time >= _clock;
        if (isBack || !goesOn) return true;
        if (IsFar(stray) && _strays.Count < FarRecordsMax) return false;
        Set(stray);
        Clear();
        return false;
    }

    /// <summary>Takes that record.</summary>
    public void Take(StrayRecord record)
    {
        if (_clock is { } clock && (record.Time - clock).Duration() > _near) _strays.Add(record);
        else Set(record);
    }

    /// <summary>
    /// True where the last records of a file, with nothing behind them to bear them out, are wrong: those of one that is dated, and
    /// those that leap far.
    /// </summary>
    public bool JudgeLast() => _strays is [.., var last] && (isDated || IsFar(last));

    /// <summary>None is in doubt any more.</summary>
    public void Clear() => _strays.Clear();

    /// <summary>What there is to tell of a clock that went back; null where it did not.</summary>
    public FaultEntry? StepsBack() => _steps == 0 ? null : new(
        _firstStep.Place.Number, _firstStep.Place.Offset, new(FaultKind.StrayTime, 0, Treatment: Treatment.None),
        string.Create(CultureInfo.InvariantCulture,
            $"the time goes back by more than a minute {(_steps == 1 ? "once" : $"{_steps} times, the first time")} here, ")
        + string.Create(CultureInfo.InvariantCulture, $"by {_widest.TotalSeconds:0} seconds at the most; times are taken as they stand"))
    {
        Time = _firstStep.Time,
    };

    private bool IsFar(StrayRecord stray) => (stray.Time - _clock!.Value).Duration() > _far;

    private void Set(StrayRecord record)
    {
        // Where a file begins by its name is no record that another one could be dated before.
        bool hasRecord = _hasRecord;
        _hasRecord = true;
        if (hasRecord && _clock is { } before && before - record.Time is var back && back > _backMax)
        {
            if (_steps++ == 0) _firstStep = record;
            if (back > _widest) _widest = back;
        }
        _clock = record.Time;
    }
}

/// <summary>Enters what <see cref="RecordTimes"/> finds in the records of a source, for whoever takes times as they stand.</summary>
internal sealed class TimeCheck(RecordSource records, Timestamp? named)
{
    // Of a file whose name does not date it the first records do.
    private readonly List<StrayRecord> _head = [];
    private RecordTimes? _times = named is null ? null : new(named, isDated: true);

    /// <summary>Takes the record that the source has just given.</summary>
    public void Take(in MrtRecord given)
    {
        if (_times is not null && _times.TryFollow(given.Time)) return;
        StrayRecord record = new(records.PlaceOf(given), given.Time, default);
        if (_times is not null) Take(record);
        else
        {
            _head.Add(record);
            if (_head.Count == RecordTimes.HeadRecords) EndHead();
        }
    }

    /// <summary>The file has ended.</summary>
    public void End()
    {
        EndHead();
        if (_times!.JudgeLast()) Enter();
        if (_times.StepsBack() is { } steps) records.Enter(steps);
    }

    private void EndHead()
    {
        _times ??= new(RecordTimes.FirstOf([.. _head.Select(record => record.Time)]), isDated: false);
        foreach (var record in _head) Take(record);
        _head.Clear();
    }

    private void Take(StrayRecord record)
    {
        if (_times!.Judge(record.Time)) Enter();
        _times.Take(record);
    }

    private void Enter()
    {
        foreach (var stray in _times!.Strays)
            records.Enter(stray.Place, stray.Time, new(FaultKind.StrayTime, 0, Treatment: Treatment.None));
        _times.Clear();
    }
}
