using System.Runtime.InteropServices;

using Isthmus.Wire;

namespace Isthmus.Routes;

/// <summary>Writes the state of a replay, to go on with it later: <see cref="StateReader"/> reads what it wrote, in the same order.</summary>
internal sealed class StateWriter(Stream to) : IDisposable
{
    private readonly BinaryWriter _to = new(to, System.Text.Encoding.UTF8, leaveOpen: true);
    private readonly Dictionary<Source, int> _sources = [];

    public void Write(bool value) => _to.Write(value);

    public void Write(byte value) => _to.Write(value);

    public void Write(int value) => _to.Write7BitEncodedInt(value);

    public void Write(uint value) => _to.Write7BitEncodedInt64(value);

    public void Write(long value) => _to.Write7BitEncodedInt64(value);

    public void Write(string value) => _to.Write(value);

    public void Write(Timestamp time) => _to.Write(time.Microseconds);

    public void Write(Timestamp? time)
    {
        _to.Write(time is not null);
        if (time is { } known) _to.Write(known.Microseconds);
    }

    public void Write(IpAddress address)
    {
        _to.Write((byte)address.Family);
        _to.Write(address.High);
        if (address.Family is AddressFamily.IPv6) _to.Write(address.Low);
    }

    public void Write(in Prefix prefix)
    {
        Write(prefix.Address);
        _to.Write((byte)prefix.Length);
    }

    public void Write(Peer peer)
    {
        Write(peer.Address);
        Write(peer.Asn.Number);
    }

    /// <summary>A source by its hash the first time, later by its place among those that were written.</summary>
    public void Write(SourcePlace place)
    {
        if (place.Source is not { } source)
        {
            Write(-1);
            return;
        }
        if (_sources.TryGetValue(source, out int known))
        {
            Write(known);
        }
        else
        {
            Write(_sources.Count);
            _sources.Add(source, _sources.Count);
            Write(source.Sha256);
        }
        Write(place.Record);
        Write(place.Offset);
        Write(place.Length);
    }

    public void Write(in RouteStep step)
    {
        Write(step.Time);
        Write(step.Path);
        Write((byte)step.Cause);
        Write(step.Place);
        Write(step.PathId);
    }

    /// <summary>How many numbers there are, and their bytes, the lowest first.</summary>
    public void Write<T>(ReadOnlySpan<T> numbers) where T : unmanaged
    {
        Write(numbers.Length);
        _to.Write(MemoryMarshal.AsBytes(numbers));
    }

    /// <summary>How many there are, and each.</summary>
    public void Write<T>(IReadOnlyCollection<T> all, Action<T> write)
    {
        Write(all.Count);
        foreach (var one in all) write(one);
    }

    public void Dispose() => _to.Dispose();
}
