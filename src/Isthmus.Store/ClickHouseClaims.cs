using System.Diagnostics;
using System.Globalization;

namespace Isthmus.Store;

/// <summary>
/// Who stores which collector, where several machines add to one store: a claim is an edition, numbered in one series over the store. Who
/// holds it says so again and again; who waits takes it when nothing was said for some time of his own clock, which only goes forward,
/// so that no two clocks are ever compared. The commit asks for the number: who comes back late has an older one, and is refused.
/// </summary>
internal sealed class ClickHouseClaims : IDisposable
{
    /// <summary>
    /// Seconds of silence after which a claim is taken from who holds it, where <c>ISTHMUS_CLAIM_SECONDS</c> says nothing.
    /// </summary>
    private const int SecondsDefault = 30;

    /// <summary>How often a claim is said again in that time.</summary>
    private const int BeatsMin = 6;

    private const int Asked = 0, Held = 1, Ended = 2;

    private static readonly TimeSpan _poll = TimeSpan.FromMilliseconds(250);

    private readonly ClickHouseTables _tables;
    private readonly ClickHouseServer _server;
    private readonly ClickHouseAddress _address;
    private readonly string _worker = Guid.NewGuid().ToString("N");
    private readonly int _seconds;
    private readonly Dictionary<(string Collector, long Edition), (long Beat, long Since)> _watched = [];
    private readonly Timer _speaker;
    private readonly Lock _speaking = new();
    private long _beat;
    private (string Collector, long Edition)? _held;

    public ClickHouseClaims(ClickHouseServer server, ClickHouseTables tables, ClickHouseAddress address)
    {
        (_server, _tables, _address) = (server, tables, address);
        _seconds = int.TryParse(Environment.GetEnvironmentVariable("ISTHMUS_CLAIM_SECONDS"), NumberStyles.None,
            CultureInfo.InvariantCulture, out int seconds) && seconds > 0 ? seconds : SecondsDefault;
        var pause = TimeSpan.FromSeconds((double)_seconds / BeatsMin);
        _speaker = new(_ => SayAgain(), null, pause, pause);
    }

    /// <summary>The edition that is held; 0 for none.</summary>
    public long Edition => _held?.Edition ?? 0;

    /// <summary>Claims a collector.</summary>
    /// <param name="name">Of the collector.</param>
    /// <param name="waits">True to wait until another gives it back, or is taken for dead.</param>
    /// <returns>False where another holds it.</returns>
    public bool Take(string name, bool waits, CancellationToken stop)
    {
        while (true)
        {
            stop.ThrowIfCancellationRequested();
            if (Others(name, mine: 0) is { Count: > 0 } others && !AreDead(name, others))
            {
                if (!waits) return false;
                stop.WaitHandle.WaitOne(_poll);
                continue;
            }
            // Written first and asked then: of two who do so at once at least one sees the other, and goes back.
            long edition = Math.Max(_tables.Number("SELECT max(edition) FROM claims"), _tables.Number("SELECT max(edition) FROM editions")) + 1;
            Say(name, edition, Asked, _seconds);
            InStep();
            var seen = Others(name, mine: edition);
            if (AreAlone(edition) && seen.All(one => _watched.ContainsKey((name, one.Edition)) && AreDead(name, [one])))
            {
                Say(name, edition, Held, _seconds);
                foreach (var (dead, _, _) in seen) Say(name, dead, Ended, _seconds);
                InStep();
                _held = (name, edition);
                return true;
            }
            Say(name, edition, Ended, _seconds);
            stop.WaitHandle.WaitOne(Random.Shared.Next(20, 200));
        }
    }

    /// <summary>Gives back what is held.</summary>
    public void GiveBack()
    {
        (string Collector, long Edition)? held;
        lock (_speaking) (held, _held) = (_held, null);
        if (held is { } claim) Say(claim.Collector, claim.Edition, Ended, _seconds);
    }

    /// <summary>
    /// What a statement asks for that is to be done only while the claim is held: nobody took it, and the newest edition is the one that
    /// this one was made from.
    /// </summary>
    public string StillHeld(string collector, long newest) => FormattableString.Invariant($"""
        (SELECT max(edition) FROM claims WHERE collector = {Quoted(collector)} AND state > 0 AND edition NOT IN
            (SELECT edition FROM claims WHERE state = {Ended})) = {Edition}
        AND (SELECT max(edition) FROM editions WHERE collector = {Quoted(collector)}) = {newest}
        """);

    /// <summary>Waits until a node has what the others have of claims and editions.</summary>
    public void InStep()
    {
        if (_address.Cluster is null) return;
        _server.Do("SYSTEM SYNC REPLICA claims", isSafe: true);
        _server.Do("SYSTEM SYNC REPLICA editions", isSafe: true);
    }

    /// <summary>A text as it stands in a statement.</summary>
    public static string Quoted(string text) =>
        "'" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal) + "'";

    public void Dispose()
    {
        _speaker.Dispose();
        try
        {
            GiveBack();
        }
        catch (StoreException)
        {
            // It is taken for dead in time.
        }
    }

    // Of a number that two took at once neither is used.
    private bool AreAlone(long edition) =>
        _tables.Number(FormattableString.Invariant($"SELECT uniqExact(worker) FROM claims WHERE edition = {edition} AND state < {Ended}")) == 1;

    private List<(long Edition, long Beat, long Seconds)> Others(string collector, long mine)
    {
        InStep();
        return [.. _tables.Rows(FormattableString.Invariant($"""
            SELECT edition, max(beat) AS newest, max(seconds) FROM claims WHERE collector = {Quoted(collector)} AND edition != {mine}
            GROUP BY edition HAVING max(state) < {Ended} ORDER BY edition
            """), row => (row.Number(0), row.Number(1), row.Number(2)))];
    }

    // By the clock of this process, which nobody sets.
    private bool AreDead(string collector, IReadOnlyList<(long Edition, long Beat, long Seconds)> claims)
    {
        bool all = true;
        foreach (var (edition, beat, seconds) in claims)
        {
            if (!_watched.TryGetValue((collector, edition), out var seen) || seen.Beat != beat)
                _watched[(collector, edition)] = seen = (beat, Stopwatch.GetTimestamp());
            all &= Stopwatch.GetElapsedTime(seen.Since).TotalSeconds > seconds;
        }
        return all;
    }

    private void SayAgain()
    {
        lock (_speaking)
        {
            if (_held is not { } claim) return;
            try
            {
                Say(claim.Collector, claim.Edition, Held, _seconds);
            }
            catch (StoreException)
            {
                // Said too seldom it is taken by another, and the commit tells.
            }
        }
    }

    private void Say(string collector, long edition, int state, int seconds) => _tables.AppendTo("claims", [state], (row, _) =>
        row.Number(edition).Text(collector).Text(_worker).Number(state).Number(Interlocked.Increment(ref _beat)).Number(seconds));
}
