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
        private readonly object _gate = new();
        private Task? _next;

        public Worker(Task first)
        {
            _next = first;
            new Thread(Work) { IsBackground = true, Name = "Isthmus reading" }.Start();
        }

        public void Begin(Task next)
        {
            lock (_gate)
            {
                _next = next;
                Monitor.Pulse(_gate);
            }
        }

        private void Work()
        {
            while (true)
            {
                Take().RunSynchronously(TaskScheduler.Default);
                if (_idle.Count >= KeptMax) return;
                _idle.Add(this);
            }
        }

        private Task Take()
        {
            lock (_gate)
            {
                while (_next is null) Monitor.Wait(_gate);
                var next = _next;
                _next = null;
                return next;
            }
        }
    }
}
