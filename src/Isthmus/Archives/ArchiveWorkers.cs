using System.Collections.Concurrent;
using System.Runtime.ExceptionServices;

namespace Isthmus.Archives;

/// <summary>Does work on archives side by side, with no more connections to one server than are allowed.</summary>
internal sealed class ArchiveWorkers(Func<ArchiveTransfer> transfer, int connectionsMax)
{
    /// <summary>Does the work for each item, those of one server in their order; what fails ends all.</summary>
    public void Each<T>(IEnumerable<T> items, Func<T, Archive> archiveOf, Action<ArchiveTransfer, T> work, CancellationToken stop)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stop);
        var threads = new List<Task>();
        foreach (var host in items.GroupBy(item => archiveOf(item).Root.Authority, StringComparer.OrdinalIgnoreCase))
        {
            var queue = new ConcurrentQueue<T>(host);
            for (int i = Math.Min(connectionsMax, queue.Count); i > 0; i--)
                threads.Add(Task.Factory.StartNew(
                    () => Work(queue, work, ending), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        }
        try
        {
            Task.WaitAll([.. threads], CancellationToken.None);
        }
        catch (AggregateException failures)
        {
            stop.ThrowIfCancellationRequested();
            var all = failures.Flatten().InnerExceptions;
            ExceptionDispatchInfo.Throw(all.FirstOrDefault(one => one is not OperationCanceledException) ?? all[0]);
        }
    }

    private void Work<T>(ConcurrentQueue<T> queue, Action<ArchiveTransfer, T> work, CancellationTokenSource ending)
    {
        try
        {
            using var own = transfer();
            while (queue.TryDequeue(out var item))
            {
                ending.Token.ThrowIfCancellationRequested();
                work(own, item);
            }
        }
        catch
        {
            ending.Cancel();
            throw;
        }
    }
}
