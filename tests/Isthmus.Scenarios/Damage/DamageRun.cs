using System.Diagnostics;
using System.IO.Hashing;

using Isthmus.Export;
using Isthmus.Sources;

namespace Isthmus.Scenarios.Damage;

/// <summary>How a run on a damaged file ended.</summary>
public enum DamageOutcome
{
    /// <summary>The same route events, and nothing is told: what was damaged means nothing.</summary>
    Unchanged,
    /// <summary>Damage is told: by a fault, as not decoded, as unread, or the file is refused.</summary>
    Told,
    /// <summary>As many route events or more, of other content, and nothing is told: values have no check of their own.</summary>
    OtherValues,
    /// <summary>Fewer route events, and nothing is told, for a reason that leaves no trace in the format.</summary>
    Undetectable,
    /// <summary>Fewer route events, and nothing is told.</summary>
    Lost,
    /// <summary>It took longer, or allocated more, than a run may.</summary>
    OverBounds,
    /// <summary>
    /// More route events than the sound file has, true ones among them more often than they are, whatever is told; but where damaged codes
    /// of deflate copy what stood before, as every inflater has it, and the wrong checksum is told.
    /// </summary>
    Risen,
}

/// <summary>One run.</summary>
/// <param name="Class">Why nothing can be told, for <see cref="DamageOutcome.Undetectable"/>; else what there is to say.</param>
public sealed record DamageResult(
    DamageInput Input, Container Container, Corruption Corruption, ulong Seed, DamageOutcome Outcome, string Class);

/// <summary>What <c>isthmus read</c> makes of a file.</summary>
/// <param name="Told">What was told, other than that there are so many route events: equal where the same was told.</param>
/// <param name="Refusal">Why the file was refused; null where it was read.</param>
internal sealed record Reading(long Elements, UInt128 Lines, string Told, string? Refusal)
{
    /// <summary>How often each line came, by its hash.</summary>
    public IReadOnlyDictionary<ulong, int> Times { get; init; } = new Dictionary<ulong, int>();

    /// <summary>How many more times than in another reading the lines of that came.</summary>
    public long TimesMoreThan(Reading sound) => sound.Times.Sum(line => Math.Max(0L, Times.GetValueOrDefault(line.Key) - line.Value));

    public static Reading Of(string path, CancellationToken stop)
    {
        try
        {
            using var inputs = new Inputs();
            var set = inputs.Resolve([path], Stream.Null, stop);
            using var lines = new HashingStream();
            using var writer = new ElementWriter(ElementFormat.Line, lines);
            var tally = ReadRun.Run(set.Files, writer, new(), stop);
            writer.Flush();
            string notDecoded = string.Join(' ', tally.Files.SelectMany(file => file.Faults.PassedOver)
                .GroupBy(pair => pair.Key, (what, same) => $"{what}:{same.Sum(one => one.Value)}").Order(StringComparer.Ordinal));
            string faults = string.Join(' ', tally.Files.SelectMany(file => file.Faults.Kept)
                .Select(entry => $"{entry.Fault.Kind}/{entry.Text}").Order(StringComparer.Ordinal));
            string told = $"{tally.Faults} {faults} {notDecoded} {string.Join(' ', set.Unread)} {string.Join(' ', set.PassedOver)}";
            return new(tally.Elements, lines.Hash, told, null) { Times = lines.Times };
        }
        catch (InputException refused)
        {
            return new(0, 0, "", refused.Message);
        }
    }

    /// <summary>Keeps no byte of what is written, only a hash of all, and of each line.</summary>
    private sealed class HashingStream : Stream
    {
        private readonly XxHash128 _hash = new();
        private readonly XxHash3 _line = new();
        private readonly Dictionary<ulong, int> _times = [];

        public IReadOnlyDictionary<ulong, int> Times => _times;

        private void Take(ReadOnlySpan<byte> bytes)
        {
            _hash.Append(bytes);
            while (bytes.IndexOf((byte)'\n') is var end and >= 0)
            {
                _line.Append(bytes[..end]);
                System.Runtime.InteropServices.CollectionsMarshal.GetValueRefOrAddDefault(_times, _line.GetCurrentHashAsUInt64(), out _)++;
                _line.Reset();
                bytes = bytes[(end + 1)..];
            }
            _line.Append(bytes);
        }

        public UInt128 Hash => _hash.GetCurrentHashAsUInt128();
        public override bool CanRead => false;
        public override bool CanSeek => false;
        public override bool CanWrite => true;
        public override long Length => throw new NotSupportedException();
        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
        public override void Write(byte[] buffer, int offset, int count) => Take(buffer.AsSpan(offset, count));
        public override void Write(ReadOnlySpan<byte> buffer) => Take(buffer);
        public override void Flush() { }
        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();
        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();
        public override void SetLength(long value) => throw new NotSupportedException();
    }
}

/// <summary>Runs on damaged copies of some inputs, in every container; the same seed gives the same runs.</summary>
public sealed class DamageCampaign : IDisposable
{
    /// <summary>Seconds that a run may take, of any time: a thousand times what it takes.</summary>
    public const int SecondsMax = 60;

    /// <summary>Bytes that a run may allocate in all, so that it holds no more at once.</summary>
    public const long AllocatedBytesMax = 512L << 20;

    private readonly List<(DamageInput Input, Container Container, byte[] Stored, Reading Sound)> _packed = [];
    private readonly string _folder = Directory.CreateTempSubdirectory("isthmus-damage-").FullName;

