namespace Isthmus.Sources.Compression;

/// <summary>The parts of a compressed format that stand alone: how they are found, and how one is read.</summary>
internal abstract class PartFormat(StoredBytes stored)
{
    protected StoredBytes Stored => stored;

    /// <summary>As in <c>damaged inside an xz stream</c>.</summary>
    public abstract string Name { get; }

    /// <summary>Where the first part begins from an offset on; -1 for none.</summary>
    public abstract long FindStart(long from);

    /// <summary>Where a part ends, by all that is known without decoding it; <see cref="long.MaxValue"/> for the end of the file.</summary>
    public abstract long FindEnd(long start);

    /// <summary>Where it ends when it did not end there.</summary>
    public abstract long FindEndBehind(long end);

    /// <summary>True where a part that is opened to be read exactly is read without regard to its checksum.</summary>
    public virtual bool PassesOverChecksum => false;

    /// <summary>True for a failure that says that a checksum is wrong where all codes were taken.</summary>
    public virtual bool IsOfChecksum(Exception damage) => false;

    /// <summary>Why a part was not read to its end, in words.</summary>
    public virtual string ReasonOf(Exception damage) => damage.Message;

    /// <summary>Opens a part.</summary>
    /// <param name="isExact">True where it is known to be damaged: then nothing may be taken that is not of the part.</param>
    public abstract (Stream Plain, PartInput Input) Open(long start, long end, bool isExact);
}

/// <summary>
/// Reads a damaged file once more, part after part: of a damaged part what its codes give before the damage, and all parts behind it
/// that are sound.
/// </summary>
/// <param name="given">Plain bytes that came out before: they do not come again.</param>
/// <param name="told">Offset of the last stored byte of which damage was told; it is not told again.</param>
/// <param name="untold">Damage that was met and not told; null for none. It is told unless a part is found to be damaged.</param>
internal sealed class SoundParts(PartFormat format, StoredBytes stored, long given, long told, string? untold) : IDisposable
{
    /// <summary>What a decoder has made of a step in which it finds damage is lost, so that this is read again byte by byte.</summary>
    private const int StepBytes = 1 << 14;

    /// <summary>So many places that look like the next part and are none are not met in one part: it is damage.</summary>
    private const int JoinsMax = 3;

    private readonly byte[] _known = new byte[StepBytes];
    private string? _untold = untold;
    private long _skip = given;
    private long _start, _end, _next, _ofPart, _again;
    private int _joins;
    private Stream? _part;
    private PartInput? _input;
    private bool _isExact;

    /// <summary>What is wrong where the reading stands, told once; null for nothing.</summary>
    public string? Damage { get; private set; }

    /// <summary>False where <see cref="Damage"/> is of a checksum, and all that the codes give came out.</summary>
    public bool LosesBytes { get; private set; }

    /// <summary>Gives at least one byte; none at the end, and where <see cref="Damage"/> is to be told before it goes on.</summary>
    public int Read(Span<byte> destination)
    {
        (Damage, LosesBytes) = (null, true);
        while (_part is not null || Begin())
        {
            int count = Damage is null ? TryStep(destination) : 0;
            if (count > 0 || Damage is not null) return count;
        }
        (Damage, _untold) = (_untold, null);
        return 0;
    }

    private bool Begin()
    {
        _start = _next == long.MaxValue ? -1 : format.FindStart(_next);
        if (_start < 0) return false;
        _next = _end = format.FindEnd(_start);
        (_ofPart, _again, _joins, _isExact) = (0, 0, 0, false);
        Open();
        // What is missing stood before this part where the part itself is sound.
        if (_skip == 0 && _untold is not null && IsSound()) (Damage, _untold) = (_untold, null);
        return true;
    }

    private bool IsSound()
    {
        try
        {
            while (_part!.Read(_known) > 0) { }
            return !_input!.IsInTail;
        }
        catch (Exception)
        {
            return false;
        }
        finally
        {
            Open();
        }
    }

    private void Open()
    {
        _part?.Dispose();
        (_part, _input) = format.Open(_start, _end, _isExact);
        _again = _ofPart;
    }

    // Damaged bytes make a decoder throw whatever fits: it knows more kinds of exceptions than of damage.
    private int TryStep(Span<byte> destination)
    {
        try
        {
            bool isKnown = _again > 0 || _skip > 0;
            long wanted = _again > 0 ? _again : _skip > 0 ? _skip : destination.Length;
            int step = (int)Math.Min(wanted, _isExact && _again == 0 ? 1 : StepBytes);
            var target = isKnown ? _known.AsSpan(0, step) : destination[..step];
            int count = _part!.Read(target);
            if (_input!.IsInTail) throw new InvalidDataException("it goes on behind its end");
            if (count == 0)
            {
                if (_isExact && format.PassesOverChecksum) TellChecksum();
                Close();
            }
            else if (_again > 0) _again -= count;
            else
            {
                _ofPart += count;
                if (!isKnown) return count;
                _skip -= count;
            }
        }
        catch (Exception damage)
        {
            Judge(damage);
        }
        return 0;
    }

    private void Judge(Exception damage)
    {
        if (_input!.WasEmpty && _end != long.MaxValue && _joins < JoinsMax)
        {
            // Where the next part seemed to begin it did not, perhaps.
            _joins++;
            _end = format.FindEndBehind(_end);
            _isExact = false;
            Open();
            return;
        }
        if (!_isExact)
        {
            if (_joins > 0) _end = _next;
            _joins = JoinsMax;
            _isExact = true;
            Open();
            return;
        }
        bool isCut = _input.WasEmpty && _end == long.MaxValue;
        bool isTold = stored.Offset <= told;
        if (!isTold && format.IsOfChecksum(damage))
        {
            TellChecksum();
            Close();
            return;
        }
        if (!isTold) Damage = isCut ? $"cut off inside {format.Name}" : $"damaged inside {format.Name}: {format.ReasonOf(damage)}";
        // What was made of bytes behind the damaged part, before it was known where it ends, is none of the next part.
        if (!isTold) (_skip, _untold) = (0, null);
        Close();
    }

    private void TellChecksum()
    {
        (Damage, LosesBytes) = ($"the checksum of {format.Name} is wrong; all that its codes give was read", false);
        (_skip, _untold) = (0, null);
    }

    private void Close()
    {
        _part?.Dispose();
        _part = null;
        if (!_isExact && _joins > 0) _next = _end;
    }

    public void Dispose() => _part?.Dispose();
}
