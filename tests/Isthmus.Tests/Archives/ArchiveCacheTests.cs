using Isthmus.Archives;
using Isthmus.Tests.Support;

namespace Isthmus.Tests.Archives;

/// <summary>A clock that stands until it is told to go on; what waits for it waits no time, and how long is kept.</summary>
internal sealed class StoppedClock : TimeProvider
{
    private readonly List<TimeSpan> _waits = [];

    public DateTimeOffset Now { get; set; } = new(2026, 11, 30, 12, 0, 0, TimeSpan.Zero);

    public IReadOnlyList<TimeSpan> Waits
    {
        get
        {
            lock (_waits) return [.. _waits];
        }
    }

    public override DateTimeOffset GetUtcNow() => Now;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        if (dueTime != Timeout.InfiniteTimeSpan) lock (_waits) _waits.Add(dueTime);
        return base.CreateTimer(callback, state, dueTime == Timeout.InfiniteTimeSpan ? dueTime : TimeSpan.Zero, period);
    }
}

/// <summary>What the cache keeps, proves and gives up.</summary>
public sealed class ArchiveCacheTests : IDisposable
{
    private static readonly Uri _one = new("https://archive.example/rrc00/a.gz"), _two = new("https://archive.example/rrc00/b.gz"),
        _three = new("https://archive.example/rrc00/c.gz");

    private readonly TemporaryFolder _folder = new();
    private readonly StoppedClock _clock = new();

    private ArchiveCache Open() => new(_folder.Place("cache"), _clock);

    private CachedFile Add(ArchiveCache cache, Uri address, string text)
    {
        _clock.Now += TimeSpan.FromMinutes(1);
        return cache.Add(address, _folder.Write(Guid.NewGuid().ToString(), System.Text.Encoding.ASCII.GetBytes(text)), "\"v1\"", null);
    }

    private static string? Text(ArchiveCache cache, Uri address) =>
        cache.Find(address, out _) is { } found ? File.ReadAllText(found.Path) : null;

    [Fact]
    public void What_was_added_is_found_by_its_address_in_a_later_run_with_what_the_server_said()
    {
        using (var cache = Open()) Add(cache, _one, "one");
        using var later = Open();
        var found = later.Find(_one, out string? damage)!;
        Assert.Null(damage);
        // SHA-256 of "one", by sha256sum.
        Assert.Equal("7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed", found.Sha256);
        Assert.Equal((3L, "\"v1\"", _clock.Now), (found.Bytes, found.Tag, found.Fetched));
        Assert.EndsWith($"objects/76/{found.Sha256}", found.Path.Replace('\\', '/'), StringComparison.Ordinal);
        Assert.Null(later.Find(_two, out _));
    }

    [Theory]
    [InlineData("onf", "is damaged: its SHA-256 is no longer what it was")]
    [InlineData("on", "has 2 bytes and not the 3 that came")]
    [InlineData(null, "cannot be read")]
    public void Bytes_that_are_no_longer_what_they_were_are_told_and_given_up(string? now, string said)
    {
        using var cache = Open();
        string path = Add(cache, _one, "one").Path;
        if (now is null) File.Delete(path);
        else File.WriteAllText(path, now);
        Assert.Null(cache.Find(_one, out string? damage));
        Assert.Equal($"the copy in the cache {said}", damage);
        Assert.Null(cache.Find(_one, out damage));
        Assert.Null(damage);
    }

    [Theory]
    [InlineData("")]
    [InlineData("url https://archive.example/rrc00/b.gz\nsha256 7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed\nbytes 3\nfetched 2026-11-30T12:00:00Z\n")]
    [InlineData("url https://archive.example/rrc00/a.gz\nsha256 ../../../../../../../../../../../../../../../../../../../../etc/passwd\nbytes 3\nfetched 2026-11-30T12:00:00Z\n")]
    public void An_index_that_is_damaged_leads_nowhere(string text)
    {
        using var cache = Open();
        Add(cache, _one, "one");
        File.WriteAllText(Assert.Single(Directory.GetFiles(Path.Combine(cache.Folder, "index"), "*", SearchOption.AllDirectories)), text);
        Assert.Null(cache.Find(_one, out string? damage));
        Assert.Equal("its entry in the cache's index is damaged", damage);
    }

    [Fact]
    public void Room_is_made_by_what_was_used_longest_ago()
    {
        using (var cache = Open())
        {
            Add(cache, _one, "11111");
            Add(cache, _two, "22222");
            Add(cache, _three, "33333");
        }
        _clock.Now += TimeSpan.FromMinutes(1);
        using (var cache = Open()) Assert.Equal("11111", Text(cache, _one));
        using var last = Open();
        Assert.Equal((10L, 5L), last.Trim(12));
        Assert.Null(Text(last, _two));
        Assert.Equal(("11111", "33333"), (Text(last, _one), Text(last, _three)));
    }

    [Fact]
    public void What_a_run_that_goes_on_has_used_is_never_removed()
    {
        using (var cache = Open())
        {
            Add(cache, _one, "11111");
            Add(cache, _two, "22222");
        }
        using var other = Open();
        Text(other, _one);
        using (var own = Open())
        {
            Add(own, _three, "33333");
            Assert.Equal((10L, 5L), own.Trim(0));
        }
        other.Dispose();
        using var last = Open();
        Assert.Equal((0L, 10L), last.Trim(0));
    }

    [Fact]
    public void Equal_bytes_are_kept_once_and_as_long_as_one_address_is_of_use()
    {
        using (var cache = Open())
        {
            Add(cache, _one, "same!");
            Add(cache, _two, "22222");
            Add(cache, _three, "same!");
        }
        using var last = Open();
        Assert.Equal((5L, 5L), last.Trim(7));
        Assert.Equal(("same!", null, "same!"), (Text(last, _one), Text(last, _two), Text(last, _three)));
    }

    [Fact]
    public void Neither_password_nor_user_is_kept()
    {
        using var cache = Open();
        Add(cache, new("https://user:secret@archive.example/rrc00/a.gz"), "one");
        Assert.Equal("one", Text(cache, _one));
        foreach (string file in Directory.GetFiles(Path.Combine(cache.Folder, "index"), "*", SearchOption.AllDirectories))
            Assert.DoesNotContain("secret", File.ReadAllText(file), StringComparison.Ordinal);
    }

    [Fact]
    public void A_folder_that_cannot_be_written_is_told_with_the_way_out()
    {
        string file = _folder.Write("file", [1]);
        var failure = Assert.ThrowsAny<IOException>(() => new ArchiveCache(Path.Combine(file, "cache"), _clock));
        Assert.Contains("cannot be written", failure.Message, StringComparison.Ordinal);
        Assert.Contains("name another folder", failure.Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();
}
