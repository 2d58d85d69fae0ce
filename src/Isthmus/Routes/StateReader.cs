using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>Reads what <see cref="StateWriter"/> wrote.</summary>
/// <param name="collector">Whose state it is: it is kept for each collector alone.</param>
/// <param name="sources">The files that were read, by the hash of their bytes.</param>
/// <exception cref="InvalidDataException">It was written by something else, or is damaged.</exception>
internal sealed class StateReader(Stream from, Collector collector, IReadOnlyDictionary<string, Source> sources) : IDisposable
{
    private readonly BinaryReader _from = new(new BufferedStream(from, 1 << 16), System.Text.Encoding.UTF8, leaveOpen: true);
    private readonly List<Source> _sources = [];

    public Collector Collector { get; } = collector;

    public bool Bool() => _from.ReadBoolean();

    public byte Byte() => _from.ReadByte();

    public int Int() => _from.Read7BitEncodedInt();

    public uint UInt() => (uint)_from.Read7BitEncodedInt64();

    public long Long() => _from.Read7BitEncodedInt64();

    public string Text() => _from.ReadString();

    public Timestamp Time() => new(_from.ReadInt64());

    public Timestamp? TimeOrNone() => _from.ReadBoolean() ? Time() : null;

    public IpAddress Address()
    {
        var family = (AddressFamily)_from.ReadByte();
        ulong high = _from.ReadUInt64();
        return new(high, family is AddressFamily.IPv6 ? _from.ReadUInt64() : 0, family);
    }

    public Prefix Prefix() => new(Address(), _from.ReadByte());

    public Peer Peer() => new(Collector, Address(), new(UInt()));

    public SourcePlace Place()
    {
        int source = Int();
        if (source < 0) return default;
        if (source == _sources.Count)
        {
            string hash = Text();
            _sources.Add(sources.TryGetValue(hash, out var known) ? known : throw new InvalidDataException($"no file {hash} is known"));
        }
        return new(_sources[source], Long(), Long(), Int());
    }

    public RouteStep Step() => new(Time(), Int(), (Cause)Byte(), Place()) { PathId = UInt() };

    /// <summary>As many numbers as were written; of a damaged text no more are taken in than come.</summary>
    public T[] Numbers<T>() where T : unmanaged
    {
        const int Step = 1 << 16;
        int count = Int();
        T[] numbers = new T[Math.Min(count, Step)];
        for (int read = 0; read < count; read = numbers.Length)
        {
            if (numbers.Length == read) Array.Resize(ref numbers, (int)Math.Min(count, read * 2L));
            _from.ReadExactly(MemoryMarshal.AsBytes(numbers.AsSpan(read)));
        }
        return numbers;
    }

    /// <summary>As many as were written, one by one.</summary>
    public IEnumerable<T> All<T>(Func<T> read)
    {
        int count = Int();
        for (int i = 0; i < count; i++) yield return read();
    }

    public void Dispose() => _from.Dispose();
}
