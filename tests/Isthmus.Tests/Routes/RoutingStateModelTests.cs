using CsCheck;

using Isthmus.Routes;
using Isthmus.Tests.Support;
using Isthmus.Wire;

namespace Isthmus.Tests.Routes;

/// <summary>
/// The state of every prefix beside a model that keeps all messages and works out from them, by methods.md, "What each peer holds", what
/// one peer held for one prefix at one time.
/// </summary>
public sealed class RoutingStateModelTests
{
    private const int Peers = 3, Prefixes = 4;

    /// <summary>What happens, one after another: who, which prefix, what, and how many seconds after the one before.</summary>
    private readonly record struct Event(int Kind, int Peer, int Prefix, int Path, uint PathId, int Seconds, int Inner);

    private static readonly int[] _waits = [1, 5, 30, 59, 60, 61, 299, 300, 301, 2000, 4000, 9000];

    private static readonly Gen<Event> _event = Gen.Select(Gen.Int[0, 12], Gen.Int[0, Peers - 1], Gen.Int[0, Prefixes - 1], Gen.Int[0, 3],
        Gen.UInt[1, 3], Gen.Int[0, _waits.Length - 1], Gen.Int[0, 4],
        (kind, peer, prefix, path, id, wait, inner) => new Event(kind, peer, prefix, path, id, _waits[wait], inner));

    [Fact]
    public void What_every_peer_holds_is_what_the_definition_says_at_any_time() =>
        _event.Array[1, 24].Sample(events => Play(events), iter: 2500);

    private static void Play(Event[] events)
    {
        var run = new Run();
        for (int i = 0; i < events.Length; i++)
        {
            run.Wait(events[i].Seconds);
            if (events[i].Kind >= 11)
            {
                // The next few happen while the dump is written.
                int inner = 0;
                while (inner < events[i].Inner && i + 1 + inner < events.Length && events[i + 1 + inner].Kind < 11) inner++;
                run.Dump(events[i], events.AsSpan(i + 1, inner));
                i += inner;
            }
            else
            {
                run.Say(events[i]);
            }
            run.CompareNow();
        }
        run.CompareSpans();
    }

    /// <summary>One message as the model keeps it; a dump has its entries, and when it ended.</summary>
    private sealed record Message(int Kind, int Peer, int Prefix, string? Path, uint PathId, long Time)
    {
        public long End { get; init; }
        public IReadOnlyList<Message> Entries { get; init; } = [];
    }

    private const int Announce = 0, Withdraw = 1, Up = 2, Down = 3, Damage = 4, DumpKind = 5;

    private sealed class Run
    {
        private readonly Collector _collector = new("rrc00", Project.Ris);
        private readonly SpanMemory _spans = new();
        private readonly RoutingState _state;
        private readonly List<Message> _messages = [];
        private long _now = 1_000_000;

        public Run()
        {
            _state = new(_ => true, _spans.Take);
            for (uint peer = 0; peer < Peers; peer++)
                Assert.Equal((int)peer, _state.PeerOf(new(_collector, IpAddress.V4(1 + peer), new(3333 + peer))));
        }

        public void Wait(int seconds) => _now += seconds;

        public void Say(Event of)
        {
            // The first peer numbers its paths, the others do not.
            uint id = of.Peer == 0 ? of.PathId : 0;
            if (of.Kind < 5) Tell(of, Announce, id, Text(of));
            else if (of.Kind < 8) Tell(of, Withdraw, id, null);
            else
            {
                int kind = of.Kind == 8 ? Up : of.Kind == 9 ? Down : Damage;
                if (kind is Damage) _state.Lose(of.Peer, At(_now), default);
                else _state.PeerState(of.Peer, kind is Up ? 6 : 1, At(_now), default);
                _messages.Add(new(kind, of.Peer, 0, null, 0, _now));
            }
        }

        private void Tell(Event of, int kind, uint id, string? path)
        {
            _state.Update(new(of.Peer, PrefixOf(of.Prefix), path is null ? default : ParsedPath.Of(path), true, At(_now),
                path is null ? Cause.Withdrawal : Cause.Announcement, default, id));
            _messages.Add(new(kind, of.Peer, of.Prefix, path, id, _now));
        }

