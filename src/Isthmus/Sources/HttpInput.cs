using System.Globalization;

namespace Isthmus.Sources;

/// <summary>Gets inputs from http(s) addresses.</summary>
internal sealed class HttpInput(HttpBounds bounds) : IDisposable
{
    private readonly HttpExchange _exchange = new(bounds);

    /// <summary>Copies the body behind an address to a stream.</summary>
    /// <param name="cut">Why it was cut; null where all of it came.</param>
    /// <returns>Where it came from, as it may be shown: the address itself, or the one that it redirects to.</returns>
    /// <exception cref="InputException">Nothing came of it; the message says why.</exception>
    public string Copy(string address, KeptBytes destination, out string? cut, CancellationToken stop)
    {
        string shown = HttpAddress.Shown(address);
        if (!Uri.TryCreate(address, UriKind.Absolute, out var uri)) throw new InputException($"{shown} is no http(s) address");
        using var answer = _exchange.Ask(new(uri), stop);
        if (answer.Refusal is { } refusal) throw new InputException(refusal);
        if (answer.Packing is { } coding) throw new InputException(
            $"{answer.Place}the server sends it packed once more, with Content-Encoding {coding}, which was not asked for; fetch it by other means and give the file");
        string?[] wrong = [PartOf(answer), answer.LengthFault, _exchange.Take(answer, destination.Append, stop)];
        cut = wrong.Any(one => one is not null) ? string.Join("; ", wrong.Where(one => one is not null)) : null;
        return answer.At == uri ? shown : HttpAddress.Shown(answer.At.AbsoluteUri);
    }

    // No part was asked for (RFC 9110 sections 15.3.7 and 14.4): the rest is missing, however well the part ends.
    private static string? PartOf(HttpAnswer answer)
    {
        var range = answer.Range;
        bool isAll = range is { From: 0, To: { } to, Length: { } length } && to + 1 == length;
        if (isAll || !answer.IsPart) return null;
        string which = range is { HasRange: true } ? string.Create(CultureInfo.InvariantCulture,
            $": bytes {range.From} to {range.To}{(range.Length is { } all ? $" of {all}" : "")}") : "";
        return $"the server sent a part of the file, which was not asked for{which}";
    }

    public void Dispose() => _exchange.Dispose();
}
