using System.Globalization;
using System.IO.Compression;
using System.Net;
using System.Text;

using Isthmus.Sources;
using Isthmus.Sources.Compression;

using Polly;
using Polly.Retry;

namespace Isthmus.Archives;

/// <summary>
/// Gets what stands at an archive's address, from the cache where it has it, and else from the server: whole, or not at all. What was cut
/// is taken up where it ended, in this run or in a later one, where the server can say that it is still the same (RFC 9110 section 14).
/// For one thread at a time.
/// </summary>
internal sealed class ArchiveTransfer : IDisposable
{
    private readonly ArchiveCache _cache;
    private readonly FetchBounds _bounds;
    private readonly FetchProgress _progress;
    private readonly TimeProvider _time;
    private readonly bool _isOffline;
    private readonly HttpExchange _exchange;
    private readonly ResiliencePipeline<string?> _cuts;

    // Of the file under way: bytes that it has by the archive's list, and how many of them are told as done with.
    private long _listed, _done;

    /// <param name="isOffline">True to ask nobody: the cache has it, or nobody has.</param>
    public ArchiveTransfer(ArchiveCache cache, FetchBounds bounds, FetchProgress progress, TimeProvider time, bool isOffline)
    {
        (_cache, _bounds, _progress, _time, _isOffline) = (cache, bounds, progress, time, isOffline);
        _exchange = new(bounds.Http, time);
        _cuts = new ResiliencePipelineBuilder<string?> { TimeProvider = time }.AddRetry(new RetryStrategyOptions<string?>
        {
            MaxRetryAttempts = bounds.CutsMax,
            Delay = bounds.Http.Retry,
            MaxDelay = bounds.Http.RetryMax,
            BackoffType = DelayBackoffType.Exponential,
            ShouldHandle = arguments => ValueTask.FromResult(arguments.Outcome.Result is not null),
        }).Build();
    }

    /// <summary>Gets a page as text.</summary>
    /// <param name="settled">What was fetched before this time is asked for again.</param>
    public string Text(Archive archive, string path, DateTimeOffset settled, CancellationToken stop) =>
        File.ReadAllText(Get(archive, path, settled, _bounds.ListingBytesMax, stop).Path, Encoding.UTF8);

    /// <summary>Gets a file.</summary>
    public CachedFile Get(ArchiveFile file, CancellationToken stop)
    {
        long most = file.RoughBytes is { } rough
            ? Math.Min(_bounds.FileBytesMax, rough + rough / 10 + _bounds.FileGrowthMax) : _bounds.FileBytesMax;
        (_listed, _done) = (file.RoughBytes ?? 0, 0);
        try
        {
            return Get(file.Of.Archive, file.Path, file.Start.ToDateTimeOffset() + _bounds.SettleTime, most, stop);
        }
        finally
        {
            Advance(_listed);
            (_listed, _done) = (0, 0);
        }
    }

    // Where a transfer begins anew, it has come no further than before.
    private void Advance(long bytes)
    {
        long more = Math.Min(bytes, _listed) - _done;
        if (more <= 0) return;
        _done += more;
        _progress.AddDone(more);
    }

    /// <summary>Gets the sample of a dump's peers: as it was kept, or by its first bytes, which are not kept.</summary>
    /// <exception cref="InputException">It cannot be had; the message says why.</exception>
    public FeedSample Sample(ArchiveFile dump, CancellationToken stop)
    {
        // Of no server: a name in the cache's index.
        var kept = new UriBuilder(dump.Address) { Query = SampleQuery }.Uri;
        if (_cache.Find(kept, out _) is { } known && FeedSample.Read(File.ReadAllText(known.Path)) is { } sample) return sample;
        if (_cache.Find(dump.Address, out _) is { } whole) sample = SampleOf(whole.Path, isWhole: true);
        else if (_isOffline) throw new InputException($"{dump.Shown} is not in the cache {_cache.Folder}");
        else
        {
            var (head, isAll) = Head(dump, kept, stop);
            sample = SampleOf(head, isAll);
            File.Delete(head);
        }
        using var text = new PartialFile(_cache, kept);
        text.Restart(null, null, false);
        text.Append(Encoding.ASCII.GetBytes(sample.ToText()));
        _cache.Add(kept, text.Close(), null, null);
        return sample;

        FeedSample SampleOf(string path, bool isWhole) =>
            FeedSample.Of(new(path, dump.Path, dump.Of.Collector, dump.Kind, dump.Start, 0), isWhole, stop);
    }