    /// <summary>Packs the inputs in every container that there is a tool for.</summary>
    public DamageCampaign(IEnumerable<DamageInput> inputs)
    {
        foreach (var input in inputs)
            foreach (var container in Enum.GetValues<Container>())
                if (Pack(input, container, input.Plain) is { } stored)
                    _packed.Add((input, container, stored, Read(stored, out _)));
    }

    /// <summary>One run: input, container, corruption and place are drawn by the seed.</summary>
    public DamageResult Run(ulong seed)
    {
        var random = new SeededRandom(SeededRandom.Mix(seed));
        var (input, container, sound, before) = random.Pick(_packed);
        var corruption = random.Pick(Enum.GetValues<Corruption>());
        // Lines have no types and lengths.
        if (container is Container.Text && corruption.IsOfRecords()) corruption -= Corruption.TypeChanged;
        byte[]? plain = null;
        byte[] stored;
        if (corruption.IsOfRecords())
        {
            plain = corruption.Apply(input.Plain, random);
            stored = Pack(input, container, plain)!;
        }
        else
        {
            stored = corruption.Apply(sound, random);
            if (container is Container.Plain) plain = stored;
            // Cut between two members, it is as sound as a file of one.
            int middle = Middle(input);
            if (corruption is Corruption.Cut && Packing.PlainBytesOf(container, input.Plain, middle, stored.Length) is >= 0 and var left)
                plain = input.Plain[..left];
        }
        var after = Read(stored, out string? over);
        if (over is not null) return new(input, container, corruption, seed, DamageOutcome.OverBounds, over);
        var (outcome, why) = Judge(input.Plain, plain, container is Container.Text ? (sound, stored) : null, before, after);
        if (outcome is DamageOutcome.Risen && after.Told != before.Told
            && CopiesOf(container, stored, before) >= after.TimesMoreThan(before))
            (outcome, why) = (DamageOutcome.Told, "damaged codes that copy what stood before");
        return new(input, container, corruption, seed, outcome, why);
    }

    /// <summary>The damaged file of a run, for a closer look.</summary>
    public string LastFile => Path.Combine(_folder, "damaged");

    private Reading Read(byte[] stored, out string? over)
    {
        File.WriteAllBytes(LastFile, stored);
        over = null;
        long allocated = GC.GetTotalAllocatedBytes(), begun = Stopwatch.GetTimestamp();
        using var stop = new CancellationTokenSource(TimeSpan.FromSeconds(SecondsMax));
        var reading = new Reading(0, 0, "", "not read");
        try
        {
            reading = Reading.Of(LastFile, stop.Token);
        }
        catch (OperationCanceledException)
        {
            over = $"longer than {SecondsMax} seconds";
        }
        allocated = GC.GetTotalAllocatedBytes() - allocated;
        if (Stopwatch.GetElapsedTime(begun).TotalSeconds > SecondsMax) over ??= $"longer than {SecondsMax} seconds";
        if (allocated > AllocatedBytesMax) over ??= $"{allocated >> 20} MiB allocated";
        return reading;
    }

    // How many more times than in the sound file its events stand in what another inflater makes of the damaged one.
    private long CopiesOf(Container container, byte[] stored, Reading sound)
    {
        long copies = Packing.Inflated(container, stored).Sum(part => Read(part, out _).TimesMoreThan(sound));
        File.WriteAllBytes(LastFile, stored);
        return copies;
    }

    private static int Middle(DamageInput input)
    {
        var borders = Corruptions.Borders(input.Plain);
        return borders[borders.Count / 2];
    }

    // Text is made of the records of a sound file.
    private byte[]? Pack(DamageInput input, Container container, byte[] plain)
    {
        if (container is not Container.Text) return Packing.Pack(container, plain, Middle(input));
        string path = Path.Combine(_folder, "sound");
        File.WriteAllBytes(path, plain);
        using var inputs = new Inputs();
        using var lines = new MemoryStream();
        using var writer = new ElementWriter(ElementFormat.Line, lines);
        ReadRun.Run(inputs.Resolve([path], Stream.Null, CancellationToken.None).Files, writer, new(), CancellationToken.None);
        writer.Flush();
        return lines.Length == 0 ? null : lines.ToArray();
    }

    private static (DamageOutcome Outcome, string Why) Judge(
        byte[] sound, byte[]? damaged, (byte[] Sound, byte[] Damaged)? text, Reading before, Reading after)
    {
        if (after.Refusal is { } refusal) return (DamageOutcome.Told, refusal);
        if (after.Elements > before.Elements && after.TimesMoreThan(before) is > 0 and var more
            && (damaged is null || Undetectable.OfRecords(sound, damaged) is null))
            return (DamageOutcome.Risen, $"{after.Elements - before.Elements} more than {before.Elements}, {more} of them true ones again");
        if (after.Told != before.Told) return (DamageOutcome.Told, "");
        if (after.Elements == before.Elements && after.Lines == before.Lines) return (DamageOutcome.Unchanged, "");
        if (after.Elements >= before.Elements) return (DamageOutcome.OtherValues, "");
        string? why = damaged is not null ? Undetectable.OfRecords(sound, damaged)
            : text is var (lines, other) ? Undetectable.OfLines(lines, other) : null;
        return why is not null ? (DamageOutcome.Undetectable, why)
            : (DamageOutcome.Lost, $"{before.Elements - after.Elements} of {before.Elements}");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
