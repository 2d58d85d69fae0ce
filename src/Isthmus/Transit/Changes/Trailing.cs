using Isthmus.Transit.Timelines;

namespace Isthmus.Transit.Changes;

/// <summary>
/// The usual visibility of a prefix as of each of its steps: the median over the last 24 hours in which it was there and not
/// down. What comes later has no say, and a loss, however long it lasts, does not become usual while it lasts.
/// </summary>
internal static class Trailing
{
    /// <summary>So much time, of that in which the prefix was there and not down, says what is usual.</summary>
    public static readonly TimeSpan Horizon = TimeSpan.FromHours(24);

    /// <summary>From less nothing is usual yet.</summary>
    private static readonly TimeSpan KnownMin = TimeSpan.FromSeconds(120);

    public static double[] Usual(Levels levels)
    {
        double[] usual = new double[levels.Steps.Count];
        // While no more hold it than may be stuck it is not there, however long that is.
        int zombies = Presences.Zombies(levels.Counting);
        var window = new Window();
        double frozen = 0;
        for (int i = 0; i < usual.Length; i++)
        {
            var step = levels.Steps[i];
            bool isGuarded = step.Visibility is null || levels.IsGuarded(step);
            if (frozen == 0)
            {
                usual[i] = window.Seconds < KnownMin.TotalSeconds ? 0 : window.Median();
                if (!isGuarded && step.Visibility < Disturbances.DownBelow * usual[i]) frozen = usual[i];
            }
            else
            {
                usual[i] = frozen;
                if (!isGuarded && step.Visibility >= Disturbances.UpFrom * frozen) frozen = 0;
            }
            if (frozen == 0 && !isGuarded && step.Held > zombies)
                window.Add(step.Visibility!.Value, (levels.EndOf(i) - step.Time).TotalSeconds);
        }
        return usual;
    }

    /// <summary>The last stretches of visibility, together no longer than the horizon.</summary>
    private sealed class Window
    {
        private readonly Queue<(double Visibility, double Seconds)> _spans = new();
        private readonly SortedDictionary<double, double> _byVisibility = [];

        public double Seconds { get; private set; }

        public void Add(double visibility, double seconds)
        {
            if (seconds <= 0) return;
            _spans.Enqueue((visibility, seconds));
            _byVisibility[visibility] = _byVisibility.GetValueOrDefault(visibility) + seconds;
            Seconds += seconds;
            // The oldest go as a whole: what is left is the horizon or a little more.
            while (Seconds - _spans.Peek().Seconds >= Horizon.TotalSeconds)
            {
                var (old, length) = _spans.Dequeue();
                Seconds -= length;
                _byVisibility[old] -= length;
                // Rounding leaves less than a microsecond of what is gone.
                if (_byVisibility[old] < 1e-6) _byVisibility.Remove(old);
            }
        }

        public double Median()
        {
            double reached = 0;
            foreach (var (visibility, seconds) in _byVisibility)
                if ((reached += seconds) * 2 >= Seconds) return visibility;
            return _byVisibility.Keys.Last();
        }
    }
}
