using Isthmus.Text;

namespace Isthmus.Claims;

/// <summary>Puts stretches without a route into words.</summary>
internal static class SpanWords
{
    /// <summary>From when to when none was held; of many stretches the first are named.</summary>
    public static string Of(IReadOnlyCollection<DownSpan> downs) =>
        string.Join(", ", downs.Take(SpansMax).Select(down =>
            $"from {Wording.Moment(down.Down)} to {(down.Rises is { } rises ? Wording.Moment(rises) + " UTC" : "the end of the data")}"))
        + (downs.Count > SpansMax ? $" and {downs.Count - SpansMax} times more" : "");

    /// <summary>How it went.</summary>
    public static string Fall(DownSpan down) => down.Falls == down.Down ? "they were lost at one time"
        : $"fewer than nine in ten were held from {Wording.Moment(down.Falls)} UTC on";

    /// <summary>How it came back.</summary>
    public static string Return(DownSpan down) => down.Up is { } up && up != down.Rises
        ? $"the first were held again at {Wording.Moment(down.Rises!.Value)} and nine in ten at {Wording.Moment(up)} UTC"
        : $"they were held again at {Wording.Moment(down.Rises!.Value)} UTC";

    /// <summary>Of a fall or a return that lies in a time of which too little is known, from when to when that is.</summary>
    public static string Undated(DownSpan down) => !down.IsFallDated
        ? $"when the routes were lost is not known: too little is from {Wording.Moment(down.FallsEarliest < down.Falls ? down.FallsEarliest
            : down.DownEarliest)} to {Wording.Moment(down.Down)} UTC"
        : $"when the first came back is not known: too little is from {Wording.Moment(down.RisesEarliest!.Value)} to {Wording.Moment(down.Rises!.Value)} UTC";

    private const int SpansMax = 6;
}