        public void Dump(Event of, ReadOnlySpan<Event> inner)
        {
            long start = _now;
            var entries = new List<Message>();
            var rib = RoutingState.BeginRib(_collector, At(start));
            for (int peer = 0; peer < Peers; peer++)
                for (int prefix = 0; prefix < Prefixes; prefix++)
                {
                    // Which routes it shows, and by which path, is drawn from the event.
                    int draw = of.Prefix * 7 + of.Path * 5 + of.Peer * 3 + peer * 11 + prefix * 13 + (int)of.PathId;
                    if (of.Inner % 2 == 0 && peer == of.Peer) continue;
                    for (uint id = peer == 0 ? 1u : 0; id <= (peer == 0 ? 2u : 0); id++)
                    {
                        if ((draw + id) % 3 == 0) continue;
                        string path = Text(new(0, peer, prefix, (int)(draw / 3 + id) % 4, 0, 0, 0));
                        entries.Add(new(Announce, peer, prefix, path, id, start));
                        var words = ParsedPath.Of(path);
                        _state.RibEntry(rib, new(peer, PrefixOf(prefix), words, true, At(start), Cause.RibEntry, default, id));
                    }
                }
            int place = _messages.Count;
            foreach (var one in inner)
            {
                Wait(Math.Min(one.Seconds, 301));
                Say(one);
            }
            Wait(1);
            _state.EndRib(rib, At(_now), whole: true);
            _messages.Insert(place, new(DumpKind, 0, 0, null, 0, start) { End = _now, Entries = entries });
        }

        public void CompareNow()
        {
            // What the clock alone ends has ended.
            _state.Reach(At(_now));
            for (int peer = 0; peer < Peers; peer++)
                for (int prefix = 0; prefix < Prefixes; prefix++)
                    Assert.Equal(Model(peer, prefix, _now), TextOf(_state.PathOf(peer, PrefixOf(prefix))));
        }

        public void CompareSpans()
        {
            var spans = _spans.At(_state, At(0), At(_now), []);
            foreach (long time in _messages.SelectMany(message => new[] { message.Time - 1, message.Time, message.Time + 300 })
                .Where(time => time <= _now).Distinct())
            {
                var held = spans.StateAt(At(time)).ToDictionary(span => (span.Peer, span.Prefix), span => TextOf(span.Path));
                for (int peer = 0; peer < Peers; peer++)
                    for (int prefix = 0; prefix < Prefixes; prefix++)
                    {
                        // Of a route that was never held no span is kept.
                        string model = Model(peer, prefix, time);
                        if (held.TryGetValue((peer, PrefixOf(prefix)), out string? told)) Assert.Equal(model, told);
                        else Assert.Contains(model, (string[])["none", "unknown"]);
                    }
            }
        }

        private string TextOf(int path) => path switch
        {
            RouteStep.NoRoute => "none",
            RouteStep.Unknown => "unknown",
            _ => string.Join(" | ", _state.Paths.TextOf(path).Split(" | ").Order(StringComparer.Ordinal)),
        };