    /// <summary>Says of a sample of peers in which form it is kept.</summary>
    private const string SampleQuery = "isthmus-sample=1";

    private (string File, bool IsWhole) Head(ArchiveFile dump, Uri kept, CancellationToken stop)
    {
        using var part = new PartialFile(_cache, kept);
        part.Restart(null, null, false);
        using var answer = _exchange.Ask(
            new(dump.Address) { From = 0, To = _bounds.SampleBytesMax - 1, MayRedirect = dump.Of.Archive.Holds }, stop);
        if (answer.Refusal is { } refusal) throw new InputException(refusal);
        if (answer.Packing is not null || answer.IsPart && answer.Range?.From is not 0)
            throw new InputException($"{answer.Place}the server does not give the first part of the file as it is");
        // A server that gives no parts begins with the first.
        string? cut = _exchange.Take(answer, bytes => Append(part, bytes), stop, _bounds.SampleBytesMax);
        bool isWhole = cut is null && (!answer.IsPart || answer.Range?.Length == part.Length);
        return (part.Close(), isWhole);
    }

    /// <summary>Gets what stands at a path of an archive.</summary>
    /// <param name="settled">What was fetched before this time is asked for again, and taken anew where it has changed.</param>
    /// <param name="bytesMax">So many bytes are taken at the most.</param>
    /// <exception cref="InputException">It cannot be had; the message says why.</exception>
    public CachedFile Get(Archive archive, string path, DateTimeOffset settled, long bytesMax, CancellationToken stop)
    {
        var address = archive.At(path);
        string shown = HttpAddress.Shown(address.AbsoluteUri);
        var known = _cache.Find(address, out string? damage);
        if (known is not null && (_isOffline || known.Fetched >= settled)) return known;
        if (damage is not null && !_isOffline) _progress.Note($"{shown}: {damage}; it is fetched again");
        if (_isOffline) throw new InputException(damage is null ? $"{shown} is not in the cache {_cache.Folder}"
            : $"{shown}: {damage}; it was removed, and has to be fetched again");
        try
        {
            return Fetch(new(archive, address, known, bytesMax), stop);
        }
        catch (InputException failure) when (known is not null)
        {
            _progress.Note($"{failure.Message}; what was fetched at {known.Fetched:yyyy-MM-dd HH:mm:ss} UTC is used");
            return known;
        }
    }

    private sealed record Wanted(Archive Archive, Uri Address, CachedFile? Known, long BytesMax);

    private CachedFile Fetch(Wanted wanted, CancellationToken stop)
    {
        CachedFile? got = null;
        using var part = new PartialFile(_cache, wanted.Address);
        string? cut = _cuts.Execute(token => Take(wanted, part, ref got, token), stop);
        return got ?? throw new InputException($"{HttpAddress.Shown(wanted.Address.AbsoluteUri)}: {cut}") { IsOfServer = true };
    }

