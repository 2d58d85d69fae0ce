using System.Collections.Concurrent;

namespace Isthmus.Sources;

/// <summary>
/// Threads for work that waits for others, as reading ahead does: those of the pool would be too few. A thread that is done takes
/// the next work, as a thread for each of many small files costs more than their bytes.
/// </summary>
internal static class ReadingThreads
{
    /// <summary>Threads kept for the next work.</summary>
    private const int KeptMax = 16;

    private static readonly ConcurrentBag<Worker> _idle = [];

    /// <summary>Runs work at once, beside whoever asks; its end and its failure are the task's.</summary>
    public static Task Run(Action work)
    {
        var task = new Task(work);
        if (_idle.TryTake(out var worker)) worker.Begin(task); else _ = new Worker(task);
        return task;
    }

    private sealed class Worker
    {
        private readonly SemaphoreSlim _begun = new(0);
        private Task? _next;

        public Worker(Task first)
        {
            _next = first;
            new Thread(Work) { IsBackground = true, Name = "Isthmus reading" }.Start();
        }

        public void Begin(Task next)
        {
            _next = next;
            _begun.Release();
        }

        private void Work()
        {
            while (true)
            {
                _next!.RunSynchronously(TaskScheduler.Default);
                _next = null;
                if (_idle.Count >= KeptMax) return;
                _idle.Add(this);
                _begun.Wait();
            }
        }
    }
}