        // What one peer held for one prefix at a time, from all that was ever said.
        private string Model(int peer, int prefix, long at)
        {
            var held = new SortedDictionary<uint, string>();
            // All that it holds is in held; without it others may be.
            bool isComplete = false;
            bool isUp = false, isDown = false;
            long? transferEnd = null;
            long heard = long.MinValue / 2, group = long.MinValue / 2;
            bool isShownInGroup = false;
            // When it was last lost by its session's state, or began.
            long sessionChanged = long.MinValue / 2, lost = long.MinValue / 2;
            foreach (var message in _messages.OrderBy(message => message.Time))
            {
                if (message.Time > at) break;
                EndTransfer(message.Time);
                if (message.Kind == DumpKind) TakeDump(message);
                else if (message.Peer == peer) Take(message);
            }
            EndTransfer(at);
            if (held.Count == 0) return isComplete ? "none" : "unknown";
            return string.Join(" | ", held.Values.Distinct().Order(StringComparer.Ordinal));

            void Take(Message message)
            {
                if (IsSessionChange(message, isDown))
                {
                    Lose(message.Time);
                    sessionChanged = message.Time;
                    isDown = message.Kind is Down;
                    transferEnd = isDown ? null : message.Time + 300;
                }
                if (message.Kind is Damage)
                {
                    Lose(message.Time);
                    isDown = false;
                }
                if (message.Kind is not (Announce or Withdraw)) return;
                heard = message.Time;
                if (message.Prefix != prefix) return;
                if (message.Path is { } path) held[message.PathId] = path;
                else held.Remove(message.PathId);
                // That one of several is gone says nothing of the others.
                isComplete |= message.PathId == 0;
            }

            static bool IsSessionChange(Message message, bool isDown) => message.Kind is Up or Down
                || message.Kind is Announce or Withdraw && isDown;

            void TakeDump(Message dump)
            {
                var own = dump.Entries.Where(entry => entry.Peer == peer).ToArray();
                var meanwhile = _messages.Where(message => message.Kind != DumpKind && message.Peer == peer
                    && message.Time > dump.Time && message.Time <= dump.End).ToArray();
                if (own.Length == 0)
                {
                    if (isUp && dump.Time - heard > 3600 && meanwhile.Length == 0) Lose(dump.Time);
                    return;
                }
                // It may be written from the table of before the session was lost, or began.
                if (sessionChanged > dump.Time - 60) return;
                heard = dump.Time;
                bool isTransfer = transferEnd is not null;
                bool isLost = meanwhile.Any(message => message.Kind is Up or Down or Damage);
                if (!isTransfer && !isLost) (isUp, isDown) = (true, false);
                bool isPart = group > dump.Time - 60;
                if (!isPart) (group, isShownInGroup) = (dump.Time, false);
                bool stands = isShownInGroup;
                var shown = own.Where(entry => entry.Prefix == prefix).ToArray();
                bool isKnown = isComplete || held.Count > 0;
                // Of a session that is lost while it is written it shows what was not known, and what it lacks proves nothing.
                if (isLost && (isKnown || shown.Length == 0)) return;
                // Nor in a table transfer: what it lacks may still be sent.
                if (isTransfer && !isKnown && shown.Length == 0) return;
                if (isKnown && stands) return;
                // What was said within the minute before it began and while it ran stands, each path for itself; only where nothing was
                // known before, what was said while it ran follows what it shows.
                foreach (uint id in (uint[])[0, 1, 2, 3])
                {
                    bool isHeldOrNot = isComplete || held.ContainsKey(id);
                    if (IsTold(id, Math.Max(dump.Time - 59, lost), dump.Time) || isHeldOrNot && IsTold(id, dump.Time, dump.End)) continue;
                    held.Remove(id);
                    if (shown.FirstOrDefault(entry => entry.PathId == id) is not { } entry) continue;
                    held[id] = entry.Path!;
                    isShownInGroup = true;
                }
                isComplete |= !isTransfer || peer != 0 && held.Count > 0;
            }

            bool IsTold(uint id, long from, long to) => _messages.Exists(message => message.Kind is Announce or Withdraw
                && message.Peer == peer && message.Prefix == prefix && message.PathId == id && message.Time >= from && message.Time <= to);

            void EndTransfer(long now)
            {
                if (!(transferEnd <= now)) return;
                (transferEnd, isUp, isComplete) = (null, true, true);
            }

            void Lose(long time)
            {
                held.Clear();
                // Nor does what a dump showed before say anything of the time since.
                (lost, group, isShownInGroup) = (time, long.MinValue / 2, false);
                (isComplete, isUp, transferEnd) = (false, false, null);
            }
        }

        private static string Text(Event of) => $"{3333 + of.Peer} {100 + of.Path} 64500";

        private static Prefix PrefixOf(int prefix) => new(IpAddress.V4(0xC0000000u + (uint)prefix * 256), 24);

        private static Timestamp At(long second) => Timestamp.FromSeconds(second);
    }
}