    // Null where it has all, or nothing has changed; else why it was cut, which may be worth to go on.
    private string? Take(Wanted wanted, PartialFile part, ref CachedFile? got, CancellationToken stop)
    {
        using var answer = Ask(wanted, part, stop);
        if (answer.Status is HttpStatusCode.NotModified && wanted.Known is not null && part.Length == 0)
        {
            got = _cache.Confirm(wanted.Known);
            return null;
        }
        if (answer.Status is HttpStatusCode.RequestedRangeNotSatisfiable && part.Length > 0)
        {
            part.Restart(null, null, false);
            return "the server no longer has the rest of what was cut";
        }
        if (answer.Refusal is { } refusal) throw new InputException(refusal)
        {
            IsOfServer = answer.Status is HttpStatusCode.TooManyRequests or >= HttpStatusCode.InternalServerError,
        };
        if (answer.LengthFault is { } fault) throw new InputException($"{answer.Place}{fault}");
        bool isPacked = answer.Packing is "gzip" or "x-gzip";
        if (answer.Packing is { } coding && !isPacked)
            throw new InputException($"{answer.Place}the server sends it packed once more, with Content-Encoding {coding}, which was not asked for");
        if (!answer.IsPart) part.Restart(answer.Tag, answer.LastModified, isPacked);
        else if (!part.IsContinuedBy(answer))
        {
            part.Restart(null, null, false);
            return "the server sent another part of the file than was asked for";
        }
        long whole = answer.IsPart ? answer.Range?.Length ?? -1 : answer.Length ?? -1;
        if (whole > wanted.BytesMax || part.Length > wanted.BytesMax) throw TooLong(wanted, part, answer.Place);
        string? cut = _exchange.Take(answer, bytes => Append(part, bytes), stop, wanted.BytesMax - part.Length);
        if (part.Length + CutBytes > wanted.BytesMax && cut is not null) throw TooLong(wanted, part, answer.Place);
        if (cut is not null) return cut;
        if (whole >= 0 && part.Length != whole) return string.Create(CultureInfo.InvariantCulture,
            $"{part.Length} bytes came of {whole} that the server states");
        got = Keep(wanted, part, answer);
        return null;
    }

    /// <summary>A transfer that is ended because it is too long has less than so many bytes to go to its limit.</summary>
    private const int CutBytes = 1 << 17;

    private static InputException TooLong(Wanted wanted, PartialFile part, string place)
    {
        part.Restart(null, null, false);
        return new(string.Create(CultureInfo.InvariantCulture,
            $"{place}it has more than {wanted.BytesMax} bytes, the most that are taken of it by what the archive lists, and was not taken"));
    }

    private HttpAnswer Ask(Wanted wanted, PartialFile part, CancellationToken stop)
    {
        var question = new HttpQuestion(wanted.Address) { MayRedirect = wanted.Archive.Holds };
        if (part.Validator is { } validator) return _exchange.Ask(question with { From = part.Length, IfRange = validator }, stop);
        part.Restart(null, null, false);
        return _exchange.Ask(question with { IfNoneMatch = wanted.Known?.Tag, IfModifiedSince = wanted.Known?.LastModified }, stop);
    }

    private void Append(PartialFile part, ReadOnlySpan<byte> bytes)
    {
        part.Append(bytes);
        _progress.AddBytes(bytes.Length);
        Advance(part.Length);
    }

    private CachedFile Keep(Wanted wanted, PartialFile part, HttpAnswer answer)
    {
        string file = part.Close();
        if (part.IsPacked && Unpacked(wanted, file) is { } plain)
        {
            File.Delete(file);
            file = plain;
        }
        return _cache.Add(wanted.Address, file, answer.Tag, answer.LastModified);
    }

    // Some servers state of a file in gzip that it is packed for the way, and send it as it lies there. It is packed for the way where
    // what is inside is what its name says, or where its name says nothing of gzip.
    private string? Unpacked(Wanted wanted, string file)
    {
        using var packed = new GZipStream(File.OpenRead(file), CompressionMode.Decompress);
        string place = $"{file}.plain";
        try
        {
            using (var plain = File.Create(place))
            {
                byte[] buffer = new byte[1 << 16];
                int count = packed.ReadAtLeast(buffer, 2, throwOnEndOfStream: false);
                bool isNamed = wanted.Address.AbsolutePath.EndsWith(".gz", StringComparison.OrdinalIgnoreCase);
                if (isNamed && Decompression.Tell(buffer.AsSpan(0, count)) is not CompressionFormat.Gzip) return null;
                for (; count > 0; count = packed.Read(buffer))
                {
                    if (plain.Length + count > wanted.BytesMax) throw new InputException(string.Create(CultureInfo.InvariantCulture,
                        $"{HttpAddress.Shown(wanted.Address.AbsoluteUri)}: unpacked it has more than {wanted.BytesMax} bytes, the most that are taken of it"));
                    plain.Write(buffer, 0, count);
                }
            }
            return place;
        }
        catch (InvalidDataException)
        {
            return null;
        }
        catch (IOException failure)
        {
            throw _cache.CannotWrite(failure);
        }
    }

    public void Dispose() => _exchange.Dispose();
}
