using System.Buffers.Binary;
using System.Globalization;

using Isthmus.Wire;

namespace Isthmus.Export.Dissection;

/// <summary>
/// Takes fields from bytes front to back, each with a name. It never leaves its bytes: a field that is short is shown as far as
/// it goes, and from there on there is nothing more. Pass it by ref.
/// </summary>
internal ref struct FieldWalk(ReadOnlySpan<byte> bytes, List<DissectedField> fields)
{
    private readonly ReadOnlySpan<byte> _bytes = bytes;

    /// <summary>Where the next field starts.</summary>
    public int At { get; private set; }

    /// <summary>Where the part that is being walked ends.</summary>
    public int End { get; private set; } = bytes.Length;

    public int Depth { get; set; }

    /// <summary>False after a field that was short.</summary>
    public bool Ok { get; private set; } = true;

    public readonly bool More => Ok && At < End;

    public readonly int Left => End - At;

    /// <summary>The bytes that come next, without taking them.</summary>
    public readonly ReadOnlySpan<byte> Rest => _bytes[At..End];

    /// <summary>A line without bytes, over what is deeper.</summary>
    public readonly void Heading(string name, string value = "") => fields.Add(new(At, 0, Depth, name, value));

    /// <summary>Takes so many bytes; none where there are not so many.</summary>
    public ReadOnlySpan<byte> Take(int count, string name, string value = "")
    {
        if (!Ok) return default;
        if (count > Left)
        {
            fields.Add(new(At, Left, Depth, name, string.Create(CultureInfo.InvariantCulture, $"needs {count} bytes, {Left} left")));
            At = End;
            Ok = false;
            return default;
        }
        fields.Add(new(At, count, Depth, name, value));
        At += count;
        return _bytes.Slice(At - count, count);
    }

    /// <summary>A number of one, two or four bytes.</summary>
    public uint Number(int count, string name, Func<uint, string>? words = null)
    {
        uint number = 0;
        foreach (byte one in Left < count ? default : Rest[..count]) number = number << 8 | one;
        Take(count, name, words?.Invoke(number) ?? number.ToString(CultureInfo.InvariantCulture));
        return Ok ? number : 0;
    }

    public IpAddress Address(bool v6, string name)
    {
        int count = v6 ? 16 : 4;
        var address = Left < count ? default : v6 ? IpAddress.V6(Rest) : IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(Rest));
        Take(count, name, address.ToString());
        return address;
    }

    /// <summary>A length in bits and as many bytes as it needs (RFC 4271 section 4.3); bits beyond the length do not count.</summary>
    public void Prefix(AddressFamily family, string name)
    {
        if (!More) return;
        int bits = Rest[0], most = family is AddressFamily.IPv6 ? 128 : 32, count = 1 + (bits + 7) / 8;
        if (bits > most)
        {
            Take(1, name, string.Create(CultureInfo.InvariantCulture, $"{bits} bits, where {most} are the most"));
            TakeRest("not decoded");
            return;
        }
        string value = "";
        if (Left >= count)
        {
            Span<byte> address = stackalloc byte[16];
            Rest[1..count].CopyTo(address);
            var whole = family is AddressFamily.IPv6
                ? IpAddress.V6(address) : IpAddress.V4(BinaryPrimitives.ReadUInt32BigEndian(address));
            value = new Prefix(whole, bits).ToString();
        }
        Take(count, name, value);
    }

    /// <summary>All that is left of the part, where there is something.</summary>
    public void TakeRest(string name)
    {
        if (More) Take(Left, name);
    }

    /// <summary>A part that is being walked: where what is around it ends, and how many of its bytes are not there.</summary>
    public readonly record struct Part(int OuterEnd, int Missing);

    /// <summary>Walks only the next bytes from here on, as far as there are so many; <see cref="Leave"/> wants the part back.</summary>
    public Part Enter(int count)
    {
        var part = new Part(End, Math.Max(0, count - Left));
        End = At + Math.Min(count, Left);
        Depth++;
        return part;
    }

    /// <summary>The part is done: what nobody took of it is shown as it is, and what it lacks is told.</summary>
    public void Leave(Part part)
    {
        TakeRest("not decoded");
        // What was short within the part says nothing of what follows it.
        Ok = true;
        At = End;
        End = part.OuterEnd;
        Depth--;
        if (part.Missing > 0) Take(Left + part.Missing, "the rest of it");
    }
}
